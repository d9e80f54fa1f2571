#include "train/update_schedule.hpp"

#include <cmath>

#include "base/error.hpp"

namespace ganymede::train {

using play::UpdateOrder;

UpdateSchedule::UpdateSchedule(const run::Recipe::Game& game)
    : order_(game.update),
      d_steps_(game.d_steps),
      tolerance_(game.converge_tolerance),
      max_steps_(game.converge_max_steps) {
  if (d_steps_ < 1) fail<ConfigError>("game.d_steps must be at least 1 (got {})", d_steps_);
  if (max_steps_ < 1) fail<ConfigError>("game.converge_max_steps must be at least 1 (got {})", max_steps_);
}

play::Phase UpdateSchedule::next() const {
  bool enough = false;
  switch (order_) {
    case UpdateOrder::simultaneous:
      return play::Phase::both;
    case UpdateOrder::alternating:
      enough = state_.d_updates >= d_steps_;
      break;
    case UpdateOrder::converge:
      enough = state_.converged || state_.d_updates >= max_steps_;
      break;
  }
  return enough ? play::Phase::generator : play::Phase::discriminator;
}

bool UpdateSchedule::record(const play::StepResult& result) {
  if (next() != play::Phase::discriminator) {
    state_ = {};
    return true;
  }
  ++state_.d_updates;
  if (order_ != UpdateOrder::converge) return false;
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

int UpdateSchedule::d_updates_per_step() const {
  switch (order_) {
    case UpdateOrder::simultaneous:
      return 1;
    case UpdateOrder::alternating:
      return d_steps_;
    case UpdateOrder::converge:
      break;
  }
  return 0;
}

}  // namespace ganymede::train
