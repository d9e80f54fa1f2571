#pragma once

#include <cstdint>
#include <string>

#include "interop/onnx_graph.hpp"
#include "net/network.hpp"

namespace ganymede::interop {

/// A recurrent layer at its place in the graph.
struct OnnxRecurrent {
  std::string in, out;  ///< values
  std::int64_t steps = 0;
  const Tensor* weight_ih = nullptr;  ///< null: an lstm that begins with its input
  const Tensor* weight_hh = nullptr;
  const Tensor* bias = nullptr;  ///< null: none
};

/// net::ConvGru, step by step: ONNX' own GRU neither convolves nor resets before the product. Returns `out`.
std::string add_gru(OnnxGraph& graph, const net::ConvGru& layer, const OnnxRecurrent& at);
/// net::Lstm as the operator LSTM, whose gates are i, o, f, c.
std::string add_lstm(OnnxGraph& graph, const net::Lstm& layer, const OnnxRecurrent& at);

}  // namespace ganymede::interop
