#include <algorithm>
#include <utility>

#include "engine/passes/dense_pass.hpp"
#include "engine/plan/memory.hpp"
#include "kernels/level.hpp"
#include "kernels/narrow.hpp"

namespace ganymede::engine {

// How it works. With one output a product has one column and a matrix kernel would waste 15 lanes of 16. Here lanes run
// over the input's channels: each sample keeps sixteen partial sums over all positions, folded in a fixed order at the
// end. The gradient of the weights reads the input once, that of the input is the weights times one number a sample.

namespace {

constexpr std::int64_t kNarrowRows = 32;  // samples of one task

// One output feature, such as D's logit: products with a single column.
class NarrowDense : public Pass {
 public:
  explicit NarrowDense(DenseSpec spec)
      : spec_(std::move(spec)), columns_(spec_.in->channels), weights_(spec_.in->features()) {
    nodes = spec_.nodes;
  }

  void forward(const Step& step) override {
    if (stale_) gather_weights();
    const Field& in = *spec_.in;
    const Field& out = *spec_.out;
    const std::int64_t n = step.samples;
    if (lanes_.size() < 16 * n) lanes_ = Buffer(16 * n);
    step.pool.run((n + kNarrowRows - 1) / kNarrowRows, [&](std::int64_t task, int) {
      const std::int64_t first = task * kNarrowRows;
      const std::int64_t rows = std::min(kNarrowRows, n - first);
      float* lanes = lanes_.data() + 16 * first;
      for (int p = 0; p < in.positions(); ++p) {
        kernels::dot_lanes(in.at(in.value, n, p) + first * columns_, columns_, rows, columns_, weights(p), p > 0,
                           lanes);
      }
      float* to = out.value + first * out.sample_stride();
      std::fill_n(to, rows * out.sample_stride(), 0.0F);
      kernels::fold_lanes(lanes, rows, to, out.sample_stride());
    });
  }

  void backward(const Step& step) override {
    const Field& in = *spec_.in;
    const Field& out = *spec_.out;
    const std::int64_t n = step.samples;
    if (step.parameter_gradients) {
      if (sums_.size() == 0) sums_ = Buffer(in.features());
      step.pool.run(in.positions(), [&](std::int64_t p, int) {
        float* sums = sums_.data() + p * columns_;
        kernels::sum_scaled_rows(in.at(in.value, n, p), columns_, step.backward_samples, columns_, out.gradient,
                                 out.sample_stride(), sums);
        float* to = spec_.weight->gradient.data() + p * columns_ * kWeightRow;
        for (int c = 0; c < columns_; ++c) to[c * kWeightRow] = sums[c];
      });
      step.mark(this, PassPart::backward_weights, step.backward_samples);
    }
    if (!spec_.input_need.now(step)) return;
    step.pool.run(in.positions(), [&](std::int64_t p, int) {
      kernels::scale_rows(out.gradient, out.sample_stride(), weights(p), spec_.input_need.samples(step), columns_,
                          in.at(in.gradient, n, p), columns_);
    });
  }

  void parameters_changed() override { stale_ = true; }

  std::int64_t bytes() const override { return weights_.bytes() + lanes_.bytes() + sums_.bytes(); }

  void describe(std::vector<PassInfo>& out) const override {
    describe_products(spec_.network, nodes, "single column " + kernels::level(),
                      2.0 * static_cast<double>(spec_.in->features()), spec_.input_need, out);
  }

 private:
  static constexpr std::int64_t kWeightRow = 16;

  const float* weights(std::int64_t position) const { return weights_.data() + position * columns_; }
  void gather_weights() {
    for (std::int64_t i = 0; i < weights_.size(); ++i) weights_.data()[i] = spec_.weight->value.data()[i * kWeightRow];
    stale_ = false;
  }

  DenseSpec spec_;
  int columns_;
  Buffer weights_;  // [position][channel]
  Buffer lanes_, sums_;
  bool stale_ = true;
};

}  // namespace

bool is_narrow(const Field& in, const Field& out) {
  return out.positions() == 1 && out.channels == 1 && !in.thin && in.channels % 16 == 0;
}

std::unique_ptr<Pass> make_narrow_dense(DenseSpec spec) {
  return std::make_unique<NarrowDense>(std::move(spec));
}

}  // namespace ganymede::engine
