#include "picture/exif.hpp"

#include <gtest/gtest.h>

#include "base/mutate.hpp"
#include "base/philox.hpp"
#include "picture/jpeg_bytes.hpp"

namespace ganymede::picture {
namespace {

using testing::exif_bytes;

std::string number(std::uint32_t value, int bytes, bool little) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> 8 * (little ? i : bytes - 1 - i));
  return out;
}

/// EXIF data whose directory begins at `offset` and holds another entry before the orientation, of TIFF type `type`
/// with `bytes` bytes.
std::string exif(int orientation, int type, int bytes, bool little, int offset = 8) {
  using namespace std::string_literals;
  const auto n = [&](std::uint32_t value, int size) { return number(value, size, little); };
  std::string out = "Exif\0\0"s + (little ? "II" : "MM") + n(42, 2) + n(static_cast<std::uint32_t>(offset), 4);
  out += std::string(static_cast<std::size_t>(offset) - 8, '\x12') + n(2, 2);
  out += n(0x0100, 2) + n(4, 2) + n(1, 4) + n(6, 4);
  out += n(0x0112, 2) + n(static_cast<std::uint32_t>(type), 2) + n(1, 4);
  out += n(static_cast<std::uint32_t>(orientation), bytes) + std::string(static_cast<std::size_t>(4 - bytes), '\0');
  return out + n(0, 4);
}

TEST(Exif, IsReadInBothByteOrdersAndAsAnyWholeNumber) {
  for (int o = 1; o <= 8; ++o) {
    for (const bool little : {false, true}) {
      for (const auto& [type, bytes] : {std::pair{1, 1}, {3, 2}, {4, 4}, {8, 2}, {9, 4}}) {
        EXPECT_EQ(exif_orientation(exif(o, type, bytes, little)), o) << type << little;
        EXPECT_EQ(exif_orientation(exif(o, type, bytes, little, 20)), o) << type << little;
        EXPECT_EQ(tiff_orientation(exif(o, type, bytes, little).substr(6)), o);
      }
    }
  }
}

TEST(Exif, NamesNoneWhereThereIsNone) {
  EXPECT_EQ(exif_orientation(""), 0);
  EXPECT_EQ(exif_orientation(exif_bytes(9, true)), 0);
  EXPECT_EQ(exif_orientation(exif_bytes(0, false)), 0);
  EXPECT_EQ(exif_orientation(exif(6, 2, 2, true)), 0) << "a text is no number";
  EXPECT_EQ(exif_orientation(exif(6, 3, 2, true).substr(6)), 0) << "without its name";
  EXPECT_EQ(exif_orientation(std::string(exif(6, 3, 2, true)).replace(6, 2, "XX")), 0) << "of no byte order";
}

TEST(Exif, SurvivesMutationAndTruncation) {
  RandomSequence random(Random(3, "fuzz"), 0);
  for (int i = 0; i < 20000; ++i) {
    const std::string data = testing::mutate(exif(6, i % 3 == 0 ? 4 : 3, i % 3 == 0 ? 4 : 2, i % 2 == 0), random);
    const int orientation = exif_orientation(data);
    ASSERT_GE(orientation, 0);
    ASSERT_LE(orientation, 8);
  }
  const std::string whole = exif(6, 3, 2, true);
  for (std::size_t n = 0; n < whole.size() - 4; ++n) EXPECT_EQ(exif_orientation(whole.substr(0, n)), 0) << n;
}

TEST(Exif, IsFoundInATextOfHexadecimalDigits) {
  std::string text = "\nexif\n      46\n";
  const std::string data = exif(8, 3, 2, false);
  for (std::size_t i = 0; i < data.size(); ++i) {
    for (const int digit : {(data[i] >> 4) & 15, data[i] & 15}) text += "0123456789abcdef"[digit];
    if (i % 36 == 35) text += '\n';
  }
  EXPECT_EQ(exif_of_raw_profile(text), data);
  EXPECT_EQ(exif_of_raw_profile("\nexif\n 4\nabcd"), "");
  EXPECT_EQ(exif_of_raw_profile(""), "");
}

}  // namespace
}  // namespace ganymede::picture
