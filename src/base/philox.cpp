#include "base/philox.hpp"

#include <algorithm>
#include <cmath>

#include "base/portable_math-inl.hpp"
#include "base/portable_math.hpp"

namespace ganymede {

PhiloxWords philox4x32(PhiloxWords c, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t{0xD2511F53} * c[0];
    const std::uint64_t p1 = std::uint64_t{0xCD9E8D57} * c[2];
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

void Random::uniform(std::uint32_t index, std::span<float> out) const {
  for (std::size_t i = 0; i < out.size(); i += 4) {
    const PhiloxWords w = words(index, static_cast<std::uint32_t>(i / 4));
    for (std::size_t j = 0; j < 4 && i + j < out.size(); ++j) out[i + j] = static_cast<float>(w[j] >> 8) * 0x1p-24f;
  }
}

void Random::normal(std::uint32_t index, std::span<float> out) const {
  // Some pairs at a time, each step for all of them, which the compiler turns into vectors. What lies behind the end is
  // computed and left out.
  constexpr std::size_t kPairs = 64;
  std::array<double, kPairs> u, turn{}, radius{}, sine{}, cosine{};
  u.fill(0.5);
  for (std::size_t first = 0; first < out.size(); first += 2 * kPairs) {
    const std::size_t values = std::min(out.size() - first, 2 * kPairs);
    for (std::size_t pair = 0; 2 * pair < values; pair += 2) {
      const PhiloxWords w = words(index, static_cast<std::uint32_t>((first / 2 + pair) / 2));
      for (std::size_t k = 0; k < 2; ++k) {
        u[pair + k] = (w[2 * k] + 0.5) * 0x1p-32;  // in (0, 1)
        turn[pair + k] = w[2 * k + 1] * 0x1p-32;
      }
    }
    for (std::size_t p = 0; p < kPairs; ++p) radius[p] = std::sqrt(-2 * portable::log(u[p]));
    for (std::size_t p = 0; p < kPairs; ++p) portable::sincos_turn(turn[p], sine[p], cosine[p]);
    for (std::size_t i = 0; i < values; ++i)
      out[first + i] = static_cast<float>(radius[i / 2] * (i % 2 == 0 ? cosine[i / 2] : sine[i / 2]));
  }
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
