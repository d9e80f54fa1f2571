#include "data/files/idx.hpp"

#include <sys/stat.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/philox.hpp"
#include "data/files/inflate.hpp"
#include "data/helpers.hpp"

namespace ganymede::data {
namespace {

std::string text(std::initializer_list<int> bytes) {
  std::string out;
  for (const int byte : bytes) out.push_back(static_cast<char>(byte));
  return out;
}

std::string parse_error(const std::string& bytes) {
  return message_of<DataError>([&] { parse_idx(bytes, "a/file"); });
}

TEST(IdxReader, ReadsHandWrittenBytes) {
  const std::string bytes = text({0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 10, 11, 12, 20, 21, 255});
  const Tensor tensor = parse_idx(bytes, "bytes");
  EXPECT_EQ(tensor.shape(), (Shape{2, 1, 3}));
  const auto values = tensor.values<std::uint8_t>();
  EXPECT_EQ(std::vector<int>(values.begin(), values.end()), (std::vector<int>{10, 11, 12, 20, 21, 255}));
}

TEST(IdxReader, GivesBackWhatWasWritten) {
  for (const Shape& shape : {Shape{1}, Shape{300}, Shape{5, 28, 28}, Shape{3, 64, 32}, Shape{2, 3, 4, 5}}) {
    const Tensor tensor = counting(shape, 3);
    EXPECT_EQ(parse_idx(to_idx(tensor), "plain"), tensor);
    EXPECT_EQ(parse_idx(to_gzip(to_idx(tensor)), "packed"), tensor);
  }
}

TEST(IdxReader, TellsGzipByContentNotByName) {
  const FreshFolder folder;
  const Tensor tensor = counting({2, 4, 4});
  write_idx(folder / "packed.gz", tensor);
  EXPECT_TRUE(is_gzip(read_file(folder / "packed.gz")));
  std::filesystem::rename(folder / "packed.gz", folder / "packed");
  EXPECT_EQ(read_idx(folder / "packed"), tensor);
  write_idx(folder / "plain", tensor);
  EXPECT_FALSE(is_gzip(read_file(folder / "plain")));
  std::filesystem::rename(folder / "plain", folder / "plain.gz");
  EXPECT_EQ(read_idx(folder / "plain.gz"), tensor);
}

TEST(IdxReader, RejectsMissingFileByName) {
  EXPECT_TRUE(says(message_of<DataError>([] { read_idx("/no/such/file"); }), "/no/such/file"));
}

TEST(IdxReader, RejectsPipesAndDevicesAtOnce) {
  const FreshFolder folder;
  ASSERT_EQ(::mkfifo((folder / "train-images-idx3-ubyte").c_str(), 0600), 0);
  EXPECT_TRUE(says(message_of<DataError>([&] { read_idx(folder / "train-images-idx3-ubyte"); }), "found a pipe"));
  EXPECT_TRUE(says(message_of<DataError>([&] { read_idx("/dev/zero"); }), "found a device"));
}

TEST(IdxReader, RejectsWrongMagic) {
  EXPECT_TRUE(says(parse_error("PNG or so"), "a/file: not an IDX file", "504e4720"));
  EXPECT_TRUE(says(parse_error("label,p0,p1\n5,0,0\n"), "a text table (CSV)", "numpy.savez"));
  EXPECT_TRUE(says(parse_error("version https://git-lfs.github.com/spec/v1\n"), "a Git LFS pointer", "git lfs pull"));
  EXPECT_TRUE(says(parse_error(to_gzip("<!DOCTYPE html><html>404</html>")), "a web page (HTML)"));
}

TEST(IdxReader, RejectsOtherElementTypes) {
  EXPECT_TRUE(says(parse_error(text({0, 0, 0x0D, 1, 0, 0, 0, 1, 0, 0, 0, 0})), "found type 0x0d (float)"));
  EXPECT_TRUE(says(parse_error(text({0, 0, 1, 1, 0, 0, 0, 1, 0})), "found type 0x01 (unknown)"));
}

TEST(IdxReader, RejectsImpossibleDimensionCounts) {
  EXPECT_TRUE(says(parse_error(text({0, 0, 8, 0})), "found 0"));
  EXPECT_TRUE(says(parse_error(text({0, 0, 8, 200})), "found 200"));
}

TEST(IdxReader, RejectsEmptyDimensions) {
  EXPECT_TRUE(says(parse_error(text({0, 0, 8, 2, 0, 0, 0, 0, 0, 0, 0, 3})), "[0, 3]: no elements"));
}

TEST(IdxReader, RejectsEveryTruncation) {
  const std::string plain = to_idx(counting({3, 4, 5}));
  for (std::size_t size = 0; size < plain.size(); ++size) {
    EXPECT_TRUE(says(parse_error(plain.substr(0, size)), "truncated"));
    // Packed whole, so that only the IDX inside is short.
    EXPECT_TRUE(says(parse_error(to_gzip(plain.substr(0, size))), "truncated"));
  }
}

TEST(IdxReader, RejectsTrailingBytes) {
  EXPECT_TRUE(says(parse_error(to_idx(counting({3, 4})) + "x"), "bytes follow the 12 that the header announces"));
  EXPECT_TRUE(says(parse_error(to_gzip(to_idx(counting({3, 4})) + "x")), "bytes follow the 12"));
}

TEST(IdxReader, RejectsAbsurdSizesWithoutAllocating) {
  // 2^32-1 in each of three dimensions: 8e28 bytes, and a product that overflows 64 bits.
  std::string bytes = text({0, 0, 8, 3});
  bytes.append(12, '\xFF');
  EXPECT_TRUE(says(parse_error(bytes), "[4294967295, 4294967295, 4294967295] bytes, the file holds at most 0"));
  EXPECT_TRUE(says(parse_error(to_gzip(bytes)), "truncated or damaged"));
  // 1 TiB from a small gzip file: more than deflate can pack.
  EXPECT_TRUE(says(parse_error(to_gzip(text({0, 0, 8, 2, 0, 16, 0, 0, 0, 16, 0, 0}) + std::string(1000, 'x'))),
                   "[1048576, 1048576]"));
}

TEST(IdxReader, SurvivesRandomDamage) {
  const std::string plain = to_idx(counting({5, 6, 7}));
  const std::string packed = to_gzip(plain);
  RandomSequence random(Random(11, "test.fuzz"), 0);
  int accepted = 0;
  constexpr int kRounds = 20000;
  for (int round = 0; round < kRounds; ++round) {
    std::string bytes = round % 2 == 0 ? plain : packed;
    for (std::uint32_t i = 0, n = 1 + random.below(4); i < n; ++i) {
      switch (random.below(3)) {
        case 0:
          bytes[random.below(static_cast<std::uint32_t>(std::min<std::size_t>(bytes.size(), 24)))] ^=
              static_cast<char>(1 << random.below(8));
          break;
        case 1:
          bytes[random.below(static_cast<std::uint32_t>(bytes.size()))] = static_cast<char>(random.word());
          break;
        default:
          bytes.resize(1 + random.below(static_cast<std::uint32_t>(bytes.size())));
      }
    }
    try {
      const Tensor tensor = parse_idx(bytes, "fuzz");
      ++accepted;
      EXPECT_GT(tensor.count(), 0);
      EXPECT_LE(tensor.count(), 4 * 210);
    } catch (const DataError&) {
    }
  }
  // Damage to pixels alone cannot be seen in plain files; damage to the rest must be.
  EXPECT_GT(accepted, 0);
  EXPECT_LT(accepted, kRounds / 2);
}

TEST(IdxWriter, RefusesWhatTheFormatCannotHold) {
  EXPECT_THROW(to_idx(Tensor(DType::f32, {2, 2})), DataError);
  EXPECT_THROW(to_idx(counting({1, 1, 1, 1, 1, 1, 1, 1, 1})), DataError);
  EXPECT_THROW(to_idx(counting({0, 2})), DataError);
}

class IdxDataset : public ::testing::Test {
 protected:
  std::filesystem::path put(const std::string& name, const Tensor& tensor) const {
    write_idx(folder_ / name, tensor);
    return folder_ / name;
  }
  FreshFolder folder_;
};

TEST_F(IdxDataset, JoinsImagesAndLabelsOfAnySize) {
  const Dataset d = read_idx_dataset(put("i", counting({3, 5, 4})), put("l.gz", bytes_of({2, 0, 1})), "mine");
  EXPECT_EQ(d.images.shape(), (Shape{3, 1, 5, 4}));
  EXPECT_EQ(d.image(1)[0], 20);
  EXPECT_EQ(d.labels, (std::vector<std::int32_t>{2, 0, 1}));
  EXPECT_EQ(d.class_count(), 3);
  EXPECT_EQ(d.provenance.files.size(), 2u);
}

TEST_F(IdxDataset, DoesWithoutLabels) {
  const Dataset d = read_idx_dataset(put("i", counting({3, 5, 4})), {}, "mine");
  EXPECT_FALSE(d.has_labels());
  EXPECT_EQ(d.class_count(), 0);
}

TEST_F(IdxDataset, RejectsFilesThatDoNotBelongTogether) {
  const auto images = put("i", counting({3, 5, 4})), labels = put("l", bytes_of({2, 0, 1, 1}));
  EXPECT_TRUE(says(message_of<DataError>([&] { read_idx_dataset(images, labels, "mine"); }),
                   labels.string() + ": 4 labels", images.string() + " holds 3 images"));
}

TEST_F(IdxDataset, RejectsSwappedFiles) {
  const auto images = put("i", counting({3, 5, 4})), labels = put("l", bytes_of({2, 0, 1}));
  EXPECT_TRUE(says(message_of<DataError>([&] { read_idx_dataset(labels, images, "mine"); }),
                   "wanted images with 3 dimensions (N, H, W), found 1 [3]"));
  EXPECT_TRUE(says(message_of<DataError>([&] { read_idx_dataset(images, images, "mine"); }),
                   "wanted labels with 1 dimension (N), found 3"));
}

TEST_F(IdxDataset, RejectsLabelsOutsideTheClasses) {
  const auto images = put("i", counting({3, 5, 4})), labels = put("l", bytes_of({2, 10, 1}));
  EXPECT_TRUE(says(message_of<DataError>([&] { read_idx_dataset(images, labels, "mnist", 10); }),
                   labels.string() + ": wanted labels from 0 to 9, found 10"));
  EXPECT_EQ(read_idx_dataset(images, labels, "mnist", 11).class_count(), 11);
}

}  // namespace
}  // namespace ganymede::data
