#include "explore/portable_network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/json.hpp"
#include "explore/half.hpp"
#include "net/description.hpp"
#include "net/traits.hpp"

namespace ganymede::explore {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kFewValues = 4096;  // not worth halving

template <class T>
void append_little_endian(std::string& bytes, T bits) {
  for (std::size_t i = 0; i < sizeof(T); ++i) bytes += static_cast<char>(bits >> (8 * i) & 0xFFU);
}

// What each layer becomes: attributes and parameters of `node`.
struct PortableWriter {
  const net::Network& network;
  const NamedTensors& weights;
  const std::vector<Shape>& shapes;
  PortableNetwork& out;
  std::size_t at = 0;  // the node
  Json node = {};

  const net::Node& source() const { return network.nodes[at]; }
  const Shape& input_shape() const {
    return shapes[static_cast<std::size_t>(network.index_of(source().inputs.front()))];
  }

  const Tensor* find(const std::string& name) const {
    const auto found = weights.find(network.name + "." + source().name + "." + name);
    return found == weights.end() ? nullptr : &found->second;
  }
  std::span<const float> need(const std::string& name) const {
    const Tensor* tensor = find(name);
    if (tensor == nullptr) fail<DataError>("export: {}.{} is missing among the weights", source().name, name);
    return tensor->values<float>();
  }
  void add(const std::string& name, const Shape& shape, std::span<const float> values, bool whole = false) {
    const bool small = shape.size() < 2 || values.size() <= kFewValues;
    const bool half = !whole && !small && half_keeps(values);
    std::string& block = half ? out.halves : out.floats;
    node["parameters"][name] = {{"type", half ? "f16" : "f32"},
                                {"shape", shape},
                                {"offset", block.size() / (half ? 2 : 4)},
                                {"count", values.size()}};
    for (const float value : values) {
      half ? append_little_endian(block, half_of(value))
           : append_little_endian(block, std::bit_cast<std::uint32_t>(value));
    }
  }
  void add_kept(const std::string& name) {
    const auto values = need(name);
    add(name, find(name)->shape(), values);
  }
  void add_if_kept(const std::string& name) {
    if (find(name) != nullptr) add_kept(name);
  }
  void set(const char* key, Json value) { node["attributes"][key] = std::move(value); }

  // `large` and `small` are the images that a convolution joins, whichever it reads.
  template <class L>
  void convolution(const L& layer, const Shape& large, const Shape& small) {
    const auto padding = [&](std::size_t axis, int given, int kernel, int stride) {
      const auto extent = static_cast<int>(large[axis]);
      const int before = net::padding_before(layer.padding.same, given, extent, kernel, stride);
      return std::pair(before, (static_cast<int>(small[axis]) - 1) * stride + kernel - extent - before);
    };
    const auto [top, bottom] = padding(1, layer.padding.top, layer.kernel.h, layer.stride.h);
    const auto [left, right] = padding(2, layer.padding.left, layer.kernel.w, layer.stride.w);
    set("kernel", {layer.kernel.h, layer.kernel.w});
    set("stride", {layer.stride.h, layer.stride.w});
    set("padding", {top, bottom, left, right});
    add_kept("weight");
    add_if_kept("bias");
  }
  static Shape as_image(const Shape& shape) { return shape.size() == 3 ? shape : Shape{shape[0], 1, shape[1]}; }

