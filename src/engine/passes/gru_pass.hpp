#pragma once

#include "engine/plan/pass.hpp"

namespace ganymede::engine {

/// What of a net::ConvGru runs through time. The products with its input, for all times at once, are a convolution pass
/// that comes before and leaves its sums in `gates`.
struct GruSpec {
  std::string network, nodes;
  int kernel = 1;
  Field* gates =
      nullptr;  ///< [3 H'] channels r, u, n, H' = gate_stride(H); rows are times, columns cells. Sums, then gates
  Field* out = nullptr;         ///< [H] channels: the states
  Field* reset = nullptr;       ///< like `out`: r h', kept for the weights' gradient; its gradient is scratch
  Parameter* weight = nullptr;  ///< weight_hh
  Parameter* bias = nullptr;    ///< or null
  GradientNeed need;            ///< of `gates`
  bool training = true;
};

/// A task is a block of samples through all of time, so that threads never wait for each other on the way.
std::unique_ptr<Pass> make_gru(GruSpec spec);

}  // namespace ganymede::engine
