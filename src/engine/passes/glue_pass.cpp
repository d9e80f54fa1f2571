#include "engine/passes/glue_pass.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "engine/passes/glue.hpp"
#include "engine/tangent/exchange.hpp"
#include "kernels/update.hpp"

namespace ganymede::engine {

// How it works. What stands between the layers that compute: look-ups, copies, products of two fields, pooling. Plain
// loops over positions or samples, gradients back on the same ways, added up where a value was read several times. The
// simplest passes of all; whoever wants to know what a pass is begins here.

namespace {

float& element(const Field& f, float* base, std::int64_t samples, std::int64_t n, std::int64_t feature) {
  const std::int64_t positions = f.positions();
  return base[feature % positions * f.position_stride(samples) + n * f.sample_stride() + feature / positions];
}

class Embedding : public GluePass {
 public:
  Embedding(std::string network, std::string node, Field* out, Parameter* weight)
      : GluePass(std::move(network), std::move(node), "table look-up"), out_(out), weight_(weight) {}

  void forward(const Step& step) override {
    const std::int64_t row = out_->sample_stride();
    step.pool.run(out_->positions(), [&](std::int64_t p, int) {
      float* to = out_->value + p * out_->position_stride(step.samples);
      for (std::int64_t n = 0; n < step.samples; ++n) {
        const ClassMixture of = step.class_of(n);
        const float* first = row_of(of.first, p);
        if (of.share == 0) {
          std::copy_n(first, row, to + n * row);
          continue;
        }
        const float* second = row_of(of.second, p);
        for (std::int64_t c = 0; c < row; ++c) to[n * row + c] = (1 - of.share) * first[c] + of.share * second[c];
      }
    });
  }

  void backward(const Step& step) override {
    if (!step.parameter_gradients) return;
    const std::int64_t row = out_->sample_stride();
    float* gradient = weight_->gradient.data();
    std::memset(gradient, 0, static_cast<std::size_t>(weight_->size) * 4);
    step.pool.run(out_->positions(), [&](std::int64_t p, int) {
      const float* from = out_->gradient + p * out_->position_stride(step.samples);
      for (std::int64_t n = 0; n < step.backward_samples; ++n) {
        float* to = gradient + (step.classes[n] * std::int64_t{1} * out_->positions() + p) * row;
        for (std::int64_t c = 0; c < out_->channels; ++c) to[c] += from[n * row + c];
      }
    });
  }

  void forward_tangent(const Step& step) override {
    if (!step.parameter_direction) {
      std::fill_n(out_->value_tangent, out_->size(step.samples), 0.0F);
      return;
    }
    const Exchange weight(weight_->value, weight_->direction);
    const Exchange out(out_->value, out_->value_tangent);
    forward(step);
  }
  void backward_tangent(const Step& step) override {
    const Exchange weight(weight_->gradient, weight_->gradient_tangent);
    const Exchange out(out_->gradient, out_->gradient_tangent);
    backward(step);
  }

 private:
  const float* row_of(std::int64_t k, std::int64_t p) const {
    return weight_->value.data() + (k * out_->positions() + p) * out_->sample_stride();
  }

  Field* out_;
  Parameter* weight_;
};

class OneHot : public GluePass {
 public:
  OneHot(std::string network, std::string node, Field* out)
      : GluePass(std::move(network), std::move(node), "one-hot"), out_(out) {}

  void forward(const Step& step) override {
    std::memset(out_->value, 0, static_cast<std::size_t>(out_->size(step.samples)) * 4);
    for (std::int64_t n = 0; n < step.samples; ++n) {
      const ClassMixture of = step.class_of(n);
      element(*out_, out_->value, step.samples, n, of.first) = 1 - of.share;
      if (of.share != 0) element(*out_, out_->value, step.samples, n, of.second) = of.share;
    }
  }
  void backward(const Step&) override {}
  void forward_tangent(const Step& step) override { std::fill_n(out_->value_tangent, out_->size(step.samples), 0.0F); }
  void backward_tangent(const Step&) override {}

