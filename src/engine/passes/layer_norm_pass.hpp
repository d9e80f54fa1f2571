#pragma once

#include "engine/plan/pass.hpp"

namespace ganymede::engine {

/// LayerNorm, each sample on its own: over the channels of each position, or over all positions and channels.
struct LayerNormSpec {
  std::string network, nodes;
  Field* in = nullptr;
  Field* out = nullptr;
  bool over_sample = false;
  bool per_position = false;  ///< weight and bias differ from position to position
  double epsilon = 1e-3;
  Parameter* weight = nullptr;
  Parameter* bias = nullptr;
};

std::unique_ptr<Pass> make_layer_norm(LayerNormSpec spec);

}  // namespace ganymede::engine
