#pragma once

#include <optional>

#include "explore/attributes/direction_file.hpp"
#include "picture/image.hpp"

namespace ganymede::explore {

/// Pictures along the normal of each attribute that is told, a row each with its name: the samples' first one, moved
/// from -3 to 3 deviations of z to where the score rises. Nothing of points, or where none is told.
std::optional<picture::Image> draw_strips(TrainedGenerator& generator, const KeptDirections& kept,
                                          const train::NamedSamples& start);

}  // namespace ganymede::explore
