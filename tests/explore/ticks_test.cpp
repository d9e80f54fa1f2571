#include "explore/attributes/ticks.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/fresh_folder.hpp"
#include "base/philox.hpp"
#include "explore/attributes/direction_file.hpp"
#include "measure/distributions.hpp"

namespace ganymede::explore {
namespace {

/// Normal points of Z numbers, yes where direction . z + offset > 0.
Ticks ticks_of(std::int64_t count, std::int64_t dim, double offset = 0, std::int64_t offered = 1000) {
  Ticks ticks{.z = {.values = std::vector<float>(static_cast<std::size_t>(count * dim)), .dim = dim}};
  Random(3, "ticks").normal(0, ticks.z.values);
  for (std::int64_t i = 0; i < count; ++i) {
    ticks.yes.push_back(static_cast<double>(ticks.z.view().row(i)[0]) + offset > 0 ? 1 : 0);
    ticks.offered.push_back(i < offered ? 1 : 0);
  }
  return ticks;
}

TEST(Ticks, FindTheDirectionThatWasTicked) {
  const TickedPlane found = fit_ticks(ticks_of(200, 3, 0.5), "right");
  EXPECT_GT(found.plane.normal[0], 0.97);
  EXPECT_NEAR(found.plane.offset, 0.5, 0.15);
  EXPECT_GT(found.accuracy.value, 0.9);
  EXPECT_EQ(found.judged, 200);
  const auto right = static_cast<std::int64_t>(std::lround(found.accuracy.value * 200));
  EXPECT_NEAR(measure::binomial_at_least(right, 200, found.accuracy.interval.low), 0.025, 1e-9);
  EXPECT_TRUE(found.found.attributes.at(0).told);
}

TEST(Ticks, WhatIsChanceIsNotTold) {
  Ticks ticks = ticks_of(60, 20);
  RandomSequence random(Random(5, "chance"), 0);
  for (std::uint8_t& yes : ticks.yes) yes = static_cast<std::uint8_t>(random.below(2));
  const TickedPlane found = fit_ticks(ticks, "x");
  EXPECT_NEAR(found.accuracy.value, 0.5, 0.2) << "though the plane fits its own ticks: " << found.plane.accuracy;
  EXPECT_FALSE(found.found.attributes.at(0).told);
}

TEST(Ticks, AreJudgedOutsideTheFitOnThoseOfferedAtRandomAlone) {
  // The last 20 are ticked against the rule: they move the plane, and are not counted.
  Ticks ticks = ticks_of(60, 2, 0, 40);
  for (std::size_t i = 40; i < 60; ++i) ticks.yes[i] = 1 - ticks.yes[i];
  EXPECT_EQ(fit_ticks(ticks, "x").judged, 40);
  std::fill(ticks.offered.begin(), ticks.offered.end(), std::uint8_t{1});
  const TickedPlane all = fit_ticks(ticks, "x");
  EXPECT_EQ(all.judged, 60);
  EXPECT_LT(all.accuracy.value, 0.75);
}

TEST(Ticks, OfFewerThanTenAreHeldOutOneByOne) {
  // On a line: 1 and 2 are yes, -1 and -2 no. Each is told by the other three.
  const Ticks ticks{.z = {.values = {1, 2, -1, -2}, .dim = 1}, .yes = {1, 1, 0, 0}, .offered = {1, 1, 1, 1}};
  const TickedPlane found = fit_ticks(ticks, "x");
  EXPECT_EQ(found.judged, 4);
  EXPECT_EQ(found.accuracy.value, 1);
  EXPECT_NEAR(found.accuracy.interval.low, std::pow(0.025, 0.25), 1e-9);
  EXPECT_EQ(found.commonest, 0.5);
}

TEST(Ticks, WantTwoOfEitherKind) {
  Ticks ticks = ticks_of(10, 2);
  std::fill(ticks.yes.begin(), ticks.yes.end(), std::uint8_t{0});
  EXPECT_THROW(fit_ticks(ticks, "x"), DataError);
  ticks.yes[3] = 1;
  EXPECT_THROW(fit_ticks(ticks, "x"), DataError);
  ticks.yes[4] = 1;
  EXPECT_NO_THROW(fit_ticks(ticks, "x"));
  ticks.yes.pop_back();
  EXPECT_THROW(fit_ticks(ticks, "x"), ShapeError);
}

TEST(Ticks, TheLeastSureLieNearestToThePlane) {
  const measure::Hyperplane plane{.normal = {0.6, 0.8}, .offset = -1};
  // |0.6 x + 0.8 y - 1|: 1, 0, 1, 0.4, 0.2.
  const std::vector<float> z = {0, 0, 1, 0.5, 0, 2.5, 1, 1, 2, 0};
  EXPECT_EQ(least_sure(plane, {z, 2}, 3), (std::vector<std::int64_t>{1, 4, 3}));
  EXPECT_EQ(least_sure(plane, {z, 2}, 3, {1, 3}), (std::vector<std::int64_t>{4, 0, 2})) << "ties: the earlier";
  EXPECT_EQ(least_sure(plane, {z, 2}, 99).size(), 5U);
}

TEST(Ticks, BecomeAFileThatGivesTheDirectionBack) {
  const TickedPlane plane = fit_ticks(ticks_of(50, 3), "smiling");
  KeptDirections kept{.name = "smiling", .run = "a", .samples = "ticked", .dim = 3};
  kept.found = plane.found;
  const ganymede::testing::FreshFolder folder;
  const auto file = write_directions(folder / "directions", kept);
  const std::vector<NamedDirection> back = read_directions(file);
  ASSERT_FALSE(back.empty());
  EXPECT_EQ(back[0].name, "smiling");
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(back[0].vector[i], plane.plane.normal[i], 1e-12);
}

}  // namespace
}  // namespace ganymede::explore
