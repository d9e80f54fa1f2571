#include "measure/attributes/attributes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numbers>
#include <set>

#include "base/error.hpp"
#include "base/file.hpp"
#include "ink/moves.hpp"
#include "measure/attributes/ink_shape.hpp"
#include "measure/attributes/scene_pixels.hpp"
#include "measure/attributes/stroke_pixels.hpp"

namespace ganymede::measure {
namespace {

/// Ink where `is` says so, on a dark ground of 28 x 28.
template <class Is>
StrokePixels drawn(const Is& is) {
  std::vector<float> values;
  for (int y = 0; y < 28; ++y) {
    for (int x = 0; x < 28; ++x) values.push_back(is(y, x) ? 1.0F : -1.0F);
  }
  return stroke_pixels(values, 1, 28, 28);
}

StrokePixels bar(int height, int width) {
  return drawn([&](int y, int x) { return y >= 2 && y < 2 + height && x >= 5 && x < 5 + width; });
}

TEST(StrokePixels, ABarOfThreePixelsHasThicknessThree) {
  EXPECT_DOUBLE_EQ(stroke_thickness(bar(20, 3)), 3);
  EXPECT_DOUBLE_EQ(stroke_thickness(bar(3, 20)), 3);
  EXPECT_DOUBLE_EQ(stroke_thickness(bar(20, 1)), 1);
  EXPECT_DOUBLE_EQ(stroke_thickness(bar(20, 6)), 6);
}

TEST(StrokePixels, HalfInkAtTheEdgesCountsHalf) {
  StrokePixels soft = bar(20, 3);
  for (int y = 2; y < 22; ++y) soft.ink[static_cast<std::size_t>(y) * 28 + 4] = soft.ink[y * 28U + 8] = 0.25;
  EXPECT_DOUBLE_EQ(stroke_thickness(soft), 3.5);
}

TEST(StrokePixels, ADiagonalBandHasItsOwnThickness) {
  // |x - y| <= 2: five pixels in a row; across, x - y goes by steps of 2, so that three fifths have three pixels.
  const double found = stroke_thickness(drawn([](int y, int x) { return std::abs(x - y) <= 2; }));
  EXPECT_DOUBLE_EQ(found, 3 * std::numbers::sqrt2);
}

TEST(StrokePixels, WidthAndHeightAreThoseOfARectangle) {
  EXPECT_NEAR(stroke_width(bar(20, 3)), 3, 1e-9);
  EXPECT_NEAR(stroke_height(bar(20, 3)), 20, 1e-9);
  EXPECT_NEAR(ink_share(bar(20, 3)), 60.0 / 784, 1e-12);
}

TEST(StrokePixels, SlantIsTheShiftARow) {
  EXPECT_NEAR(stroke_slant(bar(20, 3)), 0, 1e-12);
  // One pixel to the right a row upwards.
  EXPECT_NEAR(stroke_slant(drawn([](int y, int x) { return y < 20 && x + y >= 22 && x + y < 25; })), 1, 1e-12);
  // To the left, half a pixel a row.
  EXPECT_NEAR(stroke_slant(drawn([](int y, int x) { return y < 20 && 2 * x >= y && 2 * x < y + 6; })), -0.5, 0.01);
}

TEST(StrokePixels, HolesAreCountedAndMeasured) {
  const auto ring = [](int cy, int y, int x) {
    const int d = std::max(std::abs(y - cy), std::abs(x - 14));
    return d == 3;
  };
  EXPECT_EQ(stroke_holes(bar(20, 3)), 0);
  EXPECT_EQ(stroke_roundness(bar(20, 3)), 0);
  const StrokePixels one = drawn([&](int y, int x) { return ring(7, y, x); });
  EXPECT_EQ(stroke_holes(one), 1);
  EXPECT_DOUBLE_EQ(stroke_roundness(one), 25.0 / 49);  // 5 x 5 within 7 x 7
  EXPECT_EQ(stroke_holes(drawn([&](int y, int x) { return ring(7, y, x) || ring(20, y, x); })), 2);
  // A gap opens it; a diagonal step in the stroke does not.
  EXPECT_EQ(stroke_holes(drawn([&](int y, int x) { return ring(7, y, x) && !(y == 4 && x == 14); })), 0);
  EXPECT_EQ(stroke_holes(drawn([&](int y, int x) { return ring(7, y, x) && !(y == 4 && x == 11); })), 1);
}

TEST(StrokePixels, SymmetryIsOneOfAMirrorImageAndLessElsewhere) {
  EXPECT_NEAR(stroke_symmetry(bar(20, 3)), 1, 1e-12);
  EXPECT_NEAR(stroke_symmetry(bar(20, 4)), 1, 1e-12) << "its middle lies between two pixels";
  // Two dots in different rows, mirrored at their middle column, meet nowhere.
  EXPECT_NEAR(stroke_symmetry(drawn([](int y, int x) { return (y == 5 && x == 5) || (y == 9 && x == 9); })), 0, 1e-12);
}

TEST(StrokePixels, WithoutInkAllIsZero) {
  const StrokePixels none = drawn([](int, int) { return false; });
  for (const auto of : {ink_share, stroke_thickness, stroke_slant, stroke_width, stroke_height, stroke_holes,
                        stroke_roundness, stroke_symmetry})
    EXPECT_EQ(of(none), 0);
  EXPECT_THROW(stroke_pixels(std::vector<float>(9), 1, 2, 3), ShapeError);
}

/// [3, H, 2]: the first `rows` rows of one colour, the others of another.
std::vector<float> scene(int height, int rows, const std::array<float, 3>& upper, const std::array<float, 3>& lower) {
  std::vector<float> values;
  for (std::size_t c = 0; c < 3; ++c) {
    for (int i = 0; i < 2 * height; ++i) values.push_back(2 * (i / 2 < rows ? upper[c] : lower[c]) - 1);
  }
  return values;
}

TEST(ScenePixels, HaveTheValuesByHand) {
  const std::vector<float> picture = scene(10, 3, {0, 0, 1}, {1, 0.5, 0});
  EXPECT_NEAR(scene_brightness(picture, 10, 2), 0.3 * 0.114 + 0.7 * (0.299 + 0.2935), 1e-6);
  EXPECT_NEAR(scene_warmth(picture, 10, 2), -0.3 + 0.7, 1e-6);
  EXPECT_NEAR(scene_saturation(picture, 10, 2), 1, 1e-6);
  EXPECT_NEAR(scene_horizon(picture, 10, 2), 0.7, 1e-12);
  EXPECT_NEAR(scene_contrast(picture, 10, 2), std::sqrt(0.3 * 0.7) * (0.5925 - 0.114), 1e-6);
  const std::vector<float> grey = scene(4, 2, {1, 1, 1}, {0, 0, 0});
  EXPECT_NEAR(scene_contrast(grey, 4, 2), 0.5, 1e-12);
  EXPECT_NEAR(scene_saturation(grey, 4, 2), 0, 1e-12);
  EXPECT_NEAR(scene_saturation(scene(4, 4, {0.8F, 0.6F, 0.4F}, {}), 4, 2), 0.5, 1e-6);
  EXPECT_EQ(scene_horizon(scene(4, 4, {0.3F, 0.2F, 0.1F}, {}), 4, 2), 0.5) << "all rows alike";
  EXPECT_THROW(scene_brightness(picture, 5, 2), ShapeError);
}

TEST(InkShape, HasTheValuesByHand) {
  const ink::Ink cross{{{0, 0}, {3, 4}}, {{0, 4}, {3, 0}}};
  EXPECT_EQ(ink_strokes(cross), 2);
  EXPECT_DOUBLE_EQ(ink_length(cross), 10);
  EXPECT_NEAR(ink_slant(cross), 0, 1e-12);
  EXPECT_DOUBLE_EQ(ink_width(cross), 3);
  EXPECT_DOUBLE_EQ(ink_height(cross), 4);
  EXPECT_DOUBLE_EQ(ink_size(cross), 4);
  EXPECT_NEAR(ink_slant({{{0, 4}, {1, 2}, {2, 0}}}), 0.5, 1e-12) << "y runs down: it leans to the right";
  EXPECT_NEAR(ink_slant({{{0, 0}, {2, 4}}, {{5, 0}, {7, 4}}}), -0.5, 1e-12) << "both lean to the left";
  for (const auto of : {ink_strokes, ink_length, ink_slant, ink_width, ink_height, ink_size}) EXPECT_EQ(of({}), 0);
}

TEST(Attributes, EveryOneIsOfItsKindAloneAndNamedOnce) {
  std::set<std::pair<SampleKind, std::string>> seen;
  for (const Attribute& one : attributes()) {
    EXPECT_TRUE(seen.emplace(one.kind, one.name).second) << one.name;
    EXPECT_GT(std::string(one.sentence).size(), 10U);
  }
  EXPECT_EQ(kind_of_samples({1, 28, 28}), SampleKind::strokes);
  EXPECT_EQ(kind_of_samples({3, 64, 64}), SampleKind::scene);
  EXPECT_EQ(kind_of_samples({3, 28, 28}, true), SampleKind::strokes);
  EXPECT_EQ(kind_of_samples({1, 10, 3}), SampleKind::ink);
  EXPECT_EQ(kind_of_samples({2, 1, 1}), SampleKind::points);
  EXPECT_EQ(attributes_of(SampleKind::points, {1, 1, 1}).size(), 1U);
  EXPECT_EQ(attributes_of(SampleKind::points, {2, 1, 1}).size(), 4U);
  EXPECT_EQ(attributes_of(SampleKind::points, {3, 1, 1}).size(), 3U);
}

TEST(Attributes, AreSaidInTheDocs) {
  const std::string page = read_file(std::filesystem::path(GANYMEDE_SOURCE_DIR) / "docs/directions.md");
  for (const Attribute& one : attributes())
    EXPECT_NE(page.find("`" + std::string(one.name) + "`"), std::string::npos) << one.name;
}

TEST(Attributes, ScoreEverySampleByItself) {
  const auto named = [](const std::string& name, SampleKind kind, const Shape& chw) {
    for (const Attribute* one : attributes_of(kind, chw)) {
      if (one->name == name) return one;
    }
    return static_cast<const Attribute*>(nullptr);
  };
  const Tensor points = Tensor::of<float>({2, 2, 1, 1}, std::vector<float>{3, 4, 0, -2});
  const auto of = [&](const std::string& name) {
    return scores_of(*named(name, SampleKind::points, {2, 1, 1}), points);
  };
  EXPECT_EQ(of("x"), (std::vector<double>{3, 0}));
  EXPECT_EQ(of("y"), (std::vector<double>{4, -2}));
  EXPECT_EQ(of("radius"), (std::vector<double>{5, 2}));
  EXPECT_NEAR(of("angle")[1], -std::numbers::pi / 2, 1e-12);
  std::vector<float> bars(2 * 64, -1.0F);
  for (std::size_t i = 0; i < 16; ++i) bars[8 * (i % 8) + i / 8] = bars[64 + 8 * (i % 8)] = 1;  // 2 and 1 columns
  EXPECT_EQ(scores_of(*named("thickness", SampleKind::strokes, {1, 8, 8}), Tensor::of<float>({2, 1, 8, 8}, bars)),
            (std::vector<double>{2, 1}));
  const ink::Moves moves = ink::encode({{{0, 0}, {0, 1}}, {{1, 0}, {1, 1}}});
  std::vector<float> values;
  for (const ink::Move& move : moves) values.insert(values.end(), {move.dx, move.dy, move.pen});
  EXPECT_EQ(scores_of(*named("strokes", SampleKind::ink, {1, 10, 3}), Tensor::of<float>({1, 1, 10, 3}, values)),
            std::vector<double>{2});
}

}  // namespace
}  // namespace ganymede::measure
