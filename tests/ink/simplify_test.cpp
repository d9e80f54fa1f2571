#include "ink/simplify.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "random_ink.hpp"

namespace ganymede::ink {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double distance_to(Point p, const Stroke& line) {
  double nearest = std::hypot(p.x - line[0].x, p.y - line[0].y);
  for (std::size_t i = 1; i < line.size(); ++i) {
    const Point a = line[i - 1], b = line[i];
    const double dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
    const double t = length2 > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length2, 0.0, 1.0) : 0;
    nearest = std::min(nearest, std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy));
  }
  return nearest;
}

// The recursion of Douglas and Peucker 1973 as it is written in textbooks.
void textbook(const Stroke& stroke, std::size_t from, std::size_t to, double tolerance, Stroke& out) {
  std::size_t farthest = from;
  double most = -1;
  for (std::size_t i = from + 1; i < to; ++i) {
    const double d = distance_to(stroke[i], {stroke[from], stroke[to]});
    if (d > most) most = d, farthest = i;
  }
  if (most > tolerance) {
    textbook(stroke, from, farthest, tolerance, out);
    textbook(stroke, farthest, to, tolerance, out);
  } else {
    out.push_back(stroke[to]);
  }
}

TEST(Significance, OfATentIsItsHeight) {
  EXPECT_EQ(significance({{0, 0}, {1, 3}, {2, 0}}), (std::vector<double>{kInfinity, 3, kInfinity}));
}

TEST(Significance, NeverExceedsThatOfTheSplitAbove) {
  // The second split (the spike at x = 1) is farther from its chord than the first one was from the whole.
  const auto s = significance({{0, 0}, {1, 0}, {2, 5}, {3, 0}, {10, 0}});
  EXPECT_EQ(s[2], 5);
  EXPECT_LE(s[1], 5);
  EXPECT_LE(s[3], 5);
}

TEST(Significance, OfAClosedStrokeIsTheDistanceToItsEnds) {
  EXPECT_EQ(significance({{0, 0}, {4, 0}, {0, 0}})[1], 4);
}

TEST(Significance, OfNothingAndOfOnePointIsDefined) {
  EXPECT_TRUE(significance({}).empty());
  EXPECT_EQ(significance({{1, 1}}).size(), 1u);
}

TEST(Simplified, IsTheTextbookRecursion) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Stroke stroke = random_ink(seed, 1)[0];
    if (stroke.size() < 2) continue;
    for (const double tolerance : {0.0, 1.0, 10.0, 60.0, 300.0}) {
      Stroke expected{stroke.front()};
      textbook(stroke, 0, stroke.size() - 1, tolerance, expected);
      EXPECT_EQ(simplified(stroke, tolerance), expected) << "seed " << seed << ", tolerance " << tolerance;
    }
  }
}

TEST(Simplified, LeavesNoPointFartherThanTheTolerance) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Stroke stroke = random_ink(seed, 1)[0];
    const Stroke line = simplified(stroke, 25);
    for (const Point& p : stroke) EXPECT_LE(distance_to(p, line), 25 * (1 + 1e-12)) << "seed " << seed;
  }
}

TEST(Simplified, KeepsEndsAndNeverMoreWithALargerTolerance) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Stroke stroke = random_ink(seed, 1)[0];
    std::size_t before = stroke.size();
    for (double tolerance = 0; tolerance < 200; tolerance += 20) {
      const Stroke line = simplified(stroke, tolerance);
      EXPECT_EQ(line.front(), stroke.front());
      EXPECT_EQ(line.back(), stroke.back());
      EXPECT_LE(line.size(), before);
      before = line.size();
    }
  }
}

TEST(CountCrossings, CountsXButNotTouches) {
  EXPECT_EQ(count_crossings({{{0, 0}, {2, 2}}, {{0, 2}, {2, 0}}}), 1);
  EXPECT_EQ(count_crossings({{{0, 0}, {2, 2}, {4, 0}}}), 0);
  EXPECT_EQ(count_crossings({{{0, 0}, {2, 0}}, {{1, 0}, {1, 5}}}), 0);
}

// A bump whose flat chord runs through the stroke that stands under it.
const Ink kBumpOverStem = {{{0, 0}, {4, 0}, {5, 3}, {6, 0}, {10, 0}}, {{5, 2}, {5, -6}}};

TEST(SimplifiedConsistently, MakesNoCrossingWhereThePlainOneDoes) {
  ASSERT_EQ(count_crossings(kBumpOverStem), 0);
  EXPECT_EQ(count_crossings(simplified(kBumpOverStem, 4)), 1);
  EXPECT_EQ(count_crossings(simplified_consistently(kBumpOverStem, 4)), 0);
}

TEST(SimplifiedConsistently, KeepsCrossingsThatWereDrawn) {
  const Ink x = {{{0, 0}, {1, 1.1}, {2, 2}}, {{0, 2}, {1, 0.9}, {2, 0}}};
  EXPECT_EQ(simplified_consistently(x, 0.5), (Ink{{{0, 0}, {2, 2}}, {{0, 2}, {2, 0}}}));
}

TEST(SimplifiedConsistently, NeverAddsCrossingsToInkWithout) {
  int tried = 0, plain_fails = 0;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    const Ink ink = random_ink(seed, 2);
    if (count_crossings(ink) > 0 || ink[0].size() + ink[1].size() < 8) continue;
    ++tried;
    plain_fails += count_crossings(simplified(ink, 60)) > 0;
    EXPECT_EQ(count_crossings(simplified_consistently(ink, 60)), 0) << "seed " << seed;
  }
  EXPECT_GT(tried, 100);
  EXPECT_GT(plain_fails, 0) << "no case was hard enough to tell the two apart";
}

TEST(SimplifiedConsistently, EqualsThePlainOneWhereThatMakesNoCrossing) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const Ink ink = random_ink(seed, 2);
    const Ink plain = simplified(ink, 30);
    if (count_crossings(plain) == 0) {
      EXPECT_EQ(simplified_consistently(ink, 30), plain) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace ganymede::ink
