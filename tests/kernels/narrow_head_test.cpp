#include "kernels/narrow_head.hpp"

#include <algorithm>
#include <cstring>

#include "kernels/activation_tangent.hpp"
#include "kernels/levels.hpp"
#include "kernels/narrow.hpp"

namespace ganymede::kernels {
namespace {

// Every claim is held to the passes that the head stands for, one after the other: the same numbers, where 0 may have
// another sign.

constexpr std::int64_t kStride = 16;

struct Case {
  Curve curve;
  float negative_slope;
  std::int64_t rows;
  int columns;
};

std::vector<float> zeros(std::int64_t count) {
  return std::vector<float>(static_cast<std::size_t>(count));
}

void expect_same(const std::vector<float>& a, const std::vector<float>& b, const char* what) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) ASSERT_EQ(a[i], b[i]) << what << " at " << i;
}

class NarrowHeads : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    x_ = random_values(size(), 1);
    shift_ = random_values(static_cast<std::size_t>(columns()), 2);
    w_ = random_values(static_cast<std::size_t>(columns()), 3);
    g_ = random_values(static_cast<std::size_t>(rows() * kStride), 4);
    x_tangent_ = random_values(size(), 5);
    shift_tangent_ = random_values(static_cast<std::size_t>(columns()), 6);
    w_tangent_ = random_values(static_cast<std::size_t>(columns()), 7);
    g_tangent_ = random_values(static_cast<std::size_t>(rows() * kStride), 8);
    for (std::size_t i = 0; i < x_.size(); i += 5) x_[i] = -shift_[i % shift_.size()];  // exactly at the corner
    f_ = {.curve = GetParam().curve, .negative_slope = GetParam().negative_slope};
    head_ = {.f = f_,
             .x = x_.data(),
             .row = columns(),
             .rows = rows(),
             .columns = columns(),
             .shift = shift_.data(),
             .w = w_.data()};
  }
  std::int64_t rows() const { return GetParam().rows; }
  int columns() const { return GetParam().columns; }
  std::size_t size() const { return static_cast<std::size_t>(rows() * columns()); }

  std::vector<float> hidden() const {
    std::vector<float> a(size());
    activate({.f = f_,
              .x = x_.data(),
              .y = a.data(),
              .count = rows() * columns(),
              .period = columns(),
              .shift = shift_.data()});
    return a;
  }
  std::vector<float> dots(const std::vector<float>& x, const std::vector<float>& w) const {
    auto lanes = zeros(16 * rows()), y = zeros(rows() * kStride);
    dot_lanes(x.data(), columns(), rows(), columns(), w.data(), false, lanes.data());
    fold_lanes(lanes.data(), rows(), y.data(), kStride);
    return y;
  }
  std::vector<float> outer(const std::vector<float>& g, const std::vector<float>& w) const {
    std::vector<float> out(size());
    scale_rows(g.data(), kStride, w.data(), rows(), columns(), out.data(), columns());
    return out;
  }
  std::vector<float> sums(const std::vector<float>& x, const std::vector<float>& g) const {
    auto out = zeros(columns());
    sum_scaled_rows(x.data(), columns(), rows(), columns(), g.data(), kStride, out.data());
    return out;
  }

  NarrowHeadTangent tangent(bool weights_move) const {
    return {.head = head_,
            .x = x_tangent_.data(),
            .shift = weights_move ? shift_tangent_.data() : nullptr,
            .w = weights_move ? w_tangent_.data() : nullptr};
  }
  ActivateTangent curve_tangent(const std::vector<float>& a, bool weights_move, float* to) const {
    return {.f = f_,
            .x = x_.data(),
            .y = a.data(),
            .x_tangent = x_tangent_.data(),
            .y_tangent = to,
            .count = rows() * columns(),
            .period = columns(),
            .shift = shift_.data(),
            .shift_tangent = weights_move ? shift_tangent_.data() : nullptr};
  }

  Activation f_;
  NarrowHead head_;
  std::vector<float> x_, shift_, w_, g_, x_tangent_, shift_tangent_, w_tangent_, g_tangent_;
};

TEST_P(NarrowHeads, GiveTheDotsOfTheHiddenLayer) {
  at_every_level([&](const std::string&) {
    auto y = zeros(rows() * kStride);
    narrow_head(head_, y.data(), kStride);
    expect_same(y, dots(hidden(), w_), "y");
  });
}

