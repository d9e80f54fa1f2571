#include "measure/ms_ssim.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "base/philox.hpp"

namespace ganymede::measure {
namespace {

using Picture = std::vector<float>;

constexpr double kC1 = 6.5025;  // (.01 255)^2

Picture constant(std::int64_t side, float level) {
  return Picture(static_cast<std::size_t>(side * side), level);
}

Picture noise(std::int64_t values, std::uint32_t index) {
  Picture picture(static_cast<std::size_t>(values));
  Random(5, "test.picture").uniform(index, picture);
  for (float& v : picture) v = std::round(255 * v);
  return picture;
}

double of(const Picture& a, const Picture& b, std::int64_t side, std::int64_t channels = 1) {
  return ms_ssim(a, b, {.channels = channels, .height = side, .width = side}, ssim_scales(side, side));
}

TEST(SsimScales, AreAsManyAsTheWindowFitsInto) {
  const auto count = [](std::int64_t h, std::int64_t w) { return ssim_scales(h, w).weights.size(); };
  EXPECT_EQ(count(176, 176), 5U);
  EXPECT_EQ(count(1000, 1000), 5U);
  EXPECT_EQ(count(175, 300), 4U);
  EXPECT_EQ(count(64, 64), 3U);
  EXPECT_EQ(count(28, 28), 2U);
  EXPECT_EQ(count(21, 21), 1U);
  EXPECT_EQ(count(11, 11), 1U);
  for (const std::int64_t side : {8, 11, 28, 64, 200}) {
    const auto weights = ssim_scales(side, side).weights;
    EXPECT_NEAR(std::accumulate(weights.begin(), weights.end(), 0.0), 1, 1e-12);
  }
  EXPECT_NEAR(ssim_scales(28, 28).weights[1], .2856 / (.0448 + .2856), 1e-12);
  EXPECT_EQ(ssim_scales(28, 28).window, 11);
}

TEST(SsimScales, HaveASmallerWindowWherePicturesAreSmaller) {
  EXPECT_EQ(ssim_scales(8, 20).window, 7);
  EXPECT_EQ(ssim_scales(9, 9).window, 9);
  EXPECT_NEAR(ssim_scales(8, 8).deviation, 1.5 * 7 / 11, 1e-12);
  EXPECT_EQ(ssim_scales(3, 3).window, 3);
  EXPECT_THROW(ssim_scales(2, 30), ShapeError);
}

TEST(MsSsim, IsOneForIdenticalPictures) {
  for (const std::int64_t side : {8, 28, 64, 176}) {
    const Picture picture = noise(side * side, 1);
    EXPECT_NEAR(of(picture, picture, side), 1, 1e-12) << side;
  }
}

// Nothing varies, so contrast and structure are 1, and the luminance of the coarsest scale is left, to its weight.
TEST(MsSsim, OfConstantPicturesIsTheLuminanceAlone) {
  const double of_100_and_110 = (22000 + kC1) / (22100 + kC1);
  EXPECT_NEAR(of(constant(176, 100), constant(176, 110), 176), std::pow(of_100_and_110, .1333 / 1.0001), 1e-7);
  EXPECT_NEAR(of(constant(28, 100), constant(28, 110), 28), std::pow(of_100_and_110, .2856 / .3304), 1e-9);
  EXPECT_NEAR(of(constant(8, 100), constant(8, 110), 8), of_100_and_110, 1e-9);
  EXPECT_NEAR(of(constant(28, 0), constant(28, 255), 28), std::pow(kC1 / (255 * 255 + kC1), .2856 / .3304), 1e-12);
}

// A window of all pixels and one scale: SSIM by its definition, in plain loops.
TEST(MsSsim, OfOneWindowIsSsimByHand) {
  const Picture a = noise(121, 1), b = noise(121, 2);
  double weight = 0, ma = 0, mb = 0, aa = 0, bb = 0, ab = 0;
  for (int y = 0; y < 11; ++y) {
    for (int x = 0; x < 11; ++x) {
      const double w = std::exp(-((y - 5) * (y - 5) + (x - 5) * (x - 5)) / (2 * 1.5 * 1.5));
      const double p = a[static_cast<std::size_t>(11 * y + x)], q = b[static_cast<std::size_t>(11 * y + x)];
      weight += w, ma += w * p, mb += w * q, aa += w * p * p, bb += w * q * q, ab += w * p * q;
    }
  }
  ma /= weight, mb /= weight;
  const double c2 = 58.5225, va = aa / weight - ma * ma, vb = bb / weight - mb * mb, cab = ab / weight - ma * mb;
  const double ssim = (2 * ma * mb + kC1) * (2 * cab + c2) / ((ma * ma + mb * mb + kC1) * (va + vb + c2));
  EXPECT_NEAR(of(a, b, 11), std::max(0.0, ssim), 1e-12);
  // The second channel is the first one mirrored in both: the same similarity, so the mean is it too.
  Picture two_a = a, two_b = b;
  two_a.insert(two_a.end(), a.rbegin(), a.rend());
  two_b.insert(two_b.end(), b.rbegin(), b.rend());
  EXPECT_NEAR(of(two_a, two_b, 11, 2), of(a, b, 11), 1e-12);
}

TEST(MsSsim, OfOppositePicturesIsZero) {
  const Picture a = noise(28 * 28, 1);
  Picture b = a;
  for (float& v : b) v = 255 - v;
  EXPECT_EQ(of(a, b, 28), 0) << "structure below 0 counts as 0";
}

TEST(MsSsim, IsSymmetricAndFallsWithNoise) {
  const Picture a = noise(28 * 28, 1), other = noise(28 * 28, 2);
  double before = 1;
  for (const float share : {.1F, .3F, .6F, 1.F}) {
    Picture b = a;
    for (std::size_t i = 0; i < b.size(); ++i) b[i] += share * (other[i] - a[i]);
    const double found = of(a, b, 28);
    EXPECT_LT(found, before) << share;
    EXPECT_NEAR(found, of(b, a, 28), 1e-12);
    before = found;
  }
}

// pytorch_msssim 1.0.0, float64: ms_ssim(a, b, data_range=255, weights=w / sum(w)) of pictures [176, 192] whose pixels
// are a = (7 y + 3 x) % 256 and (3 a + (5 y + 2 x) % 256) // 4.
TEST(MsSsim, OfFiveScalesIsThatOfAnotherProgram) {
  Picture a, b;
  for (int y = 0; y < 176; ++y) {
    for (int x = 0; x < 192; ++x) {
      const int level = (7 * y + 3 * x) % 256;
      a.push_back(static_cast<float>(level));
      const int mixed = (3 * level + (5 * y + 2 * x) % 256) / 4;  // of whole numbers, as there
      b.push_back(static_cast<float>(mixed));
    }
  }
  EXPECT_NEAR(ms_ssim(a, b, {.channels = 1, .height = 176, .width = 192}, ssim_scales(176, 192)), 0.9053621205023901,
              1e-6);
}

TEST(MsSsim, RefusesPicturesOfAnotherSize) {
  EXPECT_THROW(of(constant(28, 0), constant(27, 0), 28), ShapeError);
}

}  // namespace
}  // namespace ganymede::measure
