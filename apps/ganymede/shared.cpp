#include "shared.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>

#include "backend.hpp"
#include "base/console.hpp"
#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/shell_word.hpp"
#include "base/signal.hpp"
#include "base/text.hpp"
#include "base/wording.hpp"
#include "data/catalogue.hpp"
#include "evaluate/best_monitor.hpp"
#include "evaluate/doctor/doctor.hpp"
#include "evaluate/map_monitor.hpp"
#include "evaluate/mixture_monitor.hpp"
#include "evaluate/monitor.hpp"
#include "explore/attributes/direction_file.hpp"
#include "explore/gallery.hpp"
#include "net/traits.hpp"
#include "run/recipe_file.hpp"
#include "run_classifier.hpp"
#include "train/recorder.hpp"
#include "train/sources.hpp"
#include "version.hpp"

namespace ganymede::app {

namespace fs = std::filesystem;

std::string& program_name() {
  static std::string name = "ganymede";
  return name;
}

CLI::Validator through_links() {
  return CLI::Validator(
      [](std::string& text) {
        text = followed(text).string();
        return std::string();
      },
      "");
}

void add_output(CLI::App& command, Output& output) {
  command.add_flag("--json", output.json, "Print the result as JSON on stdout");
  command.add_flag("--quiet", output.quiet, "No progress and no sentences on stderr");
}

void add_recipe(CLI::App& command, RecipeArguments& arguments) {
  command.add_option("RECIPE", arguments.recipe, "Name of a shipped recipe, or path of a recipe file")->required();
  add_changes(command, arguments);
}

void add_changes(CLI::App& command, RecipeArguments& arguments) {
  command.add_option("--set", arguments.sets, "KEY=VALUE: change one key of the recipe; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  // After --set, whose words it joins.
  command
      .add_option_function<std::string>(
          "--source", [&arguments](const std::string& name) { arguments.sets.push_back("data.source=" + name); },
          "Data set to use: a name of `ganymede data list`, or a path (data.source)")
      ->type_name("NAME|PATH");
  command.add_option("--seed", arguments.seed, "Seed of everything random (train.seed)")
      ->transform(range<std::int64_t>(0, kMostSeed));
}

void add_length(CLI::App& command, RecipeArguments& arguments) {
  auto* epochs = command.add_option("--epochs", arguments.epochs, "Train for so many epochs in all")
                     ->transform(range<std::int64_t>(1, kMostCount));
  command.add_option("--steps", arguments.steps, "Train for so many steps (updates of G) in all")
      ->transform(range<std::int64_t>(1, kMostCount))
      ->excludes(epochs);
}

void apply(const RecipeArguments& arguments, run::Recipe& recipe) {
  run::apply_sets(recipe, arguments.sets);
  if (arguments.seed) run::apply_set(recipe, fmt::format("train.seed={}", *arguments.seed));
  if (arguments.epochs) run::apply_set(recipe, fmt::format("train.epochs={}", *arguments.epochs));
  if (arguments.steps) run::apply_set(recipe, fmt::format("train.steps={}", *arguments.steps));
  run::check(recipe);
}

run::Recipe resolve(const RecipeArguments& arguments) {
  run::Recipe recipe = run::find_recipe(arguments.recipe);
  apply(arguments, recipe);
  return recipe;
}

run::ImageFacts image_facts(const run::Recipe& recipe, const std::string& data) {
  if (const data::Source* source = data::find_source(recipe.data.source)) {
    const bool chosen = source->any_side && recipe.data.image_size > 0;
    return {.channels = source->channels,
            .height = chosen ? recipe.data.image_size : source->height,
            .width = chosen ? recipe.data.image_size : source->width,
            .classes = source->classes};
  }
  data::OpenOptions options = train::open_options(recipe);
  options.limit = 0;
  return train::facts_of(
      data::open_dataset(recipe.data.source, data::Split::train, data::search_places(data), options));
}

void add_runs(CLI::App& command, RunArguments& arguments) {
  command.add_option("--runs", arguments.runs, "Folder of the runs (else $GANYMEDE_RUNS, else ./runs)")
      ->type_name("DIR");
}

void add_run(CLI::App& command, RunArguments& arguments) {
  command.add_option("RUN", arguments.run, "Name of a run, or its path")->required();
  add_runs(command, arguments);
}

std::string reference_to(const run::RunDirectory& directory) {
  std::error_code error;
  const bool usual = fs::equivalent(run::runs_root(""), directory.path().parent_path(), error) && !error;
  return usual ? directory.name() : directory.path().string();
}

void add_data(CLI::App& command, std::string& data) {
  command
      .add_option("--data", data,
                  "Folder where data sets are looked for, such as its mnist/ (else $GANYMEDE_DATA, ./data ...)")
      ->type_name("DIR");
}

void add_threads(CLI::App& command, int& threads) {
  command.add_option("--threads", threads, "Threads; 0 takes one for each physical core")
      ->transform(range(0, 1024))
      ->capture_default_str();
}

CLI::Option* add_truncation(CLI::App& command, double& truncation) {
  return command
      .add_option("--truncation", truncation,
                  "Draw each number of z again until it is within so many deviations: less variety, more typical "
                  "samples (normal latents)")
      ->transform(range(latent::kLeastTruncation, 100.0));
}

void add_condition(CLI::App& command, std::string& condition) {
  command
      .add_option("--condition", condition,
                  "Condition of all samples, its numbers as in 0.2,0.7 (models that take a vector; without it that of "
                  "each seed, out of the data's)")
      ->type_name("NUMBERS");
}

void give_condition(explore::TrainedGenerator& generator, const std::string& condition) {
  if (!condition.empty()) generator.give(explore::parse_condition(condition, generator.condition_length()));
}

std::string words_of_condition(const std::vector<float>& condition) {
  return condition.empty() ? std::string() : fmt::format(" with condition {:.4g}", fmt::join(condition, ", "));
}

void add_ablate(CLI::App& command, std::vector<std::string>& ablations) {
  command
      .add_option("--ablate", ablations,
                  "NODE:channel=K, NODE:row=K or NODE, with value=V if it shall not become 0; may be repeated")
      ->type_name("WHAT")
      ->allow_extra_args(false);
}

explore::Gallery make_gallery(int threads) {
  return explore::Gallery(
      backend(), {.threads = threads, .most_bytes = 0, .say = [](const std::string& line) { tell("{}", line); }});
}

train::SessionOptions session_options(const MachineArguments& arguments, const Output& output) {
  train::SessionOptions options;
  options.backend = &backend();
  options.places = data::search_places(arguments.data);
  options.threads = arguments.threads;
  options.minutes = arguments.minutes;
  options.pause_after = arguments.pause_after;
  options.progress = output.style();
  options.version = version();
  options.commit = commit();
  options.observers.push_back([places = options.places, threads = options.threads](const auto& context) {
    return evaluate::make_monitor(context, backend(), places, threads);
  });
  options.observers.emplace_back(evaluate::make_mixture_monitor);
  if (!output.quiet) options.say = [](const std::string& line) { tell("{}", line); };
  options.observers.push_back([threads = options.threads, say = options.say](const auto& context) {
    return evaluate::make_doctor(context, threads, say);
  });
  for (const auto make : {evaluate::make_best_monitor, evaluate::make_map_monitor}) {
    options.observers.push_back(
        [make, places = options.places, threads = options.threads, output](const auto& context) {
          evaluate::ReferenceOptions reference{.backend = backend(), .places = places, .threads = threads};
          FitProgress fits(output.style());
          reference.on_classifier = classifier_watch(fits, output);
          return make(context, reference);
        });
  }
  return options;
}

namespace {

// A text in a hand that can write: of letters the first three, and a class of a longer name in braces. "" for others.
std::string text_to_write(const train::Setup& setup) {
  if (!setup.dataset.is_ink() || net::class_count(setup.networks.generator) == 0) return {};
  std::string letters, word;
  for (const std::string& name : setup.dataset.class_names) {
    if (display_width(name) > 1 && word.empty()) word = "{" + name + "}";
    if (display_width(name) == 1 && display_width(letters) < 3) letters += name;
  }
  return letters + word;
}

}  // namespace

void report(const train::Outcome& outcome, const train::Setup& setup, const run::RunDirectory& directory,
            const std::string& data, const Output& output) {
  const std::string run = reference_to(directory);
  const train::Means& means = outcome.last_epoch;
  const fs::path latest = directory.samples() / "latest.png";
  const fs::path losses = directory.path() / "losses.png";
  if (output.json) {
    const auto trained = [&](double value) {  // what no update has made is no number
      return outcome.seconds > 0 ? nlohmann::json(value) : nlohmann::json(nullptr);
    };
    print(nlohmann::json{{"schema", "ganymede.train/1"},
                         {"run", directory.name()},
                         {"path", directory.path().string()},
                         {"state", name_of(outcome.state)},
                         {"step", outcome.position.step},
                         {"epoch", outcome.position.epoch},
                         {"images", outcome.position.images},
                         {"seconds", outcome.seconds},
                         {"images_per_second", trained(outcome.images_per_second)},
                         {"peak_memory_bytes", peak_memory_bytes()},
                         {"generator_loss", trained(means.generator_loss)},
                         {"discriminator_loss", trained(means.discriminator_loss)},
                         {"real_accuracy", trained(means.real_accuracy)},
                         {"fake_accuracy", trained(means.fake_accuracy)},
                         {"samples", latest.string()},
                         {"losses", losses.string()},
                         {"checkpoint", outcome.checkpoint.string()}});
    return;
  }
  if (output.quiet) return;
  const std::string& me = program_name();
  show(fmt::format("{} after step {} (epoch {}): {} at {:.0f} images/s, memory {}; d {}, g {}\n",
                   name_of(outcome.state), outcome.position.step, outcome.position.epoch,
                   human_duration(outcome.seconds), outcome.images_per_second,
                   human_bytes(static_cast<double>(peak_memory_bytes())), figure(means.discriminator_loss),
                   figure(means.generator_loss)));
  show(fmt::format("pictures: {}\nlosses:   {}\n", latest.string(), losses.string()));
  if (outcome.state == run::RunState::paused) {
    show(fmt::format("go on with: {} resume {}\n", me, run));
  } else {
    const std::string text = text_to_write(setup);
    show(fmt::format("next: {0} sample {1} --n 64 -o {2}.png\n", me, run, directory.name()));
    if (!text.empty()) {
      show(fmt::format("      {} write {} {}{} -o text.svg\n", me, run, shell_word(text),
                       data.empty() ? "" : " --data " + shell_word(data)));
    }
    show(fmt::format("      {0} film {1} -o {2}.gif\n      {0} resume {1} --epochs {3}\n", me, run, directory.name(),
                     std::max<std::int64_t>(2 * outcome.position.epoch, 2)));
  }
}

void check_result_name(const std::string& name) {
  if (!explore::is_direction_file_name(name))
    fail<UserError>("--name {}: wanted letters, digits, '-', '_' and '.'", name);
}

void check_writable(const fs::path& file) {
  AtomicFile probe(file);
}

void print(const nlohmann::json& object) {
  print(json_text(object, 2) + "\n");
}

void print(const std::string& text) {
  if (!show(text)) fail<GuardError>("cannot write the result to stdout: {}", std::strerror(errno));
}

bool show(const std::string& text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
}

}  // namespace ganymede::app
