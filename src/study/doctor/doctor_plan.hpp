#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "train/run_set.hpp"

namespace ganymede::study {

// The proof of the doctor (docs/doctor.md): recipes that fail on purpose, in which he has to name the failure, and
// healthy ones, in which he has to be silent, each over seeds.

/// One game of that table.
struct DoctorCase {
  std::string name;                 ///< of its row and runs: "fail-collapse"
  std::string recipe;               ///< that is shipped
  std::vector<std::string> sets{};  ///< keys that differ from it: "game.unroll=5"
  std::int64_t epochs = 0;          ///< 0: the recipe's own
  std::vector<std::string> wanted;  ///< failures of which one has to be named; empty: none may be
  std::string cured{};              ///< of a cure: what alone may not be named
  std::vector<train::PlannedRun> runs{};

  bool healthy() const { return wanted.empty(); }
  /// Whether he who named these failures was right.
  bool is_right(const std::vector<std::string>& told) const;
  /// "collapse", "any", "nothing", "no collapse".
  std::string wanted_words() const;
  /// "game.unroll=5, 16 epochs": what differs from the recipe.
  std::string changes() const;
};

struct DoctorPlan {
  bool quick = false;
  std::vector<DoctorCase> cases;

  std::vector<train::PlannedRun> all_runs() const;
};

struct DoctorChoices {
  bool quick = false;       ///< small games alone, three seeds each
  int seeds = 0;            ///< 0: ten, quick three
  std::int64_t epochs = 0;  ///< 0: each game's own
  std::string source{};     ///< of the pictures whose recipe has MNIST; empty: that
};
DoctorPlan plan_doctor(const DoctorChoices& choices);

/// Whether the data of every run are there. @throws DataError
void check_sources(const DoctorPlan& plan, const train::SessionOptions& session);

}  // namespace ganymede::study
