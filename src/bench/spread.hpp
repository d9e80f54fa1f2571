#pragma once

#include <vector>

namespace ganymede::bench {

/// Order statistics of repeated measurements.
struct Spread {
  double median = 0;
  double least = 0, lower_quartile = 0, upper_quartile = 0, most = 0;
  int count = 0;

  /// Of factor x.
  Spread times(double factor) const;
  /// Of numerator / x (seconds to rates): the least becomes the most.
  Spread rate(double numerator) const;
};

/// Quantile q lies at q (n - 1) between the sorted values, linearly (NumPy's default). All zero for no values.
Spread spread_of(std::vector<double> values);

}  // namespace ganymede::bench
