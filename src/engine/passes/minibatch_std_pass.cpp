#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "engine/passes/minibatch_std_pass.hpp"

namespace ganymede::engine {

// How it works. A task is a position: it takes mean and deviation of each of its channels over each part of the batch
// (D's fakes and reals) and adds the deviations up; the sums of the positions, added in their order, make the number of
// a part, which then stands in the last channel everywhere. Going backward its gradients are added up likewise, and
// each value takes its share. Plain loops in double.

namespace {

class MinibatchStdPass : public Pass {
 public:
  explicit MinibatchStdPass(MinibatchStdSpec spec) : spec_(std::move(spec)) { nodes = spec_.nodes; }

  void forward(const Step& step) override {
    const int groups = step.training ? step.groups : 1;
    statistics_.assign(static_cast<std::size_t>(groups), spec_.running_mean->value.data()[0]);
    if (step.training) take_statistics(step);
    const int channels = spec_.in->channels;
    const std::int64_t size = step.samples / groups;
    step.pool.run(spec_.in->positions(), [&](std::int64_t p, int) {
      for (std::int64_t n = 0; n < step.samples; ++n) {
        const float* from = in(spec_.in->value, step, p, n);
        float* to = out(spec_.out->value, step, p, n);
        std::memcpy(to, from, static_cast<std::size_t>(channels) * sizeof(float));
        std::memset(to + channels, 0, static_cast<std::size_t>(spec_.out->sample_stride() - channels) * sizeof(float));
        to[channels] = static_cast<float>(statistics_[static_cast<std::size_t>(n / size)]);
      }
    });
  }

  void backward(const Step& step) override {
    if (!spec_.need.now(step)) return;
    const int channels = spec_.in->channels;
    const std::int64_t size = step.group_size();
    std::vector<double> totals(static_cast<std::size_t>(step.backward_groups()));
    for (std::size_t g = 0; g < totals.size(); ++g) {
      for (int p = 0; p < spec_.in->positions(); ++p) {
        for (std::int64_t n = 0; n < size; ++n)
          totals[g] += out(spec_.out->gradient, step, p, static_cast<std::int64_t>(g) * size + n)[channels];
      }
    }
    step.pool.run(spec_.in->positions(), [&](std::int64_t p, int) {
      for (std::int64_t n = 0; n < step.backward_samples; ++n) {
        const std::int64_t g = n / size;
        const float* x = in(spec_.in->value, step, p, n);
        const float* from = out(spec_.out->gradient, step, p, n);
        float* to = in(spec_.in->gradient, step, p, n);
        const double* mean = moments(g, p);
        const double* deviation = mean + channels;
        const double total = totals[static_cast<std::size_t>(g)], values = features();
        for (int c = 0; c < channels; ++c) {
          const double slope = (x[c] - mean[c]) / (static_cast<double>(size) * deviation[c] * values);
          to[c] = static_cast<float>(from[c] + total * slope);
        }
        std::memset(to + channels, 0, static_cast<std::size_t>(spec_.in->sample_stride() - channels) * sizeof(float));
      }
    });
  }

  void describe(std::vector<PassInfo>& info) const override {
    info.push_back({spec_.network, nodes, "forward, backward", "plain loops", 0});
  }
  std::int64_t bytes() const override {
    return static_cast<std::int64_t>((moments_.size() + statistics_.size()) * sizeof(double));
  }

 private:
  /// Of a part at a position: the means of its channels, then their deviations.
  double* moments(std::int64_t part, std::int64_t p) {
    return moments_.data() + (part * spec_.in->positions() + p) * 2 * spec_.in->channels;
  }
  double features() const { return static_cast<double>(spec_.in->features()); }
  float* in(float* base, const Step& step, std::int64_t p, std::int64_t n) const {
    return base + p * spec_.in->position_stride(step.samples) + n * spec_.in->sample_stride();
  }
  float* out(float* base, const Step& step, std::int64_t p, std::int64_t n) const {
    return base + p * spec_.out->position_stride(step.samples) + n * spec_.out->sample_stride();
  }

  void take_statistics(const Step& step) {
    const int channels = spec_.in->channels, positions = spec_.in->positions();
    const std::int64_t size = step.group_size();
    moments_.resize(static_cast<std::size_t>(2 * step.groups) * positions * channels);
    std::vector<double> sums(static_cast<std::size_t>(step.groups) * positions);
    step.pool.run(positions, [&](std::int64_t p, int) {
      for (std::int64_t g = 0; g < step.groups; ++g) {
        // Sample after sample, all channels at once: sums in the order of the samples.
        double* mean = moments(g, p);
        double* deviation = mean + channels;
        std::fill_n(mean, 2 * channels, 0.0);
        for (std::int64_t n = g * size; n < (g + 1) * size; ++n) {
          const float* x = in(spec_.in->value, step, p, n);
          for (int c = 0; c < channels; ++c) mean[c] += x[c];
        }
        for (int c = 0; c < channels; ++c) mean[c] /= static_cast<double>(size);
        for (std::int64_t n = g * size; n < (g + 1) * size; ++n) {
          const float* x = in(spec_.in->value, step, p, n);
          for (int c = 0; c < channels; ++c) deviation[c] += (x[c] - mean[c]) * (x[c] - mean[c]);
        }
        double sum = 0;
        for (int c = 0; c < channels; ++c) {
          deviation[c] = std::sqrt(deviation[c] / static_cast<double>(size) + spec_.epsilon);
          sum += deviation[c];
        }
        sums[static_cast<std::size_t>(g * positions + p)] = sum;
      }
    });
    float& running = spec_.running_mean->value.data()[0];
    for (int g = step.groups - 1; g >= 0; --g) {  // the reals first, as BatchNorm
      double sum = 0;
      for (int p = 0; p < positions; ++p) sum += sums[static_cast<std::size_t>(g * positions + p)];
      statistics_[static_cast<std::size_t>(g)] = sum / features();
      running = static_cast<float>(spec_.momentum * running + (1 - spec_.momentum) * sum / features());
    }
  }

  MinibatchStdSpec spec_;
  std::vector<double> moments_;     // [part][position][mean, deviation][channel]
  std::vector<double> statistics_;  // [part]
};

}  // namespace

std::unique_ptr<Pass> make_minibatch_std(MinibatchStdSpec spec) {
  return std::make_unique<MinibatchStdPass>(std::move(spec));
}

}  // namespace ganymede::engine
