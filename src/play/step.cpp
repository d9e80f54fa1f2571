#include "play/step.hpp"

#include "play/executor.hpp"

namespace ganymede::play {

NonFiniteError::NonFiniteError(const std::string& tensor, double value)
    : GuardError(fmt::format("{} is {}", tensor, value)), tensor_(tensor) {}

StepResult Executor::losses(const Batch&) {
  fail<ConfigError>("this executor ({}) takes steps alone: it does not give losses without one", plan_name());
}

}  // namespace ganymede::play
