#include "study/doctor/doctor_plan.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "data/sources.hpp"
#include "evaluate/reference.hpp"
#include "run/recipe_file.hpp"

namespace ganymede::study {
namespace {

// Picture recipes in a fraction of their time: a quarter of the width with the rates of `quick`, and epochs of 16,000
// pictures, since a check-up waits for an epoch.
const std::vector<std::string> kShort = {"data.limit=16000",
                                         "generator.width=16",
                                         "discriminator.width=16",
                                         "train.batch=64",
                                         "generator.optimizer.learning_rate=5e-4",
                                         "discriminator.optimizer.learning_rate=5e-4",
                                         "generator.optimizer.beta1=0.5",
                                         "discriminator.optimizer.beta1=0.5"};

std::vector<std::string> both_rates(const char* rate) {
  return {fmt::format("generator.optimizer.learning_rate={}", rate),
          fmt::format("discriminator.optimizer.learning_rate={}", rate)};
}

// A new row of the table is one more entry here.
std::vector<DoctorCase> small_cases() {
  return {
      {.name = "fail-collapse", .recipe = "fail-collapse", .wanted = {"collapse"}},
      {.name = "ring", .recipe = "ring", .epochs = 30, .wanted = {"collapse"}},
      {.name = "fail-oscillation", .recipe = "fail-oscillation", .wanted = {"oscillation"}},
      {.name = "diverges",
       .recipe = "fail-oscillation",
       .sets = {"game.update=simultaneous"},
       .wanted = {"divergence"}},
      {.name = "fail-vanishing", .recipe = "fail-vanishing", .wanted = {"vanishing"}},
      {.name = "fail-entangled", .recipe = "fail-entangled", .wanted = {"entanglement"}},
      {.name = "fail-sensitive",
       .recipe = "fail-sensitive",
       .epochs = 20,
       .wanted = {"collapse", "oscillation", "divergence", "vanishing", "weak-discriminator", "plateau"}},
      // A linear G: of a ring it makes one broad cloud.
      {.name = "plateau",
       .recipe = "fail-collapse",
       .sets = {"data.deviation=0.02", "latent.dim=2", "generator.widths=[8]", "generator.activation=leaky_relu",
                "generator.negative_slope=1"},
       .epochs = 25,
       .wanted = {"plateau"}},
      // A D of two units.
      {.name = "weak",
       .recipe = "grid",
       .sets = {"discriminator.widths=[2]", "discriminator.activation=leaky_relu"},
       .epochs = 30,
       .wanted = {"weak-discriminator"}},
      // Symbols: three of each class.
      {.name = "memorises",
       .recipe = "ink-quick",
       .sets = {"data.builtin_count=117", "generator.width=16", "generator.recurrent_layers=1", "snapshot.every=500"},
       .epochs = 1200,
       .wanted = {"memorisation"}},
      {.name = "cured-collapse",
       .recipe = "fail-collapse",
       .sets = {"game.unroll=5"},
       .wanted = {},
       .cured = "collapse"},
      {.name = "cured-oscillation",
       .recipe = "fail-oscillation",
       .sets = {"game.penalty=r1"},
       .wanted = {},
       .cured = "oscillation"},
      {.name = "cured-vanishing",
       .recipe = "fail-vanishing",
       .sets = {"game.loss=non_saturating"},
       .wanted = {},
       .cured = "vanishing"},
      {.name = "cured-entangled",
       .recipe = "fail-entangled",
       .sets = {"latent.prior=uniform"},
       .wanted = {},
       .cured = "entanglement"},
      {.name = "cured-sensitive", .recipe = "fail-sensitive", .sets = both_rates("1e-3"), .wanted = {}},
      {.name = "ring-unrolled", .recipe = "ring-unrolled", .epochs = 20, .wanted = {}},
      {.name = "grid", .recipe = "grid", .epochs = 50, .wanted = {}},
      {.name = "normal-1d", .recipe = "normal-1d", .epochs = 40, .wanted = {}},
  };
}

std::vector<DoctorCase> picture_cases() {
  return {
      {.name = "quick",
       .recipe = "quick",
       .sets = {"generator.width=16", "discriminator.width=16"},
       .epochs = 16,
       .wanted = {}},
      {.name = "dcgan", .recipe = "dcgan", .sets = kShort, .epochs = 10, .wanted = {}},
      {.name = "digits-cgan-3d", .recipe = "digits-cgan-3d", .sets = kShort, .epochs = 10, .wanted = {}},
      {.name = "ink-quick", .recipe = "ink-quick", .epochs = 12, .wanted = {}},
      {.name = "digits-2d", .recipe = "digits-2d", .sets = kShort, .epochs = 10, .wanted = {}},
      {.name = "digits-3d", .recipe = "digits-3d", .sets = kShort, .epochs = 10, .wanted = {}},
      {.name = "digits-4d", .recipe = "digits-4d", .sets = kShort, .epochs = 10, .wanted = {}},
  };
}

void plan_runs(DoctorCase& one, const DoctorChoices& choices) {
  run::Recipe recipe = run::find_recipe(one.recipe);
  run::apply_sets(recipe, one.sets);
  if (recipe.data.source == "mnist" && !choices.source.empty()) recipe.data.source = choices.source;
  const std::int64_t epochs = choices.epochs > 0 ? choices.epochs : one.epochs;
  if (epochs > 0) {
    recipe.train.epochs = epochs;
    recipe.train.steps = recipe.train.images = 0;
  }
  recipe.train.seed = 1;
  one.runs = train::seeds_of(one.name, recipe, choices.seeds > 0 ? choices.seeds : choices.quick ? 3 : 10);
}

}  // namespace

bool DoctorCase::is_right(const std::vector<std::string>& told) const {
  const auto is_told = [&](const std::string& failure) { return std::ranges::find(told, failure) != told.end(); };
  if (!cured.empty()) return !is_told(cured);
  return healthy() ? told.empty() : std::ranges::any_of(wanted, is_told);
}

std::string DoctorCase::wanted_words() const {
  if (!cured.empty()) return "no " + cured;
  return healthy() ? "nothing" : wanted.size() > 1 ? "any" : wanted.front();
}

std::string DoctorCase::changes() const {
  std::vector<std::string> all = sets;
  if (sets == kShort) all = {"a quarter of the width, rates of `quick`, 16,000 pictures"};
  if (epochs > 0) all.push_back(fmt::format("{} epochs", epochs));
  return fmt::format("{}", fmt::join(all, ", "));
}

std::vector<train::PlannedRun> DoctorPlan::all_runs() const {
  std::vector<train::PlannedRun> runs;
  for (const DoctorCase& one : cases) runs.insert(runs.end(), one.runs.begin(), one.runs.end());
  return runs;
}

DoctorPlan plan_doctor(const DoctorChoices& choices) {
  DoctorPlan plan{.quick = choices.quick, .cases = small_cases()};
  if (!choices.quick) {
    for (DoctorCase& one : picture_cases()) plan.cases.push_back(std::move(one));
  }
  for (DoctorCase& one : plan.cases) plan_runs(one, choices);
  return plan;
}

void check_sources(const DoctorPlan& plan, const train::SessionOptions& session) {
  std::set<std::string> seen;
  for (const DoctorCase& one : plan.cases) {
    const run::Recipe& recipe = one.runs.front().recipe;
    if (data::has_any_count(recipe.data.source) || !seen.insert(recipe.data.source).second) continue;
    evaluate::open_whole(recipe, data::Split::train, session.places);
  }
}

}  // namespace ganymede::study
