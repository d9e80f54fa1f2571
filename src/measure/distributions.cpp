#include "measure/distributions.hpp"

#include <cmath>
#include <numbers>
#include <unsupported/Eigen/SpecialFunctions>

#include "base/error.hpp"

namespace ganymede::measure {
namespace {

/// The x of [low, high] where the ascending `cdf` reaches p, to the last bit that halving can give.
template <class F>
double invert(const F& cdf, double p, double low, double high) {
  for (int i = 0; i < 200 && low < high; ++i) {
    const double x = low + (high - low) / 2;
    if (x == low || x == high) break;
    (cdf(x) < p ? low : high) = x;
  }
  return low + (high - low) / 2;
}

}  // namespace

double normal_cdf(double x) {
  return std::erfc(-x / std::numbers::sqrt2) / 2;
}

double normal_quantile(double p) {
  return Eigen::numext::ndtri(p);
}

double beta_cdf(double x, double a, double b) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  return Eigen::numext::betainc(a, b, x);
}

double beta_quantile(double p, double a, double b) {
  return invert([&](double x) { return beta_cdf(x, a, b); }, p, 0, 1);
}

double student_cdf(double x, double degrees) {
  const double tail = beta_cdf(degrees / (degrees + x * x), degrees / 2, 0.5) / 2;
  return x < 0 ? tail : 1 - tail;
}

double student_quantile(double p, double degrees) {
  if (p < 0.5) return -student_quantile(1 - p, degrees);
  double high = 1;
  while (student_cdf(high, degrees) < p && high < 1e300) high *= 2;
  return invert([&](double x) { return student_cdf(x, degrees); }, p, 0, high);
}

double binomial_at_least(std::int64_t successes, std::int64_t trials, double p) {
  if (successes <= 0) return 1;
  if (successes > trials) return 0;
  return beta_cdf(p, static_cast<double>(successes), static_cast<double>(trials - successes + 1));
}

Interval clopper_pearson(double successes, std::int64_t trials, double level) {
  const auto n = static_cast<double>(trials);
  if (trials < 1 || !(successes >= 0 && successes <= n) || !(level > 0 && level < 1)) {
    fail<ConfigError>("clopper_pearson: wanted successes of [0, trials] and a level of (0, 1), found {} of {} at {}",
                      successes, trials, level);
  }
  const double tail = (1 - level) / 2;
  return {successes == 0 ? 0 : beta_quantile(tail, successes, n - successes + 1),
          successes == n ? 1 : beta_quantile(1 - tail, successes + 1, n - successes)};
}

}  // namespace ganymede::measure
