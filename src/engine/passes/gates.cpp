#include "engine/passes/gates.hpp"

namespace ganymede::engine {

std::vector<std::int32_t> gate_weight_places(int gates, int in, int hidden, int taps, std::int64_t& size) {
  const int row = gates * gate_stride(hidden);
  size = std::int64_t{1} * taps * in * row;
  std::vector<std::int32_t> places;
  for (int o = 0; o < gates * hidden; ++o) {
    for (int i = 0; i < in; ++i) {
      for (int t = 0; t < taps; ++t)
        places.push_back((t * in + i) * row + o / hidden * gate_stride(hidden) + o % hidden);
    }
  }
  return places;
}

std::vector<std::int32_t> gate_bias_places(int gates, int hidden, std::int64_t& size) {
  return gate_weight_places(gates, 1, hidden, 1, size);
}

}  // namespace ganymede::engine
