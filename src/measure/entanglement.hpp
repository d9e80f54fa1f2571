#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace ganymede::measure {

// Attributes as directions (S-THEORY T8): s = Lambda N' z, N = [n_1 ... n_A] unit normals in Z dimensions, so that
// Sigma_s = Lambda N'N Lambda for z of covariance I: attributes are disentangled iff it is diagonal, that is where the
// normals are orthogonal. Matrices are [A, A], row-major.

using Normals = std::vector<std::vector<double>>;  ///< [A] of [Z], each of length 1

/// N'N.
std::vector<double> cosines_of(const Normals& normals);
/// v Lambda N'N Lambda, for z of covariance v I. @throws ShapeError unless there is a slope a normal.
std::vector<double> model_covariance(const Normals& normals, std::span<const double> slopes, double variance = 1);
/// Of measured scores [A] of [N] each, over N - 1. @throws ShapeError if counts differ; DataError for fewer than two.
std::vector<double> covariance_of(std::span<const std::vector<double>> scores);

/// How diagonal a matrix is: sum of squares off the diagonal / sum of all squares. 0: diagonal; 1 - 1/A: all equal. NaN
/// of zeros.
double off_diagonal_share(std::span<const double> matrix, std::int64_t n);

/// The two normals that are farthest from orthogonal.
struct LargestCosine {
  std::int64_t first = 0, second = 0;
  double value = 0;  ///< n_first . n_second, of either sign
};
/// @throws DataError for fewer than two normals.
LargestCosine largest_cosine(const Normals& normals);

/// A conditional direction: n less its part in the span of `others`, of length 1 again: along it n's attribute changes
/// and theirs, if they are linear in z, do not (Shen et al. 2020, InterFaceGAN, equation 8, for any number of others).
struct ProjectedDirection {
  std::vector<double> direction;  ///< [Z]; empty where nothing is left
  double left = 0;                ///< length that was left of n: sine of its angle with the span
};
/// Less than this of n is rounding or chance: the others leave no room.
inline constexpr double kLeastLeft = 0.05;
ProjectedDirection projected(std::span<const double> normal, const Normals& others);

/// The orthonormal set nearest to the normals, N (N'N)^(-1/2) (Löwdin 1950: none comes first, unlike Gram and
/// Schmidt's). Empty where they are not independent: more than Z, or an eigenvalue of N'N below kLeastLeft^2.
Normals orthogonalised(const Normals& normals);

}  // namespace ganymede::measure
