#include "ink/smooth.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ganymede::ink {
namespace {

TEST(Smoothed, StraightStrokesStayStraightAndDotsDots) {
  const Ink ink = smoothed({{{0, 0}, {4, 0}, {8, 0}}, {{1, 1}}, {{2, 2}, {2, 2}}}, 4);
  ASSERT_EQ(ink.size(), 3u);
  EXPECT_EQ(ink[0].size(), 9u);
  for (const Point& p : ink[0]) EXPECT_NEAR(p.y, 0, 1e-12);
  EXPECT_NEAR(ink[0][4].x, 4, 1e-12);
  EXPECT_EQ(ink[1], (Stroke{{1, 1}}));
  EXPECT_EQ(ink[2], (Stroke{{2, 2}}));
}

// A right angle is a corner: both sides stay on the axes. A turn of 60 degrees is a curve, which leaves them.
TEST(Smoothed, KeepsCornersAndRoundsTheRest) {
  const Stroke corner = smoothed({{{0, 1}, {0, 0}, {1, 0}}}, 8)[0];
  for (const Point& p : corner) EXPECT_NEAR(p.x * p.y, 0, 1e-12);
  const double half = std::sqrt(3) / 2;
  const Stroke curve = smoothed({{{0, 0}, {1, 0}, {1.5, half}}}, 8)[0];
  EXPECT_EQ(curve[8], (Point{1, 0}));  // through its points all the same
  EXPECT_GT(std::abs(curve[4].y), 0.01);
}

// Eight points of a circle turn by 45 degrees each: the curve between them is nearer to the circle than the chords,
// whose middle is 1 - cos 22.5 degrees = 0.076 inside.
TEST(Smoothed, ComesNearerToACircleThanChords) {
  Ink ink(1);
  for (int i = 0; i <= 8; ++i) {
    const double turn = 3.14159265358979323846 * i / 4;
    ink[0].push_back({std::cos(turn), std::sin(turn)});
  }
  double worst = 0;
  const Stroke curve = smoothed(ink, 8)[0];
  ASSERT_EQ(curve.size(), 65u);
  for (std::size_t i = 8; i + 8 < curve.size(); ++i)
    worst = std::max(worst, std::abs(1 - std::hypot(curve[i].x, curve[i].y)));
  EXPECT_LT(worst, 0.02);
}

}  // namespace
}  // namespace ganymede::ink
