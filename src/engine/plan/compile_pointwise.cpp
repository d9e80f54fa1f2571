#include <algorithm>
#include <utility>

#include "base/philox.hpp"
#include "engine/passes/activation_pass.hpp"
#include "engine/passes/layer_norm_pass.hpp"
#include "engine/plan/compiler.hpp"
#include "kernels/narrow_head.hpp"

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

/// While it grows.
struct Compiler::Group {
  ActivationSpec spec;
  GradientNeed need;
  int first = -1;
  int last = -1;  ///< the node whose values it puts out so far
  int next = -1;  ///< the node that may join it; -1: none
};

void Compiler::add_group(int first, Field* in, Parameter* bias) {
  Group group = begin_group(first, in, bias);
  if (bias == nullptr) join_norm(group);
  join_activation(group);
  join_dropout(group);
  end_group(std::move(group));
}

Compiler::Group Compiler::begin_group(int first, Field* in, Parameter* bias) {
  Group group{.spec = {}, .need = info(in).need, .first = first, .last = first, .next = first};
  group.spec.network = network_.name;
  group.spec.nodes = node(first).name;
  group.spec.in = in;
  group.spec.bias = bias;
  group.spec.per_position = layout_.per_position(first);
  if (bias != nullptr) {  // `first` is the layer whose bias is added, what may join stands behind it
    group.next = fusible(first, only_user(first)) ? only_user(first) : -1;
    group.spec.bias_cancels = next_as<net::BatchNorm>(group) != nullptr;
  }
  return group;
}

template <class L>
const L* Compiler::next_as(const Group& group) const {
  return group.next >= 0 ? std::get_if<L>(&node(group.next).layer) : nullptr;
}

void Compiler::join_norm(Group& group) {
  const auto* norm = next_as<net::BatchNorm>(group);
  if (norm == nullptr) return;
  const std::string& name = node(group.next).name;
  group.spec.normalize = true;
  group.spec.norm = {.weight = parameters_.get(name + ".weight"),
                     .bias = parameters_.get(name + ".bias"),
                     .running_mean = parameters_.get(name + ".running_mean"),
                     .running_variance = parameters_.get(name + ".running_var"),
                     .epsilon = norm->epsilon,
                     .momentum = norm->momentum};
  group.need.for_parameters = true;
  advance(group);
}

void Compiler::join_activation(Group& group) {
  const auto* activation = next_as<net::Activation>(group);
  if (activation == nullptr) return;
  const std::string& name = node(group.next).name;
  ActivationSpec& spec = group.spec;
  spec.activation = kernel_activation(*activation);
  if (activation->kind == net::ActivationKind::prelu) {
    spec.slope = parameters_.get(name + ".weight");
    spec.slope_per_position =
        layout_.per_position(group.next) && element_count(spec.slope->shape) != layout_.fields[group.next].channels;
    group.need.for_parameters = true;
  }
  spec.slope_node = name;
  spec.slope_stream = stream_id("rrelu." + spec.network + "." + name);
  advance(group);
}

void Compiler::join_dropout(Group& group) {
  const auto* dropout = next_as<net::Dropout>(group);
  if (dropout == nullptr) return;
  const std::string& name = node(group.next).name;
  group.spec.dropout = dropout->rate;
  group.spec.dropout_node = name;
  group.spec.dropout_stream = stream_id("dropout." + network_.name + "." + name);
  advance(group);
}

// The next node has joined.
void Compiler::advance(Group& group) {
  if (group.next != group.first) group.spec.nodes += '+' + node(group.next).name;
  group.last = group.next;
  group.next = fusible(group.last, only_user(group.last)) ? only_user(group.last) : -1;
}

// Only a flat layer of whole vectors of channels, whose products nobody else reads.
bool Compiler::is_head(const Group& group) const {
  const ActivationSpec& spec = group.spec;
  const auto* const dense = next_as<net::Dense>(group);
  if (dense == nullptr || !options_.training || group.last == group.first) return false;
  const Field& out = layout_.fields[static_cast<std::size_t>(group.next)];
  return is_narrow(*spec.in, out) && spec.in->positions() == 1 && spec.bias != nullptr && spec.dropout == 0 &&
         kernels::has_narrow_head(spec.activation);
}

void Compiler::end_group(Group group) {
  Field* in = group.spec.in;
  if (is_head(group)) {
    heads_[group.last] = {.network = network_.name,
                          .nodes = group.spec.nodes,
                          .in = in,
                          .bias = group.spec.bias,
                          .activation = group.spec.activation,
                          .from_output = !with_tangents() && kernels::derivative_from_output(group.spec.activation),
                          .in_need = group.need};
    for (int i = group.first; i != group.next; i = only_user(i)) done_[i] = true;
    return;
  }
  // Its input's place is free unless somebody still wants those values: whoever feeds or keeps them, or the pass that
  // made them.
  const bool free_input = info(in).made >= 0 && !info(in).read_by_maker && !is_kept(in);
  const bool in_place =
      !with_tangents() && free_input && !group.spec.normalize && kernels::derivative_from_output(group.spec.activation);
  Field* out = new_field(layout_.fields[group.last], group.need);
  info(out).read_by_maker = true;
  if (in_place) info(out).value = info(in).value;
  if (!with_tangents()) info(out).gradient = info(in).gradient;
  group.spec.in_place = in_place;
  group.spec.out = out;
  add(make_activation(std::move(group.spec)), group.last, {in}, out);
  for (int i = group.first; i != group.last; i = only_user(i)) done_[i] = true;
  finish(group.last, out);
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
