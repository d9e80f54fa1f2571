#include "study/ink_study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "data/ink/ink_dataset.hpp"
#include "data/ink/ink_source.hpp"
#include "explore/weights.hpp"
#include "fit/classifier_cache.hpp"
#include "run/events.hpp"
#include "run/recipe_file.hpp"
#include "study/class_distance.hpp"
#include "study/finding.hpp"
#include "study/ink_scores.hpp"

namespace ganymede::study {
namespace {

constexpr std::uint64_t kSharedSeed = 1;  // of the partition that all seeds share

run::Recipe base_recipe(const InkChoices& choices, std::int64_t steps) {
  run::Recipe recipe = run::find_recipe("ink-full");
  const std::int64_t per_class = choices.quick ? 100 : 300;
  recipe.train.steps = steps;
  recipe.train.seed = 1;
  if (choices.source == "builtin") {
    recipe.data.source = data::kBuiltinInk;
    recipe.data.builtin_count = per_class * data::kSymbolClasses;
    recipe.data.per_class = 0;
  } else {
    recipe.data.source = choices.source;
    recipe.data.per_class = per_class;
  }
  return recipe;
}

std::vector<Agreement> agreements(const std::vector<std::filesystem::path>& runs, fit::Classifier& classifier,
                                  const train::SessionOptions& session) {
  std::vector<Agreement> result;
  for (std::size_t a = 0; a < runs.size(); ++a) {
    for (std::size_t b = a + 1; b < runs.size(); ++b) {
      const auto model = [&](const std::filesystem::path& path) {
        return explore::TrainedGenerator(
            *session.backend, explore::load_weights(run::RunDirectory::open(path)).snapshot, path, session.threads);
      };
      explore::TrainedGenerator first = model(runs[a]), second = model(runs[b]);
      result.push_back(agreement_of(first, second, classifier));
    }
  }
  return result;
}

std::vector<InkLosses> losses_of(const run::RunDirectory& run) {
  std::vector<InkLosses> losses;
  for (const auto& event : run::read_events(run.events_path())) {
    if (event.at("event") != "step" || !event.at("discriminator_loss").is_number()) continue;
    const auto& generator = event.at("generator_loss");
    losses.push_back({.step = event.at("step"),
                      .discriminator = event.at("discriminator_loss"),
                      .generator = generator.is_number() ? generator.get<double>() : std::nan("")});
  }
  return losses;
}

}  // namespace

std::vector<train::PlannedRun> InkPlan::all_runs() const {
  // Seed by seed, so that an interrupted study has something of every arm.
  std::vector<train::PlannedRun> runs;
  for (int s = 0; s < seeds; ++s) {
    for (const InkArm& arm : arms) runs.push_back(arm.runs[static_cast<std::size_t>(s)]);
  }
  return runs;
}

InkPlan plan_ink(const InkChoices& choices) {
  if (choices.source != "builtin" && !data::is_ink_source(choices.source)) {
    fail<ConfigError>("study ink: wanted builtin, unipen or a file of ink as --source, found \"{}\"", choices.source);
  }
  InkPlan plan{.data = choices.source, .quick = choices.quick};
  plan.seeds = choices.seeds > 0 ? choices.seeds : choices.quick ? 2 : 3;
  plan.steps = choices.steps > 0 ? choices.steps : choices.quick ? 6000 : 30000;
  const run::Recipe base = base_recipe(choices, plan.steps);
  const auto add = [&](const char* name, const char* title, const char* sampler, bool own) {
    InkArm arm{.name = name, .title = title, .runs = {}};
    run::Recipe recipe = base;
    recipe.latent.sampler = sampler;
    arm.runs = train::seeds_of(name, recipe, plan.seeds);
    for (train::PlannedRun& run : arm.runs)
      run.recipe.latent.partition_seed = own ? 100 + run.recipe.train.seed : kSharedSeed;
    plan.arms.push_back(std::move(arm));
  };
  add("gaussian", "plain Gaussian", "gaussian", false);
  add("centroid", "around centroids", "centroid", false);
  add("rejection", "rejection", "rejection", false);
  add("partition", "partition (Algorithm 1)", "partition", false);
  add("own-partition", "partition, one of its own for each seed", "partition", true);
  return plan;
}

std::vector<double> InkArmResult::values(const std::function<double(const InkMeasures&)>& what) const {
  std::vector<double> values;
  for (const InkRunResult& run : runs) {
    if (!run.failed) values.push_back(what(run.measures));
  }
  return values;
}

const InkArmResult& InkResults::arm(const std::string& name) const {
  for (const InkArmResult& one : arms) {
    if (one.name == name) return one;
  }
  fail<Error>("internal: no arm {}", name);
}

std::string InkResults::failed_text() const {
  std::vector<FailedSeeds> failed;
  for (const InkArmResult& arm : arms) {
    const auto count = std::ranges::count_if(arm.runs, &InkRunResult::failed);
    failed.push_back({arm.name, static_cast<std::size_t>(count), arm.runs.size()});
  }
  return study::failed_text(failed);
}

InkResults measure_plan(const InkPlan& plan, const std::filesystem::path& root, const train::SessionOptions& session,
                        const std::function<void(std::size_t, const std::string&)>& on_progress,
                        const InkProtocol& protocol) {
  const run::Recipe& recipe = plan.arms.front().runs.front().recipe;
  const data::Dataset train_set = open_symbols(recipe, data::Split::train, session.places, protocol.builtin_symbols);
  const data::Dataset test_set = open_symbols(recipe, data::Split::test, session.places, protocol.builtin_symbols);
  fit::Classifier classifier = fit::classifier_for(*session.backend, train_set, test_set, {.threads = session.threads});
  const data::Dataset real = balanced(test_set, protocol.per_class);
  const data::Dataset others = balanced(train_set, protocol.train_per_class);

  InkResults results{.plan = plan};
  results.class_names = train_set.class_names;
  results.classifier_accuracy = 1 - classifier.record().validation_error();
  results.classifier_data = train_set.provenance.name;
  results.real_symbols = train_set.size();
  results.held_out = test_set.size();
  results.one_split = train_set.images == test_set.images;
  measure::PairOptions pairs;
  pairs.reference = measure::features_of(real.images);
  pairs.bootstrap.resamples = 200;
  results.real_pairs = measure::differences_within({measure::features_of(real.images), real.labels}, pairs);

  results.real_distances =
      class_distances({measure::features_of(real.images), real.labels},
                      {measure::features_of(others.images), others.labels}, static_cast<int>(real.class_count()));

  const InkReference reference{real, others, classifier, results.real_pairs};
  std::size_t done = 0;
  for (const InkArm& arm : plan.arms) {
    InkArmResult result{.name = arm.name, .title = arm.title, .runs = {}};
    std::vector<std::filesystem::path> trained;
    for (const train::PlannedRun& planned : arm.runs) {
      if (on_progress) on_progress(done++, planned.name);
      const run::RunDirectory run = run::RunDirectory::open(root / planned.name);
      InkRunResult one{.run = planned.name};
      one.failed = run.info().state != run::RunState::finished;
      results.seconds += run.info().seconds;
      if (!one.failed) {
        one.measures = measure_ink(run, reference, protocol, session);
        one.losses = losses_of(run);
        trained.push_back(run.path());
        if (results.parameters == 0)
          results.parameters = net::count_parameters(explore::load_weights(run).snapshot.generator).total;
      }
      result.runs.push_back(std::move(one));
    }
    if (arm.name == "partition") results.shared = agreements(trained, classifier, session);
    if (arm.name == "own-partition") results.own = agreements(trained, classifier, session);
    results.arms.push_back(std::move(result));
  }
  return results;
}

}  // namespace ganymede::study
