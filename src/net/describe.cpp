#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <locale>

#include "net/description.hpp"

namespace ganymede::net {
namespace {

std::string grouped(std::int64_t value) {
  std::string digits = std::to_string(value);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), 1, ',');
  }
  return digits;
}

std::string size_text(Pair pair) {
  return pair.h == pair.w ? std::to_string(pair.h) : fmt::format("({}, {})", pair.h, pair.w);
}

template <class L>
std::string kernel_text(const L& layer) {
  std::string text = fmt::format("{}x{}", layer.kernel.h, layer.kernel.w);
  if (layer.stride != Pair{1, 1}) text += " stride " + size_text(layer.stride);
  return text;
}

template <class L>
std::string convolution_text(const L& layer) {
  const Padding& p = layer.padding;
  std::string text = kernel_text(layer);
  if (!p.same) text += fmt::format(" padding {} {} {} {}", p.top, p.bottom, p.left, p.right);
  return layer.bias ? text : text + " no bias";
}

// What the shape and the kind do not say.
struct Remark {
  std::string operator()(const Input& layer) const {
    return layer.role == Role::class_index ? fmt::format("{} classes", layer.classes) : "";
  }
  std::string operator()(const Dense& layer) const {
    return std::string(layer.bias ? "" : "no bias") +
           (layer.spectral ? layer.bias ? "spectral norm" : " spectral norm" : "");
  }
  std::string operator()(const Conv& layer) const {
    return convolution_text(layer) + (layer.spectral ? " spectral norm" : "");
  }
  std::string operator()(const Projection& layer) const { return layer.spectral ? "spectral norm" : ""; }
  std::string operator()(const MinibatchStd& layer) const { return fmt::format("momentum {}", layer.momentum); }
  std::string operator()(const ConvTranspose& layer) const { return convolution_text(layer); }
  std::string operator()(const BatchNorm& layer) const {
    return fmt::format("epsilon {} momentum {}", layer.epsilon, layer.momentum);
  }
  std::string operator()(const LayerNorm& layer) const {
    return fmt::format("over {} epsilon {}", layer.over == LayerNorm::Over::sample ? "sample" : "channel",
                       layer.epsilon);
  }
  std::string operator()(const Activation& layer) const {
    switch (layer.kind) {
      case ActivationKind::linear:
        return "linear";
      case ActivationKind::relu: {
        std::string text = "relu";
        if (layer.max_value < std::numeric_limits<float>::infinity()) text += fmt::format(" max {}", layer.max_value);
        if (layer.threshold != 0) text += fmt::format(" threshold {}", layer.threshold);
        if (layer.negative_slope != 0) text += fmt::format(" slope {}", layer.negative_slope);
        return text;
      }
      case ActivationKind::leaky_relu:
        return fmt::format("leaky_relu {}", layer.negative_slope);
      case ActivationKind::prelu:
        return "prelu";
      case ActivationKind::elu:
        return fmt::format("elu {}", layer.alpha);
      case ActivationKind::rrelu:
        return fmt::format("rrelu {} to {}", layer.lower, layer.upper);
      case ActivationKind::tanh:
        return "tanh";
      case ActivationKind::sigmoid:
        return "sigmoid";
    }
    return "";
  }
  std::string operator()(const Dropout& layer) const { return fmt::format("rate {}", layer.rate); }
  std::string operator()(const Permute& layer) const { return fmt::format("order {}", fmt::join(layer.order, " ")); }
  std::string operator()(const ConvGru& layer) const {
    return fmt::format("kernel {}{}", layer.kernel, layer.bias ? "" : " no bias");
  }
  std::string operator()(const Lstm& layer) const {
    return fmt::format("forget bias {}{}{}", layer.forget_bias, layer.bias ? "" : " no bias",
                       layer.steps > 0 ? " begins with its input" : "");
  }
  std::string operator()(const Pool& layer) const {
    return (layer.kind == PoolKind::max ? "max " : "average ") + kernel_text(layer);
  }
  template <class Other>
  std::string operator()(const Other&) const {
    return "";
  }
};

}  // namespace

std::string describe(const Network& network) {
  const std::vector<Shape> shapes = infer_shapes(network);
  const std::vector<Parameter> list = parameters(network);
  constexpr std::size_t kColumns = 5;
  std::vector<std::array<std::string, kColumns>> rows;
  rows.push_back({"layer", "kind", "output", "parameters", ""});
  for (std::size_t i = 0; i < network.nodes.size(); ++i) {
    const Node& node = network.nodes[i];
    std::int64_t count = 0;
    for (const Parameter& p : list) {
      if (p.name.compare(0, node.name.size() + 1, node.name + ".") == 0) count += element_count(p.shape);
    }
    rows.push_back(
        {node.name, kind_of(node.layer), to_string(shapes[i]), grouped(count), std::visit(Remark{}, node.layer)});
  }
  std::array<std::size_t, kColumns> width{};
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < kColumns; ++c) width[c] = std::max(width[c], row[c].size());
  }
  const Counts counts = count_parameters(network);
  std::string text = network.name + "\n";
  for (const auto& row : rows) {
    std::string line = fmt::format("  {:<{}}  {:<{}}  {:<{}}  {:>{}}  {}", row[0], width[0], row[1], width[1], row[2],
                                   width[2], row[3], width[3], row[4]);
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text + fmt::format("  {} parameters: {} trainable, {} not\n", grouped(counts.total), grouped(counts.trainable),
                            grouped(counts.total - counts.trainable));
}

}  // namespace ganymede::net
