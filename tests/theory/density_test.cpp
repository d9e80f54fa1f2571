#include "theory/density.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "base/error.hpp"

namespace ganymede::theory {
namespace {

TEST(Density, OfTheStandardNormalIsThatOfTheTables) {
  const double zero = 0, one = 1;
  EXPECT_NEAR(normal(0).at(std::span(&zero, 1)), 0.3989422804014327, 1e-15);
  EXPECT_NEAR(normal(0).at(std::span(&one, 1)), 0.24197072451914337, 1e-15);
  EXPECT_NEAR(normal(3, 2).at(std::span(&one, 1)), 0.12098536225957168, 1e-15);
}

TEST(Density, HasALogarithmWhereItIsZeroInDouble) {
  const double far = 100;
  EXPECT_EQ(normal(0).at(std::span(&far, 1)), 0);
  EXPECT_NEAR(normal(0).log_at(std::span(&far, 1)), -5000 - std::log(2 * std::numbers::pi) / 2, 1e-9);
}

TEST(Density, OfAMixtureWeighsItsParts) {
  const Density two{
      .parts = {{.mean = {-1}, .deviation = {1}, .weight = 1}, {.mean = {2}, .deviation = {0.5}, .weight = 3}}};
  const double x = 0.3;
  EXPECT_NEAR(two.at(std::span(&x, 1)),
              0.25 * normal(-1).at(std::span(&x, 1)) + 0.75 * normal(2, 0.5).at(std::span(&x, 1)), 1e-15);
}

TEST(Density, RefusesAPlaceOfAnotherDimension) {
  const std::vector<double> place(3);
  EXPECT_THROW(ring(8, 2, 0.1).log_at(place), ShapeError);
}

TEST(Density, DrawsWithItsOwnMomentsAndShares) {
  const Density two{
      .parts = {{.mean = {-3}, .deviation = {0.5}, .weight = 1}, {.mean = {2}, .deviation = {0.5}, .weight = 3}}};
  constexpr int kCount = 20000;
  const Random random(7, "test");
  double sum = 0, right = 0;
  for (int i = 0; i < kCount; ++i) {
    RandomSequence next(random, static_cast<std::uint32_t>(i));
    double x = 0;
    two.draw(next, std::span(&x, 1));
    sum += x;
    right += x > 0 ? 1 : 0;
  }
  EXPECT_NEAR(right / kCount, 0.75, 0.012);  // four standard errors
  EXPECT_NEAR(sum / kCount, 0.75, 0.065);
}

TEST(Lattice, SumsADensityToOneToTheLastDigits) {
  for (const Density& density : {normal(1, 0.7), ring(8, 2, 0.3)}) {
    const Lattice lattice = lattice_around(std::span(&density, 1), density.dim() == 1 ? 200 : 161, 10);
    std::vector<double> x(static_cast<std::size_t>(density.dim()));
    double sum = 0;
    for (long long i = 0; i < lattice.count(); ++i) {
      lattice.place(i, x);
      sum += density.at(x);
    }
    EXPECT_NEAR(sum * lattice.cell(), 1, 1e-12);
  }
}

TEST(Lattice, HoldsItsCornersAndRunsAlongTheLastAxisFirst) {
  const Lattice lattice{.low = {0, 10}, .high = {2, 14}, .points = 3};
  std::vector<double> x(2);
  EXPECT_EQ(lattice.count(), 9);
  EXPECT_EQ(lattice.cell(), 2);
  lattice.place(1, x);
  EXPECT_EQ(x, (std::vector<double>{0, 12}));
  lattice.place(8, x);
  EXPECT_EQ(x, (std::vector<double>{2, 14}));
}

}  // namespace
}  // namespace ganymede::theory
