#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/shell_word.hpp"
#include "base/signal.hpp"
#include "command.hpp"
#include "data/dataset.hpp"
#include "explore/gallery.hpp"
#include "explore/inversion/inversion_set.hpp"
#include "measure/resample.hpp"
#include "picture/png.hpp"
#include "serve/asked.hpp"
#include "shared.hpp"
#include "wanted_pictures.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;

struct InvertArguments {
  RunArguments run;
  std::vector<std::string> pictures;
  std::vector<std::string> train, test;  // indices
  std::int64_t set = 0;                  // > 0: so many of each
  explore::InversionOptions options{};
  std::optional<std::string> only;
  std::string condition;
  std::optional<std::uint64_t> epoch;
  std::string name = "set", file;
  MachineArguments machine;
  Output output;
};

constexpr std::int64_t kMostInverted = 10000;
constexpr std::size_t kMostShownZ = 8;             // longer ones stand in the command that edits them alone
constexpr std::uint64_t kOwnPictures = 1'000'000;  // seeds of the generated ones lie so far behind the candidates

std::vector<explore::Inversion> invert_shown(explore::TrainedGenerator& generator,
                                             const explore::InversionTargets& targets, const InvertArguments& arguments,
                                             const std::string& label) {
  std::optional<Progress> bar;
  std::vector<explore::Inversion> found =
      explore::invert(generator, targets, arguments.options, [&](std::int64_t done, std::int64_t all) {
        if (!bar) {
          bar.emplace(label, static_cast<double>(all),
                      ProgressOptions{.style = arguments.output.style(), .unit = "steps"});
        }
        bar->update(static_cast<double>(done));
        return !stop_requested();
      });
  if (bar) bar->finish();
  return found;
}

// What draws, and moves, what was found.
std::string edit_command(const run::RunDirectory& directory, const InvertArguments& arguments,
                         const explore::TrainedGenerator& generator, const explore::Descent& best) {
  std::string text =
      fmt::format("{} edit {} --z={}", program_name(), shell_word(reference_to(directory)), serve::z_words(best.z));
  if (best.label) {
    const auto k = static_cast<std::size_t>(*best.label);
    text += " --class " +
            shell_word(k < generator.class_names().size() ? generator.class_names()[k] : std::to_string(*best.label));
  }
  if (!arguments.condition.empty()) text += " --condition=" + shell_word(arguments.condition);
  if (arguments.epoch) text += fmt::format(" --epoch {}", *arguments.epoch);
  return text + " --along z1 -o edited.png";
}

nlohmann::json inversion_json(const explore::Inversion& one, const std::string& name, const std::string& edit,
                              const explore::TrainedGenerator& generator) {
  const explore::Descent& best = one.best();
  nlohmann::json starts = nlohmann::json::array();
  for (const explore::Descent& d : one.descents) {
    starts.push_back({{"error", d.error}, {"loss", d.loss}, {"start_error", d.start_error}});
    if (d.label) starts.back()["class"] = *d.label;
  }
  nlohmann::json json = {{"picture", name},
                         {"z", best.z},
                         {"error", best.error},
                         {"loss", best.loss},
                         {"prior", best.loss - best.error},
                         {"start_error", best.start_error},
                         {"agree", one.agree},
                         {"same_z", one.same_z},
                         {"flat", one.flat()},
                         {"last_fall", one.last_fall},
                         {"curve", best.curve},
                         {"starts", starts},
                         {"edit", edit}};
  if (best.label) {
    json["class"] = *best.label;
    json["class_name"] = train::class_words(*best.label, generator.class_names());
  }
  return json;
}

