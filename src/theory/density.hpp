#pragma once

#include <span>
#include <vector>

#include "base/philox.hpp"

namespace ganymede::theory {

/// One Gaussian of F dimensions whose coordinates are independent.
struct Gaussian {
  std::vector<double> mean;       ///< [F]
  std::vector<double> deviation;  ///< [F], each above 0
  double weight = 1;              ///< share of a mixture, as it stands beside the others'
};

/// A density that is known: a mixture of Gaussians of one number of dimensions.
struct Density {
  std::vector<Gaussian> parts;

  int dim() const { return static_cast<int>(parts.front().mean.size()); }
  /// log p(x), nats, x [F]; of far places too, where p itself is 0 in double. @throws ShapeError for another dimension.
  double log_at(std::span<const double> x) const;
  double at(std::span<const double> x) const;
  /// The next sample of it, [F]: its part first, then a normal number a coordinate.
  void draw(RandomSequence& random, std::span<double> out) const;
};

/// N(mean, deviation^2) on a line.
Density normal(double mean, double deviation = 1);
/// Shares 1 / K at the centres (cos 2 pi i/K, sin 2 pi i/K) radius.
Density ring(int modes, double radius, double deviation);

/// Equal steps in a box, the same number along every axis: what integrals are sums over. Of smooth densities that are
/// gone at the box's ends the sum errs by less than 1e-12 where a step is at most their smallest deviation (the
/// trapezoidal rule converges exponentially there: Trefethen, Weideman 2014).
struct Lattice {
  std::vector<double> low, high;  ///< [F]
  int points = 2;                 ///< along an axis

  int dim() const { return static_cast<int>(low.size()); }
  long long count() const;
  /// Coordinates of point i of [0, count()): the last axis runs fastest. x [F].
  void place(long long i, std::span<double> x) const;
  /// Size of a cell.
  double cell() const;
};

/// A box about the densities, `reach` of each part's deviations beyond its mean, with so many points along an axis.
Lattice lattice_around(std::span<const Density> densities, int points, double reach = 12);

}  // namespace ganymede::theory
