#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/signal.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "data/files/csv_field.hpp"
#include "explore/attributes/direction_file.hpp"
#include "explore/attributes/scores.hpp"
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

constexpr std::int64_t kDrawnAtOnce = 512;
constexpr std::int64_t kProofSamples = 200, kComponentSamples = 500;
constexpr int kMostClassesByDefault = 50;
constexpr const char* kAllClasses = "classes";

// What is scored, in the order of the result.
struct Scoring {
  std::vector<explore::ScoreSource> sources;
  fit::Classifier* classifier = nullptr;
  std::optional<explore::ScoreTable> table;

  std::vector<explore::ScoreSource> measured() const {
    std::vector<explore::ScoreSource> some;
    std::ranges::copy_if(sources, std::back_inserter(some), [](const auto& s) { return !s.by_hand(); });
    return some;
  }
};

bool wants_classes(const DirectionsArguments& arguments) {
  return std::ranges::any_of(arguments.attributes,
                             [](const std::string& name) { return name == kAllClasses || name.starts_with("class:"); });
}

Scoring scoring_of(const DirectionsArguments& arguments, const explore::TrainedGenerator& generator,
                   fit::Classifier* classifier) {
  Scoring scoring{.sources = {}, .classifier = classifier, .table = {}};
  std::vector<explore::ScoreSource> known = explore::score_sources(generator, classifier);
  if (!arguments.scores.empty()) {
    scoring.table = explore::parse_scores(data::read_csv_text(arguments.scores, "a table of scores"), arguments.scores);
    for (const std::string& name : scoring.table->names) {
      if (std::ranges::find(known, name, &explore::ScoreSource::name) == known.end())
        known.push_back({.name = name, .sentence = "by hand: " + fs::path(arguments.scores).filename().string()});
    }
  }
  std::vector<std::string> names;
  for (const explore::ScoreSource& source : known) names.push_back(source.name);
  if (arguments.attributes.empty()) {
    const bool classes = classifier != nullptr && classifier->class_count() <= kMostClassesByDefault &&
                         generator.classes() == 0;  // of a class that was asked for, it says little
    std::ranges::copy_if(known, std::back_inserter(scoring.sources),
                         [&](const explore::ScoreSource& source) { return classes || !source.label; });
    return scoring;
  }
  for (const std::string& wanted : arguments.attributes) {
    const auto before = scoring.sources.size();
    for (const explore::ScoreSource& source : known) {
      if (source.name != wanted && !(wanted == kAllClasses && source.label)) continue;
      if (std::ranges::find(scoring.sources, source.name, &explore::ScoreSource::name) == scoring.sources.end())
        scoring.sources.push_back(source);
    }
    if (std::ranges::find(names, wanted) == names.end() && scoring.sources.size() == before) {
      fail<UserError>("--attributes {}: there is no such attribute{} These samples have {}", wanted,
                      did_you_mean(wanted, names).empty() ? "." : did_you_mean(wanted, names), fmt::join(names, ", "));
    }
  }
  return scoring;
}

// The samples that directions are fitted to: of a table those that it names.
train::NamedSamples samples_to_fit(const DirectionsArguments& arguments, explore::TrainedGenerator& generator,
                                   const Scoring& scoring, std::optional<int> only) {
  if (!scoring.table) return generator.samples(arguments.seed, arguments.count, only);
  train::NamedSamples all;
  for (const std::uint64_t seed : scoring.table->seeds) {
    const train::NamedSamples one = generator.samples(seed, 1, only);
    all.z.insert(all.z.end(), one.z.begin(), one.z.end());
    all.classes.insert(all.classes.end(), one.classes.begin(), one.classes.end());
    all.conditions.insert(all.conditions.end(), one.conditions.begin(), one.conditions.end());
    ++all.count;
  }
  return all;
}

// A part of the samples, so that pictures of all need not be held at once.
train::NamedSamples part_of(const train::NamedSamples& all, std::int64_t first, std::int64_t count) {
  train::NamedSamples part{.seed = all.seed, .count = count, .z = {}, .classes = {}};
  const auto take = [&](const auto& from, auto& into) {
    const auto each = std::ssize(from) / all.count;
    into.assign(from.begin() + first * each, from.begin() + (first + count) * each);
  };
  take(all.z, part.z);
  take(all.classes, part.classes);
  take(all.conditions, part.conditions);
  return part;
}

std::vector<std::vector<double>> measured_scores(explore::TrainedGenerator& generator, const Scoring& scoring,
                                                 const train::NamedSamples& samples) {
  const std::vector<explore::ScoreSource> sources = scoring.measured();
  std::vector<std::vector<double>> columns(sources.size());
  for (std::int64_t first = 0; first < samples.count && !stop_requested(); first += kDrawnAtOnce) {
    const train::NamedSamples part = part_of(samples, first, std::min(kDrawnAtOnce, samples.count - first));
    const auto found = explore::scores_of(generator, sources, generator.draw(part), scoring.classifier);
    for (std::size_t a = 0; a < found.size(); ++a)
      columns[a].insert(columns[a].end(), found[a].begin(), found[a].end());
  }
  if (stop_requested()) fail<UserError>("stopped; nothing was written");
  return columns;
}

