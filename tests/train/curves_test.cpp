#include "train/curves.hpp"

#include <gtest/gtest.h>

#include "picture/player_colours.hpp"

namespace ganymede::train {
namespace {

std::vector<Curves::Point> line(int count) {
  std::vector<Curves::Point> points(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) points[static_cast<std::size_t>(i)] = {1.0 * i, 2.0 * i, 3.0 * i};
  return points;
}

TEST(Curves, PlayersHaveTheirColours) {
  Curves curves;
  for (int i = 1; i <= 3; ++i) curves.add_epoch(i, {.generator_loss = 3, .discriminator_loss = 1});
  const picture::Image image = curves.draw();
  int generator = image.height(), discriminator = 0;  // highest rows in the half that the legend does not reach
  for (int y = 80; y < image.height(); ++y) {
    for (int x = image.width() / 2; x < image.width(); ++x) {
      if (image.colour_at(y, x) == picture::kGeneratorColour) generator = std::min(generator, y);
      if (image.colour_at(y, x) == picture::kDiscriminatorColour) discriminator = std::max(discriminator, y);
    }
  }
  EXPECT_LT(generator, discriminator) << "the higher loss is the generator's";
  EXPECT_GT(discriminator, 0);
}

TEST(Curves, NameNoLinesBeforeTheFirstEpochEnds) {
  Curves curves;
  for (int i = 1; i <= 3; ++i) curves.add_step(0.1 * i, {.generator_loss = 3, .discriminator_loss = 1});
  const auto shown = [&] {
    const picture::Image image = curves.draw();
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
      for (int x = 0; x < image.width(); ++x) {
        const auto colour = image.colour_at(y, x);
        count += colour == picture::kGeneratorColour || colour == picture::kDiscriminatorColour ? 1 : 0;
      }
    }
    return count;
  };
  EXPECT_EQ(shown(), 0);
  curves.add_epoch(1, {.generator_loss = 3, .discriminator_loss = 1});
  EXPECT_GT(shown(), 0);
}

TEST(Thinned, KeepsFewPointsAsTheyAre) {
  EXPECT_EQ(thinned(line(5), 5), line(5));
}

TEST(Thinned, AveragesNeighbours) {
  const auto points = thinned(line(10), 4);  // groups of 3, 3, 3, 1
  ASSERT_EQ(points.size(), 4U);
  EXPECT_EQ(points[0], (Curves::Point{1, 2, 3}));
  EXPECT_EQ(points[3], (Curves::Point{9, 18, 27}));
}

TEST(Smoothed, LeavesALineWhereItIs) {
  EXPECT_EQ(smoothed(line(9), 2), line(9));
}

TEST(Smoothed, SpreadsAPeak) {
  auto points = line(0);
  for (int i = 0; i < 7; ++i) points.push_back({1.0 * i, i == 3 ? 5.0 : 0.0, 0});
  const auto smooth = smoothed(points, 2);
  EXPECT_DOUBLE_EQ(smooth[3].generator_loss, 1);
  EXPECT_DOUBLE_EQ(smooth[2].generator_loss, 1);
  EXPECT_DOUBLE_EQ(smooth[0].generator_loss, 0);
}

TEST(Curves, PutEpochsInTheirMiddle) {
  Curves curves;
  curves.add_epoch(1, {.generator_loss = 2, .discriminator_loss = 1});
  curves.add_step(0.25, {.generator_loss = 4, .discriminator_loss = 3});
  EXPECT_EQ(curves.epochs()[0], (Curves::Point{0.5, 2, 1}));
  EXPECT_EQ(curves.steps()[0], (Curves::Point{0.25, 4, 3}));
  EXPECT_FALSE(curves.draw().empty());
}

}  // namespace
}  // namespace ganymede::train
