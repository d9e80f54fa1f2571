#include "engine/plan/compiler.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/philox.hpp"
#include "engine/passes/activation_pass.hpp"
#include "engine/passes/conv_pass.hpp"
#include "engine/passes/dense_pass.hpp"
#include "engine/passes/glue_pass.hpp"
#include "engine/passes/gru_pass.hpp"
#include "engine/passes/layer_norm_pass.hpp"
#include "kernels/unit.hpp"

namespace ganymede::engine {
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

bool is_class_index(const net::Node& node) {
  const auto* input = std::get_if<net::Input>(&node.layer);
  return input != nullptr && input->role == net::Role::class_index;
}

// From so many samples on a transform is faster than direct products (docs/performance.md). In training it is made of
// the weights too, at every step; in bf16 its weights are small enough to stream by for a single sample.
std::int64_t transform_samples(const Program::Options& options) {
  if (options.training) return 32;
  return options.mixed ? 1 : 8;
}
constexpr int kTransformChannels = 16;
// Up to here inference in bf16 without transforms has products whose rows are positions: a dot-product unit then reads
// weights once (measured), and tiles are full (counted).
constexpr std::int64_t kFewOnDots = 2;
constexpr std::int64_t kFewOnTiles = 8;

// The pass of a convolution whose sides are both wide.
std::unique_ptr<Pass> (*wide_conv_for(const ConvSpec& spec, const Program::Options& options))(ConvSpec) {
  const bool enough = spec.in->channels >= kTransformChannels && spec.out->channels >= kTransformChannels;
  if (!enough) return make_wide_conv;
  const bool transform = options.max_samples >= transform_samples(options) && spectral_length(spec.geometry) > 0;
  if (!options.mixed) return transform ? make_spectral_conv : make_wide_conv;
  // Tiles multiply so fast that a transform would only cost time.
  const bool tiles = !kernels::is_dot(kernels::unit());
  if (transform && !tiles) return make_mixed_spectral_conv;
  const bool few = options.max_samples <= (tiles ? kFewOnTiles : kFewOnDots);
  return few && !options.training ? make_mixed_grid_conv : make_mixed_conv;
}

// Images as rows and columns; a sequence [C, T] is one row.
net::Pair extent(const Shape& shape) {
  return shape.size() == 3 ? net::Pair{static_cast<int>(shape[1]), static_cast<int>(shape[2])}
                           : net::Pair{1, static_cast<int>(shape[1])};
}

}  // namespace

Compiler::Compiler(Program& program, const Layout& layout, ParameterSet& parameters, const Program::Options& options)
    : program_(program), layout_(layout), parameters_(parameters), options_(options) {
  const std::size_t count = program_.network_.nodes.size();
  users_.resize(count);
  kept_.assign(count, false);
  done_.assign(count, false);
  for (std::size_t i = 0; i < count; ++i) {
    for (const std::string& name : node(static_cast<int>(i)).inputs)
      users_[program_.network_.index_of(name)].push_back(static_cast<int>(i));
  }
  for (const std::string& name : program_.network_.outputs) kept_[program_.network_.index_of(name)] = true;
  for (const std::string& name : options_.kept) {
    const int index = program_.network_.index_of(name);
    if (index < 0) fail<ConfigError>("network {} has no node '{}'", program_.network_.name, name);
    kept_[index] = true;
  }
}

void Compiler::compile() {
  for (int i = 0; i < static_cast<int>(program_.network_.nodes.size()); ++i) {
    if (!done_[i]) compile_node(i);
  }
  place();
}

int Compiler::input_of(int index, int which) const {
  return program_.network_.index_of(node(index).inputs[which]);
}

int Compiler::only_user(int index) const {
  return users_[index].size() == 1 ? users_[index][0] : -1;
}

bool Compiler::fusible(int index, int next) const {
  return next >= 0 && !kept_[index];
}

bool Compiler::is_kept(const Field* field) const {
  for (std::size_t k = 0; k < kept_.size(); ++k) {
    if (kept_[k] && program_.field_of_node_[k] == field) return true;
  }
  return false;
}

Field* Compiler::new_field(const Field& like, GradientNeed need) {
  program_.fields_.push_back(like);
  Field* field = &program_.fields_.back();
  const int storage = static_cast<int>(infos_.size());
  infos_[field] = {.value = storage, .gradient = storage, .need = need};
  return field;
}

