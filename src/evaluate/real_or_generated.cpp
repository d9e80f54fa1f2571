#include "evaluate/real_or_generated.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "fit/real_or_generated.hpp"
#include "measure/distributions.hpp"
#include "measure/p_values.hpp"
#include "measure/resample.hpp"
#include "measure/two_sample.hpp"
#include "run/snapshot.hpp"

namespace ganymede::evaluate {
namespace {

constexpr std::int64_t kWeakTrain = 10000;
constexpr std::int64_t kWeakJudged = 5000;
constexpr std::int64_t kRealOrFakePiece = 1024;

fit::RealOrGeneratedProtocol protocol_for(const Reference& reference, const std::string& name) {
  const Shape& images = reference.train().images.shape();
  return fit::real_or_generated_protocol(name, Shape(images.begin() + 1, images.end()));
}

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

/// log(1 + e^x).
double softplus(double x) {
  return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)));
}

/// Cross-entropy of each validation sample; label 1: real.
std::vector<double> losses_of(const play::Backend& backend, const fit::RealOrGeneratedProtocol& protocol,
                              const fit::FitResult& fitted, const fit::Samples& samples, int threads) {
  const auto model = backend.make_model(protocol.network, {.batch = 128, .threads = threads});
  model->load(fitted.parameters);
  std::vector<double> losses;
  fit::for_each_piece(samples, kRealOrFakePiece,
                      [&](std::int64_t first, std::int64_t n, std::span<const float> values) {
                        const Tensor logits = model->infer({.count = n, .values = values}).output;
                        for (std::int64_t i = 0; i < n; ++i) {
                          const double logit = logits.values<float>()[static_cast<std::size_t>(i)];
                          const bool real = samples.labels[static_cast<std::size_t>(first + i)] == 1;
                          losses.push_back(softplus(real ? -logit : logit));
                        }
                      });
  return losses;
}

fit::OnProgress progress_of(const EvaluateOptions& options, const std::string& what,
                            const fit::RealOrGeneratedProtocol& protocol, std::int64_t count) {
  const auto told = options.on_fit ? options.on_fit(what, fit::steps_of(protocol.fit, count)) : fit::OnProgress();
  return [told, stop = options.stop](const fit::FitProgress& progress) {
    const bool go_on = !told || told(progress);
    return go_on && !(stop && stop());
  };
}

fit::RealOrGeneratedResult judged_by(const play::Backend& backend, const fit::RealOrGeneratedData& data,
                                     const fit::RealOrGeneratedProtocol& protocol, const EvaluateOptions& options,
                                     const std::string& what) {
  const std::int64_t count = data.real_train.shape()[0] + data.fake_train.shape()[0];
  auto result = fit::real_or_generated(backend, data, protocol, progress_of(options, what, protocol, count));
  if (!result.fit.finished) fail<Error>("stopped: {} was not ready; the scores of this run are not kept", what);
  return result;
}

Tensor half_of(const Tensor& samples, std::int64_t which) {
  std::vector<std::int64_t> rows;
  for (std::int64_t i = which; i + 1 - which < samples.shape()[0]; i += 2) rows.push_back(i);
  return rows_of(samples, rows);
}

/// The fit between halves of reals.
JudgeFloor floor_of(const play::Backend& backend, const Tensor& train, const Tensor& validation,
                    const fit::RealOrGeneratedProtocol& protocol, const EvaluateOptions& options) {
  const Tensor a = half_of(train, 0), b = half_of(train, 1);
  const Tensor c = half_of(validation, 0), d = half_of(validation, 1);
  const auto found = judged_by(backend, {a, b, c, d}, protocol, options, protocol.name + " (floor)");
  return {.val_loss = found.val_loss, .error_rate = found.error_rate(), .count = found.real_count};
}

}  // namespace

measure::JudgeCurve curve_of(const std::string& name, const fit::RealOrGeneratedProtocol& protocol,
                             const fit::RealOrGeneratedResult& result) {
  const std::int64_t count = result.real_train + result.fake_train;
  const std::int64_t batch = std::min<std::int64_t>(protocol.fit.batch, count);
  const std::int64_t batches = (count + batch - 1) / batch;
  measure::JudgeCurve curve{.name = name, .protocol = protocol.name, .points = {}};
  for (const fit::CurvePoint& point : result.fit.curve) {
    curve.points.push_back({.step = point.step,
                            .epoch = point.epoch,
                            .images = point.step / batches * count + point.step % batches * batch,
                            .train_loss = point.train_loss,
                            .val_loss = point.validation.loss,
                            .error_rate = point.validation.error_rate(),
                            .judged = point.validation.count});
  }
  return curve;
}

std::vector<std::int32_t> facing_classes(const explore::TrainedGenerator& generator, const Reference& reference,
                                         std::int64_t count) {
  if (generator.classes() == 0) return {};
  std::vector<std::int32_t> classes = reference.held_out_classes(count);
  return classes.empty() ? cycled(count, generator.classes()) : classes;
}

