#pragma once

#include <cstdint>
#include <vector>

namespace ganymede::engine {

// How gates of recurrent layers lie, one beside the other in a row: each takes gate_stride(H) floats, H to 16.

inline int gate_stride(int hidden) {
  return (hidden + 15) / 16 * 16;
}

/// Where element (gate and unit, in, tap) of weight_ih or weight_hh lies in the engine's order [tap][in][gates * H'].
std::vector<std::int32_t> gate_weight_places(int gates, int in, int hidden, int taps, std::int64_t& size);
std::vector<std::int32_t> gate_bias_places(int gates, int hidden, std::int64_t& size);

}  // namespace ganymede::engine
