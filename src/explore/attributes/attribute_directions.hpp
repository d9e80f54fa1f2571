#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "measure/entanglement.hpp"
#include "measure/features.hpp"
#include "measure/resample.hpp"

namespace ganymede::explore {

// Directions of a latent space along which attributes change (S-THEORY T8; Shen et al. 2020, InterFaceGAN): a normal n
// an attribute, so that its score is s = mean + slope (n'z + offset).

/// A value with its interval.
struct Estimate {
  double value = 0;
  measure::Interval interval;
};

/// Scores of samples by one attribute, as a direction is fitted to them.
struct AttributeScores {
  std::string name, sentence;
  bool binary = false;         ///< yes above 1/2: a probability, a tick
  std::vector<double> values;  ///< [N]
};

struct AttributeDirection {
  std::string name, sentence;
  bool binary = false;
  /// Of length 1: of a yes or no the normal of the hyperplane that separates them (liblinear), else that of least
  /// squares.
  std::vector<double> normal;
  /// n'z + offset is 0 on the hyperplane (the lecture's model has no offset), or where the score has its mean.
  double offset = 0;
  double slope = 0;                     ///< lambda: score a unit of z along the normal, by least squares
  double intercept = 0;                 ///< s = intercept + slope n'z
  double mean = 0, deviation = 0;       ///< of the measured scores
  std::optional<Estimate> accuracy{};   ///< binary: of the hyperplane on samples held out, exact interval
  double commonest = 0;                 ///< binary: what always saying the commoner of both would have there
  Estimate explained;                   ///< R^2 of s on samples held out, bootstrap interval
  bool told = false;                    ///< the samples held out show that z tells it: above `commonest`, or above 0
  measure::ProjectedDirection alone{};  ///< the normal less its part in the span of the others that are told
  std::vector<double> orthogonal{};     ///< its vector of the orthogonalised set; empty where there is none
};

/// What an attribute was left out for: "all 2,000 samples have 1".
struct LeftOut {
  std::string name, why;
};

enum class Disentangled { yes, no, unknown };
const char* name_of(Disentangled verdict);  ///< "yes", "no", "cannot tell"

/// What the normals of the attributes that are told say of each other. Matrices [A, A] over all attributes, scores in
/// units of their measured deviations: the diagonal of `model` is then what the linear model holds of each variance.
struct Entanglement {
  std::vector<double> cosines;   ///< N'N
  std::vector<double> model;     ///< Sigma_s = v Lambda N'N Lambda, v the variance of z
  std::vector<double> measured;  ///< correlations of the measured scores
  Estimate off_diagonal;         ///< measure::off_diagonal_share of `model`, told attributes alone; NaN of fewer than 2
  double measured_off_diagonal = 0;  ///< the same of `measured`
  std::string first, second;         ///< the two of the largest cosine
  Estimate cosine;                   ///< theirs, with its sign
  double most = 0;                   ///< 95 % of the resamples have no larger |cosine|, of any two
  Disentangled verdict = Disentangled::unknown;
  std::string sentence;
};
/// Up to such a cosine two normals count as orthogonal.
inline constexpr double kOrthogonal = 0.1;

struct AttributeDirections {
  std::int64_t count = 0, held_out = 0;  ///< samples in all; of them those that nothing was fitted to
  double variance = 1;                   ///< of z, the mean over its coordinates
  std::vector<AttributeDirection> attributes;
  std::vector<LeftOut> left_out;
  Entanglement entanglement;
};

struct DirectionOptions {
  double hold_out = 0.3;  ///< share of the samples, drawn at random (stream "explore.hold_out")
  int resamples = 100;    ///< of the bootstrap of `entanglement`: all normals are fitted again to each
  std::uint64_t seed = 1;
};

/// Fits the directions of all attributes to z [N, Z] and their scores. @throws as measure::check; ShapeError if counts
/// differ; DataError unless more than Z + 1 samples are left to fit to, and 10 are held out.
AttributeDirections fit_directions(const measure::Features& z, const std::vector<AttributeScores>& scores,
                                   const DirectionOptions& options = {});

}  // namespace ganymede::explore
