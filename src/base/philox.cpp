#include "base/philox.hpp"

#include <cmath>

#include "base/portable_math.hpp"

namespace ganymede {
PhiloxWords philox4x32(PhiloxWords c, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t{0xD2511F53} * c[0], p1 = std::uint64_t{0xCD9E8D57} * c[2];
    c = {static_cast<std::uint32_t>(p1 >> 32) ^ c[1] ^ key[0], static_cast<std::uint32_t>(p1),
         static_cast<std::uint32_t>(p0 >> 32) ^ c[3] ^ key[1], static_cast<std::uint32_t>(p0)};
    key[0] += 0x9E3779B9u;
    key[1] += 0xBB67AE85u;
  }
  return c;
}

std::uint32_t stream_id(std::string_view name) {
  std::uint32_t hash = 2166136261u;
  for (const char ch : name) hash = (hash ^ static_cast<unsigned char>(ch)) * 16777619u;
  return hash;
}

PhiloxWords Random::words(std::uint32_t index, std::uint32_t block) const {
  return philox4x32({index, step, stream, block},
                    {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
}

std::uint32_t RandomSequence::word() {
  if (used_ == 4) {
    words_ = random_.words(index_, block_++);
    used_ = 0;
  }
  return words_[used_++];
}

double RandomSequence::uniform() {
  return word() * 0x1p-32;
}

double RandomSequence::normal() {
  const double u = (word() + 0.5) * 0x1p-32;
  double sine, cosine;
  portable_sincos_turn(word() * 0x1p-32, sine, cosine);
  return std::sqrt(-2 * portable_log(u)) * cosine;
}

std::uint32_t RandomSequence::below(std::uint32_t count) {
  const std::uint32_t limit = static_cast<std::uint32_t>((std::uint64_t{1} << 32) / count * count - 1);
  std::uint32_t w = word();
  while (w > limit) w = word();
  return w % count;
}

}  // namespace ganymede
