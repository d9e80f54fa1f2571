#include "data/synthetic/synthetic_landscape.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "base/checksum.hpp"
#include "base/error.hpp"
#include "data/synthetic/landscape_painter.hpp"

namespace ganymede::data {
namespace {

using LandscapePixels = std::vector<std::uint8_t>;

LandscapePixels landscape(std::uint64_t seed, std::uint64_t index, int side = kLandscapeSide) {
  LandscapePixels pixels(static_cast<std::size_t>(3 * side * side), 77);
  draw_landscape(seed, index, side, pixels);
  return pixels;
}

/// Mean over rows first .. last of a picture: red, green, blue.
std::array<double, 3> mean_of_rows(const LandscapePixels& p, int first, int last) {
  std::array<double, 3> mean{};
  for (std::size_t c = 0; c < 3; ++c) {
    for (int y = first; y < last; ++y) {
      for (int x = 0; x < kLandscapeSide; ++x)
        mean[c] += p[(c * kLandscapeSide + static_cast<std::size_t>(y)) * kLandscapeSide + static_cast<std::size_t>(x)];
    }
    mean[c] /= (last - first) * kLandscapeSide;
  }
  return mean;
}

double distance(const LandscapePixels& a, const LandscapePixels& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(sum / static_cast<double>(a.size()));
}

TEST(SyntheticLandscapes, AreTheSameBitsOnEveryMachine) {
  Crc32 crc;
  for (std::uint64_t i = 0; i < 60; ++i) {
    const LandscapePixels p = landscape(7, i);
    crc.add(p.data(), p.size());
  }
  EXPECT_EQ(hex(crc.value()), "ca7ae26f");
}

TEST(SyntheticLandscapes, DependOnSeedAndWholeIndex) {
  EXPECT_EQ(landscape(1, 5), landscape(1, 5));
  EXPECT_NE(landscape(1, 5), landscape(2, 5));
  EXPECT_NE(landscape(1, 5), landscape(1, 6));
  EXPECT_NE(landscape(1, 5), landscape(1, 5 + (std::uint64_t{1} << 32)));
  EXPECT_NE(landscape(1, 5), landscape(1 + (std::uint64_t{1} << 32), 5));
  landscape(std::numeric_limits<std::uint64_t>::max(), std::numeric_limits<std::uint64_t>::max());
}

TEST(SyntheticLandscapes, ShowTheSameSceneAtAnyResolution) {
  for (std::uint64_t i = 0; i < 20; ++i) {
    const LandscapePixels small = landscape(3, i, 32), large = landscape(3, i, 96);
    double sum = 0;
    for (int c = 0; c < 3; ++c) {
      for (int y = 0; y < 32; ++y) {
        for (int x = 0; x < 32; ++x) {
          double mean = 0;
          for (int k = 0; k < 9; ++k) mean += large[(c * 96 + 3 * y + k / 3) * 96 + 3 * x + k % 3] / 9.0;
          sum += std::fabs(mean - small[(c * 32 + y) * 32 + x]);
        }
      }
    }
    EXPECT_LT(sum / (3 * 32 * 32), 16) << i;
  }
}

TEST(SyntheticLandscapes, HaveSkyAboveLand) {
  int blue_sky = 0, bright_sky = 0;
  for (std::uint64_t i = 0; i < 300; ++i) {
    const LandscapePixels p = landscape(1, i);
    const auto sky = mean_of_rows(p, 0, 16), land = mean_of_rows(p, 48, 64);
    blue_sky += sky[2] > sky[0];
    bright_sky += sky[0] + sky[1] + sky[2] > land[0] + land[1] + land[2];
  }
  EXPECT_GT(blue_sky, 180);
  EXPECT_GT(bright_sky, 180);
}

TEST(SyntheticLandscapes, VaryInLightColourAndSeason) {
  // The spread over pictures of the mean colour of sky and ground: no two thirds of the set look alike.
  std::array<std::vector<double>, 6> means;
  for (std::uint64_t i = 0; i < 400; ++i) {
    const LandscapePixels p = landscape(1, i);
    for (std::size_t c = 0; c < 3; ++c) {
      means[c].push_back(mean_of_rows(p, 0, 20)[c]);
      means[3 + c].push_back(mean_of_rows(p, 44, 64)[c]);
    }
  }
  for (std::vector<double>& channel : means) {
    std::sort(channel.begin(), channel.end());
    EXPECT_GT(channel[360] - channel[40], 60);  // between the first and the last tenth
    EXPECT_GT(channel[40], 8);
    EXPECT_LT(channel[360], 250);
  }
}

TEST(SyntheticLandscapes, NoTwoAreAlike) {
  std::vector<LandscapePixels> all;
  for (std::uint64_t i = 0; i < 400; ++i) all.push_back(landscape(1, i));
  for (std::size_t i = 0; i < 40; ++i) {
    for (std::size_t j = 0; j < all.size(); ++j) {
      if (i != j) {
        ASSERT_GT(distance(all[i], all[j]), 7) << i << " " << j;
      }
    }
  }
}

TEST(SyntheticLandscapes, KeepTheirScenesWithinReason) {
  int water = 0, snow = 0, night = 0;
  for (std::uint32_t i = 0; i < 2000; ++i) {
    RandomSequence random(Random(1, "test"), i);
    const Scene s = draw_scene(random);
    ASSERT_GE(s.shore_y, s.horizon_y);
    ASSERT_LT(s.shore_y, 0.85);
    ASSERT_LE(s.ridges.size(), 6U);
    for (const Ridge& r : s.ridges) {
      ASSERT_GT(r.height, 0);
      ASSERT_LT(r.height, r.base) << "a crest above the picture";
      ASSERT_GE(r.distance, 0);
      ASSERT_LE(r.distance, 1);
    }
    water += s.water, snow += s.snow_line < 0.5, night += s.sun < -0.1;
  }
  EXPECT_NEAR(water, 1000, 150);
  EXPECT_NEAR(snow, 450, 250);
  EXPECT_NEAR(night, 120, 50);
}

TEST(SyntheticLandscapes, HaveClassesOfReliefWaterAndLight) {
  EXPECT_EQ(landscape_class_name(0), "mountains");
  EXPECT_EQ(landscape_class_name(15), "dunes and water, low sun");
  std::array<int, kLandscapeClasses> counts{};
  for (std::uint64_t i = 0; i < 4000; ++i) ++counts[static_cast<std::size_t>(landscape_label(1, i))];
  int low = 0, water = 0, mountains = 0;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    EXPECT_GT(counts[k], 15) << landscape_class_name(static_cast<int>(k));
    low += k % 2 == 1 ? counts[k] : 0;
    water += k / 2 % 2 == 1 ? counts[k] : 0;
    mountains += k < 4 ? counts[k] : 0;
  }
  EXPECT_NEAR(mountains, 1800, 130);
  EXPECT_NEAR(low, 1360, 130);
  EXPECT_NEAR(water, 2000, 200);
}

TEST(SyntheticLandscapes, WaterMirrorsWhatIsAbove) {
  RandomSequence random(Random(4, "test"), 1);
  Scene s = draw_scene(random);
  s.water = true, s.ripples = 0, s.sun = 1;
  s.horizon_y = s.shore_y = 0.5;
  std::erase_if(s.ridges, [](const Ridge& r) { return r.base > 0.5; });
  s.depth = {0, 0, 0};
  const std::vector<Rgb> p = paint(s, 64);
  // Three and a half pixels below the shore the water shows what stands as far above it, a little darker.
  for (int x = 0; x < 64; ++x) {
    double least = 1, most = 0;
    for (int y = 26; y < 30; ++y) {
      least = std::min(least, p[static_cast<std::size_t>(64 * y + x)].g);
      most = std::max(most, p[static_cast<std::size_t>(64 * y + x)].g);
    }
    const double below = p[static_cast<std::size_t>(64 * 35 + x)].g;
    EXPECT_LT(below, most) << x;
    EXPECT_GT(below, 0.8 * least) << x;
  }
}

TEST(SyntheticLandscapes, RefusesOtherSizes) {
  LandscapePixels pixels(100);
  EXPECT_THROW(draw_landscape(1, 1, 64, pixels), ShapeError);
  EXPECT_THROW(draw_landscape(1, 1, 7, pixels), ShapeError);
  EXPECT_THROW(draw_landscape(1, 1, 1025, pixels), ShapeError);
}

TEST(LandscapeColours, MixAndClamp) {
  const Rgb m = mix({0, 0.2, 1}, {1, 0.4, 0}, 0.25);
  EXPECT_DOUBLE_EQ(m.r, 0.25);
  EXPECT_DOUBLE_EQ(m.g, 0.25);
  EXPECT_DOUBLE_EQ(m.b, 0.75);
  EXPECT_EQ(mix({0, 0, 0}, {1, 1, 1}, 7).r, 1);
}

}  // namespace
}  // namespace ganymede::data
