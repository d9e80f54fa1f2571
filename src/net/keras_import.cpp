#include "net/keras_import.hpp"

#include <algorithm>
#include <cstring>
#include <functional>

#include "base/error.hpp"
#include "net/traits.hpp"

namespace ganymede::net {
namespace {

// The order of a flat axis: order[i] is the place in Keras' axis of the element i of ours. Empty: the same place.
using Order = std::vector<std::int64_t>;

// [C, H, W] flattened here, against [H, W, C] flattened there.
Order channels_last(const Shape& shape) {
  const std::int64_t channels = shape[0];
  const std::int64_t positions = element_count(shape) / channels;
  if (channels == 1 || positions == 1) return {};
  Order order;
  order.reserve(static_cast<std::size_t>(channels * positions));
  for (std::int64_t c = 0; c < channels; ++c) {
    for (std::int64_t p = 0; p < positions; ++p) order.push_back(p * channels + c);
  }
  return order;
}

std::int64_t place(const Order& order, std::int64_t i) {
  return order.empty() ? i : order[static_cast<std::size_t>(i)];
}

// The order of every node's output where that is a vector. It comes down from a flatten, or up from a reshape.
std::vector<Order> flat_orders(const Network& network, const std::vector<Shape>& shapes) {
  const auto index = [&](const std::string& name) { return static_cast<std::size_t>(network.index_of(name)); };
  std::vector<Order> orders(network.nodes.size());
  for (std::size_t i = 0; i < network.nodes.size(); ++i) {
    const Node& node = network.nodes[i];
    if (shapes[i].size() != 1) continue;
    if (std::holds_alternative<Reshape>(node.layer)) {
      const Shape& in = shapes[index(node.inputs[0])];
      orders[i] = in.size() == 1 ? orders[index(node.inputs[0])] : channels_last(in);
    } else if (keeps_axes(node.layer)) {
      for (const std::string& input : node.inputs) {
        if (orders[i].empty()) orders[i] = orders[index(input)];
      }
    } else if (std::holds_alternative<Concat>(node.layer)) {
      std::int64_t offset = 0;
      for (const std::string& input : node.inputs) {
        const std::int64_t extent = shapes[index(input)][0];
        for (std::int64_t k = 0; k < extent; ++k) orders[i].push_back(offset + place(orders[index(input)], k));
        offset += extent;
      }
    }
  }
  for (std::size_t i = network.nodes.size(); i-- > 0;) {
    const Node& node = network.nodes[i];
    Order wanted;  // of the inputs
    if (std::holds_alternative<Reshape>(node.layer) && shapes[i].size() > 1) {
      wanted = channels_last(shapes[i]);
    } else if ((std::holds_alternative<Reshape>(node.layer) || keeps_axes(node.layer)) && shapes[i].size() == 1) {
      wanted = orders[i];
    }
    if (wanted.empty()) continue;
    for (const std::string& input : node.inputs) {
      if (shapes[index(input)].size() != 1) continue;
      Order& order = orders[index(input)];
      if (!order.empty() && order != wanted) {
        fail<DataError>(
            "{}: the axis of '{}' has two orders in Keras: it comes from a flatten and goes to reshape '{}'",
            network.name, input, node.name);
      }
      order = wanted;
    }
  }
  return orders;
}

// Elements of `source` in the order of `shape`, each from the place that `from` names.
Tensor gather(const Tensor& source, const Shape& shape, const std::function<std::int64_t(std::int64_t)>& from) {
  Tensor result(source.dtype(), shape);
  const std::size_t size = size_of(source.dtype());
  for (std::int64_t i = 0; i < result.count(); ++i) {
    std::memcpy(&result.bytes()[static_cast<std::size_t>(i) * size],
                &source.bytes()[static_cast<std::size_t>(from(i)) * size], size);
  }
  return result;
}

// A convolution's kernel [kh, kw, a, b] with our shape [x, y, kh, kw]; x is b (Conv) or, transposed, also b: Keras
// keeps a transposed convolution as [kh, kw, out, in].
Tensor kernel_tensor(const Tensor& source, const Shape& shape) {
  const std::int64_t first = shape[0], second = shape[1], area = shape[2] * shape[3];
  return gather(source, shape, [=](std::int64_t i) {
    const std::int64_t position = i % area, y = i / area % second, x = i / area / second;
    return (position * second + y) * first + x;
  });
}

// Keras' name of a layer's variable -> ours; nullptr if that layer has none of the name.
const char* our_suffix(const Layer& layer, const std::string& suffix) {
  if (suffix == "bias") return "bias";
  if (std::holds_alternative<Embedding>(layer)) {
    return suffix == "embeddings" || suffix == "weight" ? "weight" : nullptr;
  }
  if (std::holds_alternative<Activation>(layer)) return suffix == "alpha" ? "weight" : nullptr;
  if (std::holds_alternative<BatchNorm>(layer) || std::holds_alternative<LayerNorm>(layer)) {
    if (suffix == "gamma") return "weight";
    if (suffix == "beta") return "bias";
    if (suffix == "moving_mean") return "running_mean";
    return suffix == "moving_variance" ? "running_var" : nullptr;
  }
  return suffix == "kernel" ? "weight" : nullptr;
}

struct Import {
  const Network& network;
  std::vector<Shape> shapes = infer_shapes(network);
  std::vector<Order> orders = flat_orders(network, shapes);
  std::map<std::string, Shape> wanted = {};  // shape of each parameter, by our name

