#include <fmt/format.h>

#include "base/error.hpp"
#include "data/sources.hpp"
#include "run/recipe_file.hpp"
#include "study/image_study.hpp"

namespace ganymede::study {
namespace {

// Epochs of a run and where it is measured.
struct Length {
  std::int64_t quick = 0;
  std::int64_t full = 0;
  std::vector<std::int64_t> measured{};  ///< of the full one; empty: thirds
};

std::vector<std::int64_t> parts(std::int64_t epochs, std::int64_t count) {
  std::vector<std::int64_t> list;
  for (std::int64_t i = 1; i <= count; ++i) {
    const std::int64_t e = epochs * i / count;
    if (e > 0 && (list.empty() || e > list.back())) list.push_back(e);
  }
  return list;
}

std::vector<std::int64_t> epochs_of(const ImageChoices& choices, const Length& length) {
  if (choices.epochs > 0) return parts(choices.epochs, choices.quick ? 2 : 3);
  if (choices.quick) return parts(length.quick, 2);
  return length.measured.empty() ? parts(length.full, 3) : length.measured;
}

ImagePlan begin(const char* study, const char* question, const ImageChoices& choices) {
  ImagePlan plan{.study = study, .question = question, .arms = {}, .quick = choices.quick, .measures = {}};
  plan.seeds = choices.seeds > 0 ? choices.seeds : 3;
  std::string judge = choices.judge;
  if (judge == "auto") judge = choices.quick ? "weak" : "strong";
  if (judge != "weak" && judge != "strong")
    fail<ConfigError>("study: the judge is \"weak\" or \"strong\", found \"{}\"", choices.judge);
  plan.judge = "nk_" + judge + "_v1";
  plan.measures = {"frechet", "precision", "recall", "class_accuracy", "discriminator", judge};
  plan.count = choices.quick ? 5000 : 10000;
  return plan;
}

void add_arm(ImagePlan& plan, ImageArm arm, run::Recipe recipe, const ImageChoices& choices) {
  recipe.train.epochs = arm.epochs.back();
  recipe.train.steps = recipe.train.images = 0;
  recipe.train.seed = 1;
  recipe.snapshot.every = arm.epochs.back();
  recipe.snapshot.epochs = arm.epochs;
  if (!choices.source.empty()) recipe.data.source = choices.source;
  arm.runs = train::seeds_of(arm.name, recipe, plan.seeds);
  plan.arms.push_back(std::move(arm));
}

constexpr const char* kQuickDigits =
    "both networks at half the width, batch 64, Adam 5e-4 with beta1 0.5, the moving average of G, and 20,000 images: "
    "the settings of recipe quick, which learn to draw digits in about a minute";

// The study's network with the settings of recipe "quick": trained for a minute, the study's own would draw blobs.
run::Recipe digits(const char* name, const ImageChoices& choices) {
  run::Recipe recipe = run::find_recipe(name);
  if (!choices.quick) return recipe;
  const run::Recipe quick = run::find_recipe("quick");
  for (auto [player, fast] :
       {std::pair{&recipe.generator, &quick.generator}, {&recipe.discriminator, &quick.discriminator}}) {
    player->width = fast->width;
    player->optimizer = fast->optimizer;
  }
  recipe.game.ema_decay = quick.game.ema_decay;
  recipe.train.batch = quick.train.batch;
  recipe.data.limit = 20000;
  return recipe;
}

}  // namespace

std::vector<train::PlannedRun> ImagePlan::all_runs() const {
  std::vector<train::PlannedRun> runs;
  for (int s = 0; s < seeds; ++s) {
    for (const ImageArm& arm : arms) runs.push_back(arm.runs[static_cast<std::size_t>(s)]);
  }
  return runs;
}

std::int64_t ImagePlan::points() const {
  std::int64_t all = 0;
  for (const ImageArm& arm : arms) all += static_cast<std::int64_t>(arm.epochs.size()) * seeds;
  return all;
}

ImagePlan plan_dims(const ImageChoices& choices) {
  ImagePlan plan = begin("dims", "Do more latent dimensions learn faster and better?", choices);
  plan.maps = true;
  if (choices.quick) plan.settings = kQuickDigits;
  for (const PublishedModel& model : published_models()) {
    Length length{.quick = 10, .full = 50};
    if (choices.own_epochs) {
      for (const Published& p : model.digits) length.measured.push_back(p.epoch);
    }
    add_arm(plan,
            {.name = model.recipe,
             .title = model.title,
             .runs = {},
             .epochs = epochs_of(choices, length),
             .published = model.digits,
             .cost = model.cost},
            digits(model.recipe, choices), choices);
  }
  return plan;
}

ImagePlan plan_activations(const ImageChoices& choices) {
  ImagePlan plan = begin("activations", "Which activation function in G, on digits?", choices);
  plan.dissects = true;
  plan.cost_note = "The published hours are hard to read in print.";
  if (choices.quick) plan.settings = kQuickDigits;
  for (const PublishedActivation& one : published_activations()) {
    run::Recipe recipe = digits("digits-4d", choices);
    recipe.generator.activation = one.name;
    const Length length{.quick = 10, .full = 500, .measured = {100, 200, 300, 400, 500}};
    add_arm(plan,
            {.name = one.name,
             .title = one.title,
             .runs = {},
             .epochs = epochs_of(choices, length),
             .published = one.digits,
             .cost = one.cost},
            recipe, choices);
  }
  return plan;
}

ImagePlan plan_landscapes(const ImageChoices& choices) {
  ImagePlan plan = begin("landscapes", "Which activation function in G, on landscapes?", choices);
  plan.dissects = true;
  plan.cost_note = "The study's four models took 480 hours in all, side by side on its machines.";
  // Photographs have no classes to learn features from.
  if (!choices.source.empty() && !data::is_synthetic(choices.source)) plan.features = "builtin-landscapes";
  if (choices.quick) {
    plan.settings =
        "pictures of 32 x 32, both networks at a width of 16, batch 64, Adam 4e-4 with beta1 0.5 and the moving "
        "average of G: recipe landscapes-quick, smaller";
  }
  for (const PublishedActivation& one : published_activations()) {
    run::Recipe recipe = run::find_recipe(choices.quick ? "landscapes-quick" : "landscapes");
    recipe.generator.activation = one.name;
    if (choices.quick) {
      recipe.data.image_size = 32;
      recipe.generator.width = recipe.discriminator.width = 16;
    }
    Length length{.quick = 18, .full = 1000};
    for (const Published& p : one.landscapes) length.measured.push_back(p.epoch);
    add_arm(plan,
            {.name = one.name,
             .title = one.title,
             .runs = {},
             .epochs = epochs_of(choices, length),
             .published = one.landscapes,
             .cost = one.landscapes_cost},
            recipe, choices);
  }
  return plan;
}

ImagePlan plan_dcgan(const ImageChoices& choices) {
  ImagePlan plan = begin("dcgan", "How do the losses of a DCGAN move, and does its D end at one half?", choices);
  if (choices.quick) plan.settings = "4 epochs in the place of 50; all else is the study's";
  add_arm(plan,
          {.name = "dcgan",
           .title = "DCGAN",
           .runs = {},
           .epochs = choices.quick && choices.epochs == 0 ? std::vector<std::int64_t>{1, 2, 3, 4}
                                                          : epochs_of(choices, {.quick = 4, .full = 50}),
           .published = {},
           .cost = {.epochs = 50}},
          run::find_recipe("dcgan"), choices);
  return plan;
}

}  // namespace ganymede::study
