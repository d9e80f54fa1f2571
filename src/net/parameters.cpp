#include <algorithm>

#include "base/error.hpp"
#include "net/network.hpp"

namespace ganymede::net {
namespace {

constexpr std::int64_t kMaxElements = std::int64_t{1} << 31;  // of one tensor
constexpr double kEmbeddingHalfWidth = 0.05;                  // Keras' default initialiser of embeddings

struct Listing {
  const Node& node;
  const Shape& in;  // of the first input; empty for an Input
  int classes;      // of the class index that feeds an Embedding or Projection
  Init weights;
  double scale;
  std::vector<Parameter>& out;

  void add(const char* name, Shape shape, Init init, bool trainable = true) const {
    std::int64_t count = 1;
    for (const std::int64_t extent : shape) {
      count *= extent;
      if (count > kMaxElements) {
        fail<ConfigError>("layer {}: {} of shape {} has more than {} elements", node.name, name, to_string(shape),
                          kMaxElements);
      }
    }
    out.push_back({.name = node.name + "." + name, .shape = std::move(shape), .trainable = trainable, .init = init});
  }
  void add_kernel(Shape shape, std::int64_t fan_in, std::int64_t fan_out, const char* name = "weight") const {
    add(name, std::move(shape), weights);
    out.back().scale = scale;
    out.back().fan_in = fan_in;
    out.back().fan_out = fan_out;
  }

  // Where the power iteration of a spectral norm stands; any direction will do to begin with.
  void add_vector_u(const char* name, std::int64_t rows) const {
    add(name, {rows}, Init::normal, false);
    out.back().scale = 1;
  }

  void operator()(const Dense& layer) const {
    const std::int64_t features = element_count(in);
    add_kernel({layer.out, features}, features, layer.out);
    if (layer.bias) add("bias", {layer.out}, Init::zeros);
    if (layer.spectral) add_vector_u("weight_u", layer.out);
  }
  void operator()(const Conv& layer) const {
    const std::int64_t area = std::int64_t{layer.kernel.h} * layer.kernel.w;
    add_kernel({layer.out, in[0], layer.kernel.h, layer.kernel.w}, in[0] * area, layer.out * area);
    if (layer.bias) add("bias", {layer.out}, Init::zeros);
    if (layer.spectral) add_vector_u("weight_u", layer.out);
  }
  void operator()(const ConvTranspose& layer) const {
    // Keras reads the fans off its kernel [kh, kw, out, in] as if it were a convolution's, so they are swapped.
    const std::int64_t area = std::int64_t{layer.kernel.h} * layer.kernel.w;
    add_kernel({in[0], layer.out, layer.kernel.h, layer.kernel.w}, layer.out * area, in[0] * area);
    if (layer.bias) add("bias", {layer.out}, Init::zeros);
  }
  void operator()(const BatchNorm&) const {
    add("weight", {in[0]}, Init::ones);
    add("bias", {in[0]}, Init::zeros);
    add("running_mean", {in[0]}, Init::zeros, false);
    add("running_var", {in[0]}, Init::ones, false);
  }
  void operator()(const LayerNorm& layer) const {
    const Shape shape = layer.over == LayerNorm::Over::sample ? in : Shape{in[0]};
    add("weight", shape, Init::ones);
    add("bias", shape, Init::zeros);
  }
  void operator()(const Activation& layer) const {
    if (layer.kind != ActivationKind::prelu) return;
    add("weight", {layer.channels == 0 ? in[0] : layer.channels}, Init::zeros);
  }
  void operator()(const Embedding& layer) const {
    add("weight", {classes, layer.dim}, Init::uniform);
    out.back().scale = kEmbeddingHalfWidth;
    out.back().fan_in = classes;
    out.back().fan_out = layer.dim;
  }
  void operator()(const ConvGru& layer) const {
    const std::int64_t k = layer.kernel;
    const std::int64_t h = layer.out;
    add_kernel({3 * h, in[0], 1, k}, in[0] * k, h * k, "weight_ih");
    add_kernel({3 * h, h, 1, k}, h * k, h * k, "weight_hh");
    if (layer.bias) add("bias", {3 * h}, Init::zeros);
  }
  void operator()(const Lstm& layer) const {
    const std::int64_t h = layer.out;
    if (layer.steps == 0) add_kernel({4 * h, in[0]}, in[0], h, "weight_ih");
    add_kernel({4 * h, h}, h, h, "weight_hh");
    if (layer.bias) add("bias", {4 * h}, Init::zeros);
  }
  void operator()(const MinibatchStd&) const { add("running_mean", {1}, Init::zeros, false); }
  void operator()(const Projection& layer) const {
    const std::int64_t features = element_count(in);
    add_kernel({1, features}, features, 1);
    add("bias", {1}, Init::zeros);
    add("class_weight", {classes, features}, Init::uniform);
    out.back().scale = kEmbeddingHalfWidth;
    out.back().fan_in = classes;
    out.back().fan_out = features;
    if (!layer.spectral) return;
    add_vector_u("weight_u", 1);
    add_vector_u("class_weight_u", classes);
  }
  // These have none.
  void operator()(const Input&) const {}
  void operator()(const Dropout&) const {}
  void operator()(const OneHot&) const {}
  void operator()(const Multiply&) const {}
  void operator()(const Concat&) const {}
  void operator()(const Reshape&) const {}
  void operator()(const Permute&) const {}
  void operator()(const Pool&) const {}
};

}  // namespace

std::vector<Parameter> parameters(const Network& network, Init weights, double scale) {
  const std::vector<Shape> shapes = infer_shapes(network);
  std::vector<Parameter> list;
  for (const Node& node : network.nodes) {
    Shape in;
    int classes = 0;
    if (!node.inputs.empty()) {
      const auto from = static_cast<std::size_t>(network.index_of(node.inputs[0]));
      in = shapes[from];
      for (const std::string& name : node.inputs) {
        const Layer& source = network.node(name).layer;
        if (const auto* input = std::get_if<Input>(&source)) classes = std::max(classes, input->classes);
      }
    }
    std::visit(Listing{node, in, classes, weights, scale, list}, node.layer);
  }
  return list;
}

Counts count_parameters(const Network& network) {
  Counts counts;
  for (const Parameter& parameter : parameters(network)) {
    const std::int64_t count = element_count(parameter.shape);
    counts.total += count;
    if (parameter.trainable) counts.trainable += count;
  }
  return counts;
}

}  // namespace ganymede::net
