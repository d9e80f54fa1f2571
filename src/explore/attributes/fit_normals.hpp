#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "explore/attributes/attribute_directions.hpp"

namespace ganymede::explore {

// The parts of fit_directions: samples held apart, normals fitted to the others, and what they say of each other.

/// The samples that directions are fitted to, and the others.
struct HeldApart {
  std::vector<std::int64_t> fitted, held;
  measure::FeatureMatrix z_fitted, z_held;
};
/// `hold_out` of them at random. @throws DataError unless more than Z + 1 are left to fit to, and 10 are held out.
HeldApart hold_apart(const measure::Features& z, const DirectionOptions& options);

std::vector<double> values_at(const std::vector<double>& values, std::span<const std::int64_t> indices);
/// 1 for a yes.
std::vector<std::uint8_t> above_half(std::span<const double> values);
/// n'z
double place_along(std::span<const double> normal, std::span<const float> z);
/// v, the variance of one coordinate of z, over the samples: the mean over coordinates of theirs.
double variance_of(const measure::Features& z);

/// A direction of one attribute, as AttributeDirection has it.
struct FittedNormal {
  std::vector<double> normal;
  double offset = 0, slope = 0, intercept = 0;
};
/// Of each of the scores, which are of the rows of z; `times` [N]: how often a row counts (a resample; none: once).
std::vector<FittedNormal> fit_normals(const measure::Features& z, const std::vector<AttributeScores>& scores,
                                      std::span<const std::int64_t> times = {});

/// Where the attributes that are told stand among all.
std::vector<std::size_t> told_of(const std::vector<AttributeDirection>& attributes);

/// AttributeDirections::entanglement of attributes that are fitted and judged; scores are of all samples.
/// @throws Error once somebody asks to stop (base/signal.hpp).
void judge_entanglement(AttributeDirections& found, const std::vector<FittedNormal>& fitted,
                        const std::vector<AttributeScores>& scores, const HeldApart& parts,
                        const DirectionOptions& options);

}  // namespace ganymede::explore
