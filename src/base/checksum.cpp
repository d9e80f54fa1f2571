#include "base/checksum.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <array>

namespace ganymede {
namespace {

constexpr std::array<std::uint32_t, 256> castagnoli() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? 0x82F63B78U : 0U);
    table[byte] = value;
  }
  return table;
}

}  // namespace

Crc32& Crc32::add(std::string_view bytes) {
  if (bytes.empty()) return *this;  // zlib takes a null pointer as the wish to start anew
  value_ = static_cast<std::uint32_t>(crc32_z(value_, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
  return *this;
}

std::uint32_t crc32(std::string_view bytes) {
  return Crc32().add(bytes).value();
}

std::uint32_t crc32c(std::string_view bytes) {
  static constexpr auto kTable = castagnoli();
  std::uint32_t value = ~0U;
  for (const char byte : bytes) value = (value >> 8) ^ kTable[(value ^ static_cast<unsigned char>(byte)) & 255];
  return ~value;
}

std::string hex(std::uint32_t value) {
  return fmt::format("{:08x}", value);
}

std::string hex(std::string_view bytes) {
  std::string digits;
  digits.reserve(2 * bytes.size());
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    digits += "0123456789abcdef"[value >> 4];
    digits += "0123456789abcdef"[value & 15];
  }
  return digits;
}

}  // namespace ganymede
