#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ganymede {

/// CRC-32 as in zlib, PNG and gzip (polynomial 0xEDB88320), of bytes that arrive in pieces.
class Crc32 {
 public:
  Crc32& add(std::string_view bytes);
  Crc32& add(const void* bytes, std::size_t size) { return add({static_cast<const char*>(bytes), size}); }
  std::uint32_t value() const { return value_; }

 private:
  std::uint32_t value_ = 0;
};

/// CRC-32 of bytes at hand: crc32("123456789") is 0xCBF43926.
std::uint32_t crc32(std::string_view bytes);

/// CRC-32C (Castagnoli, polynomial 0x82F63B78, iSCSI's), which TensorFlow's files have: crc32c("123456789") is
/// 0xE3069283.
std::uint32_t crc32c(std::string_view bytes);

/// Eight lower-case digits: "cbf43926".
std::string hex(std::uint32_t value);
/// Two lower-case digits a byte, in order.
std::string hex(std::string_view bytes);

}  // namespace ganymede
