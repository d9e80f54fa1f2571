#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace ganymede::measure {

/// Random orders as NumPy's RandomState(seed) draws them, to the number: scores of torch-fidelity depend on them, and
/// whoever is to agree with it must draw the same subsets and splits.
///
/// MT19937 (Matsumoto and Nishimura 1998; the standard library has it, seeded alike); an order is the shuffle of
/// Fisher and Yates from the last place down, each place drawn as the lowest bits that it needs of a 32-bit number,
/// again while they are beyond it (numpy/random/mtrand: permutation, and choice without replacement, which takes its
/// front).
class NumPyOrder {
 public:
  explicit NumPyOrder(std::uint32_t seed) : engine_(seed) {}

  /// 0 ... count - 1 in the next order, count below 2^32: RandomState.permutation(count).
  std::vector<std::int64_t> permutation(std::int64_t count);
  /// Its front: RandomState.choice(count, size, replace=False). size <= count.
  std::vector<std::int64_t> choice(std::int64_t count, std::int64_t size);

 private:
  std::uint32_t up_to(std::uint32_t most);

  std::mt19937 engine_;
};

}  // namespace ganymede::measure
