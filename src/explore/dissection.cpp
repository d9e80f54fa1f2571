#include "explore/dissection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/text.hpp"
#include "net/description.hpp"
#include "net/traits.hpp"

namespace ganymede::explore {
namespace {

std::string kind_of_node(const net::Node& node) {
  const auto* activation = std::get_if<net::Activation>(&node.layer);
  return activation != nullptr ? net::name_of(activation->kind) : net::kind_of(node.layer);
}

bool can_be_looked_at(const net::Node& node) {
  return !std::holds_alternative<net::Input>(node.layer) && !net::reads_class(node.layer) &&
         !net::renames_values(node.layer);
}

std::vector<std::string> names_of(const std::vector<LayerInfo>& layers) {
  std::vector<std::string> names;
  for (const LayerInfo& layer : layers) names.push_back(layer.node);
  return names;
}

template <class T>
T number_from(std::string_view text, std::string_view whole) {
  T value{};
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size()) {
    fail<ConfigError>(
        "--ablate {}: wanted NODE:channel=K, NODE:row=K, with value=V if it is not 0 (\"{}\" is no number)", whole,
        text);
  }
  return value;
}

void read_part(std::string_view part, std::string_view whole, play::Override& change) {
  const std::size_t equals = part.find('=');
  const std::string_view key = part.substr(0, equals);
  if (equals == std::string_view::npos || (key != "channel" && key != "row" && key != "value"))
    fail<ConfigError>("--ablate {}: wanted channel=K, row=K or value=V after the node, found \"{}\"", whole, part);
  const std::string_view text = part.substr(equals + 1);
  if (key == "value") {
    change.value = number_from<float>(text, whole);
    if (!std::isfinite(change.value)) fail<ConfigError>("--ablate {}: a value is a finite number", whole);
  } else {
    const int number = number_from<int>(text, whole);
    if (number < 0) fail<ConfigError>("--ablate {}: a {} is 0 or more", whole, key);
    (key == "row" ? change.row : change.channel) = number;
  }
}

Tensor as_square(std::span<const float> values) {
  const auto columns = static_cast<std::int64_t>(std::ceil(std::sqrt(static_cast<double>(values.size()))));
  const std::int64_t rows = (static_cast<std::int64_t>(values.size()) + columns - 1) / columns;
  Tensor map(DType::f32, {rows, columns});
  const auto out = map.values<float>();
  std::fill(out.begin(), out.end(), std::numeric_limits<float>::quiet_NaN());
  std::copy(values.begin(), values.end(), out.begin());
  return map;
}

std::span<const float> sample_of(const Tensor& values, std::int64_t i) {
  const auto size = static_cast<std::size_t>(values.count() / values.shape()[0]);
  return values.values<float>().subspan(static_cast<std::size_t>(i) * size, size);
}

}  // namespace

std::vector<LayerInfo> layers_of(const net::Network& network) {
  const std::vector<Shape> shapes = net::shapes_as_images(network);
  std::vector<LayerInfo> layers;
  for (std::size_t i = 0; i < network.nodes.size(); ++i) {
    const net::Node& node = network.nodes[i];
    if (can_be_looked_at(node)) layers.push_back({node.name, kind_of_node(node), shapes[i]});
  }
  return layers;
}

std::vector<LayerInfo> chosen_layers(const net::Network& network, const std::vector<std::string>& wanted) {
  const std::vector<LayerInfo> all = layers_of(network);
  std::vector<LayerInfo> chosen = wanted.empty() ? all : std::vector<LayerInfo>();
  for (const std::string& name : wanted) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const LayerInfo& layer) { return layer.node == name; });
    if (found == all.end()) {
      const std::vector<std::string> names = names_of(all);
      fail<ConfigError>("{}: there is no layer \"{}\"{} Its layers are {}", network.name, name,
                        did_you_mean(name, names).empty() ? "." : did_you_mean(name, names), fmt::join(names, ", "));
    }
    chosen.push_back(*found);
  }
  return chosen;
}

Dissection dissect(play::Model& model, const net::Network& network, const play::Inputs& inputs,
                   const std::vector<std::string>& wanted, const std::vector<play::Override>& overrides) {
  const std::vector<LayerInfo> chosen = chosen_layers(network, wanted);
  play::Inference inference = model.infer(inputs, names_of(chosen), overrides);
  Dissection result{.pictures = std::move(inference.output), .layers = {}};
  for (const LayerInfo& layer : chosen) {
    Shape shape = layer.shape;
    shape.insert(shape.begin(), inputs.count);
    LayerView view{layer, inference.taps.at(layer.node).reshaped(shape), {}};
    view.activity = activity_of(view.values.values<float>());
    result.layers.push_back(std::move(view));
  }
  return result;
}

