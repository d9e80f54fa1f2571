#include "engine/passes/batch_norm_part.hpp"

#include <cmath>
#include <vector>

#include "kernels/normalize.hpp"

namespace ganymede::engine {

BatchNormPart::BatchNormPart(const ActivationSpec& spec)
    : norm_(spec.norm), in_(spec.in), out_(spec.out), per_position_(spec.per_position), width_(spec.in->period()) {}

void BatchNormPart::reserve(int groups) {
  const std::int64_t size = std::int64_t{1} * in_->positions() * groups * width_;
  if (mean_.size() >= size) return;
  for (Buffer* b : {&mean_, &inverse_, &scale_, &shift_}) *b = Buffer(size);
}

std::int64_t BatchNormPart::statistic(std::int64_t position, std::int64_t group) const {
  return ((per_position_ ? position : 0) + group * (per_position_ ? in_->positions() : 1)) * width_;
}

void BatchNormPart::batch_statistics(const Step& step, Buffer& moments) {
  const int groups = step.groups;
  const std::int64_t rows = step.group_size();
  const std::int64_t stride = in_->position_stride(step.samples);
  step.pool.run(std::int64_t{1} * in_->positions() * groups, [&](std::int64_t task, int) {
    const float* x = in_->value + task / groups * stride + task % groups * rows * width_;
    kernels::column_moments(x, rows, width_, moments.data() + 2 * task * width_,
                            moments.data() + (2 * task + 1) * width_);
  });
  const int blocks = per_position_ ? in_->positions() : 1;
  const int merged = per_position_ ? 1 : in_->positions();
  const auto at = [&](int group, int block, int c) {
    return 3 * ((static_cast<std::size_t>(group) * blocks + block) * width_ + c);
  };
  std::vector<double> found(at(groups, 0, 0));  // mean, squares and count of each column
  for (int group = 0; group < groups; ++group) {
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
        double* const of_column = found.data() + at(group, block, c);
        of_column[0] = mean;
        of_column[1] = squares;
        of_column[2] = static_cast<double>(rows) * merged;
      }
    }
  }
  if (step.shared != nullptr) step.shared->moments(found);
  // The last group first: D's real half lies behind its fakes, and Keras sees it first.
  for (int group = groups - 1; group >= 0; --group) {
    for (int block = 0; block < blocks; ++block) {
      for (int c = 0; c < width_; ++c) {
        const double* const of_column = found.data() + at(group, block, c);
        const double mean = of_column[0], variance = of_column[1] / of_column[2];
        set_statistic(block, group, c, mean, variance);
        const std::int64_t parameter = std::int64_t{1} * block * width_ + c;
        update_running(norm_.running_mean->value.data()[parameter], mean);
        update_running(norm_.running_variance->value.data()[parameter], variance);
      }
    }
  }
}

void BatchNormPart::running_statistics() {
  if (!stale_) return;
  stale_ = false;
  const int blocks = per_position_ ? in_->positions() : 1;
  for (int block = 0; block < blocks; ++block) {
    for (int c = 0; c < width_; ++c) {
      const std::int64_t at = std::int64_t{1} * block * width_ + c;
      set_statistic(block, 0, c, norm_.running_mean->value.data()[at], norm_.running_variance->value.data()[at]);
    }
  }
}

void BatchNormPart::set_statistic(int block, int group, int c, double mean, double variance) {
  const std::int64_t parameter = std::int64_t{1} * block * width_ + c;
  const std::int64_t at = statistic(block, group) + c;
  const double inverse = 1 / std::sqrt(variance + norm_.epsilon);
  const double scale = norm_.weight->value.data()[parameter] * inverse;
  mean_.data()[at] = static_cast<float>(mean);
  inverse_.data()[at] = static_cast<float>(inverse);
  scale_.data()[at] = static_cast<float>(scale);
  shift_.data()[at] = static_cast<float>(norm_.bias->value.data()[parameter] - mean * scale);
}

void BatchNormPart::update_running(float& running, double value) const {
  running = static_cast<float>(norm_.momentum * running + (1 - norm_.momentum) * value);
}

void BatchNormPart::backward(const Step& step, int groups, int used, const Buffer& sums) {
  const std::int64_t total = std::int64_t{1} * in_->positions() * groups;
  const int blocks = per_position_ ? in_->positions() : 1;
  const int merged = per_position_ ? 1 : in_->positions();
  const std::int64_t rows = step.group_size();
  const double count = static_cast<double>(rows) * merged;
  if (combine_.size() < 3 * total * width_) combine_ = Buffer(3 * total * width_);
  const auto place = [&](int block, int c, int group) {
    return 2 * ((static_cast<std::size_t>(block) * width_ + c) * used + group);
  };
  std::vector<double> found(place(blocks, 0, 0));  // sums of each column: plain, scaled
  for (int block = 0; block < blocks; ++block) {
    for (int c = 0; c < width_; ++c) {
      for (int group = 0; group < used; ++group) {
        double sum = 0;
        double scaled = 0;
        for (int i = 0; i < merged; ++i) {
          const std::int64_t task = std::int64_t{1} * (block + i) * groups + group;
          sum += sums.data()[task * width_ + c];
          scaled += sums.data()[(total + task) * width_ + c];
        }
        found[place(block, c, group)] = sum;
        found[place(block, c, group) + 1] = scaled;
      }
    }
  }
  if (step.parameter_gradients) {  // of this shard's samples alone, where they are one
    for (int block = 0; block < blocks; ++block) {
      for (int c = 0; c < width_; ++c) {
        double weight_gradient = 0;
        double bias_gradient = 0;
        for (int group = 0; group < used; ++group) {
          bias_gradient += found[place(block, c, group)];
          weight_gradient += found[place(block, c, group) + 1];
        }
        const std::int64_t at = std::int64_t{1} * block * width_ + c;
        norm_.weight->gradient.data()[at] = static_cast<float>(weight_gradient);
        norm_.bias->gradient.data()[at] = static_cast<float>(bias_gradient);
      }
    }
  }
  if (step.shared != nullptr) step.shared->sums(found);
  for (int block = 0; block < blocks; ++block) {
    for (int c = 0; c < width_; ++c) {
      for (int group = 0; group < used; ++group) {
        const double sum = found[place(block, c, group)], scaled = found[place(block, c, group) + 1];
        // g <- scale (g - sum / count - x^ scaled / count), written as a g + b (x - mean) + d. Of a shard `count` is
        // its own: its gradients are those of its own mean loss, which the batch's weighs with its share of samples.
        const std::int64_t at = statistic(block, group) + c;
        const double scale = scale_.data()[at];
        const double slope = step.running_statistics ? 0 : -scale * scaled / count * inverse_.data()[at];
        combine_.data()[3 * (at - c) + c] = static_cast<float>(scale);
        combine_.data()[3 * (at - c) + width_ + c] = static_cast<float>(slope);
        combine_.data()[3 * (at - c) + 2 * width_ + c] =
            step.running_statistics ? 0 : static_cast<float>(-scale * sum / count);
      }
    }
  }
  const std::int64_t stride = in_->position_stride(step.samples);
  step.pool.run(std::int64_t{1} * in_->positions() * used, [&](std::int64_t i, int) {
    const std::int64_t position = i / used;
    const std::int64_t group = i % used;
    const std::int64_t at = position * stride + group * rows * width_;
    const float* c = combine_.data() + 3 * statistic(position, group);
    kernels::combine_columns(out_->gradient + at, in_->value + at, c, c + width_, c + 2 * width_,
                             mean_.data() + statistic(position, group), rows, width_);
  });
}

}  // namespace ganymede::engine