void Compiler::add(std::unique_ptr<Pass> pass, int last_node, const std::vector<Field*>& reads, Field* writes) {
  const int time = static_cast<int>(program_.entries_.size());
  for (Field* field : reads) info(field).last_used = std::max(info(field).last_used, time);
  if (info(writes).made < 0) info(writes).made = time;
  const GradientNeed input_need = reads.empty() ? GradientNeed{} : info(reads.front()).need;
  program_.entries_.push_back({std::move(pass), last_node, info(writes).need, input_need});
}

Field* Compiler::value_for(int index) {
  const auto copies = copies_.find(index);
  if (copies == copies_.end()) return program_.field_of_node_[index];
  Field* field = copies->second.back();
  copies->second.pop_back();
  return field;
}

// The value of a node is complete: keep it, and hand out copies where more than one reads it.
void Compiler::finish(int index, Field* out) {
  done_[index] = true;
  const bool is_output = std::find(program_.network_.outputs.begin(), program_.network_.outputs.end(),
                                   node(index).name) != program_.network_.outputs.end();
  const std::size_t readers = users_[index].size() + (is_output && !users_[index].empty() ? 1 : 0);
  if (readers <= 1) {
    program_.field_of_node_[index] = out;
    return;
  }
  std::vector<Field*> outs;
  for (std::size_t i = 0; i < readers; ++i) outs.push_back(new_field(layout_.fields[index], info(out).need));
  auto fork = make_fork(program_.network_.name, node(index).name, out, outs, info(out).need);
  for (Field* field : outs) info(field).made = static_cast<int>(program_.entries_.size());
  add(std::move(fork), -1, {out}, outs[0]);
  program_.field_of_node_[index] = is_output ? outs.back() : out;
  if (is_output) outs.pop_back();
  copies_[index] = outs;
}

void Compiler::compile_node(int index) {
  const net::Layer& layer = node(index).layer;
  if (std::holds_alternative<net::Input>(layer)) return compile_input(index);
  if (std::holds_alternative<net::Conv>(layer) || std::holds_alternative<net::ConvTranspose>(layer))
    return compile_conv(index);
  if (std::holds_alternative<net::Dense>(layer)) return compile_dense(index);
  if (std::holds_alternative<net::ConvGru>(layer)) return compile_gru(index);
  if (std::holds_alternative<net::BatchNorm>(layer) || std::holds_alternative<net::Activation>(layer) ||
      std::holds_alternative<net::Dropout>(layer)) {
    return compile_activation(index, value_for(input_of(index)), nullptr);
  }
  if (std::holds_alternative<net::LayerNorm>(layer)) return compile_layer_norm(index);
  compile_joint(index);
}

void Compiler::compile_input(int index) {
  if (is_class_index(node(index))) {
    done_[index] = true;
    return;
  }
  finish(index, new_field(layout_.fields[index], {.for_parameters = false, .for_inputs = options_.input_gradients}));
}

void Compiler::compile_conv(int index) {
  const bool transposed = std::holds_alternative<net::ConvTranspose>(node(index).layer);
  const int input = input_of(index);
  ConvSpec spec;
  spec.network = program_.network_.name;
  spec.nodes = node(index).name;
  spec.transposed = transposed;
  const net::Pair in = extent(layout_.shapes[input]);
  const net::Pair out = extent(layout_.shapes[index]);
  const auto with = [&](const auto& conv) {
    spec.geometry = transposed ? make_geometry(in.h, in.w, out.h, out.w, conv.kernel, conv.stride, conv.padding)
                               : make_geometry(out.h, out.w, in.h, in.w, conv.kernel, conv.stride, conv.padding);
    return conv.bias;
  };
  const bool bias =
      transposed ? with(std::get<net::ConvTranspose>(node(index).layer)) : with(std::get<net::Conv>(node(index).layer));
  spec.in = value_for(input);
  spec.input_need = info(spec.in).need;
  spec.out = new_field(layout_.fields[index], {.for_parameters = true, .for_inputs = spec.input_need.for_inputs});
  spec.weight = parameters_.get(node(index).name + ".weight");
  spec.training = options_.training;
  spec.workspace = options_.workspace;
  spec.exact = !options_.mixed;
  const bool thin = transposed ? spec.out->thin : spec.in->thin;
  Field* result = spec.out;
  Field* source = spec.in;
  const auto make = thin ? make_thin_conv : wide_conv_for(spec, options_);
  add(make(std::move(spec)), bias ? -1 : index, {source}, result);
  if (bias) {
    compile_activation(index, result, parameters_.get(node(index).name + ".bias"));
  } else {
    finish(index, result);
  }
}

