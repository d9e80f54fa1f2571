#include <utility>

#include "engine/passes/glue_pass.hpp"
#include "engine/passes/minibatch_std_pass.hpp"
#include "engine/passes/projection_pass.hpp"
#include "engine/plan/compiler.hpp"

namespace ganymede::engine {

// Layers that move values about or join them.

void Compiler::add_layer(const net::Embedding&, int index) {
  const std::string& name = node(index).name;
  Field* out = new_field(layout_.fields[index], {.for_parameters = true, .for_inputs = false});
  add(make_embedding(network_.name, name, out, parameters_.get(name + ".weight")), index, {}, out);
  finish(index, out);
}

void Compiler::add_layer(const net::OneHot&, int index) {
  Field* out = new_field(layout_.fields[index], {});
  add(make_one_hot(network_.name, node(index).name, out), index, {}, out);
  finish(index, out);
}

Field* Compiler::laid_out_like(const Field& like, Field* from, int index) {
  if (from->positions() == like.positions() && from->channels == like.channels && from->thin == like.thin) return from;
  Field* copy = new_field(like, info(from).need);
  add(make_relayout(network_.name, node(index).name, from, copy, info(from).need), -1, {from}, copy);
  return copy;
}

void Compiler::add_layer(const net::Multiply&, int index) {
  Field* a = value_for(input_of(index, 0));
  Field* b = value_for(input_of(index, 1));
  a = laid_out_like(layout_.fields[index], a, index);
  b = laid_out_like(layout_.fields[index], b, index);
  const GradientNeed need{.for_parameters = info(a).need.for_parameters || info(b).need.for_parameters,
                          .for_inputs = info(a).need.for_inputs || info(b).need.for_inputs};
  Field* out = new_field(layout_.fields[index], need);
  if (!with_tangents()) info(out).gradient = info(a).gradient;
  add(make_multiply(network_.name, node(index).name, a, b, out, info(a).need, info(b).need), index, {a, b}, out);
  finish(index, out);
}

Field* Compiler::as_it_counts(int source, Field* field, int index) {
  if (!layout_.flat(source) || field->positions() == 1) return field;
  Field flat;
  flat.channels = static_cast<int>(layout_.shapes[source][0]);
  return laid_out_like(flat, field, index);
}

void Compiler::add_layer(const net::Concat&, int index) {
  std::vector<ConcatInput> inputs;
  std::vector<Field*> reads;
  GradientNeed need;
  for (std::size_t i = 0; i < node(index).inputs.size(); ++i) {
    const int source = input_of(index, static_cast<int>(i));
    Field* field = as_it_counts(source, value_for(source), index);
    inputs.push_back({field, info(field).need});
    reads.push_back(field);
    need.for_parameters = need.for_parameters || info(field).need.for_parameters;
    need.for_inputs = need.for_inputs || info(field).need.for_inputs;
  }
  Field* out = new_field(layout_.fields[index], need);
  add(make_concat(network_.name, node(index).name, std::move(inputs), out), index, reads, out);
  finish(index, out);
}

void Compiler::add_layer(const net::Reshape&, int index) {
  Field* in = value_for(input_of(index));
  if (!layout_.copies[index]) return finish(index, in);
  Field* out = new_field(layout_.fields[index], info(in).need);
  add(make_relayout(network_.name, node(index).name, in, out, info(in).need), index, {in}, out);
  finish(index, out);
}

void Compiler::add_layer(const net::Permute& permute, int index) {
  Field* in = value_for(input_of(index));
  Field* out = new_field(layout_.fields[index], info(in).need);
  add(make_permute(network_.name, node(index).name, permute, in, out, info(in).need), index, {in}, out);
  finish(index, out);
}

void Compiler::add_layer(const net::MinibatchStd& layer, int index) {
  Field* in = as_it_counts(input_of(index), value_for(input_of(index)), index);
  Field* out = new_field(layout_.fields[index], info(in).need);
  add(make_minibatch_std({.network = network_.name,
                          .nodes = node(index).name,
                          .in = in,
                          .out = out,
                          .running_mean = parameters_.get(node(index).name + ".running_mean"),
                          .epsilon = layer.epsilon,
                          .momentum = layer.momentum,
                          .need = info(in).need}),
      index, {in}, out);
  finish(index, out);
}

void Compiler::add_layer(const net::Projection&, int index) {
  const std::string& name = node(index).name;
  Field* in = value_for(input_of(index));
  Field* out = new_field(layout_.fields[index], {.for_parameters = true, .for_inputs = info(in).need.for_inputs});
  add(make_projection({.network = network_.name,
                       .nodes = name,
                       .in = in,
                       .out = out,
                       .weight = parameters_.get(name + ".weight"),
                       .class_weight = parameters_.get(name + ".class_weight"),
                       .bias = parameters_.get(name + ".bias"),
                       .need = info(in).need}),
      index, {in}, out);
  finish(index, out);
}

void Compiler::add_layer(const net::Pool& pool, int index) {
  Field* in = value_for(input_of(index));
  Field* out = new_field(layout_.fields[index], info(in).need);
  add(make_pool(network_.name, node(index).name, pool, in, out, info(in).need), index, {in}, out);
  finish(index, out);
}

}  // namespace ganymede::engine
