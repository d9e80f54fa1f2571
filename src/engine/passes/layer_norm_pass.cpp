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

  // With h = (x - mean) r, r = 1 / deviation, and means over the unit: r' = -r^2 mean(h x'), h' = r (x' - mean(x') - h
  // mean(h x')); forward y = w h + b, backward dx = r (G - mean(G) - h mean(G h)) with G = w g, each by the product
  // rule.
  void forward_tangent(const Step& step) override {
    const int units = spec_.over_sample ? 1 : positions();
    if (mean_tangent_.size() < mean_.size()) {
      mean_tangent_ = Buffer(mean_.size());
      along_ = Buffer(mean_.size());
    }
    step.pool.run(step.samples, [&](std::int64_t n, int) {
      for (int unit = 0; unit < units; ++unit) {
        double sum = 0, along = 0;
        over(unit, [&](int p, int c) {
          const double moved = value(spec_.in->value_tangent, step, p, n, c);
          sum += moved;
          along += moved * normed(step, units, unit, p, n, c);
        });
        mean_tangent_.data()[n * units + unit] = static_cast<float>(sum / size());
        along_.data()[n * units + unit] = static_cast<float>(along / size());
        over(unit, [&](int p, int c) {
          double y = weight(p, c) * normed_tangent(step, units, unit, p, n, c);
          if (step.parameter_direction) {
            y += normed(step, units, unit, p, n, c) * spec_.weight->direction.data()[parameter(p, c)] +
                 spec_.bias->direction.data()[parameter(p, c)];
          }
          value(spec_.out->value_tangent, step, p, n, c) = static_cast<float>(y);
        });
      }
    });
  }

  void backward_tangent(const Step& step) override {
    const int units = spec_.over_sample ? 1 : positions();
    if (step.parameter_gradients) {
      sum_over_samples(step, spec_.weight->gradient_tangent, spec_.bias->gradient_tangent,
                       [&](int p, int c, std::int64_t n, double& of_weight, double& of_bias) {
                         const int unit = spec_.over_sample ? 0 : p;
                         const double moved = value(spec_.out->gradient_tangent, step, p, n, c);
                         of_bias += moved;
                         of_weight += moved * normed(step, units, unit, p, n, c) +
                                      double{value(spec_.out->gradient, step, p, n, c)} *
                                          normed_tangent(step, units, unit, p, n, c);
                       });
    }
    step.pool.run(step.backward_samples, [&](std::int64_t n, int) {
      for (int unit = 0; unit < units; ++unit) {
        const double inverse = inverse_.data()[n * units + unit];
        const double shrink = -inverse * along_.data()[n * units + unit];  // r' / r
        const auto gradient = [&](int p, int c) {
          return double{value(spec_.out->gradient, step, p, n, c)} * weight(p, c);
        };
        const auto gradient_tangent = [&](int p, int c) {
          double moved = double{value(spec_.out->gradient_tangent, step, p, n, c)} * weight(p, c);
          if (step.parameter_direction) {
            moved +=
                double{value(spec_.out->gradient, step, p, n, c)} * spec_.weight->direction.data()[parameter(p, c)];
          }
          return moved;
        };
        double sum = 0, scaled = 0, sum_tangent = 0, scaled_tangent = 0;
        over(unit, [&](int p, int c) {
          const double g = gradient(p, c), g_tangent = gradient_tangent(p, c);
          const double h = normed(step, units, unit, p, n, c);
          sum += g / size();
          scaled += g * h / size();
          sum_tangent += g_tangent / size();
          scaled_tangent += (g_tangent * h + g * normed_tangent(step, units, unit, p, n, c)) / size();
        });
        over(unit, [&](int p, int c) {
          const double h = normed(step, units, unit, p, n, c);
          const double h_tangent = normed_tangent(step, units, unit, p, n, c);
          const double still = gradient(p, c) - sum - h * scaled;
          const double moved = gradient_tangent(p, c) - sum_tangent - h_tangent * scaled - h * scaled_tangent;
          value(spec_.in->gradient_tangent, step, p, n, c) = static_cast<float>(inverse * (moved + shrink * still));
        });
      }
    });
  }

  void describe(std::vector<PassInfo>& out) const override {
    out.push_back({spec_.network, nodes, "forward", "plain loops", 0});
    out.push_back({spec_.network, nodes, "backward", "plain loops", 0});
  }

  std::int64_t bytes() const override {
    return mean_.bytes() + inverse_.bytes() + mean_tangent_.bytes() + along_.bytes() + partial_.bytes();
  }

 private:
  int positions() const { return spec_.in->positions(); }
  double size() const { return spec_.over_sample ? static_cast<double>(spec_.in->features()) : spec_.in->channels; }
  int parameter(int p, int c) const { return (spec_.per_position ? p * spec_.in->sample_stride() : 0) + c; }
  double weight(int p, int c) const { return spec_.weight->value.data()[parameter(p, c)]; }
  float& value(float* base, const Step& step, int p, std::int64_t n, int c) const {
    return base[p * spec_.in->position_stride(step.samples) + n * spec_.in->sample_stride() + c];
  }

  double normed(const Step& step, int units, int unit, int p, std::int64_t n, int c) const {
    const std::int64_t at = n * units + unit;
    return (value(spec_.in->value, step, p, n, c) - double{mean_.data()[at]}) * inverse_.data()[at];
  }
  double normed_tangent(const Step& step, int units, int unit, int p, std::int64_t n, int c) const {
    const std::int64_t at = n * units + unit;
    const double moved = value(spec_.in->value_tangent, step, p, n, c) - double{mean_tangent_.data()[at]};
    return inverse_.data()[at] * (moved - normed(step, units, unit, p, n, c) * along_.data()[at]);
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
    sum_over_samples(step, spec_.weight->gradient, spec_.bias->gradient,
                     [&](int p, int c, std::int64_t n, double& of_weight, double& of_bias) {
                       const double g = value(spec_.out->gradient, step, p, n, c);
                       of_bias += g;
                       const std::int64_t at = n * units + (spec_.over_sample ? 0 : p);
                       of_weight +=
                           g * (value(spec_.in->value, step, p, n, c) - double{mean_.data()[at]}) * inverse_.data()[at];
                     });
  }

  // Weight and bias get the sums over samples of what `add` adds, and over the positions that share them.
  template <class F>
  void sum_over_samples(const Step& step, Buffer& of_weight, Buffer& of_bias, const F& add) {
    const std::int64_t width = spec_.in->sample_stride();
    if (partial_.size() == 0) partial_ = Buffer(2 * positions() * width);
    step.pool.run(positions(), [&](std::int64_t p, int) {
      for (int c = 0; c < spec_.in->channels; ++c) {
        double weight_sum = 0, bias_sum = 0;
        for (std::int64_t n = 0; n < step.backward_samples; ++n) add(static_cast<int>(p), c, n, weight_sum, bias_sum);
        partial_.data()[2 * p * width + c] = static_cast<float>(weight_sum);
        partial_.data()[(2 * p + 1) * width + c] = static_cast<float>(bias_sum);
      }
    });
    const int blocks = spec_.per_position ? positions() : 1;
    const int merged = spec_.per_position ? 1 : positions();
    for (int block = 0; block < blocks; ++block) {
      const float* rows = partial_.data() + 2 * block * width;
      reduce_rows(rows, merged, 2 * width, width, of_weight.data() + block * width);
      reduce_rows(rows + width, merged, 2 * width, width, of_bias.data() + block * width);
    }
  }

  LayerNormSpec spec_;
  Buffer mean_, inverse_;        // [sample][position or 1]
  Buffer mean_tangent_, along_;  // mean(x') and mean(h x')
  Buffer partial_;               // [position][weight, bias][channel]
};

}  // namespace

std::unique_ptr<Pass> make_layer_norm(LayerNormSpec spec) {
  return std::make_unique<LayerNormPass>(std::move(spec));
}

}  // namespace ganymede::engine
