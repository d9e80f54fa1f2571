#include "study/image_study.hpp"

#include "base/error.hpp"
#include "run/recipe_file.hpp"

namespace ganymede::study {
namespace {

// Epochs of a run and where it is measured.
struct Length {
  std::int64_t epochs;
  std::vector<std::int64_t> measured;
};

std::vector<std::int64_t> thirds(std::int64_t epochs) {
  std::vector<std::int64_t> list;
  for (const std::int64_t e : {epochs / 3, 2 * epochs / 3, epochs}) {
    if (e > 0 && (list.empty() || e > list.back())) list.push_back(e);
  }
  return list;
}

ImagePlan begin(const char* study, const char* question, const ImageChoices& choices, std::int64_t quick_epochs,
                std::int64_t full_epochs, const std::vector<std::int64_t>& measured = {}) {
  ImagePlan plan{
      .study = study, .question = question, .arms = {}, .quick = choices.quick, .epochs = {}, .measures = {}};
  plan.seeds = choices.seeds > 0 ? choices.seeds : choices.quick ? 2 : 3;
  const std::int64_t epochs = choices.epochs > 0 ? choices.epochs : choices.quick ? quick_epochs : full_epochs;
  plan.epochs = !choices.quick && choices.epochs == 0 && !measured.empty() ? measured : thirds(epochs);
  plan.judge = choices.quick ? "nk_weak_v1" : "nk_strong_v1";
  plan.measures = {"frechet", "precision", "recall", "discriminator", choices.quick ? "weak" : "strong"};
  plan.count = choices.quick ? 5000 : 10000;
  return plan;
}

void add_arm(ImagePlan& plan, const std::string& name, const std::string& title, run::Recipe recipe,
             const ImageChoices& choices, std::vector<Published> published = {}) {
  recipe.train.epochs = plan.epochs.back();
  recipe.train.steps = recipe.train.images = 0;
  recipe.train.seed = 1;
  recipe.snapshot.every = plan.epochs.back();
  recipe.snapshot.epochs = plan.epochs;
  if (!choices.source.empty()) recipe.data.source = choices.source;
  ImageArm arm{.name = name,
               .title = title,
               .runs = train::seeds_of(name, recipe, plan.seeds),
               .published = std::move(published)};
  plan.arms.push_back(std::move(arm));
}

// A quick study sees a third of MNIST: more epochs in the same time, so that curves have points.
run::Recipe digits(const char* name, const ImageChoices& choices) {
  run::Recipe recipe = run::find_recipe(name);
  if (choices.quick) recipe.data.limit = 20000;
  return recipe;
}

struct ActivationArm {
  const char* name;
  const char* title;
  std::vector<Published> digits, landscapes;
};

// Tables 3.1 and 3.2.
const std::vector<ActivationArm>& activation_arms() {
  static const std::vector<ActivationArm> arms = {
      {"relu",
       "ReLU",
       {{100, 0.0064}, {200, 0.0198}, {300, 0.0810}, {400, 0.0631}, {500, 0.1561}},
       {{10, 0.001},   {50, 0.0288},  {100, 0.0541}, {150, 0.0618}, {200, 0.0631}, {250, 0.1081}, {300, 0.0689},
        {350, 0.0907}, {400, 0.0967}, {450, 0.1145}, {500, 0.1086}, {550, 0.1139}, {600, 0.0909}, {650, 0.0844},
        {700, 0.0438}, {750, 0.0799}, {800, 0.0853}, {850, 0.056},  {900, 0.0728}, {950, 0.0399}, {1000, 0.0397}}},
      {"leaky_relu",
       "LeakyReLU",
       {{100, 0.0065}, {200, 0.0538}, {300, 0.0502}, {400, 0.0821}, {500, 0.1428}},
       {{10, 0.0036},  {50, 0.0189},  {100, 0.0626}, {150, 0.0605}, {200, 0.0532}, {250, 0.0778}, {300, 0.0593},
        {350, 0.0476}, {400, 0.0725}, {450, 0.0636}, {500, 0.0654}, {550, 0.0521}, {600, 0.0890}, {650, 0.0947},
        {700, 0.0974}, {750, 0.0874}, {800, 0.0458}, {850, 0.0798}, {900, 0.0763}, {950, 0.0631}, {1000, 0.0718}}},
      {"prelu",
       "PReLU",
       {{100, 0.0068}, {200, 0.0473}, {300, 0.0670}, {400, 0.0263}, {500, 0.0789}},
       {{10, 0.000986}, {50, 0.0057},  {100, 0.003},  {150, 0.0048}, {200, 0.0062}, {250, 0.0092}, {300, 0.0063},
        {350, 0.0036},  {400, 0.0052}, {450, 0.0062}, {500, 0.0035}, {550, 0.0055}, {600, 0.0044}, {650, 0.0045},
        {700, 0.0017},  {750, 0.0081}, {800, 0.0036}, {850, 0.0052}, {900, 0.0024}, {950, 0.0057}, {1000, 0.0059}}},
      {"elu",
       "ELU",
       {{100, 0.0186}, {200, 0.0369}, {300, 0.0967}, {400, 0.0706}, {500, 0.0526}},
       {{10, 0.0019},  {50, 0.0233},  {100, 0.052}, {150, 0.0558}, {200, 0.0713}, {250, 0.089},  {300, 0.067},
        {350, 0.0766}, {400, 0.0587}, {450, 0.084}, {500, 0.0795}, {550, 0.0818}, {600, 0.1061}, {650, 0.0807},
        {700, 0.1032}, {750, 0.0707}, {800, 0.099}, {850, 0.0721}, {900, 0.098},  {950, 0.056},  {1000, 0.0825}}},
  };
  return arms;
}

}  // namespace

std::vector<train::PlannedRun> ImagePlan::all_runs() const {
  std::vector<train::PlannedRun> runs;
  for (int s = 0; s < seeds; ++s) {
    for (const ImageArm& arm : arms) runs.push_back(arm.runs[static_cast<std::size_t>(s)]);
  }
  return runs;
}

ImagePlan plan_dims(const ImageChoices& choices) {
  ImagePlan plan = begin("dims", "Do more latent dimensions learn faster and better?", choices, 6, 50);
  add_arm(plan, "digits-2d", "2-D", digits("digits-2d", choices), choices, {{1000, 0.0055}, {5000, 0.0154}});
  add_arm(plan, "digits-3d", "3-D", digits("digits-3d", choices), choices, {{1000, 0.0269}, {2000, 0.032}});
  add_arm(plan, "digits-4d", "4-D", digits("digits-4d", choices), choices, {{1000, 0.0829}});
  add_arm(plan, "digits-cgan-3d", "3-D cGAN", digits("digits-cgan-3d", choices), choices, {{256, 0.00084}});
  return plan;
}

ImagePlan plan_activations(const ImageChoices& choices) {
  ImagePlan plan =
      begin("activations", "Which activation function in G, on digits?", choices, 6, 500, {100, 200, 300, 400, 500});
  for (const ActivationArm& arm : activation_arms()) {
    run::Recipe recipe = digits("digits-4d", choices);
    recipe.generator.activation = arm.name;
    add_arm(plan, arm.name, arm.title, recipe, choices, arm.digits);
  }
  return plan;
}

ImagePlan plan_landscapes(const ImageChoices& choices) {
  ImagePlan plan = begin("landscapes", "Which activation function in G, on landscapes?", choices, 9, 1000,
                         {10, 100, 250, 400, 550, 700, 850, 1000});
  for (const ActivationArm& arm : activation_arms()) {
    run::Recipe recipe = run::find_recipe(choices.quick ? "landscapes-quick" : "landscapes");
    recipe.generator.activation = arm.name;
    add_arm(plan, arm.name, arm.title, recipe, choices, arm.landscapes);
  }
  return plan;
}

ImagePlan plan_dcgan(const ImageChoices& choices) {
  ImagePlan plan = begin("dcgan", "How do the losses of a DCGAN move, and does its D end at one half?", choices, 6, 50);
  add_arm(plan, "dcgan", "DCGAN", digits("dcgan", choices), choices);
  return plan;
}

}  // namespace ganymede::study