std::vector<explore::AttributeScores> all_scores(explore::TrainedGenerator& generator, const Scoring& scoring,
                                                 const train::NamedSamples& samples) {
  std::vector<std::vector<double>> measured = measured_scores(generator, scoring, samples);
  std::vector<explore::AttributeScores> all;
  std::size_t next = 0;
  for (const explore::ScoreSource& source : scoring.sources) {
    explore::AttributeScores& one = all.emplace_back();
    one.name = source.name;
    one.sentence = source.sentence;
    if (source.by_hand()) {
      const auto at = std::ranges::find(scoring.table->names, source.name) - scoring.table->names.begin();
      one.values = scoring.table->columns[static_cast<std::size_t>(at)];
    } else {
      one.values = std::move(measured[next++]);
    }
    one.binary = source.label.has_value() || explore::is_binary(one.values);
  }
  return all;
}

explore::KeptDirections directions_of(const DirectionsArguments& arguments, const run::RunDirectory& directory,
                                      explore::TrainedGenerator& generator, const Scoring& scoring,
                                      std::optional<int> only) {
  const train::NamedSamples samples = samples_to_fit(arguments, generator, scoring, only);
  const measure::Features z{samples.z, generator.latent_dim()};
  const std::vector<explore::AttributeScores> scores = all_scores(generator, scoring, samples);
  explore::KeptDirections kept{.name = arguments.name,
                               .run = directory.name(),
                               .epoch = generator.about().epoch,
                               .step = generator.about().step,
                               .only = only};
  if (only) {
    kept.only_name = train::class_words(*only, generator.class_names());
    if (!arguments.only) kept.name += fmt::format("-class-{}", *only);
  }
  kept.dim = generator.latent_dim();
  kept.classifier = scoring.classifier != nullptr ? words_of(*scoring.classifier) : "";
  std::uint64_t next = arguments.seed + static_cast<std::uint64_t>(samples.count);
  if (scoring.table) {
    next = *std::ranges::max_element(scoring.table->seeds) + 1;
    kept.samples = fmt::format("the {} samples of {}", samples.count, arguments.scores);
  } else {
    kept.samples = fmt::format("seeds {} to {}", arguments.seed, next - 1);
  }
  kept.found = explore::fit_directions(z, scores, {.resamples = arguments.resamples});
  train::NamedSamples fresh = generator.samples(next, kProofSamples, only);
  std::vector<std::string> names;
  for (const explore::ScoreSource& source : scoring.measured()) names.push_back(source.name);
  kept.proof = explore::prove_directions(kept.found, {fresh.z, generator.latent_dim()}, arguments.step, names,
                                         [&](std::span<const float> moved) {
                                           train::NamedSamples there = fresh;
                                           there.z.assign(moved.begin(), moved.end());
                                           return measured_scores(generator, scoring, there);
                                         });
  if (arguments.components == 0) return kept;
  try {
    kept.by_weights = explore::principal_directions(generator.network(), generator.weights(), arguments.components);
    kept.by_activations = explore::activation_directions(
        generator, part_of(samples, 0, std::min(kComponentSamples, samples.count)), arguments.components);
  } catch (const ConfigError& none) {  // no dense layer behind z
    if (!arguments.output.quiet) tell("no unsupervised directions: {}", none.what());
    kept.by_weights.clear();
  }
  return kept;
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

int directions(const DirectionsArguments& arguments) {
  if (!explore::is_direction_file_name(arguments.name))
    fail<UserError>("--name {}: wanted letters, digits, '-', '_' and '.'", arguments.name);
  const run::RunDirectory directory = arguments.run.find();
  explore::Gallery gallery = make_gallery(arguments.machine.threads);
  const auto opened = gallery.open(directory, {.epoch = arguments.epoch});
  explore::TrainedGenerator& generator = opened->generator;
  give_condition(generator, arguments.condition);
  std::vector<std::optional<int>> classes{generator.class_named(arguments.only)};
  if (!classes.front() && generator.classes() > 0) {
    classes.clear();
    for (int k = 0; k < generator.classes(); ++k) classes.emplace_back(k);
  }
  if (!arguments.scores.empty())  // a table that cannot be read is told before a classifier is fitted
    explore::parse_scores(data::read_csv_text(arguments.scores, "a table of scores"), arguments.scores);
  SeenBy by = classifier_if_kept(generator, arguments.machine, arguments.output,
                                 arguments.classify || wants_classes(arguments));
  const Scoring scoring = scoring_of(arguments, generator, by.classifier ? &*by.classifier : nullptr);
  install_stop_handlers();
  nlohmann::json results = nlohmann::json::array();
  for (const std::optional<int>& only : classes) {
    const explore::KeptDirections kept = directions_of(arguments, directory, generator, scoring, only);
    const fs::path file = explore::write_directions(directory.path() / "directions", kept);
    if (arguments.output.json) {
      nlohmann::json json = nlohmann::json::parse(explore::to_json(kept));
      json["file"] = file.string();
      results.push_back(std::move(json));
      continue;
    }
    if (arguments.output.quiet) continue;
    print(fmt::format("{}, epoch {}{}: {}, {} of them held out\n", directory.name(), kept.epoch,
                      only ? ", class " + kept.only_name : "", kept.samples, kept.found.held_out));
    print(table_of(kept));
    for (const explore::LeftOut& one : kept.found.left_out) print(fmt::format("{}: left out, {}\n", one.name, one.why));
    if (!kept.found.attributes.empty()) {
      print(kept.found.entanglement.sentence + "\n");
      print(fmt::format("Off the diagonal: {} of Sigma_s, {:.2f} of the measured covariance\n",
                        within(kept.found.entanglement.off_diagonal), kept.found.entanglement.measured_off_diagonal));
    }
    print(proof_words(kept.proof));
    print(unsupervised_words(kept));
    print(fmt::format("directions: {}\n", file.string()));
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
