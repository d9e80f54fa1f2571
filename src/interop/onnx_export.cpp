#include "interop/onnx_export.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/error.hpp"
#include "interop/onnx_graph.hpp"
#include "interop/onnx_recurrent.hpp"

// How it works: the nodes of the network are visited in their order; each adds the operators that compute it and
// returns the name of the value that is its output, which later nodes look up. What is the identity in inference adds
// none: its value is its input's.
//
// Shapes in ONNX have the batch before them, of an extent that is not known: a Reshape to [0, C, H, W] keeps it, and
// what has to grow to it (planes of a vector, an lstm's empty input) is expanded to a shape that is computed from it.

namespace ganymede::interop {
namespace {

using Integers = std::vector<std::int64_t>;

Integers with_batch(std::int64_t batch, const Shape& shape) {
  Integers all{batch};
  all.insert(all.end(), shape.begin(), shape.end());
  return all;
}

struct OnnxWriter {
  const FrozenNetwork& frozen;
  OnnxGraph& graph;
  std::map<std::string, std::string> values = {};  // of nodes, by name
  std::size_t at = 0;                              // the node

  const net::Node& node() const { return frozen.network.nodes[at]; }
  const Shape& shape() const { return frozen.shapes[at]; }
  const Shape& in_shape(std::size_t i = 0) const { return frozen.shape_of(node().inputs[i]); }
  const std::string& in(std::size_t i = 0) const { return values.at(node().inputs[i]); }
  // What others must call this node's value.
  std::string name() const {
    const auto known = frozen.names.find(node().name);
    if (known != frozen.names.end()) return known->second;
    for (const auto& [of, outside] : frozen.names)
      if (outside == node().name) return node().name + "_";
    return node().name;
  }
  std::string inner(const char* step) const { return name() + "/" + step; }
  std::string weight(const char* parameter = "weight") const {
    return graph.add_constant(node().name + "." + parameter, frozen.at(node(), parameter));
  }
  std::string kept(const char* parameter, const Tensor& tensor) const {
    return graph.add_constant(node().name + "." + parameter, tensor);
  }
  // This node's output of an operator of its input.
  std::string unary(const char* op, const OnnxAttributes& attributes = {}) const {
    return graph.add(op, {in()}, name(), attributes);
  }
  std::string flat(std::size_t i = 0) const {
    if (in_shape(i).size() == 1) return in(i);
    return graph.add("Flatten", {in(i)}, inner("flat"), {{"axis", std::int64_t{1}}});
  }
  // An integer vector [N, then these].
  std::string batch_and(const Integers& extents) const {
    const std::string batch =
        graph.add("Shape", {in()}, inner("batch"), {{"start", std::int64_t{0}}, {"end", std::int64_t{1}}});
    return graph.add("Concat", {batch, graph.integers(extents)}, inner("extents"), {{"axis", std::int64_t{0}}});
  }

  std::string operator()(const net::Input&) const { return name(); }
  std::string operator()(const net::Dense&) const {
    std::vector<std::string> inputs{flat(), weight()};
    if (frozen.find(node(), "bias") != nullptr) inputs.push_back(weight("bias"));
    return graph.add("Gemm", inputs, name(), {{"transB", std::int64_t{1}}});
  }

  // Of images; a sequence [C, T] is an image of one row meanwhile.
  std::string sliding(const char* op, const std::vector<std::string>& more, const OnnxAttributes& attributes) const {
    const bool sequence = in_shape().size() == 2;
    std::vector<std::string> inputs{in()};
    if (sequence) inputs[0] = graph.add("Unsqueeze", {in(), graph.integers({2})}, inner("rows"));
    inputs.insert(inputs.end(), more.begin(), more.end());
    const std::string result = graph.add(op, inputs, sequence ? inner("image") : name(), attributes);
    return sequence ? graph.add("Squeeze", {result, graph.integers({2})}, name()) : result;
  }
  std::vector<std::string> weight_and_bias() const {
    std::vector<std::string> more{weight()};
    if (frozen.find(node(), "bias") != nullptr) more.push_back(weight("bias"));
    return more;
  }
  template <class L>
  OnnxAttributes kernel_of(const L& layer) const {
    return {{"kernel_shape", Integers{layer.kernel.h, layer.kernel.w}},
            {"strides", Integers{layer.stride.h, layer.stride.w}}};
  }
  std::string operator()(const net::Conv& layer) const {
    const Sides s = sides_of(layer, in_shape());
    OnnxAttributes attributes = kernel_of(layer);
    attributes.emplace_back("pads", Integers{s.top, s.left, s.bottom, s.right});
    return sliding("Conv", weight_and_bias(), attributes);
  }
  std::string operator()(const net::ConvTranspose& layer) const {
    const Sides s = sides_of(layer, in_shape(), shape());
    OnnxAttributes attributes = kernel_of(layer);
    attributes.emplace_back("pads", Integers{s.top, s.left, std::max(s.bottom, 0), std::max(s.right, 0)});
    if (s.bottom < 0 || s.right < 0)
      attributes.emplace_back("output_padding", Integers{std::max(-s.bottom, 0), std::max(-s.right, 0)});
    return sliding("ConvTranspose", weight_and_bias(), attributes);
  }
  std::string operator()(const net::Pool& layer) const {
    return sliding(layer.kind == net::PoolKind::max ? "MaxPool" : "AveragePool", {}, kernel_of(layer));
  }

