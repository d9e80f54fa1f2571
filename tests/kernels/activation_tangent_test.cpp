#include "kernels/activation_tangent.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "base/enumerators.hpp"
#include "kernels/levels.hpp"

namespace ganymede::kernels {
namespace {

std::vector<Activation> curves() {
  std::vector<Activation> all{{.curve = Curve::relu, .negative_slope = 0.1F, .max_value = 0.8F, .threshold = 0.2F}};
  for (const auto& [curve, name] : ganymede::testing::enumerators<Curve>()) {
    all.push_back({.curve = curve, .negative_slope = 0.3F, .alpha = 1.2F, .lower = 0.125F, .upper = 0.3333F});
  }
  return all;
}

struct Block {
  std::int64_t count;
  int period;
};
const Block kBlocks[] = {{16, 16}, {128, 32}, {5 * 128, 128}, {7 * 48, 48}, {50, 16}, {77, 48}};

/// Values, gradients and directions of one block, and all that is computed of them.
struct Trial {
  Trial(const Activation& f, const Block& block, bool dropout)
      : room(static_cast<std::size_t>((block.count + 31) / 16 * 16)),
        period(static_cast<std::size_t>(block.period)),
        forward{.f = f,
                .x = x.data(),
                .y = y.data(),
                .count = block.count,
                .period = block.period,
                .shift = shift.data(),
                .slope = slope.data(),
                .rate = dropout ? 0.3F : 0,
                .dropout = {.seed = 0x123456789ABCDEFULL, .stream = 77, .step = 3, .block = 9},
                .kept = kept.data(),
                .random_slope = f.curve == Curve::rrelu,
                .slopes = {.seed = 5, .stream = 78, .step = 3, .block = 2}} {
    activate(forward);
  }

  ActivateTangent tangent() {
    return {.f = forward.f,
            .x = x.data(),
            .y = y.data(),
            .x_tangent = x_tangent.data(),
            .y_tangent = y_tangent.data(),
            .count = forward.count,
            .period = forward.period,
            .shift = shift.data(),
            .slope = slope.data(),
            .shift_tangent = shift_tangent.data(),
            .slope_tangent = slope_tangent.data(),
            .rate = forward.rate,
            .kept = forward.rate > 0 ? kept.data() : nullptr};
  }
  void run(bool by_plain_loops) {
    (by_plain_loops ? plain::activate_tangent : activate_tangent)(tangent());
    (by_plain_loops ? plain::activate_backward_tangent : activate_backward_tangent)(
        {.forward = tangent(),
         .g = g.data(),
         .g_tangent = g_tangent.data(),
         .sum = sum.data(),
         .sum_slope = forward.f.curve == Curve::prelu ? sum_slope.data() : nullptr});
    y_tangent.resize(static_cast<std::size_t>(forward.count));
    g_tangent.resize(static_cast<std::size_t>(forward.count));
  }
  /// What activate and activate_backward make of everything moved by `t` along its direction.
  std::map<std::string, std::vector<float>> moved(float t) const {
    const auto along = [&](std::vector<float> v, const std::vector<float>& direction) {
      for (std::size_t i = 0; i < v.size(); ++i) v[i] += t * direction[i];
      return v;
    };
    const auto x_moved = along(x, x_tangent), shift_moved = along(shift, shift_tangent);
    const auto slope_moved = along(slope, slope_tangent);
    std::vector<float> y_moved(room), g_moved = along(g, g_tangent), s(period), ss(period);
    std::vector<std::uint16_t> bits(room / 16);
    Activate a = forward;
    a.x = x_moved.data();
    a.y = y_moved.data();
    a.shift = shift_moved.data();
    a.slope = slope_moved.data();
    a.kept = bits.data();
    plain::activate(a);
    plain::activate_backward({.f = a.f,
                              .x = a.x,
                              .y = a.y,
                              .g = g_moved.data(),
                              .count = a.count,
                              .period = a.period,
                              .shift = a.shift,
                              .slope = a.slope,
                              .rate = a.rate,
                              .kept = a.rate > 0 ? a.kept : nullptr,
                              .sum = s.data(),
                              .sum_slope = a.f.curve == Curve::prelu ? ss.data() : nullptr});
    return {{"y", y_moved}, {"g", g_moved}, {"sum", s}, {"sum_slope", ss}};
  }

