#include "train/class_parts.hpp"

#include <algorithm>
#include <variant>

#include "net/traits.hpp"

namespace ganymede::train {
namespace {

bool is_one_hot(const net::Network& network, const std::string& name) {
  return std::holds_alternative<net::OneHot>(network.node(name).layer);
}

// How many values stand before the one-hot class in what a node reads; none if it reads no such class.
std::optional<std::int64_t> before_class(const net::Network& network, const std::vector<Shape>& shapes,
                                         const std::string& input) {
  if (is_one_hot(network, input)) return 0;
  const net::Node& node = network.node(input);
  if (!std::holds_alternative<net::Concat>(node.layer) || !is_one_hot(network, node.inputs.back())) return {};
  std::int64_t before = 0;
  for (std::size_t i = 0; i + 1 < node.inputs.size(); ++i)
    before += element_count(shapes[static_cast<std::size_t>(network.index_of(node.inputs[i]))]);
  return before;
}

std::int64_t product(const Shape& shape, std::size_t begin, std::size_t end) {
  std::int64_t count = 1;
  for (std::size_t i = begin; i < end; ++i) count *= shape[i];
  return count;
}

}  // namespace

std::map<std::string, ClassAxis> class_axes(const net::Network& network) {
  std::map<std::string, ClassAxis> axes;
  const std::vector<Shape> shapes = net::infer_shapes(network);
  const std::string head = net::class_head(network);
  for (const net::Node& node : network.nodes) {
    if (std::holds_alternative<net::Embedding>(node.layer)) axes[node.name + ".weight"] = {};
    if (std::holds_alternative<net::Projection>(node.layer)) {
      axes[node.name + ".class_weight"] = {};
      axes[node.name + ".class_weight_u"] = {};
    }
    if (!std::holds_alternative<net::Dense>(node.layer)) continue;
    if (node.name == head) {
      axes[node.name + ".weight"] = {};
      axes[node.name + ".bias"] = {};
      axes[node.name + ".weight_u"] = {};
    } else if (const auto before = before_class(network, shapes, node.inputs.front())) {
      axes[node.name + ".weight"] = {.axis = 1, .first = *before};
    }
  }
  return axes;
}

std::vector<int> places_of_classes(std::span<const std::string> here, std::span<const std::string> there) {
  std::vector<int> places;
  for (const std::string& name : here) {
    const auto found = std::ranges::find(there, name);
    places.push_back(found == there.end() ? -1 : static_cast<int>(found - there.begin()));
  }
  return places;
}

std::optional<Tensor> with_known_classes(const Tensor& fresh, const ClassAxis& axis, const Tensor& source,
                                         const ClassAxis& source_axis, std::span<const int> places,
                                         std::int64_t source_classes) {
  const Shape &to = fresh.shape(), &from = source.shape();
  const auto along = static_cast<std::size_t>(axis.axis);
  if (axis != source_axis || to.size() != from.size() || along >= to.size()) return {};
  const std::int64_t classes = std::ssize(places);
  if (to[along] - classes != from[along] - source_classes) return {};
  for (std::size_t i = 0; i < to.size(); ++i) {
    if (i != along && to[i] != from[i]) return {};
  }
  Tensor merged = fresh;
  const auto out = merged.values<float>();
  const auto in = source.values<float>();
  const std::int64_t outer = product(to, 0, along), inner = product(to, along + 1, to.size());
  for (std::int64_t o = 0; o < outer; ++o) {
    for (std::int64_t p = 0; p < to[along]; ++p) {
      const std::int64_t k = p - axis.first;
      std::int64_t q = p < axis.first ? p : p - classes + source_classes;  // before or behind the classes
      if (k >= 0 && k < classes) {
        if (places[static_cast<std::size_t>(k)] < 0) continue;
        q = axis.first + places[static_cast<std::size_t>(k)];
      }
      std::copy_n(in.begin() + (o * from[along] + q) * inner, inner, out.begin() + (o * to[along] + p) * inner);
    }
  }
  return merged;
}

}  // namespace ganymede::train
