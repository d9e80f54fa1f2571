#include "fit/fit.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "base/error.hpp"
#include "base/portable_math.hpp"
#include "data/batches.hpp"
#include "fit/augment.hpp"

namespace ganymede::fit {
namespace {

void check(const net::Network& network, const Samples& train, const Samples& validation, const FitOptions& options) {
  if (options.batch < 1) fail<ConfigError>("fit: wanted a batch of at least 1, found {}", options.batch);
  if (options.shift < 0 || !(options.noise >= 0))
    fail<ConfigError>("fit: shift and noise must not be negative, found {} and {}", options.shift, options.noise);
  if (train.count < 1) fail<DataError>("fit: there are no samples to learn from");
  if (validation.count > 0 && validation.shape != train.shape) {
    fail<ShapeError>("fit: samples to learn from are {}, those to validate with {}", to_string(train.shape),
                     to_string(validation.shape));
  }
  const auto& input = std::get<net::Input>(network.nodes.front().layer);
  if (element_count(input.shape) != train.values_per_sample()) {
    fail<ShapeError>("fit: the network {} takes {} and a sample is {}", network.name, to_string(input.shape),
                     to_string(train.shape));
  }
}

// Batches of shuffled, moved and noisy samples.
class Batcher {
 public:
  Batcher(const Samples& samples, const FitOptions& options)
      : samples_(samples),
        options_(options),
        plan_{samples.count, std::min<std::int64_t>(options.batch, samples.count), data::LastBatch::keep} {
    values_.resize(static_cast<std::size_t>(plan_.batch * samples.values_per_sample()));
    labels_.resize(static_cast<std::size_t>(plan_.batch));
  }

  std::int64_t batches() const { return plan_.batches(); }

  play::LabelledBatch fill(std::int64_t step) {
    const std::int64_t epoch = step / batches();
    const std::int64_t b = step % batches();
    if (epoch != epoch_) {
      order_ = data::epoch_order(samples_.count, options_.seed, epoch);
      epoch_ = epoch;
    }
    const std::int64_t n = plan_.size_of(b);
    const auto size = static_cast<std::size_t>(samples_.values_per_sample());
    for (std::int64_t k = 0; k < n; ++k) {
      const std::uint32_t i = order_[static_cast<std::size_t>(b * plan_.batch + k)];
      const auto out = std::span(values_).subspan(static_cast<std::size_t>(k) * size, size);
      samples_.copy(i, out);
      if (options_.shift > 0) shift_picture(out, samples_.shape, shift_of(options_.shift, options_.seed, epoch, i));
      if (options_.noise > 0) add_noise(out, options_.noise, options_.seed, epoch, i);
      labels_[static_cast<std::size_t>(k)] = samples_.labels[i];
    }
    return {.count = n,
            .values = std::span(values_).first(static_cast<std::size_t>(n) * size),
            .labels = std::span(labels_).first(static_cast<std::size_t>(n)),
            .step = static_cast<std::uint32_t>(step)};
  }

