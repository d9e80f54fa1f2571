#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/signal.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "data/files/csv_field.hpp"
#include "explore/attributes/direction_strips.hpp"
#include "explore/attributes/find_directions.hpp"
#include "explore/gallery.hpp"
#include "run_classifier.hpp"
#include "shared.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;

struct DirectionsArguments {
  RunArguments run;
  std::vector<std::string> attributes;  ///< none: all that are at hand
  std::int64_t count = 2000;
  std::uint64_t seed = train::kFixedSeed;
  std::string scores;  ///< a table by hand
  std::optional<std::string> only;
  std::string condition;
  std::string name = "attributes";
  int resamples = 100;
  int components = 8;
  double step = 1;
  std::optional<std::uint64_t> epoch;
  bool classify = false;
  MachineArguments machine;
  Output output;
};

bool wants_classes(const DirectionsArguments& arguments) {
  return std::ranges::any_of(arguments.attributes,
                             [](const std::string& name) { return name == "classes" || name.starts_with("class:"); });
}

std::optional<explore::ScoreTable> table_by_hand(const DirectionsArguments& arguments) {
  if (arguments.scores.empty()) return {};
  return explore::parse_scores(data::read_csv_text(arguments.scores, "a table of scores"), arguments.scores);
}

explore::SearchOptions search_of(const DirectionsArguments& arguments, const run::RunDirectory& directory,
                                 const fit::Classifier* classifier, std::optional<int> only) {
  explore::SearchOptions options{.count = arguments.count,
                                 .seed = arguments.seed,
                                 .only = only,
                                 .resamples = arguments.resamples,
                                 .components = arguments.components,
                                 .step = arguments.step,
                                 .name = arguments.name,
                                 .run_name = directory.name(),
                                 .classifier = classifier != nullptr ? words_of(*classifier) : std::string()};
  if (only && !arguments.only) options.name += fmt::format("-class-{}", *only);
  if (!arguments.output.quiet) options.say = [](const std::string& line) { tell("{}", line); };
  return options;
}

std::string within(const explore::Estimate& one, const char* unit = "") {
  if (!std::isfinite(one.value)) return "-";
  return fmt::format("{:.2f} [{:.2f}, {:.2f}]{}", one.value, one.interval.low, one.interval.high, unit);
}

std::string table_of(const explore::KeptDirections& kept) {
  TextTable table("lllrrr");
  table.add({"attribute", "held out: accuracy", "R^2", "lambda", "offset", "left"});
  for (const explore::AttributeDirection& one : kept.found.attributes) {
    table.add(
        {one.name, one.accuracy ? fmt::format("{}, {:.2f} by the commoner", within(*one.accuracy), one.commonest) : "-",
         within(one.explained), fmt::format("{:.3g}", one.slope), one.told ? fmt::format("{:.2f}", one.offset) : "-",
         one.told ? fmt::format("{:.2f}", one.alone.left) : "not told by z"});
  }
  return table.str();
}

std::string proof_words(const explore::Proof& proof) {
  std::string text;
  if (proof.rows.empty()) return text;  // nothing is told by z
  for (const auto what : {explore::AlongWhat::normal, explore::AlongWhat::alone, explore::AlongWhat::orthogonal}) {
    const auto [risen, all] = proof.rises(what);
    if (all == 0) {
      if (what != explore::AlongWhat::normal) {
        text +=
            fmt::format("{}: none, the others leave no room (--attributes chooses fewer)\n", explore::name_of(what));
      }
      continue;
    }
    text += fmt::format("{}: {} of {} attributes rise", explore::name_of(what), risen, all);
    if (const double leak = proof.leak(what); std::isfinite(leak))
      text += fmt::format(", the others move by {:.0f} % of that", 100 * leak);
    text += "\n";
  }
  return text.empty()
             ? text
             : fmt::format("One step of {:g} on {} other samples, along the\n{}", proof.step, proof.count, text);
}

