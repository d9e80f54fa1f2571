#include "kernels/activation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "base/enumerators.hpp"
#include "kernels/levels.hpp"

namespace ganymede::kernels {
namespace {

std::vector<Activation> activations() {
  std::vector<Activation> all{{.curve = Curve::relu},
                              {.curve = Curve::relu, .negative_slope = 0.1F, .max_value = 0.8F, .threshold = 0.2F}};
  for (const auto& [curve, name] : ganymede::testing::enumerators<Curve>()) {
    all.push_back({.curve = curve, .negative_slope = 0.3F, .alpha = 1.2F, .lower = 0.125F, .upper = 0.3333F});
  }
  return all;
}

struct Case {
  std::int64_t count;
  int period;
};
const Case kCases[] = {{16, 16}, {48, 16}, {128, 32}, {3 * 64, 64}, {5 * 128, 128}, {7 * 48, 48}, {50, 16}, {77, 48}};

struct Data {
  std::vector<float> x, y, g, scale, shift, slope, centre, inverse, sum, sum_scaled, sum_slope;
  std::vector<std::uint16_t> kept;
};

Data run(const Activation& f, const Case& c, bool affine, bool dropout, bool from_x, bool by_plain_loops) {
  const auto room = static_cast<std::size_t>((c.count + 31) / 16 * 16);
  Data d;
  d.x = random_values(room, 1);
  d.g = random_values(room, 2);
  d.y.resize(room);
  d.scale = random_values(c.period, 3);
  d.shift = random_values(c.period, 4);
  d.slope = random_values(c.period, 5);
  d.centre = random_values(c.period, 6);
  d.inverse = random_values(c.period, 7);
  d.sum.resize(c.period);
  d.sum_scaled.resize(c.period);
  d.sum_slope.resize(c.period);
  d.kept.resize(room / 16);
  Activate a{.f = f, .x = d.x.data(), .y = d.y.data(), .count = c.count, .period = c.period};
  if (affine) {
    a.scale = d.scale.data();
    a.shift = d.shift.data();
  }
  a.slope = d.slope.data();
  if (dropout) {
    a.rate = 0.3F;
    a.kept = d.kept.data();
    a.dropout = {.seed = 0x123456789ABCDEFULL, .stream = 77, .step = 3, .block = 9};
  }
  a.random_slope = f.curve == Curve::rrelu;
  a.slopes = {.seed = 5, .stream = 78, .step = 3, .block = 2};
  (by_plain_loops ? plain::activate : activate)(a);
  ActivateBackward b{.f = f, .x = d.x.data(), .y = d.y.data(), .g = d.g.data(), .count = c.count, .period = c.period};
  if (!from_x) b.x = nullptr;
  if (affine) {
    b.scale = d.scale.data();
    b.shift = d.shift.data();
  }
  b.slope = d.slope.data();
  if (dropout) {
    b.rate = 0.3F;
    b.kept = d.kept.data();
  }
  b.sum = d.sum.data();
  if (from_x) {
    b.centre = d.centre.data();
    b.inverse_deviation = d.inverse.data();
    b.sum_scaled = d.sum_scaled.data();
  }
  if (f.curve == Curve::prelu) b.sum_slope = d.sum_slope.data();
  (by_plain_loops ? plain::activate_backward : activate_backward)(b);
  d.y.resize(static_cast<std::size_t>(c.count));
  d.g.resize(static_cast<std::size_t>(c.count));
  return d;
}

// The curves are exact to a few units in the last place; sums run over at most 8 rows of numbers up to about 30 and may
// cancel.
void expect_near(const std::vector<float>& found, const std::vector<float>& wanted, const char* what,
                 double bound = 2e-6) {
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    ASSERT_NEAR(found[i], wanted[i], bound * (1 + std::fabs(wanted[i]))) << what << " " << i;
}

TEST(Activate, MatchesPlainLoopForwardAndBackward) {
  at_every_level([](const std::string&) {
    for (const Activation& f : activations()) {
      for (const Case& c : kCases) {
        for (const bool affine : {false, true}) {
          for (const bool dropout : {false, true}) {
            for (const bool from_x : {false, true}) {
              if (!from_x && (affine || !derivative_from_output(f))) continue;
              SCOPED_TRACE("curve " + std::to_string(static_cast<int>(f.curve)) + " count " + std::to_string(c.count) +
                           " affine " + std::to_string(affine) + " dropout " + std::to_string(dropout) + " from x " +
                           std::to_string(from_x));
              const Data fast = run(f, c, affine, dropout, from_x, false);
              const Data slow = run(f, c, affine, dropout, from_x, true);
              expect_near(fast.y, slow.y, "y");
              expect_near(fast.g, slow.g, "g");
              expect_near(fast.sum, slow.sum, "sum", 2e-5);
              expect_near(fast.sum_scaled, slow.sum_scaled, "sum scaled", 2e-5);
              expect_near(fast.sum_slope, slow.sum_slope, "sum slope", 2e-5);
            }
          }
        }
      }
    }
  });
}

TEST(Activate, GivesTheSameBitsAtEveryVectorLevel) {
  std::map<std::string, std::vector<float>> results;
  at_every_level([&](const std::string& name) {
    for (const Activation& f : activations()) {
      for (const Case& c : kCases) {
        const Data d = run(f, c, true, true, true, false);
        for (const auto* part : {&d.y, &d.g, &d.sum, &d.sum_scaled, &d.sum_slope})
          results[name].insert(results[name].end(), part->begin(), part->end());
      }
    }
  });
  for (const auto& [name, values] : results) EXPECT_EQ(values, results.begin()->second) << name;
}

TEST(Activate, KeepsTheWantedShareAndTheMean) {
  constexpr std::int64_t kCount = 1 << 18;
  const std::vector<float> ones(kCount, 1.0F);
  std::vector<float> y(kCount);
  std::vector<std::uint16_t> kept(kCount / 16);
  Activate a{.x = ones.data(), .y = y.data(), .count = kCount, .period = 64};
  a.rate = 0.3F;
  a.kept = kept.data();
  activate(a);
  double sum = 0;
  for (const float v : y) sum += v;
  // Standard deviation of the mean: sqrt(0.3 / 0.7 / 262144) = 0.0013; five of them.
  EXPECT_NEAR(sum / kCount, 1.0, 0.0065);
}

TEST(Activate, DrawsRandomSlopesBetweenTheirBounds) {
  constexpr std::int64_t kCount = 4096;
  const std::vector<float> minus(kCount, -1.0F);
  std::vector<float> y(kCount);
  Activate a{.f = {.curve = Curve::rrelu, .lower = 0.125F, .upper = 0.25F},
             .x = minus.data(),
             .y = y.data(),
             .count = kCount,
             .period = 16};
  a.random_slope = true;
  activate(a);
  double sum = 0;
  for (const float v : y) {
    ASSERT_GE(-v, 0.125F);
    ASSERT_LE(-v, 0.25F);
    sum -= v;
  }
  EXPECT_NEAR(sum / kCount, 0.1875, 5 * 0.125 / std::sqrt(12.0 * kCount));
}

// A later part of a block draws what the whole block draws there; so does the plain loop.
TEST(Activate, DrawsForALaterPartWhatTheWholeDrawsThere) {
  constexpr std::int64_t kCount = 1024, kFirst = 384;
  const std::vector<float> minus(kCount, -1.0F);
  const auto drawn = [&](std::int64_t first, void (*with)(const Activate&)) {
    std::vector<float> y(static_cast<std::size_t>(kCount - first));
    std::vector<std::uint16_t> kept(y.size() / 16);
    Activate a{.f = {.curve = Curve::rrelu, .lower = 0.125F, .upper = 0.25F},
               .x = minus.data() + first,
               .y = y.data(),
               .count = kCount - first,
               .period = 32};
    a.random_slope = true;
    a.rate = 0.3F;
    a.kept = kept.data();
    a.dropout.first = a.slopes.first = static_cast<std::uint32_t>(first / 128);
    a.slopes.stream = 1;
    with(a);
    return y;
  };
  const std::vector<float> whole = drawn(0, activate), part = drawn(kFirst, activate);
  EXPECT_EQ(part, std::vector<float>(whole.begin() + kFirst, whole.end()));
  const std::vector<float> plain_whole = drawn(0, plain::activate), plain_part = drawn(kFirst, plain::activate);
  EXPECT_EQ(plain_part, std::vector<float>(plain_whole.begin() + kFirst, plain_whole.end()));
  EXPECT_NE(part, std::vector<float>(whole.begin(), whole.end() - kFirst));
}

TEST(Activate, TanhIsAccurateOverItsWholeRange) {
  std::vector<float> x, y;
  for (double v = -20; v < 20; v += 0.0037) x.push_back(static_cast<float>(v));
  for (double v = 1e-12; v < 1; v *= 1.7) x.push_back(static_cast<float>(v));
  while (x.size() % 16 != 0) x.push_back(0);
  y.resize(x.size());
  activate({.f = {.curve = Curve::tanh}, .x = x.data(), .y = y.data(), .count = static_cast<std::int64_t>(x.size())});
  for (std::size_t i = 0; i < x.size(); ++i)
    ASSERT_NEAR(y[i], std::tanh(double{x[i]}), 4e-7 * std::fabs(std::tanh(double{x[i]}))) << x[i];
}

}  // namespace
}  // namespace ganymede::kernels
