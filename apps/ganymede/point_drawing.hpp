#pragma once

#include <optional>
#include <string>

#include "explore/point_pictures.hpp"
#include "explore/trained_generator.hpp"

namespace CLI {
class App;
}

namespace ganymede::app {

/// What pictures of points show besides, as the command line names it.
struct PointDrawing {
  bool manifold = false;
  std::string arrows = "none";
  bool any() const { return manifold || arrows != "none"; }
};
/// --manifold and --arrows.
void add_point_drawing(CLI::App& command, PointDrawing& drawing);
/// @throws UserError for a generator of pictures or ink, where either was asked for; as explore::manifold_of.
explore::PointExtras extras_of(const PointDrawing& drawing, explore::TrainedGenerator& generator,
                               std::optional<int> only = {}, double truncation = 0);

}  // namespace ganymede::app
