#pragma once

#include <string>

#include "playground/live_game.hpp"

namespace ganymede::playground {

/// The recipe of a game as it is played now, whole, as `ganymede train FILE` takes it, with comments that say how to
/// run it and which knobs were turned on the way (such a run begins with all of them turned).
std::string recipe_file(const LiveGame& game, const std::string& preset);

/// "ganymede train ring --set game.unroll=10": the shipped recipe and what differs; "" of drawn points.
std::string command_of(const LiveGame& game, const std::string& preset);

}  // namespace ganymede::playground
