#pragma once

#include "engine/plan/pass.hpp"

namespace ganymede::engine {

struct MinibatchStdSpec {
  std::string network;
  std::string nodes;
  Field* in = nullptr;
  Field* out = nullptr;  ///< the same positions, one channel more
  Parameter* running_mean = nullptr;
  double epsilon = 0, momentum = 0;
  GradientNeed need;  ///< of the input
};
std::unique_ptr<Pass> make_minibatch_std(MinibatchStdSpec spec);

}  // namespace ganymede::engine
