#include "run/tensorboard_file.hpp"

#include <gtest/gtest.h>

#include "base/checksum.hpp"
#include "base/error.hpp"
#include "base/mutate.hpp"

namespace ganymede::run {
namespace {

// A grey PNG's first 26 bytes: 300 pixels wide, 5 high.
std::string png() {
  return std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x2c\0\0\0\x05\x08\0", 26);
}

// The bytes that TensorBoard 2.21's own classes write of the same messages.
TEST(TensorBoardFile, HoldsTheBytesThatTensorBoardWrites) {
  EXPECT_EQ(hex(summary_event(1.5, 300, {{"epoch/generator_loss", .75}})),
            "09000000000000f83f10ac022a1d0a1b0a1465706f63682f67656e657261746f725f6c6f7373150000403f");
  EXPECT_EQ(
      hex(summary_event(2, 0, {}, {{"samples", png()}})),
      "0900000000000000402a300a2e0a0773616d706c65732223080510ac021801221a89504e470d0a1a0a0000000d494844520000012c0000"
      "00050800");
  EXPECT_EQ(hex(version_event(1.5)), "09000000000000f83f1a0d627261696e2e4576656e743a32");
  EXPECT_EQ(hex(restart_event(1.5, 7)), "09000000000000f83f10073a020801");
  EXPECT_EQ(hex(tf_record("hello")), "0500000000000000eab2043e68656c6c6fbb1f1c19");
}

TEST(TensorBoardFile, RefusesImagesThatAreNoPng) {
  EXPECT_THROW(summary_event(0, 0, {}, {{"samples", "GIF89a"}}), DataError);
  EXPECT_THROW(summary_event(0, 0, {}, {{"samples", png().substr(0, 25)}}), DataError);
}

TEST(TfRecords, ReadBackUpToATornOne) {
  const std::string a = tf_record("first"), b = tf_record(""), c = tf_record(std::string(1000, 'x'));
  const std::string file = a + b + c;
  EXPECT_EQ(read_tf_records(file).records.size(), 3U);
  EXPECT_EQ(read_tf_records(file).records[2], std::string(1000, 'x'));
  for (std::size_t size = 0; size < file.size(); ++size) {
    const std::string torn = file.substr(0, size);
    const TfRecords found = read_tf_records(torn);
    const std::size_t whole = size < a.size() ? 0 : size < a.size() + b.size() ? 1 : 2;
    ASSERT_EQ(found.records.size(), whole) << size;
    if (whole > 0) {
      EXPECT_EQ(found.ends.back(), whole == 1 ? a.size() : a.size() + b.size());
    }
  }
}

TEST(TfRecords, EndWhereABitIsWrong) {
  const std::string good = tf_record("first") + tf_record("second");
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    EXPECT_EQ(read_tf_records(bad).records.size(), bit / 8 < tf_record("first").size() ? 0U : 1U) << bit;
  }
}

TEST(TfRecords, OfMutatedFilesAreWithinThem) {
  const std::string good = tf_record("first") + tf_record("second") + tf_record(std::string(50, 'z'));
  RandomSequence random(Random(4, "fuzz"), 0);
  for (int i = 0; i < 20000; ++i) {
    const std::string file = testing::mutate(good, random);
    const TfRecords found = read_tf_records(file);
    ASSERT_EQ(found.records.size(), found.ends.size());
    for (const std::size_t end : found.ends) ASSERT_LE(end, file.size());
  }
}

}  // namespace
}  // namespace ganymede::run
