#include "explore/taps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "net/traits.hpp"

namespace ganymede::explore {
namespace {

// What a node puts out for the sample, in the order of its elements.
struct Values {
  std::string layer;  // who computed it: never a node that only renames
  Shape shown;        // as people look at it
  Shape shape;        // as the next layer sees it
  std::vector<float> x;
};

struct Extents {
  std::int64_t c = 1, h = 1, w = 1;
};
Extents extents_of(const Shape& shape) {
  if (shape.size() == 3) return {shape[0], shape[1], shape[2]};
  if (shape.size() == 2) return {shape[0], 1, shape[1]};
  return {element_count(shape), 1, 1};
}

TapPlace place_of(const Values& values, std::int64_t element) {
  if (values.shown.size() != 3) return {.layer = values.layer, .channel = element};
  const std::int64_t w = values.shown[2], plane = values.shown[1] * w;
  return {values.layer, element / plane, element / w % values.shown[1], element % w};
}

std::int64_t element_of(const LayerInfo& layer, const TapPlace& place) {
  const std::int64_t count = element_count(layer.shape);
  const bool image = layer.shape.size() == 3;
  const auto columns = static_cast<std::int64_t>(std::ceil(std::sqrt(static_cast<double>(count))));
  const std::int64_t h = image ? layer.shape[1] : count, w = image ? layer.shape[2] : columns;
  const std::int64_t c = image ? layer.shape[0] : count;
  const bool inside = place.channel >= 0 && place.channel < c && place.row >= 0 && place.row < h && place.column >= 0 &&
                      place.column < w;
  const std::int64_t element =
      image ? (place.channel * h + place.row) * w + place.column : place.channel + place.row * columns + place.column;
  if (!inside || element >= count) {
    fail<ConfigError>("{} is {}: there is no channel {}, row {}, column {}", layer.node, to_string(layer.shape),
                      place.channel, place.row, place.column);
  }
  return element;
}

// The node behind those that only rename values.
const net::Node& origin_of(const net::Network& network, const std::string& name) {
  const net::Node* node = &network.node(name);
  while (net::renames_values(node->layer)) node = &network.node(node->inputs.front());
  return *node;
}

bool is_a_layer(const net::Node& node) {
  return !std::holds_alternative<net::Input>(node.layer) && !net::reads_class(node.layer);
}

// Whether an override sets this element.
bool is_set(const std::vector<play::Override>& overrides, const LayerInfo& layer, std::int64_t element) {
  const Extents e = extents_of(layer.shape);
  const std::int64_t channel = element / (e.h * e.w), row = element / e.w % e.h;
  return std::ranges::any_of(overrides, [&](const play::Override& o) {
    return o.node == layer.node && (o.channel < 0 || o.channel == channel) && (o.row < 0 || o.row == row);
  });
}

// Collects the terms of one value; one function a kind of layer.
struct Adding {
  const net::Network& network;
  const NamedTensors& weights;
  const net::Node& node;
  const std::vector<Values>& in;
  Shape out;  // shape of the output, as it is computed
  std::int64_t element;
  Taps& taps;

  std::span<const float> parameter(const char* name) const {
    return weights.at(network.name + "." + node.name + "." + name).values<float>();
  }
  double parameter(const char* name, std::int64_t i) const { return parameter(name)[static_cast<std::size_t>(i)]; }
  double input(std::int64_t i, std::size_t from = 0) const { return in[from].x[static_cast<std::size_t>(i)]; }
  void add(double weight, std::int64_t i, std::size_t from = 0) const {
    taps.terms.push_back({place_of(in[from], i), weight, input(i, from), weight * input(i, from)});
  }
  void say(const char* sentence) const { taps.sentence = sentence; }

