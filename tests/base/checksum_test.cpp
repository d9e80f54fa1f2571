#include "base/checksum.hpp"

#include <gtest/gtest.h>

namespace ganymede {
namespace {

// The check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms.
TEST(Crc32, GivesTheCatalogueCheckValue) {
  EXPECT_EQ(crc32("123456789"), 0xcbf43926u);
  EXPECT_EQ(crc32(""), 0u);
}

TEST(Crc32, DoesNotDependOnHowTheBytesArrive) {
  const std::string text = "The quick brown fox jumps over the lazy dog";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    EXPECT_EQ(Crc32().add(text.substr(0, cut)).add(nullptr, 0).add(text.data() + cut, text.size() - cut).value(),
              0x414fa339u);
  }
}

TEST(Crc32, SeesEveryFlippedBit) {
  std::string bytes(64, '\x5a');
  const std::uint32_t before = crc32(bytes);
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    EXPECT_NE(crc32(bytes), before);
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
  }
}

// RFC 3720, B.4, and the catalogue's check value of CRC-32/ISCSI.
TEST(Crc32c, GivesTheValuesOfIscsi) {
  EXPECT_EQ(crc32c("123456789"), 0xe3069283U);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aaU);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43U);
  EXPECT_EQ(crc32c(""), 0U);
}

TEST(Hex, KeepsLeadingZeros) {
  EXPECT_EQ(hex(0xbeefu), "0000beef");
  EXPECT_EQ(hex(std::string_view("\x00\x0f\xff", 3)), "000fff");
  EXPECT_EQ(hex(""), "");
}

}  // namespace
}  // namespace ganymede
