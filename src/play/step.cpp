#include "play/step.hpp"

#include "base/philox.hpp"
#include "play/executor.hpp"

namespace ganymede::play {

NonFiniteError::NonFiniteError(const std::string& tensor, double value)
    : GuardError(fmt::format("{} is {}", tensor, value)), tensor_(tensor) {}

std::uint64_t shard_seed(std::uint64_t seed, int shard) {
  if (shard == 0) return seed;
  const PhiloxWords words = Random(seed, "train.shards").words(static_cast<std::uint32_t>(shard), 0);
  return std::uint64_t{words[0]} << 32 | words[1];
}

StepResult Executor::losses(const Batch&) {
  fail<ConfigError>("this executor ({}) takes steps alone: it does not give losses without one", plan_name());
}

}  // namespace ganymede::play