TEST_P(NarrowHeads, GiveTheGradientsOfBothPasses) {
  at_every_level([&](const std::string&) {
    const auto a = hidden();
    for (const bool from_output : {false, true}) {
      if (from_output && !derivative_from_output(f_)) continue;
      auto gx = outer(g_, w_), sum_shift = zeros(columns());
      ActivateBackward way_back{.f = f_,
                                .y = a.data(),
                                .g = gx.data(),
                                .count = rows() * columns(),
                                .period = columns(),
                                .shift = shift_.data(),
                                .sum = sum_shift.data()};
      if (!from_output) way_back.x = x_.data();
      activate_backward(way_back);

      for (const bool with_sums : {true, false}) {
        std::vector<float> own(size());
        auto own_shift = zeros(columns()), own_w = zeros(columns());
        const NarrowHeadBackward b{.head = head_,
                                   .g = g_.data(),
                                   .stride = kStride,
                                   .from_output = from_output,
                                   .gx = own.data(),
                                   .sum_shift = with_sums ? own_shift.data() : nullptr,
                                   .sum_w = with_sums ? own_w.data() : nullptr};
        narrow_head_backward(b, 0, 16);
        narrow_head_backward(b, 16, columns());
        expect_same(own, gx, "gx");
        if (!with_sums) continue;
        expect_same(own_shift, sum_shift, "sum_shift");
        expect_same(own_w, sums(a, g_), "sum_w");
      }
    }
  });
}

TEST_P(NarrowHeads, GiveTheTangentsOfBothPasses) {
  at_every_level([&](const std::string&) {
    const auto a = hidden();
    for (const bool weights_move : {true, false}) {
      std::vector<float> a_tangent(size());
      activate_tangent(curve_tangent(a, weights_move, a_tangent.data()));
      auto expected = dots(a_tangent, w_);
      const auto second = dots(a, w_tangent_);
      for (std::size_t i = 0; weights_move && i < second.size(); ++i) expected[i] += second[i];
      auto y = zeros(rows() * kStride);
      narrow_head_tangent(tangent(weights_move), y.data(), kStride);
      expect_same(y, expected, "y'");
    }
  });
}

TEST_P(NarrowHeads, GiveTheTangentsOfBothPassesGradients) {
  at_every_level([&](const std::string&) {
    const auto a = hidden();
    for (const bool weights_move : {true, false}) {
      auto gx = outer(g_tangent_, w_);
      const auto of_weight = outer(g_, w_tangent_);
      for (std::size_t i = 0; weights_move && i < gx.size(); ++i) gx[i] += of_weight[i];
      auto sum_w = sums(a, g_tangent_), sum_shift = zeros(columns());
      std::vector<float> a_tangent(size());
      activate_tangent(curve_tangent(a, weights_move, a_tangent.data()));
      const auto more = sums(a_tangent, g_);
      for (std::size_t i = 0; i < more.size(); ++i) sum_w[i] += more[i];
      const auto ga = outer(g_, w_);
      activate_backward_tangent({.forward = curve_tangent(a, weights_move, nullptr),
                                 .g = ga.data(),
                                 .g_tangent = gx.data(),
                                 .sum = sum_shift.data()});

      for (const bool with_sums : {true, false}) {
        std::vector<float> own(size());
        auto own_shift = zeros(columns()), own_w = zeros(columns());
        narrow_head_backward_tangent({.tangent = tangent(weights_move),
                                      .g = g_.data(),
                                      .g_tangent = g_tangent_.data(),
                                      .stride = kStride,
                                      .gx = own.data(),
                                      .sum_shift = with_sums ? own_shift.data() : nullptr,
                                      .sum_w = with_sums ? own_w.data() : nullptr},
                                     0, columns());
        expect_same(own, gx, "gx'");
        if (!with_sums) continue;
        expect_same(own_shift, sum_shift, "sum_shift'");
        expect_same(own_w, sum_w, "sum_w'");
      }
    }
  });
}

INSTANTIATE_TEST_SUITE_P(Sizes, NarrowHeads,
                         testing::Values(Case{Curve::relu, 0, 1, 16}, Case{Curve::relu, 0, 37, 128},
                                         Case{Curve::relu, 0, 6, 80}, Case{Curve::leaky_relu, 0.2F, 70, 144},
                                         Case{Curve::leaky_relu, -0.5F, 5, 64}));

TEST(NarrowHead, IsThereForCurvesOfStraightLinesAlone) {
  for (const Curve curve : {Curve::linear, Curve::prelu, Curve::elu, Curve::rrelu, Curve::tanh, Curve::sigmoid})
    EXPECT_FALSE(has_narrow_head({.curve = curve}));
  EXPECT_TRUE(has_narrow_head({.curve = Curve::relu}));
  EXPECT_FALSE(has_narrow_head({.curve = Curve::relu, .negative_slope = 0.1F}));
  EXPECT_FALSE(has_narrow_head({.curve = Curve::relu, .max_value = 6}));
  EXPECT_FALSE(has_narrow_head({.curve = Curve::relu, .threshold = 1}));
  EXPECT_TRUE(has_narrow_head({.curve = Curve::leaky_relu}));
}

}  // namespace
}  // namespace ganymede::kernels
