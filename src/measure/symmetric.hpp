#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace ganymede::measure {

/// A symmetric matrix taken apart, A = V' diag(values) V.
struct Eigenpairs {
  std::vector<double> values;   ///< [n], descending
  std::vector<double> vectors;  ///< V, [n, n]: row i is the unit vector of values[i], of either sign
};

/// The eigenpairs of a symmetric matrix [n, n], of which the lower half is read: tridiagonalisation and implicit QR
/// (Golub and Van Loan, Matrix Computations, section 8.3; by Eigen).
Eigenpairs symmetric_eigenpairs(std::span<const double> matrix, std::int64_t n);

}  // namespace ganymede::measure
