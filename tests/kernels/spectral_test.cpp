#include "kernels/spectral.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "kernels/levels.hpp"

namespace ganymede::kernels {
namespace {

constexpr int kChannels = 32;
constexpr double kPi = 3.14159265358979323846;

struct Spectrum {
  std::vector<float> memory;
  Planes planes;
  Spectrum(int length, std::int64_t rows) {
    planes.row = kChannels;
    planes.imaginary = rows * kChannels;
    planes.plane = 2 * planes.imaginary;
    memory.resize(static_cast<std::size_t>((complex_planes(length) + real_planes(length)) * planes.plane) + 16);
    planes.base =
        memory.data() + (16 - reinterpret_cast<std::uintptr_t>(memory.data()) / 4 % 16) % 16;  // whole cache lines
  }
};

Grid grid_of(std::vector<float>& image, int height, int width) {
  return {.data = image.data(), .position = kChannels, .y_step = width, .height = height, .width = width};
}

TEST(Spectral, InverseUndoesForwardOnEveryImageSize) {
  at_every_level([](const std::string&) {
    for (const int length : {8, 9}) {
      for (int height = 1; height <= 7; ++height) {
        for (const int width : {1, 2, 5, 7}) {
          auto image = random_values(static_cast<std::size_t>(height * width * kChannels), 1);
          const auto before = image;
          Spectrum s(length, 3);
          spectral_forward(length, grid_of(image, height, width), s.planes, 1, 0, kChannels);
          std::fill(image.begin(), image.end(), 0.0F);
          spectral_inverse(length, grid_of(image, height, width), s.planes, 1, 0, kChannels);
          for (std::size_t i = 0; i < image.size(); ++i)
            ASSERT_NEAR(image[i], before[i], 3e-6) << length << " " << height << " " << width;
        }
      }
    }
  });
}

TEST(Spectral, ForwardIsTheFourierSum) {
  for (const int length : {8, 9}) {
    auto image = random_values(7 * 7 * kChannels, 2);
    Spectrum s(length, 1);
    spectral_forward(length, grid_of(image, 7, 7), s.planes, 0, 0, kChannels);
    // The first complex plane is (ky, kx) = (1, 0); the first real one (0, 0).
    for (int c = 0; c < kChannels; ++c) {
      double re = 0, im = 0, sum = 0;
      for (int y = 0; y < 7; ++y) {
        for (int x = 0; x < 7; ++x) {
          const double v = image[(y * 7 + x) * kChannels + c];
          re += v * std::cos(2 * kPi * y / length);
          im -= v * std::sin(2 * kPi * y / length);
          sum += v;
        }
      }
      EXPECT_NEAR(s.planes.base[c], re, 1e-5);
      EXPECT_NEAR(s.planes.base[s.planes.imaginary + c], im, 1e-5);
      EXPECT_NEAR(s.planes.base[complex_planes(length) * s.planes.plane + c], sum, 1e-5);
    }
  }
}

TEST(Spectral, TransposeMovesEveryElement) {
  at_every_level([](const std::string&) {
    const auto a = random_values(12 * 40, 3);
    std::vector<float> b(36 * 20);
    transpose(a.data(), 40, 12, 36, b.data(), 20);
    for (int i = 0; i < 12; ++i) {
      for (int j = 0; j < 36; ++j) ASSERT_EQ(b[j * 20 + i], a[i * 40 + j]);
    }
  });
}

// (2 + 3i)(5 + 7i) = -11 + 29i; (2 + 3i) conj(5 + 7i) = 31 + i, by the three products of each rule.
TEST(Spectral, ThreeProductsMakeAComplexOne) {
  at_every_level([](const std::string&) {
    alignas(64) float p[3][64], re[64], im[64];
    const auto with = [&](Complex kind, float third_product) {
      for (int i = 0; i < 64; ++i) {
        p[0][i] = 10;  // 2 x 5
        p[1][i] = 21;  // 3 x 7
        p[2][i] = third_product;
      }
      combine_products(kind, p[0], p[1], p[2], 1, 64, re, im, 64);
    };
    with(Complex::forward, 5 * 12);  // (2 + 3)(5 + 7)
    EXPECT_EQ(re[17], -11);
    EXPECT_EQ(im[17], 29);
    with(Complex::data, -1 * 12);  // S = 2 + 3i, third 2 - 3; W = 5 + 7i
    EXPECT_EQ(re[3], 31);
    EXPECT_EQ(im[3], 1);
    with(Complex::weights, 5 * -2);  // X = 2 + 3i; S = 5 + 7i, third 5 - 7
    EXPECT_EQ(re[63], 31);
    EXPECT_EQ(im[63], 1);
  });
}

}  // namespace
}  // namespace ganymede::kernels
