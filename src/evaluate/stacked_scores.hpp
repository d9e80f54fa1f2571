#pragma once

#include <string>
#include <vector>

#include "evaluate/model_scores.hpp"

namespace ganymede::evaluate {

/// Of stacked digits (data/stacked_digits.hpp), over EvaluateOptions::stacked_count samples whose channels the
/// classifier of single digits judges one by one: "modes", the classes of 1,000 that the fakes meet; "reverse_kl",
/// KL(their shares || 1/1000) in nats. Floor: the same of as many reals, which a perfect sampler drew; without the
/// classifier's faults its KL is about perfect_reverse_kl. Fakes of a generator that takes a class have all in turn.
std::vector<measure::Score> stacked_scores(const ScoreContext& context);
/// Why the data are no stacked digits; "": they are.
std::string needs_stacked(const ScoreContext& context);

/// What counting alone gives a perfect sampler, (modes - 1) / (2 samples): 0.0195 nats of 1,000 modes and 25,600
/// samples.
double perfect_reverse_kl(std::int64_t modes, std::int64_t samples);

}  // namespace ganymede::evaluate
