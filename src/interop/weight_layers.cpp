#include "interop/weight_layers.hpp"

#include <algorithm>
#include <cctype>
#include <variant>

namespace ganymede::interop {
namespace {

// What a module counts or draws by, and no weight.
bool is_no_weight(const std::string& suffix) {
  return suffix == "num_batches_tracked" || suffix == "seed_generator_state";
}

std::string keras_suffix(const net::Layer& layer, const std::string& suffix) {
  const bool norm = std::holds_alternative<net::BatchNorm>(layer) || std::holds_alternative<net::LayerNorm>(layer);
  if (suffix == "bias") return norm ? "beta" : "bias";
  if (suffix == "running_mean") return "moving_mean";
  if (suffix == "running_var") return "moving_variance";
  if (suffix != "weight") return suffix;
  if (norm) return "gamma";
  if (std::holds_alternative<net::Activation>(layer)) return "alpha";
  return std::holds_alternative<net::Embedding>(layer) ? "embeddings" : "kernel";
}

// Ours [out, in, kh, kw] (transposed [in, out, kh, kw]) is theirs [kh, kw, in, out] ([kh, kw, out, in]).
Shape keras_shape(const std::string& suffix, const Shape& shape) {
  if (suffix == "kernel" && shape.size() == 2) return {shape[1], shape[0]};
  if (suffix == "kernel" && shape.size() == 4) return {shape[2], shape[3], shape[1], shape[0]};
  if (shape.size() == 3) return {shape[1], shape[2], shape[0]};  // LayerNorm over a sample
  return shape;
}

}  // namespace

std::string dotted(std::string name) {
  std::ranges::replace(name, '/', '.');
  if (name.ends_with(":0")) name.resize(name.size() - 2);  // Keras 2
  return name;
}

std::string suffix_in(WeightLayout layout, const net::Layer& layer, const std::string& suffix) {
  return layout == WeightLayout::keras ? keras_suffix(layer, suffix) : suffix;
}

std::vector<WeightLayer> layers_of(const net::Network& network, WeightLayout layout) {
  std::vector<WeightLayer> layers;
  for (const net::Parameter& p : net::parameters(network)) {
    const std::size_t dot = p.name.find('.');
    const std::string layer = p.name.substr(0, dot);
    const std::string suffix = suffix_in(layout, network.node(layer).layer, p.name.substr(dot + 1));
    const Shape shape = layout == WeightLayout::keras ? keras_shape(suffix, p.shape) : p.shape;
    if (layers.empty() || layers.back().name != layer) layers.push_back({.name = layer});
    layers.back().shapes[suffix] = shape;
    layers.back().whole[suffix] = p.name;
  }
  return layers;
}

std::vector<WeightLayer> layers_of(const NamedTensors& tensors, std::vector<std::string>& left_out) {
  std::map<std::string, WeightLayer> layers;
  for (const auto& [name, tensor] : tensors) {
    const std::string plain = dotted(name);
    const std::size_t dot = plain.rfind('.');
    const std::string layer = dot == std::string::npos ? "" : plain.substr(0, dot), suffix = plain.substr(dot + 1);
    if (is_no_weight(suffix)) {
      left_out.push_back(name);
      continue;
    }
    WeightLayer& found = layers[layer];
    found.name = layer;
    found.shapes[suffix] = tensor.shape();
    found.whole[suffix] = name;
  }
  std::vector<WeightLayer> list;
  for (const auto& [name, layer] : layers) list.push_back(layer);
  std::ranges::stable_sort(list, [](const auto& a, const auto& b) { return counts_before(a.name, b.name); });
  return list;
}

std::string kind_of(const WeightLayer& layer, bool transposed) {
  const auto has = [&](const char* suffix) { return layer.shapes.contains(suffix); };
  if (has("running_mean") || has("moving_mean")) return "BatchNorm";
  if (has("embeddings")) return "embedding";
  if (has("alpha")) return "slopes";
  if (has("gamma")) return "LayerNorm";
  const auto main = has("kernel") ? layer.shapes.find("kernel") : layer.shapes.find("weight");
  if (main == layer.shapes.end()) return "other";
  const std::size_t rank = main->second.size();
  if (rank >= 3) return transposed ? "transposed convolution" : "convolution";
  return rank == 2 ? "dense" : has("bias") ? "LayerNorm" : "slopes";
}

bool counts_before(const std::string& a, const std::string& b) {
  const auto is_digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (is_digit(a[i]) && is_digit(b[j])) {
      const auto number = [&](const std::string& text, std::size_t& at) {
        const std::size_t begin = std::min(text.find_first_not_of('0', at), text.size());
        std::size_t end = begin;
        while (end < text.size() && is_digit(text[end])) ++end;
        at = std::max(end, at + 1);
        return text.substr(begin, end - begin);
      };
      const std::string x = number(a, i), y = number(b, j);
      if (x.size() != y.size()) return x.size() < y.size();
      if (x != y) return x < y;
    } else {
      if (a[i] != b[j]) return a[i] < b[j];
      ++i, ++j;
    }
  }
  return a.size() - i < b.size() - j;
}

}  // namespace ganymede::interop
