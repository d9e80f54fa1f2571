#pragma once

#include "engine/plan/pass.hpp"

namespace ganymede::engine {

/// What of a net::Lstm runs through time. The products with its input, if it is a sequence, are a convolution pass that
/// comes before, for all times at once, and leaves its sums in `gates`. Positions of all fields but `start` are times.
struct LstmSpec {
  std::string network, nodes;
  Field* start = nullptr;       ///< [H]: the state and cell that it begins with, or null: zeros, and `gates` holds sums
  Field* gates = nullptr;       ///< [4 H'] channels i, f, g, o, H' = gate_stride(H). Sums, then gates
  Field* cell = nullptr;        ///< [H] channels: c, kept for the way back; its gradient is scratch
  Field* out = nullptr;         ///< [H] channels: the states h
  Parameter* weight = nullptr;  ///< weight_hh
  Parameter* bias = nullptr;    ///< or null
  float forget_bias = 0;
  GradientNeed need;  ///< of `gates`
  bool training = true;
};

/// A task is a block of samples through all of time, so that threads never wait for each other on the way.
std::unique_ptr<Pass> make_lstm(LstmSpec spec);

}  // namespace ganymede::engine