 private:
  Field* out_;
};

class Given : public GluePass {
 public:
  Given(std::string network, std::string node, Field* out)
      : GluePass(std::move(network), std::move(node), "copy"), out_(out) {}

  void forward(const Step& step) override {
    scatter_samples(*out_, out_->value, step.samples, 0, step.samples, step.conditions.data());
  }
  void backward(const Step&) override {}
  void forward_tangent(const Step& step) override { std::fill_n(out_->value_tangent, out_->size(step.samples), 0.0F); }
  void backward_tangent(const Step&) override {}

 private:
  Field* out_;
};

class Multiply : public GluePass {
 public:
  Multiply(std::string network, std::string node, Field* a, Field* b, Field* out, GradientNeed a_need,
           GradientNeed b_need)
      : GluePass(std::move(network), std::move(node), "element-wise"),
        a_(a),
        b_(b),
        out_(out),
        a_need_(a_need),
        b_need_(b_need) {}

  void forward(const Step& step) override { per_position(step, step.samples, out_->value, a_->value, b_->value); }

  void backward(const Step& step) override {
    if (b_need_.now(step)) per_position(step, step.backward_samples, b_->gradient, out_->gradient, a_->value);
    if (a_need_.now(step)) per_position(step, step.backward_samples, a_->gradient, out_->gradient, b_->value);
  }

  void forward_tangent(const Step& step) override {
    sum_of_two(step, step.samples, out_->value_tangent, a_->value_tangent, b_->value, a_->value, b_->value_tangent);
  }
  void backward_tangent(const Step& step) override {
    const auto back = [&](const Field& to, const Field& other) {
      sum_of_two(step, step.backward_samples, to.gradient_tangent, out_->gradient_tangent, other.value, out_->gradient,
                 other.value_tangent);
    };
    if (b_need_.now(step)) back(*b_, *a_);
    if (a_need_.now(step)) back(*a_, *b_);
  }
  std::int64_t bytes() const override { return second_.bytes(); }

 private:
  /// out = a b + c d
  void sum_of_two(const Step& step, std::int64_t samples, float* out, const float* a, const float* b, const float* c,
                  const float* d) {
    if (second_.size() < out_->size(step.samples)) second_ = Buffer(out_->size(step.samples));
    per_position(step, samples, out, a, b);
    per_position(step, samples, second_.data(), c, d);
    kernels::add(out, second_.data(), out_->size(step.samples));
  }

  void per_position(const Step& step, std::int64_t samples, float* out, const float* a, const float* b) const {
    const std::int64_t stride = out_->position_stride(step.samples);
    const std::int64_t count = (samples * out_->sample_stride() + 15) / 16 * 16;
    step.pool.run(out_->positions(), [&](std::int64_t p, int) {
      kernels::multiply(out + p * stride, a + p * stride, b + p * stride, count);
    });
  }

  Field *a_, *b_, *out_;
  GradientNeed a_need_, b_need_;
  Buffer second_;
};

// Joining spatial fields copies channel ranges; a flat vector beside them is broadcast over the positions.
class Concat : public LinearGlue {
 public:
  Concat(std::string network, std::string node, std::vector<ConcatInput> inputs, Field* out)
      : LinearGlue(std::move(network), std::move(node), "copy"), inputs_(std::move(inputs)), out_(out) {}

  void forward(const Step& step) override {
    each(step, step.samples, [&](const ConcatInput& in, std::int64_t from, std::int64_t to, std::int64_t) {
      out_->value[to] = in.field->value[from];
    });
  }

  void backward(const Step& step) override {
    for (const ConcatInput& in : inputs_) {
      if (in.need.now(step))
        std::memset(in.field->gradient, 0, static_cast<std::size_t>(in.field->size(step.samples)) * 4);
    }
    each(step, step.backward_samples, [&](const ConcatInput& in, std::int64_t from, std::int64_t to, std::int64_t) {
      if (in.need.now(step)) in.field->gradient[from] += out_->gradient[to];
    });
  }

