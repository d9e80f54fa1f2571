#include "data/synthetic/value_noise.hpp"

#include <algorithm>
#include <cmath>

namespace ganymede::data {
namespace {

// The finaliser of MurmurHash3 (Appleby, public domain) on a sum of odd multiples.
double lattice(std::uint32_t seed, std::int64_t x, std::int64_t y) {
  std::uint32_t h = seed + static_cast<std::uint32_t>(x) * 0x9E3779B1U + static_cast<std::uint32_t>(y) * 0x85EBCA77U;
  h ^= h >> 16;
  h *= 0x85EBCA6BU;
  h ^= h >> 13;
  h *= 0xC2B2AE35U;
  h ^= h >> 16;
  return static_cast<double>(h) * (2.0 / 4294967295.0) - 1;
}

std::int64_t floor_of(double x) {  // std::floor is a call where there is no SSE 4.1
  const auto i = static_cast<std::int64_t>(x);
  return static_cast<double>(i) > x ? i - 1 : i;
}

double fade(double t) {
  return t * t * t * (t * (t * 6 - 15) + 10);
}

// Octaves differ in their lattice too, or all of them would have a knot at the origin.
std::uint32_t octave_seed(std::uint32_t seed, int octave) {
  return seed + static_cast<std::uint32_t>(octave) * 0x68E31DA4U;
}

}  // namespace

double ValueNoise::at(double x, double y) const {
  const std::int64_t ix = floor_of(x), iy = floor_of(y);
  const double u = fade(x - static_cast<double>(ix)), v = fade(y - static_cast<double>(iy));
  const double a = lattice(seed_, ix, iy), b = lattice(seed_, ix + 1, iy);
  const double c = lattice(seed_, ix, iy + 1), d = lattice(seed_, ix + 1, iy + 1);
  const double top = a + (b - a) * u, bottom = c + (d - c) * u;
  return top + (bottom - top) * v;
}

double ValueNoise::fractal(double x, double y, int octaves) const {
  double sum = 0, height = 1, whole = 0;
  for (int k = 0; k < octaves; ++k, height /= 2, x *= 2, y *= 2) {
    sum += height * ValueNoise(octave_seed(seed_, k)).at(x, y);
    whole += height;
  }
  return sum / whole;
}

double ValueNoise::ridged(double x, double y, int octaves) const {
  double sum = 0, height = 1, whole = 0;
  for (int k = 0; k < octaves; ++k, height /= 2, x *= 2, y *= 2) {
    sum += height * (1 - 2 * std::fabs(ValueNoise(octave_seed(seed_, k)).at(x, y)));
    whole += height;
  }
  return sum / whole;
}

double smooth_step(double a, double b, double x) {
  const double t = std::clamp((x - a) / (b - a), 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

}  // namespace ganymede::data