void Compiler::compile_dense(int index) {
  DenseSpec spec;
  spec.network = program_.network_.name;
  spec.nodes = node(index).name;
  spec.in = value_for(input_of(index));
  spec.input_need = info(spec.in).need;
  spec.out = new_field(layout_.fields[index], {.for_parameters = true, .for_inputs = spec.input_need.for_inputs});
  spec.weight = parameters_.get(node(index).name + ".weight");
  const bool bias = std::get<net::Dense>(node(index).layer).bias;
  Field* result = spec.out;
  Field* source = spec.in;
  const bool wide_enough = source->channels >= kTransformChannels && result->channels >= kTransformChannels;
  auto* const make_trained = is_narrow(*source, *result) ? make_narrow_dense : make_dense;
  auto* const make_packed = options_.mixed && wide_enough ? make_mixed_packed_dense : make_packed_dense;
  auto* const make = options_.training ? make_trained : make_packed;
  add(make(std::move(spec)), bias ? -1 : index, {source}, result);
  if (bias) {
    compile_activation(index, result, parameters_.get(node(index).name + ".bias"));
  } else {
    finish(index, result);
  }
}

void Compiler::compile_gru(int index) {
  const auto& gru = std::get<net::ConvGru>(node(index).layer);
  const std::string& name = node(index).name;
  Field* in = value_for(input_of(index));
  const GradientNeed need{.for_parameters = true, .for_inputs = info(in).need.for_inputs};
  Field wide = layout_.fields[index];
  wide.channels = 3 * gru_gate_stride(gru.out);
  Field* gates = new_field(wide, need);
  const net::Pair size = extent(layout_.shapes[index]);
  ConvSpec spec{.network = program_.network_.name,
                .nodes = name,
                .geometry = make_geometry(size.h, size.w, size.h, size.w, {1, gru.kernel}, {1, 1}, {}),
                .in = in,
                .out = gates,
                .weight = parameters_.get(name + ".weight_ih"),
                .input_need = info(in).need,
                .training = options_.training,
                .workspace = options_.workspace,
                .exact = !options_.mixed};
  add(make_wide_conv(std::move(spec)), -1, {in}, gates);

  Field* reset = new_field(layout_.fields[index], {});
  Field* out = new_field(layout_.fields[index], need);
  const int time = static_cast<int>(program_.entries_.size());
  info(reset).made = info(reset).last_used = time;
  info(out).read_by_maker = true;
  add(make_gru({.network = program_.network_.name,
                .nodes = name,
                .kernel = gru.kernel,
                .gates = gates,
                .out = out,
                .reset = reset,
                .weight = parameters_.get(name + ".weight_hh"),
                .bias = gru.bias ? parameters_.get(name + ".bias") : nullptr,
                .need = need,
                .training = options_.training}),
      index, {gates}, out);
  finish(index, out);
}