// Which attribute an unsupervised direction is nearest to.
std::string nearest_words(const explore::Direction& direction, const explore::AttributeDirections& found) {
  std::string text = "-";
  double best = 0;
  for (const explore::AttributeDirection& one : found.attributes) {
    double cosine = 0;
    for (std::size_t i = 0; i < one.normal.size(); ++i)
      cosine += one.normal[i] * static_cast<double>(direction.vector[i]);
    if (!one.told || std::fabs(cosine) <= std::fabs(best)) continue;
    best = cosine;
    text = fmt::format("{} ({:.2f})", one.name, cosine);
  }
  return text;
}

std::string unsupervised_words(const explore::KeptDirections& kept) {
  constexpr std::size_t kDirectionsShown = 4;
  TextTable table("lrrl");
  table.add({"unsupervised", "strength", "share", "nearest attribute (cosine)"});
  const auto add = [&](const std::vector<explore::Direction>& directions, const std::vector<double>& shares) {
    for (std::size_t k = 0; k < std::min(kDirectionsShown, directions.size()); ++k) {
      table.add({directions[k].name, fmt::format("{:.3g}", directions[k].strength),
                 k < shares.size() ? fmt::format("{:.1f} %", 100 * shares[k]) : "",
                 nearest_words(directions[k], kept.found)});
    }
  };
  add(kept.by_weights, {});
  add(kept.by_activations.directions, kept.by_activations.shares);
  return kept.by_weights.empty() && kept.by_activations.directions.empty() ? "" : table.str();
}

std::string found_words(const explore::KeptDirections& kept) {
  std::string text = fmt::format("{}, epoch {}{}: {}, {} of them held out\n", kept.run, kept.epoch,
                                 kept.only ? ", class " + kept.only_name : "", kept.samples, kept.found.held_out);
  text += table_of(kept);
  for (const explore::LeftOut& one : kept.found.left_out) text += fmt::format("{}: left out, {}\n", one.name, one.why);
  if (!kept.found.attributes.empty()) {
    text += kept.found.entanglement.sentence + "\n";
    if (std::isfinite(kept.found.entanglement.off_diagonal.value)) {
      text += fmt::format("Off the diagonal: {} of Sigma_s, {:.2f} of the measured covariance\n",
                          within(kept.found.entanglement.off_diagonal), kept.found.entanglement.measured_off_diagonal);
    }
  }
  return text + proof_words(kept.proof) + unsupervised_words(kept);
}

// The class that was asked for, or one after the other.
std::vector<std::optional<int>> classes_of(const DirectionsArguments& arguments,
                                           const explore::TrainedGenerator& generator) {
  if (arguments.only || generator.classes() == 0) return {generator.class_named(arguments.only)};
  std::vector<std::optional<int>> classes;
  for (int k = 0; k < generator.classes(); ++k) classes.emplace_back(k);
  return classes;
}

