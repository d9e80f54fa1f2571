#include "point_drawing.hpp"

#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "explore/latent_lines.hpp"
#include "legal.hpp"

namespace ganymede::app {

void add_point_drawing(CLI::App& command, PointDrawing& drawing) {
  command.add_flag("--manifold", drawing.manifold,
                   "Points: lines through a latent space of one or two dimensions as G bends them");
  command
      .add_option("--arrows", drawing.arrows,
                  "Points of a plane: where D pushes samples (minus the slope of G's loss), at samples or over a grid")
      ->transform(one_of({"none", "samples", "grid"}))
      ->capture_default_str();
}

explore::PointExtras extras_of(const PointDrawing& drawing, explore::TrainedGenerator& generator,
                               std::optional<int> only, double truncation) {
  if (!drawing.any()) return {};
  if (!explore::draws_points(generator.network()))
    fail<UserError>("{}: only pictures of points show it", drawing.manifold ? "--manifold" : "--arrows");
  explore::PointExtras extras;
  if (drawing.manifold) extras.manifold = explore::manifold_of(generator, only, truncation);
  if (drawing.arrows == "samples") extras.arrows = explore::PointExtras::Arrows::samples;
  if (drawing.arrows == "grid") extras.arrows = explore::PointExtras::Arrows::grid;
  return extras;
}

}  // namespace ganymede::app
