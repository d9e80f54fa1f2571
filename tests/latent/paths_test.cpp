#include "latent/paths.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "latent/prior.hpp"

namespace ganymede::latent {
namespace {

using Vector = std::vector<float>;

Vector at(PathKind kind, const Vector& a, const Vector& b, double t) {
  Vector out(a.size());
  kind == PathKind::lerp ? lerp(a, b, t, out) : slerp(a, b, t, out);
  return out;
}

double dot(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += double{a[i]} * b[i];
  return sum;
}
double norm(const Vector& v) {
  return std::sqrt(dot(v, v));
}
double angle(const Vector& a, const Vector& b) {
  return std::acos(std::min(1.0, dot(a, b) / norm(a) / norm(b)));
}

Vector z_of(std::uint64_t seed, int dim) {
  Vector z(static_cast<std::size_t>(dim));
  sample_z({dim, PriorKind::normal}, seed, z);
  return z;
}

TEST(Lerp, MatchesHandNumbers) {
  EXPECT_EQ(at(PathKind::lerp, {0, 4}, {2, 0}, 0.25), (Vector{0.5, 3}));
  EXPECT_EQ(at(PathKind::lerp, {0, 4}, {2, 0}, 1.5), (Vector{3, -2}));
}

TEST(Slerp, MatchesHandNumbersOnTheQuarterCircle) {
  const Vector half = at(PathKind::slerp, {1, 0}, {0, 1}, 0.5);
  EXPECT_FLOAT_EQ(half[0], std::sqrt(0.5f));
  EXPECT_FLOAT_EQ(half[1], std::sqrt(0.5f));
  const Vector third = at(PathKind::slerp, {2, 0}, {0, 2}, 1.0 / 3);
  EXPECT_FLOAT_EQ(third[0], std::sqrt(3.0f));  // 2 cos 30
  EXPECT_FLOAT_EQ(third[1], 1.0f);             // 2 sin 30
}

TEST(Slerp, GrowsLinearlyFromOneNormToTheOther) {
  const Vector half = at(PathKind::slerp, {1, 0}, {0, 3}, 0.5);
  EXPECT_FLOAT_EQ(half[0], 2 * std::sqrt(0.5f));
  EXPECT_FLOAT_EQ(half[1], 2 * std::sqrt(0.5f));
}

// White 2016, on vectors of equal norm.
TEST(Slerp, MatchesTheClosedForm) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Vector a = z_of(2 * seed, 16), b = z_of(2 * seed + 1, 16);
    const double scale = norm(a) / norm(b);
    for (float& x : b) x = static_cast<float>(x * scale);
    const double w = angle(a, b);
    for (const double t : {0.1, 0.5, 0.8}) {
      const Vector found = at(PathKind::slerp, a, b, t);
      for (std::size_t i = 0; i < a.size(); ++i) {
        const double wanted = (std::sin((1 - t) * w) * a[i] + std::sin(t * w) * b[i]) / std::sin(w);
        EXPECT_NEAR(found[i], wanted, 2e-6);  // a float of size 4 is exact to 2.4e-7; acos loses a little more
      }
    }
  }
}

TEST(Slerp, KeepsTheNormAndTurnsAtConstantSpeed) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Vector a = z_of(seed, 100), b = z_of(seed + 500, 100);
    const double w = angle(a, b);
    for (const double t : {0.2, 0.5, 0.7}) {
      const Vector p = at(PathKind::slerp, a, b, t);
      EXPECT_NEAR(norm(p), (1 - t) * norm(a) + t * norm(b), 1e-5);
      EXPECT_NEAR(angle(a, p), t * w, 1e-6);
      EXPECT_NEAR(angle(p, b), (1 - t) * w, 1e-6);
    }
  }
}

// Why slerp: halfway along a line, a normal z of 100 dimensions is much shorter than any sample.
TEST(Slerp, StaysWhereSamplesAreWhileLerpFallsInside) {
  const Vector a = z_of(1, 100), b = z_of(2, 100);
  EXPECT_LT(norm(at(PathKind::lerp, a, b, 0.5)), 0.8 * norm(a));
  EXPECT_GT(norm(at(PathKind::slerp, a, b, 0.5)), 0.9 * norm(a));
}

TEST(Paths, EndExactlyAtTheirEnds) {
  for (const PathKind kind : {PathKind::lerp, PathKind::slerp}) {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
      const Vector a = z_of(seed, 7), b = z_of(seed + 99, 7);
      EXPECT_EQ(at(kind, a, b, 0), a);
      EXPECT_EQ(at(kind, a, b, 1), b);
    }
  }
}

TEST(Paths, AreTheSameBackwards) {
  const Vector a = z_of(1, 7), b = z_of(2, 7);
  for (const PathKind kind : {PathKind::lerp, PathKind::slerp}) {
    const Vector there = at(kind, a, b, 0.3), back = at(kind, b, a, 0.7);
    for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(there[i], back[i], 1e-6);
  }
}

TEST(Slerp, PassesThroughOppositeVectorsOnACircle) {
  const Vector a{3, 0.5, -1}, b{-3, -0.5, 1};
  Vector before = a;
  for (double t = 0.05; t < 1; t += 0.05) {
    const Vector p = at(PathKind::slerp, a, b, t);
    EXPECT_NEAR(norm(p), norm(a), 1e-5);
    EXPECT_NEAR(angle(before, p), 0.05 * M_PI, 1e-5);
    before = p;
  }
}

TEST(Slerp, IsALineWhereThereIsNoCircle) {
  EXPECT_EQ(at(PathKind::slerp, {1, 2}, {2, 4}, 0.5), (Vector{1.5, 3}));
  EXPECT_EQ(at(PathKind::slerp, {0, 0}, {2, 4}, 0.25), (Vector{0.5, 1}));
  EXPECT_EQ(at(PathKind::slerp, {1}, {-3}, 0.5), (Vector{-1}));
  EXPECT_EQ(at(PathKind::slerp, {1, 2}, {1, 2}, 0.3), (Vector{1, 2}));
}

TEST(Paths, HaveTheirPointsEvenly) {
  const Vector a{0, 0}, b{3, 6};
  EXPECT_EQ(path(a, b, 4, PathKind::lerp), (Vector{0, 0, 1, 2, 2, 4, 3, 6}));
  EXPECT_EQ(path(a, b, 2, PathKind::slerp), (Vector{0, 0, 3, 6}));
  EXPECT_THROW(path(a, b, 1, PathKind::lerp), ConfigError);
  EXPECT_THROW(path(a, Vector{1}, 3, PathKind::lerp), ShapeError);
}

TEST(Paths, KnowTheirNames) {
  EXPECT_EQ(path_kind_from("lerp"), PathKind::lerp);
  EXPECT_EQ(path_kind_from("slerp"), PathKind::slerp);
  EXPECT_THROW(path_kind_from("spline"), ConfigError);
}

}  // namespace
}  // namespace ganymede::latent
