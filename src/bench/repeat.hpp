#pragma once

#include <functional>
#include <vector>

namespace ganymede::bench {

/// How often a piece of work is repeated.
struct Budget {
  double seconds = 3;  ///< of timed work: no repetition begins after so many
  int warm_up = 2;     ///< repetitions before, not timed
  int least = 5;       ///< timed repetitions, however long they take
  int most = 10000;
  std::function<double()> clock = {};           ///< seconds; the steady clock if empty
  std::function<void(int)> on_repetition = {};  ///< after each one, with its number from 1; its time is not counted
  std::function<void()> after_warm_up = {};
};

/// Runs the work and returns the seconds of each timed repetition.
std::vector<double> repeat(const Budget& budget, const std::function<void()>& work);

}  // namespace ganymede::bench
