#include "engine/passes/activation_pass.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/passes/batch_norm_part.hpp"
#include "kernels/activation_tangent.hpp"
#include "kernels/level.hpp"

namespace ganymede::engine {

// How it works. A group of element-wise layers in one pass over memory: [bias or BatchNorm,] activation, dropout.
// Scale, shift and slopes become patterns of one value a column; a task is one position (and group of the batch), for
// which one kernel does everything in registers. In inference, where all positions have the same patterns, a task takes
// several. Where the activation's slope follows from its output, and nobody else wants the input's values, the output
// takes their place. Dropout keeps one bit an element; what was drawn follows from (seed, stream, step, task, element)
// alone, so no order of tasks matters. Backward makes the gradient of the input in place of the output's, and in
// passing the sums for each position that bias, slopes and BatchNorm (batch_norm_part.hpp) need; these are added up in
// order. In a program for tangents nothing takes another's place, since the tangents read it all again.

namespace {

constexpr std::int64_t kAtOnce = 8192;  // floats of one task, where positions may be joined

// Kept bits of all groups lie behind each other: [position][group][16 elements].
class ActivationPass : public Pass {
 public:
  explicit ActivationPass(ActivationSpec spec) : spec_(std::move(spec)), width_(spec_.in->period()) {
    nodes = spec_.nodes;
    if (spec_.normalize) norm_.emplace(spec_);
  }

