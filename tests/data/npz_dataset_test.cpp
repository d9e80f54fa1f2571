#include "data/files/npz_dataset.hpp"

#include <fmt/format.h>

#include <limits>
#include <map>

#include "base/checksum.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/mutate.hpp"
#include "data/catalogue.hpp"
#include "data/helpers.hpp"
#include "tensor/npy.hpp"

namespace ganymede::data {
namespace {

template <class T>
Tensor array(Shape shape, const std::vector<T>& values) {
  return Tensor::of<T>(std::move(shape), std::span<const T>(values));
}

std::vector<int> levels(const Tensor& t) {
  const auto values = t.values<std::uint8_t>();
  return {values.begin(), values.end()};
}

TEST(ImageArray, TakesBytesAsTheyAre) {
  const Tensor t = images_from_array(array<std::uint8_t>({1, 2, 2}, {0, 1, 1, 0}), "a");
  EXPECT_EQ(t.shape(), (Shape{1, 1, 2, 2}));
  EXPECT_EQ(levels(t), (std::vector<int>{0, 1, 1, 0}));
}

TEST(ImageArray, TellsFloatsByTheirRange) {
  EXPECT_EQ(levels(images_from_array(array<float>({1, 2, 2}, {-1, 0, 0.5, 1}), "a")),
            (std::vector<int>{0, 128, 191, 255}));  // 127.5 and 191.25 rounded
  EXPECT_EQ(levels(images_from_array(array<double>({1, 2, 2}, {0, 0.5, 0.2, 1}), "a")),
            (std::vector<int>{0, 128, 51, 255}));
  EXPECT_EQ(levels(images_from_array(array<float>({1, 2, 2}, {0, 0.6f, 17, 255}), "a")),
            (std::vector<int>{0, 1, 17, 255}));
}

TEST(ImageArray, KeepsEveryLevelThroughTheUnitRange) {
  const Tensor original = counting({1, 16, 16});
  std::vector<float> unit(256), share(256);
  to_unit_range(original.values<std::uint8_t>(), unit);
  for (int i = 0; i < 256; ++i) share[i] = static_cast<float>(i) / 255;
  EXPECT_EQ(levels(images_from_array(array<float>({1, 16, 16}, unit), "a")), levels(original));
  EXPECT_EQ(levels(images_from_array(array<float>({1, 16, 16}, share), "a")), levels(original));
}

TEST(ImageArray, TakesRangesThatRoundingExceeds) {
  EXPECT_EQ(levels(images_from_array(array<float>({1, 2, 2}, {-1e-6f, 0, 0.5, 1}), "a")),
            (std::vector<int>{0, 0, 128, 255}));
  EXPECT_EQ(levels(images_from_array(array<double>({1, 2, 2}, {0, 0.2, 0.4, 1.0019}), "a")),
            (std::vector<int>{0, 51, 102, 255}));
  EXPECT_EQ(levels(images_from_array(array<float>({1, 2, 2}, {-1.000001f, 0, 0.5, 1.000001f}), "a")),
            (std::vector<int>{0, 128, 191, 255}));
  EXPECT_EQ(levels(images_from_array(array<float>({1, 2, 2}, {-0.4f, 0, 128, 255.4f}), "a")),
            (std::vector<int>{0, 0, 128, 255}));
}

TEST(ImageArray, RefusesOvershootWithTheWayOut) {
  for (const float low : {-0.002f, -0.02f, -0.3f, -0.48f}) {
    EXPECT_TRUE(says(message_of<DataError>([&] {
                       images_from_array(array<float>({1, 1, 2}, {low, 0.98f}), "a");
                     }),
                     "numpy.clip(x, 0, 1)"))
        << low;
  }
  EXPECT_EQ(levels(images_from_array(array<float>({1, 1, 2}, {-0.6f, 0.6f}), "a")), (std::vector<int>{51, 204}));
  EXPECT_EQ(levels(images_from_array(array<float>({1, 1, 2}, {-0.2f, 0.2f}), "a")), (std::vector<int>{102, 153}));
}

TEST(ImageArray, RefusesRangesItWouldHaveToGuess) {
  const auto error = [](float low, float high) {
    return message_of<DataError>([&] { images_from_array(array<float>({1, 1, 2}, {low, high}), "f.npz: array x"); });
  };
  EXPECT_TRUE(says(error(-1.5, 1), "f.npz: array x: wanted floats in [-1, 1]", "found [-1.5, 1]"));
  EXPECT_TRUE(says(error(-1, 2), "rescale"));
  EXPECT_TRUE(says(error(0, 1.01f), "rescale"));
  EXPECT_TRUE(says(error(0, 16), "rescale"));
  EXPECT_TRUE(says(error(0, 256), "rescale"));
  EXPECT_TRUE(says(error(0, std::numeric_limits<float>::quiet_NaN()), "element 1 is not finite"));
  EXPECT_TRUE(says(error(-std::numeric_limits<float>::infinity(), 1), "element 0 is not finite"));
}

TEST(ImageArray, TakesIntegersOfByteRange) {
  EXPECT_EQ(levels(images_from_array(array<std::int64_t>({1, 1, 3}, {0, 7, 255}), "a")), (std::vector<int>{0, 7, 255}));
  EXPECT_THROW(images_from_array(array<std::int32_t>({1, 1, 2}, {0, 256}), "a"), DataError);
  EXPECT_THROW(images_from_array(array<std::int32_t>({1, 1, 2}, {-1, 5}), "a"), DataError);
}

TEST(ImageArray, PutsChannelsFirst) {
  // Element value = 100 c + 10 h + w, image of 2 x 4 pixels.
  std::vector<std::uint8_t> hwc, chw;
  const auto value = [](int c, int h, int w) { return static_cast<std::uint8_t>(100 * c + 10 * h + w); };
  for (int p = 0; p < 2 * 4; ++p) {
    for (int c = 0; c < 3; ++c) hwc.push_back(value(c, p / 4, p % 4));
  }
  for (int c = 0; c < 3; ++c) {
    for (int p = 0; p < 2 * 4; ++p) chw.push_back(value(c, p / 4, p % 4));
  }
  const Tensor from_hwc = images_from_array(array<std::uint8_t>({1, 2, 4, 3}, hwc), "a");
  const Tensor from_chw = images_from_array(array<std::uint8_t>({1, 3, 2, 4}, chw), "a");
  EXPECT_EQ(from_hwc.shape(), (Shape{1, 3, 2, 4}));
  EXPECT_EQ(from_hwc, from_chw);
  EXPECT_EQ(levels(from_chw), std::vector<int>(chw.begin(), chw.end()));
  EXPECT_EQ(images_from_array(counting({5, 4, 4, 1}), "a"), counting({5, 1, 4, 4}));
}

TEST(ImageArray, RefusesOtherShapes) {
  const auto error = [](Shape shape) {
    return message_of<DataError>([&] { images_from_array(counting(std::move(shape)), "a"); });
  };
  EXPECT_TRUE(says(error({10, 784}), "flattened"));
  EXPECT_TRUE(says(error({10, 8, 8, 2}), "found [10, 8, 8, 2]"));
  EXPECT_TRUE(says(error({0, 8, 8}), "no images"));
}

class NpzDataset : public ::testing::Test {
 protected:
  std::filesystem::path put(const NamedTensors& arrays) const {
    write_npz(folder_ / "set.npz", arrays);
    return folder_ / "set.npz";
  }
  FreshFolder folder_;
};

TEST_F(NpzDataset, ReadsImagesAndLabelsUnderTheUsualNames) {
  for (const auto& [x, y] : std::vector<std::pair<std::string, std::string>>{
           {"images", "labels"}, {"x", "y"}, {"x_train", "y_train"}, {"arr_0", "arr_1"}}) {
    const Dataset d = read_npz_dataset(put({{x, counting({3, 4, 4})}, {y, array<std::int64_t>({3}, {2, 0, 1})}}));
    EXPECT_EQ(d.images, counting({3, 1, 4, 4}));
    EXPECT_EQ(d.labels, (std::vector<std::int32_t>{2, 0, 1})) << y;
  }
}

TEST_F(NpzDataset, TakesFloatsByTheRangeThatTheFileNames) {
  const Tensor faint = array<float>({1, 1, 3}, {-0.1f, 0, 0.9f});
  EXPECT_THROW(read_npz_dataset(put({{"x", faint}})), DataError);
  const auto of = [&](const Tensor& range) { return put({{"x", faint}, {"range", range}}); };
  EXPECT_EQ(levels(read_npz_dataset(of(array<float>({2}, {-1, 1}))).images), (std::vector<int>{115, 128, 242}));
  EXPECT_EQ(levels(read_npz_dataset(of(array<std::int64_t>({2}, {-1, 4}))).images), (std::vector<int>{46, 51, 97}));
  EXPECT_TRUE(says(message_of<DataError>([&] {
                     read_npz_dataset(of(array<double>({2}, {0, 1})));
                   }),
                   "wanted floats in [0, 1], as the array `range` says, found [-0.1"));
  for (const Tensor& wrong : {array<float>({2}, {1, -1}), array<float>({1}, {1}), array<std::uint8_t>({2}, {0, 255}),
                              array<double>({2}, {0, std::numeric_limits<double>::infinity()})})
    EXPECT_TRUE(says(message_of<DataError>([&] { read_npz_dataset(of(wrong)); }), "array range: wanted"));
}

TEST_F(NpzDataset, ReadsBothSplitsUnderTheUsualNames) {
  for (const auto& [train, test] :
       std::vector<std::pair<std::pair<std::string, std::string>, std::pair<std::string, std::string>>>{
           {{"x_train", "y_train"}, {"x_test", "y_test"}},
           {{"X_train", "Y_train"}, {"X_test", "Y_test"}},
           {{"train_images", "train_labels"}, {"test_images", "test_labels"}},
           {{"train_x", "train_y"}, {"val_x", "val_y"}},
           {{"images", "labels"}, {"validation_images", "validation_labels"}}}) {
    const auto file = put({{train.first, counting({3, 4, 4})},
                           {train.second, array<std::int64_t>({3, 1}, {2, 0, 1})},
                           {test.first, counting({2, 4, 4})},
                           {test.second, array<std::int64_t>({2, 1}, {1, 2})}});
    EXPECT_EQ(read_npz_dataset(file, Split::train).labels, (std::vector<std::int32_t>{2, 0, 1})) << train.first;
    const Dataset held_out = read_npz_dataset(file, Split::test);
    EXPECT_EQ(held_out.images, counting({2, 1, 4, 4})) << test.first;
    EXPECT_EQ(held_out.labels, (std::vector<std::int32_t>{1, 2})) << test.second;
  }
}

TEST_F(NpzDataset, PrefersTestToValidation) {
  const auto file = put({{"train_images", counting({4, 4, 4})},
                         {"val_images", counting({3, 4, 4})},
                         {"test_images", counting({2, 4, 4})}});
  EXPECT_EQ(read_npz_dataset(file, Split::train).size(), 4);
  EXPECT_EQ(read_npz_dataset(file, Split::test).size(), 2);
}

TEST_F(NpzDataset, OneSplitIsBoth) {
  const auto file = put({{"images", counting({3, 4, 4})}, {"labels", array<std::int64_t>({3}, {2, 0, 1})}});
  EXPECT_EQ(content_hash(read_npz_dataset(file, Split::test)), content_hash(read_npz_dataset(file, Split::train)));
}

TEST_F(NpzDataset, AClassWithoutAnExampleIsNone) {
  const Dataset d = read_npz_dataset(put({{"x", counting({4, 4, 4})}, {"y", array<std::int64_t>({4}, {5, 1, 3, 1})}}));
  EXPECT_EQ(d.class_names, (std::vector<std::string>{"1", "3", "5"}));
  EXPECT_EQ(d.labels, (std::vector<std::int32_t>{2, 0, 1, 0}));
  const Dataset one = read_npz_dataset(put({{"x", counting({2, 4, 4})}, {"y", array<std::int64_t>({2}, {3, 3})}}));
  EXPECT_EQ(one.class_names, (std::vector<std::string>{"3"}));
}

TEST_F(NpzDataset, TheTrainingSplitNumbersTheClassesOfTheTestSplit) {
  const Dataset d = read_npz_dataset(put({{"x_train", counting({3, 4, 4})},
                                          {"y_train", array<std::int64_t>({3}, {4, 7, 9})},
                                          {"x_test", counting({3, 4, 4})},
                                          {"y_test", array<std::int64_t>({3}, {9, 4, 8})}}),
                                     Split::test);
  EXPECT_EQ(d.class_names, (std::vector<std::string>{"4", "7", "9"}));
  EXPECT_EQ(d.labels, (std::vector<std::int32_t>{2, 0}));
  EXPECT_EQ(d.images, counting({2, 1, 4, 4})) << "the first two of three";
  ASSERT_EQ(d.provenance.notes.size(), 1U);
  EXPECT_TRUE(says(d.provenance.notes[0], "the class \"8\"", "its 1 sample is left out"));
}

TEST_F(NpzDataset, NothingLeftOfTheTestSplitIsAnError) {
  const auto file = put({{"x_train", counting({2, 4, 4})},
                         {"y_train", array<std::int64_t>({2}, {0, 1})},
                         {"x_test", counting({1, 4, 4})},
                         {"y_test", array<std::int64_t>({1}, {2})}});
  EXPECT_TRUE(says(message_of<DataError>([&] { read_npz_dataset(file, Split::test); }), "(0, 1)", "\"2\""));
}

// The bytes of an NPY file with any type, for what the writer does not write.
std::string npy_of(const std::string& type, const std::string& shape, const std::string& data) {
  std::string text = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
  text.resize(117, ' ');
  text += '\n';
  return std::string("\x93NUMPY\x01\x00", 8) + std::string{118, 0} + text + data;
}

// A zip archive of members stored as they are, for NPZ files that the writer does not write.
std::string zip_of(const std::map<std::string, std::string>& members) {
  const auto little = [](std::uint32_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i, value >>= 8) text.push_back(static_cast<char>(value));
    return text;
  };
  std::string files, directory;
  for (const auto& [name, data] : members) {
    const auto size = static_cast<std::uint32_t>(data.size());
    const auto length = static_cast<std::uint32_t>(name.size());
    const std::string common = little(20, 2) + little(0, 8) + little(crc32(data), 4) + little(size, 4) +
                               little(size, 4) + little(length, 2) + little(0, 2);
    const auto at = static_cast<std::uint32_t>(files.size());
    files += "PK\3\4" + common + name + data;
    directory += "PK\1\2" + little(20, 2) + common + little(0, 2 + 2 + 2 + 4) + little(at, 4) + name;
  }
  const auto count = static_cast<std::uint32_t>(members.size());
  return files + directory + "PK\5\6" + little(0, 4) + little(count, 2) + little(count, 2) +
         little(static_cast<std::uint32_t>(directory.size()), 4) + little(static_cast<std::uint32_t>(files.size()), 4) +
         little(0, 2);
}

TEST_F(NpzDataset, LeavesOtherArraysAloneWhateverTheyHold) {
  const std::string names("a\0\0\0b\0\0\0", 8);
  write_file_atomically(folder_ / "set.npz", zip_of({{"images.npy", to_npy(counting({3, 4, 4}))},
                                                     {"labels.npy", to_npy(array<std::int64_t>({3}, {1, 0, 1}))},
                                                     {"meta.npy", npy_of("|O", "()", "\x80\x04N.")},
                                                     {"names.npy", npy_of("<U1", "(2,)", names)},
                                                     {"records.npy", npy_of("<c8", "(1,)", "12345678")},
                                                     {"readme.txt", "no array at all"}}));
  const Dataset d = read_npz_dataset(folder_ / "set.npz");
  EXPECT_EQ(d.images, counting({3, 1, 4, 4}));
  EXPECT_EQ(d.labels, (std::vector<std::int32_t>{1, 0, 1}));
}

TEST_F(NpzDataset, NamesTheTypeOfImagesOrLabelsThatCannotBeRead) {
  const std::string texts = npy_of("<U1", "(3,)", std::string("a\0\0\0b\0\0\0a\0\0\0", 12));
  write_file_atomically(folder_ / "set.npz",
                        zip_of({{"images.npy", to_npy(counting({3, 4, 4}))}, {"labels.npy", texts}}));
  EXPECT_TRUE(
      says(message_of<DataError>([&] { read_npz_dataset(folder_ / "set.npz"); }), "member labels.npy", "type '<U1'"));
  write_file_atomically(folder_ / "set.npz", zip_of({{"images.npy", npy_of("|O", "()", "\x80\x04N.")}}));
  EXPECT_TRUE(
      says(message_of<DataError>([&] { read_npz_dataset(folder_ / "set.npz"); }), "member images.npy", "type '|O'"));
}

TEST_F(NpzDataset, IsKnownByItsNameInAnyCase) {
  const auto file = put({{"images", counting({3, 4, 4})}});
  std::filesystem::copy(file, folder_ / "upper.NPZ");
  write_npy(folder_ / "upper.Npy", counting({2, 4, 4}));
  EXPECT_EQ(open_dataset((folder_ / "upper.NPZ").string(), Split::train, {}).size(), 3);
  EXPECT_EQ(open_dataset((folder_ / "upper.Npy").string(), Split::train, {}).size(), 2);
}

// Whatever the keys and labels are: either an error of the user's data, or a set whose parts fit and whose every class
// has an example in the training split.
TEST_F(NpzDataset, AnyKeysAndLabelsGiveASoundSetOrAnError) {
  const std::vector<std::string> keys{"images",       "labels",      "x",     "y",     "x_train", "y_train",
                                      "X_Test",       "y_test",      "val_x", "val_y", "arr_0",   "arr_1",
                                      "train_images", "test_labels", "label", "z"};
  RandomSequence random(Random(5, "fuzz"), 0);
  int sound = 0;
  for (int round = 0; round < 600; ++round) {
    std::map<std::string, std::string> members;
    for (std::uint32_t left = 1 + random.below(5); left > 0; --left) {
      const std::string& key = keys[random.below(static_cast<std::uint32_t>(keys.size()))];
      const int n = 2 + static_cast<int>(random.below(2));
      std::string npy;
      if (random.below(2) == 0) {
        npy = to_npy(counting({n, 2, 2}));
      } else {
        const std::vector<std::pair<std::string, int>> types{{"|b1", 1}, {"|i1", 1}, {"|u1", 1}, {"<u2", 2}, {">i4", 4},
                                                             {"<u8", 8}, {"<f4", 4}, {"<U1", 4}, {"|O", 1}};
        const auto& [type, size] = types[random.below(static_cast<std::uint32_t>(types.size()))];
        std::string data(static_cast<std::size_t>(n * size), '\0');
        for (char& ch : data) {
          if (random.below(size == 1 ? 1 : 3) == 0)
            ch = static_cast<char>(random.below(random.below(8) == 0 ? 256 : 3));
        }
        npy = npy_of(type, fmt::format("({},)", n), data);
      }
      if (random.below(20) == 0) npy = testing::mutate(npy, random);
      members[key + ".npy"] = npy;
    }
    const std::string file = zip_of(members);
    write_file_atomically(folder_ / "any.npz", file);
    try {
      const Dataset train = read_npz_dataset(folder_ / "any.npz", Split::train);
      EXPECT_EQ(occurring_classes(train), train.class_names);
      const Dataset test = read_npz_dataset(folder_ / "any.npz", Split::test);
      for (const Dataset* d : {&train, &test}) {
        EXPECT_TRUE(!d->has_labels() || static_cast<std::int64_t>(d->labels.size()) == d->size());
        for (const std::int32_t label : d->labels) EXPECT_TRUE(label >= 0 && label < d->class_count());
      }
      EXPECT_TRUE(!test.has_labels() || test.class_names == train.class_names);
      ++sound;
    } catch (const DataError& error) {
      EXPECT_TRUE(says(error.what(), "any.npz"));
    }
  }
  EXPECT_GT(sound, 60);
  EXPECT_LT(sound, 540);
}

TEST_F(NpzDataset, LabelsOfAnyIntegerTypeAndTruths) {
  for (const auto& [type, data] : std::vector<std::pair<std::string, std::string>>{
           {"|b1", std::string("\1\0\1", 3)},
           {"|i1", std::string("\1\0\1", 3)},
           {"<u2", std::string("\1\0\0\0\1\0", 6)},
           {">u2", std::string("\0\1\0\0\0\1", 6)},
           {"<u8", std::string("\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0", 24)}}) {
    const Tensor labels = parse_npy(npy_of(type, "(3,)", data), type);
    const Dataset d = read_npz_dataset(put({{"x", counting({3, 4, 4})}, {"y", labels}}));
    EXPECT_EQ(d.labels, (std::vector<std::int32_t>{1, 0, 1})) << type;
    EXPECT_EQ(d.class_names, (std::vector<std::string>{"0", "1"})) << type;
  }
}

TEST_F(NpzDataset, DoesWithoutLabels) {
  EXPECT_FALSE(read_npz_dataset(put({{"x", counting({3, 4, 4})}})).has_labels());
}

TEST_F(NpzDataset, TakesTheOnlyArrayOfImagesUnderAnyName) {
  const Dataset d =
      read_npz_dataset(put({{"pictures", counting({3, 4, 4})}, {"z", array<float>({3, 2}, std::vector<float>(6))}}));
  EXPECT_EQ(d.size(), 3);
}

TEST_F(NpzDataset, DoesNotTakeTheImagesForLabels) {
  EXPECT_FALSE(read_npz_dataset(put({{"y", counting({3, 4, 4})}})).has_labels());
}

TEST_F(NpzDataset, NamesWhatIsThereWhenNothingFits) {
  EXPECT_TRUE(says(message_of<DataError>([&] {
                     read_npz_dataset(put({{"z", array<float>({3, 2}, std::vector<float>(6))}}));
                   }),
                   "set.npz: wanted an array of images named", "found z [3, 2]"));
  EXPECT_THROW(read_npz_dataset(put({{"a", counting({3, 4, 4})}, {"b", counting({3, 4, 4})}})), DataError);
}

TEST_F(NpzDataset, AcceptsWholeFloatLabelsInAColumn) {
  const Dataset d = read_npz_dataset(put({{"x", counting({3, 4, 4})}, {"y", array<float>({3, 1}, {2, 0, 1})}}));
  EXPECT_EQ(d.labels, (std::vector<std::int32_t>{2, 0, 1}));
}

TEST_F(NpzDataset, RefusesLabelsThatAreNotClasses) {
  const auto error = [&](const Tensor& labels) {
    return message_of<DataError>([&] { read_npz_dataset(put({{"x", counting({3, 4, 4})}, {"y", labels}})); });
  };
  EXPECT_TRUE(
      says(error(array<std::int64_t>({2}, {0, 1})), "array y: wanted one label an image, shape [3], found [2]"));
  EXPECT_TRUE(says(error(array<std::int64_t>({3}, {0, 1, -1})), "found -1"));
  EXPECT_TRUE(says(error(array<float>({3}, {0, 1, 0.5f})), "found 0.5"));
  EXPECT_TRUE(says(error(array<double>({3}, {0, 1, std::numeric_limits<double>::quiet_NaN()})), "found nan"));
  EXPECT_TRUE(says(error(array<float>({3, 10}, std::vector<float>(30))), "[3, 10]"));
}

TEST_F(NpzDataset, ReadsImagesFromNpy) {
  write_npy(folder_ / "set.npy", counting({3, 4, 4}));
  EXPECT_EQ(read_npz_dataset(folder_ / "set.npy").images, counting({3, 1, 4, 4}));
}

}  // namespace
}  // namespace ganymede::data
