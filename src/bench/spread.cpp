#include "bench/spread.hpp"

#include <algorithm>
#include <cmath>

namespace ganymede::bench {

Spread Spread::times(double factor) const {
  return {.median = factor * median,
          .least = factor * least,
          .lower_quartile = factor * lower_quartile,
          .upper_quartile = factor * upper_quartile,
          .most = factor * most,
          .count = count};
}

Spread Spread::rate(double numerator) const {
  if (least <= 0) return {.count = count};
  return {.median = numerator / median,
          .least = numerator / most,
          .lower_quartile = numerator / upper_quartile,
          .upper_quartile = numerator / lower_quartile,
          .most = numerator / least,
          .count = count};
}

Spread spread_of(std::vector<double> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const auto quantile = [&](double q) {
    const double at = q * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const auto above = std::min(below + 1, values.size() - 1);
    return values[below] + (at - std::floor(at)) * (values[above] - values[below]);
  };
  return {.median = quantile(0.5),
          .least = values.front(),
          .lower_quartile = quantile(0.25),
          .upper_quartile = quantile(0.75),
          .most = values.back(),
          .count = static_cast<int>(values.size())};
}

}  // namespace ganymede::bench
