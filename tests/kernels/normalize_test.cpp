#include "kernels/normalize.hpp"

#include <gtest/gtest.h>

#include <map>

#include "kernels/levels.hpp"

namespace ganymede::kernels {
namespace {

TEST(ColumnMoments, MatchPlainLoopAndSurviveALargeMean) {
  at_every_level([](const std::string&) {
    for (const int columns : {16, 32, 48, 64, 144}) {
      for (const std::int64_t rows : {1, 2, 7, 96}) {
        auto x = random_values(static_cast<std::size_t>(rows * columns), 1);
        for (float& v : x) v += 1000;  // E[x^2] - E[x]^2 would lose the variance here
        std::vector<float> mean(columns), squares(columns), wanted_mean(columns), wanted_squares(columns);
        column_moments(x.data(), rows, columns, mean.data(), squares.data());
        plain::column_moments(x.data(), rows, columns, wanted_mean.data(), wanted_squares.data());
        for (int c = 0; c < columns; ++c) {
          EXPECT_NEAR(mean[c], wanted_mean[c], 1000 * 6e-8 * static_cast<double>(rows));
          EXPECT_NEAR(squares[c], wanted_squares[c], 2e-3 * (wanted_squares[c] + 1));
        }
      }
    }
  });
}

TEST(CombineColumns, MatchesPlainLoopAndLevelsAgree) {
  std::map<std::string, std::vector<float>> results;
  at_every_level([&](const std::string& name) {
    for (const int columns : {16, 48, 128}) {
      const std::int64_t rows = 9;
      const auto x = random_values(static_cast<std::size_t>(rows * columns), 2);
      const auto a = random_values(columns, 3), b = random_values(columns, 4), d = random_values(columns, 5),
                 centre = random_values(columns, 7);
      auto g = random_values(static_cast<std::size_t>(rows * columns), 6);
      auto wanted = g;
      combine_columns(g.data(), x.data(), a.data(), b.data(), d.data(), centre.data(), rows, columns);
      plain::combine_columns(wanted.data(), x.data(), a.data(), b.data(), d.data(), centre.data(), rows, columns);
      for (std::size_t i = 0; i < g.size(); ++i) ASSERT_NEAR(g[i], wanted[i], 4e-6);
      std::vector<float> mean(columns), squares(columns);
      column_moments(x.data(), rows, columns, mean.data(), squares.data());
      for (const auto* part : {&g, &mean, &squares})
        results[name].insert(results[name].end(), part->begin(), part->end());
    }
  });
  for (const auto& [name, values] : results) EXPECT_EQ(values, results.begin()->second) << name;
}

}  // namespace
}  // namespace ganymede::kernels
