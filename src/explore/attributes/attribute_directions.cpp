#include "explore/attributes/attribute_directions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "explore/attributes/fit_normals.hpp"
#include "measure/distributions.hpp"
#include "measure/linear_model.hpp"

namespace ganymede::explore {
namespace {

constexpr std::int64_t kLeastOfAKind = 10;  // of the samples that a hyperplane is fitted to

std::string why_not(const AttributeScores& scores, const HeldApart& parts) {
  const auto [low, high] = std::ranges::minmax(scores.values);
  if (low == high) return fmt::format("all {} samples have {:.4g}", with_thousands(std::ssize(scores.values)), low);
  if (!scores.binary) {
    const auto [a, b] = std::ranges::minmax(values_at(scores.values, parts.fitted));
    return a == b ? "it does not vary among the samples to fit to" : "";
  }
  const std::vector<std::uint8_t> kinds = above_half(values_at(scores.values, parts.fitted));
  const auto yes = static_cast<std::int64_t>(std::ranges::count(kinds, 1));
  const std::int64_t rarer = std::min(yes, std::ssize(kinds) - yes);
  return rarer < kLeastOfAKind ? fmt::format("{} of {} samples to fit to {} it, and {} of either kind are wanted",
                                             rarer, kinds.size(), rarer == yes ? "have" : "lack", kLeastOfAKind)
                               : "";
}

void judge_attribute(AttributeDirection& one, const AttributeScores& scores, const HeldApart& parts) {
  const std::vector<double> measured = values_at(scores.values, parts.held);
  std::vector<double> told;
  std::int64_t right = 0, yes = 0;
  for (std::int64_t i = 0; i < parts.z_held.count(); ++i) {
    const double at = place_along(one.normal, parts.z_held.view().row(i));
    const bool is = measured[static_cast<std::size_t>(i)] > 0.5;
    told.push_back(one.intercept + one.slope * at);
    right += (at + one.offset > 0) == is;
    yes += is;
  }
  const measure::Explained found = measure::explained(measured, told);
  one.explained = {found.value, found.interval};
  one.told = found.interval.low > 0;
  if (!one.binary) return;
  const auto count = static_cast<std::int64_t>(measured.size());
  one.accuracy = {static_cast<double>(right) / static_cast<double>(count),
                  measure::clopper_pearson(static_cast<double>(right), count)};
  one.commonest = static_cast<double>(std::max(yes, count - yes)) / static_cast<double>(count);
  one.told = one.told || one.accuracy->interval.low > one.commonest;
}

// The conditional directions and the orthogonalised set, of what is told.
void set_apart(std::vector<AttributeDirection>& attributes) {
  const std::vector<std::size_t> told = told_of(attributes);
  measure::Normals all;
  for (const std::size_t a : told) all.push_back(attributes[a].normal);
  const measure::Normals set = measure::orthogonalised(all);
  for (std::size_t i = 0; i < told.size(); ++i) {
    measure::Normals others = all;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    attributes[told[i]].alone = measure::projected(all[i], others);
    if (!set.empty()) attributes[told[i]].orthogonal = set[i];
  }
}

}  // namespace

std::vector<std::size_t> told_of(const std::vector<AttributeDirection>& attributes) {
  std::vector<std::size_t> told;
  for (std::size_t a = 0; a < attributes.size(); ++a) {
    if (attributes[a].told) told.push_back(a);
  }
  return told;
}

AttributeDirections fit_directions(const measure::Features& z, const std::vector<AttributeScores>& scores,
                                   const DirectionOptions& options) {
  measure::check(z, 2, "directions", "z");
  for (const AttributeScores& one : scores) {
    if (std::ssize(one.values) != z.count()) {
      fail<ShapeError>("directions: wanted a score of {} for every z, found {} for {}", one.name, one.values.size(),
                       z.count());
    }
  }
  const HeldApart parts = hold_apart(z, options);
  AttributeDirections found{.count = z.count(),
                            .held_out = parts.z_held.count(),
                            .variance = variance_of(z),
                            .attributes = {},
                            .left_out = {},
                            .entanglement = {}};
  std::vector<AttributeScores> kept, fitted_scores;
  for (const AttributeScores& one : scores) {
    if (const std::string why = why_not(one, parts); !why.empty()) {
      found.left_out.push_back({one.name, why});
      continue;
    }
    kept.push_back(one);
    fitted_scores.push_back(one);
    fitted_scores.back().values = values_at(one.values, parts.fitted);
  }
  const std::vector<FittedNormal> fitted = fit_normals(parts.z_fitted, fitted_scores);
  for (std::size_t a = 0; a < kept.size(); ++a) {
    AttributeDirection& one = found.attributes.emplace_back();
    one.name = kept[a].name;
    one.sentence = kept[a].sentence;
    one.binary = kept[a].binary;
    one.normal = fitted[a].normal;
    one.offset = fitted[a].offset;
    one.slope = fitted[a].slope;
    one.intercept = fitted[a].intercept;
    one.mean = measure::mean_of(kept[a].values);
    one.deviation = measure::deviation_of(kept[a].values, 1);
    judge_attribute(one, kept[a], parts);
  }
  if (found.attributes.empty()) return found;
  judge_entanglement(found, fitted, kept, parts, options);
  set_apart(found.attributes);
  return found;
}

}  // namespace ganymede::explore