  void operator()(const net::Dense& layer) const {
    const auto row = parameter("weight").subspan(static_cast<std::size_t>(element) * in[0].x.size(), in[0].x.size());
    for (std::size_t i = 0; i < row.size(); ++i) add(row[i], static_cast<std::int64_t>(i));
    if (layer.bias) taps.bias = parameter("bias", element);
    say("the bias and every value of the layer before times its weight, added up");
  }
  void operator()(const net::Conv& layer) const {
    const Extents from = extents_of(in[0].shape), to = extents_of(out);
    const std::int64_t o = element / (to.h * to.w), y = element / to.w % to.h, x = element % to.w;
    const int top = before(layer.padding.top, layer.padding.same, from.h, layer.kernel.h, layer.stride.h);
    const int left = before(layer.padding.left, layer.padding.same, from.w, layer.kernel.w, layer.stride.w);
    const auto kernel = parameter("weight");
    for (std::int64_t c = 0; c < from.c; ++c) {
      for (std::int64_t ky = 0; ky < layer.kernel.h; ++ky) {
        for (std::int64_t kx = 0; kx < layer.kernel.w; ++kx) {
          const std::int64_t iy = y * layer.stride.h + ky - top, ix = x * layer.stride.w + kx - left;
          if (iy < 0 || iy >= from.h || ix < 0 || ix >= from.w) continue;
          const std::int64_t at = ((o * from.c + c) * layer.kernel.h + ky) * layer.kernel.w + kx;
          add(kernel[static_cast<std::size_t>(at)], (c * from.h + iy) * from.w + ix);
        }
      }
    }
    if (layer.bias) taps.bias = parameter("bias", o);
    say("the bias and the values under the kernel, in all channels of the layer before, times its weights, added up");
  }
  void operator()(const net::ConvTranspose& layer) const {
    const Extents from = extents_of(in[0].shape), to = extents_of(out);
    const std::int64_t o = element / (to.h * to.w), y = element / to.w % to.h, x = element % to.w;
    const int top = before(layer.padding.top, layer.padding.same, to.h, layer.kernel.h, layer.stride.h);
    const int left = before(layer.padding.left, layer.padding.same, to.w, layer.kernel.w, layer.stride.w);
    const auto kernel = parameter("weight");
    for (std::int64_t c = 0; c < from.c; ++c) {
      for (std::int64_t ky = 0; ky < layer.kernel.h; ++ky) {
        for (std::int64_t kx = 0; kx < layer.kernel.w; ++kx) {
          const std::int64_t sy = y + top - ky, sx = x + left - kx;
          if (sy < 0 || sx < 0 || sy % layer.stride.h != 0 || sx % layer.stride.w != 0) continue;
          const std::int64_t iy = sy / layer.stride.h, ix = sx / layer.stride.w;
          if (iy >= from.h || ix >= from.w) continue;
          const std::int64_t at = ((c * to.c + o) * layer.kernel.h + ky) * layer.kernel.w + kx;
          add(kernel[static_cast<std::size_t>(at)], (c * from.h + iy) * from.w + ix);
        }
      }
    }
    if (layer.bias) taps.bias = parameter("bias", o);
    say("the bias and the values that the kernel spreads to this place, in all channels of the layer before, times "
        "its weights, added up");
  }
  void operator()(const net::BatchNorm& layer) const {
    const Extents e = extents_of(out);
    const std::int64_t c = element / (e.h * e.w);
    const double weight = parameter("weight", c) / std::sqrt(parameter("running_var", c) + layer.epsilon);
    add(weight, element);
    taps.bias = parameter("bias", c) - weight * parameter("running_mean", c);
    say("the value before, less the channel's mean in training, divided by its deviation, scaled and shifted");
  }
  void operator()(const net::LayerNorm& layer) const {
    const Extents e = extents_of(out);
    const std::int64_t plane = e.h * e.w;
    const bool all = layer.over == net::LayerNorm::Over::sample || out.size() == 1;
    const std::int64_t first = all ? 0 : element % plane, step = all ? 1 : plane, count = all ? e.c * plane : e.c;
    double mean = 0, squares = 0;
    for (std::int64_t i = 0; i < count; ++i) mean += input(first + i * step) / static_cast<double>(count);
    for (std::int64_t i = 0; i < count; ++i)
      squares += std::pow(input(first + i * step) - mean, 2) / static_cast<double>(count);
    const std::int64_t at = layer.over == net::LayerNorm::Over::sample ? element : element / plane;
    const double weight = parameter("weight", at) / std::sqrt(squares + layer.epsilon);
    add(weight, element);
    taps.bias = parameter("bias", at) - weight * mean;
    say("the value before, less the sample's mean, divided by its deviation, scaled and shifted");
  }
  void operator()(const net::Activation&) const {
    if (input(element) != 0) {
      add(taps.value / input(element), element);
    } else {
      taps.bias = taps.value;
    }
    say("a function of the value before alone; the weight is their ratio");
  }
  void operator()(const net::Multiply&) const {
    add(input(element, 1), element);
    say("the product of two values; the weight is the other one");
  }
  void operator()(const net::Concat&) const {
    const Extents to = extents_of(out);
    std::int64_t c = element / (to.h * to.w);
    for (std::size_t from = 0; from < in.size(); ++from) {
      const Extents e = extents_of(in[from].shape);
      if (c < e.c) {
        const bool spread = in[from].shape.size() == 1 && out.size() > 1;  // a vector becomes constant planes
        add(1, spread ? c : c * e.h * e.w + element % (to.h * to.w), from);
        break;
      }
      c -= e.c;
    }
    say("the value of one of the layers that are joined, as it stands");
  }
  void operator()(const net::Permute& layer) const {
    const std::int64_t to[3] = {element / (out[1] * out[2]), element / out[2] % out[1], element % out[2]};
    std::int64_t from[3] = {};
    for (std::size_t axis = 0; axis < 3; ++axis) from[layer.order[axis]] = to[axis];
    add(1, (from[0] * in[0].shape[1] + from[1]) * in[0].shape[2] + from[2]);
    say("the value of another place of the layer before, as it stands");
  }
  void operator()(const net::Pool& layer) const {
    const Extents from = extents_of(in[0].shape), to = extents_of(out);
    const std::int64_t c = element / (to.h * to.w), y = element / to.w % to.h, x = element % to.w;
    std::int64_t best = -1;
    for (std::int64_t ky = 0; ky < layer.kernel.h; ++ky) {
      for (std::int64_t kx = 0; kx < layer.kernel.w; ++kx) {
        const std::int64_t at = (c * from.h + y * layer.stride.h + ky) * from.w + x * layer.stride.w + kx;
        if (layer.kind == net::PoolKind::average) add(1.0 / (layer.kernel.h * layer.kernel.w), at);
        if (best < 0 || input(at) > input(best)) best = at;
      }
    }
    if (layer.kind == net::PoolKind::max) add(1, best);
    say(layer.kind == net::PoolKind::max ? "the largest value of the window" : "the mean of the window's values");
  }
  void operator()(const net::ConvGru&) const { opaque("recurrent: the value depends on all steps before it"); }
  void operator()(const net::Lstm&) const { opaque("recurrent: the value depends on all steps before it"); }
  // Of discriminators alone.
  void operator()(const net::MinibatchStd&) const { opaque(""); }
  void operator()(const net::Projection&) const { opaque(""); }
  // These are no layers that can be looked at.
  void operator()(const net::Input&) const { opaque(""); }
  void operator()(const net::Dropout&) const { opaque(""); }
  void operator()(const net::Embedding&) const { opaque(""); }
  void operator()(const net::OneHot&) const { opaque(""); }
  void operator()(const net::Reshape&) const { opaque(""); }

