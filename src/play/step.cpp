#include "play/step.hpp"

namespace ganymede::play {

NonFiniteError::NonFiniteError(const std::string& tensor, double value)
    : GuardError(fmt::format("{} is {}", tensor, value)), tensor_(tensor) {}

}  // namespace ganymede::play