  Tensor convert(const Node& node, const std::string& our_name, const std::string& their_name, const Tensor& t) const {
    const Shape& shape = wanted.at(our_name);
    if (t.count() != element_count(shape)) {
      fail<DataError>("{}.{}: wanted the elements of {}, found {}", network.name, their_name, to_string(shape),
                      to_string(t.shape()));
    }
    const auto i = static_cast<std::size_t>(&node - network.nodes.data());
    const auto in = static_cast<std::size_t>(network.index_of(node.inputs[0]));
    const Order& out_order = orders[i];
    if (std::holds_alternative<Dense>(node.layer) && shape.size() == 2) {
      const Order in_order = shapes[in].size() == 1 ? orders[in] : channels_last(shapes[in]);
      return gather(t, shape, [&](std::int64_t k) {
        return place(in_order, k % shape[1]) * shape[0] + place(out_order, k / shape[1]);
      });
    }
    if (std::holds_alternative<Embedding>(node.layer)) {
      return gather(t, shape, [&](std::int64_t k) { return k / shape[1] * shape[1] + place(out_order, k % shape[1]); });
    }
    if (shape.size() == 4) return kernel_tensor(t, shape);
    if (shape.size() > 1) {  // LayerNorm over a whole sample
      const Order order = channels_last(shape);
      return gather(t, shape, [&](std::int64_t k) { return place(order, k); });
    }
    const bool along_axis = static_cast<std::int64_t>(out_order.size()) == shape[0];
    return gather(t, shape, [&](std::int64_t k) { return along_axis ? place(out_order, k) : k; });
  }
};

}  // namespace

NamedTensors from_keras(const Network& network, const NamedTensors& tensors) {
  Import import{network};
  for (const Parameter& p : parameters(network)) import.wanted.emplace(p.name, p.shape);
  NamedTensors result;
  for (const auto& [name, tensor] : tensors) {
    const std::size_t dot = std::min(name.rfind('.'), name.size());
    const std::string layer = name.substr(0, dot);
    const int index = network.index_of(layer);
    const char* suffix = index < 0 || dot == name.size()
                             ? nullptr
                             : our_suffix(network.nodes[static_cast<std::size_t>(index)].layer, name.substr(dot + 1));
    const std::string ours = layer + "." + (suffix == nullptr ? "" : suffix);
    if (!import.wanted.contains(ours)) fail<DataError>("{}.{} fits no parameter of the network", network.name, name);
    const auto inserted = result.emplace(ours, import.convert(network.node(layer), ours, name, tensor));
    if (!inserted.second) fail<DataError>("{}.{}: '{}' is given twice", network.name, name, ours);
  }
  return result;
}

}  // namespace ganymede::net
