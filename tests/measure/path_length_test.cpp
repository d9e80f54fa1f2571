#include "measure/path_length.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "base/error.hpp"
#include "measure/sets.hpp"

namespace ganymede::measure {
namespace {

using latent::PathKind;
using testing::rows;

constexpr double kPi = std::numbers::pi;

FeatureGenerator identity(std::int64_t dim) {
  return [dim](std::span<const float> z, std::int64_t) { return FeatureMatrix{{z.begin(), z.end()}, dim}; };
}

double one_step(const FeatureMatrix& from, const FeatureMatrix& to, double t, double epsilon, PathKind kind) {
  return path_lengths(identity(from.dim), from, to, std::vector<double>{t}, epsilon, kind).at(0);
}

TEST(PathLengths, OfTheIdentityAlongALineAreItsSquaredLength) {
  for (const double t : {0.0, 0.3, 0.9}) {
    // Points are float32: an error of 2e-7 of a step of 5 epsilon.
    EXPECT_NEAR(one_step(rows(2, {0, 0}), rows(2, {3, 4}), t, 1e-1, PathKind::lerp), 25, 1e-4);
    EXPECT_NEAR(one_step(rows(2, {0, 0}), rows(2, {3, 4}), t, 1e-2, PathKind::lerp), 25, 1e-2);
  }
}

TEST(PathLengths, OfTheIdentityAlongACircleAreItsSquaredAngle) {
  const FeatureMatrix from = rows(2, {1, 0}), to = rows(2, {0, 1});
  // The chord: (2 sin(pi eps / 4) / eps)^2, 2.4674010951 for 1e-4, where float32 leaves three digits.
  const double chord = std::pow(2 * std::sin(kPi / 4 * 1e-2) / 1e-2, 2);
  EXPECT_NEAR(chord, 2.4674011, 1e-4);
  EXPECT_NEAR(one_step(from, to, 0.4, 1e-2, PathKind::slerp), chord, 1e-4);
  EXPECT_NEAR(one_step(from, to, 0, 1e-4, PathKind::slerp), 2.4674010951, 5e-3);
}

TEST(PerceptualPathLength, OfTheIdentityHasItsExpectationOverThePrior) {
  const auto measure = [](int dim, PathKind kind) {
    return perceptual_path_length(identity(dim), {.prior = {.dim = dim}, .kind = kind, .count = 20000, .trim = 0});
  };
  for (const int dim : {2, 5}) {
    // |z - z'|^2 is 2 chi^2(D): mean 2 D, deviation 2 sqrt(2 D).
    const PathLength line = measure(dim, PathKind::lerp);
    EXPECT_NEAR(line.value, 2 * dim, 4 * 2 * std::sqrt(2.0 * dim / 20000));
    EXPECT_LT(line.interval.low, line.value);
    EXPECT_GT(line.interval.high, line.value);
  }
  // On the unit sphere: the mean squared angle between two directions. The norm of z adds its own share to a slerp.
  const auto on_sphere = [](int dim) {
    return [dim](std::span<const float> z, std::int64_t) {
      FeatureMatrix out{{z.begin(), z.end()}, dim};
      for (auto row = out.values.begin(); row != out.values.end(); row += dim) {
        double norm = 0;
        for (int i = 0; i < dim; ++i) norm += static_cast<double>(row[i]) * static_cast<double>(row[i]);
        for (int i = 0; i < dim; ++i) row[i] = static_cast<float>(row[i] / std::sqrt(norm));
      }
      return out;
    };
  };
  const auto angle = [&](int dim) {
    return perceptual_path_length(on_sphere(dim), {.prior = {.dim = dim}, .count = 20000, .trim = 0}).value;
  };
  EXPECT_NEAR(angle(2), kPi * kPi / 3, 4 * 2.95 / std::sqrt(20000.0));
  EXPECT_NEAR(angle(3), (kPi * kPi - 4) / 2, 4 * 2.2 / std::sqrt(20000.0));
  EXPECT_NEAR(angle(4), kPi * kPi / 3 - 0.5, 4 * 1.8 / std::sqrt(20000.0));
}

TEST(PerceptualPathLength, OfALinearMapIsTwiceItsSquaredNorm) {
  // A = (1 2; 0 3; 1 0), |A|^2 = 15.
  const FeatureGenerator linear = [](std::span<const float> z, std::int64_t) {
    FeatureMatrix out{.dim = 3};
    for (std::size_t i = 0; i < z.size(); i += 2) {
      out.values.insert(out.values.end(), {z[i] + 2 * z[i + 1], 3 * z[i + 1], z[i]});
    }
    return out;
  };
  const PathLength found =
      perceptual_path_length(linear, {.prior = {.dim = 2}, .kind = PathKind::lerp, .count = 40000, .trim = 0});
  EXPECT_NEAR(found.value, 30, 4 * 40 / 200.0);
}

TEST(PerceptualPathLength, DoesNotDependOnTheBatchAndNamesBothEndsAlike) {
  const PathLengthOptions options{.prior = {.dim = 3}, .count = 100, .batch = 100};
  PathLengthOptions pieces = options;
  pieces.batch = 7;
  std::vector<std::int64_t> firsts;
  const FeatureGenerator listening = [&](std::span<const float> z, std::int64_t first) {
    firsts.push_back(first);
    return identity(3)(z, first);
  };
  EXPECT_EQ(perceptual_path_length(identity(3), options).lengths, perceptual_path_length(listening, pieces).lengths);
  EXPECT_EQ(firsts.at(2), 7);
  EXPECT_EQ(firsts.at(3), 7);
}

TEST(Trimmed, KeepsBetweenTheLowerAndTheHigherPercentile) {
  std::vector<double> values;
  for (int i = 200; i >= 1; --i) values.push_back(i);
  const std::vector<double> kept = trimmed(values, 0.01);
  EXPECT_EQ(kept.front(), 199);
  EXPECT_EQ(kept.back(), 2);
  EXPECT_EQ(mean_of(kept), 100.5);

  values.erase(values.begin(), values.begin() + 100);  // 100 ... 1
  EXPECT_EQ(mean_of(trimmed(values, 0.01)), 50.5);
  values.front() = 1e6;  // survives: trimming is weak for so few
  EXPECT_EQ(mean_of(trimmed(values, 0.01)), 10049.5);
}

TEST(PerceptualPathLength, RejectsWhatItCannotMeasure) {
  EXPECT_THROW(perceptual_path_length(identity(2), {.prior = {.dim = 2}, .count = 0}), ConfigError);
  EXPECT_THROW(perceptual_path_length(identity(2), {.prior = {.dim = 2}, .epsilon = 0}), ConfigError);
  EXPECT_THROW(perceptual_path_length(identity(2), {.prior = {.dim = 2}, .trim = 0.5}), ConfigError);
  EXPECT_THROW(perceptual_path_length(identity(4), {.prior = {.dim = 2}}), ShapeError);
}

}  // namespace
}  // namespace ganymede::measure
