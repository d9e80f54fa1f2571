#include "measure/agreement.hpp"

#include <limits>
#include <numeric>

#include "base/error.hpp"

namespace ganymede::measure {

Agreement agreement(std::span<const std::vector<std::int64_t>> counts) {
  Agreement found{.share = std::numeric_limits<double>::quiet_NaN(), .kappa = std::numeric_limits<double>::quiet_NaN()};
  const std::size_t categories = counts.empty() ? 0 : counts.front().size();
  std::vector<std::int64_t> totals(categories);
  std::int64_t alike = 0, ordered = 0;  // ordered pairs of answers
  for (const std::vector<std::int64_t>& row : counts) {
    if (row.size() != categories)
      fail<ShapeError>("agreement: wanted {} counts for every thing, found {}", categories, row.size());
    for (const std::int64_t n : row) {
      if (n < 0) fail<ConfigError>("agreement: wanted counts of 0 or more, found {}", n);
    }
    const std::int64_t answers = std::accumulate(row.begin(), row.end(), std::int64_t{0});
    if (answers < 2) continue;
    ++found.items;
    ordered += answers * (answers - 1);
    for (std::size_t j = 0; j < categories; ++j) {
      alike += row[j] * (row[j] - 1);
      totals[j] += row[j];
    }
  }
  found.pairs = ordered / 2;
  if (ordered == 0) return found;
  found.share = static_cast<double>(alike) / static_cast<double>(ordered);
  const auto all = static_cast<double>(std::accumulate(totals.begin(), totals.end(), std::int64_t{0}));
  double by_chance = 0;
  for (const std::int64_t n : totals) by_chance += static_cast<double>(n) / all * (static_cast<double>(n) / all);
  if (by_chance < 1) found.kappa = (found.share - by_chance) / (1 - by_chance);
  return found;
}

}  // namespace ganymede::measure