SampleSource fakes_for(const fit::RealOrGeneratedProtocol& protocol, explore::TrainedGenerator& generator,
                       std::uint64_t seed, std::span<const std::int32_t> classes) {
  return protocol.rounded ? generated(generator, seed, classes) : generated_raw(generator, seed, classes);
}

std::string judge_obstacle(const Reference& reference, const run::Recipe& recipe, const std::string& name) {
  if (reference.train().is_points()) return fmt::format("{}: judges pictures and ink: not for points", name);
  const fit::RealOrGeneratedProtocol protocol = protocol_for(reference, name);
  if (protocol.train_each == 0) return {};
  const auto judged = static_cast<std::int64_t>(reference.order().size());
  const std::int64_t trained = reference.one_split() ? judged - protocol.validation_each : reference.train().size();
  const bool enough = trained >= protocol.train_each || data::has_any_count(recipe.data.source);
  if (judged >= protocol.validation_each && enough) return {};
  return fmt::format("{}: wants {} samples of {} to train with and {} others to judge, found {}{}", name,
                     protocol.train_each, reference.data_name(), protocol.validation_each, reference.train().size(),
                     reference.one_split() ? " in all" : fmt::format(" and {} held out", judged));
}

RealOrGeneratedScores judge_real_or_generated(explore::TrainedGenerator& generator, Reference& reference,
                                              const run::Recipe& recipe, const std::string& name,
                                              const EvaluateOptions& options) {
  if (const std::string why = judge_obstacle(reference, recipe, name); !why.empty()) throw DataError(why);
  const fit::RealOrGeneratedProtocol protocol = protocol_for(reference, name);
  const bool strong = protocol.train_each > 0;
  const auto reals = static_cast<std::int64_t>(reference.order().size());
  const std::int64_t judged = strong
                                  ? protocol.validation_each
                                  : std::min({kWeakJudged, options.count, reference.one_split() ? reals / 2 : reals});
  const std::int64_t wanted = strong ? protocol.train_each : std::min(kWeakTrain, options.count);
  Tensor real_train;
  if (reference.one_split()) {  // what it is judged on must not be what it learned from
    real_train = reference.held_out(judged, std::min(wanted, reals - judged));
  } else if (strong && reference.train().size() < protocol.train_each && data::has_any_count(recipe.data.source)) {
    const std::int64_t enough = protocol.train_each + protocol.train_each / 4;  // ink drops some
    real_train = training_reals(open_whole(recipe, data::Split::train, options.places, enough), protocol.train_each);
  } else {
    real_train = training_reals(reference.train(), wanted);
  }
  const std::int64_t trained = real_train.shape()[0];
  const Tensor real_judged = reference.held_out(0, judged);
  const std::vector<std::int32_t> classes = cycled(trained, generator.classes());
  const Tensor fake_train =
      collect(watched(fakes_for(protocol, generator, kJudgeTrainSeed, classes), options), trained);
  const std::vector<std::int32_t> judged_classes = facing_classes(generator, reference, judged);
  const Tensor fake_judged =
      collect(watched(fakes_for(protocol, generator, kJudgeValidationSeed, judged_classes), options), judged);

  const play::Backend& backend = reference.backend();
  const auto result = judged_by(backend, {real_train, fake_train, real_judged, fake_judged}, protocol, options, name);
  const fit::Samples both = fit::real_and_fake(real_judged, fake_judged, protocol.rounded);
  const auto losses = losses_of(backend, protocol, result.fit, both, options.threads);
  const measure::Interval loss_interval = measure::mean_interval(losses);
  const auto test = measure::classifier_two_sample_test(result.count() - result.errors(), result.count());

  const std::string ending = fmt::format("{}_{}_{}", measure::short_count(trained), name, reference.data_name());
  const std::string what =
      fmt::format("{}: {} reals and as many fakes to train with, {} steps; judged on {} {} and as many fresh fakes",
                  name, trained, result.fit.steps, judged, reference.one_split() ? "other reals" : "held-out reals");
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
  measure::Score error{.name = "error_rate" + ending,
                       .value = result.error_rate(),
                       .low = 1 - test.interval.high,
                       .high = 1 - test.interval.low,
                       .count_real = result.real_count,
                       .count_fake = result.fake_count,
                       .better = measure::Better::half,
                       .protocol = fmt::format("{}; {} of {} judged wrongly, {} (exact binomial, one-sided) that "
                                               "both sides follow one law; interval: Clopper and Pearson",
                                               what, result.errors(), result.count(), measure::p_text(test.p_value))};
  if (!strong && trained >= 4 && judged >= 4) {
    const JudgeFloor& floor =
        reference.judge_floor(name, [&] { return floor_of(backend, real_train, real_judged, protocol, options); });
    loss.floor = floor.val_loss;
    error.floor = floor.error_rate;
    loss.count_floor = error.count_floor = floor.count;
  }
  measure::JudgeCurve curve = curve_of(loss.name, protocol, result);
  return {.scores = {std::move(loss), std::move(error)}, .curve = std::move(curve)};
}

}  // namespace ganymede::evaluate