int invert_pictures(const InvertArguments& arguments, const run::RunDirectory& directory,
                    explore::TrainedGenerator& generator) {
  WantedPictures wanted(generator);
  RunData data(generator.about().recipe, arguments.machine.data);
  for (const std::string& file : arguments.pictures) wanted.add_file(file);
  for (const std::string& index : arguments.train) wanted.add_sample(data.training(), "--train", index, "training");
  for (const std::string& index : arguments.test) wanted.add_sample(data.held_out(), "--test", index, "held out");
  const std::vector<std::string>& names = wanted.names();
  if (names.empty()) fail<UserError>("wanted a PICTURE, --train INDEX or --test INDEX of the run's data, or --set N");
  wanted.forget_classes();
  if (!arguments.file.empty()) check_writable(arguments.file);
  const explore::InversionTargets targets = wanted.finish(arguments.condition, generator.class_named(arguments.only));
  const std::vector<explore::Inversion> found = invert_shown(generator, targets, arguments, "inverting");
  if (!arguments.file.empty()) {
    const Tensor pictures = generator.draw(explore::samples_at(generator, found, targets.conditions));
    picture::write_png(arguments.file,
                       explore::draw_reconstructions(targets.pictures, pictures, found, names, generator.class_names()),
                       {{"Software", "Ganymede"}, {"Description", "pictures inverted by " + directory.name()}});
  }
  if (arguments.output.json) {
    nlohmann::json list = nlohmann::json::array();
    for (std::size_t i = 0; i < found.size(); ++i) {
      list.push_back(inversion_json(found[i], names[i], edit_command(directory, arguments, generator, found[i].best()),
                                    generator));
    }
    const explore::InversionOptions& o = arguments.options;
    print(nlohmann::json{{"schema", "ganymede.inversion/1"},
                         {"run", directory.name()},
                         {"epoch", generator.about().epoch},
                         {"step", generator.about().step},
                         {"starts", o.starts},
                         {"candidates", o.candidates},
                         {"steps", o.steps},
                         {"rate", o.rate},
                         {"prior_weight", o.prior},
                         {"seed", o.seed},
                         {"pictures", list},
                         {"file", arguments.file}});
    return 0;
  }
  if (arguments.output.quiet) return 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const explore::Inversion& one = found[i];
    const explore::Descent& best = one.best();
    std::string text = fmt::format("{}: error {:.5f} (nearest sample {:.5f})", names[i], best.error, best.start_error);
    if (best.label) text += ", class " + train::class_words(*best.label, generator.class_names());
    text += fmt::format(
        "; {} steps, {}; {} of {} starts agree, {} of them at the same z\n", arguments.options.steps,
        one.flat()
            ? "flat"
            : fmt::format("still falling by {:.1f} % in the last quarter: more --steps find more", 100 * one.last_fall),
        one.agree, arguments.options.starts, one.same_z);
    print(text);
    if (best.z.size() <= kMostShownZ) print(fmt::format("z: {}\n", serve::z_words(best.z)));
    print(fmt::format("edit it: {}\n", edit_command(directory, arguments, generator, best)));
  }
  if (!arguments.file.empty()) print(fmt::format("picture: {}\n", arguments.file));
  return 0;
}

// N at random of a split, each of its own class.
explore::InversionTargets some_of(const data::Dataset& dataset, std::int64_t count, const InvertArguments& arguments,
                                  const explore::TrainedGenerator& generator) {
  WantedPictures wanted(generator);
  const auto order = measure::subset(dataset.size(), std::min(count, dataset.size()),
                                     Random(arguments.options.seed, "invert.reals"), 0);
  for (const std::int64_t index : order) wanted.add_sample(dataset, index, "");
  return wanted.finish(arguments.condition, generator.class_named(arguments.only));
}

int invert_set(const InvertArguments& arguments, const run::RunDirectory& directory,
               explore::TrainedGenerator& generator) {
  RunData data(generator.about().recipe, arguments.machine.data);
  const explore::InversionTargets training = some_of(data.training(), arguments.set, arguments, generator),
                                  held_out = some_of(data.held_out(), arguments.set, arguments, generator);
  const train::NamedSamples own =
      generator.samples(arguments.options.seed + kOwnPictures, arguments.set, generator.class_named(arguments.only));
  const explore::InversionTargets generated{
      .pictures = generator.draw(own), .classes = own.classes, .conditions = own.conditions};
  explore::InversionSet set{.name = arguments.name,
                            .run = directory.name(),
                            .data = generator.about().recipe.data.source,
                            .epoch = generator.about().epoch,
                            .step = generator.about().step,
                            .options = arguments.options};
  const auto errors_of = [&](const explore::InversionTargets& targets, const std::string& label) {
    std::vector<double> errors;
    for (const explore::Inversion& one : invert_shown(generator, targets, arguments, label)) {
      errors.push_back(one.best().error);
      set.flat += one.flat() ? 1 : 0;
    }
    return errors;
  };
  set.training = errors_of(training, "training pictures");
  set.held_out = errors_of(held_out, "held-out pictures");
  set.generated = errors_of(generated, "its own pictures");
  const explore::InversionVerdict verdict = explore::judge_inversions(set);
  const fs::path file = explore::write_inversions(directory.path() / "inversions", set, verdict);
  if (!arguments.file.empty()) {
    picture::write_png(arguments.file, explore::draw_inversions(set, verdict),
                       {{"Software", "Ganymede"}, {"Description", verdict.memorising}});
  }
  if (arguments.output.json) {
    nlohmann::json json = nlohmann::json::parse(explore::to_json(set, verdict));
    json["file"] = file.string();
    print(json);
    return 0;
  }
  if (arguments.output.quiet) return 0;
  TextTable table("lrrr");
  table.add({"pictures", "n", "mean error", "median"});
  const auto row = [&](const char* name, const std::vector<double>& errors, const explore::InversionVerdict::Group& g) {
    table.add({name, std::to_string(errors.size()),
               fmt::format("{:.4f} [{:.4f}, {:.4f}]", g.mean, g.mean_interval.low, g.mean_interval.high),
               fmt::format("{:.4f} [{:.4f}, {:.4f}]", g.median, g.median_interval.low, g.median_interval.high)});
  };
  row("training", set.training, verdict.training);
  row("held out", set.held_out, verdict.held_out);
  row("its own", set.generated, verdict.generated);
  print(table.str());
  print(fmt::format("{}.\n{}.\n", verdict.memorising, verdict.coverage));
  print(fmt::format("{} of {} were found with a flat loss\nerrors: {}\n", set.flat,
                    set.training.size() + set.held_out.size() + set.generated.size(), file.string()));
  return 0;
}

