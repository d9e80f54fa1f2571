#include "engine/passes/activation_pass.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "kernels/level.hpp"
#include "kernels/normalize.hpp"

namespace ganymede::engine {
namespace {

constexpr std::int64_t kAtOnce = 8192;  // floats of one task, where positions may be joined

// Kept bits of all groups lie behind each other: [position][group][16 elements].
class ActivationPass : public Pass {
 public:
  explicit ActivationPass(ActivationSpec spec) : spec_(std::move(spec)), width_(spec_.in->period()) {
    nodes = spec_.nodes;
  }

  void forward(const Step& step) override {
    reserve(step);
    if (spec_.normalize) {
      if (step.training) {
        batch_statistics(step);
      } else {
        running_statistics();
      }
    }
    if (!step.training && same_everywhere(step)) return forward_at_once(step);
    const int groups = parts(step);
    const std::int64_t rows = step.samples / groups;
    const std::int64_t count = rows * field().sample_stride();
    const bool drops = step.training && spec_.dropout > 0;
    step.pool.run(std::int64_t{1} * positions() * groups, [&](std::int64_t task, int) {
      const std::int64_t position = task / groups;
      const std::int64_t group = task % groups;
      kernels::Activate a{.f = spec_.activation, .count = count, .period = width_};
      const std::int64_t at = position * field().position_stride(step.samples) + group * count;
      a.x = spec_.in->value + at;
      a.y = spec_.out->value + at;
      parameters_of(position, group, a.scale, a.shift, a.slope);
      if (drops) {
        a.rate = spec_.dropout;
        a.kept = kept_.data() + task * words(count);
        a.dropout = bits(step, spec_.dropout_stream, task);
      }
      if (spec_.activation.curve == kernels::Curve::rrelu && step.training) {
        a.random_slope = true;
        a.slopes = bits(step, spec_.slope_stream, task);
      }
      kernels::activate(a);
    });
  }

  void backward(const Step& step) override {
    const int groups = parts(step);
    const int used = groups == 1 ? 1 : step.backward_groups();
    const std::int64_t rows = groups == 1 ? step.backward_samples : step.group_size();
    const std::int64_t group_count = step.samples / groups * field().sample_stride();
    const std::int64_t count = rows * field().sample_stride();
    const bool drops = spec_.dropout > 0;
    const bool sums = spec_.normalize || (step.parameter_gradients &&
                                          ((spec_.bias != nullptr && !spec_.bias_cancels) || spec_.slope != nullptr));
    const std::int64_t total = std::int64_t{1} * positions() * groups;
    step.pool.run(std::int64_t{1} * positions() * used, [&](std::int64_t i, int) {
      const std::int64_t position = i / used;
      const std::int64_t group = i % used;
      const std::int64_t task = position * groups + group;
      const std::int64_t at = position * field().position_stride(step.samples) + group * group_count;
      kernels::ActivateBackward a{.f = spec_.activation, .count = count, .period = width_};
      if (!spec_.in_place) a.x = spec_.in->value + at;
      a.y = spec_.out->value + at;
      a.g = spec_.out->gradient + at;
      parameters_of(position, group, a.scale, a.shift, a.slope);
      if (drops) {
        a.rate = spec_.dropout;
        a.kept = kept_.data() + task * words(group_count);
      }
      if (sums) {
        a.sum = sums_.data() + task * width_;
        if (spec_.slope != nullptr) a.sum_slope = sums_.data() + (2 * total + task) * width_;
      }
      if (spec_.normalize) {
        a.centre = mean_.data() + statistic(position, group);
        a.inverse_deviation = inverse_.data() + statistic(position, group);
        a.sum_scaled = sums_.data() + (total + task) * width_;
      }
      kernels::activate_backward(a);
    });
    if (step.parameter_gradients && !spec_.normalize && spec_.bias != nullptr && !spec_.bias_cancels)
      fold(sums_.data(), groups, used, spec_.per_position, *spec_.bias);
    if (step.parameter_gradients && spec_.slope != nullptr) {
      fold(sums_.data() + 2 * total * width_, groups, used, spec_.slope_per_position, *spec_.slope);
    }
    if (spec_.normalize) normalize_backward(step, groups, used);
  }

