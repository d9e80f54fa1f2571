#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "base/error.hpp"
#include "run/events.hpp"
#include "train/observer.hpp"

namespace ganymede::train {

/// A loss went beyond game.stop_above: the run has diverged.
class DivergedError : public GuardError {
 public:
  using GuardError::GuardError;
};

/// Watches for losses that explode without becoming infinite. At the first one above kAlarming the run is warned of, as
/// event "warning" and in a sentence; above `game.stop_above`, where that is set, the run is stopped.
class Guard : public Observer {
 public:
  /// None of the losses gets there in a game that learns: the logit would be as large.
  static constexpr double kAlarming = 1e4;

  /// `warned`: events.jsonl holds the warning already. `events` must outlive it.
  Guard(double stop_above, run::EventWriter& events, bool warned, std::function<void(const std::string&)> say)
      : stop_above_(stop_above), events_(events), warned_(warned), say_(std::move(say)) {}

  /// @throws DivergedError above game.stop_above
  void on_step(const Moment& moment) override;

 private:
  double stop_above_;
  run::EventWriter& events_;
  bool warned_;
  std::function<void(const std::string&)> say_;
};

/// Whether the events of a run hold Guard's warning of a loss; warnings of other reasons are others'.
bool holds_warning(const std::filesystem::path& events);

}  // namespace ganymede::train
