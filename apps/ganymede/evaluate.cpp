#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/signal.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "evaluate/folder.hpp"
#include "evaluate/kept_scores.hpp"
#include "evaluate/measures.hpp"
#include "fit/show_progress.hpp"
#include "picture/png.hpp"
#include "shared.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct Arguments {
  std::vector<std::string> runs;
  std::string root;
  std::string real, fake, features;
  std::vector<std::string> measures;
  std::int64_t count = 10000;
  std::optional<std::uint64_t> epoch;
  MachineArguments machine;
  Output output;
};

/// Draws the progress of fits, one line each.
class FitProgress {
 public:
  explicit FitProgress(ProgressStyle style) : style_(style) {}
  fit::OnProgress begin(const std::string& label, std::int64_t steps) {
    bar_ = std::make_unique<Progress>(label, static_cast<double>(steps),
                                      ProgressOptions{.style = style_, .unit = "steps"});
    return fit::show_progress(*bar_);
  }
  void end() { bar_.reset(); }

 private:
  ProgressStyle style_;
  std::unique_ptr<Progress> bar_;
};

evaluate::ReferenceOptions reference_options(const Arguments& arguments, FitProgress& fits) {
  return {.places = data::search_places(arguments.machine.data),
          .threads = arguments.machine.threads,
          .on_classifier = [&](const std::string& data, bool fitted, std::int64_t steps) {
            return fitted ? fits.begin("classifier of " + fs::path(data).filename().string(), steps)
                          : fit::OnProgress();
          }};
}

Json as_json(const std::vector<measure::Score>& scores) {
  Json list = Json::array();
  for (const measure::Score& score : scores) list.push_back(measure::to_json(score));
  return list;
}

void print_scores(const std::string& title, const std::vector<measure::Score>& scores,
                  const std::vector<std::string>& notes) {
  print(title + "\n" + measure::to_table(scores));
  for (const std::string& note : notes) print("note: " + note + "\n");
}

/// One reference serves all runs on the same data.
class References {
 public:
  References(const Arguments& arguments, FitProgress& fits) : arguments_(arguments), fits_(fits) {}
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
  const Arguments& arguments_;
  FitProgress& fits_;
  run::Recipe::Data key_;
  std::unique_ptr<evaluate::Reference> reference_;
};

Json evaluate_one(const run::RunDirectory& directory, const Arguments& arguments, References& references,
                  FitProgress& fits) {
  const auto begin = std::chrono::steady_clock::now();
  const evaluate::Weights weights = evaluate::load_weights(directory, arguments.epoch);
  for (const std::string& warning : weights.warnings) fmt::print(stderr, "{}\n", warning);
  evaluate::Reference& reference = references.of(weights.snapshot.recipe);
  evaluate::EvaluateOptions options{.count = arguments.count,
                                    .measures = arguments.measures,
                                    .threads = arguments.machine.threads,
                                    .places = data::search_places(arguments.machine.data)};
  const auto steps = static_cast<double>(evaluate::resolve_measures(arguments.measures).size() + 2);
  Progress progress(directory.name(), steps, {.style = arguments.output.style(), .unit = "measures"});
  double done = 0;
  options.on_measure = [&](const std::string& what) {
    fits.end();
    if (stop_requested()) fail<Error>("{}: stopped; nothing was written", directory.name());
    progress.update(std::min(done++, steps), what);
  };
  options.on_fit = [&](const std::string& what, std::int64_t fit_steps) { return fits.begin(what, fit_steps); };
  const evaluate::RunScores found = evaluate::evaluate_run(weights, directory.path(), reference, options);
  fits.end();
  progress.finish();
  const fs::path folder = evaluate::keep_scores(directory, found.scores, weights.snapshot.epoch, weights.snapshot.step,
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
                 found.scores, found.notes);
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

evaluate::Judged judge_folder(const evaluate::PictureFolder& folder, fit::Classifier& classifier) {
  std::vector<std::int64_t> rows;
  return evaluate::judge(
      classifier,
      [&](std::int64_t first, std::int64_t count) {
        rows.resize(static_cast<std::size_t>(count));
        for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = first + static_cast<std::int64_t>(i);
        return evaluate::rows_of(folder.pictures, rows);
      },
      folder.pictures.shape()[0]);
}

/// "a.png: why" and so on, a few in full.
void tell_skipped(const evaluate::PictureFolder& folder, const Output& output) {
  if (output.quiet) return;
  for (const std::string& one : folder.skipped) fmt::print(stderr, "skipped {}\n", one);
}

int evaluate_folders(const Arguments& arguments) {
  if (arguments.real.empty() || arguments.fake.empty())
    fail<UserError>("evaluate: --real DIR and --fake DIR belong together");
  if (!arguments.runs.empty()) fail<UserError>("evaluate: wanted runs, or --real and --fake, not both");
  if (arguments.features.empty())
    fail<UserError>("evaluate: --features NAME must name the data whose classifier gives the features, such as mnist");
  for (const std::string& folder : {arguments.real, arguments.fake}) {
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored)) fail<DataError>("{}: no such folder", folder);
  }
  std::vector<std::string> measures = evaluate::resolve_measures(arguments.measures);
  const std::vector<std::string> possible = [] {
    std::vector<std::string> list;
    for (const evaluate::Measure& m : evaluate::list_measures()) {
      list.emplace_back(m.name);
      if (list.back() == "inception") break;
    }
    return list;
  }();
  std::erase_if(measures, [&](const std::string& m) { return std::ranges::find(possible, m) == possible.end(); });
  if (measures.empty()) fail<UserError>("evaluate: of folders there are these measures: {}", fmt::join(possible, ", "));

  FitProgress fits(arguments.output.style());
  fit::Classifier classifier = evaluate::classifier_of(arguments.features, reference_options(arguments, fits));
  fits.end();
  const Shape& shape = classifier.input_shape();
  if (train::is_ink(shape))
    fail<UserError>("evaluate: --features {}: ink has no pictures to compare PNG files with", arguments.features);
  const evaluate::PictureFolder real = evaluate::read_pictures(arguments.real, shape);
  tell_skipped(real, arguments.output);
  const evaluate::PictureFolder fake = evaluate::read_pictures(arguments.fake, shape);
  tell_skipped(fake, arguments.output);
  const std::int64_t count = std::min({arguments.count, real.pictures.shape()[0], fake.pictures.shape()[0]});
  if (count < 100) fail<DataError>("evaluate: wanted 100 pictures a folder or more, found {}", count);
  const evaluate::Judged reals = judge_folder(real, classifier), fakes = judge_folder(fake, classifier);
  const std::string name =
      fmt::format("{}_by_{}_v1", evaluate::slug(arguments.real), evaluate::slug(arguments.features));
  const auto scores =
      evaluate::compare_sets(reals, fakes, count, name, {.threads = arguments.machine.threads}, measures);
  if (!arguments.output.json) {
    print_scores(fmt::format("{} against {}", arguments.fake, arguments.real), scores, {});
    return 0;
  }
  const auto side = [](const std::string& folder, const evaluate::PictureFolder& pictures) {
    return Json{{"folder", folder}, {"pictures", pictures.files.size()}, {"skipped", pictures.skipped}};
  };
  print(Json{{"schema", "ganymede.evaluate_folders/1"},
             {"real", side(arguments.real, real)},
             {"fake", side(arguments.fake, fake)},
             {"features", arguments.features},
             {"scores", as_json(scores)}}
            .dump(2) +
        "\n");
  return 0;
}

