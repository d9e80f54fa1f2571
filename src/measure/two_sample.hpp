#pragma once

#include <cstdint>

#include "measure/resample.hpp"

namespace ganymede::measure {

/// What a classifier's answers on held-out samples say about the claim that real and fake follow one law
/// (classifier two-sample test: Lopez-Paz and Oquab 2017): then each answer is right with chance 1/2.
struct TwoSampleTest {
  std::int64_t correct = 0;
  std::int64_t count = 0;
  double accuracy = 0;        ///< correct / count; 1 - error rate
  Interval interval;          ///< of the accuracy, exact (Clopper and Pearson)
  double p_value = 1;         ///< P(X >= correct), X ~ Binomial(count, 1/2), exact, one-sided
  double z = 0;               ///< (accuracy - 1/2) / sqrt(1 / (4 count))
  double p_value_normal = 1;  ///< 1 - Phi(z), what is often printed; too small for small counts
};
/// As many real as fake samples, none of them seen in training. @throws ConfigError unless 0 <= correct <= count >= 1.
TwoSampleTest classifier_two_sample_test(std::int64_t correct, std::int64_t count, double level = 0.95);

/// Chance that the test at `alpha` finds a classifier of true accuracy 1/2 + effect, normal approximation:
///   Phi((effect sqrt(count) - Phi^-1(1 - alpha)/2) / sqrt(1/4 - effect^2)).
double two_sample_power(double effect, std::int64_t count, double alpha = 0.05);

/// The best accuracy that any classifier can reach between N(0, 1) and N(shift, 1): Phi(|shift| / 2).
double bayes_accuracy(double shift);

}  // namespace ganymede::measure
