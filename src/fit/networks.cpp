#include "fit/networks.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "base/error.hpp"

namespace ganymede::fit {
namespace {

constexpr int kSmallSide = 8;

// Nodes in a row.
class Chain {
 public:
  Chain(net::Input input, bool norm) : norm_(norm) {
    network_.name = "classifier";
    network_.nodes.push_back({"input", {}, std::move(input)});
  }
  void add(const std::string& name, net::Layer layer) {
    network_.nodes.push_back({name, {network_.nodes.back().name}, std::move(layer)});
  }
  // Few steps are trained, so the running statistics must follow faster than Keras' 0.99.
  void add_unit(const std::string& norm, const std::string& activation) {
    if (norm_) add(norm, net::BatchNorm{.momentum = 0.9});
    add(activation, net::Activation{.kind = net::ActivationKind::relu});
  }
  void add_dropout(const std::string& name, float rate) {
    if (rate > 0) add(name, net::Dropout{rate});
  }
  net::Network finish(int outputs) {
    add("logits", net::Dense{outputs});
    network_.outputs = {"logits"};
    return std::move(network_);
  }

 private:
  bool norm_;
  net::Network network_;
};

}  // namespace

net::Network image_classifier(const ImageClassifierConfig& c) {
  Chain chain({.role = net::Role::image, .shape = {c.channels, c.height, c.width}}, c.norm);
  int side = std::min(c.height, c.width);
  int filters = c.filters;
  for (int i = 1; i == 1 || side > kSmallSide; ++i) {
    const std::string number = std::to_string(i);
    chain.add("conv" + number, net::Conv{.out = filters, .stride = {2, 2}, .bias = !c.norm});
    chain.add_unit("norm" + number, "act" + number);
    side = (side + 1) / 2;
    filters *= 2;
  }
  chain.add("flatten", net::Reshape{{-1}});
  chain.add("dense", net::Dense{.out = c.features, .bias = !c.norm});
  chain.add_unit("norm", kFeatures);
  chain.add_dropout("drop", c.dropout);
  return chain.finish(c.outputs);
}

net::Network ink_classifier(const InkClassifierConfig& c) {
  // One row of pixels a move: a convolution over three rows and all columns runs over time.
  Chain chain({.role = net::Role::image, .shape = {1, c.moves, c.values}}, c.norm);
  chain.add("conv1", net::Conv{.out = c.filters,
                               .kernel = {3, c.values},
                               .stride = {1, 1},
                               .padding = {.same = false, .top = 1, .bottom = 1},
                               .bias = !c.norm});
  chain.add_unit("norm1", "act1");
  chain.add("conv2", net::Conv{.out = c.filters,
                               .kernel = {3, 1},
                               .stride = {1, 1},
                               .padding = {.same = false, .top = 1, .bottom = 1},
                               .bias = !c.norm});
  chain.add_unit("norm2", "act2");
  chain.add("flatten", net::Reshape{{-1}});
  chain.add("dense1", net::Dense{.out = c.hidden, .bias = !c.norm});
  chain.add_unit("norm3", "act3");
  chain.add_dropout("drop1", c.dropout);
  chain.add("dense2", net::Dense{.out = c.features, .bias = !c.norm});
  chain.add_unit("norm4", kFeatures);
  chain.add_dropout("drop2", c.dropout);
  return chain.finish(c.outputs);
}

net::Network classifier_for_shape(const Shape& sample, int outputs, double scale, bool norm) {
  const auto scaled = [&](int n) { return std::max(4, static_cast<int>(std::lround(scale * n))); };
  if (sample.size() == 3) {
    ImageClassifierConfig c{.channels = static_cast<int>(sample[0]),
                            .height = static_cast<int>(sample[1]),
                            .width = static_cast<int>(sample[2]),
                            .outputs = outputs};
    c.norm = norm;
    c.filters = scaled(c.filters);
    c.features = scaled(c.features);
    return image_classifier(c);
  }
  if (sample.size() == 2) {
    InkClassifierConfig c{
        .moves = static_cast<int>(sample[0]), .values = static_cast<int>(sample[1]), .outputs = outputs};
    c.norm = norm;
    c.filters = scaled(c.filters);
    c.hidden = scaled(c.hidden);
    c.features = scaled(c.features);
    return ink_classifier(c);
  }
  fail<ShapeError>("a classifier wants samples [C, H, W] or [T, F], found {}", to_string(sample));
}

}  // namespace ganymede::fit