  void operator()(const net::Input& layer) {
    set("role", layer.role == net::Role::class_index ? "class_index" : "latent");
    if (layer.role == net::Role::class_index) set("classes", layer.classes);
  }
  void operator()(const net::Dense&) {
    add_kept("weight");
    add_if_kept("bias");
  }
  void operator()(const net::Conv& layer) { convolution(layer, as_image(input_shape()), as_image(shapes[at])); }
  void operator()(const net::ConvTranspose& layer) {
    convolution(layer, as_image(shapes[at]), as_image(input_shape()));
  }
  // Running statistics, scale and shift make one factor and one summand a channel.
  void operator()(const net::BatchNorm& layer) {
    const auto weight = need("weight"), bias = need("bias"), mean = need("running_mean"),
               variance = need("running_var");
    std::vector<float> scale(weight.size()), shift(weight.size());
    for (std::size_t c = 0; c < weight.size(); ++c) {
      const double factor = weight[c] / std::sqrt(static_cast<double>(variance[c]) + layer.epsilon);
      scale[c] = static_cast<float>(factor);
      shift[c] = static_cast<float>(bias[c] - mean[c] * factor);
    }
    const Shape shape{static_cast<std::int64_t>(scale.size())};
    add("scale", shape, scale);
    add("shift", shape, shift);
  }
  void operator()(const net::LayerNorm& layer) {
    set("over", layer.over == net::LayerNorm::Over::sample ? "sample" : "channel");
    set("epsilon", layer.epsilon);
    add_kept("weight");
    add_kept("bias");
  }
  void operator()(const net::Activation& layer) {
    node["op"] = net::name_of(layer.kind);
    switch (layer.kind) {
      case net::ActivationKind::relu:
        set("negative_slope", layer.negative_slope);
        set("threshold", layer.threshold);
        set("max_value", std::isfinite(layer.max_value) ? Json(layer.max_value) : Json());
        break;
      case net::ActivationKind::leaky_relu:
        set("negative_slope", layer.negative_slope);
        break;
      case net::ActivationKind::rrelu:
        node["op"] = "leaky_relu";
        set("negative_slope", (layer.lower + layer.upper) / 2);
        break;
      case net::ActivationKind::prelu:
        add_kept("weight");
        break;
      case net::ActivationKind::elu:
        set("alpha", layer.alpha);
        break;
      case net::ActivationKind::linear:
      case net::ActivationKind::tanh:
      case net::ActivationKind::sigmoid:
        break;
    }
  }
  void operator()(const net::Dropout&) { node["op"] = "reshape"; }
  void operator()(const net::Embedding&) { add_kept("weight"); }
  void operator()(const net::OneHot&) { set("classes", shapes[at].at(0)); }
  void operator()(const net::Multiply&) {}
  void operator()(const net::Concat&) {}
  void operator()(const net::Reshape&) {}
  void operator()(const net::Permute& layer) { set("order", layer.order); }
  void operator()(const net::ConvGru& layer) {
    set("out", layer.out);
    set("kernel", layer.kernel);
    // Rounding would add up from step to step.
    for (const char* name : {"weight_ih", "weight_hh"}) {
      const auto values = need(name);
      add(name, find(name)->shape(), values, true);
    }
    add_if_kept("bias");
  }
  // layers_a_page_lacks
  void operator()(const net::Pool&) {}
  void operator()(const net::Lstm&) {}
  void operator()(const net::MinibatchStd&) {}
  void operator()(const net::Projection&) {}
};

}  // namespace

std::vector<std::string> layers_a_page_lacks(const net::Network& network) {
  std::vector<std::string> lacking;
  for (const net::Node& node : network.nodes) {
    if (net::is_condition(node)) lacking.push_back(node.name + " (a condition that is a vector)");
    if (std::holds_alternative<net::Pool>(node.layer) || std::holds_alternative<net::Lstm>(node.layer) ||
        net::is_of_discriminators(node.layer))
      lacking.push_back(fmt::format("{} ({})", node.name, net::kind_of(node.layer)));
  }
  return lacking;
}

PortableNetwork portable_network(const net::Network& network, const NamedTensors& weights) {
  if (const auto lacking = layers_a_page_lacks(network); !lacking.empty())
    fail<ConfigError>("export: a page cannot run every layer of this generator: {}", fmt::join(lacking, ", "));
  const std::vector<Shape> shapes = net::infer_shapes(network);
  PortableNetwork out;
  out.output = network.outputs.front();
  PortableWriter writer{network, weights, shapes, out};
  Json nodes = Json::array();
  for (; writer.at < network.nodes.size(); ++writer.at) {
    const net::Node& node = network.nodes[writer.at];
    writer.node = {{"name", node.name},          {"op", net::kind_of(node.layer)},
                   {"inputs", node.inputs},      {"attributes", Json::object()},
                   {"shape", shapes[writer.at]}, {"parameters", Json::object()}};
    std::visit(writer, node.layer);
    nodes.push_back(writer.node);
  }
  out.nodes = json_text(nodes);
  return out;
}

}  // namespace ganymede::explore
