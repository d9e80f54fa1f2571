#include "study/image_study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "evaluate/measures.hpp"
#include "evaluate/reference.hpp"
#include "explore/map_file.hpp"
#include "explore/trained_generator.hpp"
#include "explore/weights.hpp"
#include "fit/real_or_generated.hpp"
#include "run/events.hpp"
#include "study/finding.hpp"
#include "study/image_inside.hpp"

namespace ganymede::study {
namespace {

// What the scores of a point depend on besides the weights.
std::string protocol_of(const ImagePlan& plan) {
  std::string text = fmt::format("{} {} {}", plan.judge, plan.count, plan.features);
  for (const std::string& measure : plan.measures) text += " " + measure;
  return text;
}

void read_epochs(const run::RunDirectory& run, ImageRunResult& result) {
  double last = 0;
  for (const auto& event : run::read_events(run.events_path())) {
    if (event.at("event") != "epoch") continue;
    const auto number = [&](const char* key) { return event.at(key).is_number() ? event.at(key).get<double>() : 0; };
    result.epochs.push_back(
        {number("discriminator_loss"), number("generator_loss"), number("real_accuracy"), number("fake_accuracy")});
    last = number("time_seconds");
  }
  if (!result.epochs.empty()) result.seconds_per_epoch = run.info().seconds / static_cast<double>(result.epochs.size());
  if (run.info().seconds <= 0 && !result.epochs.empty())
    result.seconds_per_epoch = last / static_cast<double>(result.epochs.size());
}

ImageRunResult measure_run(const ImagePlan& plan, const ImageArm& arm, const run::RunDirectory& run,
                           evaluate::Reference& reference, const train::SessionOptions& session,
                           const std::function<void(const std::string&, std::int64_t)>& progress) {
  const run::RunInfo info = run.info();
  ImageRunResult result{.run = run.name(), .failed = info.state != run::RunState::finished, .points = {}, .epochs = {}};
  result.seconds = info.seconds;
  result.memory_bytes = info.memory_bytes;
  read_epochs(run, result);
  if (result.failed) return result;
  evaluate::EvaluateOptions options{.count = plan.count, .measures = plan.measures, .threads = session.threads};
  options.places = session.places;
  const std::string protocol = protocol_of(plan);
  for (const std::int64_t epoch : arm.epochs) {
    progress(run.name(), epoch);
    const auto file = point_path(plan, run.path(), epoch);
    result.points.push_back(kept_or_measured(file, protocol, epoch, [&] {
      const explore::Weights weights = explore::load_weights(run, static_cast<std::uint64_t>(epoch));
      return evaluate::evaluate_run(weights, run.path(), reference, options);
    }));
  }
  return result;
}

void look_inside(const ImagePlan& plan, const explore::Weights& weights, const std::filesystem::path& run_folder,
                 evaluate::Reference& reference, const train::SessionOptions& session, bool first,
                 ImageRunResult& result) {
  explore::TrainedGenerator generator(*session.backend, weights.snapshot, run_folder, session.threads);
  if (plan.dissects) result.layers = layer_activities(generator);
  if (!plan.maps || !reference.has_classifier()) return;
  result.centre = class_at_centre(generator, reference.classifier());
  if (first && !std::filesystem::exists(explore::map_path(run_folder / "maps", weights.snapshot.epoch)))
    keep_map(generator, run_folder, reference.classifier());
}

}  // namespace

std::vector<double> ImageArmResult::values(const std::string& prefix, std::int64_t epoch) const {
  std::vector<double> values;
  for (const ImageRunResult& run : runs) {
    for (const ScoredPoint& point : run.points) {
      const bool wanted = epoch == 0 ? &point == &run.points.back() : point.epoch == epoch;
      if (const auto value = point.value(prefix); wanted && value) values.push_back(*value);
    }
  }
  return values;
}

const ImageArmResult& ImageResults::arm(const std::string& name) const {
  for (const ImageArmResult& one : arms) {
    if (one.name == name) return one;
  }
  fail<Error>("internal: no arm {}", name);
}

std::vector<double> ImageArmResult::largest(const std::string& prefix) const {
  std::vector<double> values;
  for (const ImageRunResult& run : runs) {
    std::optional<double> most;
    for (const ScoredPoint& point : run.points) {
      if (const auto value = point.value(prefix)) most = std::max(most.value_or(*value), *value);
    }
    if (most) values.push_back(*most);
  }
  return values;
}

std::vector<std::string> ImageResults::notes() const {
  std::vector<std::string> all;
  for (const ImageArmResult& arm : arms) {
    for (const ImageRunResult& run : arm.runs) {
      for (const ScoredPoint& point : run.points) {
        for (const std::string& note : point.notes) {
          if (std::ranges::find(all, note) == all.end()) all.push_back(note);
        }
      }
    }
  }
  return all;
}

std::string ImageResults::failed_text() const {
  std::vector<FailedSeeds> failed;
  for (const ImageArmResult& arm : arms) {
    const auto count = std::ranges::count_if(arm.runs, &ImageRunResult::failed);
    failed.push_back({arm.title, static_cast<std::size_t>(count), arm.runs.size()});
  }
  return study::failed_text(failed);
}

std::filesystem::path point_path(const ImagePlan& plan, const std::filesystem::path& run_folder, std::int64_t epoch) {
  return run_folder / "measures" / fmt::format("study-{}-epoch-{:05}.json", plan.study, epoch);
}

void check_measurable(const ImagePlan& plan, const train::SessionOptions& session) {
  const run::Recipe& recipe = plan.arms.front().runs.front().recipe;
  // Made sets have as many samples as are wanted; a few tell their shape.
  const bool made = data::has_any_count(recipe.data.source);
  const auto open = [&](const run::Recipe& of, data::Split split, bool few) {
    return evaluate::open_whole(of, split, session.places, few ? 2 : 0);
  };
  const data::Dataset train = open(recipe, data::Split::train, made);
  const data::Dataset test = open(recipe, data::Split::test, made);
  const Shape sample(train.images.shape().begin() + 1, train.images.shape().end());
  constexpr std::int64_t kLeast = 100;  // evaluate_run's
  if (!made && test.size() < kLeast) {
    fail<DataError>("{}: the study measures with {} held-out pictures or more, found {}", recipe.data.source, kLeast,
                    test.size());
  }
  if (!plan.features.empty() && plan.features != recipe.data.source) {
    run::Recipe features = recipe;
    features.data.source = plan.features;
    const data::Dataset few = open(features, data::Split::train, data::has_any_count(plan.features));
    const Shape wanted(few.images.shape().begin() + 1, few.images.shape().end());
    if (wanted != sample) {
      fail<DataError>("{}: pictures of {}, and the features are those of a classifier of {}, which takes {}",
                      recipe.data.source, to_string(sample), plan.features, to_string(wanted));
    }
  }
  if (made || plan.judge != "nk_strong_v1") return;
  const fit::RealOrGeneratedProtocol protocol = fit::real_or_generated_protocol(plan.judge, sample);
  if (train.size() < protocol.train_each || test.size() < protocol.validation_each) {
    fail<DataError>(
        "{}: the strong classifier wants {} samples to train with and {} held out, found {} and {}; --judge "
        "weak takes fewer",
        recipe.data.source, protocol.train_each, protocol.validation_each, train.size(), test.size());
  }
}

ImageResults measure_images(const ImagePlan& plan, const std::filesystem::path& root,
                            const train::SessionOptions& session,
                            const std::function<void(double, const std::string&)>& on_progress) {
  ImageResults results{.plan = plan, .data = {}, .class_names = {}, .arms = {}};
  evaluate::Reference reference(plan.arms.front().runs.front().recipe,
                                {.backend = *session.backend, .places = session.places, .threads = session.threads},
                                plan.features);
  results.data = reference.name();
  results.one_split = reference.one_split();
  if (plan.maps && reference.train().class_count() > 1) results.nearness = class_nearness(reference.train());
  if (reference.has_classifier()) {
    results.classifier_error = reference.classifier().record().validation_error();
    results.class_names = reference.classifier().record().class_names;
  }
  double done = 0;
  const auto progress = [&](const std::string& run, std::int64_t epoch) {
    if (on_progress) on_progress(done++, fmt::format("{}, epoch {}", run, epoch));
  };
  for (const ImageArm& arm : plan.arms) {
    ImageArmResult result{.name = arm.name,
                          .title = arm.title,
                          .epochs = arm.epochs,
                          .published = arm.published,
                          .cost = arm.cost,
                          .runs = {}};
    for (const train::PlannedRun& planned : arm.runs) {
      const run::RunDirectory run = run::RunDirectory::open(root / planned.name);
      ImageRunResult one = measure_run(plan, arm, run, reference, session, progress);
      results.seconds += one.seconds;
      if (!one.failed) {
        const explore::Weights last = explore::load_weights(run, static_cast<std::uint64_t>(arm.epochs.back()));
        const net::Counts count = net::count_parameters(last.snapshot.generator);
        result.parameters = count.total;
        result.trainable = count.trainable;
        look_inside(plan, last, run.path(), reference, session, result.runs.empty(), one);
      }
      result.runs.push_back(std::move(one));
    }
    results.arms.push_back(std::move(result));
  }
  return results;
}

}  // namespace ganymede::study
