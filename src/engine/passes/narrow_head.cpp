#include "kernels/narrow_head.hpp"

#include <algorithm>
#include <utility>

#include "engine/passes/dense_pass.hpp"
#include "engine/plan/memory.hpp"
#include "kernels/level.hpp"

namespace ganymede::engine {

// How it works. The bias and curve of a hidden layer and the single column behind it as one pass
// (kernels/narrow_head.hpp), with the bits of the two passes that it stands for: what lies between them, the hidden
// layer's output and its gradient, is never written. A task is some rows forward, some columns backward.

namespace {

constexpr std::int64_t kHeadRows = 32;
constexpr int kHeadColumns = 64;

class NarrowHeadPass : public Pass {
 public:
  explicit NarrowHeadPass(NarrowHeadSpec spec)
      : spec_(std::move(spec)), columns_(spec_.in->channels), numbers_(std::int64_t{4} * columns_) {
    nodes = spec_.nodes;
  }

  void forward(const Step& step) override {
    if (stale_) gather(spec_.weight->value, weights());
    stale_ = false;
    const Field& out = *spec_.out;
    clear(step.samples, out.value);
    for_rows(step, step.samples, [&](std::int64_t first, std::int64_t rows) {
      kernels::narrow_head(head(first, rows), out.value + first * out.sample_stride(), out.sample_stride());
    });
  }

  void backward(const Step& step) override {
    const bool sums = step.parameter_gradients && step.weight_gradients;
    const std::int64_t rows = input_samples(step);
    for_columns(step, [&](int first, int last) {
      kernels::narrow_head_backward({.head = head(0, rows),
                                     .g = spec_.out->gradient,
                                     .stride = spec_.out->sample_stride(),
                                     .from_output = spec_.from_output,
                                     .gx = spec_.in->gradient,
                                     .sum_shift = sums ? sum_bias() : nullptr,
                                     .sum_w = sums ? sum_weights() : nullptr},
                                    first, last);
    });
    if (sums) spread(spec_.bias->gradient, spec_.weight->gradient);
  }

  void forward_tangent(const Step& step) override {
    if (step.parameter_direction) gather(spec_.weight->direction, weights_tangent());
    const Field& out = *spec_.out;
    clear(step.samples, out.value_tangent);
    for_rows(step, step.samples, [&](std::int64_t first, std::int64_t rows) {
      kernels::narrow_head_tangent(tangent(step, first, rows), out.value_tangent + first * out.sample_stride(),
                                   out.sample_stride());
    });
  }

  void backward_tangent(const Step& step) override {
    const std::int64_t rows = input_samples(step);
    for_columns(step, [&](int first, int last) {
      kernels::narrow_head_backward_tangent({.tangent = tangent(step, 0, rows),
                                             .g = spec_.out->gradient,
                                             .g_tangent = spec_.out->gradient_tangent,
                                             .stride = spec_.out->sample_stride(),
                                             .gx = spec_.in->gradient_tangent,
                                             .sum_shift = step.parameter_gradients ? sum_bias() : nullptr,
                                             .sum_w = step.parameter_gradients ? sum_weights() : nullptr},
                                            first, last);
    });
    if (step.parameter_gradients) spread(spec_.bias->gradient_tangent, spec_.weight->gradient_tangent);
  }

  void parameters_changed() override { stale_ = true; }
  std::int64_t bytes() const override { return numbers_.bytes(); }

  void describe(std::vector<PassInfo>& out) const override {
    describe_products(spec_.network, nodes, "curve and single column " + kernels::level(),
                      2.0 * static_cast<double>(columns_), spec_.in_need, out);
  }

 private:
  static constexpr std::int64_t kWeightRow = 16;  // dense_weight_places: a single output takes a whole vector

  float* weights() { return numbers_.data(); }
  float* weights_tangent() { return numbers_.data() + columns_; }
  float* sum_bias() { return numbers_.data() + 2 * columns_; }
  float* sum_weights() { return numbers_.data() + 3 * columns_; }

  // A dense layer lies before it: its gradient is wanted of all samples, or of some for the network's input alone.
  std::int64_t input_samples(const Step& step) const {
    return spec_.in_need.now(step) ? spec_.in_need.samples(step) : 0;
  }

  kernels::NarrowHead head(std::int64_t first, std::int64_t rows) {
    return {.f = spec_.activation,
            .x = spec_.in->value + first * columns_,
            .row = columns_,
            .rows = rows,
            .columns = columns_,
            .shift = spec_.bias->value.data(),
            .w = weights()};
  }

  kernels::NarrowHeadTangent tangent(const Step& step, std::int64_t first, std::int64_t rows) {
    return {.head = head(first, rows),
            .x = spec_.in->value_tangent + first * columns_,
            .shift = step.parameter_direction ? spec_.bias->direction.data() : nullptr,
            .w = step.parameter_direction ? weights_tangent() : nullptr};
  }

  void gather(const Buffer& from, float* to) const {
    for (int c = 0; c < columns_; ++c) to[c] = from.data()[c * kWeightRow];
  }

  // The sums to where the parameters have them; 0 is not negative, as anywhere else.
  void spread(Buffer& bias, Buffer& weight) {
    for (int c = 0; c < columns_; ++c) {
      bias.data()[c] = sum_bias()[c] + 0.0F;
      weight.data()[c * kWeightRow] = sum_weights()[c];
    }
  }

  void clear(std::int64_t samples, float* to) const { std::fill_n(to, samples * spec_.out->sample_stride(), 0.0F); }

  template <class F>
  void for_rows(const Step& step, std::int64_t rows, const F& f) const {
    step.pool.run((rows + kHeadRows - 1) / kHeadRows,
                  [&](std::int64_t task, int) { f(task * kHeadRows, std::min(kHeadRows, rows - task * kHeadRows)); });
  }
  template <class F>
  void for_columns(const Step& step, const F& f) const {
    step.pool.run((columns_ + kHeadColumns - 1) / kHeadColumns, [&](std::int64_t task, int) {
      const int first = static_cast<int>(task) * kHeadColumns;
      f(first, std::min(columns_, first + kHeadColumns));
    });
  }

  NarrowHeadSpec spec_;
  int columns_;
  Buffer numbers_;  // [weights, their direction, sums of the bias, of the weights][column]
  bool stale_ = true;
};

}  // namespace

std::unique_ptr<Pass> make_narrow_head(NarrowHeadSpec spec) {
  return std::make_unique<NarrowHeadPass>(std::move(spec));
}

}  // namespace ganymede::engine
