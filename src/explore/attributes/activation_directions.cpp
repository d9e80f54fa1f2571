#include "explore/attributes/activation_directions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "measure/symmetric.hpp"

namespace ganymede::explore {
namespace {

// The activation function that the first dense layer's values meet first, through norms; else that layer itself.
std::string layer_to_look_at(const net::Network& network) {
  const std::vector<LayerInfo> layers = layers_of(network);
  const auto dense = std::ranges::find(layers, "dense", &LayerInfo::kind);
  if (dense == layers.end())
    fail<ConfigError>("{}: there is no dense layer, whose activations would have principal directions", network.name);
  for (auto layer = dense + 1; layer != layers.end(); ++layer) {
    if (layer->kind.find("norm") != std::string::npos) continue;
    const net::Node& node = network.node(layer->node);
    const bool linear = layer->kind.find("dense") != std::string::npos || layer->kind.find("conv") != std::string::npos;
    return linear || !net::is_pointwise(node.layer) ? dense->node : layer->node;
  }
  return dense->node;
}

}  // namespace

ActivationDirections activation_directions(TrainedGenerator& generator, const train::NamedSamples& samples, int count) {
  ActivationDirections found{.layer = layer_to_look_at(generator.network()), .directions = {}, .shares = {}};
  const Dissection inside = generator.inspect(samples, {found.layer});
  const auto values = inside.layers.front().values.values<float>();
  const auto n = static_cast<std::size_t>(samples.count), features = values.size() / n;
  std::vector<float> centred(values.begin(), values.end());
  std::vector<double> means(features, 0);
  for (std::size_t i = 0; i < centred.size(); ++i) means[i % features] += centred[i];
  for (std::size_t i = 0; i < centred.size(); ++i)
    centred[i] = static_cast<float>(centred[i] - means[i % features] / static_cast<double>(n));
  std::vector<double> gram(n * n, 0);
  double all = 0;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = 0;
      for (std::size_t f = 0; f < features; ++f)
        sum += static_cast<double>(centred[i * features + f]) * static_cast<double>(centred[j * features + f]);
      gram[i * n + j] = sum;
    }
    all += gram[i * n + i];
  }
  if (!(all > 0)) return found;
  const measure::Eigenpairs pairs = measure::symmetric_eigenpairs(gram, static_cast<std::int64_t>(n));
  const auto dim = static_cast<std::size_t>(generator.latent_dim());
  const std::size_t most = std::min({static_cast<std::size_t>(count), n - 1, dim});
  for (std::size_t k = 0; k < most && pairs.values[k] > 1e-9 * all; ++k) {
    // The coordinates are this eigenvector times its singular value; their mean is 0 as the activations' is.
    std::vector<double> towards(dim, 0);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t d = 0; d < dim; ++d)
        towards[d] += pairs.vectors[k * n + i] * static_cast<double>(samples.z[i * dim + d]);
    }
    double squares = 0;
    for (const double v : towards) squares += v * v;
    if (!(squares > 1e-12)) continue;
    const double largest = *std::ranges::max_element(towards, {}, [](double v) { return std::fabs(v); });
    Direction direction{.name = fmt::format("activation {}", found.directions.size() + 1),
                        .vector = {},
                        .strength = std::sqrt(pairs.values[k] / static_cast<double>(n - 1))};
    for (const double v : towards)
      direction.vector.push_back(static_cast<float>((largest < 0 ? -v : v) / std::sqrt(squares)));
    found.directions.push_back(std::move(direction));
    found.shares.push_back(pairs.values[k] / all);
  }
  return found;
}

}  // namespace ganymede::explore
