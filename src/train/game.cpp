#include "train/game.hpp"

#include <cmath>

#include "base/error.hpp"

namespace ganymede::train {

Schedule::Schedule(const run::Recipe::Game& game)
    : d_steps_(game.d_steps), tolerance_(game.converge_tolerance), max_steps_(game.converge_max_steps) {
  if (game.update == "simultaneous") {
    kind_ = Kind::simultaneous;
  } else if (game.update == "alternating") {
    kind_ = Kind::alternating;
  } else if (game.update == "converge") {
    kind_ = Kind::converge;
  } else {
    fail<ConfigError>("game.update must be simultaneous, alternating or converge (got \"{}\")", game.update);
  }
  if (d_steps_ < 1) fail<ConfigError>("game.d_steps must be at least 1 (got {})", d_steps_);
  if (max_steps_ < 1) fail<ConfigError>("game.converge_max_steps must be at least 1 (got {})", max_steps_);
}

play::Phase Schedule::next() const {
  if (kind_ == Kind::simultaneous) return play::Phase::both;
  const bool enough =
      kind_ == Kind::alternating ? state_.d_updates >= d_steps_ : state_.converged || state_.d_updates >= max_steps_;
  return enough ? play::Phase::generator : play::Phase::discriminator;
}

bool Schedule::record(const play::StepResult& result) {
  if (next() != play::Phase::discriminator) {
    state_ = {};
    return true;
  }
  ++state_.d_updates;
  if (kind_ != Kind::converge) return false;
  state_.window_sum += result.discriminator_loss;
  if (state_.d_updates % kWindow == 0) {
    const double mean = state_.window_sum / kWindow;
    const bool has_before = state_.d_updates > kWindow;
    state_.converged = has_before && state_.mean_before - mean < tolerance_ * std::abs(state_.mean_before);
    state_.mean_before = mean;
    state_.window_sum = 0;
  }
  return false;
}

int Schedule::d_updates_per_step() const {
  if (kind_ == Kind::converge) return 0;
  return kind_ == Kind::simultaneous ? 1 : d_steps_;
}

}  // namespace ganymede::train