 private:
  const Samples& samples_;
  const FitOptions& options_;
  data::BatchPlan plan_;
  std::int64_t epoch_ = -1;
  std::vector<std::uint32_t> order_;
  std::vector<float> values_;
  std::vector<std::int32_t> labels_;
};

}  // namespace

std::int64_t steps_of(const FitOptions& options, std::int64_t count) {
  if ((options.epochs > 0) == (options.steps > 0) || options.epochs < 0 || options.steps < 0) {
    fail<ConfigError>("fit: wanted either epochs or steps above 0, found {} epochs and {} steps", options.epochs,
                      options.steps);
  }
  return options.steps > 0 ? options.steps : options.epochs * ((count + options.batch - 1) / options.batch);
}

double learning_rate(const FitOptions& options, std::int64_t t, std::int64_t steps) {
  const double rate = options.optimizer.learning_rate;
  if (options.schedule == LearningRateSchedule::constant || steps < 2) return rate;
  double sine = 0, cosine = 0;
  portable_sincos_turn(0.5 * static_cast<double>(t) / static_cast<double>(steps - 1), sine, cosine);
  return rate * (options.final_rate + (1 - options.final_rate) * 0.5 * (1 + cosine));
}

FitResult fit(const play::Backend& backend, const net::Network& network, const Samples& train,
              const Samples& validation, const FitOptions& options, const OnProgress& on_progress,
              const FitState* from) {
  check(network, train, validation, options);
  const auto begin = std::chrono::steady_clock::now();
  Batcher batches(train, options);
  const std::int64_t steps = steps_of(options, train.count);
  const std::int64_t every = options.validate_every > 0 ? options.validate_every : batches.batches();
  const auto trainer = backend.make_classifier_trainer(
      network, {.optimizer = options.optimizer,
                .batch = static_cast<int>(std::min<std::int64_t>(options.batch, train.count)),
                .threads = options.threads,
                .precision = options.precision,
                .seed = options.seed});
  FitState state = from != nullptr ? *from : FitState{.tensors = net::initialise(network, options.seed)};
  trainer->set_state(state.tensors);

  bool go_on = true;
  while (state.step < steps && go_on) {
    const play::LabelledBatch batch = batches.fill(state.step);
    trainer->set_learning_rate(learning_rate(options, state.step, steps));
    const play::ClassifierStep step = trainer->step(batch);
    state.loss_sum += step.loss * static_cast<double>(batch.count);
    state.right_sum += step.accuracy * static_cast<double>(batch.count);
    state.seen += batch.count;
    ++state.step;
    const double epoch = static_cast<double>(state.step) / static_cast<double>(batches.batches());
    if (state.step % every == 0 || state.step == steps) {
      state.curve.push_back({.step = state.step,
                             .epoch = epoch,
                             .train_loss = state.loss_sum / static_cast<double>(state.seen),
                             .train_accuracy = state.right_sum / static_cast<double>(state.seen),
                             .validation = evaluate(validation, [&](const play::Inputs& inputs) {
                               return trainer->infer(inputs).output;
                             })});
      state.loss_sum = state.right_sum = 0;
      state.seen = 0;
    }
    if (on_progress) {
      go_on = on_progress({.step = state.step,
                           .steps = steps,
                           .epoch = epoch,
                           .loss = step.loss,
                           .point = state.curve.empty() ? nullptr : &state.curve.back()});
    }
  }
  FitResult result{.parameters = trainer->parameters(),
                   .curve = state.curve,
                   .steps = state.step,
                   .finished = state.step == steps,
                   .plan = trainer->plan_name()};
  state.tensors = trainer->state();
  result.state = std::move(state);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return result;
}

Evaluation evaluate(const Samples& samples, const std::function<Tensor(const play::Inputs&)>& infer,
                    std::int64_t piece) {
  Evaluation result;
  for_each_piece(samples, piece, [&](std::int64_t first, std::int64_t n, std::span<const float> values) {
    const Tensor logits = infer({.count = n, .values = values});
    const auto labels = std::span(samples.labels).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(n));
    result.loss += play::mean_cross_entropy(logits.values<float>(), labels) * static_cast<double>(n);
    const std::vector<std::int32_t> found = labels_of(logits);
    const auto classes = static_cast<std::size_t>(std::max<std::int64_t>(logits.shape()[1], 2));
    result.class_errors.resize(classes);
    result.class_counts.resize(classes);
    for (std::size_t k = 0; k < labels.size(); ++k) {
      const auto label = static_cast<std::size_t>(labels[k]);
      ++result.class_counts[label];
      if (found[k] == labels[k]) continue;
      ++result.class_errors[label];
      ++result.errors;
    }
    result.count += n;
  });
  if (result.count > 0) result.loss /= static_cast<double>(result.count);
  return result;
}

std::vector<std::int32_t> labels_of(const Tensor& logits) {
  const std::int64_t k = logits.shape()[1];
  const auto all = logits.values<float>();
  std::vector<std::int32_t> labels;
  for (std::int64_t n = 0; n < logits.shape()[0]; ++n) {
    const auto row = all.subspan(static_cast<std::size_t>(n * k), static_cast<std::size_t>(k));
    labels.push_back(k == 1 ? (row[0] > 0 ? 1 : 0)
                            : static_cast<std::int32_t>(std::max_element(row.begin(), row.end()) - row.begin()));
  }
  return labels;
}

}  // namespace ganymede::fit
