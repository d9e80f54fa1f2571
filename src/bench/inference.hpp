#pragma once

#include <cstdint>

#include "bench/repeat.hpp"
#include "bench/spread.hpp"
#include "play/backend.hpp"
#include "run/networks.hpp"
#include "run/recipe.hpp"

namespace ganymede::bench {

struct Inference {
  Spread one_image;  ///< seconds from z to a picture, one at a time
  Spread many;       ///< seconds for kManyImages pictures
};

constexpr std::int64_t kManyImages = 10000;

/// Pictures from the recipe's generator in this precision with fresh weights: one at a time with the
/// plan for one, and many with the plan for many. `many` is measured at least three times, once on a budget below a
/// second; budget.on_repetition hears of single pictures alone.
Inference measure_inference(const play::Backend& backend, const run::Recipe& recipe, const run::Networks& networks,
                            play::Precision precision, int threads, const Budget& budget);

}  // namespace ganymede::bench
