#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/thread_pool.hpp"
#include "engine/executor.hpp"
#include "engine/plan/field.hpp"
#include "engine/plan/parameter.hpp"
#include "engine/plan/pass_clock.hpp"

namespace ganymede::engine {

/// What a sample is of: one class, or between two of them. (1 - share) of the first, share of the second.
struct ClassMixture {
  std::int32_t first = 0, second = 0;
  float share = 0;  ///< strictly between 0 and 1, or 0: of the first alone
};

/// Some of a step's samples, one behind the other.
struct SampleRange {
  std::int64_t first = 0, count = 0;
};

/// The other shards of a batch, for a layer that takes statistics of all of it together with them.
class SharedStatistics {
 public:
  virtual ~SharedStatistics() = default;
  /// [count][mean, sum of squared distances from it, samples], of this shard's samples; then of the batch's.
  virtual void moments(std::span<double> values) = 0;
  /// Sums of gradients over this shard's samples; then the mean of the shards' sums, weighted with their samples.
  virtual void sums(std::span<double> values) = 0;
};

/// What a pass needs to know of the step it is part of.
struct Step {
  ThreadPool& pool;
  std::int64_t samples = 0;  ///< in every field
  std::int64_t first = 0;    ///< of these among all samples of the step, where they are some of them (SampleBlocks)
  int groups = 1;            ///< equal parts of the samples that BatchNorm takes statistics of: D's [fake; real]
  bool training = false;
  bool running_statistics = false;  ///< training: BatchNorm takes those, which stay as they are
  SharedStatistics* shared =
      nullptr;  ///< training: BatchNorm takes those of the batch that these samples are a shard of
  std::uint64_t seed = 0;
  std::uint32_t number = 0;
  std::span<const std::int32_t> classes;   ///< [samples]
  std::span<const std::int32_t> toward{};  ///< [samples] or none, with the shares: play::Inputs. Forward only.
  std::span<const float> shares{};
  std::span<const float> conditions{};  ///< [samples, K] of a network that has an input of role condition

  // Backward only.
  std::int64_t backward_samples = 0;  ///< the first so many samples have gradients (whole groups)
  bool parameter_gradients = true;
  std::int64_t input_samples = 0;  ///< so many of them down to the network's float inputs
  /// False: gradients of all fields, but of weights and biases only where somebody reads them. For tangents.
  bool weight_gradients = true;

  // Tangents only: what moves.
  bool parameter_direction = false;  ///< parameters, along Parameter::direction
  bool input_direction = false;      ///< float inputs, along their Field::value_tangent

  PassClock* clock = nullptr;  ///< where the time of the passes is wanted

  /// The work since the last mark was this, on so many samples.
  void mark(const void* worker, PassPart part, std::int64_t marked_samples) const {
    if (clock != nullptr) clock->mark(worker, part, marked_samples);
  }
  std::int64_t group_size() const { return samples / groups; }
  ClassMixture class_of(std::int64_t sample) const {
    const auto n = static_cast<std::size_t>(sample);
    if (toward.empty() || shares[n] == 0 || classes[n] == toward[n]) return {.first = classes[n]};
    if (shares[n] == 1) return {.first = toward[n]};
    return {.first = classes[n], .second = toward[n], .share = shares[n]};
  }
  int backward_groups() const { return static_cast<int>(backward_samples / group_size()); }
};

/// A piece of a compiled network: reads and writes fields, owns nothing but scratch. A pass that follows another of its
/// kind in time may rely on all of its predecessor's tasks having ended.
class Pass {
 public:
  virtual ~Pass() = default;
  virtual void forward(const Step& step) = 0;
  /// Gradient of the input fields and parameters from that of the output field. A pass that has both marks the end of
  /// its work on the parameters.
  virtual void backward(const Step& step) = 0;
  /// The tangents of what forward and backward compute, along the step's direction (Pearlmutter 1994): of the output's
  /// value; of the gradients of inputs and parameters, from that of the output's gradient. After forward and backward
  /// of the same samples, in a program compiled for tangents.
  virtual void forward_tangent(const Step& step);
  virtual void backward_tangent(const Step& step);
  /// The parameters have changed: packed copies are stale.
  virtual void parameters_changed() {}
  virtual void describe(std::vector<PassInfo>& out) const = 0;
  /// Adds what it draws in such a step, by node (play::Noise).
  virtual void noise(const Step&, NamedTensors&) const {}
  /// Of buffers of its own, packed weights among them.
  virtual std::int64_t bytes() const = 0;

  std::string nodes;  ///< the nodes it computes, joined by '+'
};

/// What lies before a field: whether its gradient is needed in a given step, and whether it moves.
struct GradientNeed {
  bool for_parameters = false;  ///< a trainable parameter lies before it
  bool for_inputs = false;      ///< a float input lies before it
  bool now(const Step& step) const {
    return (for_parameters && step.parameter_gradients) || (for_inputs && step.input_samples > 0);
  }
  /// Its values have a tangent that is not 0.
  bool moves(const Step& step) const {
    return (for_parameters && step.parameter_direction) || (for_inputs && step.input_direction);
  }
  /// The first so many samples need it.
  std::int64_t samples(const Step& step) const {
    return for_parameters && step.parameter_gradients ? step.backward_samples : step.input_samples;
  }
};

/// The three passes of a layer of products: forward, backward weights, and backward data where it is needed.
void describe_products(const std::string& network, const std::string& nodes, const std::string& kernel, double flops,
                       const GradientNeed& input_need, std::vector<PassInfo>& out);

/// Adds up `parts` rows of `count` floats in their order: out = rows[0] + rows[1] + ..., in double.
void reduce_rows(const float* rows, std::int64_t parts, std::int64_t row_stride, std::int64_t count, float* out);

}  // namespace ganymede::engine
