#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "tensor/tensor.hpp"

namespace ganymede::explore {

/// What a classifier sees in one picture.
struct Seen {
  std::int32_t label = 0;            ///< the most probable class, the first of equals
  std::vector<float> probabilities;  ///< [K]
};
/// From probabilities f32 [N, K], as TrainedGenerator gives them.
std::vector<Seen> seen_in(const Tensor& probabilities);

/// "3 (97.1 %), 8 (2.0 %)": the most probable classes by name, the likeliest first, down to 0.5 % and at most `most` of
/// them.
std::string words_of(const Seen& seen, std::span<const std::string> class_names, std::size_t most = 3);

}  // namespace ganymede::explore