play::Override parse_ablation(std::string_view text, const net::Network& network) {
  play::Override change;
  const std::size_t colon = text.find(':');
  change.node = text.substr(0, colon);
  for (std::string_view rest = colon == std::string_view::npos ? "" : text.substr(colon + 1); !rest.empty();) {
    const std::size_t comma = rest.find(',');
    read_part(rest.substr(0, comma), text, change);
    rest = comma == std::string_view::npos ? "" : rest.substr(comma + 1);
  }
  if (colon != std::string_view::npos && colon + 1 == text.size()) read_part("", text, change);
  int index = network.index_of(change.node);
  while (index >= 0 && std::holds_alternative<net::Reshape>(network.nodes[static_cast<std::size_t>(index)].layer)) {
    change.node = network.nodes[static_cast<std::size_t>(index)].inputs.front();
    index = network.index_of(change.node);
  }
  if (index < 0 || !can_be_looked_at(network.nodes[static_cast<std::size_t>(index)])) {
    fail<ConfigError>("--ablate {}: {} has no layer \"{}\"; its layers are {}", text, network.name, change.node,
                      fmt::join(names_of(layers_of(network)), ", "));
  }
  const Shape shape = net::shapes_as_images(network)[static_cast<std::size_t>(index)];
  const std::int64_t rows = shape.size() == 3 ? shape[1] : 0;
  if (change.channel >= shape[0] || change.row >= std::max<std::int64_t>(rows, 0)) {
    fail<ConfigError>("--ablate {}: {} is {}: channels 0 to {}{}", text, change.node, to_string(shape), shape[0] - 1,
                      rows > 0 ? fmt::format(", rows 0 to {}", rows - 1) : ", no rows");
  }
  return change;
}

std::vector<play::Override> parse_ablations(const std::vector<std::string>& texts, const net::Network& network) {
  std::vector<play::Override> changes;
  for (const std::string& text : texts) changes.push_back(parse_ablation(text, network));
  return changes;
}

Tensor mean_map(const LayerView& view, std::int64_t i) {
  const auto values = sample_of(view.values, i);
  if (view.layer.shape.size() != 3) return as_square(values);
  Tensor map(DType::f32, {view.layer.shape[1], view.layer.shape[2]});
  mean_over_channels(values, map.values<float>());
  return map;
}

Tensor feature_map(const LayerView& view, std::int64_t i, std::int64_t c) {
  if (view.layer.shape.size() != 3) fail<ShapeError>("{}: a vector has no feature maps", view.layer.node);
  const std::int64_t h = view.layer.shape[1], w = view.layer.shape[2];
  return Tensor::of<float>(
      {h, w}, sample_of(view.values, i).subspan(static_cast<std::size_t>(c * h * w), static_cast<std::size_t>(h * w)));
}

PictureChange change_of(const Tensor& before, const Tensor& after) {
  if (before.shape() != after.shape() || before.shape().size() != 4) {
    fail<ShapeError>("change: wanted pictures [N, C, H, W] of one shape, found {} and {}", to_string(before.shape()),
                     to_string(after.shape()));
  }
  const Shape& s = before.shape();
  const auto plane = static_cast<std::size_t>(s[2] * s[3]);
  PictureChange change{.samples = {}, .pixels = Tensor(DType::f32, {s[2], s[3]})};
  std::vector<double> pixels(plane, 0);
  for (std::int64_t i = 0; i < s[0]; ++i) {
    const auto a = sample_of(before, i), b = sample_of(after, i);
    double sum = 0;
    for (std::size_t p = 0; p < a.size(); ++p) {
      const double difference = std::fabs(double{b[p]} - double{a[p]});
      sum += difference;
      pixels[p % plane] += difference;
    }
    change.samples.push_back(sum / static_cast<double>(a.size()));
  }
  const auto out = change.pixels.values<float>();
  for (std::size_t p = 0; p < plane; ++p) out[p] = static_cast<float>(pixels[p] / static_cast<double>(s[0] * s[1]));
  return change;
}

}  // namespace ganymede::explore
