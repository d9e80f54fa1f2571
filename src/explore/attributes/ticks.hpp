#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "explore/attributes/attribute_directions.hpp"
#include "measure/separability.hpp"

namespace ganymede::explore {

// A direction of what somebody ticked, yes or no, on a few dozen samples: fewer than fit_directions wants.

/// Samples that were ticked.
struct Ticks {
  measure::FeatureMatrix z;           ///< [N, Z]
  std::vector<std::uint8_t> yes;      ///< [N]
  std::vector<std::uint8_t> offered;  ///< [N], 1: it was offered at random, 0: since the plane was not sure of it
};

/// The hyperplane between yes and no, and how far it holds.
struct TickedPlane {
  measure::Hyperplane plane;  ///< of all ticks (measure::separating_hyperplane); its normal points to yes
  /// On ticks that it was not fitted to, of those that were offered at random: in ten parts, each told by the plane of
  /// all other ticks (of fewer than ten each by itself). Samples that were offered because the plane was not sure of
  /// them would make it look worse than it is. Exact interval, as if the parts' planes were one.
  Estimate accuracy;
  std::int64_t judged = 0;    ///< ticks that it is of
  double commonest = 0;       ///< what always saying the commoner of both would have there
  AttributeDirections found;  ///< the same as a direction by the name that was given
};
/// @throws as measure::check; ShapeError if counts differ; DataError unless there are two ticks or more of either kind,
/// and two that were offered at random.
TickedPlane fit_ticks(const Ticks& ticks, const std::string& name);

/// The `count` points of a pool that the plane is least sure of, |normal . z + offset| rising (ties: the earlier),
/// those in `without` left out.
std::vector<std::int64_t> least_sure(const measure::Hyperplane& plane, const measure::Features& pool,
                                     std::int64_t count, const std::vector<std::int64_t>& without = {});

}  // namespace ganymede::explore
