#pragma once

#include "engine/passes/activation_pass.hpp"

namespace ganymede::engine {

/// The BatchNorm of an activation group: statistics of each group of the batch (D's fakes and reals have their own),
/// and what becomes of the gradient because they depend on all samples.
///
/// How it works. Each position's columns give mean and squares, which are merged in the order of the positions (Chan et
/// al. 1979); from then on the layer is y = scale x + shift, which the activation's kernel does in passing. Backward,
/// that kernel sums g and g x^ over each column; the gradient of x is then a g + b (x - mean) + d with three numbers a
/// column. Statistics that are constants (Step::running_statistics) leave of these a alone.
class BatchNormPart {
 public:
  explicit BatchNormPart(const ActivationSpec& spec);

  void reserve(int groups);
  /// Training: from the batch; running statistics move. `moments` is scratch, [position][group][mean, squares].
  void batch_statistics(const Step& step, Buffer& moments);
  /// Inference, and a training step that says so.
  void running_statistics();
  void parameters_changed() { stale_ = true; }
  /// sums: [plain, scaled][position][group][width] of the kernel's backward pass, groups of them, `used` with
  /// gradients.
  void backward(const Step& step, int groups, int used, const Buffer& sums);

  std::int64_t bytes() const {
    return scale_.bytes() + shift_.bytes() + mean_.bytes() + inverse_.bytes() + combine_.bytes();
  }

  // Patterns of the kernels, [width].
  const float* scale(std::int64_t position, std::int64_t group) const {
    return scale_.data() + statistic(position, group);
  }
  const float* shift(std::int64_t position, std::int64_t group) const {
    return shift_.data() + statistic(position, group);
  }
  const float* mean(std::int64_t position, std::int64_t group) const {
    return mean_.data() + statistic(position, group);
  }
  const float* inverse(std::int64_t position, std::int64_t group) const {
    return inverse_.data() + statistic(position, group);
  }

 private:
  std::int64_t statistic(std::int64_t position, std::int64_t group) const;
  void set_statistic(int block, int group, int c, double mean, double variance);
  void update_running(float& running, double value) const;

  ActivationSpec::BatchNorm norm_;
  Field* in_;
  Field* out_;
  bool per_position_;
  int width_;
  Buffer scale_, shift_, mean_, inverse_;  // [group][position or 1][width]
  Buffer combine_;                         // [group][position or 1][a, b, d][width]
  bool stale_ = true;                      // in inference: scale and shift do not stand for the running statistics yet
};

}  // namespace ganymede::engine
