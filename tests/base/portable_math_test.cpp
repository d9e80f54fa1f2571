#include "base/portable_math.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <vector>

#include "base/philox.hpp"
#include "base/portable_math-inl.hpp"

namespace ganymede {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double relative_error(double found, long double wanted) {
  return static_cast<double>(std::fabs((static_cast<long double>(found) - wanted) / wanted));
}

TEST(PortableMath, ExpAgreesWithTheSystemLibrary) {
  RandomSequence random(Random(1, "test"), 0);
  double worst = 0;
  for (int i = 0; i < 100000; ++i) {
    const double x = random.uniform(-700, 700) * (i % 2 == 0 ? 1 : 1e-3);
    worst = std::max(worst, relative_error(portable_exp(x), std::exp(static_cast<long double>(x))));
  }
  EXPECT_LT(worst, 2e-15);
}

TEST(PortableMath, LogAgreesWithTheSystemLibrary) {
  RandomSequence random(Random(2, "test"), 0);
  double worst = 0;
  for (int i = 0; i < 100000; ++i) {
    // All magnitudes, and values around one, where the logarithm has its zero.
    const double x = i % 2 == 0 ? std::ldexp(random.uniform(1, 2), static_cast<int>(random.uniform(-1021, 1023)))
                                : random.uniform(0.5, 2);
    worst = std::max(worst, relative_error(portable_log(x), std::log(static_cast<long double>(x))));
  }
  EXPECT_LT(worst, 2e-15);
}

TEST(PortableMath, LogisticIsSoftplusAndSigmoidOfBothSigns) {
  RandomSequence random(Random(3, "logistic"), 0);
  for (int i = 0; i < 10000; ++i) {
    const double x = i == 0   ? 0.0
                     : i == 1 ? -0.0
                     : i == 2 ? kInfinity
                              : random.uniform(-800, 800) * (i % 2 == 0 ? 1 : 0.01);
    const Logistic both = portable_logistic(x);
    EXPECT_EQ(both.softplus, portable_softplus(x));
    EXPECT_EQ(both.softplus_of_minus, portable_softplus(-x));
    EXPECT_EQ(both.sigmoid, portable_sigmoid(x));
    EXPECT_EQ(both.sigmoid_of_minus, portable_sigmoid(-x));
  }
}

TEST(PortableMath, LogisticsOfManyNumbersHaveTheBitsOfEach) {
  RandomSequence random(Random(5, "many"), 0);
  std::vector<double> x = {0.0, -0.0, kInfinity, -kInfinity, kNaN, 700, -700, 700.5, -800, 1e-300};
  while (x.size() < 1000) x.push_back(random.uniform(-40, 40) * (x.size() % 3 == 0 ? 20 : 0.3));
  std::vector<Logistic> found(x.size());
  portable_logistic(x, found);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Logistic one = portable_logistic(x[i]);
    const auto bits = [](double value) { return std::bit_cast<std::uint64_t>(value); };
    if (std::isnan(x[i])) {
      EXPECT_TRUE(std::isnan(found[i].softplus) && std::isnan(found[i].sigmoid));
      continue;
    }
    EXPECT_EQ(bits(found[i].softplus), bits(one.softplus)) << x[i];
    EXPECT_EQ(bits(found[i].softplus_of_minus), bits(one.softplus_of_minus)) << x[i];
    EXPECT_EQ(bits(found[i].sigmoid), bits(one.sigmoid)) << x[i];
    EXPECT_EQ(bits(found[i].sigmoid_of_minus), bits(one.sigmoid_of_minus)) << x[i];
  }
}

// Quotients without a division, over all divisors of the series.
template <int divisor>
void expect_quotients() {
  RandomSequence random(Random(divisor, "quotients"), 0);
  for (int i = 0; i < 20000; ++i) {
    const double x =
        std::ldexp(random.uniform(1, 2) + random.uniform() * 0x1p-32, static_cast<int>(random.below(90)) - 70);
    EXPECT_EQ((portable::over<true, divisor>(x)), x / divisor) << x << " / " << divisor;
    EXPECT_EQ((portable::over<true, divisor>(-x)), -x / divisor) << -x << " / " << divisor;
  }
  EXPECT_EQ((portable::over<true, divisor>(0.0)), 0.0);
}

TEST(PortableMath, QuotientsByFusedMultiplicationAreTheRoundedOnes) {
  expect_quotients<1>();
  expect_quotients<3>();
  expect_quotients<7>();
  expect_quotients<11>();
  expect_quotients<13>();
  expect_quotients<42>();
  expect_quotients<110>();
  expect_quotients<210>();
  expect_quotients<272>();
}

