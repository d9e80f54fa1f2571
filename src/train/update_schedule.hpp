#pragma once

#include <string>

#include "play/executor.hpp"
#include "run/recipe.hpp"

namespace ganymede::train {

/// Who steps when (recipe section [game]). A *step* is one update of G with what goes before it:
///   simultaneous  both players at once, from one forward pass of each network (S-DCGAN D3)
///   alternating   d_steps updates of D, then one of G (Goodfellow et al. 2014, algorithm 1; S-THEORY T2)
///   converge      D until it stops improving, then one update of G (S-THEORY T2's naive form): over windows of kWindow
///                 updates of D, m the mean of its loss, D has converged when m_before - m < converge_tolerance
///                 |m_before|, or after converge_max_steps updates
class UpdateSchedule {
 public:
  static constexpr int kWindow = 10;

  /// All that it remembers, so that a resumed run goes on in the middle of a step.
  struct State {
    int d_updates = 0;       ///< of the current step
    double window_sum = 0;   ///< D's losses of the current window
    double mean_before = 0;  ///< of the window before
    bool converged = false;
    friend bool operator==(const State&, const State&) = default;
  };

  /// @throws ConfigError for counts below 1.
  explicit UpdateSchedule(const run::Recipe::Game& game);

  /// Who is updated next.
  play::Phase next() const;
  /// Notes the result of the update that next() named; true if it completed a step.
  bool record(const play::StepResult& result);
  /// No update of the current step has been made yet.
  bool between_steps() const { return state_.d_updates == 0; }
  /// Updates of D in a step; 0 where that is not known beforehand (converge).
  int d_updates_per_step() const;

  const State& state() const { return state_; }
  void restore(const State& state) { state_ = state; }

 private:
  play::UpdateOrder order_;
  int d_steps_;
  double tolerance_;
  int max_steps_;
  State state_;
};

}  // namespace ganymede::train
