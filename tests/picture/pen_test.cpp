#include "picture/pen.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "base/philox.hpp"

namespace ganymede::picture {
namespace {

using Line = std::vector<PenPoint>;

double area(const Coverage& c) {
  return std::accumulate(c.values.begin(), c.values.end(), 0.0);
}

TEST(Pen, CoversWholePixelsOfALineOnTheGridExactly) {
  Coverage c(5, 9);
  draw_polyline(c, Line{{-5, 2, 1}, {20, 2, 1}});
  for (int y = 0; y < 5; ++y) {
    for (int x = 0; x < 9; ++x) EXPECT_EQ(c.values[y * 9 + x], y == 2 ? 1 : 0) << y << " " << x;
  }
}

TEST(Pen, SharesALineBetweenTwoRowsByCoverage) {
  Coverage c(4, 3);
  draw_polyline(c, Line{{-5, 1.25, 1}, {20, 1.25, 1}});
  EXPECT_FLOAT_EQ(c.values[1 * 3 + 1], 0.75f);
  EXPECT_FLOAT_EQ(c.values[2 * 3 + 1], 0.25f);
  EXPECT_EQ(c.values[3 * 3 + 1], 0);
}

TEST(Pen, ThinLinesAreAsLightAsTheyAreThin) {
  Coverage c(3, 3);
  draw_polyline(c, Line{{-5, 1, 0.25}, {20, 1, 0.25}});
  EXPECT_FLOAT_EQ(c.values[4], 0.25f);
}

TEST(Pen, AreaOfALongLineIsLengthTimesWidth) {
  Coverage c(120, 120);
  draw_polyline(c, Line{{10, 13, 4}, {100, 87, 4}});
  const double wanted = std::hypot(90.0, 74.0) * 4 + 3.14159265358979 * 4;  // and a half disc at each end
  EXPECT_NEAR(area(c), wanted, 0.01 * wanted);  // the box filter is taken along the distance, not along the axes
}

TEST(Pen, AreaOfADotIsThatOfADisc) {
  for (const double width : {3.0, 5.5, 12.0}) {
    Coverage c(30, 30);
    draw_polyline(c, Line{{14.3, 14.8, width}});
    const double wanted =
        3.14159265358979 * (width * width / 4 + 1 / 12.0);  // the box, moved along the radius, adds s^2 / 12
    EXPECT_NEAR(area(c), wanted, 0.01 * wanted) << width;
  }
}

TEST(Pen, SoftnessWidensTheEdgeAndKeepsTheInk) {
  Coverage hard(5, 40), soft(5, 40);
  for (Coverage* c : {&hard, &soft}) {
    draw_polyline(*c, Line{{20, -20, 5}, {20, 20, 5}}, c == &hard ? 1 : 3);
  }
  EXPECT_NEAR(area(soft), area(hard), 1e-4);
  EXPECT_EQ(hard.values[2 * 40 + 17], 0);
  EXPECT_NEAR(soft.values[2 * 40 + 17], 1 / 3.0, 1e-6);  // 3 from the centre line, half the pen 2.5, half the box 1.5
}

TEST(Pen, WidthChangesAlongTheLine) {
  Coverage c(21, 61);
  draw_polyline(c, Line{{10, 10, 2}, {50, 10, 10}});
  const auto thickness = [&](int x) {
    double sum = 0;
    for (int y = 0; y < 21; ++y) sum += c.values[y * 61 + x];
    return sum;
  };
  EXPECT_NEAR(thickness(10), 2, 0.1);
  EXPECT_NEAR(thickness(30), 6, 0.1);
  EXPECT_NEAR(thickness(50), 10, 0.1);
}

TEST(Pen, StrokesJoinByMaximumAndStayInRange) {
  RandomSequence random(Random(3, "test"), 0);
  Coverage c(28, 28);
  for (int i = 0; i < 200; ++i) {
    const Coverage before = c;
    Line line(1 + random.below(5));
    for (PenPoint& p : line) {
      p.x = random.uniform(-10, 40);
      p.y = random.uniform(-10, 40);
      p.width = random.uniform(0, 3);
    }
    draw_polyline(c, line);
    for (std::size_t j = 0; j < c.values.size(); ++j) {
      ASSERT_GE(c.values[j], before.values[j]);
      ASSERT_LE(c.values[j], 1);
    }
  }
}

TEST(Pen, LinesOutsideLeaveNoTrace) {
  Coverage c(8, 8);
  draw_polyline(c, Line{{-20, -20, 3}, {-1e12, 50, 3}});
  draw_polyline(c, Line{{1e15, 4, 2}});
  draw_polyline(c, Line{});
  EXPECT_EQ(area(c), 0);
}

TEST(Pen, DrawsTheSameIntoAnImageWhereverItStarts) {
  const Line line{{3.2, 4.1, 2}, {15, 9, 3}, {30, -6, 1}};
  Coverage c(20, 24);
  draw_polyline(c, line);
  Image direct(20, 24, 1), blended(20, 24, 1);
  draw_polyline(direct, line, kWhite);
  blend(blended, c, 0, 0, kWhite);
  for (std::size_t i = 0; i < direct.pixels().size(); ++i) {
    EXPECT_NEAR(direct.pixels()[i], blended.pixels()[i], 1) << i;  // shifted coordinates round differently
  }
}

}  // namespace
}  // namespace ganymede::picture
