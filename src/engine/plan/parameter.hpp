#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/executor.hpp"
#include "engine/plan/memory.hpp"

namespace ganymede::engine {

/// One tensor of a network in the order the engine works in. `place[i]` is where element i of the canonical tensor
/// lies; what lies between is padding and stays zero.
struct Parameter {
  std::string name;  ///< "conv1.weight"
  Shape shape;
  bool trainable = true;
  std::int64_t size = 0;  ///< floats, a multiple of 16
  std::vector<std::int32_t> place;
  Buffer value, gradient, first, second, average;
  Buffer direction;         ///< along which tangents are taken; empty where parameters never move
  Buffer gradient_tangent;  ///< derivative of the gradient along a direction, where somebody takes it

  void load(const Tensor& tensor, Buffer& into) const;
  Tensor store(const Buffer& from) const;
};

}  // namespace ganymede::engine
