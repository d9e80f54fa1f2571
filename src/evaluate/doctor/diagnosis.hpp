#pragma once

#include <string>
#include <vector>

#include "evaluate/doctor/checkup.hpp"
#include "run/recipe.hpp"

namespace ganymede::evaluate {

/// A way in which a GAN fails, as it shows in check-ups (S-THEORY T5).
struct Failure {
  const char* name;      ///< of the event's "reason": "collapse"
  const char* sentence;  ///< what it is, for a person: "G makes too few kinds of samples"
  const char* signs;     ///< how it is told, with the thresholds, for the docs
  int for_checkups;      ///< so many in a row must show it
  bool waits;            ///< nothing shows it while G still comes nearer to the data: kNearer
  bool alone = false;    ///< told only where nothing else explains it
};

/// All failures that are told, in the order in which they are told.
const std::vector<Failure>& failures();

/// A failure that a run has by its last check-up.
struct Diagnosis {
  const Failure* failure = nullptr;
  std::int64_t since_epoch = 0, since_step = 0;  ///< of the first check-up of the row that shows it
  std::string evidence;                          ///< figures of the last one
  std::string remedy;                            ///< which keys of the recipe, in which direction
};

inline constexpr std::int64_t kWarmUp = 300;  ///< steps
/// G comes nearer where the energy distance is below the best so far times this.
inline constexpr double kNearer = 0.97;

/// A run in the doctor's care. What it has is a function of its check-ups alone, so a resumed run tells the same.
class Patient {
 public:
  explicit Patient(const run::Recipe& recipe);

  /// The next check-up. A failure is there once `for_checkups` in a row have shown it and over once as many have not;
  /// none shows within the first kWarmUp steps, where every GAN looks ill.
  void add(const Checkup& checkup);
  /// What it has now, in the order of failures().
  std::vector<Diagnosis> diagnoses() const;

 private:
  struct Time {
    std::int64_t epoch = 0, step = 0;
  };
  struct Signs {
    bool there = false;
    int row = 0;  ///< check-ups in a row that say otherwise
    Time since;
    std::string evidence;  ///< of the last that showed it
  };

  run::Recipe recipe_;
  std::vector<Checkup> before_;
  double best_energy_ = 0;       ///< of those; 0 before the first
  double largest_gradient_ = 0;  ///< of those
  std::vector<Signs> signs_;     ///< by rule
};

/// The event "warning" of a diagnosis: reason, since_epoch, since_step, sentence, evidence, remedy.
run::Event event_of(const Diagnosis& diagnosis, const Checkup& at);

}  // namespace ganymede::evaluate
