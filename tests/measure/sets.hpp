#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "base/philox.hpp"
#include "measure/features.hpp"

namespace ganymede::measure::testing {

/// Rows of `dim` values.
inline FeatureMatrix rows(std::int64_t dim, std::initializer_list<float> values) {
  return {.values = values, .dim = dim};
}

/// [count, dim] of N(shift, scale^2) in every coordinate; another `index`, other samples.
inline FeatureMatrix gaussian(std::int64_t count, std::int64_t dim, std::uint32_t index, float shift = 0,
                              float scale = 1) {
  FeatureMatrix out{.values = std::vector<float>(static_cast<std::size_t>(count * dim)), .dim = dim};
  Random(7, "test.gaussian").normal(index, out.values);
  for (float& v : out.values) v = shift + scale * v;
  return out;
}

}  // namespace ganymede::measure::testing