// The bits that logits and pictures made before were made with: exp by ldexp and nearbyint.
TEST(PortableMath, ExpIsTheSeriesTimesAPowerOfTwo) {
  RandomSequence random(Random(6, "exp"), 0);
  for (int i = 0; i < 20000; ++i) {
    const double x = random.uniform(-700, 700) * (i % 2 == 0 ? 1 : 1e-2);
    const double k = std::nearbyint(x * 1.4426950408889634);
    const double r = (x - k * 0x1.62e42feep-1) - k * 0x1.a39ef35793c76p-33;
    double sum = 1;
    for (int n = 13; n >= 1; --n) sum = 1 + r * sum / n;
    EXPECT_EQ(portable_exp(x), std::ldexp(sum, static_cast<int>(k))) << x;
  }
}

TEST(PortableMath, SoftplusAndSigmoidAgreeWithTheSystemLibrary) {
  RandomSequence random(Random(3, "test"), 0);
  double softplus = 0, sigmoid = 0;
  for (int i = 0; i < 100000; ++i) {
    const double x = random.uniform(-60, 60) * (i % 2 == 0 ? 1 : 10);
    const long double e = std::exp(-std::fabs(static_cast<long double>(x)));
    const long double sum = std::fmax(static_cast<long double>(x), 0.0L) + std::log1p(e);
    softplus = std::max(softplus, relative_error(portable_softplus(x), sum));
    sigmoid = std::max(sigmoid, relative_error(portable_sigmoid(x), (x >= 0 ? 1 : e) / (1 + e)));
  }
  EXPECT_LT(softplus, 2e-15);
  EXPECT_LT(sigmoid, 2e-15);
}

TEST(PortableMath, SineAndCosineAgreeWithTheSystemLibrary) {
  RandomSequence random(Random(4, "test"), 0);
  double worst = 0;
  for (int i = 0; i < 100000; ++i) {
    const double t = i % 2 == 0 ? random.uniform() : random.below(8) / 8.0 + random.uniform(0, 1e-6);
    const long double angle = 2 * std::numbers::pi_v<long double> * static_cast<long double>(t);
    double sine, cosine;
    portable_sincos_turn(t, sine, cosine);
    worst = std::max(worst, std::fabs(static_cast<double>(static_cast<long double>(sine) - std::sin(angle))));
    worst = std::max(worst, std::fabs(static_cast<double>(static_cast<long double>(cosine) - std::cos(angle))));
  }
  EXPECT_LT(worst, 3e-16);
}

TEST(PortableMath, IsExactWhereTheResultIs) {
  EXPECT_EQ(portable_exp(0), 1);
  EXPECT_EQ(portable_log(1), 0);
  EXPECT_EQ(portable_sigmoid(0), 0.5);
  EXPECT_EQ(portable_softplus(0), std::numbers::ln2);
  const double quarter_sine[] = {0, 1, 0, -1, 0};
  for (int quarter = 0; quarter <= 4; ++quarter) {
    double sine, cosine;
    portable_sincos_turn(quarter / 4.0, sine, cosine);
    EXPECT_EQ(sine, quarter_sine[quarter]);
    EXPECT_EQ(cosine, quarter_sine[(quarter + 1) % 4]);
  }
}

TEST(PortableMath, SaturatesAsDocumented) {
  EXPECT_EQ(portable_exp(-701), 0);
  EXPECT_EQ(portable_exp(-kInfinity), 0);
  EXPECT_EQ(portable_exp(1e300), portable_exp(700));
  EXPECT_EQ(portable_softplus(kInfinity), kInfinity);
  EXPECT_EQ(portable_softplus(-kInfinity), 0);
  EXPECT_EQ(portable_softplus(1e300), 1e300);
  EXPECT_EQ(portable_sigmoid(kInfinity), 1);
  EXPECT_EQ(portable_sigmoid(-kInfinity), 0);
}

TEST(PortableMath, PassesNaNOn) {
  EXPECT_TRUE(std::isnan(portable_exp(kNaN)));
  EXPECT_TRUE(std::isnan(portable_log(kNaN)));
  EXPECT_TRUE(std::isnan(portable_softplus(kNaN)));
  EXPECT_TRUE(std::isnan(portable_sigmoid(kNaN)));
}

// The bits themselves, so that a compiler or machine that computes otherwise (contracted multiply-adds, say) is
// noticed.
TEST(PortableMath, KeepsItsBits) {
  std::uint64_t hash = 14695981039346656037u;
  const auto add = [&hash](double value) { hash = (hash ^ std::bit_cast<std::uint64_t>(value)) * 1099511628211u; };
  RandomSequence random(Random(5, "golden"), 0);
  for (int i = 0; i < 10000; ++i) {
    const double x = random.uniform(-50, 50);
    add(portable_exp(x));
    add(portable_log(random.uniform() + 0x1p-40));
    add(portable_softplus(x));
    add(portable_sigmoid(x));
    double sine, cosine;
    portable_sincos_turn(random.uniform(), sine, cosine);
    add(sine);
    add(cosine);
  }
  EXPECT_EQ(hash, 0x2e4eea171b7151f8u);
}

}  // namespace
}  // namespace ganymede
