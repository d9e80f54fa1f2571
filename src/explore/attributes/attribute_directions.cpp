#include "explore/attributes/attribute_directions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/error.hpp"
#include "base/text.hpp"
#include "measure/distributions.hpp"
#include "measure/linear_model.hpp"
#include "measure/separability.hpp"

namespace ganymede::explore {
namespace {

constexpr std::int64_t kLeastOfAKind = 10;  // of the samples that a hyperplane is fitted to

// The samples that directions are fitted to, and the others.
struct HeldApart {
  std::vector<std::int64_t> fitted, held;
  measure::FeatureMatrix z_fitted, z_held;
};

HeldApart hold_apart(const measure::Features& z, const DirectionOptions& options) {
  HeldApart parts;
  const auto held = static_cast<std::int64_t>(options.hold_out * static_cast<double>(z.count()));
  std::vector<std::int64_t> order = measure::permutation(z.count(), Random(options.seed, "explore.hold_out"), 0);
  parts.held.assign(order.begin(), order.begin() + held);
  parts.fitted.assign(order.begin() + held, order.end());
  std::ranges::sort(parts.held);
  std::ranges::sort(parts.fitted);
  if (held < 10 || std::ssize(parts.fitted) < z.dim + 2) {
    fail<DataError>("directions of {} coordinates want {} samples or more, found {}", z.dim,
                    std::max<std::int64_t>(34, (z.dim + 3) * 10 / 7 + 1), z.count());
  }
  parts.z_fitted = measure::gather(z, parts.fitted);
  parts.z_held = measure::gather(z, parts.held);
  return parts;
}

std::vector<double> values_at(const std::vector<double>& values, std::span<const std::int64_t> indices) {
  std::vector<double> found;
  for (const std::int64_t i : indices) found.push_back(values[static_cast<std::size_t>(i)]);
  return found;
}

std::vector<std::uint8_t> above_half(std::span<const double> values) {
  std::vector<std::uint8_t> kinds;
  for (const double v : values) kinds.push_back(v > 0.5 ? 1 : 0);
  return kinds;
}

double place_along(std::span<const double> normal, std::span<const float> z) {
  double sum = 0;
  for (std::size_t i = 0; i < normal.size(); ++i) sum += normal[i] * static_cast<double>(z[i]);
  return sum;
}

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

struct FittedNormal {
  std::vector<double> normal;
  double offset = 0, slope = 0, intercept = 0;
};

// Fitted to the rows of z, `times` each (a resample; none: once). Scores are of these rows.
std::vector<FittedNormal> fit_normals(const measure::Features& z, const std::vector<AttributeScores>& scores,
                                      std::span<const std::int64_t> times = {}) {
  std::vector<std::vector<double>> columns;
  for (const AttributeScores& one : scores) columns.push_back(one.values);
  const std::vector<measure::LinearModel> models = measure::least_squares(z, columns, times);
  std::vector<std::int64_t> rows;  // as often as they count
  for (std::int64_t i = 0; i < z.count(); ++i)
    rows.insert(rows.end(), times.empty() ? 1U : static_cast<std::size_t>(times[static_cast<std::size_t>(i)]), i);
  std::vector<FittedNormal> found;
  for (std::size_t a = 0; a < scores.size(); ++a) {
    FittedNormal& one = found.emplace_back();
    const std::vector<double>& weights = models[a].weights;
    const double length = std::sqrt(std::inner_product(weights.begin(), weights.end(), weights.begin(), 0.0));
    const std::vector<double> values = values_at(scores[a].values, rows);
    if (!scores[a].binary) {
      for (const double w : weights) one.normal.push_back(length > 0 ? w / length : 0);
      one.slope = length;
      one.intercept = models[a].intercept;
      one.offset = length > 0 ? (models[a].intercept - measure::mean_of(values)) / length : 0;
      continue;
    }
    const std::vector<std::uint8_t> kinds = above_half(values);
    if (std::ranges::adjacent_find(kinds, std::not_equal_to<>()) == kinds.end()) {  // a resample of one kind
      one.normal.assign(static_cast<std::size_t>(z.dim), 0);
      continue;
    }
    const measure::Hyperplane plane = measure::separating_hyperplane(measure::gather(z, rows), kinds);
    one.normal = plane.normal;
    one.offset = plane.offset;
    measure::FeatureMatrix line{.values = {}, .dim = 1};
    for (std::int64_t i = 0; i < z.count(); ++i)
      line.values.push_back(static_cast<float>(place_along(plane.normal, z.row(i))));
    const measure::LinearModel model = measure::least_squares(line, std::span(&columns[a], 1), times)[0];
    one.slope = model.weights[0];
    one.intercept = model.intercept;
  }
  return found;
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

// Where the told attributes stand among all.
std::vector<std::size_t> told_of(const std::vector<AttributeDirection>& attributes) {
  std::vector<std::size_t> told;
  for (std::size_t a = 0; a < attributes.size(); ++a) {
    if (attributes[a].told) told.push_back(a);
  }
  return told;
}

// Sigma_s of the chosen ones, in units of the measured deviations.
std::vector<double> model_of(const std::vector<FittedNormal>& fitted, const std::vector<AttributeDirection>& attributes,
                             std::span<const std::size_t> chosen, double variance) {
  measure::Normals normals;
  std::vector<double> slopes;
  for (const std::size_t a : chosen) {
    normals.push_back(fitted[a].normal);
    slopes.push_back(fitted[a].slope / attributes[a].deviation);
  }
  return measure::model_covariance(normals, slopes, variance);
}

std::string sentence_of(const Entanglement& found, std::size_t told, std::int64_t dim) {
  const std::string pair = fmt::format("{} and {} have the cosine {:.2f} [{:.2f}, {:.2f}]", found.first, found.second,
                                       found.cosine.value, found.cosine.interval.low, found.cosine.interval.high);
  if (told < 2) {
    return fmt::format(
        "Whether the model is disentangled cannot be told: {} attribute{} that z tells, and two are wanted.", told,
        told == 1 ? "" : "s");
  }
  const std::string crowd = std::cmp_greater(told, dim)
                                ? fmt::format(" {} attributes in {} dimensions cannot all be orthogonal.", told, dim)
                                : std::string();
  switch (found.verdict) {
    case Disentangled::yes:
      return fmt::format(
          "Disentangled, so far as these {} attributes go: no two normals have a cosine above {} in size ({}; "
          "95 % of the resamples stay below {:.2f}).",
          told, kOrthogonal, pair, found.most);
    case Disentangled::no:
      return fmt::format("Entangled: {}; {:.0f} % of Sigma_s lies off its diagonal.{}", pair,
                         100 * found.off_diagonal.value, crowd);
    case Disentangled::unknown:
      break;
  }
  return fmt::format(
      "Whether the model is disentangled cannot be told from so many samples: {}, and orthogonal means up "
      "to {}.{}",
      pair, kOrthogonal, crowd);
}

double product_of_normals(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

measure::Interval holding_value(double value, std::vector<double> resampled) {
  measure::Interval interval = measure::percentiles(std::move(resampled), 0.95);
  return {std::min(interval.low, value), std::max(interval.high, value)};
}

void judge_entanglement(AttributeDirections& found, const std::vector<FittedNormal>& fitted,
                        const std::vector<AttributeScores>& scores, const HeldApart& parts,
                        const DirectionOptions& options) {
  Entanglement& judged = found.entanglement;
  std::vector<std::size_t> all(found.attributes.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  measure::Normals normals;
  for (const FittedNormal& one : fitted) normals.push_back(one.normal);
  judged.cosines = measure::cosines_of(normals);
  judged.model = model_of(fitted, found.attributes, all, found.variance);
  std::vector<std::vector<double>> units;
  for (std::size_t a = 0; a < scores.size(); ++a) {
    units.push_back(scores[a].values);
    for (double& v : units.back()) v /= found.attributes[a].deviation;
  }
  judged.measured = measure::covariance_of(units);
  const std::vector<std::size_t> told = told_of(found.attributes);
  const auto count = std::ssize(told);
  if (count < 2) {
    judged.off_diagonal = {std::nan(""), {std::nan(""), std::nan("")}};
    judged.measured_off_diagonal = judged.cosine.value = std::nan("");
    judged.sentence = sentence_of(judged, told.size(), parts.z_fitted.dim);
    return;
  }
  measure::Normals chosen;
  std::vector<AttributeScores> chosen_scores;
  std::vector<std::vector<double>> chosen_units;
  std::vector<AttributeDirection> chosen_attributes;
  for (const std::size_t a : told) {
    chosen.push_back(normals[a]);
    chosen_units.push_back(units[a]);
    chosen_attributes.push_back(found.attributes[a]);
    chosen_scores.push_back(scores[a]);
    chosen_scores.back().values = values_at(scores[a].values, parts.fitted);
  }
  const measure::LargestCosine largest = measure::largest_cosine(chosen);
  const auto i = static_cast<std::size_t>(largest.first), j = static_cast<std::size_t>(largest.second);
  judged.first = found.attributes[told[i]].name;
  judged.second = found.attributes[told[j]].name;
  judged.measured_off_diagonal = measure::off_diagonal_share(measure::covariance_of(chosen_units), count);
  std::vector<std::size_t> places(told.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  std::vector<double> shares, cosines, most;
  const std::int64_t n = parts.z_fitted.count();
  for (int r = 0; r < options.resamples; ++r) {
    RandomSequence random(Random(options.seed, "explore.directions.bootstrap"), static_cast<std::uint32_t>(r));
    std::vector<std::int64_t> times(static_cast<std::size_t>(n));
    for (std::int64_t k = 0; k < n; ++k) ++times[random.below(static_cast<std::uint32_t>(n))];
    const std::vector<FittedNormal> again = fit_normals(parts.z_fitted, chosen_scores, times);
    measure::Normals normals_again;
    for (const FittedNormal& one : again) normals_again.push_back(one.normal);
    shares.push_back(measure::off_diagonal_share(model_of(again, chosen_attributes, places, found.variance), count));
    cosines.push_back(product_of_normals(again[i].normal, again[j].normal));
    most.push_back(std::fabs(measure::largest_cosine(normals_again).value));
  }
  std::vector<FittedNormal> own;
  for (const std::size_t a : told) own.push_back(fitted[a]);
  const double share = measure::off_diagonal_share(model_of(own, chosen_attributes, places, found.variance), count);
  judged.off_diagonal = {share, holding_value(share, std::move(shares))};
  judged.cosine = {largest.value, holding_value(largest.value, std::move(cosines))};
  std::ranges::sort(most);
  judged.most = measure::quantile(most, 0.95);
  const measure::Interval& c = judged.cosine.interval;
  judged.verdict = c.low > kOrthogonal || c.high < -kOrthogonal                            ? Disentangled::no
                   : judged.most <= kOrthogonal && std::fabs(largest.value) <= kOrthogonal ? Disentangled::yes
                                                                                           : Disentangled::unknown;
  judged.sentence = sentence_of(judged, told.size(), parts.z_fitted.dim);
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

double variance_of(const measure::Features& z) {
  double sum = 0;
  for (std::int64_t k = 0; k < z.dim; ++k) {
    std::vector<double> column;
    for (std::int64_t i = 0; i < z.count(); ++i)
      column.push_back(static_cast<double>(z.row(i)[static_cast<std::size_t>(k)]));
    sum += std::pow(measure::deviation_of(column, 1), 2);
  }
  return sum / static_cast<double>(z.dim);
}

}  // namespace

const char* name_of(Disentangled verdict) {
  switch (verdict) {
    case Disentangled::yes:
      return "yes";
    case Disentangled::no:
      return "no";
    case Disentangled::unknown:
      break;
  }
  return "cannot tell";
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
