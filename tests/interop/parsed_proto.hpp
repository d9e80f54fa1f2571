#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ganymede::interop {

/// A message of Protocol Buffers as it lies in bytes: of each field its integers, or its bytes, in order.
struct ParsedProto {
  std::map<int, std::vector<std::uint64_t>> numbers;
  std::map<int, std::vector<std::string>> texts;

  explicit ParsedProto(std::string_view bytes) {
    std::size_t at = 0;
    const auto varint = [&] {
      std::uint64_t value = 0;
      for (unsigned shift = 0;; shift += 7) {
        const auto byte = static_cast<unsigned char>(bytes.at(at++));
        value |= (std::uint64_t{byte} & 0x7FU) << shift;
        if (byte < 0x80U) return value;
      }
    };
    while (at < bytes.size()) {
      const std::uint64_t key = varint();
      const int field = static_cast<int>(key >> 3U);
      if ((key & 7U) == 0) {
        numbers[field].push_back(varint());
      } else if ((key & 7U) == 5) {
        std::uint64_t bits = 0;
        for (unsigned i = 0; i < 4; ++i) bits |= std::uint64_t{static_cast<unsigned char>(bytes.at(at++))} << 8U * i;
        numbers[field].push_back(bits);
      } else {
        EXPECT_EQ(key & 7U, 2U) << "a type that is never written";
        const std::uint64_t length = varint();
        texts[field].emplace_back(bytes.substr(at, length));
        at += length;
      }
    }
  }
  const std::string& text(int field) const { return texts.at(field).at(0); }
  std::uint64_t number(int field) const { return numbers.at(field).at(0); }
  std::vector<ParsedProto> messages(int field) const {
    std::vector<ParsedProto> all;
    if (texts.contains(field))
      for (const std::string& bytes : texts.at(field)) all.emplace_back(bytes);
    return all;
  }
};

}  // namespace ganymede::interop
