#pragma once

#include <span>
#include <vector>

#include "base/philox.hpp"
#include "latent/partition.hpp"

namespace ganymede::latent {

/// The cell of one class of a partition, as half-spaces d_j z > t_j with d_j = zc(c) - zc(j) and
/// t_j = (|zc(c)|^2 - |zc(j)|^2) / 2, one for each other class j.
///
/// For rejection they are sorted so that the one which cuts most of N(0, I) away comes first, and written in an
/// orthonormal basis of Gram and Schmidt in that order: the first test then needs the first coordinate of z alone, the
/// second two, and so on. Coordinates in an orthonormal basis are independent N(0, 1), so they are drawn one by one,
/// and most candidates fall at the first or second: the same distribution as whole draws, for a few numbers each.
class Cell {
 public:
  Cell(const Partition& partition, int c);

  /// Draws the coordinates of one candidate until a test fails (false) or all are passed (true).
  bool draw(RandomSequence& random);
  /// Gives z, [Z], the coordinates that `draw` passed; what of z is orthogonal to all d_j stays.
  void place(std::span<float> z) const;

  /// Where the segment from z0 to zc(c) enters the cell: the smallest r0 in [0, 1) such that z0 + r (zc(c) - z0) lies
  /// in it for all r in (r0, 1]. d_j z is linear along the segment and above t_j at its end.
  double entry(std::span<const float> z0) const;

 private:
  struct Side {
    std::vector<double> normal;        // d_j, [Z]
    double threshold = 0;              // t_j
    double at_centroid = 0;            // d_j zc(c) - t_j = |d_j|^2 / 2
    std::vector<double> coefficients;  // of d_j in the basis: as many as coordinates are known by then
  };
  std::vector<Side> sides_;
  std::vector<std::vector<double>> basis_;  // orthonormal, [rank][Z]
  std::vector<double> coordinates_;         // of the last candidate
};

}  // namespace ganymede::latent
