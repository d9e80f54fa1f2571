#include "explore/attributes/direction_proof.hpp"

#include <algorithm>
#include <cmath>

namespace ganymede::explore {
namespace {

std::vector<float> moved_along(const measure::Features& z, std::span<const double> direction, double step) {
  std::vector<float> moved(z.values.begin(), z.values.end());
  for (std::size_t i = 0; i < moved.size(); ++i)
    moved[i] = static_cast<float>(moved[i] + step * direction[i % direction.size()]);
  return moved;
}

const AttributeDirection* attribute_of(const AttributeDirections& found, const std::string& name) {
  const auto one = std::ranges::find(found.attributes, name, &AttributeDirection::name);
  return one == found.attributes.end() ? nullptr : &*one;
}

}  // namespace

const char* name_of(AlongWhat what) {
  switch (what) {
    case AlongWhat::normal:
      return "normal";
    case AlongWhat::alone:
      return "conditional";
    case AlongWhat::orthogonal:
      break;
  }
  return "orthogonal";
}

double Proof::leak(AlongWhat what) const {
  double others = 0, own = 0;
  std::int64_t count_others = 0, count_own = 0;
  for (const ProofRow& row : rows) {
    if (row.what != what || std::ranges::find(measured, row.target) == measured.end()) continue;
    for (std::size_t s = 0; s < measured.size(); ++s) {
      // Of attributes that are not told nothing was promised.
      const bool is_target = measured[s] == row.target;
      const bool promised = std::ranges::any_of(rows, [&](const ProofRow& r) { return r.target == measured[s]; });
      if (!promised) continue;
      (is_target ? own : others) += std::fabs(row.changes[s].value);
      ++(is_target ? count_own : count_others);
    }
  }
  if (count_own == 0 || count_others == 0 || !(own > 0)) return std::nan("");
  return (others / static_cast<double>(count_others)) / (own / static_cast<double>(count_own));
}

std::pair<std::int64_t, std::int64_t> Proof::rises(AlongWhat what) const {
  std::pair<std::int64_t, std::int64_t> found;
  for (const ProofRow& row : rows) {
    const auto target = std::ranges::find(measured, row.target);
    if (row.what != what || target == measured.end()) continue;
    ++found.second;
    found.first += row.changes[static_cast<std::size_t>(target - measured.begin())].interval.low > 0;
  }
  return found;
}

Proof prove_directions(const AttributeDirections& found, const measure::Features& z, double step,
                       const std::vector<std::string>& names,
                       const std::function<std::vector<std::vector<double>>(std::span<const float> z)>& scores) {
  Proof proof{.step = step, .count = z.count(), .measured = names, .rows = {}};
  const std::vector<std::vector<double>> before = scores(z.values);
  for (const AlongWhat what : {AlongWhat::normal, AlongWhat::alone, AlongWhat::orthogonal}) {
    for (const AttributeDirection& one : found.attributes) {
      if (!one.told) continue;
      const std::vector<double>& direction = what == AlongWhat::normal  ? one.normal
                                             : what == AlongWhat::alone ? one.alone.direction
                                                                        : one.orthogonal;
      if (direction.empty()) continue;
      const double sign = one.slope < 0 ? -1 : 1;  // up, whatever the hyperplane says
      const std::vector<std::vector<double>> after = scores(moved_along(z, direction, sign * step));
      ProofRow& row = proof.rows.emplace_back(ProofRow{.target = one.name, .what = what, .changes = {}});
      for (std::size_t s = 0; s < names.size(); ++s) {
        const AttributeDirection* const attribute = attribute_of(found, names[s]);
        const double unit = attribute != nullptr && attribute->deviation > 0 ? attribute->deviation : 1;
        std::vector<double> changes;
        for (std::size_t i = 0; i < before[s].size(); ++i) changes.push_back((after[s][i] - before[s][i]) / unit);
        row.changes.push_back({measure::mean_of(changes), measure::mean_interval(changes)});
      }
    }
  }
  return proof;
}

}  // namespace ganymede::explore