  std::string operator()(const net::BatchNorm& layer) const {
    return graph.add("BatchNormalization",
                     {in(), weight(), weight("bias"), weight("running_mean"), weight("running_var")}, name(),
                     {{"epsilon", static_cast<float>(layer.epsilon)}});
  }
  std::string operator()(const net::LayerNorm& layer) const {
    const auto rank = std::ssize(in_shape());
    const auto epsilon = static_cast<float>(layer.epsilon);
    if (layer.over == net::LayerNorm::Over::sample || rank == 1) {
      return graph.add("LayerNormalization", {in(), weight(), weight("bias")}, name(),
                       {{"axis", std::int64_t{1}}, {"epsilon", epsilon}});
    }
    const Integers last = rank == 3 ? Integers{0, 2, 3, 1} : Integers{0, 2, 1};
    const Integers first = rank == 3 ? Integers{0, 3, 1, 2} : Integers{0, 2, 1};
    const std::string moved = graph.add("Transpose", {in()}, inner("channels_last"), {{"perm", last}});
    const std::string normal = graph.add("LayerNormalization", {moved, weight(), weight("bias")}, inner("normal"),
                                         {{"axis", std::int64_t{-1}}, {"epsilon", epsilon}});
    return graph.add("Transpose", {normal}, name(), {{"perm", first}});
  }

  std::string operator()(const net::Activation& layer) const {
    switch (layer.kind) {
      case net::ActivationKind::linear:
        return in();
      case net::ActivationKind::relu:
        return relu(layer);
      case net::ActivationKind::leaky_relu:
        return unary("LeakyRelu", {{"alpha", layer.negative_slope}});
      case net::ActivationKind::rrelu:
        return unary("LeakyRelu", {{"alpha", (layer.lower + layer.upper) / 2}});
      case net::ActivationKind::prelu:
        return graph.add("PRelu", {in(), kept("weight", slopes())}, name());
      case net::ActivationKind::elu:
        return unary("Elu", {{"alpha", layer.alpha}});
      case net::ActivationKind::tanh:
        return unary("Tanh");
      case net::ActivationKind::sigmoid:
        return unary("Sigmoid");
    }
    fail<Error>("internal: {} has an activation without a name", node().name);
  }
  // One slope an element of the first axis, shaped so that it spreads over the others.
  Tensor slopes() const {
    const Tensor& kept = frozen.at(node(), "weight");
    const std::int64_t channels = kept.count(), each = in_shape()[0] / channels;
    Shape wanted(in_shape().size(), 1);
    wanted[0] = channels * each;
    Tensor spread(DType::f32, wanted);
    for (std::int64_t i = 0; i < wanted[0]; ++i) {
      spread.values<float>()[static_cast<std::size_t>(i)] = kept.values<float>()[static_cast<std::size_t>(i / each)];
    }
    return spread;
  }
  std::string relu(const net::Activation& layer) const {
    const bool bounded = std::isfinite(layer.max_value);
    if (layer.threshold == 0 && layer.negative_slope == 0) {
      if (!bounded) return unary("Relu");
      return graph.add(
          "Clip", {in(), graph.add_scalar("zero", 0), graph.add_scalar(inner("max_value"), layer.max_value)}, name());
    }
    const std::string threshold = graph.add_scalar(inner("threshold"), layer.threshold);
    const std::string below = graph.add(
        "Mul",
        {graph.add("Sub", {in(), threshold}, inner("beyond")), graph.add_scalar(inner("slope"), layer.negative_slope)},
        inner("below"));
    const std::string above = graph.add("GreaterOrEqual", {in(), threshold}, inner("above"));
    const std::string whole = graph.add("Where", {above, in(), below}, bounded ? inner("unbounded") : name());
    if (!bounded) return whole;
    return graph.add("Min", {whole, graph.add_scalar(inner("max_value"), layer.max_value)}, name());
  }

