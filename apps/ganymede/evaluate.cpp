#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "backend.hpp"
#include "base/console.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/signal.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "evaluate/measures.hpp"
#include "evaluate_command.hpp"
#include "measure/score_kinds.hpp"
#include "page/kept_scores.hpp"
#include "picture/png.hpp"
#include "run_classifier.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// One reference serves all runs on the same data.
class References {
 public:
  References(const EvaluateArguments& arguments, FitProgress& fits) : arguments_(arguments), fits_(fits) {}
  evaluate::Reference& of(const run::Recipe& recipe) {
    run::Recipe::Data key = recipe.data;
    key.limit = key.builtin_count = key.per_class = 0;
    key.copies = 0;
    key.last_batch.clear();
    if (!reference_ || !(key == key_)) {
      reference_.reset();  // before the next one takes its memory
      reference_ =
          std::make_unique<evaluate::Reference>(recipe, reference_options(arguments_, fits_), arguments_.features);
      fits_.end();
      key_ = key;
    }
    return *reference_;
  }

 private:
  const EvaluateArguments& arguments_;
  FitProgress& fits_;
  run::Recipe::Data key_;
  std::unique_ptr<evaluate::Reference> reference_;
};

evaluate::EvaluateOptions options_of(const EvaluateArguments& arguments) {
  return {.count = arguments.count,
          .measures = arguments.measures,
          .threads = arguments.machine.threads,
          .places = data::search_places(arguments.machine.data)};
}

/// What would end the command after the fits and the scores of other runs ends it here.
void check_one(const run::RunDirectory& directory, const EvaluateArguments& arguments, References& references) {
  const explore::Weights weights = explore::load_weights(directory, arguments.epoch);
  evaluate::EvaluateOptions options = options_of(arguments);
  if (!arguments.dump.empty()) options.on_features = [](const auto&, const auto&, std::int64_t) {};
  evaluate::check_evaluable(weights, references.of(weights.snapshot.recipe), options);
  make_own_folder(directory.path() / "measures");
  check_writable(directory.path() / "measures" / "neighbours.png");
}

