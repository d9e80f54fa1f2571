#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "data/stacked_digits.hpp"
#include "run/recipe_file.hpp"
#include "study/unrolled_study.hpp"

namespace ganymede::study {
namespace {

// What an experiment takes, as a quick version and as the whole one.
struct UnrolledLength {
  std::int64_t epochs = 0, parts = 0;  ///< measured at so many equal parts of the epochs
  int seeds = 0;
  std::vector<int> unrolls;
};

constexpr std::int64_t kPointsCounted = 2500;  // samples of points, VEEGAN's and PacGAN's
constexpr std::int64_t kBatchesOfAnEpoch = 100;
constexpr int kMuch = 10;

std::vector<int> every_unroll() {
  return {0, 1, 5, 10, 20};
}

std::vector<std::int64_t> equal_parts(std::int64_t epochs, std::int64_t count) {
  std::vector<std::int64_t> list;
  for (std::int64_t i = 1; i <= count; ++i) {
    const std::int64_t e = epochs * i / count;
    if (e > 0 && (list.empty() || e > list.back())) list.push_back(e);
  }
  return list;
}

void add_experiment(UnrolledPlan& plan, UnrolledExperiment one, run::Recipe recipe, const UnrolledChoices& choices,
                    const UnrolledLength& length) {
  const std::int64_t epochs = choices.epochs > 0 ? choices.epochs : length.epochs;
  one.epochs = equal_parts(epochs, length.parts);
  recipe.train.epochs = epochs;
  recipe.train.steps = recipe.train.images = 0;
  recipe.train.seed = 1;
  recipe.snapshot.every = epochs;
  recipe.snapshot.epochs = one.epochs;
  for (const int unroll : length.unrolls) {
    UnrolledArm arm{.unroll = unroll,
                    .name = fmt::format("{}-k{}", one.name, unroll),
                    .title = fmt::format("K = {}", unroll),
                    .runs = {}};
    recipe.game.unroll = unroll;
    arm.runs = train::seeds_of(arm.name, recipe, choices.seeds > 0 ? choices.seeds : length.seeds);
    one.arms.push_back(std::move(arm));
  }
  plan.experiments.push_back(std::move(one));
}

std::vector<UnrolledScore> point_scores(int modes) {
  return {{.prefix = "mixture_modes",
           .title = fmt::format("modes of {}", modes),
           .form = "{:.1f}",
           .most = static_cast<double>(modes),
           .followed = true},
          {.prefix = "high_quality", .title = "near a mode", .form = "{:.1f} %", .unit = 100, .followed = true},
          {.prefix = "reverse_kl", .title = "reverse KL", .form = "{:.2f}"}};
}

// The networks and rates of the recipe ring-unrolled, on a set of points.
run::Recipe small_game(const std::string& source, const UnrolledChoices& choices) {
  run::Recipe recipe = run::find_recipe("ring-unrolled");
  run::apply_sets(recipe, {"data.source=" + source});
  if (choices.quick) recipe.train.batch = 256;
  recipe.data.builtin_count = kBatchesOfAnEpoch * recipe.train.batch;
  return recipe;
}

void add_ring(UnrolledPlan& plan, const UnrolledChoices& choices) {
  const run::Recipe recipe = small_game("ring", choices);
  add_experiment(plan,
                 {.name = "ring",
                  .title = "Ring of 8 Gaussians",
                  .about = fmt::format("The networks of Metz et al. 2017, appendix A (recipe ring-unrolled), at ten "
                                       "times its learning rates, batch {}.",
                                       recipe.train.batch),
                  .measures = {"mixture"},
                  .count = kPointsCounted,
                  .scores = point_scores(8),
                  .epochs = {},
                  .published = published_ring(),
                  .arms = {}},
                 recipe, choices,
                 choices.quick ? UnrolledLength{.epochs = 20, .parts = 5, .seeds = 6, .unrolls = every_unroll()}
                               : UnrolledLength{.epochs = 250, .parts = 10, .seeds = 10, .unrolls = every_unroll()});
}

void add_grid(UnrolledPlan& plan, const UnrolledChoices& choices) {
  add_experiment(plan,
                 {.name = "grid",
                  .title = "Grid of 25 Gaussians",
                  .about = "The ring's networks and learning rates on the grid.",
                  .measures = {"mixture"},
                  .count = kPointsCounted,
                  .scores = point_scores(25),
                  .epochs = {},
                  .published = published_grid(),
                  .arms = {}},
                 small_game("grid", choices), choices,
                 choices.quick ? UnrolledLength{.epochs = 20, .parts = 5, .seeds = 6, .unrolls = every_unroll()}
                               : UnrolledLength{.epochs = 250, .parts = 10, .seeds = 10, .unrolls = every_unroll()});
}

// The caution, in our own numbers: a set-up in which the plain GAN does not collapse.
void add_other_grid(UnrolledPlan& plan, const UnrolledChoices& choices) {
  run::Recipe recipe = run::find_recipe("grid");
  if (choices.quick) recipe.train.batch = 256;
  recipe.data.builtin_count = kBatchesOfAnEpoch * recipe.train.batch;
  add_experiment(plan,
                 {.name = "other-grid",
                  .title = "The same grid by another game",
                  .about = "Recipe grid: a latent space of 2 dimensions in the place of 256, a D of two hidden layers "
                           "in the place of one, and another initialiser; the learning rates are the same. How much a "
                           "plain GAN covers is a matter of such choices.",
                  .measures = {"mixture"},
                  .count = kPointsCounted,
                  .scores = point_scores(25),
                  .epochs = {},
                  .published = {},
                  .arms = {}},
                 recipe, choices,
                 choices.quick ? UnrolledLength{.epochs = 8, .parts = 4, .seeds = 5, .unrolls = {0, kMuch}}
                               : UnrolledLength{.epochs = 250, .parts = 10, .seeds = 10, .unrolls = {0, kMuch}});
}

void add_lstm(UnrolledPlan& plan, const UnrolledChoices& choices) {
  run::Recipe recipe = run::find_recipe(choices.quick ? "lstm-unrolled-quick" : "lstm-unrolled");
  if (!choices.source.empty()) recipe.data.source = choices.source;
  add_experiment(
      plan,
      {.name = "lstm",
       .title = "Digits column by column",
       .about = "A recurrent generator (LSTM) that draws one column of the picture at each step, against a "
                "small convolutional D (Metz et al. 2017, section 3.2; recipe " +
                recipe.name + ").",
       .points = false,
       .measures = {"modes", "frechet", "recall"},
       .count = choices.quick ? 2000 : 10000,
       .scores = {{.prefix = "modes", .title = "classes met", .form = "{:.1f}", .most = 10, .followed = true},
                  {.prefix = "class_js", .title = "class JS", .form = "{:.3f}"},
                  {.prefix = "frechet", .title = "Fréchet", .form = "{:.1f}", .followed = true},
                  {.prefix = "recall", .title = "recall", .form = "{:.3f}", .followed = true}},
       .epochs = {},
       .published = {},
       .arms = {}},
      recipe, choices,
      choices.quick ? UnrolledLength{.epochs = 6, .parts = 6, .seeds = 2, .unrolls = {0, 5}}
                    : UnrolledLength{.epochs = 80, .parts = 8, .seeds = 5, .unrolls = every_unroll()});
}

// The networks of Metz et al. 2017 on stacked MNIST as Lin et al. 2018 have them in code: D has X * 8, X * 16, X * 32
// channels, X a half or a quarter. Both normalise batches in D, which has no second derivative here.
run::Recipe stacked_game(bool half, const UnrolledChoices& choices) {
  run::Recipe recipe;
  recipe.name = "stacked";
  std::vector<std::string> sets = {fmt::format("data.source={}", data::kStackedMnist),
                                   "latent.dim=256",
                                   "generator.family=conv",
                                   "generator.widths=[64,32,16,8]",
                                   "generator.activation=relu",
                                   "generator.norm=batch",
                                   "generator.optimizer.beta1=0.5",
                                   "discriminator.family=conv",
                                   half ? "discriminator.widths=[4,8,16]" : "discriminator.widths=[2,4,8]",
                                   "discriminator.activation=leaky_relu",
                                   "discriminator.negative_slope=0.3",
                                   "discriminator.norm=none",
                                   "discriminator.dropout=0",
                                   "discriminator.optimizer.beta1=0.5"};
  const auto add = [&](std::initializer_list<const char*> more) { sets.insert(sets.end(), more.begin(), more.end()); };
  if (choices.quick) {
    add({"train.batch=64", "generator.optimizer.learning_rate=1e-3", "discriminator.optimizer.learning_rate=1e-3"});
  } else {  // rates and batch of Lin et al. 2018
    add({"train.batch=128", "generator.optimizer.learning_rate=1e-4", "discriminator.optimizer.learning_rate=2e-4"});
  }
  if (!choices.source.empty()) sets.push_back("data.digits=" + choices.source);
  run::apply_sets(recipe, sets);
  recipe.data.builtin_count = (choices.quick ? 100 : 1000) * recipe.train.batch;
  return recipe;
}

void add_stacked(UnrolledPlan& plan, const UnrolledChoices& choices, bool half) {
  add_experiment(
      plan,
      {.name = half ? "stacked-half" : "stacked-quarter",
       .title = fmt::format("Stacked digits, D {} of G's size", half ? "half" : "a quarter"),
       .about = "Three digits as the channels of one picture, 1,000 modes; the small networks of Metz et al. "
                "2017, but that D has no normalisation.",
       .points = false,
       .measures = {"stacked"},
       .count = choices.quick ? 2000 : 10000,
       .scores = {{.prefix = "modes", .title = "modes of 1,000", .form = "{:.1f}", .followed = true},
                  {.prefix = "reverse_kl", .title = "KL", .form = "{:.2f}", .followed = true}},
       .epochs = {},
       .published = published_stacked(half),
       .arms = {}},
      stacked_game(half, choices), choices,
      choices.quick ? UnrolledLength{.epochs = 6, .parts = 3, .seeds = 2, .unrolls = {0, 5}}
                    : UnrolledLength{.epochs = 100, .parts = 5, .seeds = 5, .unrolls = every_unroll()});
}

// Digits are stacked of MNIST and of the built-in ones; of other data the study has no such arms.
bool can_stack(const std::string& digits) {
  return digits.empty() || std::ranges::find(data::digits_to_stack(), digits) != data::digits_to_stack().end();
}

}  // namespace

std::vector<train::PlannedRun> UnrolledPlan::all_runs() const {
  std::vector<train::PlannedRun> runs;
  for (const UnrolledExperiment& one : experiments) {
    // Seed by seed, so that an interrupted study has something of every arm.
    for (std::size_t s = 0; s < one.arms.front().runs.size(); ++s) {
      for (const UnrolledArm& arm : one.arms) runs.push_back(arm.runs[s]);
    }
  }
  return runs;
}

std::int64_t UnrolledPlan::points() const {
  std::int64_t all = 0;
  for (const UnrolledExperiment& one : experiments) {
    for (const UnrolledArm& arm : one.arms) all += static_cast<std::int64_t>(one.epochs.size() * arm.runs.size());
  }
  return all;
}

UnrolledPlan plan_unrolled(const UnrolledChoices& choices) {
  UnrolledPlan plan{.quick = choices.quick, .settings = {}, .experiments = {}};
  if (choices.quick) {
    plan.settings =
        "points in batches of 256 for 2,000 steps, six seeds; a smaller recurrent generator for some minutes, two "
        "seeds";
  }
  add_ring(plan, choices);
  add_grid(plan, choices);
  add_other_grid(plan, choices);
  for (const bool half : {false, true}) {
    if (can_stack(choices.source)) add_stacked(plan, choices, half);
  }
  add_lstm(plan, choices);
  return plan;
}

}  // namespace ganymede::study