  std::string operator()(const net::Dropout&) const { return in(); }
  std::string operator()(const net::Embedding&) const {
    return graph.add("Gather", {weight(), in()}, name(), {{"axis", std::int64_t{0}}});
  }
  std::string operator()(const net::OneHot&) const {
    const float off_and_on[] = {0, 1};
    return graph.add("OneHot",
                     {in(), graph.integers({shape()[0]}),
                      graph.add_constant("off_and_on", Tensor::of<float>({2}, std::span<const float>(off_and_on)))},
                     name(), {{"axis", std::int64_t{-1}}});
  }
  std::string operator()(const net::Multiply&) const { return graph.add("Mul", {in(0), in(1)}, name()); }
  // A vector that is joined to an image or a sequence becomes planes.
  std::string planes(std::size_t i) const {
    const std::size_t rank = shape().size();
    if (in_shape(i).size() == rank) return in(i);
    Integers axes, extents{1, 1};
    for (std::size_t axis = 1; axis < rank; ++axis) {
      axes.push_back(static_cast<std::int64_t>(axis) + 1);
      extents.push_back(shape()[axis]);
    }
    const std::string pixel = graph.add("Unsqueeze", {in(i), graph.integers(axes)}, inner("pixel"));
    return graph.add("Expand", {pixel, graph.integers(extents)}, inner("planes"));
  }
  std::string operator()(const net::Concat&) const {
    return graph.add("Concat", {planes(0), planes(1)}, name(), {{"axis", std::int64_t{1}}});
  }
  std::string operator()(const net::Reshape&) const {
    return graph.add("Reshape", {in(), graph.integers(with_batch(0, shape()))}, name());
  }
  std::string operator()(const net::Permute& layer) const {
    Integers order{0};
    for (const int axis : layer.order) order.push_back(axis + 1);
    return unary("Transpose", {{"perm", order}});
  }
  std::string operator()(const net::ConvGru& layer) const {
    return add_gru(graph, layer,
                   {.in = in(),
                    .out = name(),
                    .steps = shape()[1],
                    .weight_ih = &frozen.at(node(), "weight_ih"),
                    .weight_hh = &frozen.at(node(), "weight_hh"),
                    .bias = frozen.find(node(), "bias")});
  }
  std::string operator()(const net::Lstm& layer) const {
    return add_lstm(graph, layer,
                    {.in = in(),
                     .out = name(),
                     .steps = shape()[1],
                     .weight_ih = frozen.find(node(), "weight_ih"),
                     .weight_hh = &frozen.at(node(), "weight_hh"),
                     .bias = frozen.find(node(), "bias")});
  }
  std::string operator()(const net::MinibatchStd&) const {
    Integers extents(shape().begin(), shape().end());
    extents[0] = 1;
    const std::string channel = graph.add("Expand", {weight("running_mean"), batch_and(extents)}, inner("channel"));
    return graph.add("Concat", {in(), channel}, name(), {{"axis", std::int64_t{1}}});
  }
  std::string operator()(const net::Projection&) const {
    const std::string features = flat();
    const std::string plain =
        graph.add("Gemm", {features, weight(), weight("bias")}, inner("plain"), {{"transB", std::int64_t{1}}});
    const std::string row = graph.add("Gather", {weight("class_weight"), in(1)}, inner("row"));
    const std::string fit =
        graph.add("ReduceSum", {graph.add("Mul", {features, row}, inner("fits")), graph.integers({1})}, inner("fit"));
    return graph.add("Add", {plain, fit}, name());
  }
};

std::string words_of_input(const net::Input& input) {
  switch (input.role) {
    case net::Role::latent:
      return "the latent vector";
    case net::Role::class_index:
      return fmt::format("the class, 0 to {}", input.classes - 1);
    case net::Role::condition:
      return "the condition";
    case net::Role::image:
      return "samples, pictures in [-1, 1]";
    case net::Role::vector:
      break;
  }
  return "";
}

}  // namespace

std::string to_onnx(const FrozenNetwork& frozen, const OnnxWords& words) {
  OnnxGraph graph(frozen.network.name);
  OnnxWriter writer{frozen, graph};
  for (; writer.at < frozen.network.nodes.size(); ++writer.at) {
    const net::Node& node = frozen.network.nodes[writer.at];
    if (const auto* input = std::get_if<net::Input>(&node.layer)) {
      graph.add_input(writer.name(), input->role == net::Role::class_index ? DType::i64 : DType::f32, writer.shape(),
                      words_of_input(*input));
    }
    writer.values[node.name] = std::visit(writer, node.layer);
  }
  for (const std::string& head : frozen.network.outputs) {
    const std::string& name = frozen.names.at(head);
    if (writer.values.at(head) != name) graph.add("Identity", {writer.values.at(head)}, name);
    graph.add_output(name, frozen.shape_of(head), "");
  }
  return graph.bytes(words.version, words.sentence, words.metadata);
}

}  // namespace ganymede::interop
