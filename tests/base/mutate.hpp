#pragma once

#include <algorithm>
#include <string>

#include "base/philox.hpp"

namespace ganymede::testing {

/// `bytes` after one to four random accidents: a byte changed, a bit flipped, a piece cut out, doubled or overwritten
/// with extreme values, the end lost.
inline std::string mutate(std::string bytes, RandomSequence& random) {
  for (std::uint32_t left = 1 + random.below(4); left > 0 && !bytes.empty(); --left) {
    const auto size = static_cast<std::uint32_t>(bytes.size());
    // Headers are where the decisions are: half of the accidents happen among the first bytes.
    const std::uint32_t at = random.below(random.below(2) == 0 ? size : std::min(size, 256u));
    const std::uint32_t length = std::min(1 + random.below(16), size - at);
    switch (random.below(6)) {
      case 0:
        bytes[at] = static_cast<char>(random.below(256));
        break;
      case 1:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.below(8)));
        break;
      case 2:
        bytes.erase(at, length);
        break;
      case 3:
        bytes.insert(at, bytes.substr(at, length));
        break;
      case 4:
        std::fill_n(bytes.begin() + at, length, random.below(2) == 0 ? '\xff' : '9');
        break;
      default:
        bytes.resize(at);
        break;
    }
  }
  return bytes;
}

/// JSON text after one to three accidents that leave more of it readable: a byte changed, up to 20 taken out, one of
/// its own marks put in, the end lost.
inline std::string mutate_json(std::string text, RandomSequence& random) {
  for (std::uint64_t n = 1 + random.below(3); n > 0 && !text.empty(); --n) {
    const auto at = static_cast<std::size_t>(random.below(static_cast<std::uint32_t>(text.size())));
    const auto kind = random.below(4);
    if (kind == 0) text[at] = static_cast<char>(random.below(256));
    if (kind == 1) text.erase(at, 1 + random.below(20));
    if (kind == 2) text.insert(at, 1, "0123456789-[]{},\":.e"[random.below(20)]);
    if (kind == 3) text.resize(at);
  }
  return text;
}

}  // namespace ganymede::testing
