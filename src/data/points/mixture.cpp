#include "data/points/mixture.hpp"

#include <algorithm>
#include <numeric>

#include "base/portable_math.hpp"

namespace ganymede::data {
namespace {

std::size_t drawn_mode(const Mixture& mixture, RandomSequence& random) {
  const auto modes = static_cast<std::uint32_t>(mixture.modes());
  if (mixture.weights.empty()) return random.below(modes);
  const double sum = std::accumulate(mixture.weights.begin(), mixture.weights.end(), 0.0);
  double left = sum * random.uniform();
  std::size_t mode = 0;
  while (mode + 1 < modes && left >= mixture.weights[mode]) left -= mixture.weights[mode++];
  return mode;
}

}  // namespace

Mixture ring_mixture(int modes, double radius, double deviation) {
  Mixture out{.dim = 2, .centres = {}, .deviations = std::vector<double>(static_cast<std::size_t>(modes), deviation)};
  for (int i = 0; i < modes; ++i) {
    double sine = 0, cosine = 0;
    portable_sincos_turn(static_cast<double>(i) / modes, sine, cosine);
    out.centres.push_back(static_cast<float>(radius * cosine));
    out.centres.push_back(static_cast<float>(radius * sine));
  }
  return out;
}

Mixture grid_mixture(int side, double spacing, double deviation) {
  Mixture out{
      .dim = 2, .centres = {}, .deviations = std::vector<double>(static_cast<std::size_t>(side * side), deviation)};
  const double middle = (side - 1) / 2.0;
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      out.centres.push_back(static_cast<float>(spacing * (x - middle)));
      out.centres.push_back(static_cast<float>(spacing * (y - middle)));
    }
  }
  return out;
}

void draw_point(const Mixture& mixture, RandomSequence& random, std::span<float> out) {
  const std::size_t mode = drawn_mode(mixture, random);
  const auto dim = static_cast<std::size_t>(mixture.dim);
  for (std::size_t k = 0; k < dim; ++k) {
    const double centre = mixture.centres[mode * dim + k];
    out[k] = static_cast<float>(centre + mixture.deviations[mode] * random.normal());
  }
}

}  // namespace ganymede::data