int invert(const InvertArguments& arguments) {
  check_result_name(arguments.name);
  if (arguments.options.candidates < arguments.options.starts) {
    fail<UserError>("--candidates {}: wanted as many as --starts {} or more", arguments.options.candidates,
                    arguments.options.starts);
  }
  if (!arguments.file.empty() && fs::path(arguments.file).extension() != ".png")
    fail<UserError>("-o {}: wanted .png", arguments.file);
  const run::RunDirectory directory = arguments.run.find();
  explore::Gallery gallery = make_gallery(arguments.machine.threads);
  const auto opened = gallery.open(directory, {.epoch = arguments.epoch});
  install_stop_handlers();
  if (arguments.set > 0) {
    if (!arguments.pictures.empty() || !arguments.train.empty() || !arguments.test.empty())
      fail<UserError>("--set {}: wanted no PICTURE, --train or --test beside it", arguments.set);
    return invert_set(arguments, directory, opened->generator);
  }
  return invert_pictures(arguments, directory, opened->generator);
}

}  // namespace

Action set_up_invert(CLI::App& command) {
  const auto a = std::make_shared<InvertArguments>();
  add_run(command, a->run);
  command.add_option("PICTURE", a->pictures,
                     "PNG or JPEG files: the square in the middle, reduced to what the generator draws");
  command
      .add_option("--train", a->train, "Samples of the data that the run was trained on, by number from 0, as in 3,17")
      ->type_name("INDEX")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--test", a->test, "Samples of the data that were held out, likewise")
      ->type_name("INDEX")
      ->delimiter(',')
      ->allow_extra_args(false);
  command
      .add_option("--set", a->set,
                  "So many training, held-out and generated samples: are they found alike (memorising, coverage)?")
      ->transform(range<std::int64_t>(2, kMostInverted));
  command.add_option("--starts", a->options.starts, "Ways down to each picture (and class, where none is given)")
      ->transform(range(1, 256))
      ->capture_default_str();
  command.add_option("--candidates", a->options.candidates, "Samples of which the nearest are the starts")
      ->transform(range(1, 100000))
      ->capture_default_str();
  command.add_option("--steps", a->options.steps, "Steps of Adam")->transform(range(1, 100000))->capture_default_str();
  command.add_option("--rate", a->options.rate, "Its learning rate, which falls to a hundredth")
      ->transform(positive(100))
      ->capture_default_str();
  command
      .add_option("--prior", a->options.prior,
                  "Weight w of the prior in |G(z) - x|^2 / P + w |z|^2 / Z, P values and Z coordinates; 0: none")
      ->transform(range(0.0, 1000.0))
      ->capture_default_str();
  command.add_option("--seed", a->options.seed, "Seed that names the first of the candidates")
      ->transform(range<std::int64_t>(0, kMostSampleSeed))
      ->capture_default_str();
  command
      .add_option("--class", a->only,
                  "Of this class (conditional models; else the best of all, and with --set each sample's own)")
      ->type_name("CLASS");
  add_condition(command, a->condition);
  command.add_option("--epoch", a->epoch, "Weights of this epoch's snapshot (default: the newest there are)")
      ->transform(range<std::int64_t>(0, kMostCount));
  command.add_option("--name", a->name, "With --set: it is written to inversions/NAME.json and NAME.png in the run")
      ->type_name("NAME")
      ->capture_default_str();
  command
      .add_option("-o,--output", a->file,
                  "FILE.png: each picture beside what was found and the difference; with --set the distributions")
      ->type_name("FILE")
      ->transform(through_links());
  add_threads(command, a->machine.threads);
  add_data(command, a->machine.data);
  add_output(command, a->output);
  command.footer(
      "Example: ganymede invert dcgan-001 three.png -o found.png\n"
      "         ganymede invert dcgan-001 --test 0,1,2,3 -o found.png\n"
      "         ganymede invert dcgan-001 --set 100");
  return [a] { return invert(*a); };
}

}  // namespace ganymede::app
