#pragma once

#include <cstdint>

#include "measure/resample.hpp"

namespace ganymede::measure {

/// P(Z <= x), Z ~ N(0, 1).
double normal_cdf(double x);
/// Its inverse for p in (0, 1).
double normal_quantile(double p);

/// Regularised incomplete beta function I_x(a, b), the distribution of Beta(a, b); a, b > 0, x in [0, 1].
double beta_cdf(double x, double a, double b);
/// Its inverse in x for p in [0, 1].
double beta_quantile(double p, double a, double b);

/// P(T <= x), T of Student's t with degrees > 0 (not only whole numbers: Welch).
double student_cdf(double x, double degrees);
/// Its inverse for p in (0, 1).
double student_quantile(double p, double degrees);

/// P(X >= successes), X ~ Binomial(trials, p): exact, = I_p(successes, trials - successes + 1).
double binomial_at_least(std::int64_t successes, std::int64_t trials, double p = 0.5);

/// Exact interval of a proportion (Clopper and Pearson 1934): covers at least `level`, however few the trials.
/// successes need not be whole (halves for ties). @throws ConfigError unless 0 <= successes <= trials, trials >= 1 and
/// 0 < level < 1.
Interval clopper_pearson(double successes, std::int64_t trials, double level = 0.95);

}  // namespace ganymede::measure
