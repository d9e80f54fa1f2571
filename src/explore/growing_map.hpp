#pragma once

#include <optional>
#include <span>
#include <vector>

#include "explore/class_map.hpp"

namespace ganymede::explore {

/// The points of a piece of make_class_map.
inline constexpr std::int64_t kMapPiece = 1024;

/// The order in which a map's points become known: a coarse grid of all parts first, then finer ones, each point once.
class MapOrder {
 public:
  /// Of a map with this grid and these parts.
  explicit MapOrder(const ClassMap& map);

  struct Points {
    std::size_t part = 0;
    int spacing = 1;                   ///< as MapPiece has it
    std::vector<std::int64_t> points;  ///< elements of MapPart::labels, ascending
  };
  /// The next points, at most so many, of one part and spacing; nothing after the last.
  std::optional<Points> next(std::int64_t most);

 private:
  bool lies_on(std::int64_t point, int spacing) const;
  std::vector<std::int64_t> take(std::int64_t most);

  int dims_, side_;
  std::size_t parts_;
  std::int64_t each_;  // points of a part
  int first_spacing_, spacing_;
  std::size_t part_ = 0;
  std::int64_t cursor_ = 0;
};

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
  MapSource source_;
  ClassMap map_;
  MapOrder order_;
  std::int64_t done_ = 0;
};

}  // namespace ganymede::explore
