#include "data/synthetic/synthetic_digits.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <vector>

#include "base/checksum.hpp"
#include "base/error.hpp"

namespace ganymede::data {
namespace {

using Pixels = std::array<std::uint8_t, kDigitPixels>;

Pixels digit(std::uint64_t seed, std::uint64_t index, int label) {
  Pixels pixels;
  pixels.fill(77);  // whatever was there
  draw_digit(seed, index, label, pixels);
  return pixels;
}

struct Sample {
  int label;
  Pixels pixels;
};

std::vector<Sample> samples(std::uint64_t seed, std::uint64_t first, int count) {
  std::vector<Sample> out;
  for (std::uint64_t i = first; i < first + static_cast<std::uint64_t>(count); ++i) {
    const int label = synthetic_label(seed, i);
    out.push_back({label, digit(seed, i, label)});
  }
  return out;
}

int squared_distance(const Pixels& a, const Pixels& b) {
  int sum = 0;
  for (int i = 0; i < kDigitPixels; ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

TEST(SyntheticLabel, EachTenHoldsEveryClassOnce) {
  for (const std::uint64_t first :
       {std::uint64_t{0}, std::uint64_t{70}, std::uint64_t{60000}, std::uint64_t{1} << 50}) {
    std::array<int, 10> count{};
    for (std::uint64_t i = first / 10 * 10; i < first / 10 * 10 + 10; ++i) ++count[synthetic_label(4, i)];
    EXPECT_EQ(count, (std::array<int, 10>{1, 1, 1, 1, 1, 1, 1, 1, 1, 1})) << first;
  }
}

TEST(SyntheticLabel, OrderIsShuffledBySeedAndBlock) {
  std::array<int, 10> at_start{};
  int same = 0;
  for (std::uint64_t block = 0; block < 1000; ++block) {
    ++at_start[synthetic_label(1, 10 * block)];
    same += synthetic_label(1, 10 * block) == synthetic_label(2, 10 * block);
  }
  for (const int n : at_start) EXPECT_NEAR(n, 100, 50);  // five standard deviations
  EXPECT_NEAR(same, 100, 50);
}

TEST(SyntheticDigits, AreTheSameBitsOnEveryMachine) {
  Crc32 pictures, labels;
  for (const Sample& s : samples(7, 0, 300)) {
    pictures.add(s.pixels.data(), s.pixels.size());
    labels.add(&s.label, 1);
  }
  EXPECT_EQ(hex(labels.value()), "7dc338ce");
  EXPECT_EQ(hex(pictures.value()), "8885ffbc");
}

TEST(SyntheticDigits, DependOnSeedAndWholeIndex) {
  EXPECT_EQ(digit(1, 5, 3), digit(1, 5, 3));
  EXPECT_NE(digit(1, 5, 3), digit(2, 5, 3));
  EXPECT_NE(digit(1, 5, 3), digit(1, 6, 3));
  EXPECT_NE(digit(1, 5, 3), digit(1, 5 + (std::uint64_t{1} << 32), 3));
  EXPECT_NE(digit(1, 5, 3), digit(1 + (std::uint64_t{1} << 32), 5, 3));
  digit(std::numeric_limits<std::uint64_t>::max(), std::numeric_limits<std::uint64_t>::max(), 9);
}

TEST(SyntheticDigits, FillABoxOfTwentyAndNoMore) {
  for (const Sample& s : samples(1, 0, 2000)) {
    int top = 28, bottom = -1, left = 28, right = -1;
    for (int i = 0; i < kDigitPixels; ++i) {
      if (s.pixels[i] == 0) continue;
      top = std::min(top, i / 28), bottom = std::max(bottom, i / 28);
      left = std::min(left, i % 28), right = std::max(right, i % 28);
    }
    const int height = bottom - top + 1, width = right - left + 1;
    ASSERT_LE(std::max(height, width), 20);
    ASSERT_GE(std::max(height, width), 18);
  }
}

TEST(SyntheticDigits, AreCentredByTheirMass) {
  int stopped = 0;
  for (const Sample& s : samples(1, 0, 2000)) {
    double mass = 0, x = 0, y = 0;
    for (int i = 0; i < kDigitPixels; ++i) {
      const int row = i / 28, column = i % 28;
      mass += s.pixels[i], x += s.pixels[i] * column, y += s.pixels[i] * row;
    }
    // Within half a pixel (and what rounding to 8 bits moves), but where the picture's edge stops the box.
    bool at_edge = false;
    for (int i = 0; i < 28; ++i) {
      at_edge |= (s.pixels[i] | s.pixels[27 * 28 + i] | s.pixels[28 * i] | s.pixels[28 * i + 27]) != 0;
    }
    if (!at_edge) {
      ASSERT_NEAR(x / mass, 14, 0.52);
      ASSERT_NEAR(y / mass, 14, 0.52);
    }
    stopped += at_edge;
  }
  EXPECT_LT(stopped, 100);
}

TEST(SyntheticDigits, HaveTheInkOfMnist) {
  // MNIST's training set: mean 0.1307, standard deviation 0.3081, 80.9 % of the pixels black.
  double sum = 0, squares = 0, black = 0, full = 0;
  const auto all = samples(1, 0, 4000);
  for (const Sample& s : all) {
    for (const int v : s.pixels) sum += v / 255.0, squares += v * v / 65025.0, black += v == 0, full += v == 255;
    ASSERT_GT(*std::max_element(s.pixels.begin(), s.pixels.end()), 180);
  }
  const double n = 4000.0 * kDigitPixels;
  EXPECT_NEAR(sum / n, 0.1307, 0.006);
  EXPECT_NEAR(std::sqrt(squares / n - sum / n * sum / n), 0.3081, 0.006);
  EXPECT_NEAR(black / n, 0.809, 0.01);
  EXPECT_GT(full / n, 0.04);
}

TEST(SyntheticDigits, NearestClassMeanTellsThemApart) {
  std::array<std::array<double, kDigitPixels>, 10> mean{};
  for (const Sample& s : samples(1, 0, 2000)) {
    for (int i = 0; i < kDigitPixels; ++i) mean[s.label][i] += s.pixels[i] / 200.0;
  }
  int right = 0;
  for (const Sample& s : samples(1, 2000, 2000)) {
    std::array<double, 10> distance{};
    for (int k = 0; k < 10; ++k) {
      for (int i = 0; i < kDigitPixels; ++i) distance[k] += (s.pixels[i] - mean[k][i]) * (s.pixels[i] - mean[k][i]);
    }
    right += std::min_element(distance.begin(), distance.end()) - distance.begin() == s.label;
  }
  EXPECT_GT(right, 1400);  // MNIST: 82 %
}

TEST(SyntheticDigits, NearestNeighbourTellsThemApart) {
  const auto known = samples(1, 0, 2000), asked = samples(1, 2000, 300);
  int right = 0;
  for (const Sample& a : asked) {
    int nearest = std::numeric_limits<int>::max(), label = -1;
    for (const Sample& k : known) {
      const int distance = squared_distance(a.pixels, k.pixels);
      if (distance < nearest) nearest = distance, label = k.label;
    }
    right += label == a.label;
  }
  EXPECT_GT(right, 276);  // 92 %
}

TEST(SyntheticDigits, NoTwoAreAlike) {
  // The nearest other sample of 2000 stays further away than a fiftieth of a digit's own ink.
  const auto all = samples(1, 0, 2000);
  for (int i = 0; i < 50; ++i) {
    int nearest = std::numeric_limits<int>::max(), ink = squared_distance(all[i].pixels, Pixels{});
    for (int j = 0; j < 2000; ++j) {
      if (j != i) nearest = std::min(nearest, squared_distance(all[i].pixels, all[j].pixels));
    }
    ASSERT_GT(nearest, ink / 50) << i << " is a " << all[i].label;
  }
}

TEST(SyntheticDigits, VaryWithinEachClassAsMnistDoes) {
  // Mean squared distance from the class mean, in units of full pixels. MNIST: 50 23 51 45 41 47 43 38 46 39.
  constexpr std::array<double, 10> kMnist{50, 23, 51, 45, 41, 47, 43, 38, 46, 39};
  for (int label = 0; label < 10; ++label) {
    std::array<double, kDigitPixels> sum{}, squares{};
    constexpr int kCount = 500;
    for (int n = 0; n < kCount; ++n) {
      const Pixels p = digit(1, static_cast<std::uint64_t>(n), label);
      for (int i = 0; i < kDigitPixels; ++i) sum[i] += p[i] / 255.0, squares[i] += p[i] * p[i] / 65025.0;
    }
    double spread = 0;
    for (int i = 0; i < kDigitPixels; ++i) spread += squares[i] / kCount - sum[i] / kCount * (sum[i] / kCount);
    EXPECT_GT(spread, 0.7 * kMnist[label]) << label;
    EXPECT_LT(spread, 1.1 * kMnist[label]) << label;
  }
}

TEST(SyntheticDigits, RejectOtherClassesAndSizes) {
  Pixels pixels;
  EXPECT_THROW(draw_digit(1, 0, 10, pixels), ShapeError);
  EXPECT_THROW(draw_digit(1, 0, -1, pixels), ShapeError);
  EXPECT_THROW(draw_digit(1, 0, 1, std::span(pixels).first(783)), ShapeError);
}

}  // namespace
}  // namespace ganymede::data