  void parameters_changed() override {
    stale_ = true;
    expand(spec_.bias, spec_.per_position, shift_);
    expand(spec_.slope, spec_.slope_per_position, slope_);
  }

  void describe(std::vector<PassInfo>& out) const override {
    const std::string kernel = std::string("element-wise ") + kernels::level();
    out.push_back({spec_.network, nodes, "forward", spec_.normalize ? "moments, " + kernel : kernel, 0});
    out.push_back({spec_.network, nodes, "backward", spec_.normalize ? kernel + ", combine" : kernel, 0});
  }

 private:
  const Field& field() const { return *spec_.in; }
  int positions() const { return field().positions(); }
  // Groups matter to BatchNorm alone; anything else treats the samples as one.
  int parts(const Step& step) const { return spec_.normalize ? step.groups : 1; }

  // All positions have the same parameters and lie behind each other in whole patterns.
  bool same_everywhere(const Step& step) const {
    return !spec_.per_position && !spec_.slope_per_position && field().position_stride(step.samples) % width_ == 0;
  }

  void forward_at_once(const Step& step) {
    const std::int64_t position = field().position_stride(step.samples);
    const std::int64_t tasks = std::min<std::int64_t>(positions(), positions() * position / kAtOnce + 1);
    step.pool.run(tasks, [&](std::int64_t task, int) {
      const std::int64_t first = positions() * task / tasks;
      const std::int64_t last = positions() * (task + 1) / tasks;
      kernels::Activate a{.f = spec_.activation,
                          .x = spec_.in->value + first * position,
                          .y = spec_.out->value + first * position,
                          .count = (last - first) * position,
                          .period = width_};
      parameters_of(0, 0, a.scale, a.shift, a.slope);
      kernels::activate(a);
    });
  }

  static std::int64_t words(std::int64_t count) { return (count + 15) / 16; }
  std::int64_t statistic(std::int64_t position, std::int64_t group) const {
    return ((spec_.per_position ? position : 0) + group * (spec_.per_position ? positions() : 1)) * width_;
  }

  static kernels::RandomBits bits(const Step& step, std::uint32_t stream, std::int64_t block) {
    return {.seed = step.seed, .stream = stream, .step = step.number, .block = static_cast<std::uint32_t>(block)};
  }

  void reserve(const Step& step) {
    const std::int64_t groups = parts(step);
    const std::int64_t tasks = positions() * groups;
    if (step.training && sums_.size() < 3 * tasks * width_) sums_ = Buffer(3 * tasks * width_);
    if (spec_.normalize && mean_.size() < tasks * width_) {
      for (Buffer* b : {&mean_, &inverse_, &scale_, &shift_}) *b = Buffer(tasks * width_);
    }
    const std::int64_t kept = tasks * words(step.samples / groups * field().sample_stride());
    if (step.training && spec_.dropout > 0 && static_cast<std::int64_t>(kept_.size()) < kept)
      kept_.resize(static_cast<std::size_t>(kept));
  }

  // A parameter as the pattern that the kernels read: one value a column, thin channels repeated.
  void expand(const Parameter* parameter, bool per_position, Buffer& pattern) const {
    if (parameter == nullptr) return;
    const int blocks = per_position ? positions() : 1;
    if (pattern.size() == 0) pattern = Buffer(std::int64_t{1} * blocks * width_);
    for (int p = 0; p < blocks; ++p) {
      for (int i = 0; i < width_; ++i) {
        pattern.data()[p * width_ + i] =
            parameter->value.data()[p * field().sample_stride() + i % field().sample_stride()];
      }
    }
  }

