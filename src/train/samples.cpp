#include "train/samples.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "picture/grid.hpp"

namespace ganymede::train {

int class_count(const net::Network& generator) {
  for (const net::Node& node : generator.nodes) {
    const auto* input = std::get_if<net::Input>(&node.layer);
    if (input != nullptr && input->role == net::Role::class_index) return input->classes;
  }
  return 0;
}

Samples named_samples(const latent::Prior& prior, const net::Network& generator, std::uint64_t seed, std::int64_t count,
                      std::optional<int> only) {
  const int classes = class_count(generator);
  if (only && classes == 0) fail<ConfigError>("class {}: this generator takes no class", *only);
  if (only && (*only < 0 || *only >= classes)) {
    fail<ConfigError>("class {}: this generator knows the classes 0 to {}", *only, classes - 1);
  }
  Samples samples{.seed = seed, .count = count, .z = {}, .classes = {}};
  samples.z.resize(static_cast<std::size_t>(count * prior.dim));
  latent::fill_samples(prior, seed, samples.z);
  if (only) {
    samples.classes.assign(static_cast<std::size_t>(count), *only);
  } else if (classes > 0) {
    samples.classes = latent::sample_classes(seed, count, classes, latent::ClassChoice::cycle);
  }
  return samples;
}

picture::Image sheet(const Tensor& images, int columns, int cell) {
  const Shape& shape = images.shape();
  const auto [c, h, w] = std::array{static_cast<int>(shape[1]), static_cast<int>(shape[2]), static_cast<int>(shape[3])};
  picture::GridStyle style;
  style.columns = columns;
  style.upscale = std::max(1, cell / std::max(h, w));
  return picture::make_grid(images.values<float>(), c, h, w, style);
}

}  // namespace ganymede::train
