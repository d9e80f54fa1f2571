#include <algorithm>
#include <utility>

#include "base/philox.hpp"
#include "engine/passes/activation_pass.hpp"
#include "engine/passes/layer_norm_pass.hpp"
#include "engine/plan/compiler.hpp"

namespace ganymede::engine {

// Layers of element-wise work: as many in a row as fit into one pass over memory become one.

namespace {

kernels::Activation kernel_activation(const net::Activation& a) {
  using Kind = net::ActivationKind;
  kernels::Activation f;
  switch (a.kind) {
    case Kind::linear:
      f.curve = kernels::Curve::linear;
      break;
    case Kind::relu:
      f.curve = kernels::Curve::relu;
      break;
    case Kind::leaky_relu:
      f.curve = kernels::Curve::leaky_relu;
      break;
    case Kind::prelu:
      f.curve = kernels::Curve::prelu;
      break;
    case Kind::elu:
      f.curve = kernels::Curve::elu;
      break;
    case Kind::rrelu:
      f.curve = kernels::Curve::rrelu;
      break;
    case Kind::tanh:
      f.curve = kernels::Curve::tanh;
      break;
    case Kind::sigmoid:
      f.curve = kernels::Curve::sigmoid;
      break;
  }
  f.negative_slope = a.negative_slope;
  f.max_value = std::min(a.max_value, 3.4e38F);
  f.threshold = a.threshold;
  f.alpha = a.alpha;
  f.lower = a.lower;
  f.upper = a.upper;
  return f;
}

}  // namespace

void Compiler::add_group(int first, Field* in, Parameter* bias) {
  ActivationSpec spec;
  spec.network = network_.name;
  spec.nodes = node(first).name;
  spec.in = in;
  spec.bias = bias;
  const int follower = only_user(first);
  spec.bias_cancels =
      bias != nullptr && follower >= 0 && !kept_[first] && std::holds_alternative<net::BatchNorm>(node(follower).layer);
  const auto per_position = [&](int index) { return layout_.flat(index) && layout_.fields[index].positions() > 1; };
  spec.per_position = per_position(first);
  GradientNeed need = info(in).need;
  int last = first;
  // What `first` itself is; with a bias it is the layer whose bias is added.
  int next = bias != nullptr ? only_user(first) : first;
  const auto advance = [&] {
    if (next != first) spec.nodes += '+' + node(next).name;
    last = next;
    next = fusible(last, only_user(last)) ? only_user(last) : -1;
  };
  if (bias != nullptr && !fusible(first, next)) next = -1;
  if (next >= 0 && bias == nullptr && std::holds_alternative<net::BatchNorm>(node(next).layer)) {
    const auto& norm = std::get<net::BatchNorm>(node(next).layer);
    const std::string name = node(next).name;
    spec.normalize = true;
    spec.norm = {.weight = parameters_.get(name + ".weight"),
                 .bias = parameters_.get(name + ".bias"),
                 .running_mean = parameters_.get(name + ".running_mean"),
                 .running_variance = parameters_.get(name + ".running_var"),
                 .epsilon = norm.epsilon,
                 .momentum = norm.momentum};
    need.for_parameters = true;
    advance();
  }
  if (next >= 0 && std::holds_alternative<net::Activation>(node(next).layer)) {
    const auto& activation = std::get<net::Activation>(node(next).layer);
    spec.activation = kernel_activation(activation);
    if (activation.kind == net::ActivationKind::prelu) {
      spec.slope = parameters_.get(node(next).name + ".weight");
      spec.slope_per_position = per_position(next) && element_count(spec.slope->shape) != layout_.fields[next].channels;
      need.for_parameters = true;
    }
    spec.slope_node = node(next).name;
    spec.slope_stream = stream_id("rrelu." + spec.network + "." + node(next).name);
    advance();
  }
  if (next >= 0 && std::holds_alternative<net::Dropout>(node(next).layer)) {
    spec.dropout = std::get<net::Dropout>(node(next).layer).rate;
    spec.dropout_node = node(next).name;
    spec.dropout_stream = stream_id("dropout." + spec.network + "." + node(next).name);
    advance();
  }
  // Its input's place is free unless somebody still wants those values: whoever feeds or keeps them, or the pass that
  // made them.
  const bool free_input = info(in).made >= 0 && !info(in).read_by_maker && !is_kept(in);
  spec.in_place = free_input && !spec.normalize && kernels::derivative_from_output(spec.activation);
  spec.out = new_field(layout_.fields[last], need);
  Field* out = spec.out;
  info(out).read_by_maker = true;
  if (spec.in_place) info(out).value = info(in).value;
  info(out).gradient = info(in).gradient;
  auto pass = make_activation(std::move(spec));
  add(std::move(pass), last, {in}, out);
  for (int i = first; i != last; i = only_user(i)) done_[i] = true;
  finish(last, out);
}

void Compiler::add_layer(const net::LayerNorm& norm, int index) {
  LayerNormSpec spec;
  spec.network = network_.name;
  spec.nodes = node(index).name;
  spec.in = value_for(input_of(index));
  spec.out = new_field(layout_.fields[index], {.for_parameters = true, .for_inputs = info(spec.in).need.for_inputs});
  spec.over_sample = layout_.flat(index) || norm.over == net::LayerNorm::Over::sample;
  spec.per_position = spec.over_sample && spec.out->positions() > 1;
  spec.epsilon = norm.epsilon;
  spec.weight = parameters_.get(node(index).name + ".weight");
  spec.bias = parameters_.get(node(index).name + ".bias");
  Field* in = spec.in;
  Field* out = spec.out;
  add(make_layer_norm(std::move(spec)), index, {in}, out);
  finish(index, out);
}

}  // namespace ganymede::engine