Json evaluate_one(const run::RunDirectory& directory, const EvaluateArguments& arguments, References& references,
                  FitProgress& fits) {
  const auto begin = std::chrono::steady_clock::now();
  const explore::Weights weights = explore::load_weights(directory, arguments.epoch);
  for (const std::string& warning : weights.warnings) tell("{}", warning);
  evaluate::Reference& reference = references.of(weights.snapshot.recipe);
  evaluate::EvaluateOptions options = options_of(arguments);
  const auto steps = static_cast<double>(evaluate::resolve_measures(arguments.measures).size() + 2);
  Progress progress(directory.name(), steps, {.style = arguments.output.style(), .unit = "measures"});
  double done = 0;
  options.on_measure = [&](const std::string& what) {
    fits.end();
    progress.update(std::min(done++, steps), what);
  };
  options.stop = stop_requested;
  options.on_fit = [&](const std::string& what, std::int64_t fit_steps) { return fits.begin(what, fit_steps); };
  if (!arguments.dump.empty()) {
    options.on_features = [&](const evaluate::Classified& real, const evaluate::Classified& fake, std::int64_t count) {
      dump_features(arguments.dump, real, fake, count,
                    {{"run", directory.name()},
                     {"weights", weights.file.string()},
                     {"epoch", weights.snapshot.epoch},
                     {"step", weights.snapshot.step},
                     {"fake_seeds_from", evaluate::kScoreSeed},
                     {"features", reference.name()},
                     {"extractor", words_of(reference.classifier())},
                     {"layer", "the last but one"},
                     {"protocol", fmt::format("{} in the order of scores; fakes named from {} up, at 8-bit levels",
                                              reference.reals(), evaluate::kScoreSeed)}});
    };
  }
  evaluate::RunScores found = evaluate::evaluate_run(weights, directory.path(), reference, options);
  std::ranges::copy(evaluate::words_on_aliases(arguments.measures), std::back_inserter(found.notes));
  fits.end();
  progress.finish();
  const fs::path folder = page::keep_scores(directory, found.scores, weights.snapshot.epoch, weights.snapshot.step,
                                            arguments.epoch.has_value());
  page::keep_curves(directory, found.curves, weights.snapshot.epoch, weights.snapshot.step,
                    arguments.epoch.has_value());
  if (found.neighbours) {
    const std::string name =
        arguments.epoch ? fmt::format("neighbours.epoch-{:05}.png", weights.snapshot.epoch) : "neighbours.png";
    picture::write_png(folder / name, *found.neighbours,
                       {{"Software", "Ganymede"},
                        {"Description", "each row: a fake, its 5 nearest training samples by values, 5 by features"}});
  }
  if (!arguments.output.json) {
    print_scores(fmt::format("{}, epoch {}, step {}", directory.name(), weights.snapshot.epoch, weights.snapshot.step),
                 found.scores, arguments.protocol, found.notes);
    if (found.neighbours) print(fmt::format("nearest training samples: {}\n", (folder / "neighbours.png").string()));
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  return {{"run", directory.name()},
          {"path", directory.path().string()},
          {"weights", weights.file.string()},
          {"epoch", weights.snapshot.epoch},
          {"step", weights.snapshot.step},
          {"scores", as_json(found.scores)},
          {"notes", found.notes},
          {"time_seconds", seconds.count()}};
}

int evaluate_command(const EvaluateArguments& arguments) {
  install_stop_handlers();
  if (!arguments.given.real.empty() || !arguments.given.fake.empty()) return evaluate_features(arguments);
  if (!arguments.dump.empty()) {
    if (arguments.runs.size() > 1)
      fail<UserError>("evaluate: --dump-features wants one run, found {}", arguments.runs.size());
    check_dump(arguments.dump);
  }
  if (!arguments.real.empty() || !arguments.fake.empty()) return evaluate_folders(arguments);
  if (arguments.runs.empty()) fail<UserError>("evaluate: which run? `ganymede runs` lists them");
  evaluate::resolve_measures(arguments.measures);  // before anything long
  std::vector<run::RunDirectory> directories;
  for (const std::string& run : arguments.runs)
    directories.push_back(run::find_run(run::runs_root(arguments.root), run));
  FitProgress fits(arguments.output.style());
  References references(arguments, fits);
  for (const run::RunDirectory& directory : directories) check_one(directory, arguments, references);
  Json runs = Json::array();
  for (const run::RunDirectory& directory : directories)
    runs.push_back(evaluate_one(directory, arguments, references, fits));
  if (arguments.output.json) print(json_text(Json{{"schema", "ganymede.evaluate/1"}, {"runs", runs}}, 2) + "\n");
  return 0;
}

/// --real-features and what belongs to it alone.
void add_given(CLI::App& command, FeatureArguments& given) {
  auto* real = command
                   .add_option("--real-features", given.real,
                               "Features of reals that any extractor made (with --fake-features, instead of runs): an "
                               "NPY file f4 or f8 [N, F]")
                   ->type_name("FILE");
  auto* fake =
      command.add_option("--fake-features", given.fake, "Those of generated ones, likewise")->type_name("FILE");
  real->needs(fake);
  fake->needs(real);
  auto* logits =
      command
          .add_option("--fake-logits", given.logits, "Class logits [N, K] of the fakes: the inception score of them")
          ->type_name("FILE")
          ->needs(real);
  command.add_option("--fake-probabilities", given.probabilities, "Class probabilities [N, K] instead of logits")
      ->type_name("FILE")
      ->needs(real)
      ->excludes(logits);
  command.add_option("--subsets", given.subsets, "Of given features: subsets of the kernel distance")
      ->transform(range(1, 10000))
      ->capture_default_str()
      ->needs(real);
  command.add_option("--subset-size", given.subset_size, "Of given features: samples of each subset")
      ->transform(range<std::int64_t>(2, 1'000'000))
      ->capture_default_str()
      ->needs(real);
  command.add_option("--neighbours", given.neighbours, "Of given features: k of precision, recall, density, coverage")
      ->transform(range<std::int64_t>(1, 1000))
      ->capture_default_str()
      ->needs(real);
  command
      .add_flag("--closed-balls", given.closed,
                "Of given features: a ball holds its surface (torch-fidelity's precision and recall, with k = 3)")
      ->needs(real);
  command.add_option("--splits", given.splits, "Of given features: splits of the inception score")
      ->transform(range(1, 1000))
      ->capture_default_str()
      ->needs(real);
  command
      .add_flag("--values-alone", given.values_alone,
                "Of given features: no intervals and floors (those of frechet of 2,048 features take minutes)")
      ->needs(real);
}

std::string list_of_measures() {
  std::string text = "Measures (quick ones by default; `all` takes all):\n";
  TextTable table("ll");
  for (const evaluate::Measure& m : evaluate::list_measures())
    table.add({fmt::format("  {}{}", m.name, m.quick ? "" : " (slow)"), m.sentence});
  return text + table.str() +
         "What the field calls fid, kid, is, prdc, ppl, swd ... is understood too.\n"
         "Example: ganymede evaluate dcgan-001 --measures frechet,kernel\n"
         "         ganymede evaluate --real mnist --fake samples.npz --features mnist\n"
         "         ganymede evaluate --real-features real.npy --fake-features fake.npy   (of any extractor)";
}

}  // namespace

