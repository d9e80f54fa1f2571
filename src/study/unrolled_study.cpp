#include "study/unrolled_study.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "data/sources.hpp"
#include "evaluate/reference.hpp"
#include "explore/weights.hpp"
#include "study/finding.hpp"

namespace ganymede::study {
namespace {

// What the scores of a point depend on besides the weights.
std::string protocol_of(const UnrolledExperiment& one) {
  std::string text = fmt::format("{}", one.count);
  for (const std::string& measure : one.measures) text += " " + measure;
  return text;
}

const run::Recipe& recipe_of(const UnrolledExperiment& one) {
  return one.arms.front().runs.front().recipe;
}

UnrolledRunResult measure_unrolled_run(const UnrolledExperiment& one, const run::RunDirectory& run,
                                       evaluate::Reference& reference, const train::SessionOptions& session,
                                       const std::function<void(const std::string&, std::int64_t)>& progress) {
  const run::RunInfo info = run.info();
  UnrolledRunResult result{.run = run.name(), .failed = info.state != run::RunState::finished, .points = {}};
  result.seconds = info.seconds;
  if (info.step > 0) result.seconds_per_step = info.seconds / static_cast<double>(info.step);
  if (result.failed) return result;
  evaluate::EvaluateOptions options{.count = one.count, .measures = one.measures, .threads = session.threads};
  options.places = session.places;
  for (const std::int64_t epoch : one.epochs) {
    progress(run.name(), epoch);
    result.points.push_back(kept_or_measured(unrolled_point_path(run.path(), epoch), protocol_of(one), epoch, [&] {
      const explore::Weights weights = explore::load_weights(run, static_cast<std::uint64_t>(epoch));
      return evaluate::evaluate_run(weights, run.path(), reference, options);
    }));
  }
  return result;
}

}  // namespace

std::vector<double> UnrolledArmResult::values(const std::string& prefix, std::int64_t epoch) const {
  std::vector<double> values;
  for (const UnrolledRunResult& run : runs) {
    for (const ScoredPoint& point : run.points) {
      const bool wanted = epoch == 0 ? &point == &run.points.back() : point.epoch == epoch;
      if (const auto value = point.value(prefix); wanted && value) values.push_back(*value);
    }
  }
  return values;
}

std::vector<double> UnrolledArmResult::milliseconds() const {
  std::vector<double> values;
  for (const UnrolledRunResult& run : runs) {
    if (!run.failed) values.push_back(1000 * run.seconds_per_step);
  }
  return values;
}

const UnrolledArmResult* UnrolledExperimentResult::arm(int unroll) const {
  const auto found = std::ranges::find(arms, unroll, &UnrolledArmResult::unroll);
  return found == arms.end() ? nullptr : &*found;
}

std::string UnrolledResults::failed_text() const {
  std::vector<FailedSeeds> failed;
  for (const UnrolledExperimentResult& one : experiments) {
    for (const UnrolledArmResult& arm : one.arms) {
      const auto count = std::ranges::count_if(arm.runs, &UnrolledRunResult::failed);
      failed.push_back({one.plan->name + ", " + arm.title, static_cast<std::size_t>(count), arm.runs.size()});
    }
  }
  return study::failed_text(failed);
}

std::filesystem::path unrolled_point_path(const std::filesystem::path& run_folder, std::int64_t epoch) {
  return run_folder / "measures" / fmt::format("study-unrolled-epoch-{:05}.json", epoch);
}

void check_measurable(const UnrolledPlan& plan, const train::SessionOptions& session) {
  constexpr std::int64_t kLeast = 100;  // evaluate_run's
  for (const UnrolledExperiment& one : plan.experiments) {
    const run::Recipe& recipe = recipe_of(one);
    if (data::is_synthetic(recipe.data.source)) continue;
    const data::Dataset test = evaluate::open_whole(recipe, data::Split::test, session.places);
    if (test.size() < kLeast) {
      fail<DataError>("{}: the study measures with {} held-out pictures or more, found {}", recipe.data.source, kLeast,
                      test.size());
    }
    if (test.class_count() < 2) {
      fail<DataError>("{}: the study counts the classes that a generator meets, and these data have none",
                      recipe.data.source);
    }
  }
}

std::int64_t missing_points(const UnrolledPlan& plan, const std::filesystem::path& root) {
  std::int64_t count = 0;
  for (const UnrolledExperiment& one : plan.experiments) {
    for (const UnrolledArm& arm : one.arms) {
      for (const train::PlannedRun& planned : arm.runs) {
        count += std::ranges::count_if(one.epochs, [&](std::int64_t epoch) {
          return !std::filesystem::exists(unrolled_point_path(root / planned.name, epoch));
        });
      }
    }
  }
  return count;
}

UnrolledResults measure_unrolled(const UnrolledPlan& plan, const std::filesystem::path& root,
                                 const train::SessionOptions& session,
                                 const std::function<void(double, const std::string&)>& on_progress) {
  UnrolledResults results{.plan = plan, .experiments = {}};
  double done = 0;
  const auto progress = [&](const std::string& run, std::int64_t epoch) {
    if (on_progress) on_progress(done++, fmt::format("{}, epoch {}", run, epoch));
  };
  for (const UnrolledExperiment& one : plan.experiments) {
    evaluate::Reference reference(recipe_of(one),
                                  {.backend = *session.backend, .places = session.places, .threads = session.threads});
    UnrolledExperimentResult experiment{.plan = &one, .data = reference.name(), .arms = {}};
    for (const UnrolledArm& arm : one.arms) {
      UnrolledArmResult result{.unroll = arm.unroll, .name = arm.name, .title = arm.title, .runs = {}};
      for (const train::PlannedRun& planned : arm.runs) {
        const run::RunDirectory run = run::RunDirectory::open(root / planned.name);
        const run::RunInfo info = run.info();
        if (info.epoch > 0) experiment.steps_per_epoch = static_cast<std::int64_t>(info.step / info.epoch);
        result.runs.push_back(measure_unrolled_run(one, run, reference, session, progress));
        results.seconds += result.runs.back().seconds;
      }
      experiment.arms.push_back(std::move(result));
    }
    results.experiments.push_back(std::move(experiment));
  }
  return results;
}

}  // namespace ganymede::study