int evaluate_command(const Arguments& arguments) {
  install_stop_handlers();
  if (!arguments.real.empty() || !arguments.fake.empty()) return evaluate_folders(arguments);
  if (arguments.runs.empty()) fail<UserError>("evaluate: which run? `ganymede runs` lists them");
  evaluate::resolve_measures(arguments.measures);  // before anything long
  std::vector<run::RunDirectory> directories;
  for (const std::string& run : arguments.runs)
    directories.push_back(run::find_run(run::runs_root(arguments.root), run));
  FitProgress fits(arguments.output.style());
  References references(arguments, fits);
  Json runs = Json::array();
  for (const run::RunDirectory& directory : directories)
    runs.push_back(evaluate_one(directory, arguments, references, fits));
  if (arguments.output.json) print(Json{{"schema", "ganymede.evaluate/1"}, {"runs", runs}}.dump(2) + "\n");
  return 0;
}

std::string footer() {
  std::string text = "Measures (quick ones by default; `all` takes all):\n";
  TextTable table("ll");
  for (const evaluate::Measure& m : evaluate::list_measures())
    table.add({fmt::format("  {}{}", m.name, m.quick ? "" : " (slow)"), m.sentence});
  return text + table.str() +
         "Example: ganymede evaluate dcgan-001 --measures frechet,kernel\n"
         "         ganymede evaluate --real reals/ --fake fakes/ --features mnist";
}

}  // namespace

Action set_up_evaluate(CLI::App& command) {
  const auto a = std::make_shared<Arguments>();
  command.add_option("RUN", a->runs, "Names or paths of runs");
  command.add_option("--runs", a->root, "Folder of the runs (else $GANYMEDE_RUNS, else ./runs)")->type_name("DIR");
  command
      .add_option("--measures", a->measures, "Names from the list below, with commas between: quick, all, frechet ...")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("LIST");
  command.add_option("--n", a->count, "Samples of each side")
      ->check(range<std::int64_t>(100, 1'000'000))
      ->capture_default_str();
  command.add_option("--epoch", a->epoch, "Weights of this epoch's snapshot (default: the newest there are)");
  command.add_option(
      "--features", a->features,
      "Data whose classifier gives the features (default: the run's own): mnist, builtin-digits, a path");
  command.add_option("--real", a->real, "Folder of real PNG pictures (with --fake and --features, instead of runs)")
      ->type_name("DIR");
  command.add_option("--fake", a->fake, "Folder of generated ones")->type_name("DIR");
  add_threads(command, a->machine.threads);
  add_data(command, a->machine.data);
  add_output(command, a->output);
  command.footer(footer);
  return [a] { return evaluate_command(*a); };
}

}  // namespace ganymede::app
