#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "explore/attributes/direction_proof.hpp"

namespace ganymede::study {

// What the claims of S-THEORY T8 come to in numbers, of directions that are fitted.

/// A yes or no, "above its median", told by a hyperplane from z.
struct Separated {
  double balanced = 0;     ///< n'z = 0, without the offset: mean of both kinds' shares that it tells; chance 1/2
  double with_offset = 0;  ///< n'z + offset = 0: the share that it tells rightly
  double commonest = 0;    ///< what always saying the commoner of both would have
  double offset = 0;
};
/// A hyperplane between samples z above the median of `values` and the others (liblinear), tried on samples that it was
/// not fitted to. NaN throughout where either set has fewer than ten of a kind.
Separated separate(const measure::Features& z, const std::vector<double>& values, const measure::Features& fresh_z,
                   const std::vector<double>& fresh_values);

/// 1 - sum (measured - told)^2 / sum measured^2: what of measured numbers is told, about 0. NaN of none, or of zeros.
double share_told(const std::vector<double>& measured, const std::vector<double>& told);
/// share_told of the correlations of scores by Sigma_s, off the diagonal, of what z tells.
double covariance_told(const explore::AttributeDirections& found);
/// share_told of how far other scores move along the normals by the model, step lambda_j n_j'n_i, of what z tells.
double side_effects_told(const explore::AttributeDirections& found, const explore::Proof& proof);

/// Every attribute changed with each other one kept, by turns: n_i less its part along n_j alone, which leaves
/// something in two dimensions too. In deviations, means over the pairs that z tells.
struct Pairs {
  std::int64_t count = 0;
  double other_before = 0, other_after = 0;  ///< size of the other score's change along n_i, and along what is left
  double own_before = 0, own_after = 0;      ///< change of i's own score
};
Pairs prove_pairs(const explore::AttributeDirections& found, const measure::Features& z, double step,
                  const std::vector<std::string>& names,
                  const std::function<std::vector<std::vector<double>>(std::span<const float> z)>& scores);

}  // namespace ganymede::study
