#pragma once

#include "engine/plan/pass.hpp"

namespace ganymede::engine {

struct ProjectionSpec {
  std::string network;
  std::string nodes;
  Field* in = nullptr;
  Field* out = nullptr;               ///< one number
  Parameter* weight = nullptr;        ///< as the input lies: [position][channel]
  Parameter* class_weight = nullptr;  ///< a row of that a class
  Parameter* bias = nullptr;
  GradientNeed need;  ///< of the input
};
std::unique_ptr<Pass> make_projection(ProjectionSpec spec);

}  // namespace ganymede::engine
