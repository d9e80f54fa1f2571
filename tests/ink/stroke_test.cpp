#include "ink/stroke.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "base/philox.hpp"

namespace ganymede::ink {
namespace {

constexpr double kTiny = 1e-12;  // a few roundings of numbers about 1

TEST(Affine, RotationByAQuarterTurnsXToY) {
  const Point p = Affine::rotation(0.25)({1, 0});
  EXPECT_NEAR(p.x, 0, kTiny);
  EXPECT_NEAR(p.y, 1, kTiny);
}

TEST(Affine, NegativeTurnIsTheInverse) {
  const Point p = then(Affine::rotation(0.3), Affine::rotation(-0.3))({0.7, -0.2});
  EXPECT_NEAR(p.x, 0.7, kTiny);
  EXPECT_NEAR(p.y, -0.2, kTiny);
}

TEST(Affine, ThenAppliesTheFirstFirst) {
  const Affine both = then(Affine::translation(1, 2), Affine::scaling(10, 100));
  EXPECT_EQ(both({0, 0}), (Point{10, 200}));
  const Affine slanted = then(Affine::slant(0.5), Affine::translation(1, 0));
  EXPECT_EQ(slanted({0, 2}), (Point{2, 2}));
}

TEST(Affine, ThenIsAssociative) {
  const Affine f = Affine::rotation(0.1), g = Affine::slant(0.4),
               h = then(Affine::scaling(2, 3), Affine::translation(-1, 5));
  const Point a = then(then(f, g), h)({0.3, 0.6}), b = then(f, then(g, h))({0.3, 0.6});
  EXPECT_NEAR(a.x, b.x, kTiny);
  EXPECT_NEAR(a.y, b.y, kTiny);
}

TEST(BoundingBox, HoldsAllStrokesAndNoMore) {
  const Box box = bounding_box({{{1, 5}, {2, 3}}, {}, {{-4, 4}}});
  EXPECT_EQ(box.x0, -4);
  EXPECT_EQ(box.x1, 2);
  EXPECT_EQ(box.y0, 3);
  EXPECT_EQ(box.y1, 5);
  EXPECT_EQ(box.width(), 6);
}

TEST(BoundingBox, RejectsInkWithoutPoints) {
  EXPECT_THROW(bounding_box({{}, {}}), DataError);
}

TEST(SmoothCurve, PassesThroughItsControlPoints) {
  const Stroke control{{0, 0}, {1, 2}, {3, 1}, {2, -1}};
  const Stroke curve = smooth_curve(control, 7);
  ASSERT_EQ(curve.size(), 3 * 7 + 1u);
  for (std::size_t i = 0; i < control.size(); ++i) EXPECT_EQ(curve[7 * i], control[i]) << i;
}

TEST(SmoothCurve, StaysOnAStraightLine) {
  const Stroke control{{0, 0}, {1, 0.5}, {3, 1.5}, {3.5, 1.75}};
  for (const Point& p : smooth_curve(control, 5)) EXPECT_NEAR(p.y, p.x / 2, kTiny);
}

TEST(SmoothCurve, HasNoKinkAtAPlainPointAndOneAtADoubledPoint) {
  const auto cosine_of_turn = [](const Stroke& s, std::size_t i) {
    const Point a{s[i].x - s[i - 1].x, s[i].y - s[i - 1].y}, b{s[i + 1].x - s[i].x, s[i + 1].y - s[i].y};
    return (a.x * b.x + a.y * b.y) / std::sqrt((a.x * a.x + a.y * a.y) * (b.x * b.x + b.y * b.y));
  };
  const Stroke smooth = smooth_curve(Stroke{{0, 0}, {1, 1}, {2, 0}}, 200);
  EXPECT_GT(cosine_of_turn(smooth, 200), 0.999);
  const Stroke corner = smooth_curve(Stroke{{0, 0}, {1, 1}, {1, 1}, {2, 0}}, 200);
  EXPECT_NEAR(cosine_of_turn(corner, 200), 0, 1e-9);
}

TEST(SmoothCurve, TakesDegenerateInput) {
  EXPECT_TRUE(smooth_curve({}, 5).empty());
  EXPECT_EQ(smooth_curve(Stroke{{2, 3}}, 5), (Stroke{{2, 3}}));
  EXPECT_EQ(smooth_curve(Stroke{{2, 3}, {2, 3}}, 5), (Stroke{{2, 3}}));
}

TEST(SmoothCurve, NeverStraysFarFromItsControlPoints) {
  RandomSequence random(Random(1, "test"), 0);
  for (int i = 0; i < 300; ++i) {
    Stroke control(2 + random.below(8));
    for (Point& p : control) {
      p.x = random.uniform();
      p.y = random.uniform();
    }
    for (const Point& p : smooth_curve(control, 6)) {
      ASSERT_TRUE(p.x > -0.5 && p.x < 1.5 && p.y > -0.5 && p.y < 1.5) << i;
    }
  }
}

}  // namespace
}  // namespace ganymede::ink