 private:
  std::vector<Field*> fields() const override {
    std::vector<Field*> all{out_};
    for (const ConcatInput& in : inputs_) all.push_back(in.field);
    return all;
  }

  template <class F>
  void each(const Step& step, std::int64_t samples, F&& f) const {
    step.pool.run(samples, [&](std::int64_t n, int) {
      for (int p = 0; p < out_->positions(); ++p) {
        int channel = 0;
        for (const ConcatInput& in : inputs_) {
          const int position = in.field->positions() == 1 ? 0 : p;
          for (int c = 0; c < in.field->channels; ++c, ++channel) {
            f(in, position * in.field->position_stride(step.samples) + n * in.field->sample_stride() + c,
              p * out_->position_stride(step.samples) + n * out_->sample_stride() + channel, n);
          }
        }
      }
    });
  }

  std::vector<ConcatInput> inputs_;
  Field* out_;
};

class Relayout : public LinearGlue {
 public:
  Relayout(std::string network, std::string node, Field* in, Field* out, GradientNeed need)
      : LinearGlue(std::move(network), std::move(node), "copy to another layout"), in_(in), out_(out), need_(need) {}

  void forward(const Step& step) override { copy(step, step.samples, *in_, in_->value, *out_, out_->value); }
  void backward(const Step& step) override {
    if (need_.now(step)) copy(step, step.backward_samples, *out_, out_->gradient, *in_, in_->gradient);
  }

 private:
  std::vector<Field*> fields() const override { return {in_, out_}; }

  static void copy(const Step& step, std::int64_t samples, const Field& from, float* source, const Field& to,
                   float* target) {
    if (to.sample_stride() != to.channels) std::memset(target, 0, static_cast<std::size_t>(to.size(step.samples)) * 4);
    step.pool.run(samples, [&](std::int64_t n, int) {
      for (std::int64_t f = 0; f < from.features(); ++f)
        element(to, target, step.samples, n, f) = element(from, source, step.samples, n, f);
    });
  }

  Field *in_, *out_;
  GradientNeed need_;
};

class Fork : public LinearGlue {
 public:
  Fork(std::string network, std::string node, Field* in, std::vector<Field*> outs, GradientNeed need)
      : LinearGlue(std::move(network), std::move(node), "copy"), in_(in), outs_(std::move(outs)), need_(need) {}

  void forward(const Step& step) override {
    for (Field* out : outs_) std::memcpy(out->value, in_->value, static_cast<std::size_t>(in_->size(step.samples)) * 4);
  }
  void backward(const Step& step) override {
    if (!need_.now(step)) return;
    const std::int64_t size = in_->size(step.samples);
    std::memcpy(in_->gradient, outs_[0]->gradient, static_cast<std::size_t>(size) * 4);
    for (std::size_t i = 1; i < outs_.size(); ++i) kernels::add(in_->gradient, outs_[i]->gradient, size);
  }

 private:
  std::vector<Field*> fields() const override {
    std::vector<Field*> all = outs_;
    all.push_back(in_);
    return all;
  }

  Field* in_;
  std::vector<Field*> outs_;
  GradientNeed need_;
};

class Pool : public GluePass {
 public:
  Pool(std::string network, std::string node, net::Pool pool, Field* in, Field* out, GradientNeed need)
      : GluePass(std::move(network), std::move(node), "plain loops"), pool_(pool), in_(in), out_(out), need_(need) {}

  void forward(const Step& step) override { take(step, in_->value, out_->value); }
  // Each window's largest element stays that while the values move a little.
  void forward_tangent(const Step& step) override { take(step, in_->value_tangent, out_->value_tangent); }
  void backward_tangent(const Step& step) override {
    const Exchange in(in_->gradient, in_->gradient_tangent);
    const Exchange out(out_->gradient, out_->gradient_tangent);
    backward(step);
  }

