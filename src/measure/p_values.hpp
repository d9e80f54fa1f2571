#pragma once

#include <span>
#include <string>
#include <vector>

namespace ganymede::measure {

/// Holm's correction (1979): p-values of tests that are read together, so that the chance of one false finding among
/// them stays alpha, whatever their dependence. The i-th smallest of m becomes max over j <= i of (m - j + 1) p_j, at
/// most 1; in the order of `p_values`. A test without a p (NaN) counts as none and stays NaN.
/// @throws ConfigError for a p outside [0, 1].
std::vector<double> holm(std::span<const double> p_values);

/// "p = 0.01235", "p < 1e-300": four significant digits, and a bound where a double has no room for the number.
std::string p_text(double p);

}  // namespace ganymede::measure
