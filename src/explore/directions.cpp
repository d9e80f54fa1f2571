#include "explore/directions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/error.hpp"
#include "base/philox.hpp"
#include "explore/walk.hpp"
#include "measure/symmetric.hpp"
#include "net/traits.hpp"

namespace ganymede::explore {
namespace {

// The first dense layer; how many values stand before z in what it reads.
struct FirstDense {
  const net::Node* node = nullptr;
  std::int64_t before_z = 0;
};

// Whether the node's values are z, moved by so many places: z itself, z renamed, times or joined to a class's vector.
std::optional<std::int64_t> place_of_z(const net::Network& network, const std::vector<Shape>& shapes,
                                       const std::string& name) {
  const net::Node& node = network.node(name);
  if (&node == &net::value_input(network)) return 0;
  const bool passes = net::renames_values(node.layer) || std::holds_alternative<net::Multiply>(node.layer);
  if (!passes && !std::holds_alternative<net::Concat>(node.layer)) return {};
  std::int64_t before = 0;
  for (const std::string& input : node.inputs) {
    if (const auto place = place_of_z(network, shapes, input)) return before + *place;
    if (!passes) before += element_count(shapes[static_cast<std::size_t>(network.index_of(input))]);
  }
  return {};
}

FirstDense first_dense(const net::Network& network) {
  const std::vector<Shape> shapes = net::infer_shapes(network);
  for (const net::Node& node : network.nodes) {
    if (!std::holds_alternative<net::Dense>(node.layer)) continue;
    if (const auto place = place_of_z(network, shapes, node.inputs.front())) return {&node, *place};
  }
  fail<ConfigError>("{}: there is no dense layer behind z, so it has no principal directions", network.name);
}

}  // namespace

std::vector<Direction> axis_directions(int dim, int count) {
  std::vector<Direction> directions;
  for (int i = 0; i < std::min(count, dim); ++i) {
    directions.push_back({.name = fmt::format("z{}", i + 1), .vector = std::vector<float>(dim, 0)});
    directions.back().vector[static_cast<std::size_t>(i)] = 1;
  }
  return directions;
}

std::vector<Direction> random_directions(int dim, int count, std::uint64_t seed) {
  std::vector<Direction> directions;
  for (int i = 0; i < count; ++i) {
    RandomSequence random(Random(seed, "explore.direction"), static_cast<std::uint32_t>(i));
    Direction direction{.name = fmt::format("random {}", i + 1), .vector = {}};
    double squares = 0;
    for (int k = 0; k < dim; ++k) {
      direction.vector.push_back(static_cast<float>(random.normal()));
      squares += std::pow(direction.vector.back(), 2);
    }
    for (float& value : direction.vector) value = static_cast<float>(value / std::sqrt(squares));
    directions.push_back(std::move(direction));
  }
  return directions;
}

std::vector<Direction> principal_directions(const net::Network& network, const NamedTensors& weights, int count) {
  const FirstDense first = first_dense(network);
  const Tensor& weight = weights.at(network.name + "." + first.node->name + ".weight");
  const std::int64_t rows = weight.shape()[0], columns = weight.shape()[1];
  const std::int64_t dim = element_count(std::get<net::Input>(net::value_input(network).layer).shape);
  // The eigenvectors of W'W: as many as z has dimensions, however wide the layer.
  const auto n = static_cast<std::size_t>(dim);
  std::vector<double> squares(n * n, 0);
  for (std::int64_t r = 0; r < rows; ++r) {
    const auto row = weight.values<float>().subspan(static_cast<std::size_t>(r * columns + first.before_z), n);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j <= i; ++j) squares[i * n + j] += static_cast<double>(row[i]) * row[j];
    }
  }
  const measure::Eigenpairs pairs = measure::symmetric_eigenpairs(squares, dim);
  std::vector<Direction> directions;
  for (std::int64_t k = 0; k < std::min<std::int64_t>(count, dim); ++k) {
    const auto at = static_cast<std::size_t>(k);
    const std::span vector = std::span(pairs.vectors).subspan(at * n, n);
    const double largest = *std::ranges::max_element(vector, {}, [](double x) { return std::fabs(x); });
    Direction direction{.name = fmt::format("principal {}", k + 1),
                        .vector = {},
                        .strength = std::sqrt(std::max(pairs.values[at], 0.0))};
    for (const double value : vector) direction.vector.push_back(static_cast<float>(largest < 0 ? -value : value));
    directions.push_back(std::move(direction));
  }
  return directions;
}

Direction direction_named(const std::string& text, const net::Network& network, const NamedTensors& weights) {
  const auto dim = static_cast<int>(element_count(std::get<net::Input>(net::value_input(network).layer).shape));
  // The number behind a word, from 1 to dim; 0: it is none.
  const auto number_behind = [&](std::string_view word) {
    if (!text.starts_with(word)) return 0;
    int number = 0;
    const char* const end = text.data() + text.size();
    const auto [at, fault] = std::from_chars(text.data() + word.size(), end, number);
    return fault == std::errc() && at == end && number >= 1 && number <= dim ? number : 0;
  };
  if (const int axis = number_behind("z"); axis > 0) return axis_directions(dim, axis).back();
  if (const int rank = number_behind("principal"); rank > 0) return principal_directions(network, weights, rank).back();
  std::optional<std::vector<float>> vector = parse_coordinates(text, dim);
  if (!vector) {
    fail<ConfigError>(
        "\"{}\": wanted a direction: z1 to z{}, principal1 to principal{}, or its {} coordinates, separated by commas",
        text, dim, dim, dim);
  }
  return {.name = {}, .vector = std::move(*vector)};
}

}  // namespace ganymede::explore
