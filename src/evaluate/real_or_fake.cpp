#include "evaluate/real_or_fake.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "fit/real_or_generated.hpp"
#include "measure/distributions.hpp"
#include "measure/resample.hpp"
#include "measure/two_sample.hpp"
#include "run/snapshot.hpp"

namespace ganymede::evaluate {
namespace {

constexpr std::int64_t kWeakTrain = 10000;
constexpr std::int64_t kWeakJudged = 5000;
constexpr std::int64_t kMostJudged = 10000;
constexpr std::int64_t kPiece = 1024;

/// Training samples in a random order, so that the first ones hold every class.
Tensor training_reals(const data::Dataset& train, std::int64_t count) {
  auto order = measure::permutation(train.size(), Random(1, "evaluate.judge"), 0);
  order.resize(static_cast<std::size_t>(std::min(count, train.size())));
  return rows_of(train.images, order);
}

/// Classes 0, 1, 2 ... in turn.
std::vector<std::int32_t> cycled(std::int64_t count, int classes) {
  std::vector<std::int32_t> result;
  if (classes == 0) return result;
  for (std::int64_t i = 0; i < count; ++i) result.push_back(static_cast<std::int32_t>(i % classes));
  return result;
}

/// Classes of the fakes that face the held-out reals.
std::vector<std::int32_t> facing(const TrainedGenerator& generator, const Reference& reference, std::int64_t count) {
  if (generator.classes() == 0) return {};
  std::vector<std::int32_t> classes = reference.held_out_classes(count);
  return classes.empty() ? cycled(count, generator.classes()) : classes;
}

/// log(1 + e^x).
double softplus(double x) {
  return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)));
}

/// Cross-entropy of each validation sample; label 1: real.
std::vector<double> losses_of(const fit::RealOrGeneratedProtocol& protocol, const fit::FitResult& fitted,
                              const fit::Samples& samples, int threads) {
  engine::Model model(protocol.network, 128, threads);
  model.load(fitted.parameters);
  std::vector<double> losses;
  const auto size = static_cast<std::size_t>(samples.values_per_sample());
  std::vector<float> values;
  for (std::int64_t first = 0; first < samples.count; first += kPiece) {
    const std::int64_t n = std::min(kPiece, samples.count - first);
    values.resize(static_cast<std::size_t>(n) * size);
    for (std::int64_t i = 0; i < n; ++i)
      samples.copy(first + i, std::span(values).subspan(static_cast<std::size_t>(i) * size, size));
    const Tensor logits = model.infer({.count = n, .values = values}).output;
    for (std::int64_t i = 0; i < n; ++i) {
      const double logit = logits.values<float>()[static_cast<std::size_t>(i)];
      const bool real = samples.labels[static_cast<std::size_t>(first + i)] == 1;
      losses.push_back(softplus(real ? -logit : logit));
    }
  }
  return losses;
}

fit::OnProgress progress_of(const EvaluateOptions& options, const std::string& what,
                            const fit::RealOrGeneratedProtocol& protocol, std::int64_t count) {
  return options.on_fit ? options.on_fit(what, fit::steps_of(protocol.fit, count)) : fit::OnProgress();
}

fit::RealOrGeneratedResult judged_by(const fit::RealOrGeneratedData& data, const fit::RealOrGeneratedProtocol& protocol,
                                     const EvaluateOptions& options, const std::string& what) {
  const std::int64_t count = data.real_train.shape()[0] + data.fake_train.shape()[0];
  auto result = fit::real_or_generated(data, protocol, progress_of(options, what, protocol, count));
  if (!result.fit.finished) fail<Error>("{} was stopped before it was ready", what);
  return result;
}

Tensor half_of(const Tensor& samples, std::int64_t which) {
  std::vector<std::int64_t> rows;
  for (std::int64_t i = which; i + 1 - which < samples.shape()[0]; i += 2) rows.push_back(i);
  return rows_of(samples, rows);
}

/// The fit between halves of reals.
fit::RealOrGeneratedResult floor_of(const Tensor& train, const Tensor& validation,
                                    const fit::RealOrGeneratedProtocol& protocol, const EvaluateOptions& options) {
  const Tensor a = half_of(train, 0), b = half_of(train, 1);
  const Tensor c = half_of(validation, 0), d = half_of(validation, 1);
  return judged_by({a, b, c, d}, protocol, options, protocol.name + " (floor)");
}

