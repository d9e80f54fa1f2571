#include "kernels/narrow.hpp"

#include <algorithm>
#include <cstring>

#include "kernels/levels.hpp"
#include "kernels/product.hpp"

namespace ganymede::kernels {
namespace {

constexpr std::int64_t kRow = 160;
constexpr std::int64_t kStride = 3;

struct Case {
  std::int64_t rows;
  int columns;
};

class Narrow : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    x_ = random_values(static_cast<std::size_t>(GetParam().rows * kRow), 1);
    w_ = random_values(kRow, 2);
    g_ = random_values(static_cast<std::size_t>(GetParam().rows * kStride), 3);
  }
  std::vector<float> x_, w_, g_;
};

TEST_P(Narrow, DotsOfRowsAreThoseOfDoubleAndTheSameAtEveryLevel) {
  const auto [rows, columns] = GetParam();
  std::vector<float> first;
  at_every_level([&, rows = rows, columns = columns](const std::string&) {
    std::vector<float> lanes(static_cast<std::size_t>(16 * rows)), y(static_cast<std::size_t>(rows * kStride), 7.0F);
    dot_lanes(x_.data(), kRow, rows, columns, w_.data(), false, lanes.data());
    dot_lanes(x_.data(), kRow, rows, columns, w_.data(), true, lanes.data());
    fold_lanes(lanes.data(), rows, y.data(), kStride);
    for (std::int64_t r = 0; r < rows; ++r) {
      double sum = 0;
      for (int c = 0; c < columns; ++c) sum += 2.0 * x_[r * kRow + c] * w_[c];
      EXPECT_NEAR(y[r * kStride], sum, 1e-5 * columns);
      EXPECT_EQ(y[r * kStride + 1], 7.0F) << "between the results";
    }
    if (first.empty()) first = y;
    EXPECT_EQ(std::memcmp(first.data(), y.data(), 4 * y.size()), 0);
  });
}

TEST_P(Narrow, ScaledRowsAreOuterProducts) {
  const auto [rows, columns] = GetParam();
  at_every_level([&, rows = rows, columns = columns](const std::string&) {
    std::vector<float> out(static_cast<std::size_t>(rows * kRow), 5.0F);
    scale_rows(g_.data(), kStride, w_.data(), rows, columns, out.data(), kRow);
    for (std::int64_t r = 0; r < rows; ++r) {
      for (int c = 0; c < columns; ++c) ASSERT_EQ(out[r * kRow + c], g_[r * kStride] * w_[c]);
      for (std::int64_t c = columns; c < kRow; ++c) ASSERT_EQ(out[r * kRow + c], 5.0F) << "beyond the columns";
    }
  });
}

TEST_P(Narrow, SumsOfScaledRowsAreThoseOfDoubleAndTheSameAtEveryLevel) {
  const auto [rows, columns] = GetParam();
  std::vector<float> first;
  at_every_level([&, rows = rows, columns = columns](const std::string&) {
    std::vector<float> out(kRow, 5.0F);
    sum_scaled_rows(x_.data(), kRow, rows, columns, g_.data(), kStride, out.data());
    for (int c = 0; c < columns; ++c) {
      double sum = 0;
      for (std::int64_t r = 0; r < rows; ++r) sum += double{g_[r * kStride]} * x_[r * kRow + c];
      EXPECT_NEAR(out[c], sum, 1e-6 * static_cast<double>(rows) + 1e-6);
    }
    for (std::int64_t c = columns; c < kRow; ++c) EXPECT_EQ(out[c], 5.0F);
    if (first.empty()) first = out;
    EXPECT_EQ(std::memcmp(first.data(), out.data(), 4 * out.size()), 0);
  });
}

TEST(ExpandedRows, HaveTheBitsOfPanelProducts) {
  constexpr std::int64_t kRows = 13, kInRow = 16;
  for (int features = 1; features <= kMostFeatures; ++features) {
    for (const int columns : {16, 48, 64, 144}) {
      SCOPED_TRACE(std::to_string(features) + " to " + std::to_string(columns));
      const auto x = random_values(kRows * kInRow, 1), w = random_values(static_cast<std::size_t>(4 * columns), 2);
      at_every_level([&](const std::string&) {
        std::vector<float> y(static_cast<std::size_t>(kRows * kRow), 5.0F), expected(y);
        expand_rows(x.data(), kInRow, features, kRows, w.data(), columns, columns, y.data(), kRow);
        for (int first = 0; first < columns; first += 64) {
          panel_product({.a = x.data(),
                         .a_row = kInRow,
                         .b = w.data() + first,
                         .b_k = columns,
                         .c = expected.data() + first,
                         .c_row = kRow,
                         .rows = kRows,
                         .depth = features,
                         .width = std::min(64, columns - first)});
        }
        EXPECT_EQ(std::memcmp(y.data(), expected.data(), 4 * y.size()), 0);
      });
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, Narrow,
                         testing::Values(Case{1, 16}, Case{5, 48}, Case{33, 128}, Case{7, 144}, Case{64, 160}));

}  // namespace
}  // namespace ganymede::kernels
