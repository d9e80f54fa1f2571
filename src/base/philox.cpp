#include "base/philox.hpp"

#include <algorithm>
#include <cmath>

#include "base/every_unit.hpp"
#include "base/portable_math-inl.hpp"
#include "base/portable_math.hpp"

namespace ganymede {
namespace {

// Many numbers of one index are made some blocks at a time, each step for all of them, which the compiler turns into
// vectors. What lies behind the end is computed and left out.
constexpr std::size_t kBlocks = 32, kValues = 4 * kBlocks;
using Blocks = std::array<std::array<std::uint32_t, kBlocks>, 4>;  // [word][block]

/// The ten rounds of Philox on one counter; always part of whoever calls, and so of its vectors.
[[gnu::always_inline]] inline void rounds(std::uint32_t& c0, std::uint32_t& c1, std::uint32_t& c2, std::uint32_t& c3,
                                          std::uint32_t key0, std::uint32_t key1) {
#pragma GCC unroll 10
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t{0xD2511F53} * c0, p1 = std::uint64_t{0xCD9E8D57} * c2;
    c0 = static_cast<std::uint32_t>(p1 >> 32) ^ c1 ^ key0;
    c2 = static_cast<std::uint32_t>(p0 >> 32) ^ c3 ^ key1;
    c1 = static_cast<std::uint32_t>(p1);
    c3 = static_cast<std::uint32_t>(p0);
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
}

/// Random::words of the blocks from `first` on.
template <bool fused>
[[gnu::always_inline]] inline void fill(const Random& random, std::uint32_t index, std::uint32_t first, Blocks& words) {
  const auto low = static_cast<std::uint32_t>(random.seed), high = static_cast<std::uint32_t>(random.seed >> 32);
  const std::uint32_t step = random.step, stream = random.stream;
  for (std::size_t b = 0; b < kBlocks; ++b) {
    std::uint32_t c0 = index, c1 = step, c2 = stream, c3 = first + static_cast<std::uint32_t>(b);
    rounds(c0, c1, c2, c3, low, high);
    words[0][b] = c0;
    words[1][b] = c1;
    words[2][b] = c2;
    words[3][b] = c3;
  }
}
GANYMEDE_FOR_EVERY_UNIT(fill_words, fill,
                        (const Random& random, std::uint32_t index, std::uint32_t first, Blocks& words),
                        (random, index, first, words))

using Words = std::array<std::uint32_t, kBlocks>;
using Floats = std::array<float, kBlocks>;

/// Two normals a block from two of its words: the length of an arrow, and how far it is turned.
template <bool fused>
[[gnu::always_inline]] inline void make_normals(const Words& length, const Words& turn, Floats& across, Floats& up) {
  std::array<double, kBlocks> radius, sine, cosine;
  for (std::size_t b = 0; b < kBlocks; ++b)
    radius[b] = std::sqrt(-2 * portable::log((length[b] + 0.5) * 0x1p-32));  // of a number in (0, 1)
  for (std::size_t b = 0; b < kBlocks; ++b) portable::sincos_turn<fused>(turn[b] * 0x1p-32, sine[b], cosine[b]);
  for (std::size_t b = 0; b < kBlocks; ++b) {
    across[b] = static_cast<float>(radius[b] * cosine[b]);
    up[b] = static_cast<float>(radius[b] * sine[b]);
  }
}
GANYMEDE_FOR_EVERY_UNIT(box_muller, make_normals, (const Words& length, const Words& turn, Floats& across, Floats& up),
                        (length, turn, across, up))

}  // namespace

PhiloxWords philox4x32(PhiloxWords c, std::array<std::uint32_t, 2> key) {
  rounds(c[0], c[1], c[2], c[3], key[0], key[1]);
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
  Blocks words;
  for (std::size_t first = 0; first < out.size(); first += kValues) {
    fill_words(*this, index, static_cast<std::uint32_t>(first / 4), words);
    const std::size_t values = std::min(out.size() - first, kValues);
    for (std::size_t i = 0; i < values; ++i) out[first + i] = static_cast<float>(words[i % 4][i / 4] >> 8) * 0x1p-24f;
  }
}

void Random::normal(std::uint32_t index, std::span<float> out) const {
  Blocks words;
  std::array<std::array<float, kBlocks>, 4> normals;
  for (std::size_t first = 0; first < out.size(); first += kValues) {
    fill_words(*this, index, static_cast<std::uint32_t>(first / 4), words);
    box_muller(words[0], words[1], normals[0], normals[1]);
    box_muller(words[2], words[3], normals[2], normals[3]);
    const std::size_t values = std::min(out.size() - first, kValues);
    for (std::size_t i = 0; i < values; ++i) out[first + i] = normals[i % 4][i / 4];
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