 private:
  static int before(int given, bool same, std::int64_t large, int kernel, int stride) {
    return net::padding_before(same, given, static_cast<int>(large), kernel, stride);
  }
  void opaque(const char* sentence) const {
    taps.bias = taps.value;
    say(sentence);
  }
};

const LayerView& view_named(const Dissection& inside, const std::string& layer) {
  const auto found = std::ranges::find_if(inside.layers, [&](const LayerView& v) { return v.layer.node == layer; });
  if (found == inside.layers.end()) fail<ConfigError>("{}: its values were not asked for", layer);
  return *found;
}

// The first sample's values of the node that feeds another one.
std::vector<float> values_of(const net::Network& network, const NamedTensors& weights, const net::Node& node,
                             const Dissection& inside, const train::NamedSamples& samples) {
  const auto first = [&](std::span<const float> all) {
    const auto size = all.size() / static_cast<std::size_t>(samples.count);
    return std::vector<float>(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(size));
  };
  if (net::is_condition(node)) return first(samples.conditions);
  if (std::holds_alternative<net::Input>(node.layer)) return first(samples.z);
  if (!net::reads_class(node.layer)) {
    const Tensor& values = view_named(inside, node.name).values;
    const auto size = static_cast<std::ptrdiff_t>(values.count() / values.shape()[0]);
    const auto all = values.values<float>();
    return {all.begin(), all.begin() + size};
  }
  const auto row_of = [&](std::int32_t of) {
    if (std::holds_alternative<net::OneHot>(node.layer)) {
      std::vector<float> one(static_cast<std::size_t>(net::class_count(network)), 0);
      one.at(static_cast<std::size_t>(of)) = 1;
      return one;
    }
    const Tensor& table = weights.at(network.name + "." + node.name + ".weight");
    const auto dim = static_cast<std::size_t>(table.shape()[1]);
    const auto row = table.values<float>().subspan(static_cast<std::size_t>(of) * dim, dim);
    return std::vector<float>(row.begin(), row.end());
  };
  std::vector<float> row = row_of(samples.classes.front());
  if (samples.toward.empty()) return row;
  const std::vector<float> other = row_of(samples.toward.front());
  const float share = samples.shares.front();
  for (std::size_t i = 0; i < row.size(); ++i) row[i] = (1 - share) * row[i] + share * other[i];
  return row;
}

}  // namespace

std::vector<std::string> layers_before(const net::Network& network, const std::string& layer) {
  chosen_layers(network, {layer});
  std::vector<std::string> names;
  for (const std::string& input : network.node(layer).inputs) {
    const net::Node& origin = origin_of(network, input);
    if (is_a_layer(origin)) names.push_back(origin.name);
  }
  return names;
}

Taps taps_of(const net::Network& network, const NamedTensors& weights, const Dissection& inside,
             const train::NamedSamples& samples, const TapPlace& place, const std::vector<play::Override>& overrides) {
  const LayerView& view = view_named(inside, place.layer);
  const std::int64_t element = element_of(view.layer, place);
  Taps taps{.value = view.values.values<float>()[static_cast<std::size_t>(element)], .terms = {}, .sentence = {}};
  if (is_set(overrides, view.layer, element)) {
    taps.bias = taps.value;
    taps.sentence = "set by hand, whatever the layer before says";
    return taps;
  }
  const std::vector<Shape> shapes = net::infer_shapes(network), shown = net::shapes_as_images(network);
  const net::Node& node = network.node(place.layer);
  std::vector<Values> in;
  for (const std::string& input : node.inputs) {
    const net::Node& origin = origin_of(network, input);
    in.push_back({.layer = origin.name,
                  .shown = shown[static_cast<std::size_t>(network.index_of(origin.name))],
                  .shape = shapes[static_cast<std::size_t>(network.index_of(input))],
                  .x = values_of(network, weights, origin, inside, samples)});
  }
  std::visit(Adding{network, weights, node, in, shapes[static_cast<std::size_t>(network.index_of(place.layer))],
                    element, taps},
             node.layer);
  taps.count = static_cast<std::int64_t>(taps.terms.size());
  std::ranges::stable_sort(taps.terms, std::greater(), [](const TapTerm& term) { return std::fabs(term.product); });
  for (std::size_t i = kMostTerms; i < taps.terms.size(); ++i) taps.rest += taps.terms[i].product;
  if (taps.terms.size() > kMostTerms) taps.terms.resize(kMostTerms);
  return taps;
}

}  // namespace ganymede::explore