  void parameters_of(std::int64_t position, std::int64_t group, const float*& scale, const float*& shift,
                     const float*& slope) const {
    if (spec_.normalize) {
      scale = scale_.data() + statistic(position, group);
      shift = shift_.data() + statistic(position, group);
    } else if (spec_.bias != nullptr) {
      shift = shift_.data() + (spec_.per_position ? position : 0) * width_;
    }
    if (spec_.slope != nullptr) slope = slope_.data() + (spec_.slope_per_position ? position : 0) * width_;
  }

  void batch_statistics(const Step& step) {
    const int groups = step.groups;
    const std::int64_t rows = step.group_size();
    const std::int64_t stride = field().position_stride(step.samples);
    Buffer& moments = sums_;  // [position][group][mean, squares]
    step.pool.run(std::int64_t{1} * positions() * groups, [&](std::int64_t task, int) {
      const float* x = spec_.in->value + task / groups * stride + task % groups * rows * width_;
      kernels::column_moments(x, rows, width_, moments.data() + 2 * task * width_,
                              moments.data() + (2 * task + 1) * width_);
    });
    // The last group first: D's real half lies behind its fakes, and Keras sees it first.
    const int blocks = spec_.per_position ? positions() : 1;
    const int merged = spec_.per_position ? 1 : positions();
    for (int group = groups - 1; group >= 0; --group) {
      for (int block = 0; block < blocks; ++block) {
        for (int c = 0; c < width_; ++c) {
          double mean = 0;
          double squares = 0;
          for (int i = 0; i < merged; ++i) {  // Chan et al. 1979
            const float* m = moments.data() + 2 * (std::int64_t{1} * (block + i) * groups + group) * width_ + c;
            const double delta = m[0] - mean;
            mean += delta / (i + 1);
            squares += m[width_] + delta * delta * static_cast<double>(rows) * i / (i + 1);
          }
          const double variance = squares / (static_cast<double>(rows) * merged);
          set_statistic(block, group, c, mean, variance);
          const std::int64_t at = std::int64_t{1} * block * width_ + c;
          update_running(spec_.norm.running_mean->value.data()[at], mean);
          update_running(spec_.norm.running_variance->value.data()[at], variance);
        }
      }
    }
  }

  void running_statistics() {
    if (!stale_) return;
    stale_ = false;
    const int blocks = spec_.per_position ? positions() : 1;
    for (int block = 0; block < blocks; ++block) {
      for (int c = 0; c < width_; ++c) {
        const std::int64_t at = std::int64_t{1} * block * width_ + c;
        set_statistic(block, 0, c, spec_.norm.running_mean->value.data()[at],
                      spec_.norm.running_variance->value.data()[at]);
      }
    }
  }

  void set_statistic(int block, int group, int c, double mean, double variance) {
    const std::int64_t parameter = std::int64_t{1} * block * width_ + c;
    const std::int64_t at = statistic(block, group) + c;
    const double inverse = 1 / std::sqrt(variance + spec_.norm.epsilon);
    const double scale = spec_.norm.weight->value.data()[parameter] * inverse;
    mean_.data()[at] = static_cast<float>(mean);
    inverse_.data()[at] = static_cast<float>(inverse);
    scale_.data()[at] = static_cast<float>(scale);
    shift_.data()[at] = static_cast<float>(spec_.norm.bias->value.data()[parameter] - mean * scale);
  }

  void update_running(float& running, double value) const {
    running = static_cast<float>(spec_.norm.momentum * running + (1 - spec_.norm.momentum) * value);
  }

  // Sums of the positions' (and groups') columns in order, and of the repeats of a thin channel, into a parameter's
  // gradient.
  void fold(const float* sums, int groups, int used, bool per_position, Parameter& parameter) const {
    const int stride = field().sample_stride();
    const int blocks = per_position ? positions() : 1;
    const int merged = per_position ? 1 : positions();
    for (int block = 0; block < blocks; ++block) {
      for (int c = 0; c < stride; ++c) {
        double total = 0;
        for (int i = 0; i < merged; ++i) {
          for (int group = 0; group < used; ++group) {
            const float* row = sums + (std::int64_t{1} * (block + i) * groups + group) * width_;
            for (int j = c; j < width_; j += stride) total += row[j];
          }
        }
        parameter.gradient.data()[block * stride + c] = c < field().channels ? static_cast<float>(total) : 0;
      }
    }
  }

