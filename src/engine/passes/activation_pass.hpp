#pragma once

#include "engine/plan/pass.hpp"
#include "kernels/activation.hpp"

namespace ganymede::engine {

/// [bias or BatchNorm,] activation and dropout in one pass over a field.
struct ActivationSpec {
  std::string network, nodes;
  Field* in = nullptr;   ///< with BatchNorm its values are kept for the backward pass
  Field* out = nullptr;  ///< shares the gradient with `in` but in programs for tangents; the values where `in_place`
  bool in_place = false;
  bool per_position =
      false;  ///< a flat vector: bias, BatchNorm and per-feature slopes differ from position to position
  bool slope_per_position = false;
  kernels::Activation activation;
  Parameter* bias = nullptr;   ///< of the layer before
  bool bias_cancels = false;   ///< BatchNorm alone follows and takes the bias away: its gradient is exactly 0
  Parameter* slope = nullptr;  ///< prelu
  struct BatchNorm {
    Parameter *weight = nullptr, *bias = nullptr, *running_mean = nullptr, *running_variance = nullptr;
    double epsilon = 1e-3, momentum = 0.99;
  };
  bool normalize = false;
  BatchNorm norm;
  float dropout = 0;
  std::string dropout_node, slope_node;  ///< those that draw
  std::uint32_t dropout_stream = 0;
  std::uint32_t slope_stream = 0;  ///< rrelu
};

/// Where element i of a per-channel ([C]) or per-feature ([F] in C, H, W order) tensor lies: [channel] or
/// [position][channel to 16].
std::vector<std::int32_t> channel_places(const Field& field, bool per_position, std::int64_t& size);

std::unique_ptr<Pass> make_activation(ActivationSpec spec);

}  // namespace ganymede::engine