void Compiler::compile_activation(int first, Field* in, Parameter* bias) {
  ActivationSpec spec;
  spec.network = program_.network_.name;
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
    spec.slope_stream = stream_id("rrelu." + spec.network + "." + node(next).name);
    advance();
  }
  if (next >= 0 && std::holds_alternative<net::Dropout>(node(next).layer)) {
    spec.dropout = std::get<net::Dropout>(node(next).layer).rate;
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

void Compiler::compile_layer_norm(int index) {
  const auto& norm = std::get<net::LayerNorm>(node(index).layer);
  LayerNormSpec spec;
  spec.network = program_.network_.name;
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

void Compiler::compile_joint(int index) {
  const net::Node& n = node(index);
  const std::string& network = program_.network_.name;
  if (std::holds_alternative<net::Embedding>(n.layer)) {
    Field* out = new_field(layout_.fields[index], {.for_parameters = true, .for_inputs = false});
    add(make_embedding(network, n.name, out, parameters_.get(n.name + ".weight")), index, {}, out);
    return finish(index, out);
  }
  if (std::holds_alternative<net::OneHot>(n.layer)) {
    Field* out = new_field(layout_.fields[index], {});
    add(make_one_hot(network, n.name, out), index, {}, out);
    return finish(index, out);
  }
  if (std::holds_alternative<net::Multiply>(n.layer)) {
    Field* a = value_for(input_of(index, 0));
    Field* b = value_for(input_of(index, 1));
    const auto laid_out_like = [&](Field* from) {
      if (from->positions() == layout_.fields[index].positions() && from->channels == layout_.fields[index].channels &&
          from->thin == layout_.fields[index].thin)
        return from;
      Field* copy = new_field(layout_.fields[index], info(from).need);
      add(make_relayout(network, n.name, from, copy, info(from).need), -1, {from}, copy);
      return copy;
    };
    a = laid_out_like(a);
    b = laid_out_like(b);
    const GradientNeed need{.for_parameters = info(a).need.for_parameters || info(b).need.for_parameters,
                            .for_inputs = info(a).need.for_inputs || info(b).need.for_inputs};
    Field* out = new_field(layout_.fields[index], need);
    info(out).gradient = info(a).gradient;
    add(make_multiply(network, n.name, a, b, out, info(a).need, info(b).need), index, {a, b}, out);
    return finish(index, out);
  }
  if (std::holds_alternative<net::Concat>(n.layer)) {
    std::vector<ConcatInput> inputs;
    std::vector<Field*> reads;
    GradientNeed need;
    for (std::size_t i = 0; i < n.inputs.size(); ++i) {
      const int source = input_of(index, static_cast<int>(i));
      Field* field = value_for(source);
      if (layout_.flat(source) && field->positions() != 1) {
        Field flat;
        flat.channels = static_cast<int>(layout_.shapes[source][0]);
        Field* copy = new_field(flat, info(field).need);
        add(make_relayout(network, n.name, field, copy, info(field).need), -1, {field}, copy);
        field = copy;
      }
      inputs.push_back({field, info(field).need});
      reads.push_back(field);
      need.for_parameters = need.for_parameters || info(field).need.for_parameters;
      need.for_inputs = need.for_inputs || info(field).need.for_inputs;
    }
    Field* out = new_field(layout_.fields[index], need);
    add(make_concat(network, n.name, std::move(inputs), out), index, reads, out);
    return finish(index, out);
  }
  if (std::holds_alternative<net::Reshape>(n.layer)) {
    Field* in = value_for(input_of(index));
    if (!layout_.copies[index]) return finish(index, in);
    Field* out = new_field(layout_.fields[index], info(in).need);
    add(make_relayout(network, n.name, in, out, info(in).need), index, {in}, out);
    return finish(index, out);
  }
  Field* in = value_for(input_of(index));
  Field* out = new_field(layout_.fields[index], info(in).need);
  if (const auto* permute = std::get_if<net::Permute>(&n.layer)) {
    add(make_permute(network, n.name, *permute, in, out, info(in).need), index, {in}, out);
    return finish(index, out);
  }
  add(make_pool(network, n.name, std::get<net::Pool>(n.layer), in, out, info(in).need), index, {in}, out);
  finish(index, out);
}

void Compiler::place() {
  const int passes = static_cast<int>(program_.entries_.size());
  const auto backward_time = [&](int pass) { return passes + (passes - 1 - pass); };
  const int end = 2 * passes;
  std::vector<Storage> values(infos_.size());
  std::vector<Storage> gradients(infos_.size());
  const auto extend = [](Storage& s, std::int64_t size, int first, int last) {
    if (s.size == 0) {
      s = {size, first, last, -1};
    } else {
      s = {std::max(s.size, size), std::min(s.first, first), std::max(s.last, last), -1};
    }
  };
  for (const auto& [field, i] : infos_) {
    const std::int64_t size = field->size(options_.max_samples) + 16;
    const bool kept = is_kept(field);
    // In training values stay for the backward passes, of which the pass that made them is the last to read them; in
    // inference a value dies with its last reader.
    const bool stays = kept || i.last_used < 0 || (options_.training && (!options_.one_backward || i.made < 0));
    const int value_end = stays ? end : options_.training ? backward_time(i.made) : i.last_used;
    extend(values[i.value], size, i.made, value_end);
    if (options_.training) {
      extend(gradients[i.gradient], size, i.last_used < 0 || kept ? passes : backward_time(i.last_used),
             i.made < 0 ? end : backward_time(i.made));
    }
  }
  ArenaPlan plan;
  for (Storage& s : values) {
    if (s.size > 0) s.buffer = plan.add(s.size, s.first, s.last);
  }
  for (Storage& s : gradients) {
    if (s.size > 0) s.buffer = plan.add(s.size, s.first, s.last);
  }
  plan.place();
  program_.arena_ = Buffer(plan.size());
  for (Field& field : program_.fields_) {
    const FieldInfo& i = infos_.at(&field);
    field.value = program_.arena_.data() + plan.offset(values[i.value].buffer);
    if (options_.training) field.gradient = program_.arena_.data() + plan.offset(gradients[i.gradient].buffer);
  }
}

}  // namespace ganymede::engine