  void normalize_backward(const Step& step, int groups, int used) {
    const std::int64_t total = std::int64_t{1} * positions() * groups;
    const int blocks = spec_.per_position ? positions() : 1;
    const int merged = spec_.per_position ? 1 : positions();
    const std::int64_t rows = step.group_size();
    const double count = static_cast<double>(rows) * merged;
    if (combine_.size() < 3 * total * width_) combine_ = Buffer(3 * total * width_);
    for (int block = 0; block < blocks; ++block) {
      for (int c = 0; c < width_; ++c) {
        double weight_gradient = 0;
        double bias_gradient = 0;
        for (int group = 0; group < used; ++group) {
          double sum = 0;
          double scaled = 0;
          for (int i = 0; i < merged; ++i) {
            const std::int64_t task = std::int64_t{1} * (block + i) * groups + group;
            sum += sums_.data()[task * width_ + c];
            scaled += sums_.data()[(total + task) * width_ + c];
          }
          weight_gradient += scaled;
          bias_gradient += sum;
          // g <- scale (g - sum / count - x^ scaled / count), written as a g + b (x - mean) + d.
          const std::int64_t at = statistic(block, group) + c;
          const double scale = scale_.data()[at];
          const double slope = -scale * scaled / count * inverse_.data()[at];
          combine_.data()[3 * (at - c) + c] = static_cast<float>(scale);
          combine_.data()[3 * (at - c) + width_ + c] = static_cast<float>(slope);
          combine_.data()[3 * (at - c) + 2 * width_ + c] = static_cast<float>(-scale * sum / count);
        }
        if (step.parameter_gradients) {
          const std::int64_t at = std::int64_t{1} * block * width_ + c;
          spec_.norm.weight->gradient.data()[at] = static_cast<float>(weight_gradient);
          spec_.norm.bias->gradient.data()[at] = static_cast<float>(bias_gradient);
        }
      }
    }
    const std::int64_t stride = field().position_stride(step.samples);
    step.pool.run(std::int64_t{1} * positions() * used, [&](std::int64_t i, int) {
      const std::int64_t position = i / used;
      const std::int64_t group = i % used;
      const std::int64_t at = position * stride + group * rows * width_;
      const float* c = combine_.data() + 3 * statistic(position, group);
      kernels::combine_columns(spec_.out->gradient + at, spec_.in->value + at, c, c + width_, c + 2 * width_,
                               mean_.data() + statistic(position, group), rows, width_);
    });
  }

  ActivationSpec spec_;
  int width_;
  Buffer scale_, shift_, slope_;  // patterns; with BatchNorm [group][position or 1][width]
  Buffer mean_, inverse_;         // BatchNorm, the same order
  Buffer sums_;                   // [plain, scaled, slope][position][group][width]
  Buffer combine_;                // [group][position or 1][a, b, d][width]
  std::vector<std::uint16_t> kept_;
  bool stale_ = true;  // in inference: scale and shift do not stand for the running statistics yet
};

}  // namespace

std::vector<std::int32_t> channel_places(const Field& field, bool per_position, std::int64_t& size) {
  const int stride = field.sample_stride();
  const int positions = per_position ? field.positions() : 1;
  size = (std::int64_t{1} * positions * stride + 15) / 16 * 16;
  std::vector<std::int32_t> places(static_cast<std::size_t>(positions) * field.channels);
  for (int c = 0; c < field.channels; ++c) {
    for (int p = 0; p < positions; ++p) places[static_cast<std::size_t>(c) * positions + p] = p * stride + c;
  }
  return places;
}

std::unique_ptr<Pass> make_activation(ActivationSpec spec) {
  return std::make_unique<ActivationPass>(std::move(spec));
}

}  // namespace ganymede::engine
