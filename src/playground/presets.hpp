#pragma once

#include <string>
#include <vector>

namespace ganymede::playground {

/// A key of a recipe and what it becomes, as `--set` writes it.
struct Turn {
  std::string key;
  std::string value;
};

/// A game to begin with, which a lesson needs: a shipped recipe of points, what to look at, and what changes it.
struct Preset {
  std::string name;   ///< the recipe's, and the page's address: /play?preset=NAME
  std::string title;  ///< "Collapse"
  bool fails;         ///< on purpose
  std::string look_at;
  std::string why;
  std::string cure;         ///< a sentence: which knob, and what happens then
  std::vector<Turn> turns;  ///< what the button of the cure does
  bool cure_anew = false;   ///< the cure is shown from the start, since what was lost stays lost
  std::string cure_name;    ///< on that button: "Unroll 5 updates of D"
  int steps_a_frame = 0;    ///< as it is best seen; 0: as many as go
};

/// Healthy ones first, then the failures.
const std::vector<Preset>& presets();
/// nullptr if there is none of this name.
const Preset* find_preset(const std::string& name);

}  // namespace ganymede::playground
