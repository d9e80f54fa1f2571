#include "study/ink_measures.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/thread_pool.hpp"
#include "explore/trained_generator.hpp"
#include "explore/weights.hpp"
#include "fit/real_or_generated.hpp"
#include "run/events.hpp"
#include "study/class_distance.hpp"
#include "study/ink_scores.hpp"

namespace ganymede::study {
namespace {

using Json = nlohmann::ordered_json;

struct Column {
  double mean = 0, deviation = 0;
};

// A field of the step events of the second half of a run.
Column second_half(const std::vector<nlohmann::json>& events, const char* field) {
  std::vector<double> values;
  for (const auto& event : events) {
    if (event.at("event") == "step" && event.contains(field) && event.at(field).is_number())
      values.push_back(event.at(field));
  }
  values.erase(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  if (values.empty()) return {};
  return {measure::mean_of(values), measure::deviation_of(values)};
}

void measure_stability(const std::vector<nlohmann::json>& events, InkMeasures& m) {
  const auto share = [](const Column& c) { return c.mean > 0 ? c.deviation / c.mean : 0; };
  m.discriminator_loss_deviation = second_half(events, "discriminator_loss").deviation;
  m.generator_loss_deviation = second_half(events, "generator_loss").deviation;
  const Column d = second_half(events, "discriminator_gradient_norm");
  const Column g = second_half(events, "generator_gradient_norm");
  m.discriminator_gradient_norm = d.mean;
  m.generator_gradient_norm = g.mean;
  m.discriminator_gradient_deviation = share(d);
  m.generator_gradient_deviation = share(g);
  if (const Column draws = second_half(events, "draws_per_sample"); draws.mean > 0) m.draws_per_sample = draws.mean;
}

// Whether a fresh classifier tells the model's symbols from real ones; it learns with those of `train`.
measure::TwoSampleTest two_sample_of(explore::TrainedGenerator& generator, const InkReference& reference,
                                     const Tensor& matched, std::uint64_t seed, const train::SessionOptions& session) {
  const Shape sample(reference.real.images.shape().begin() + 1, reference.real.images.shape().end());
  fit::RealOrGeneratedProtocol protocol = fit::real_or_generated_protocol("nk_weak_v1", sample);
  protocol.fit.threads = session.threads;
  const Tensor fakes = as_moves(generator.draw_named(seed, reference.train.size(), reference.train.labels));
  const fit::RealOrGeneratedResult result = fit::real_or_generated(
      *session.backend, {reference.train.images, fakes, reference.real.images, matched}, protocol);
  return measure::classifier_two_sample_test(result.count() - result.errors(), result.count());
}

InkMeasures measure_anew(const run::RunDirectory& run, const InkReference& reference, const InkProtocol& protocol,
                         const train::SessionOptions& session) {
  InkMeasures m;
  const run::Snapshot last = explore::load_weights(run).snapshot;
  explore::TrainedGenerator generator(*session.backend, last, run.path(), session.threads);
  const int classes = generator.classes();
  const std::int64_t count = protocol.per_class * classes;
  const auto draw_seed = [&](std::int64_t draw) { return protocol.seed + static_cast<std::uint64_t>(draw * count); };
  const measure::Features real = measure::features_of(reference.real.images);
  const Tensor real_features = reference.classifier.features(reference.real.images);
  ThreadPool pool(session.threads);
  const auto pairs = [&](measure::Normaliser normaliser) {
    measure::PairOptions options;
    options.normaliser = normaliser;
    options.reference = real;
    options.bootstrap.resamples = 100;
    return options;
  };

  std::vector<std::int32_t> labels, second_labels;
  const Tensor first = as_moves(generator.draw(draw_seed(0), count, &labels));
  const Tensor second = as_moves(generator.draw(draw_seed(1), count, &second_labels));
  m.accuracy = accuracy_of(reference.classifier.labels(first), labels, classes);
  const measure::Labelled a{measure::features_of(first), labels};
  const measure::Labelled b{measure::features_of(second), second_labels};
  const auto within = measure::differences_within(a, pairs(measure::Normaliser::range));
  m.msd = values_by_class(within, &measure::PairDifference::msd, classes);
  m.nrmsd = values_by_class(within, &measure::PairDifference::nrmsd, classes);
  m.msd_interval = within.average.msd_interval;
  m.nrmsd_interval = within.average.nrmsd_interval;
  const auto between = measure::differences_between(a, b, pairs(measure::Normaliser::range));
  m.msd_between = between.average.msd;
  m.nrmsd_between = between.average.nrmsd;
  m.nrmsd_deviation =
      m.nrmsd.mean * within.normaliser / measure::normaliser_of(real.values, measure::Normaliser::deviation);
  m.nrmsd_quartiles =
      m.nrmsd.mean * within.normaliser / measure::normaliser_of(real.values, measure::Normaliser::quartiles);
  m.learnt = learnt_of(m.accuracy, protocol);
  m.collapsed = collapsed_of(m.msd, reference, protocol);

  // As many of each class as there are real ones.
  const Tensor matched = as_moves(generator.draw_named(draw_seed(2), reference.real.size(), reference.real.labels));
  m.frechet = frechet_of(reference.classifier.features(matched), real_features, pool);
  m.distance = mean_by_class(
      class_distances({real, reference.real.labels}, {measure::features_of(matched), reference.real.labels}, classes));
  m.two_sample =
      two_sample_of(generator, reference, matched, draw_seed(2) + static_cast<std::uint64_t>(count), session);

  m.averaged = last.recipe.game.ema_decay > 0;
  run::Snapshot plain = last;
  std::erase_if(plain.tensors, [](const auto& one) { return one.first.starts_with("ema."); });
  explore::TrainedGenerator as_trained(*session.backend, plain, run.path(), session.threads);
  const Tensor plain_draw = as_moves(as_trained.draw(draw_seed(0), count));
  const ClassValues plain_accuracy = accuracy_of(reference.classifier.labels(plain_draw), labels, classes);
  const auto plain_within =
      measure::differences_within({measure::features_of(plain_draw), labels}, pairs(measure::Normaliser::range));
  const Tensor plain_matched =
      as_moves(as_trained.draw_named(draw_seed(2), reference.real.size(), reference.real.labels));
  m.plain_accuracy = plain_accuracy.mean;
  m.plain_msd = plain_within.average.msd;
  m.plain_nrmsd = plain_within.average.nrmsd;
  m.plain_frechet = frechet_of(reference.classifier.features(plain_matched), real_features, pool);
  m.plain_learnt = learnt_of(plain_accuracy, protocol);
  m.plain_collapsed =
      collapsed_of(values_by_class(plain_within, &measure::PairDifference::msd, classes), reference, protocol);

  const auto add_point = [&](const run::Snapshot& then, explore::TrainedGenerator& model) {
    std::vector<std::int32_t> wanted;
    const Tensor drawn = as_moves(model.draw(protocol.seed, protocol.curve_per_class * classes, &wanted));
    const double accuracy = accuracy_of(reference.classifier.labels(drawn), wanted, classes).mean;
    m.accuracy_curve.emplace_back(static_cast<std::int64_t>(then.step), accuracy);
    if (m.steps_until_quality < 0 && accuracy >= protocol.quality)
      m.steps_until_quality = static_cast<std::int64_t>(then.step);
  };
  for (const run::SnapshotFile& file : run::list_snapshots(run.snapshots())) {
    const run::Snapshot snapshot = run::load_snapshot(file.path);
    if (snapshot.step >= last.step) break;
    explore::TrainedGenerator model(*session.backend, snapshot, run.path(), session.threads);
    add_point(snapshot, model);
  }
  add_point(last, generator);
  measure_stability(run::read_events(run.events_path()), m);
  return m;
}

}  // namespace

ClassValues mean_by_class(std::vector<double> values) {
  ClassValues result{.by_class = std::move(values)};
  double sum = 0;
  std::int64_t count = 0;
  for (const double v : result.by_class) {
    if (!std::isnan(v)) sum += v, ++count;
  }
  result.mean = count > 0 ? sum / static_cast<double>(count) : 0;
  return result;
}

InkMeasures measure_ink(const run::RunDirectory& run, const InkReference& reference, const InkProtocol& protocol,
                        const train::SessionOptions& session) {
  const std::filesystem::path file = run.path() / "measures" / "ink_v2.json";
  const auto step = static_cast<std::int64_t>(run.info().step);
  if (std::filesystem::exists(file)) {
    const Json kept = read_json<Json>(file, kLargestSmallJson);
    if (kept.is_object() && kept.contains("schema") && kept["schema"] == kInkMeasuresSchema && kept.contains("step") &&
        kept["step"] == step) {
      return ink_measures_from_json(kept.dump(), file.string());
    }
  }
  InkMeasures measures = measure_anew(run, reference, protocol, session);
  make_own_folder(file.parent_path());
  write_file_atomically(file, to_json(measures, step));
  return measures;
}

}  // namespace ganymede::study
