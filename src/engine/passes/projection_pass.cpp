#include "engine/passes/projection_pass.hpp"

#include <algorithm>
#include <utility>

namespace ganymede::engine {

// How it works. Forward a task is some samples: the inner product of each with the weight and its class's row, position
// by position. Backward a task is a position: the gradients of its inputs, and those of its part of all weights, added
// up over the samples in their order. Sums are in double.

namespace {

constexpr std::int64_t kSamplesOfATask = 16;

class ProjectionPass : public Pass {
 public:
  explicit ProjectionPass(ProjectionSpec spec) : spec_(std::move(spec)) { nodes = spec_.nodes; }

  void forward(const Step& step) override {
    const Field& in = *spec_.in;
    const std::int64_t tasks = (step.samples + kSamplesOfATask - 1) / kSamplesOfATask;
    step.pool.run(tasks, [&](std::int64_t task, int) {
      const std::int64_t end = std::min((task + 1) * kSamplesOfATask, step.samples);
      for (std::int64_t n = task * kSamplesOfATask; n < end; ++n) {
        const ClassMixture of = step.class_of(n);
        double sum = spec_.bias->value.data()[0];
        for (std::int64_t p = 0; p < in.positions(); ++p) {
          const float* x = in.value + p * in.position_stride(step.samples) + n * in.sample_stride();
          const float* w = at(spec_.weight->value, 0, p);
          const float* first = at(spec_.class_weight->value, of.first, p);
          const float* second = at(spec_.class_weight->value, of.second, p);
          for (int c = 0; c < in.channels; ++c) {
            const float own = of.share == 0 ? first[c] : (1 - of.share) * first[c] + of.share * second[c];
            sum += double{x[c]} * (w[c] + own);
          }
        }
        float* out = spec_.out->value + n * spec_.out->sample_stride();
        std::fill_n(out, spec_.out->sample_stride(), 0.0F);
        out[0] = static_cast<float>(sum);
      }
    });
  }

  void backward(const Step& step) override {
    step.pool.run(spec_.in->positions(), [&](std::int64_t p, int) {
      if (spec_.need.now(step)) input_gradient(step, p);
      if (step.parameter_gradients) weight_gradients(step, p);
    });
    if (!step.parameter_gradients) return;
    double sum = 0;
    for (std::int64_t n = 0; n < step.backward_samples; ++n) sum += slope(n);
    std::fill_n(spec_.bias->gradient.data(), spec_.bias->size, 0.0F);
    spec_.bias->gradient.data()[0] = static_cast<float>(sum);
  }

  void describe(std::vector<PassInfo>& info) const override {
    info.push_back({spec_.network, nodes, "forward, backward", "plain loops", 0});
  }
  std::int64_t bytes() const override { return 0; }

 private:
  float slope(std::int64_t n) const { return spec_.out->gradient[n * spec_.out->sample_stride()]; }
  // Of row k, position p.
  float* at(Buffer& weights, std::int64_t k, std::int64_t p) const {
    return weights.data() + (k * spec_.in->positions() + p) * spec_.in->sample_stride();
  }

  void input_gradient(const Step& step, std::int64_t p) const {
    const Field& in = *spec_.in;
    const float* w = at(spec_.weight->value, 0, p);
    for (std::int64_t n = 0; n < step.backward_samples; ++n) {
      const float* own = at(spec_.class_weight->value, step.classes[static_cast<std::size_t>(n)], p);
      float* to = in.gradient + p * in.position_stride(step.samples) + n * in.sample_stride();
      std::fill_n(to, in.sample_stride(), 0.0F);
      for (int c = 0; c < in.channels; ++c) to[c] = slope(n) * (w[c] + own[c]);
    }
  }

  void weight_gradients(const Step& step, std::int64_t p) const {
    const Field& in = *spec_.in;
    const auto channels = static_cast<std::size_t>(in.channels);
    const auto classes = static_cast<std::size_t>(spec_.class_weight->shape[0]);
    std::vector<double> sums(classes * channels);
    for (std::int64_t n = 0; n < step.backward_samples; ++n) {
      const float* x = in.value + p * in.position_stride(step.samples) + n * in.sample_stride();
      double* to = &sums[static_cast<std::size_t>(step.classes[static_cast<std::size_t>(n)]) * channels];
      for (std::size_t c = 0; c < channels; ++c) to[c] += double{slope(n)} * x[c];
    }
    std::vector<double> all(channels);
    for (std::size_t k = 0; k < classes; ++k) {
      float* to = at(spec_.class_weight->gradient, static_cast<std::int64_t>(k), p);
      for (std::size_t c = 0; c < channels; ++c) {
        to[c] = static_cast<float>(sums[k * channels + c]);
        all[c] += sums[k * channels + c];
      }
    }
    float* to = at(spec_.weight->gradient, 0, p);
    for (std::size_t c = 0; c < channels; ++c) to[c] = static_cast<float>(all[c]);
  }

  ProjectionSpec spec_;
};

}  // namespace

std::unique_ptr<Pass> make_projection(ProjectionSpec spec) {
  return std::make_unique<ProjectionPass>(std::move(spec));
}

}  // namespace ganymede::engine
