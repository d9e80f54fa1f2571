#pragma once

#include "engine/plan/pass.hpp"

namespace ganymede::engine {

/// What of a net::ConvGru runs through time. The products with its input, for all times at once, are a convolution pass
/// that comes before and leaves its sums in `gates`.
struct GruSpec {
  std::string network, nodes;
  int kernel = 1;
  Field* gates = nullptr;  ///< [3 H'] channels r, u, n, H' = H to 16; rows are times, columns cells. Sums, then gates
  Field* out = nullptr;    ///< [H] channels: the states
  Field* reset = nullptr;  ///< like `out`: r h', kept for the weights' gradient; its gradient is scratch
  Parameter* weight = nullptr;  ///< weight_hh
  Parameter* bias = nullptr;    ///< or null
  GradientNeed need;            ///< of `gates`
  bool training = true;
};

/// H to 16: what one gate takes of a row of gates.
int gru_gate_stride(int hidden);
/// Where element (gate and unit, in, tap) of weight_ih or weight_hh lies in the engine's order [tap][in][3 H'].
std::vector<std::int32_t> gru_weight_places(int in, int hidden, int taps, std::int64_t& size);
std::vector<std::int32_t> gru_bias_places(int hidden, std::int64_t& size);

/// A task is a block of samples through all of time, so that threads never wait for each other on the way.
std::unique_ptr<Pass> make_gru(GruSpec spec);

}  // namespace ganymede::engine
