#include "explore/activity.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include "base/error.hpp"

namespace ganymede::explore {

Activity activity_of(std::span<const float> values) {
  if (values.empty()) fail<DataError>("activity: there are no values");
  // In columns, so that a compiler makes vectors of them.
  constexpr std::size_t kLanes = 8;
  std::array<double, kLanes> sums{}, squares{};
  std::array<std::int32_t, kLanes> zeros{};
  std::array<float, kLanes> least, most;
  least.fill(values[0]);
  most.fill(values[0]);
  const auto take = [&](std::size_t k, float v) {
    sums[k] += v;
    squares[k] += double{v} * v;
    zeros[k] += static_cast<std::int32_t>(v == 0);
    least[k] = std::min(least[k], v);
    most[k] = std::max(most[k], v);
  };
  const std::size_t whole = values.size() / kLanes * kLanes;
  for (std::size_t i = 0; i < whole; i += kLanes) {
    for (std::size_t k = 0; k < kLanes; ++k) take(k, values[i + k]);
  }
  for (std::size_t i = whole; i < values.size(); ++i) take(i - whole, values[i]);
  const double all_squares = std::accumulate(squares.begin(), squares.end(), 0.0);
  if (!std::isfinite(all_squares)) fail<DataError>("activity: a value is not finite");
  const auto n = static_cast<double>(values.size());
  const double rms = std::sqrt(all_squares / n);
  // |v| < bound exactly where |v| < kNearZero rms; where that is 0 all values are.
  auto bound = static_cast<float>(kNearZero * rms);
  if (bound < kNearZero * rms) bound = std::nextafter(bound, std::numeric_limits<float>::infinity());
  std::int32_t near = 0;
  for (const float v : values) near += static_cast<std::int32_t>(std::fabs(v) < bound);
  return {.zero = std::accumulate(zeros.begin(), zeros.end(), 0.0) / n,
          .near_zero = bound > 0 ? near / n : 1,
          .mean = std::accumulate(sums.begin(), sums.end(), 0.0) / n,
          .rms = rms,
          .least = std::ranges::min(least),
          .most = std::ranges::max(most)};
}

void mean_over_channels(std::span<const float> values, std::span<float> means) {
  std::vector<double> sums(means.size(), 0);
  for (std::size_t first = 0; first < values.size(); first += sums.size()) {
    for (std::size_t p = 0; p < sums.size(); ++p) sums[p] += values[first + p];
  }
  const std::size_t count = values.size() / means.size();
  const auto channels = static_cast<double>(count);
  for (std::size_t p = 0; p < sums.size(); ++p) means[p] = static_cast<float>(sums[p] / channels);
}

}  // namespace ganymede::explore