  void forward(const Step& step) override {
    reserve(step);
    if (spec_.normalize) {
      if (step.training && !step.running_statistics) {
        norm_->batch_statistics(step, sums_);
      } else {
        norm_->running_statistics();
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
    const bool wanted = step.parameter_gradients && step.weight_gradients;
    const bool sums =
        spec_.normalize || (wanted && ((spec_.bias != nullptr && !spec_.bias_cancels) || spec_.slope != nullptr));
    const std::int64_t total = std::int64_t{1} * positions() * groups;
    step.pool.run(std::int64_t{1} * positions() * used, [&](std::int64_t i, int) {
      const std::int64_t position = i / used;
      const std::int64_t group = i % used;
      const std::int64_t task = position * groups + group;
      const std::int64_t at = position * field().position_stride(step.samples) + group * group_count;
      kernels::ActivateBackward a{.f = spec_.activation, .count = count, .period = width_};
      if (!spec_.in_place) a.x = spec_.in->value + at;
      a.y = spec_.out->value + at;
      a.g = spec_.in->gradient + at;
      a.from = spec_.out->gradient + at;
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
        a.centre = norm_->mean(position, group);
        a.inverse_deviation = norm_->inverse(position, group);
        a.sum_scaled = sums_.data() + (total + task) * width_;
      }
      kernels::activate_backward(a);
    });
    if (wanted && !spec_.normalize && spec_.bias != nullptr && !spec_.bias_cancels)
      fold(sums_.data(), groups, used, spec_.per_position, spec_.bias->gradient);
    if (wanted && spec_.slope != nullptr) {
      fold(sums_.data() + 2 * total * width_, groups, used, spec_.slope_per_position, spec_.slope->gradient);
    }
    if (spec_.normalize) norm_->backward(step, groups, used, sums_);
  }

  void forward_tangent(const Step& step) override {
    if (step.parameter_direction) {
      if (spec_.bias != nullptr) expand(spec_.bias->direction, spec_.per_position, shift_tangent_);
      if (spec_.slope != nullptr) expand(spec_.slope->direction, spec_.slope_per_position, slope_tangent_);
    }
    step.pool.run(positions(), [&](std::int64_t position, int) {
      kernels::activate_tangent(tangent_at(step, position, step.samples * field().sample_stride()));
    });
  }

  void backward_tangent(const Step& step) override {
    const std::int64_t count = step.backward_samples * field().sample_stride();
    step.pool.run(positions(), [&](std::int64_t position, int) {
      const std::int64_t at = position * field().position_stride(step.samples);
      kernels::activate_backward_tangent(
          {.forward = tangent_at(step, position, count),
           .g = spec_.out->gradient + at,
           .g_tangent = spec_.in->gradient_tangent + at,
           .from = spec_.out->gradient_tangent + at,
           .sum = sums_.data() + position * width_,
           .sum_slope = spec_.slope != nullptr ? sums_.data() + (2 * positions() + position) * width_ : nullptr});
    });
    if (!step.parameter_gradients) return;
    if (spec_.bias != nullptr) fold(sums_.data(), 1, 1, spec_.per_position, spec_.bias->gradient_tangent);
    if (spec_.slope != nullptr) {
      fold(sums_.data() + std::int64_t{2} * positions() * width_, 1, 1, spec_.slope_per_position,
           spec_.slope->gradient_tangent);
    }
  }

  void parameters_changed() override {
    if (norm_) norm_->parameters_changed();
    if (spec_.bias != nullptr) expand(spec_.bias->value, spec_.per_position, shift_);
    if (spec_.slope != nullptr) expand(spec_.slope->value, spec_.slope_per_position, slope_);
  }

  std::int64_t bytes() const override {
    return (norm_ ? norm_->bytes() : 0) + shift_.bytes() + slope_.bytes() + shift_tangent_.bytes() +
           slope_tangent_.bytes() + sums_.bytes() + static_cast<std::int64_t>(kept_.size() * sizeof(kept_[0]));
  }

  void describe(std::vector<PassInfo>& out) const override {
    const std::string kernel = std::string("element-wise ") + kernels::level();
    out.push_back({spec_.network, nodes, "forward", spec_.normalize ? "moments, " + kernel : kernel, 0});
    out.push_back({spec_.network, nodes, "backward", spec_.normalize ? kernel + ", combine" : kernel, 0});
  }

  // The kernel itself draws: of ones through dropout alone, of minus ones through rrelu alone.
  void noise(const Step& step, NamedTensors& into) const override {
    if (spec_.dropout > 0) {
      into[spec_.dropout_node] = drawn(step, 1, [&](kernels::Activate& a, std::int64_t task) {
        a.rate = spec_.dropout;
        a.dropout = bits(step, spec_.dropout_stream, task);
      });
    }
    if (spec_.activation.curve == kernels::Curve::rrelu) {
      into[spec_.slope_node] = drawn(step, -1, [&](kernels::Activate& a, std::int64_t task) {
        a.f = spec_.activation;
        a.random_slope = true;
        a.slopes = bits(step, spec_.slope_stream, task);
      });
    }
  }

 private:
  template <class F>
  Tensor drawn(const Step& step, float of, const F& set) const {
    const int groups = parts(step);
    const std::int64_t count = step.samples / groups * field().sample_stride();
    Buffer values(field().size(step.samples) + 16), ones(count + 16);
    std::fill_n(ones.data(), ones.size(), of);
    std::vector<std::uint16_t> kept(static_cast<std::size_t>(words(count)));
    for (std::int64_t task = 0; task < std::int64_t{1} * positions() * groups; ++task) {
      kernels::Activate a{.x = ones.data(), .count = count, .period = width_, .kept = kept.data()};
      a.y = values.data() + task / groups * field().position_stride(step.samples) + task % groups * count;
      set(a, task);
      kernels::activate(a);
    }
    Tensor tensor(DType::f32, {step.samples, field().features()});
    const std::span<float> out = tensor.values<float>();
    gather_samples(field(), values.data(), step.samples, 0, step.samples, out.data());
    for (float& v : out) v *= of;
    return tensor;
  }

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

  // Of samples within a batch (Step::first, whole groups of 128 elements): those that they have in it.
  kernels::RandomBits bits(const Step& step, std::uint32_t stream, std::int64_t block) const {
    return {.seed = step.seed,
            .stream = stream,
            .step = step.number,
            .block = static_cast<std::uint32_t>(block),
            .first = static_cast<std::uint32_t>(step.first * field().sample_stride() / 128)};
  }

  void reserve(const Step& step) {
    const std::int64_t groups = parts(step);
    const std::int64_t tasks = positions() * groups;
    if (step.training && sums_.size() < 3 * tasks * width_) sums_ = Buffer(3 * tasks * width_);
    if (spec_.normalize) norm_->reserve(parts(step));
    const std::int64_t kept = tasks * words(step.samples / groups * field().sample_stride());
    if (step.training && spec_.dropout > 0 && static_cast<std::int64_t>(kept_.size()) < kept)
      kept_.resize(static_cast<std::size_t>(kept));
  }

  // A parameter as the pattern that the kernels read: one value a column, thin channels repeated.
  void expand(const Buffer& values, bool per_position, Buffer& pattern) const {
    const int blocks = per_position ? positions() : 1;
    if (pattern.size() == 0) pattern = Buffer(std::int64_t{1} * blocks * width_);
    if (width_ == field().sample_stride()) {
      std::copy_n(values.data(), std::int64_t{1} * blocks * width_, pattern.data());
      return;
    }
    for (int p = 0; p < blocks; ++p) {
      for (int i = 0; i < width_; ++i) {
        pattern.data()[p * width_ + i] = values.data()[p * field().sample_stride() + i % field().sample_stride()];
      }
    }
  }

  void parameters_of(std::int64_t position, std::int64_t group, const float*& scale, const float*& shift,
                     const float*& slope) const {
    if (spec_.normalize) {
      scale = norm_->scale(position, group);
      shift = norm_->shift(position, group);
    } else if (spec_.bias != nullptr) {
      shift = shift_.data() + (spec_.per_position ? position : 0) * width_;
    }
    if (spec_.slope != nullptr) slope = slope_.data() + (spec_.slope_per_position ? position : 0) * width_;
  }

  // What both tangents read at one position.
  kernels::ActivateTangent tangent_at(const Step& step, std::int64_t position, std::int64_t count) const {
    const std::int64_t at = position * field().position_stride(step.samples);
    kernels::ActivateTangent a{.f = spec_.activation,
                               .x = spec_.in->value + at,
                               .y = spec_.out->value + at,
                               .x_tangent = spec_.in->value_tangent + at,
                               .y_tangent = spec_.out->value_tangent + at,
                               .count = count,
                               .period = width_};
    const float* scale = nullptr;
    parameters_of(position, 0, scale, a.shift, a.slope);
    const std::int64_t bias_at = (spec_.per_position ? position : 0) * width_;
    const std::int64_t slope_at = (spec_.slope_per_position ? position : 0) * width_;
    if (step.parameter_direction && spec_.bias != nullptr) a.shift_tangent = shift_tangent_.data() + bias_at;
    if (step.parameter_direction && spec_.slope != nullptr) a.slope_tangent = slope_tangent_.data() + slope_at;
    if (spec_.dropout > 0) {
      a.rate = spec_.dropout;
      a.kept = kept_.data() + position * words(step.samples * field().sample_stride());
    }
    return a;
  }

  // Sums of the positions' (and groups') columns in order, and of the repeats of a thin channel, into a parameter's
  // gradient or its tangent.
  void fold(const float* sums, int groups, int used, bool per_position, Buffer& into) const {
    const int stride = field().sample_stride();
    const int blocks = per_position ? positions() : 1;
    const int merged = per_position ? 1 : positions();
    if (merged * used == 1 && groups == 1 && width_ == stride && field().channels == stride) {  // nothing to add up
      for (std::int64_t i = 0; i < std::int64_t{1} * blocks * width_; ++i) into.data()[i] = sums[i] + 0.0F;
      return;
    }
    for (int block = 0; block < blocks; ++block) {
      for (int c = 0; c < stride; ++c) {
        double total = 0;
        for (int i = 0; i < merged; ++i) {
          for (int group = 0; group < used; ++group) {
            const float* row = sums + (std::int64_t{1} * (block + i) * groups + group) * width_;
            for (int j = c; j < width_; j += stride) total += row[j];
          }
        }
        into.data()[block * stride + c] = c < field().channels ? static_cast<float>(total) : 0;
      }
    }
  }

  ActivationSpec spec_;
  int width_;
  std::optional<BatchNormPart> norm_;
  Buffer shift_, slope_;  // patterns of the bias and of prelu's slopes
  Buffer shift_tangent_, slope_tangent_;
  Buffer sums_;  // [plain, scaled, slope][position][group][width]
  std::vector<std::uint16_t> kept_;
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
