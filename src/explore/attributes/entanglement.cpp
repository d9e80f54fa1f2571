#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "base/signal.hpp"
#include "explore/attributes/fit_normals.hpp"

namespace ganymede::explore {
namespace {

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

}  // namespace

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
    if (stop_requested()) fail<Error>("directions: stopped");
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

}  // namespace ganymede::explore
