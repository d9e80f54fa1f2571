#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "explore/attributes/attribute_directions.hpp"

namespace ganymede::explore {

/// Which direction of an attribute is gone along.
enum class AlongWhat { normal, alone, orthogonal };
const char* name_of(AlongWhat what);  ///< "normal", "conditional", "orthogonal"

/// What happens to the measured scores one step along a direction, f(G(z + t n)) - f(G(z)), in units of each score's
/// deviation.
struct ProofRow {
  std::string target;  ///< the attribute whose direction it is
  AlongWhat what = AlongWhat::normal;
  std::vector<Estimate> changes;  ///< [S] of the measured scores, with Student's interval over the samples
};
struct Proof {
  double step = 1;  ///< t, in units of z
  std::int64_t count = 0;
  std::vector<std::string> measured;  ///< [S]
  std::vector<ProofRow> rows;
  /// Of the rows of a kind whose target is measured: mean size of the others' changes / that of the target's own. NaN
  /// without such a row, or without others.
  double leak(AlongWhat what) const;
  /// Rows of a kind whose target's score rises, its interval above 0, and how many there are.
  std::pair<std::int64_t, std::int64_t> rises(AlongWhat what) const;
};

/// The proof on samples z [N, Z] that nothing was fitted to: `scores` gives those of samples, [S] of [N], `names`
/// theirs; told attributes alone are gone along, and counted in `leak`.
Proof prove_directions(const AttributeDirections& found, const measure::Features& z, double step,
                       const std::vector<std::string>& names,
                       const std::function<std::vector<std::vector<double>>(std::span<const float> z)>& scores);

}  // namespace ganymede::explore
