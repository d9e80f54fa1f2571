#include "engine/passes/layer_norm_pass.hpp"

#include <cmath>
#include <utility>

namespace ganymede::engine {

// How it works. Mean and variance are those of one sample, or of one position of it, and need nothing of the other
// samples, so a task is one sample; the sums over the batch for weight and bias are a round of their own whose tasks
// are positions. Plain loops in double: the layer is too small a share of any network to be hurried.

namespace {

class LayerNormPass : public Pass {
 public:
  explicit LayerNormPass(LayerNormSpec spec) : spec_(std::move(spec)) { nodes = spec_.nodes; }

  void forward(const Step& step) override {
    const int units = spec_.over_sample ? 1 : positions();
    if (mean_.size() < step.samples * units) {
      mean_ = Buffer(step.samples * units);
      inverse_ = Buffer(step.samples * units);
    }
    step.pool.run(step.samples, [&](std::int64_t n, int) {
      for (int unit = 0; unit < units; ++unit) {
        double sum = 0;
        double squares = 0;
        over(unit, [&](int p, int c) { sum += value(spec_.in->value, step, p, n, c); });
        const double mean = sum / size();
        over(unit, [&](int p, int c) {
          const double d = value(spec_.in->value, step, p, n, c) - mean;
          squares += d * d;
        });
        const double inverse = 1 / std::sqrt(squares / size() + spec_.epsilon);
        mean_.data()[n * units + unit] = static_cast<float>(mean);
        inverse_.data()[n * units + unit] = static_cast<float>(inverse);
        over(unit, [&](int p, int c) {
          const double normed = (value(spec_.in->value, step, p, n, c) - mean) * inverse;
          value(spec_.out->value, step, p, n, c) =
              static_cast<float>(normed * weight(p, c) + spec_.bias->value.data()[parameter(p, c)]);
        });
      }
    });
  }

  void backward(const Step& step) override {
    const int units = spec_.over_sample ? 1 : positions();
    if (step.parameter_gradients) parameter_gradients(step, units);
    step.pool.run(step.backward_samples, [&](std::int64_t n, int) {
      for (int unit = 0; unit < units; ++unit) {
        const double mean = mean_.data()[n * units + unit];
        const double inverse = inverse_.data()[n * units + unit];
        double sum = 0;
        double scaled = 0;
        over(unit, [&](int p, int c) {
          const double g = value(spec_.out->gradient, step, p, n, c) * weight(p, c);
          sum += g;
          scaled += g * (value(spec_.in->value, step, p, n, c) - mean) * inverse;
        });
        over(unit, [&](int p, int c) {
          const double g = value(spec_.out->gradient, step, p, n, c) * weight(p, c);
          const double normed = (value(spec_.in->value, step, p, n, c) - mean) * inverse;
          value(spec_.in->gradient, step, p, n, c) =
              static_cast<float>(inverse * (g - sum / size() - normed * scaled / size()));
        });
      }
    });
  }

  void describe(std::vector<PassInfo>& out) const override {
    out.push_back({spec_.network, nodes, "forward", "plain loops", 0});
    out.push_back({spec_.network, nodes, "backward", "plain loops", 0});
  }

  std::int64_t bytes() const override { return mean_.bytes() + inverse_.bytes() + partial_.bytes(); }

 private:
  int positions() const { return spec_.in->positions(); }
  double size() const { return spec_.over_sample ? static_cast<double>(spec_.in->features()) : spec_.in->channels; }
  int parameter(int p, int c) const { return (spec_.per_position ? p * spec_.in->sample_stride() : 0) + c; }
  double weight(int p, int c) const { return spec_.weight->value.data()[parameter(p, c)]; }
  float& value(float* base, const Step& step, int p, std::int64_t n, int c) const {
    return base[p * spec_.in->position_stride(step.samples) + n * spec_.in->sample_stride() + c];
  }

  template <class F>
  void over(int unit, F&& f) const {
    const int first = spec_.over_sample ? 0 : unit;
    const int last = spec_.over_sample ? positions() : unit + 1;
    for (int p = first; p < last; ++p) {
      for (int c = 0; c < spec_.in->channels; ++c) f(p, c);
    }
  }

  void parameter_gradients(const Step& step, int units) {
    const std::int64_t width = spec_.in->sample_stride();
    if (partial_.size() == 0) partial_ = Buffer(2 * positions() * width);
    step.pool.run(positions(), [&](std::int64_t p, int) {
      for (int c = 0; c < spec_.in->channels; ++c) {
        double weight_sum = 0;
        double bias_sum = 0;
        for (std::int64_t n = 0; n < step.backward_samples; ++n) {
          const std::int64_t at = n * units + (spec_.over_sample ? 0 : p);
          const int position = static_cast<int>(p);
          const double g = value(spec_.out->gradient, step, position, n, c);
          bias_sum += g;
          weight_sum +=
              g * (value(spec_.in->value, step, position, n, c) - double{mean_.data()[at]}) * inverse_.data()[at];
        }
        partial_.data()[2 * p * width + c] = static_cast<float>(weight_sum);
        partial_.data()[(2 * p + 1) * width + c] = static_cast<float>(bias_sum);
      }
    });
    const int blocks = spec_.per_position ? positions() : 1;
    const int merged = spec_.per_position ? 1 : positions();
    for (int block = 0; block < blocks; ++block) {
      const float* rows = partial_.data() + 2 * block * width;
      reduce_rows(rows, merged, 2 * width, width, spec_.weight->gradient.data() + block * width);
      reduce_rows(rows + width, merged, 2 * width, width, spec_.bias->gradient.data() + block * width);
    }
  }

  LayerNormSpec spec_;
  Buffer mean_, inverse_;  // [sample][position or 1]
  Buffer partial_;         // [position][weight, bias][channel]
};

}  // namespace

std::unique_ptr<Pass> make_layer_norm(LayerNormSpec spec) {
  return std::make_unique<LayerNormPass>(std::move(spec));
}

}  // namespace ganymede::engine
