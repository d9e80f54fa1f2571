#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace ganymede {

/// One message in the wire format of Protocol Buffers (protobuf.dev, "Encoding"), field by field: the key
/// (number << 3 | type), then a varint (type 0), 64 or 32 bits little-endian (types 1 and 5), or a length and so many
/// bytes (type 2: text, and messages in messages). A repeated field is one that is added several times.
class ProtoMessage {
 public:
  void add_integer(std::uint32_t field, std::int64_t value) {
    add_varint(field << 3U);
    add_varint(static_cast<std::uint64_t>(value));
  }
  void add_float(std::uint32_t field, float value) {
    add_varint(field << 3U | 5U);
    add_bits(std::bit_cast<std::uint32_t>(value), 32);
  }
  void add_double(std::uint32_t field, double value) {
    add_varint(field << 3U | 1U);
    add_bits(std::bit_cast<std::uint64_t>(value), 64);
  }
  void add_bytes(std::uint32_t field, std::string_view bytes) {
    add_varint(field << 3U | 2U);
    add_varint(bytes.size());
    bytes_ += bytes;
  }
  void add_message(std::uint32_t field, const ProtoMessage& message) { add_bytes(field, message.bytes_); }

  const std::string& bytes() const { return bytes_; }

 private:
  // Seven bits a byte, the low ones first; the eighth says that more follow.
  void add_varint(std::uint64_t value) {
    for (; value >= 0x80U; value >>= 7U) bytes_ += static_cast<char>((value & 0x7FU) | 0x80U);
    bytes_ += static_cast<char>(value);
  }
  void add_bits(std::uint64_t bits, unsigned count) {
    for (unsigned shift = 0; shift < count; shift += 8) bytes_ += static_cast<char>(bits >> shift & 0xFFU);
  }

  std::string bytes_;
};

}  // namespace ganymede
