#include "measure/compare.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/error.hpp"
#include "measure/distributions.hpp"

namespace ganymede::measure {
namespace {

using Values = std::vector<double>;

struct Welch {
  bool possible = false;
  Interval interval{std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
  double p = 1;
};

double largest_of(const Values& values) {
  double largest = 0;
  for (const double v : values) largest = std::max(largest, std::abs(v));
  return largest;
}

/// Not possible without spread: two seeds that happen to agree (a count of classes) do not make every difference sure.
Welch welch(const Values& a, const Values& b, double alpha) {
  const double difference = mean_of(a) - mean_of(b);
  const auto n = static_cast<double>(a.size()), m = static_cast<double>(b.size());
  const double va = std::pow(deviation_of(a, 1), 2) / n, vb = std::pow(deviation_of(b, 1), 2) / m;
  const double error = std::sqrt(va + vb);
  if (error <= 1e-12 * std::max(largest_of(a), largest_of(b))) return {};  // rounding is no spread
  const double degrees = (va + vb) * (va + vb) / (va * va / (n - 1) + vb * vb / (m - 1));
  const double reach = student_quantile(1 - alpha / 2, degrees) * error;
  return {true, {difference - reach, difference + reach}, 2 * student_cdf(-std::abs(difference) / error, degrees)};
}

/// n + m choose n, or infinity.
double rearrangements(std::size_t n, std::size_t m) {
  double product = 1;
  for (std::size_t i = 1; i <= n; ++i) product = product * static_cast<double>(m + i) / static_cast<double>(i);
  return std::round(product);
}

struct Permutation {
  double p = 1;
  double least = 1;
};

Permutation permute(const Values& a, const Values& b, const CompareOptions& options) {
  Values all = a;
  all.insert(all.end(), b.begin(), b.end());
  const double total = std::accumulate(all.begin(), all.end(), 0.0);
  const auto n = static_cast<double>(a.size()), m = static_cast<double>(b.size());
  const auto distance = [&](double sum) { return std::abs(sum / n - (total - sum) / m); };
  // Equal sums in another order differ in their last bits.
  const double found = distance(std::accumulate(a.begin(), a.end(), 0.0)) - 1e-12 * largest_of(all);

  const double ways = rearrangements(a.size(), b.size());
  double as_far = 0;
  if (ways <= options.permutations) {
    std::vector<char> chosen(all.size(), 0);
    std::fill(chosen.end() - static_cast<std::ptrdiff_t>(a.size()), chosen.end(), 1);
    do {
      double sum = 0;
      for (std::size_t i = 0; i < all.size(); ++i) sum += chosen[i] != 0 ? all[i] : 0;
      as_far += distance(sum) >= found;
    } while (std::next_permutation(chosen.begin(), chosen.end()));
    return {as_far / ways, (a.size() == b.size() ? 2 : 1) / ways};
  }
  const Random random(options.seed, "measure.permutations");
  for (int r = 0; r < options.permutations; ++r) {
    double sum = 0;
    for (const std::int64_t i : subset(static_cast<std::int64_t>(all.size()), static_cast<std::int64_t>(a.size()),
                                       random, static_cast<std::uint32_t>(r))) {
      sum += all[static_cast<std::size_t>(i)];
    }
    as_far += distance(sum) >= found;
  }
  // The arrangement that was found counts as one of them (Phipson and Smyth 2010).
  return {(as_far + 1) / (options.permutations + 1), 1.0 / (options.permutations + 1)};
}

void check(std::span<const double> values, const char* what) {
  if (values.empty() || std::ranges::any_of(values, [](double v) { return !std::isfinite(v); })) {
    fail<DataError>("compare: {}: wanted one finite score or more, found {} values", what, values.size());
  }
}

}  // namespace

const char* name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::better:
      return "better";
    case Verdict::worse:
      return "worse";
    case Verdict::cannot_tell:
      break;
  }
  return "cannot tell";
}

const char* name_of(SeedTest test) {
  return test == SeedTest::welch ? "Welch" : test == SeedTest::permutation ? "permutation" : "none";
}

Verdict verdict_of(double difference, double p, const CompareOptions& options) {
  if (options.better == Better::neither || !(p < options.alpha)) return Verdict::cannot_tell;
  const bool lower = difference < 0;
  return lower == (options.better != Better::higher) ? Verdict::better : Verdict::worse;
}

Comparison compare_over_seeds(const SeedScores& scores, const CompareOptions& options) {
  check(scores.candidate, "candidate");
  check(scores.baseline, "baseline");
  if (!(options.alpha > 0 && options.alpha < 1) || options.permutations < 1) {
    fail<ConfigError>("compare: wanted alpha in (0, 1) and 1 permutation or more, found {} and {}", options.alpha,
                      options.permutations);
  }
  const auto judged = [&](std::span<const double> values) {
    Values out(values.begin(), values.end());
    if (options.better == Better::half) {
      for (double& v : out) v = std::abs(v - 0.5);
    }
    return out;
  };
  const Values candidate = judged(scores.candidate), baseline = judged(scores.baseline);
  const bool several = candidate.size() > 1 && baseline.size() > 1;
  const Welch t = several ? welch(candidate, baseline, options.alpha) : Welch{};
  const Permutation permutation = permute(candidate, baseline, options);
  const SeedTest test = !several ? SeedTest::none : t.possible ? SeedTest::welch : SeedTest::permutation;
  Comparison out{.candidate_mean = mean_of(scores.candidate),
                 .baseline_mean = mean_of(scores.baseline),
                 .difference = mean_of(candidate) - mean_of(baseline),
                 .interval = t.interval,
                 .test = test,
                 .p_value = test == SeedTest::permutation ? permutation.p : t.p,
                 .permutation_p = permutation.p,
                 .least_permutation_p = permutation.least,
                 .rests_on_normality = test == SeedTest::welch && permutation.least > options.alpha};
  out.verdict = verdict_of(out.difference, out.p_value, options);
  return out;
}

}  // namespace ganymede::measure
