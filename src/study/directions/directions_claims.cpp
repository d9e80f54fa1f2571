#include "study/directions/directions_claims.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "measure/separability.hpp"

namespace ganymede::study {
namespace {

constexpr double kNoShare = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kFewestOfAKind = 10;

std::vector<std::uint8_t> above(const std::vector<double>& values, double threshold) {
  std::vector<std::uint8_t> kinds;
  for (const double v : values) kinds.push_back(v > threshold ? 1 : 0);
  return kinds;
}

bool has_enough_of_both(const std::vector<std::uint8_t>& kinds) {
  const auto yes = static_cast<std::int64_t>(std::ranges::count(kinds, 1));
  return std::min(yes, std::ssize(kinds) - yes) >= kFewestOfAKind;
}

double along_normal(std::span<const double> normal, std::span<const float> z) {
  double sum = 0;
  for (std::size_t i = 0; i < normal.size(); ++i) sum += normal[i] * static_cast<double>(z[i]);
  return sum;
}

// Where a told attribute stands among the measured names.
struct ToldAttribute {
  const explore::AttributeDirection* of = nullptr;
  std::size_t measured = 0;
  double sign = 1;  // to where the score rises
};
std::vector<ToldAttribute> told_attributes(const explore::AttributeDirections& found,
                                           const std::vector<std::string>& names) {
  std::vector<ToldAttribute> told;
  for (const explore::AttributeDirection& one : found.attributes) {
    const auto name = std::ranges::find(names, one.name);
    if (!one.told || name == names.end()) continue;
    told.push_back(
        {.of = &one, .measured = static_cast<std::size_t>(name - names.begin()), .sign = one.slope < 0 ? -1.0 : 1.0});
  }
  return told;
}

double product(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// Mean change of every measured score, once all z are moved.
std::vector<double> mean_changes(
    const measure::Features& z, std::span<const double> direction, double step,
    const std::vector<std::vector<double>>& before,
    const std::function<std::vector<std::vector<double>>(std::span<const float>)>& scores) {
  std::vector<float> moved(z.values.begin(), z.values.end());
  for (std::size_t i = 0; i < moved.size(); ++i)
    moved[i] = static_cast<float>(moved[i] + step * direction[i % direction.size()]);
  const std::vector<std::vector<double>> after = scores(moved);
  std::vector<double> changes;
  for (std::size_t s = 0; s < before.size(); ++s)
    changes.push_back(measure::mean_of(after[s]) - measure::mean_of(before[s]));
  return changes;
}

}  // namespace

Separated separate(const measure::Features& z, const std::vector<double>& values, const measure::Features& fresh_z,
                   const std::vector<double>& fresh_values) {
  std::vector<double> ascending = values;
  std::ranges::sort(ascending);
  const double median = measure::quantile(ascending, 0.5);
  const std::vector<std::uint8_t> kinds = above(values, median), fresh = above(fresh_values, median);
  if (!has_enough_of_both(kinds) || !has_enough_of_both(fresh)) return {kNoShare, kNoShare, kNoShare, kNoShare};
  const measure::Hyperplane plane = measure::separating_hyperplane(z, kinds);
  const auto count = static_cast<double>(fresh.size()), yes = static_cast<double>(std::ranges::count(fresh, 1));
  double right = 0, yes_told = 0, no_told = 0;
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    const double place = along_normal(plane.normal, fresh_z.row(static_cast<std::int64_t>(i)));
    right += (place + plane.offset > 0) == (fresh[i] == 1);
    if (fresh[i] == 1) yes_told += place > 0;
    if (fresh[i] == 0) no_told += place <= 0;
  }
  return {.balanced = (yes_told / yes + no_told / (count - yes)) / 2,
          .with_offset = right / count,
          .commonest = std::max(yes, count - yes) / count,
          .offset = plane.offset};
}

double share_told(const std::vector<double>& measured, const std::vector<double>& told) {
  double missed = 0, all = 0;
  for (std::size_t i = 0; i < measured.size(); ++i) {
    missed += (measured[i] - told[i]) * (measured[i] - told[i]);
    all += measured[i] * measured[i];
  }
  return all > 0 ? 1 - missed / all : kNoShare;
}

double covariance_told(const explore::AttributeDirections& found) {
  const std::size_t n = found.attributes.size();
  std::vector<double> measured, told;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      if (i == j || !found.attributes[i].told || !found.attributes[j].told) continue;
      measured.push_back(found.entanglement.measured[i * n + j]);
      told.push_back(found.entanglement.model[i * n + j]);
    }
  }
  return share_told(measured, told);
}

double side_effects_told(const explore::AttributeDirections& found, const explore::Proof& proof) {
  const std::vector<ToldAttribute> attributes = told_attributes(found, proof.measured);
  std::vector<double> measured, told;
  for (const explore::ProofRow& row : proof.rows) {
    if (row.what != explore::AlongWhat::normal) continue;
    const auto target =
        std::ranges::find_if(attributes, [&](const ToldAttribute& one) { return one.of->name == row.target; });
    if (target == attributes.end()) continue;
    for (const ToldAttribute& other : attributes) {
      if (other.of == target->of) continue;
      measured.push_back(row.changes[other.measured].value);
      told.push_back(proof.step * target->sign * other.of->slope * product(other.of->normal, target->of->normal) /
                     other.of->deviation);
    }
  }
  return share_told(measured, told);
}

Pairs prove_pairs(const explore::AttributeDirections& found, const measure::Features& z, double step,
                  const std::vector<std::string>& names,
                  const std::function<std::vector<std::vector<double>>(std::span<const float> z)>& scores) {
  const std::vector<ToldAttribute> attributes = told_attributes(found, names);
  Pairs pairs;
  if (attributes.size() < 2) return pairs;
  const std::vector<std::vector<double>> before = scores(z.values);
  for (const ToldAttribute& one : attributes) {
    const std::vector<double> plain = mean_changes(z, one.of->normal, one.sign * step, before, scores);
    for (const ToldAttribute& other : attributes) {
      if (other.of == one.of) continue;
      const measure::ProjectedDirection left = measure::projected(one.of->normal, {other.of->normal});
      if (left.direction.empty()) continue;
      const std::vector<double> kept = mean_changes(z, left.direction, one.sign * step, before, scores);
      ++pairs.count;
      pairs.other_before += std::fabs(plain[other.measured]) / other.of->deviation;
      pairs.other_after += std::fabs(kept[other.measured]) / other.of->deviation;
      pairs.own_before += plain[one.measured] / one.of->deviation;
      pairs.own_after += kept[one.measured] / one.of->deviation;
    }
  }
  for (double* sum : {&pairs.other_before, &pairs.other_after, &pairs.own_before, &pairs.own_after})
    *sum = pairs.count > 0 ? *sum / static_cast<double>(pairs.count) : kNoShare;
  return pairs;
}

}  // namespace ganymede::study
