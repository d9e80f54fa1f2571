#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "fit/samples.hpp"
#include "play/backend.hpp"

namespace ganymede::fit {

enum class LearningRateSchedule {
  constant,
  cosine  ///< rate(t) = rate (f + (1 - f) (1 + cos(pi t / T)) / 2), T steps, f = FitOptions::final_rate
};

/// How a classifier is fitted. Exactly one of `epochs` and `steps` is above 0.
struct FitOptions {
  int epochs = 0;
  std::int64_t steps = 0;
  int batch = 128;
  play::Optimizer optimizer{.learning_rate = 2e-3};
  LearningRateSchedule schedule = LearningRateSchedule::cosine;
  double final_rate = 0.01;  ///< the last step's share of the first one's rate
  /// Pictures move by 0 .. shift pixels up or down and left or right, drawn anew each epoch; their edge is repeated.
  int shift = 0;
  double noise = 0;                 ///< sigma of Gaussian noise on every value, drawn anew each epoch
  std::int64_t validate_every = 0;  ///< steps; 0: at the end of every epoch. The last step is always followed by one
  std::uint64_t seed = 1;           ///< of weights, order, shifts, noise and dropout
  int threads = 0;                  ///< 0: physical cores; changes no bit
  play::Precision precision = play::Precision::f32;
};

/// What validation found, in inference mode.
struct Evaluation {
  double loss = 0;          ///< mean cross-entropy, nats
  std::int64_t errors = 0;  ///< samples whose largest logit is not that of their class
  std::int64_t count = 0;
  std::vector<std::int64_t> class_errors;  ///< [K], of one logit [2]
  std::vector<std::int64_t> class_counts;
  double error_rate() const { return count > 0 ? static_cast<double>(errors) / static_cast<double>(count) : 0; }
};

/// One point of the training and validation curves.
struct CurvePoint {
  std::int64_t step = 0;      ///< updates so far
  double epoch = 0;           ///< passes over the training data so far
  double train_loss = 0;      ///< mean over the samples since the last point, in training mode
  double train_accuracy = 0;  ///< likewise
  Evaluation validation;
};

struct FitProgress {
  std::int64_t step = 0;  ///< done
  std::int64_t steps = 0;
  double epoch = 0;
  double loss = 0;                    ///< of the last batch
  const CurvePoint* point = nullptr;  ///< the last point of the curve, null before the first
};
/// Called after every step; false stops the fit there.
using OnProgress = std::function<bool(const FitProgress&)>;

/// All that a stopped fit needs to go on.
struct FitState {
  NamedTensors tensors;   ///< play::ClassifierTrainer::state
  std::int64_t step = 0;  ///< done
  std::vector<CurvePoint> curve;
  double loss_sum = 0;  ///< over the samples since the last point
  double right_sum = 0;
  std::int64_t seen = 0;
};

struct FitResult {
  NamedTensors parameters;  ///< "classifier.<parameter>", for play::Model::load
  std::vector<CurvePoint> curve;
  std::int64_t steps = 0;  ///< done
  bool finished = true;    ///< false: on_progress stopped it
  FitState state;          ///< to go on from
  double seconds = 0;      ///< of this call, validation included
  std::string plan;        ///< arithmetic
};

/// Steps of a whole fit of `count` samples. @throws ConfigError unless exactly one of epochs and steps is above 0.
std::int64_t steps_of(const FitOptions& options, std::int64_t count);

/// The learning rate of update t = 0 .. steps-1.
double learning_rate(const FitOptions& options, std::int64_t t, std::int64_t steps);

/// Fits a network from fresh weights (Glorot uniform of `seed`), or from a state that a fit of the same arguments left.
/// Batches: data::epoch_order; shifts and noise from the streams "fit.shift" and "fit.noise" (step = epoch, index =
/// sample). Same arguments, same bits, whatever the number of threads and stops. Without validation samples the curve
/// holds training values alone.
/// @throws ShapeError if the network's input does not hold as many values as a sample; ConfigError for options out of
/// range; play::NonFiniteError.
FitResult fit(const play::Backend& backend, const net::Network& network, const Samples& train,
              const Samples& validation, const FitOptions& options, const OnProgress& on_progress = {},
              const FitState* from = nullptr);

/// The class of each row of logits [N, K]: that of the largest (the first of equals); of one logit 1 where it is above
/// 0.
std::vector<std::int32_t> labels_of(const Tensor& logits);

/// Loss and errors from logits that `infer` gives for values [n, ...], `piece` samples at a time.
Evaluation evaluate(const Samples& samples, const std::function<Tensor(const play::Inputs&)>& infer,
                    std::int64_t piece = 1024);

}  // namespace ganymede::fit
