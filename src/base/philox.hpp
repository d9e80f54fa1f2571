#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace ganymede {

using PhiloxWords = std::array<std::uint32_t, 4>;

/// Philox 4x32-10 (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"): four random words
/// for a counter and a key.
PhiloxWords philox4x32(PhiloxWords counter, std::array<std::uint32_t, 2> key);

/// The 32-bit number of a stream: FNV-1a of its name, such as `dropout.discriminator.conv1`.
std::uint32_t stream_id(std::string_view name);

/// A source of random numbers without state: every number is a function of (seed, stream, step, index, block).
/// key = seed; counter = (index, step, stream, block). `index` names the thing (a sample, an epoch), `block` the four
/// words within it.
struct Random {
  std::uint64_t seed = 0;
  std::uint32_t stream = 0;
  std::uint32_t step = 0;

  Random(std::uint64_t seed_, std::string_view stream_name, std::uint32_t step_ = 0)
      : seed(seed_), stream(stream_id(stream_name)), step(step_) {}

  PhiloxWords words(std::uint32_t index, std::uint32_t block) const;

  /// Fills `out` with numbers of U[0, 1), 24 bits each: out[4 b + w] comes from word w of block b.
  void uniform(std::uint32_t index, std::span<float> out) const;
  /// Fills `out` with numbers of N(0, 1) by Box-Muller: out[4 b .. 4 b + 3] come from block b. Same bits on every
  /// machine.
  void normal(std::uint32_t index, std::span<float> out) const;
};

/// A sequential reader over one (stream, step, index): for code that draws a varying number of values, such as a
/// synthesiser.
class RandomSequence {
 public:
  RandomSequence(const Random& random, std::uint32_t index) : random_(random), index_(index) {}

  std::uint32_t word();
  /// U[0, 1) with 32 bits.
  double uniform();
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// N(0, 1).
  double normal();
  /// An integer of [0, count), count >= 1, without bias.
  std::uint32_t below(std::uint32_t count);

 private:
  Random random_;
  std::uint32_t index_;
  std::uint32_t block_ = 0;
  int used_ = 4;
  PhiloxWords words_{};
};

}  // namespace ganymede