/// Logits of D for samples as both sides hold them.
std::vector<double> logits_of(engine::Model& model, const Tensor& samples, std::span<const std::int32_t> classes) {
  const std::int64_t count = samples.shape()[0];
  const fit::Samples source = fit::samples_of(samples, std::vector<std::int32_t>(static_cast<std::size_t>(count)));
  const auto size = static_cast<std::size_t>(source.values_per_sample());
  std::vector<double> logits;
  std::vector<float> values;
  for (std::int64_t first = 0; first < count; first += kPiece) {
    const std::int64_t n = std::min(kPiece, count - first);
    values.resize(static_cast<std::size_t>(n) * size);
    for (std::int64_t i = 0; i < n; ++i)
      source.copy(first + i, std::span(values).subspan(static_cast<std::size_t>(i) * size, size));
    const auto given =
        classes.empty() ? classes : classes.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(n));
    const Tensor found = model.infer({.count = n, .values = values, .classes = given}).output;
    for (const float logit : found.values<float>()) logits.push_back(logit);
  }
  return logits;
}

measure::Score accuracy_score(const std::string& name, std::int64_t right, std::int64_t count,
                              const std::string& protocol) {
  const auto test = measure::classifier_two_sample_test(right, count);
  return {
      .name = name,
      .value = test.accuracy,
      .low = test.interval.low,
      .high = test.interval.high,
      .count_real = count - count / 2,
      .count_fake = count / 2,
      .better = measure::Better::half,
      .protocol = fmt::format("{}; {} of {} told rightly, p = {:.4g} (exact binomial, one-sided); interval: Clopper "
                              "and Pearson",
                              protocol, right, count, test.p_value)};
}

std::int64_t told(std::span<const double> real, std::span<const double> fake, double threshold) {
  return std::ranges::count_if(real, [&](double v) { return v > threshold; }) +
         std::ranges::count_if(fake, [&](double v) { return v <= threshold; });
}

}  // namespace

std::vector<measure::Score> real_or_generated_scores(TrainedGenerator& generator, Reference& reference,
                                                     const run::Recipe& recipe, const std::string& name,
                                                     const EvaluateOptions& options) {
  const Shape sample(reference.train().images.shape().begin() + 1, reference.train().images.shape().end());
  const fit::RealOrGeneratedProtocol protocol = fit::real_or_generated_protocol(name, sample);
  const bool strong = protocol.train_each > 0;
  Tensor real_train;
  if (strong && reference.train().size() < protocol.train_each && recipe.data.source.starts_with("builtin-")) {
    const std::int64_t enough = protocol.train_each + protocol.train_each / 4;  // ink drops some
    real_train = training_reals(open_whole(recipe, data::Split::train, options.places, enough), protocol.train_each);
  } else {
    real_train = training_reals(reference.train(), strong ? protocol.train_each : kWeakTrain);
  }
  const std::int64_t trained = real_train.shape()[0];
  const std::int64_t judged =
      strong ? protocol.validation_each : std::min(kWeakJudged, static_cast<std::int64_t>(reference.order().size()));
  if (judged > static_cast<std::int64_t>(reference.order().size())) {
    fail<DataError>("{}: wants {} held-out samples of {}, found {}", name, judged, reference.data_name(),
                    reference.order().size());
  }
  const Tensor real_judged = reference.held_out(0, judged);
  const std::vector<std::int32_t> classes = cycled(trained, generator.classes());
  const Tensor fake_train = collect(generated(generator, kJudgeTrainSeed, classes), trained);
  const std::vector<std::int32_t> judged_classes = facing(generator, reference, judged);
  const Tensor fake_judged = collect(generated(generator, kJudgeValidationSeed, judged_classes), judged);

  const auto result = judged_by({real_train, fake_train, real_judged, fake_judged}, protocol, options, name);
  const fit::Samples both = fit::real_and_fake(real_judged, fake_judged, protocol.rounded);
  const auto losses = losses_of(protocol, result.fit, both, options.threads);
  const measure::Interval loss_interval = measure::mean_interval(losses);
  const auto test = measure::classifier_two_sample_test(result.count() - result.errors(), result.count());

  const std::string ending = fmt::format("{}_{}_{}", measure::short_count(trained), name, reference.data_name());
  const std::string what = fmt::format(
      "{}: {} reals and as many fakes to train with, {} steps; judged on {} held-out reals and as many fresh "
      "fakes",
      name, trained, result.fit.steps, judged);
  measure::Score loss{.name = "val_loss" + ending,
                      .value = result.val_loss,
                      .low = loss_interval.low,
                      .high = loss_interval.high,
                      .count_real = result.real_count,
                      .count_fake = result.fake_count,
                      .better = measure::Better::higher,
                      .protocol = what +
                                  "; mean binary cross-entropy in nats, chance 0.6931; interval: Student's over "
                                  "samples"};
  measure::Score error{
      .name = "error_rate" + ending,
      .value = result.error_rate(),
      .low = 1 - test.interval.high,
      .high = 1 - test.interval.low,
      .count_real = result.real_count,
      .count_fake = result.fake_count,
      .better = measure::Better::half,
      .protocol = fmt::format("{}; {} of {} judged wrongly, p = {:.4g} (exact binomial, one-sided) that "
                              "both sides follow one law; interval: Clopper and Pearson",
                              what, result.errors(), result.count(), test.p_value)};
  if (!strong && trained >= 4 && judged >= 4) {
    const auto floor = floor_of(real_train, real_judged, protocol, options);
    loss.floor = floor.val_loss;
    error.floor = floor.error_rate();
    loss.count_floor = error.count_floor = floor.real_count;
  }
  return {loss, error};
}

