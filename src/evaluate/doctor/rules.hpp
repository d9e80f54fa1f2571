#pragma once

#include <span>
#include <string>
#include <vector>

#include "evaluate/doctor/diagnosis.hpp"

namespace ganymede::evaluate {

/// What a rule knows when it looks at a check-up.
struct Past {
  std::span<const Checkup> checkups;  ///< all before that one, at least one
  double best_energy = 0;             ///< their least energy distance
  double largest_gradient = 0;        ///< of G
};

/// How a failure is told from check-ups.
struct Rule {
  Failure failure;
  bool (*shows)(const Past& past, const Checkup& last);
  std::string (*evidence)(const Past& past, const Checkup& last);
  std::vector<std::string> (*remedies)(const run::Recipe& recipe);
};

/// One for each failure, in the order of failures().
const std::vector<Rule>& rules();

/// The least energy distance that a run held, for `kHeld` check-ups in a row: the least over all such rows of the
/// largest in the row. A game that only passes by the data holds none; infinity for fewer check-ups.
double held_energy(std::span<const Checkup> checkups);
inline constexpr std::size_t kHeld = 3;

/// How often the energy distance of the last kSwingWindow check-ups turned: from falling to rising or back, by a factor
/// of two and by 0.2 at least. One whole swing turns twice.
int turns_of_energy(std::span<const Checkup> before, const Checkup& last);
inline constexpr std::size_t kSwingWindow = 16;

}  // namespace ganymede::evaluate
