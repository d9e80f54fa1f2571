#include "explore/seen.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace ganymede::explore {

std::vector<Seen> seen_in(const Tensor& probabilities) {
  const auto classes = static_cast<std::size_t>(probabilities.shape().at(1));
  const auto values = probabilities.values<float>();
  std::vector<Seen> seen;
  for (std::size_t first = 0; first < values.size(); first += classes) {
    const auto row = values.subspan(first, classes);
    seen.push_back({static_cast<std::int32_t>(std::ranges::max_element(row) - row.begin()), {row.begin(), row.end()}});
  }
  return seen;
}

std::string words_of(const Seen& seen, std::span<const std::string> class_names, std::size_t most) {
  constexpr float kWorthSaying = 0.005F;
  std::vector<std::size_t> order(seen.probabilities.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order,
                           [&](std::size_t a, std::size_t b) { return seen.probabilities[a] > seen.probabilities[b]; });
  std::string text;
  for (std::size_t i = 0; i < std::min(most, order.size()); ++i) {
    const float share = seen.probabilities[order[i]];
    if (i > 0 && share < kWorthSaying) break;
    text += fmt::format("{}{} ({:.1f} %)", text.empty() ? "" : ", ", class_names[order[i]], 100 * share);
  }
  return text;
}

}  // namespace ganymede::explore
