#include "engine/dense_pass.hpp"

#include <algorithm>
#include <utility>

#include "engine/packing.hpp"
#include "kernels/level.hpp"
#include "kernels/product.hpp"

namespace ganymede::engine {
namespace {

constexpr std::int64_t kRows = 48;  // samples of one task

class DensePass : public Pass {
 public:
  explicit DensePass(DenseSpec spec)
      : spec_(std::move(spec)),
        in_positions_(spec_.in->positions()),
        out_positions_(spec_.out->positions()),
        forward_panels_(spec_.in->channels, spec_.out->channels, in_positions_ * out_positions_),
        backward_panels_(spec_.out->channels, spec_.in->channels, in_positions_ * out_positions_) {
    nodes = spec_.nodes;
  }

  void forward(const Step& step) override {
    if (stale_) pack(step);
    multiply(step, *spec_.in, spec_.in->value, *spec_.out, spec_.out->value, forward_panels_, true, step.samples);
  }

  void backward(const Step& step) override {
    if (step.parameter_gradients) {
      weight_gradient(step);
      step.mark(this, PassPart::backward_weights, step.backward_samples);
    }
    if (spec_.input_need.now(step)) {
      multiply(step, *spec_.out, spec_.out->gradient, *spec_.in, spec_.in->gradient, backward_panels_, false,
               spec_.input_need.samples(step));
    }
  }

  void parameters_changed() override { stale_ = true; }

  void describe(std::vector<PassInfo>& out) const override {
    const double flops = 2.0 * static_cast<double>(spec_.in->features()) * static_cast<double>(spec_.out->features());
    describe_products(spec_.network, nodes, "panel product " + kernels::level(), flops, spec_.input_need, out);
  }

 private:
  std::int64_t row() const { return (spec_.out->channels + 15) / 16 * 16; }
  std::int64_t slice_size() const { return spec_.in->channels * row(); }
  int slice(std::int64_t out, std::int64_t in) const { return static_cast<int>(out * in_positions_ + in); }

  void pack(const Step& step) {
    const float* w = spec_.weight->value.data();
    const bool needs_backward = spec_.input_need.for_parameters || spec_.input_need.for_inputs;
    step.pool.run(std::int64_t{1} * in_positions_ * out_positions_, [&](std::int64_t s, int) {
      forward_panels_.pack_rows(static_cast<int>(s), w + s * slice_size(), row());
      if (needs_backward) backward_panels_.pack_columns(static_cast<int>(s), w + s * slice_size(), row());
    });
    stale_ = false;
  }

  void multiply(const Step& step, const Field& from, const float* source, const Field& to, float* target,
                const Panels& panels, bool forward_pass, std::int64_t rows) {
    const std::int64_t n = step.samples;
    const std::int64_t blocks = (rows + kRows - 1) / kRows;
    const int count = panels.count();
    step.pool.run(to.positions() * blocks * count, [&](std::int64_t task, int) {
      const std::int64_t first = task % blocks * kRows;
      const int panel = static_cast<int>(task / blocks % count);
      const std::int64_t position = task / blocks / count;
      for (int k = 0; k < from.positions(); ++k) {
        kernels::panel_product(
            {.a = source + k * from.position_stride(n) + first * from.sample_stride(),
             .a_row = from.sample_stride(),
             .b = panels.at(panel, forward_pass ? slice(position, k) : slice(k, position)),
             .b_k = panels.width(panel),
             .c = target + position * to.position_stride(n) + first * to.sample_stride() + panel * 64,
             .c_row = to.sample_stride(),
             .rows = std::min(kRows, rows - first),
             .depth = panels.depth(),
             .width = panels.width(panel),
             .accumulate = k > 0});
      }
    });
  }

  void weight_gradient(const Step& step) {
    const std::int64_t n = step.samples;
    const Field& in = *spec_.in;
    const Field& out = *spec_.out;
    step.pool.run(std::int64_t{1} * in_positions_ * out_positions_, [&](std::int64_t s, int) {
      const std::int64_t from = s % in_positions_;
      const std::int64_t to = s / in_positions_;
      for (int panel = 0; panel < forward_panels_.count(); ++panel) {
        kernels::panel_product({.a = in.value + from * in.position_stride(n),
                                .a_row = 1,
                                .a_k = in.sample_stride(),
                                .b = out.gradient + to * out.position_stride(n) + panel * 64,
                                .b_k = out.sample_stride(),
                                .c = spec_.weight->gradient.data() + s * slice_size() + panel * 64,
                                .c_row = row(),
                                .rows = in.channels,
                                .depth = step.backward_samples,
                                .width = forward_panels_.width(panel)});
      }
    });
  }

  DenseSpec spec_;
  int in_positions_;
  int out_positions_;
  Panels forward_panels_;   // slice (out position, in position): [in][out panel]
  Panels backward_panels_;  // the same slices: [out][in panel]
  bool stale_ = true;
};

}  // namespace

std::vector<std::int32_t> dense_weight_places(const Field& in, const Field& out, std::int64_t& size) {
  const std::int64_t row = (out.channels + 15) / 16 * 16;
  const std::int64_t in_features = in.features();
  size = std::int64_t{1} * in.positions() * out.positions() * in.channels * row;
  std::vector<std::int32_t> places(static_cast<std::size_t>(in_features * out.features()));
  for (std::int64_t o = 0; o < out.features(); ++o) {
    const std::int64_t out_channel = o / out.positions();
    const std::int64_t out_position = o % out.positions();
    for (std::int64_t i = 0; i < in_features; ++i) {
      const std::int64_t in_channel = i / in.positions();
      const std::int64_t in_position = i % in.positions();
      places[o * in_features + i] = static_cast<std::int32_t>(
          ((out_position * in.positions() + in_position) * in.channels + in_channel) * row + out_channel);
    }
  }
  return places;
}

std::unique_ptr<Pass> make_dense(DenseSpec spec) {
  return std::make_unique<DensePass>(std::move(spec));
}

}  // namespace ganymede::engine
