#pragma once

#include "measure/energy.hpp"
#include "measure/neighbours.hpp"

namespace ganymede::measure {

/// What all pairs of two sets of points say: mean_distances, and the accuracy of leave_one_out_1nn. In float and on one
/// thread, for points of few numbers and some hundred of them, where tiles take several times as long.
struct PointPairs {
  MeanDistances distances;
  double accuracy = 0;
};
/// @throws as check, with at least 2 samples a set.
PointPairs point_pairs(const RealAndFake& sets);

/// nearest_neighbours with k = 1, in float and on one thread, for points of few numbers. It finds the nearest of points
/// that lie close, too, where tiles lose digits. `others`: query i is reference i, whose nearest other one is wanted.
/// @throws as nearest_neighbours
enum class Among { all, others };
Neighbours nearest_points(const Features& queries, const Features& references, Among among = Among::all);

/// Up to so many numbers these are the faster ones.
inline constexpr std::int64_t kFewNumbers = 4;

}  // namespace ganymede::measure