evaluate::ReferenceOptions reference_options(const EvaluateArguments& arguments, FitProgress& fits) {
  return {.backend = backend(),
          .places = data::search_places(arguments.machine.data),
          .threads = arguments.machine.threads,
          .on_classifier = classifier_watch(fits, arguments.output),
          .say = [](const std::string& line) { tell("{}", line); }};
}

Json as_json(const std::vector<measure::Score>& scores) {
  Json list = Json::array();
  for (const measure::Score& score : scores) list.push_back(measure::to_json(score));
  return list;
}

void print_scores(const std::string& title, const std::vector<measure::Score>& scores, bool protocol,
                  const std::vector<std::string>& notes) {
  std::vector<measure::Score> shown = scores;
  const std::vector<std::string> words = measure::screen_names(scores);
  for (std::size_t i = 0; i < shown.size(); ++i) shown[i].name = words[i];
  print(title + "\n" + measure::to_table(shown));
  for (const measure::Score& score : protocol ? scores : std::vector<measure::Score>())
    print(fmt::format("{}: {}\n", score.name, score.protocol));
  for (const std::string& note : notes) print("note: " + note + "\n");
}

Action set_up_evaluate(CLI::App& command) {
  const auto a = std::make_shared<EvaluateArguments>();
  command.add_option("RUN", a->runs, "Names or paths of runs");
  command.add_option("--runs", a->root, "Folder of the runs (else $GANYMEDE_RUNS, else ./runs)")->type_name("DIR");
  command
      .add_option("--measures", a->measures, "Names from the list below, with commas between: quick, all, frechet ...")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("LIST");
  command.add_option("--n", a->count, "Samples of each side")
      ->transform(range<std::int64_t>(100, 1'000'000))
      ->capture_default_str();
  command.add_option("--epoch", a->epoch, "Weights of this epoch's snapshot (default: the newest there are)")
      ->transform(range<std::int64_t>(0, kMostCount));
  command.add_option(
      "--features", a->features,
      "Data whose classifier gives the features (default: the run's own): mnist, builtin-digits, a path");
  command
      .add_option("--real", a->real,
                  "Real pictures (with --fake and --features, instead of runs): a folder of PNG or JPEG files, an NPZ, "
                  "NPY or IDX file, or a set such as mnist, whose test split it is")
      ->type_name("DATA");
  command.add_option("--fake", a->fake, "Generated ones, likewise")->type_name("DATA");
  add_given(command, a->given);
  command
      .add_option("--dump-features", a->dump,
                  "Write the features that scores are made of into this folder: real.npy, fake.npy, probabilities, and "
                  "features.json, which says what they are")
      ->type_name("DIR")
      ->excludes("--real-features");
  command.add_flag("--protocol,--verbose", a->protocol,
                   "Name and protocol of each score as well: two scores of one name compare (JSON always has them)");
  command
      .add_option("--image-size", a->image_size,
                  "Pixels a side at which --features is read where it is a folder of pictures: the size of both sides "
                  "(default: their own, where all are squares of one size)")
      ->transform(range(8, 512));
  add_threads(command, a->machine.threads);
  add_data(command, a->machine.data);
  add_output(command, a->output);
  command.footer(list_of_measures);
  return [a] { return evaluate_command(*a); };
}

}  // namespace ganymede::app
