#include "measure/symmetric.hpp"

#include <Eigen/Eigenvalues>

namespace ganymede::measure {

Eigenpairs symmetric_eigenpairs(std::span<const double> matrix, std::int64_t n) {
  using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(Eigen::Map<const Rows>(matrix.data(), n, n));
  Eigenpairs pairs;
  for (Eigen::Index i = n - 1; i >= 0; --i) {
    pairs.values.push_back(solver.eigenvalues()[i]);
    for (Eigen::Index k = 0; k < n; ++k) pairs.vectors.push_back(solver.eigenvectors()(k, i));
  }
  return pairs;
}

}  // namespace ganymede::measure
