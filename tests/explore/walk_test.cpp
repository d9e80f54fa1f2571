#include "explore/walk.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace ganymede::explore {
namespace {

TEST(AreasCrossed, AreRunsOfEqualLabels) {
  EXPECT_EQ(areas_crossed(std::vector<std::int32_t>{3, 3, 8, 3, 3}),
            (std::vector<Crossed>{{3, 0, 1}, {8, 2, 2}, {3, 3, 4}}));
  EXPECT_EQ(areas_crossed(std::vector<std::int32_t>{5}), (std::vector<Crossed>{{5, 0, 0}}));
  EXPECT_TRUE(areas_crossed({}).empty());
}

TEST(AreasCrossed, AreToldByNameAndPlace) {
  const std::vector<std::string> names{"sea", "sky"};
  EXPECT_EQ(words_of(areas_crossed(std::vector<std::int32_t>{0, 0, 1, 1, 1}), 5, names), "sea until 0.375, sky");
  EXPECT_EQ(words_of(areas_crossed(std::vector<std::int32_t>{1, 1}), 2, names), "sky");
}

TEST(ParseZ, TakesASeedOrCoordinates) {
  const auto named = [](std::uint64_t seed) { return std::vector<float>{static_cast<float>(seed), 0}; };
  EXPECT_EQ(parse_z("17", 2, named), (std::vector<float>{17, 0}));
  EXPECT_EQ(parse_z("0.5,-1.25", 2, named), (std::vector<float>{0.5, -1.25}));
  EXPECT_EQ(parse_z(" 0.5, -1.25 ", 2, named), (std::vector<float>{0.5, -1.25}));
  EXPECT_EQ(parse_z("-2", 1, named), (std::vector<float>{-2}));
  for (const char* text : {"", "a", "1,2,3", "1,", "1,,2", "1;2", "1,nan", "1,inf", "0.5"})
    EXPECT_THROW(parse_z(text, 2, named), ConfigError) << text;
}

}  // namespace
}  // namespace ganymede::explore
