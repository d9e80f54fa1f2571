#include "explore/attributes/ticks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/error.hpp"
#include "explore/attributes/fit_normals.hpp"
#include "measure/distributions.hpp"
#include "measure/linear_model.hpp"

namespace ganymede::explore {
namespace {

constexpr std::int64_t kParts = 10;
constexpr std::int64_t kLeastTicks = 2;  // of either kind

double over_plane(const measure::Hyperplane& plane, std::span<const float> z) {
  return place_along(plane.normal, z) + plane.offset;
}

// Score = intercept + slope (place over the plane), of the rows that the plane is of.
struct TickLine {
  measure::Hyperplane plane;
  double slope = 0, intercept = 0;
};

TickLine line_of(const measure::Features& z, std::span<const std::uint8_t> yes) {
  TickLine line{.plane = measure::separating_hyperplane(z, yes)};
  measure::FeatureMatrix places{.values = {}, .dim = 1};
  std::vector<double> scores;
  for (std::int64_t i = 0; i < z.count(); ++i) {
    places.values.push_back(static_cast<float>(over_plane(line.plane, z.row(i))));
    scores.push_back(yes[static_cast<std::size_t>(i)]);
  }
  if (z.count() < 3) return line;
  const measure::LinearModel model = measure::least_squares(places, std::span(&scores, 1))[0];
  line.slope = model.weights[0];
  line.intercept = model.intercept;
  return line;
}

// Each tick that was offered at random, told by the plane of the ticks outside its part.
struct ToldTicks {
  std::vector<double> measured, told;
  std::int64_t right = 0;
};

ToldTicks told_outside(const Ticks& ticks) {
  const measure::Features z = ticks.z;
  std::vector<std::int64_t> judged;
  for (std::int64_t i = 0; i < z.count(); ++i) {
    if (ticks.offered[static_cast<std::size_t>(i)] != 0) judged.push_back(i);
  }
  const std::int64_t parts = std::min(kParts, std::ssize(judged));
  ToldTicks found;
  for (std::int64_t part = 0; part < parts; ++part) {
    std::vector<std::int64_t> held, fitted;
    for (std::int64_t k = part; k < std::ssize(judged); k += parts) held.push_back(judged[static_cast<std::size_t>(k)]);
    std::vector<std::uint8_t> yes;
    for (std::int64_t i = 0; i < z.count(); ++i) {
      if (std::ranges::find(held, i) != held.end()) continue;
      fitted.push_back(i);
      yes.push_back(ticks.yes[static_cast<std::size_t>(i)]);
    }
    const bool one_kind = std::ranges::adjacent_find(yes, std::not_equal_to<>()) == yes.end();
    const TickLine line = one_kind ? TickLine{} : line_of(measure::gather(z, fitted), yes);
    for (const std::int64_t i : held) {
      const bool is = ticks.yes[static_cast<std::size_t>(i)] != 0;
      const double place = one_kind ? 0 : over_plane(line.plane, z.row(i));
      const bool says = one_kind ? !yes.empty() && yes[0] != 0 : place > 0;
      found.measured.push_back(is ? 1 : 0);
      found.told.push_back(one_kind ? (says ? 1.0 : 0.0) : line.intercept + line.slope * place);
      found.right += says == is;
    }
  }
  return found;
}

}  // namespace

TickedPlane fit_ticks(const Ticks& ticks, const std::string& name) {
  const measure::Features z = ticks.z;
  measure::check(z, 2, "ticks", "z");
  if (std::ssize(ticks.yes) != z.count() || std::ssize(ticks.offered) != z.count()) {
    fail<ShapeError>("ticks: wanted a yes or no for each of {} samples, found {} and {}", z.count(), ticks.yes.size(),
                     ticks.offered.size());
  }
  const auto yes = std::ranges::count_if(ticks.yes, [](std::uint8_t y) { return y != 0; });
  const auto offered = std::ranges::count_if(ticks.offered, [](std::uint8_t o) { return o != 0; });
  if (yes < kLeastTicks || z.count() - yes < kLeastTicks || offered < kLeastTicks) {
    fail<DataError>("a direction wants {} ticks or more of either kind, found {} yes and {} no", kLeastTicks, yes,
                    z.count() - yes);
  }
  const TickLine line = line_of(z, ticks.yes);
  const ToldTicks outside = told_outside(ticks);
  TickedPlane result{.plane = line.plane, .accuracy = {}, .judged = std::ssize(outside.measured), .found = {}};
  const auto judged = static_cast<double>(result.judged);
  result.accuracy = {static_cast<double>(outside.right) / judged,
                     measure::clopper_pearson(static_cast<double>(outside.right), result.judged)};
  const double share = measure::mean_of(outside.measured);
  result.commonest = std::max(share, 1 - share);

  AttributeDirection one{.name = name,
                         .sentence = "ticked by hand",
                         .binary = true,
                         .normal = line.plane.normal,
                         .offset = line.plane.offset,
                         .slope = line.slope,
                         .intercept = line.intercept + line.slope * line.plane.offset,
                         .explained = {}};
  std::vector<double> scores(ticks.yes.begin(), ticks.yes.end());
  one.mean = measure::mean_of(scores);
  one.deviation = measure::deviation_of(scores, 1);
  one.accuracy = result.accuracy;
  one.commonest = result.commonest;
  const measure::Explained explained = measure::explained(outside.measured, outside.told);
  one.explained = {explained.value, explained.interval};
  one.told = result.accuracy.interval.low > result.commonest || explained.interval.low > 0;
  if (one.told) {
    one.alone = measure::projected(one.normal, {});
    one.orthogonal = one.normal;
  }
  AttributeDirections& found = result.found;
  found.count = z.count();
  found.held_out = result.judged;
  found.variance = variance_of(z);
  Entanglement& alone = found.entanglement;
  constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
  alone.cosines = alone.measured = {1};
  alone.model = {found.variance * std::pow(one.slope / one.deviation, 2)};
  alone.off_diagonal = alone.cosine = {kNothing, {kNothing, kNothing}};
  alone.measured_off_diagonal = kNothing;
  alone.sentence = fmt::format(
      "{} ticks, {} of them yes; told outside the fit: {:.2f} [{:.2f}, {:.2f}] of {}, {:.2f} by the commoner.",
      found.count, yes, result.accuracy.value, result.accuracy.interval.low, result.accuracy.interval.high,
      result.judged, result.commonest);
  found.attributes.push_back(std::move(one));
  return result;
}

std::vector<std::int64_t> least_sure(const measure::Hyperplane& plane, const measure::Features& pool,
                                     std::int64_t count, const std::vector<std::int64_t>& without) {
  std::vector<std::int64_t> order;
  std::vector<double> distance;
  for (std::int64_t i = 0; i < pool.count(); ++i) {
    distance.push_back(std::fabs(over_plane(plane, pool.row(i))));
    if (std::ranges::find(without, i) == without.end()) order.push_back(i);
  }
  std::ranges::stable_sort(order, {}, [&](std::int64_t i) { return distance[static_cast<std::size_t>(i)]; });
  order.resize(static_cast<std::size_t>(std::clamp<std::int64_t>(count, 0, std::ssize(order))));
  return order;
}

}  // namespace ganymede::explore
