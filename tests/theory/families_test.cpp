#include "theory/families.hpp"

#include <gtest/gtest.h>

namespace ganymede::theory {
namespace {

// The lecture's table, column by column.
TEST(Families, SayWhatTheLectureSays) {
  const auto& all = families();
  ASSERT_EQ(all.size(), 5U);
  const auto column = [&](auto member) {
    std::string text;
    for (const Family& one : all) text += (text.empty() ? "" : "|") + one.*member;
    return text;
  };
  EXPECT_EQ(column(&Family::name), "autoregressive|flows|implicit|prescribed|energy-based");
  EXPECT_EQ(column(&Family::training), "stable|stable|unstable|stable|stable");
  EXPECT_EQ(column(&Family::likelihood), "exact|exact|none|approximate|unnormalised");
  EXPECT_EQ(column(&Family::sampling), "slow|slow or fast|fast|fast|slow");
  EXPECT_EQ(column(&Family::compression), "lossless|lossless|none|lossy|rather none");
  std::string codes;
  for (const Family& one : all) codes += one.representation ? "y" : "n";
  EXPECT_EQ(codes, "nynyy");
}

}  // namespace
}  // namespace ganymede::theory