  std::size_t room, period;
  std::vector<float> x = random_values(room, 1), y = std::vector<float>(room), g = random_values(room, 2);
  std::vector<float> shift = random_values(period, 3), slope = random_values(period, 4);
  std::vector<float> x_tangent = random_values(room, 5), g_tangent = random_values(room, 6);
  std::vector<float> shift_tangent = random_values(period, 7), slope_tangent = random_values(period, 8);
  std::vector<float> y_tangent = std::vector<float>(room), sum = std::vector<float>(period);
  std::vector<float> sum_slope = std::vector<float>(period);
  std::vector<std::uint16_t> kept = std::vector<std::uint16_t>(room / 16);
  Activate forward;
};

void expect_near(const std::vector<float>& found, const std::vector<float>& wanted, const char* what, double bound) {
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    ASSERT_NEAR(found[i], wanted[i], bound * (1 + std::fabs(wanted[i]))) << what << " " << i;
}

template <class F>
void for_each_case(const F& f) {
  for (const Activation& curve : curves()) {
    for (const Block& block : kBlocks) {
      for (const bool dropout : {false, true}) {
        SCOPED_TRACE("curve " + std::to_string(static_cast<int>(curve.curve)) + " count " +
                     std::to_string(block.count) + " dropout " + std::to_string(dropout));
        f(curve, block, dropout);
      }
    }
  }
}

TEST(ActivateTangent, MatchesPlainLoopsAtEveryLevelInTheSameBits) {
  for_each_case([](const Activation& curve, const Block& block, bool dropout) {
    Trial slow(curve, block, dropout);
    slow.run(true);
    std::vector<Trial> found;
    at_every_level([&](const std::string&) {
      Trial fast(curve, block, dropout);
      fast.run(false);
      expect_near(fast.y_tangent, slow.y_tangent, "y'", 4e-6);
      expect_near(fast.g_tangent, slow.g_tangent, "g'", 8e-6);
      expect_near(fast.sum, slow.sum, "sum", 4e-5);
      expect_near(fast.sum_slope, slow.sum_slope, "sum of slopes", 4e-5);
      if (!found.empty()) {
        EXPECT_EQ(fast.g_tangent, found.front().g_tangent);
        EXPECT_EQ(fast.sum, found.front().sum);
      }
      found.push_back(std::move(fast));
    });
  });
}

// Where no element crosses a kink between the two ends, differences are the tangent.
TEST(ActivateTangent, MatchesDifferencesOfTheFirstOrderKernels) {
  constexpr float kStep = 1.0F / 256;
  for_each_case([](const Activation& curve, const Block& block, bool dropout) {
    Trial trial(curve, block, dropout);
    for (std::size_t i = 0; i < trial.room; ++i) {  // half a step of a kink's neighbourhood is empty
      const float shift = trial.shift[i % trial.period];
      for (const float kink : {0.0F, 0.2F, 0.8F}) {
        if (std::fabs(trial.x[i] + shift - kink) < 0.1F) trial.x[i] = 0.5F - shift;
      }
    }
    activate(trial.forward);
    const auto up = trial.moved(kStep), down = trial.moved(-kStep);
    trial.run(false);
    const auto slope = [&](const char* name, std::size_t i) {
      return (up.at(name)[i] - down.at(name)[i]) / (2 * kStep);
    };
    for (std::size_t i = 0; i < trial.y_tangent.size(); ++i) {
      ASSERT_NEAR(trial.y_tangent[i], slope("y", i), 3e-3 * (1 + std::fabs(trial.y_tangent[i]))) << i;
      ASSERT_NEAR(trial.g_tangent[i], slope("g", i), 3e-3 * (1 + std::fabs(trial.g_tangent[i]))) << i;
    }
    for (std::size_t i = 0; i < trial.period; ++i) {
      ASSERT_NEAR(trial.sum[i], slope("sum", i), 2e-2 * (1 + std::fabs(trial.sum[i]))) << i;
      ASSERT_NEAR(trial.sum_slope[i], slope("sum_slope", i), 2e-2 * (1 + std::fabs(trial.sum_slope[i]))) << i;
    }
  });
}

}  // namespace
}  // namespace ganymede::kernels
