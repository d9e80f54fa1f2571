#pragma once

#include <utility>

#include "engine/passes/conv_pass.hpp"

namespace ganymede::engine {

/// What convolutions by direct products share, whatever the arithmetic: P is Panels (f32) or PairPanels (bf16).
///
/// How it works. Every link (position of the larger image, position of the smaller, tap) is a matrix product whose rows
/// are samples. The weights are packed anew after each update, in one order for the way forward and one for the way
/// back; a pass forward of a convolution is the pass back of a transposed one.
template <class P>
class DirectConvBase : public Pass {
 public:
  explicit DirectConvBase(ConvSpec spec)
      : spec_(std::move(spec)),
        forward_panels_(in_channels(), out_channels(), taps()),
        backward_panels_(out_channels(), spec_.training ? in_channels() : 0, taps()) {
    nodes = spec_.nodes;
  }

  void forward(const Step& step) override {
    if (stale_) pack(step);
    multiply(step, *spec_.in, spec_.in->value, *spec_.out, spec_.out->value, forward_panels_, spec_.transposed,
             step.samples);
  }

  void backward(const Step& step) override {
    if (step.parameter_gradients) {
      weight_gradient(step);
      step.mark(this, PassPart::backward_weights, step.backward_samples);
    }
    if (spec_.input_need.now(step)) {
      multiply(step, *spec_.out, spec_.out->gradient, *spec_.in, spec_.in->gradient, backward_panels_,
               !spec_.transposed, spec_.input_need.samples(step));
    }
  }

  void parameters_changed() override { stale_ = true; }

  std::int64_t bytes() const override { return forward_panels_.bytes() + backward_panels_.bytes(); }

  void describe(std::vector<PassInfo>& out) const override {
    const double flops = 2.0 * static_cast<double>(spec_.geometry.links()) * in_channels() * out_channels();
    describe_products(spec_.network, nodes, kernel(), flops, spec_.input_need, out);
  }

 protected:
  int in_channels() const { return spec_.in->channels; }
  int out_channels() const { return spec_.out->channels; }
  int taps() const { return spec_.geometry.taps(); }

  virtual std::string kernel() const = 0;
  /// to[target] = sum over the links of target of from[source] W[tap], for the first `rows` samples.
  virtual void multiply(const Step& step, const Field& from_field, const float* from, const Field& to_field, float* to,
                        const P& panels, bool to_big, std::int64_t rows) = 0;
  /// gradient[tap][in][out] = sum over the tap's links, then over samples, of input[in] output gradient[out].
  virtual void weight_gradient(const Step& step) = 0;

  ConvSpec spec_;
  P forward_panels_;   // per tap [in][out panel]
  P backward_panels_;  // per tap [out][in panel]

 private:
  void pack(const Step& step) {
    const float* w = spec_.weight->value.data();
    const std::int64_t row = (out_channels() + 15) / 16 * 16;
    step.pool.run(taps(), [&](std::int64_t tap, int) {
      const float* matrix = w + tap * in_channels() * row;
      forward_panels_.pack_rows(static_cast<int>(tap), matrix, row);
      backward_panels_.pack_columns(static_cast<int>(tap), matrix, row);
    });
    stale_ = false;
  }

  bool stale_ = true;
};

}  // namespace ganymede::engine
