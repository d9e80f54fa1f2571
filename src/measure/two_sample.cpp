#include "measure/two_sample.hpp"

#include <cmath>

#include "base/error.hpp"
#include "measure/distributions.hpp"

namespace ganymede::measure {

TwoSampleTest classifier_two_sample_test(std::int64_t correct, std::int64_t count, double level) {
  if (count < 1 || correct < 0 || correct > count) {
    fail<ConfigError>("two-sample test: wanted 0 to {} right answers of 1 or more, found {}", count, correct);
  }
  const auto n = static_cast<double>(count);
  const double accuracy = static_cast<double>(correct) / n;
  const double z = (accuracy - 0.5) * 2 * std::sqrt(n);
  return {.correct = correct,
          .count = count,
          .accuracy = accuracy,
          .interval = clopper_pearson(static_cast<double>(correct), count, level),
          .p_value = binomial_at_least(correct, count),
          .z = z,
          .p_value_normal = normal_cdf(-z)};
}

double two_sample_power(double effect, std::int64_t count, double alpha) {
  const double threshold = normal_quantile(1 - alpha) / 2;
  return normal_cdf((effect * std::sqrt(static_cast<double>(count)) - threshold) / std::sqrt(0.25 - effect * effect));
}

double bayes_accuracy(double shift) {
  return normal_cdf(std::abs(shift) / 2);
}

}  // namespace ganymede::measure
