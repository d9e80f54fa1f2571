#include "measure/modes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/error.hpp"
#include "measure/distributions.hpp"

namespace ganymede::measure {
namespace {

std::vector<double> shares(std::span<const double> weights) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (std::ranges::any_of(weights, [](double w) { return !(w >= 0); }) || !(sum > 0) || !std::isfinite(sum)) {
    fail<DataError>("divergence: wanted weights of 0 or more with a sum above 0, found a sum of {}", sum);
  }
  std::vector<double> out(weights.begin(), weights.end());
  for (double& w : out) w /= sum;
  return out;
}

double kl_of_shares(std::span<const double> p, std::span<const double> q) {
  double sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (p[i] > 0) sum += p[i] * std::log(p[i] / q[i]);
  }
  return sum;
}

constexpr double kNormal95 = 1.959963984540054;

Interval interval_of_modes(const ModeCoverage& found, std::int64_t least) {
  if (least > 1) return {std::nan(""), std::nan("")};
  const auto once = static_cast<double>(std::ranges::count(found.counts, 1));
  const auto modes = static_cast<double>(found.modes);
  const double half = kNormal95 * std::sqrt(once);
  return {std::max(0.0, modes - half), std::min(static_cast<double>(found.counts.size()), modes + half)};
}

// Delete-one jackknife (Quenouille, Zahl 1977 of entropies), in closed form: all samples of a mode are alike. Where
// shares are as they should be its variance is 0, and what is left is of second order.
Interval interval_of_kl(const ModeCoverage& found, std::span<const double> q) {
  const auto n = static_cast<double>(std::accumulate(found.counts.begin(), found.counts.end(), std::int64_t{0}));
  if (n < 2) return {0, std::numeric_limits<double>::infinity()};
  const auto term = [&](double count, std::size_t k) { return count > 0 ? count * std::log(count / q[k]) : 0; };
  double sum = 0;
  for (std::size_t k = 0; k < q.size(); ++k) sum += term(static_cast<double>(found.counts[k]), k);
  const auto without = [&](std::size_t k) {
    const auto count = static_cast<double>(found.counts[k]);
    return (sum - term(count, k) + term(count - 1, k)) / (n - 1) - std::log(n - 1);
  };
  double mean = 0, squares = 0, met = 0;
  for (std::size_t k = 0; k < q.size(); ++k) {
    if (found.counts[k] == 0) continue;
    ++met;
    mean += static_cast<double>(found.counts[k]) / n * without(k);
  }
  for (std::size_t k = 0; k < q.size(); ++k) {
    if (found.counts[k] > 0) squares += static_cast<double>(found.counts[k]) * std::pow(without(k) - mean, 2);
  }
  const double centre = found.reverse_kl - (n - 1) * (mean - found.reverse_kl);
  const double half = kNormal95 * std::sqrt((n - 1) / n * squares + (met - 1) / (2 * n * n));
  return {std::min(std::max(0.0, centre - half), found.reverse_kl), std::max(centre + half, found.reverse_kl)};
}

void check_lengths(std::span<const double> p, std::span<const double> q) {
  if (p.size() != q.size()) fail<ShapeError>("divergence: wanted equal lengths, found {} and {}", p.size(), q.size());
}

}  // namespace

double kl_divergence(std::span<const double> p, std::span<const double> q) {
  check_lengths(p, q);
  return kl_of_shares(shares(p), shares(q));
}

double js_divergence(std::span<const double> p, std::span<const double> q) {
  check_lengths(p, q);
  const std::vector<double> a = shares(p), b = shares(q);
  std::vector<double> middle(a.size());
  std::ranges::transform(a, b, middle.begin(), [](double x, double y) { return (x + y) / 2; });
  return (kl_of_shares(a, middle) + kl_of_shares(b, middle)) / 2;
}

