#include "kernels/product.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "kernels/levels.hpp"

namespace ganymede::kernels {
namespace {

// float32 against double: each of `depth` fused steps rounds once, 2^-24 of the partial sum.
double bound(std::int64_t depth) {
  return static_cast<double>(depth + 1) * 6e-8 * 8 * std::sqrt(static_cast<double>(depth + 1));
}

struct Sizes {
  std::int64_t rows, depth;
  int width;
};
const Sizes kSizes[] = {{1, 1, 16},  {2, 3, 32},   {5, 7, 48},   {6, 64, 64}, {7, 1, 64},   {11, 5, 16},
                        {12, 9, 32}, {13, 17, 48}, {23, 33, 64}, {29, 2, 16}, {37, 128, 64}};

TEST(PanelProduct, MatchesPlainLoopOverOddSizes) {
  at_every_level([](const std::string&) {
    for (const Sizes& s : kSizes) {
      for (const bool accumulate : {false, true}) {
        for (const bool transposed : {false, true}) {
          const auto a = random_values(static_cast<std::size_t>(s.rows * s.depth), 1);
          const auto b = random_values(static_cast<std::size_t>(s.depth * 64), 2);
          auto c = random_values(static_cast<std::size_t>(s.rows * 80), 3);
          const auto before = c;
          const std::int64_t a_row = transposed ? 1 : s.depth;
          const std::int64_t a_k = transposed ? s.rows : 1;
          PanelProduct p{.a = a.data(),
                         .a_row = a_row,
                         .a_k = a_k,
                         .b = b.data(),
                         .c = c.data(),
                         .c_row = 80,
                         .rows = s.rows,
                         .depth = s.depth,
                         .width = s.width};
          p.accumulate = accumulate;
          p.next[0] = {b.data(), s.depth * 64};
          p.next[1] = {a.data(), s.rows * s.depth};
          panel_product(p);
          for (std::int64_t i = 0; i < s.rows; ++i) {
            for (int j = 0; j < 80; ++j) {
              double wanted = before[i * 80 + j];
              if (j < s.width) {
                if (!accumulate) wanted = 0;
                for (std::int64_t k = 0; k < s.depth; ++k) wanted += double{a[i * a_row + k * a_k]} * b[k * 64 + j];
              }
              ASSERT_NEAR(c[i * 80 + j], wanted, bound(s.depth))
                  << s.rows << " x " << s.depth << " x " << s.width << " at " << i << ", " << j;
            }
          }
        }
      }
    }
  });
}

TEST(PanelProduct, GathersDepthAndRows) {
  at_every_level([](const std::string&) {
    for (const Sizes& s : kSizes) {
      const auto a = random_values(4000, 4);
      const auto b = random_values(static_cast<std::size_t>(s.depth * 64 * 3), 5);
      std::vector<std::int32_t> a_at, b_at, row_at, c_at;
      for (std::int64_t k = 0; k < s.depth; ++k) {
        a_at.push_back(static_cast<std::int32_t>(k * 7 % 61));
        b_at.push_back(static_cast<std::int32_t>((k * 3 % (s.depth * 3)) * 64));
      }
      for (std::int64_t i = 0; i < s.rows; ++i) {
        row_at.push_back(static_cast<std::int32_t>(i * 13 % 97));
        c_at.push_back(static_cast<std::int32_t>((s.rows - 1 - i) * 64));
      }
      std::vector<float> c(static_cast<std::size_t>(s.rows * 64));
      const PanelProduct p{.a = a.data(),
                           .a_row = 5,
                           .b = b.data(),
                           .c = c.data(),
                           .c_row = 64,
                           .rows = s.rows,
                           .depth = s.depth,
                           .width = s.width};
      for (const bool exact : {false, true}) {
        (exact ? exact_gathered_depth_product : gathered_depth_product)(p, a_at.data(), b_at.data());
        for (std::int64_t i = 0; i < s.rows; ++i) {
          for (int j = 0; j < s.width; ++j) {
            double wanted = 0;
            for (std::int64_t k = 0; k < s.depth; ++k) wanted += double{a[i * 5 + a_at[k]]} * b[b_at[k] + j];
            ASSERT_NEAR(c[i * 64 + j], wanted, exact ? 6e-8 * std::fabs(wanted) : bound(s.depth));
          }
        }
      }
      gathered_rows_product(
          {.a = a.data(), .a_k = 3, .b = b.data(), .c = c.data(), .rows = s.rows, .depth = s.depth, .width = s.width},
          row_at.data(), c_at.data());
      for (std::int64_t i = 0; i < s.rows; ++i) {
        for (int j = 0; j < s.width; ++j) {
          double wanted = 0;
          for (std::int64_t k = 0; k < s.depth; ++k) wanted += double{a[row_at[i] + k * 3]} * b[k * 64 + j];
          ASSERT_NEAR(c[c_at[i] + j], wanted, bound(s.depth));
        }
      }
    }
  });
}

TEST(PanelProduct, GivesTheSameBitsAtEveryVectorLevel) {
  std::map<std::string, std::vector<float>> results;
  at_every_level([&](const std::string& name) {
    for (const Sizes& s : kSizes) {
      const auto a = random_values(static_cast<std::size_t>(s.rows * s.depth), 6);
      const auto b = random_values(static_cast<std::size_t>(s.depth * 64), 7);
      std::vector<float> c(static_cast<std::size_t>(s.rows * 64));
      panel_product({.a = a.data(),
                     .a_row = s.depth,
                     .b = b.data(),
                     .c = c.data(),
                     .c_row = 64,
                     .rows = s.rows,
                     .depth = s.depth,
                     .width = s.width});
      results[name].insert(results[name].end(), c.begin(), c.end());
    }
  });
  for (const auto& [name, values] : results)
    EXPECT_EQ(values, results.begin()->second) << name << " against " << results.begin()->first;
}

}  // namespace
}  // namespace ganymede::kernels
