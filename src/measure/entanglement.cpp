#include "measure/entanglement.hpp"

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/error.hpp"
#include "measure/resample.hpp"

namespace ganymede::measure {
namespace {

double inner(std::span<const double> a, std::span<const double> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

// A column a normal.
Eigen::MatrixXd columns_of(const Normals& normals) {
  Eigen::MatrixXd matrix(normals.empty() ? 0 : std::ssize(normals.front()), std::ssize(normals));
  for (Eigen::Index a = 0; a < matrix.cols(); ++a) {
    for (Eigen::Index k = 0; k < matrix.rows(); ++k)
      matrix(k, a) = normals[static_cast<std::size_t>(a)][static_cast<std::size_t>(k)];
  }
  return matrix;
}

}  // namespace

std::vector<double> cosines_of(const Normals& normals) {
  std::vector<double> cosines;
  for (const auto& a : normals) {
    for (const auto& b : normals) cosines.push_back(inner(a, b));
  }
  return cosines;
}

std::vector<double> model_covariance(const Normals& normals, std::span<const double> slopes, double variance) {
  if (slopes.size() != normals.size())
    fail<ShapeError>("model_covariance: wanted a slope a normal, found {} for {}", slopes.size(), normals.size());
  std::vector<double> matrix = cosines_of(normals);
  const std::size_t n = slopes.size();
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) matrix[i * n + j] *= variance * slopes[i] * slopes[j];
  }
  return matrix;
}

std::vector<double> covariance_of(std::span<const std::vector<double>> scores) {
  std::vector<double> matrix;
  for (const auto& a : scores) {
    if (a.size() < 2) fail<DataError>("covariance_of: wanted 2 scores or more, found {}", a.size());
    for (const auto& b : scores) {
      if (a.size() != b.size())
        fail<ShapeError>("covariance_of: wanted as many of each, found {} and {}", a.size(), b.size());
      const double mean_a = mean_of(a), mean_b = mean_of(b);
      double sum = 0;
      for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - mean_a) * (b[i] - mean_b);
      matrix.push_back(sum / static_cast<double>(a.size() - 1));
    }
  }
  return matrix;
}

double off_diagonal_share(std::span<const double> matrix, std::int64_t n) {
  double off = 0, all = 0;
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    const double square = matrix[i] * matrix[i];
    all += square;
    if (i / static_cast<std::size_t>(n) != i % static_cast<std::size_t>(n)) off += square;
  }
  return all > 0 ? off / all : std::numeric_limits<double>::quiet_NaN();
}

LargestCosine largest_cosine(const Normals& normals) {
  if (normals.size() < 2) fail<DataError>("largest_cosine: wanted two normals or more, found {}", normals.size());
  LargestCosine found{.first = 0, .second = 1, .value = inner(normals[0], normals[1])};
  for (std::size_t i = 0; i < normals.size(); ++i) {
    for (std::size_t j = i + 1; j < normals.size(); ++j) {
      const double cosine = inner(normals[i], normals[j]);
      if (std::fabs(cosine) > std::fabs(found.value))
        found = {static_cast<std::int64_t>(i), static_cast<std::int64_t>(j), cosine};
    }
  }
  return found;
}

ProjectedDirection projected(std::span<const double> normal, const Normals& others) {
  const Eigen::Map<const Eigen::VectorXd> n(normal.data(), std::ssize(normal));
  Eigen::VectorXd rest = n;
  if (!others.empty()) {
    const Eigen::MatrixXd columns = columns_of(others);
    rest -= columns * columns.completeOrthogonalDecomposition().solve(rest);
  }
  ProjectedDirection found{.direction = {}, .left = n.norm() > 0 ? rest.norm() / n.norm() : 0};
  if (found.left < kLeastLeft) return found;
  rest /= rest.norm();
  found.direction.assign(rest.begin(), rest.end());
  return found;
}

Normals orthogonalised(const Normals& normals) {
  const Eigen::MatrixXd columns = columns_of(normals);
  if (normals.empty() || columns.cols() > columns.rows()) return {};
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(columns.transpose() * columns);
  if (solver.eigenvalues()[0] < kLeastLeft * kLeastLeft) return {};
  const Eigen::MatrixXd set = columns * solver.operatorInverseSqrt();
  Normals found;
  for (Eigen::Index a = 0; a < set.cols(); ++a) {
    const Eigen::VectorXd column = set.col(a);
    found.emplace_back(column.begin(), column.end());
  }
  return found;
}

}  // namespace ganymede::measure
