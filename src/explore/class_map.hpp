#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "latent/prior.hpp"
#include "tensor/tensor.hpp"

namespace ganymede::explore {

// Class-area maps of latent spaces of two, three and four dimensions (S-LATENT L6): a picture is generated at every
// point of a grid and classified.

/// Where the points of an axis lie, i = 0 .. side-1.
enum class MapAxis {
  linear,   ///< -range + 2 range i / (side - 1): from end to end
  quantile  ///< the prior's quantile of (i + 1/2) / side: every point stands for as much of the prior's mass
};

struct MapOptions {
  int side = 0;  ///< points along an axis; 0: 100 of a plane, 32 of a cube, 22 of a cube a class (L6: 10,000 points)
  MapAxis axis = MapAxis::linear;
  double range = 1;
  std::vector<double> fourth{-1, -0.5, 0, 0.5, 1};  ///< of four dimensions: a cube at each of these last coordinates
  std::vector<std::int32_t> wanted{};               ///< of a conditional generator: a map a class; empty: all classes
};

/// Points along an axis of a map of 2 or 3 dimensions, one for each class or not.
int default_side(int dims, bool by_class);

/// What is mapped.
struct MapSource {
  latent::Prior prior;                   ///< its dim is that of the latent space
  int classes = 0;                       ///< that the generator takes; 0: none
  std::vector<std::string> class_names;  ///< [K] of the classifier
  /// Pictures f32 [n, ...] of z [n, Z] and, where classes > 0, classes [n].
  std::function<Tensor(std::span<const float> z, std::span<const std::int32_t> classes)> generate;
  /// Their classes [n], each in [0, K).
  std::function<std::vector<std::int32_t>(const Tensor& pictures)> classify;
};

/// Points along an axis of this map. @throws ConfigError.
int map_side(const MapSource& source, const MapOptions& options);
/// Whether such a map can be made, before work is spent on a classifier: looks at prior, classes and class_names alone.
/// @throws ConfigError.
void check_map(const MapSource& source, const MapOptions& options);

/// One plane or cube of a map.
struct MapPart {
  std::optional<std::int32_t> wanted;  ///< class that the generator was asked for
  std::optional<double> fourth;        ///< last of four coordinates
  /// [side, side] or [side, side, side]: element (i, j[, k]) is the class at z = (axis[i], axis[j][, axis[k]]).
  std::vector<std::int32_t> labels;

  friend bool operator==(const MapPart&, const MapPart&) = default;
};

struct ClassMap {
  int latent_dim = 2;
  int side = 0;
  MapAxis kind = MapAxis::linear;
  std::vector<float> axis;  ///< coordinates of the points, [side]
  double mass = 0;          ///< share of the prior's mass within the range, all dimensions; 1 of quantile axes
  std::vector<std::string> class_names;
  std::vector<MapPart> parts;

  int dims() const { return latent_dim == 2 ? 2 : 3; }  ///< of a part
  std::int64_t points() const;                          ///< of all parts
  friend bool operator==(const ClassMap&, const ClassMap&) = default;
};

/// Some points of a map, as they become known: a coarse grid of all parts first, then finer ones, each point once.
struct MapPiece {
  std::size_t part = 0;  ///< its number
  /// Once all pieces of a spacing are through, every spacing-th point along each axis of every part is known. It is
  /// halved down to 1.
  int spacing = 1;
  std::vector<std::int64_t> points;  ///< elements of MapPart::labels, ascending
  std::vector<std::int32_t> labels;  ///< of these points
  std::int64_t done = 0, total = 0;  ///< points of the map known by now, and all of them
};
/// False stops the map.
using OnMapPiece = std::function<bool(const MapPiece& piece)>;

/// The spacing of the first pieces: the largest power of two that leaves 8 points or more along an axis.
int first_spacing(int side);

/// Generates and classifies all points, up to 1,024 at a time. `on_piece` (if not empty) gets each piece.
/// @throws ConfigError for a latent space of other than 2 to 4 dimensions, options out of range (side 2 to 1,000 of a
/// plane, 2 to 128 of a cube; range 0 to 100; classes the generator lacks), or a generator whose classes are not the
/// classifier's. Error if it was stopped.
ClassMap make_class_map(const MapSource& source, const MapOptions& options, const OnMapPiece& on_piece = {});

/// The share of each class among labels, [K].
std::vector<double> area_shares(std::span<const std::int32_t> labels, int classes);
/// Of all parts together.
std::vector<double> area_shares(const ClassMap& map);

/// Of a conditional map: the share of the points whose picture is of the class that was asked for (ideally 1);
/// nothing for a map without classes asked for.
std::optional<double> wanted_share(const ClassMap& map);

/// The share of the points whose class differs: how much of the map changed.
/// @throws ConfigError if the maps are not of the same grid.
double changed_share(const ClassMap& before, const ClassMap& after);
/// Whether axes, parts and classes are the same.
bool same_grid(const ClassMap& a, const ClassMap& b);

/// P(-range <= z_i <= range for all i): erf(range / sqrt 2)^Z of N(0, I), min(range, 1)^Z of U(-1, 1).
double covered_mass(const latent::Prior& prior, double range);

/// The coordinates of an axis, [side].
std::vector<float> map_axis(const latent::Prior& prior, const MapOptions& options, int side);

}  // namespace ganymede::explore
