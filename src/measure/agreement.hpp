#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace ganymede::measure {

/// How far several people say the same of the same things.
struct Agreement {
  std::int64_t items = 0;  ///< things that two people or more said something of
  std::int64_t pairs = 0;  ///< pairs of answers to the same thing
  double share = 0;        ///< of these pairs that agree; NaN without any
  double kappa = 0;        ///< 1: always, 0: as often as chance; NaN without a pair, or where all answers are the same
};

/// From counts [items][categories], n_ij answers j to thing i, of things with n_i >= 2 answers:
///   share P = sum_ij n_ij (n_ij - 1) / sum_i n_i (n_i - 1)
///   kappa   = (P - P_e) / (1 - P_e),  P_e = sum_j p_j^2,  p_j the share of the answers that are j
/// Fleiss' kappa where all things have equally many answers (Fleiss 1971, "Measuring nominal scale agreement among many
/// raters"); where some lack answers, each pair of answers counts alike. @throws ShapeError for rows of different
/// lengths; ConfigError for a count below 0.
Agreement agreement(std::span<const std::vector<std::int64_t>> counts);

}  // namespace ganymede::measure