std::vector<measure::Score> discriminator_scores(const run::Snapshot& snapshot, TrainedGenerator& generator,
                                                 const Reference& reference, const EvaluateOptions& options) {
  NamedTensors weights;
  for (const auto& [key, tensor] : snapshot.tensors) {
    if (key.starts_with(snapshot.discriminator.name + ".")) weights[key] = tensor;
  }
  engine::Model model(snapshot.discriminator, 128, options.threads);
  model.load(weights);
  const std::int64_t count = std::min(kMostJudged, static_cast<std::int64_t>(reference.order().size()));
  const bool takes_class = train::class_count(snapshot.discriminator) > 0;
  const std::vector<std::int32_t> classes = facing(generator, reference, count);
  const auto given = takes_class ? std::span<const std::int32_t>(classes) : std::span<const std::int32_t>();
  const auto real = logits_of(model, reference.held_out(0, count), given);
  const auto fake = logits_of(model, collect(generated(generator, kJudgeValidationSeed, classes), count), given);

  std::vector<measure::Score> scores;
  const std::string ending = fmt::format("{}_{}", measure::short_count(count), reference.data_name());
  const std::string& loss = snapshot.recipe.game.loss;
  if (loss != "wasserstein") {
    const double own = loss == "least_squares" ? 0.5 : 0;
    scores.push_back(accuracy_score("d_accuracy" + ending, told(real, fake, own), 2 * count,
                                    fmt::format("the run's own discriminator, logit above {:g}: real", own)));
  }
  // Chosen on the even samples, judged on the odd ones.
  std::vector<double> real_even, real_odd, fake_even, fake_odd;
  for (std::size_t i = 0; i < real.size(); ++i) {
    (i % 2 == 0 ? real_even : real_odd).push_back(real[i]);
    (i % 2 == 0 ? fake_even : fake_odd).push_back(fake[i]);
  }
  if (real_odd.empty()) return scores;
  const double best = best_threshold(real_even, fake_even);
  scores.push_back(accuracy_score("d_best_accuracy" + ending, told(real_odd, fake_odd, best),
                                  static_cast<std::int64_t>(real_odd.size() + fake_odd.size()),
                                  fmt::format("the run's own discriminator, logit above {:.4g}: real; threshold from "
                                              "one half of the samples, judged on the other",
                                              best)));
  return scores;
}

double best_threshold(std::vector<double> real, std::vector<double> fake) {
  std::ranges::sort(real);
  std::ranges::sort(fake);
  std::vector<double> all;
  std::ranges::merge(real, fake, std::back_inserter(all));
  double best = all.front() - 1;
  auto most = static_cast<std::int64_t>(real.size());  // below all: everything counts as real
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i + 1 < all.size() && all[i] == all[i + 1]) continue;
    const auto above = real.end() - std::ranges::upper_bound(real, all[i]);
    const auto below = std::ranges::upper_bound(fake, all[i]) - fake.begin();
    if (above + below > most) {
      most = above + below;
      best = i + 1 < all.size() ? all[i] + (all[i + 1] - all[i]) / 2 : all[i];
    }
  }
  return best;
}

}  // namespace ganymede::evaluate
