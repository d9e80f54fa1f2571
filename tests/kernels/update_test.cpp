#include "kernels/update.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>

#include "kernels/levels.hpp"

namespace ganymede::kernels {
namespace {

constexpr std::int64_t kCount = 80;

TEST(Update, MatchesItsFormulas) {
  at_every_level([](const std::string&) {
    const auto p0 = random_values(kCount, 1), g = random_values(kCount, 2), m0 = random_values(kCount, 3);
    auto v0 = random_values(kCount, 4);
    for (float& v : v0) v = std::fabs(v);
    const auto fresh = [&](std::vector<float>& p, std::vector<float>& m, std::vector<float>& v) {
      p = p0, m = m0, v = v0;
      return Update{.parameter = p.data(),
                    .gradient = g.data(),
                    .first = m.data(),
                    .second = v.data(),
                    .count = kCount,
                    .gradient_scale = 0.5F};
    };
    std::vector<float> p, m, v;
    update_moments(
        fresh(p, m, v),
        {.beta1 = 0.9F, .beta2 = 0.99F, .rate_m = 0.01F, .rate_g = 0.002F, .v_scale = 1.1F, .epsilon = 1e-3F});
    for (int i = 0; i < kCount; ++i) {
      const double gi = 0.5 * g[i], mi = 0.9F * double{m0[i]} + (1 - 0.9F) * gi,
                   vi = 0.99F * double{v0[i]} + (1 - 0.99F) * gi * gi;
      EXPECT_NEAR(m[i], mi, 1e-6);
      EXPECT_NEAR(v[i], vi, 1e-6);
      EXPECT_NEAR(p[i], p0[i] - (0.01 * mi + 0.002 * gi) / (std::sqrt(vi) * 1.1 + 1e-3), 1e-6);
    }
    update_rmsprop(fresh(p, m, v), 0.01F, 0.9F, 1e-3F);
    for (int i = 0; i < kCount; ++i) {
      const double gi = 0.5 * g[i], vi = 0.9F * double{v0[i]} + (1 - 0.9F) * gi * gi;
      EXPECT_NEAR(v[i], vi, 1e-6);
      EXPECT_NEAR(p[i], p0[i] - 0.01 * gi / std::sqrt(vi + 1e-3), 1e-6);
    }
    update_sgd(fresh(p, m, v), 0.01F, 0.8F);
    for (int i = 0; i < kCount; ++i) {
      const double mi = 0.8F * double{m0[i]} - 0.01 * 0.5 * g[i];
      EXPECT_NEAR(m[i], mi, 1e-6);
      EXPECT_NEAR(p[i], p0[i] + mi, 1e-6);
    }
  });
}

TEST(Update, ArrayHelpersMatchTheirFormulas) {
  at_every_level([](const std::string&) {
    const auto a = random_values(kCount, 5), b = random_values(kCount, 6);
    auto average = a, clamped = a, sum = a;
    std::vector<float> product(kCount);
    update_average(average.data(), b.data(), kCount, 0.75F);
    clamp(clamped.data(), kCount, 0.5F);
    add(sum.data(), b.data(), kCount);
    multiply(product.data(), a.data(), b.data(), kCount);
    double squares = 0;
    for (int i = 0; i < kCount; ++i) {
      EXPECT_NEAR(average[i], 0.75 * a[i] + 0.25 * b[i], 1e-6);
      EXPECT_EQ(clamped[i], std::fmin(std::fmax(a[i], -0.5F), 0.5F));
      EXPECT_EQ(sum[i], a[i] + b[i]);
      EXPECT_EQ(product[i], a[i] * b[i]);
      squares += double{a[i]} * a[i];
    }
    EXPECT_NEAR(sum_of_squares(a.data(), kCount), squares, 1e-4);
  });
}

TEST(SumOfSquares, LetsNaNAndInfinityThrough) {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    auto values = random_values(9008, 7);
    values[5001] = bad;
    EXPECT_FALSE(std::isfinite(sum_of_squares(values.data(), 9008)));
  }
}

TEST(Update, GivesTheSameBitsAtEveryVectorLevel) {
  std::map<std::string, std::vector<float>> results;
  std::map<std::string, double> squares;
  at_every_level([&](const std::string& name) {
    auto p = random_values(kCount, 1), m = random_values(kCount, 3), v = random_values(kCount, 4);
    const auto g = random_values(kCount, 2);
    for (float& x : v) x = std::fabs(x);
    const Update u{.parameter = p.data(),
                   .gradient = g.data(),
                   .first = m.data(),
                   .second = v.data(),
                   .count = kCount,
                   .gradient_scale = 0.3F};
    update_moments(u, {.rate_m = 0.01F, .rate_g = 0.1F, .v_scale = 1.2F});
    update_rmsprop(u, 0.01F, 0.9F, 1e-7F);
    update_sgd(u, 0.01F, 0.9F);
    results[name] = p;
    squares[name] = sum_of_squares(g.data(), kCount);
  });
  for (const auto& [name, values] : results) {
    EXPECT_EQ(values, results.begin()->second) << name;
    EXPECT_EQ(squares[name], squares.begin()->second) << name;
  }
}

}  // namespace
}  // namespace ganymede::kernels
