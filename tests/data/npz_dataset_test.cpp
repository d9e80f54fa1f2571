#include "data/npz_dataset.hpp"

#include <limits>

#include "base/error.hpp"
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
