#include <gtest/gtest.h>

#include "kernels/levels.hpp"

namespace ganymede::kernels {
namespace {

// The rows whose rounding a short series gets wrong (tests/base/philox_test.cpp), and lengths that end within a vector.
TEST(RandomRows, HaveTheSameBitsAtEveryLevel) {
  const auto rows = [] {
    std::vector<float> all;
    for (const std::size_t length : {1, 2, 7, 33, 100, 4096}) {
      for (const std::uint32_t index : {0, 80084, 81376, 104463, 106124}) {
        std::vector<float> row(length);
        Random(12, "rows", 3).normal(index, row);
        all.insert(all.end(), row.begin(), row.end());
        Random(12, "rows", 3).uniform(index, row);
        all.insert(all.end(), row.begin(), row.end());
      }
    }
    return all;
  };
  std::vector<std::vector<float>> found;
  at_every_level([&](const std::string&) { found.push_back(rows()); });
  for (const std::vector<float>& one : found) EXPECT_EQ(one, found.front());
}

}  // namespace
}  // namespace ganymede::kernels
