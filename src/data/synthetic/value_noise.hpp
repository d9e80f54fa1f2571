#pragma once

#include <cstdint>

namespace ganymede::data {

/// Smooth random fields without tables: lattice values hashed from (seed, integer coordinates), joined by the
/// polynomial 6t^5 - 15t^4 + 10t^3 (Perlin 2002, "Improving noise"). Double arithmetic with + - * alone: the same bits
/// on every machine.
class ValueNoise {
 public:
  explicit ValueNoise(std::uint32_t seed) : seed_(seed) {}

  /// In [-1, 1]; 0 on average; features about one unit wide. |x|, |y| below 2^30.
  double at(double x, double y = 0) const;
  /// Octaves k = 0, 1 ... of frequency 2^k and height 2^-k, scaled to [-1, 1].
  double fractal(double x, double y, int octaves) const;
  /// The same of 1 - 2 |noise|: sharp crests at 1, as mountains have them (Musgrave et al. 1989).
  double ridged(double x, double y, int octaves) const;

 private:
  std::uint32_t seed_;
};

/// 0 below a, 1 above b, 3t^2 - 2t^3 between them; a < b.
double smooth_step(double a, double b, double x);

}  // namespace ganymede::data