ModeCoverage mode_coverage(std::vector<std::int64_t> counts, std::int64_t least, std::span<const double> weights) {
  ModeCoverage out{.counts = std::move(counts), .modes_interval = {}, .kl_interval = {}};
  out.modes = std::ranges::count_if(out.counts, [&](std::int64_t n) { return n >= std::max<std::int64_t>(least, 1); });
  const std::vector<double> found(out.counts.begin(), out.counts.end());
  const std::vector<double> wanted =
      weights.empty() ? std::vector<double>(found.size(), 1) : std::vector<double>(weights.begin(), weights.end());
  if (std::ranges::all_of(found, [](double n) { return n == 0; })) {
    out.reverse_kl = out.js = std::numeric_limits<double>::quiet_NaN();
    out.kl_interval = {out.reverse_kl, out.reverse_kl};
  } else {
    out.reverse_kl = kl_divergence(found, wanted);
    out.js = js_divergence(found, wanted);
    out.kl_interval = interval_of_kl(out, shares(wanted));
  }
  out.modes_interval = interval_of_modes(out, least);
  return out;
}

ClassDivergence class_divergence(std::span<const std::int32_t> real, std::span<const std::int32_t> fake, int classes,
                                 int groups, double level) {
  const std::size_t least = 2 * static_cast<std::size_t>(groups);
  if (real.size() < least || fake.size() < least) {
    fail<DataError>("class divergence: wanted {} samples a set or more, found {} and {}", least, real.size(),
                    fake.size());
  }
  const auto counted = [&](std::span<const std::int32_t> labels, int left_out) {
    std::vector<double> counts(static_cast<std::size_t>(classes), 0);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (static_cast<int>(i % static_cast<std::size_t>(groups)) != left_out)
        ++counts[static_cast<std::size_t>(labels[i])];
    }
    return counts;
  };
  const auto without = [&](int group) { return js_divergence(counted(fake, group), counted(real, group)); };
  ClassDivergence out{.value = without(-1), .interval = {}};
  std::vector<double> values;
  for (int g = 0; g < groups; ++g) values.push_back(without(g));
  const double bias = (groups - 1) * (mean_of(values) - out.value);
  const Interval found = jackknife(out.value - bias, values, level);
  out.interval = {std::min(std::max(0.0, found.low), out.value), std::max(found.high, out.value)};
  return out;
}

MixtureCoverage mixture_coverage(const Features& fake, const data::Mixture& mixture, double within,
                                 std::int64_t least) {
  check(fake, 1, "mixture_coverage", "fake");
  const Features centres{mixture.centres, mixture.dim};
  check(centres, 1, "mixture_coverage", "centres");
  const auto modes = static_cast<std::size_t>(centres.count());
  if (fake.dim != centres.dim || mixture.deviations.size() != modes ||
      !(mixture.weights.empty() || mixture.weights.size() == modes)) {
    fail<ShapeError>("mixture_coverage: wanted {} values a sample and {} deviations and weights, found {}, {} and {}",
                     centres.dim, modes, fake.dim, mixture.deviations.size(), mixture.weights.size());
  }
  std::vector<std::int64_t> counts(modes, 0);
  MixtureCoverage out{.count = fake.count()};
  for (std::int64_t i = 0; i < fake.count(); ++i) {
    double nearest = std::numeric_limits<double>::infinity();
    std::size_t mode = 0;
    for (std::size_t k = 0; k < modes; ++k) {
      const auto x = fake.row(i), c = centres.row(static_cast<std::int64_t>(k));
      double squared = 0;
      for (std::size_t f = 0; f < x.size(); ++f) {
        squared += std::pow(static_cast<double>(x[f]) - static_cast<double>(c[f]), 2);
      }
      const double distance = std::sqrt(squared) / mixture.deviations[k];
      if (distance < nearest) nearest = distance, mode = k;
    }
    if (nearest < within) {
      ++counts[mode];
      ++out.high_quality;
    }
  }
  out.high_quality_share = static_cast<double>(out.high_quality) / static_cast<double>(out.count);
  out.interval = clopper_pearson(static_cast<double>(out.high_quality), out.count);
  out.modes = mode_coverage(std::move(counts), least, mixture.weights);
  return out;
}

}  // namespace ganymede::measure
