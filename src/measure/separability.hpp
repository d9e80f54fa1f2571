#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "measure/features.hpp"

namespace ganymede::measure {

/// The half-space normal . z + offset > 0.
struct Hyperplane {
  std::vector<double> normal;  ///< [Z], of length 1
  double offset = 0;           ///< distance of the origin, positive on the normal's side
  double accuracy = 0;         ///< on the points that it was fitted to

  bool holds(std::span<const float> z) const;
};
/// Linear support vector machine, squared hinge loss, C = `cost`, offset regularised as one more weight (liblinear's
/// L2R_L2LOSS_SVC, stopped at 1e-4: the minimum that scikit-learn's LinearSVC() looks for). The normal is the direction
/// along which the attribute changes (Shen et al. 2020, InterFaceGAN). 16 N Z bytes of memory.
/// @throws as check; ShapeError if counts differ; DataError if only one of the two kinds is there.
Hyperplane separating_hyperplane(const Features& points, std::span<const std::uint8_t> positive, double cost = 1);

/// H(Y | X) in bits of a 2 x 2 table of weights p(x, y): [0] = p(0, 0), [1] = p(0, 1), [2] = p(1, 0), [3] = p(1, 1).
double conditional_entropy_bits(const std::array<double, 4>& table);

struct AttributeSeparability {
  Hyperplane hyperplane;
  std::array<double, 4> table{};  ///< counts of (side of the hyperplane, classifier's label)
  double entropy = 0;             ///< bits of the label left when the side is known
  bool one_kind = false;          ///< the kept samples all have or all lack it: nothing to separate, entropy 0
};
struct LinearSeparability {
  double score = 1;  ///< 2^(sum of entropies): 1 perfect, 2^A at worst
  std::vector<AttributeSeparability> attributes;
};
/// Linear separability of a latent space (Karras et al. 2019, section 4.2): for each attribute the share `keep` of
/// samples whose probability is farthest from 1/2 (ties: the earlier), a hyperplane between p > 1/2 and the rest, and
/// what the label still holds. On the samples of the fit, as published. z [N, Z]; probabilities [N, A] of each
/// attribute (a classifier's, class by class). @throws as above, but one kind alone is no error; ConfigError unless 0 <
/// keep <= 1.
LinearSeparability linear_separability(const Features& z, const Features& probabilities, double keep = 0.5);

}  // namespace ganymede::measure