  void backward(const Step& step) override {
    if (!need_.now(step)) return;
    std::memset(in_->gradient, 0, static_cast<std::size_t>(in_->size(step.samples)) * 4);
    each(step, step.backward_samples, [&](const std::vector<std::int64_t>& window, std::int64_t at) {
      const float g = out_->gradient[at];
      if (pool_.kind == net::PoolKind::max) {
        in_->gradient[window[best(window)]] += g;
      } else {
        for (const std::int64_t i : window) in_->gradient[i] += g / static_cast<float>(window.size());
      }
    });
  }

 private:
  void take(const Step& step, const float* from, float* to) const {
    each(step, step.samples, [&](const std::vector<std::int64_t>& window, std::int64_t out) {
      if (pool_.kind == net::PoolKind::max) {
        to[out] = from[window[best(window)]];
      } else {
        float sum = 0;
        for (const std::int64_t at : window) sum += from[at];
        to[out] = sum / static_cast<float>(window.size());
      }
    });
  }

  std::size_t best(const std::vector<std::int64_t>& window) const {
    std::size_t index = 0;
    for (std::size_t i = 1; i < window.size(); ++i) {
      if (in_->value[window[i]] > in_->value[window[index]]) index = i;
    }
    return index;
  }

  template <class F>
  void each(const Step& step, std::int64_t samples, F&& f) const {
    step.pool.run(samples, [&](std::int64_t n, int) {
      std::vector<std::int64_t> window;
      for (int y = 0; y < out_->height; ++y) {
        for (int x = 0; x < out_->width; ++x) {
          for (int c = 0; c < out_->channels; ++c) {
            window.clear();
            for (int a = 0; a < pool_.kernel.h; ++a) {
              for (int b = 0; b < pool_.kernel.w; ++b) {
                const std::int64_t p = std::int64_t{1} * (y * pool_.stride.h + a) * in_->width + x * pool_.stride.w + b;
                window.push_back(p * in_->position_stride(step.samples) + n * in_->sample_stride() + c);
              }
            }
            const std::int64_t at = (std::int64_t{1} * y * out_->width + x) * out_->position_stride(step.samples) +
                                    n * out_->sample_stride() + c;
            f(window, at);
          }
        }
      }
    });
  }

  net::Pool pool_;
  Field *in_, *out_;
  GradientNeed need_;
};

}  // namespace

std::unique_ptr<Pass> make_embedding(std::string network, std::string node, Field* out, Parameter* weight) {
  return std::make_unique<Embedding>(std::move(network), std::move(node), out, weight);
}
std::unique_ptr<Pass> make_one_hot(std::string network, std::string node, Field* out) {
  return std::make_unique<OneHot>(std::move(network), std::move(node), out);
}
std::unique_ptr<Pass> make_given(std::string network, std::string node, Field* out) {
  return std::make_unique<Given>(std::move(network), std::move(node), out);
}
std::unique_ptr<Pass> make_multiply(std::string network, std::string node, Field* a, Field* b, Field* out,
                                    GradientNeed a_need, GradientNeed b_need) {
  return std::make_unique<Multiply>(std::move(network), std::move(node), a, b, out, a_need, b_need);
}
std::unique_ptr<Pass> make_concat(std::string network, std::string node, std::vector<ConcatInput> inputs, Field* out) {
  return std::make_unique<Concat>(std::move(network), std::move(node), std::move(inputs), out);
}
std::unique_ptr<Pass> make_relayout(std::string network, std::string node, Field* in, Field* out, GradientNeed need) {
  return std::make_unique<Relayout>(std::move(network), std::move(node), in, out, need);
}
std::unique_ptr<Pass> make_fork(std::string network, std::string node, Field* in, std::vector<Field*> outs,
                                GradientNeed need) {
  return std::make_unique<Fork>(std::move(network), std::move(node), in, std::move(outs), need);
}
std::unique_ptr<Pass> make_pool(std::string network, std::string node, net::Pool pool, Field* in, Field* out,
                                GradientNeed need) {
  return std::make_unique<Pool>(std::move(network), std::move(node), pool, in, out, need);
}

}  // namespace ganymede::engine
