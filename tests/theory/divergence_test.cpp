#include "theory/divergence.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>

namespace ganymede::theory {
namespace {

Lattice about(const Density& p, const Density& q) {
  const std::array both = {p, q};
  return lattice_around(both, p.dim() == 1 ? 1201 : 241);
}

double log_2() {
  return std::numbers::ln2;
}

TEST(Divergence, OfTwoShiftedNormalsIsThatOfTheLecture) {
  const Density p = normal(0), q = normal(1);
  const Lattice lattice = about(p, q);
  EXPECT_NEAR(kl(p, q, lattice), 0.5, 1e-12);
  EXPECT_NEAR(kl(q, p, lattice), 0.5, 1e-12);
  EXPECT_NEAR(bits(js(p, q, lattice)), 0.1607, 0.00005);
}

TEST(Divergence, OfNormalsAgreesWithTheClosedFormBothWays) {
  for (const auto& [m0, s0, m1, s1] : {std::array{0.0, 1.0, 1.0, 1.0}, {0.0, 1.0, 0.0, 2.0}, {-1.0, 0.5, 2.0, 1.5}}) {
    const Density p = normal(m0, s0), q = normal(m1, s1);
    const Lattice lattice = about(p, q);
    EXPECT_NEAR(kl(p, q, lattice), kl_of_normals(m0, s0, m1, s1), 1e-11);
    EXPECT_NEAR(kl(q, p, lattice), kl_of_normals(m1, s1, m0, s0), 1e-10);
  }
  // By hand: log 2 + 1/8 - 1/2 and -log 2 + 4/2 - 1/2.
  EXPECT_NEAR(kl_of_normals(0, 1, 0, 2), log_2() - 0.375, 1e-15);
  EXPECT_NEAR(kl_of_normals(0, 2, 0, 1), 1.5 - log_2(), 1e-15);
}

TEST(Divergence, OfADensityFromItselfIsZero) {
  const Density p = ring(8, 2, 0.3);
  const Lattice lattice = about(p, p);
  EXPECT_NEAR(kl(p, p, lattice), 0, 1e-14);
  EXPECT_NEAR(js(p, p, lattice), 0, 1e-14);
  EXPECT_NEAR(optimal_value(p, p, lattice), -2 * log_2(), 1e-12);
}

TEST(Divergence, OfJensenAndShannonIsSymmetricAndAtMostOneBit) {
  const Density p = normal(0), q = normal(30, 2);
  const Lattice lattice = about(p, q);
  EXPECT_NEAR(js(p, q, lattice), js(q, p, lattice), 1e-14);
  EXPECT_NEAR(bits(js(p, q, lattice)), 1, 1e-12);
}

// JS from its definition by m = (p + q) / 2, without the logistic functions that both sides of the identity share.
double js_from_its_definition(const Density& p, const Density& q, const Lattice& lattice) {
  std::vector<double> x(static_cast<std::size_t>(lattice.dim()));
  double sum = 0;
  for (long long i = 0; i < lattice.count(); ++i) {
    lattice.place(i, x);
    const double a = p.at(x), b = q.at(x), m = (a + b) / 2;
    sum += ((a > 0 ? a * std::log(a / m) : 0) + (b > 0 ? b * std::log(b / m) : 0)) / 2;
  }
  return sum * lattice.cell();
}

TEST(OptimalValue, IsMinusTwoLogTwoAndTwiceTheDivergenceInOneAndTwoDimensions) {
  const Density round{.parts = {{.mean = {0, 0}, .deviation = {1.5, 1.5}}}};
  const std::array<std::array<Density, 2>, 4> pairs = {{{normal(0), normal(1)},
                                                        {normal(0), normal(0.5, 3)},
                                                        {ring(3, 2, 0.5), round},
                                                        {ring(8, 2, 0.4), ring(5, 1, 0.6)}}};
  for (const auto& [p, q] : pairs) {
    const Lattice lattice = about(p, q);
    const double distance = js_from_its_definition(p, q, lattice);
    EXPECT_NEAR(js(p, q, lattice), distance, 1e-11);
    EXPECT_NEAR(optimal_value(p, q, lattice), -2 * log_2() + 2 * distance, 1e-11);
  }
}

TEST(OptimalDiscriminator, IsAHalfWhereBothDensitiesAreAndBestOfAll) {
  const Density p = normal(0), q = normal(1);
  const double between = 0.5;
  EXPECT_NEAR(optimal_discriminator(p, q, std::span(&between, 1)), 0.5, 1e-15);
  const Lattice lattice = about(p, q);
  const double best = optimal_value(p, q, lattice);
  for (const double share : {0.0, 0.5, 0.9, 1.1, 2.0}) {
    const double other = game_value(
        p, q, [&](std::span<const double> x) { return share * optimal_logit(p, q, x); }, lattice);
    EXPECT_LT(other, best) << share;
    if (share == 0) {
      EXPECT_NEAR(other, -2 * log_2(), 1e-12);
    }
  }
}

TEST(SampledOptimalValue, LiesAboutTheIntegral) {
  const Density p = normal(0), q = normal(1);
  const Sampled sampled = sampled_optimal_value(p, q, 20000, 3);
  EXPECT_NEAR(sampled.mean, optimal_value(p, q, about(p, q)), 4 * sampled.error);
  EXPECT_GT(sampled.error, 0.001);
  EXPECT_LT(sampled.error, 0.01);
}

}  // namespace
}  // namespace ganymede::theory
