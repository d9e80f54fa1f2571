#include <utility>

#include "engine/passes/conv_pass.hpp"
#include "engine/passes/dense_pass.hpp"
#include "engine/passes/gates.hpp"
#include "engine/passes/gru_pass.hpp"
#include "engine/passes/lstm_pass.hpp"
#include "engine/plan/compiler.hpp"
#include "engine/tangent/product_tangent.hpp"
#include "kernels/unit.hpp"

namespace ganymede::engine {

// Layers of products: which pass does one depends on its size, the number of samples and the arithmetic. A bias is no
// part of them; it begins the group of element-wise work that follows.

namespace {

// From so many samples on a transform is faster than direct products (docs/performance.md). In training it is made of
// the weights too, at every step; in bf16 its weights are small enough to stream by for a single sample.
std::int64_t transform_samples(const CompileOptions& options) {
  if (options.training) return 32;
  return options.mixed ? 1 : 8;
}
constexpr int kTransformChannels = 16;
// Up to here inference in bf16 without transforms has products whose rows are positions: a dot-product unit then reads
// weights once (measured), and tiles are full (counted).
constexpr std::int64_t kFewOnDots = 2;
constexpr std::int64_t kFewOnTiles = 8;

// The pass of a convolution whose sides are both wide.
std::unique_ptr<Pass> (*wide_conv_for(const ConvSpec& spec, const CompileOptions& options))(ConvSpec) {
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

template <class Spec>
std::unique_ptr<Pass> Compiler::product(std::unique_ptr<Pass> (*make)(Spec), Spec spec) const {
  return with_tangents() ? make_with_tangent(make, std::move(spec)) : make(std::move(spec));
}

void Compiler::add_layer(const net::Conv& conv, int index) {
  const net::Pair large = extent(layout_.shapes[input_of(index)]), small = extent(layout_.shapes[index]);
  const Geometry geometry = make_geometry(small.h, small.w, large.h, large.w, conv.kernel, conv.stride, conv.padding);
  add_conv(index, conv.bias, geometry, false);
}

void Compiler::add_layer(const net::ConvTranspose& conv, int index) {
  const net::Pair small = extent(layout_.shapes[input_of(index)]), large = extent(layout_.shapes[index]);
  const Geometry geometry = make_geometry(small.h, small.w, large.h, large.w, conv.kernel, conv.stride, conv.padding);
  add_conv(index, conv.bias, geometry, true);
}

void Compiler::add_conv(int index, bool bias, const Geometry& geometry, bool transposed) {
  ConvSpec spec;
  spec.network = network_.name;
  spec.nodes = node(index).name;
  spec.transposed = transposed;
  spec.geometry = geometry;
  spec.in = value_for(input_of(index));
  spec.input_need = info(spec.in).need;
  spec.out = new_field(layout_.fields[index], {.for_parameters = true, .for_inputs = spec.input_need.for_inputs});
  spec.weight = parameters_.get(node(index).name + ".weight");
  spec.training = options_.training;
  spec.workspace = options_.workspace;
  spec.exact = !options_.mixed;
  spec.backward_again = with_tangents();
  const bool thin = transposed ? spec.out->thin : spec.in->thin;
  Field* result = spec.out;
  Field* source = spec.in;
  auto* const make = thin ? make_thin_conv : wide_conv_for(spec, options_);
  add(product(make, std::move(spec)), bias ? -1 : index, {source}, result);
  end_products(bias, index, result);
}

void Compiler::add_head(const net::Dense& dense, int index) {
  NarrowHeadSpec& spec = heads_.at(input_of(index));
  spec.nodes += '+' + node(index).name;
  spec.out = new_field(layout_.fields[index], spec.in_need);
  spec.weight = parameters_.get(node(index).name + ".weight");
  Field* const source = spec.in;
  Field* const result = spec.out;
  add(make_narrow_head(std::move(spec)), dense.bias ? -1 : index, {source}, result);
  end_products(dense.bias, index, result);
}

void Compiler::end_products(bool bias, int index, Field* result) {
  if (bias) {
    add_group(index, result, parameters_.get(node(index).name + ".bias"));
  } else {
    finish(index, result);
  }
}

void Compiler::add_layer(const net::Dense& dense, int index) {
  if (heads_.contains(input_of(index))) return add_head(dense, index);
  DenseSpec spec;
  spec.network = network_.name;
  spec.nodes = node(index).name;
  spec.in = value_for(input_of(index));
  spec.input_need = info(spec.in).need;
  spec.out = new_field(layout_.fields[index], {.for_parameters = true, .for_inputs = spec.input_need.for_inputs});
  spec.weight = parameters_.get(node(index).name + ".weight");
  if (options_.backward_panels != nullptr) spec.backward_panels = &(*options_.backward_panels)[spec.weight->name];
  Field* result = spec.out;
  Field* source = spec.in;
  const bool wide_enough = source->channels >= kTransformChannels && result->channels >= kTransformChannels;
  auto* const make_trained = is_narrow(*source, *result) ? make_narrow_dense : make_dense;
  auto* const make_packed = options_.mixed && wide_enough ? make_mixed_packed_dense : make_packed_dense;
  auto* const make = options_.training ? make_trained : make_packed;
  add(product(make, std::move(spec)), dense.bias ? -1 : index, {source}, result);
  end_products(dense.bias, index, result);
}

void Compiler::add_gate_sums(int index, Field* in, Field* gates, int kernel) {
  const std::string& name = node(index).name;
  const net::Pair size = extent(layout_.shapes[index]);
  ConvSpec spec{.network = network_.name,
                .nodes = name,
                .geometry = make_geometry(size.h, size.w, size.h, size.w, {1, kernel}, {1, 1}, {}),
                .in = in,
                .out = gates,
                .weight = parameters_.get(name + ".weight_ih"),
                .input_need = info(in).need,
                .training = options_.training,
                .workspace = options_.workspace,
                .exact = !options_.mixed};
  add(make_wide_conv(std::move(spec)), -1, {in}, gates);
}

void Compiler::add_layer(const net::ConvGru& gru, int index) {
  const std::string& name = node(index).name;
  Field* in = value_for(input_of(index));
  const GradientNeed need{.for_parameters = true, .for_inputs = info(in).need.for_inputs};
  Field wide = layout_.fields[index];
  wide.channels = 3 * gate_stride(gru.out);
  Field* gates = new_field(wide, need);
  add_gate_sums(index, in, gates, gru.kernel);

  Field* reset = new_field(layout_.fields[index], {});
  Field* out = new_field(layout_.fields[index], need);
  const int time = static_cast<int>(out_.entries.size());
  info(reset).made = info(reset).last_used = time;
  info(out).read_by_maker = true;
  add(make_gru({.network = network_.name,
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

void Compiler::add_layer(const net::Lstm& lstm, int index) {
  const std::string& name = node(index).name;
  const bool starts = lstm.steps > 0;
  Field* in = value_for(input_of(index));
  if (starts) in = as_it_counts(input_of(index), in, index);
  const GradientNeed need{.for_parameters = true, .for_inputs = info(in).need.for_inputs};
  Field wide = layout_.fields[index];
  wide.channels = 4 * gate_stride(lstm.out);
  Field* gates = new_field(wide, need);
  if (!starts) add_gate_sums(index, in, gates, 1);

  Field* cell = new_field(layout_.fields[index], {});
  Field* out = new_field(layout_.fields[index], need);
  const int time = static_cast<int>(out_.entries.size());
  info(cell).made = info(cell).last_used = time;
  if (starts) info(gates).made = info(gates).last_used = time;
  info(out).read_by_maker = true;
  add(make_lstm({.network = network_.name,
                 .nodes = name,
                 .start = starts ? in : nullptr,
                 .gates = gates,
                 .cell = cell,
                 .out = out,
                 .weight = parameters_.get(name + ".weight_hh"),
                 .bias = lstm.bias ? parameters_.get(name + ".bias") : nullptr,
                 .forget_bias = lstm.forget_bias,
                 .need = need,
                 .training = options_.training}),
      index, {starts ? in : gates}, out);
  finish(index, out);
}

}  // namespace ganymede::engine
