#pragma once

#include "engine/matches.hpp"
#include "engine/reference/reference_game.hpp"
#include "play/check.hpp"

namespace ganymede::engine {

/// Holds steps of the engine against those of the reference, losses and gradients to 1e-5, each from the engine's
/// state: Adam makes much of the smallest gradients. Gives what was found of each.
inline std::vector<play::StepCheck> expect_steps_match(const Match& m, std::int64_t count,
                                                       const std::vector<Phase>& phases,
                                                       Data (*data_of)(const Match&, std::int64_t,
                                                                       std::uint32_t) = make_data) {
  auto fast = make_fast(m, static_cast<int>(count), 2);
  ReferenceGame<double> slow(m.generator, m.discriminator, {.game = m.game});
  slow.set_state(start(m));
  std::vector<play::StepCheck> checks;
  std::uint32_t number = 0;
  for (const Phase phase : phases) {
    const Data data = data_of(m, count, number);
    checks.push_back(play::check_step(*fast, slow, data.batch(count, number++), phase));
    for (const play::Deviation& d : checks.back().losses) EXPECT_LE(d.difference, 1e-5) << d.name;
    for (const play::Deviation& d : checks.back().gradients) EXPECT_LE(d.difference, 1e-5) << d.name;
    slow.set_state(fast->state());
  }
  return checks;
}

}  // namespace ganymede::engine
