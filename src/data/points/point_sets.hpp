#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.hpp"
#include "data/files/idx_files.hpp"
#include "data/points/mixture.hpp"

namespace ganymede::data {

/// What a recipe chooses of a set of points: each key of those sets alone that name it.
struct PointOptions {
  int modes = 8;         ///< Gaussians of a ring
  double radius = 2;     ///< of a ring
  int side = 5;          ///< Gaussians along a side of a grid
  double spacing = 2;    ///< of neighbours in a grid
  double mean = 4;       ///< of the one-dimensional normal
  double deviation = 0;  ///< of each Gaussian, or about a curve; 0: the set's own
  friend bool operator==(const PointOptions&, const PointOptions&) = default;
};

/// A toy set of points in one or two dimensions, drawn from a law that is known. A new one is an entry of point_sets().
struct PointSet {
  const char* name;
  const char* sentence;
  int dim;
  double deviation;               ///< of its own
  std::vector<std::string> keys;  ///< of PointOptions that it takes, as recipes name them: "radius"
  /// The law, where it is a mixture of Gaussians: then its modes can be counted. Else null.
  Mixture (*mixture)(const PointOptions&) = nullptr;
  /// Else the next point of a curve, [dim], without the noise about it.
  void (*curve)(RandomSequence& random, std::span<float> out) = nullptr;
};

const std::vector<PointSet>& point_sets();
/// The set of this name; null if there is none.
const PointSet* find_point_set(const std::string& name);
/// The names of the sets that take a key.
std::vector<std::string> point_sets_with(const std::string& key);

/// The names of those that are mixtures.
std::vector<std::string> sets_of_mixtures();

/// The mixture that points of this name are drawn from; none for a curve, a file or pictures.
std::optional<Mixture> mixture_of(const std::string& name, const PointOptions& options);

/// The first `count` >= 1 points of a split, f32 [count, dim], without classes. Point i is a function of (split, i) and
/// the options alone: stream "data.points.train" or "data.points.test", seed kBuiltinTrainSeed, index i.
/// @throws ConfigError if count < 1.
Dataset draw_points(const PointSet& set, Split split, std::int64_t count, const PointOptions& options);

}  // namespace ganymede::data
