#include "measure/symmetric.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/philox.hpp"

namespace ganymede::measure {
namespace {

TEST(SymmetricEigenpairs, OfATwoByTwoMatrixByHand) {
  // (2 1; 1 2): 3 along (1, 1), 1 along (1, -1).
  const Eigenpairs pairs = symmetric_eigenpairs(std::vector<double>{2, 1, 1, 2}, 2);
  ASSERT_EQ(pairs.values.size(), 2U);
  EXPECT_NEAR(pairs.values[0], 3, 1e-12);
  EXPECT_NEAR(pairs.values[1], 1, 1e-12);
  EXPECT_NEAR(pairs.vectors[0], pairs.vectors[1], 1e-12);
  EXPECT_NEAR(pairs.vectors[2], -pairs.vectors[3], 1e-12);
}

TEST(SymmetricEigenpairs, MultiplyBackToTheMatrixAndReadItsLowerHalfOnly) {
  constexpr std::size_t n = 17;
  RandomSequence random(Random(3, "symmetric"), 0);
  std::vector<double> matrix(n * n, 0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) matrix[i * n + j] = random.normal();
    for (std::size_t j = i + 1; j < n; ++j) matrix[i * n + j] = 1e9;  // must not be read
  }
  const Eigenpairs pairs = symmetric_eigenpairs(matrix, n);
  for (std::size_t i = 0; i < n; ++i) {
    if (i > 0) {
      EXPECT_GE(pairs.values[i - 1], pairs.values[i]);
    }
    for (std::size_t j = 0; j <= i; ++j) {
      double product = 0, inner = 0;
      for (std::size_t k = 0; k < n; ++k) {
        product += pairs.values[k] * pairs.vectors[k * n + i] * pairs.vectors[k * n + j];
        inner += pairs.vectors[i * n + k] * pairs.vectors[j * n + k];
      }
      EXPECT_NEAR(product, matrix[i * n + j], 1e-10) << i << " " << j;
      EXPECT_NEAR(inner, i == j ? 1 : 0, 1e-12) << i << " " << j;
    }
  }
}

}  // namespace
}  // namespace ganymede::measure