int directions(const DirectionsArguments& arguments) {
  check_result_name(arguments.name);
  const run::RunDirectory directory = arguments.run.find();
  explore::Gallery gallery = make_gallery(arguments.machine.threads);
  const auto opened = gallery.open(directory, {.epoch = arguments.epoch});
  explore::TrainedGenerator& generator = opened->generator;
  give_condition(generator, arguments.condition);
  const std::vector<std::optional<int>> classes = classes_of(arguments, generator);
  // A table that cannot be read is told before a classifier is fitted.
  std::optional<explore::ScoreTable> table = table_by_hand(arguments);
  SeenBy by = classifier_if_kept(generator, arguments.machine, arguments.output,
                                 arguments.classify || wants_classes(arguments));
  fit::Classifier* const classifier = by.classifier ? &*by.classifier : nullptr;
  const explore::Scoring scoring =
      explore::choose_scores(arguments.attributes, generator, classifier, std::move(table), arguments.scores);
  install_stop_handlers();
  if (!arguments.output.quiet) {
    const std::int64_t count = scoring.table ? std::ssize(scoring.table->seeds) : arguments.count;
    tell("{} samples are drawn and scored{} ...", with_thousands(count), classes.size() > 1 ? " of each class" : "");
  }
  nlohmann::json results = nlohmann::json::array();
  for (const std::optional<int>& only : classes) {
    const explore::KeptDirections kept =
        explore::find_directions(generator, scoring, search_of(arguments, directory, classifier, only));
    const auto strips = explore::draw_strips(generator, kept, generator.samples(train::kFixedSeed, 1, only));
    const fs::path file = explore::write_directions(directory.path() / "directions", kept, strips);
    if (arguments.output.json) {
      nlohmann::json json = nlohmann::json::parse(explore::to_json(kept));
      json["file"] = file.string();
      results.push_back(std::move(json));
    } else if (!arguments.output.quiet) {
      print(found_words(kept) + fmt::format("directions: {}\n", file.string()));
    }
  }
  if (scoring.table && scoring.table->left_out > 0 && !arguments.output.json && !arguments.output.quiet)
    print(fmt::format("{}: {} rows with an empty field were left out\n", arguments.scores, scoring.table->left_out));
  if (arguments.output.json) {
    print(nlohmann::json{{"schema", "ganymede.directions_command/1"},
                         {"run", directory.name()},
                         {"classifier_missing", by.classifier ? nlohmann::json() : nlohmann::json(by.why_not)},
                         {"directions", results}});
  } else if (!by.classifier && !arguments.output.quiet && arguments.attributes.empty()) {
    print(fmt::format("classes are no attributes here: {}\n", by.why_not));
  }
  return 0;
}

}  // namespace

Action set_up_directions(CLI::App& command) {
  const auto a = std::make_shared<DirectionsArguments>();
  add_run(command, a->run);
  command
      .add_option(
          "--attributes", a->attributes,
          "Only these, separated by commas: thickness, slant ...; class:3 (the probability of a class), classes "
          "(all of them); columns of --scores. Default: all, classes where a classifier is kept")
      ->type_name("NAMES")
      ->delimiter(',')
      ->allow_extra_args(false);
  auto* count = command.add_option("--n", a->count, "Samples that are drawn and scored")
                    ->transform(range(34, 100000))
                    ->capture_default_str();
  auto* seed = command.add_option("--seed", a->seed, "Seed that names the first of them; the next ones count up")
                   ->transform(range<std::int64_t>(0, kMostSampleSeed))
                   ->capture_default_str();
  command
      .add_option("--scores", a->scores,
                  "FILE.csv: scores by hand of samples that seeds name, as `sample --csv` writes it with columns of "
                  "yours; of a tick 1 and 0. These samples are taken instead")
      ->type_name("FILE")
      ->excludes(count)
      ->excludes(seed);
  add_classify(command, a->classify);
  command
      .add_option("--class", a->only,
                  "Of samples of this class (conditional models; without it one class after another, a file each)")
      ->type_name("CLASS");
  add_condition(command, a->condition);
  command.add_option("--name", a->name, "They are written to directions/NAME.json and NAME.png in the run")
      ->type_name("NAME")
      ->capture_default_str();
  command
      .add_option("--resamples", a->resamples, "Of the bootstrap that says how sure it is whether they are orthogonal")
      ->transform(range(10, 10000))
      ->capture_default_str();
  command
      .add_option("--components", a->components,
                  "Unsupervised directions of each kind: of the first layer's weights and of its activations")
      ->transform(range(0, 100))
      ->capture_default_str();
  command.add_option("--step", a->step, "How far samples are moved for the proof, in units of z")
      ->transform(positive(100))
      ->capture_default_str();
  command.add_option("--epoch", a->epoch, "Weights of this epoch's snapshot (default: the newest there are)")
      ->transform(range<std::int64_t>(0, kMostCount));
  add_threads(command, a->machine.threads);
  add_data(command, a->machine.data);
  add_output(command, a->output);
  command.footer(
      "Example: ganymede directions dcgan-001 --attributes thickness,slant,classes\n"
      "         ganymede sample dcgan-001 --n 200 --csv mine.csv   (add a column smiling of 1 and 0)\n"
      "         ganymede directions dcgan-001 --scores mine.csv --attributes smiling,thickness --name mine");
  return [a] { return directions(*a); };
}

}  // namespace ganymede::app
