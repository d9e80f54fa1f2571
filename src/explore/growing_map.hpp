#pragma once

#include <optional>
#include <span>
#include <vector>

#include "explore/class_map.hpp"

namespace ganymede::explore {

/// The points of a piece of make_class_map.
inline constexpr std::int64_t kMapPiece = 1024;

/// A class-area map that is made piece by piece, whenever its owner has time for one.
class GrowingMap {
 public:
  /// @throws as make_class_map.
  GrowingMap(MapSource source, const MapOptions& options);

  /// Generates and classifies the next points, at most so many; nothing when all are known. The labels do not depend on
  /// how they are divided.
  std::optional<MapPiece> next(std::int64_t most = kMapPiece);
  /// Points that are not known yet have the label 0.
  const ClassMap& map() const { return map_; }

 private:
  std::vector<std::int64_t> take_points(std::int64_t most);

  MapSource source_;
  ClassMap map_;
  std::int64_t each_;  // points of a part
  int first_spacing_, spacing_;
  std::size_t part_ = 0;
  std::int64_t cursor_ = 0, done_ = 0;
};

/// A plane through a latent space of any dimension: z = origin + a u + b v, all [Z].
struct Plane {
  std::vector<float> origin, u, v;
};
/// The z [n, Z] of points (a, b) [n, 2].
std::vector<float> points_on(const Plane& plane, std::span<const float> points);
/// A source of two dimensions whose (a, b) are points of the plane: they are measured as z is, so that its map has the
/// axes of a map of the source itself. @throws ConfigError unless u, v and origin have the source's dimension.
MapSource on_plane(MapSource source, Plane plane);

}  // namespace ganymede::explore
