#include "explore/directions.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <optional>

#include "base/error.hpp"
#include "base/philox.hpp"
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
  using Rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::MatrixXd on_z = Eigen::Map<const Rows>(weight.values<float>().data(), rows, columns)
                                   .middleCols(first.before_z, dim)
                                   .cast<double>();
  // Eigenvectors of W'W, ascending: as many as z has dimensions, however wide the layer.
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(on_z.transpose() * on_z);
  std::vector<Direction> directions;
  for (int i = 0; i < std::min<std::int64_t>(count, dim); ++i) {
    const Eigen::Index at = dim - 1 - i;
    Eigen::VectorXd vector = solver.eigenvectors().col(at);
    Eigen::Index largest = 0;
    vector.cwiseAbs().maxCoeff(&largest);
    if (vector[largest] < 0) vector = -vector;
    Direction direction{.name = fmt::format("principal {}", i + 1), .vector = {}};
    direction.strength = std::sqrt(std::max(solver.eigenvalues()[at], 0.0));
    for (const double value : vector) direction.vector.push_back(static_cast<float>(value));
    directions.push_back(std::move(direction));
  }
  return directions;
}

}  // namespace ganymede::explore
