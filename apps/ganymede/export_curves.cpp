#include "export_curves.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "page/kept_scores.hpp"
#include "run/event_curves.hpp"
#include "run/events.hpp"
#include "run/tensorboard.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;

std::string number(double value) {
  return std::isnan(value) ? std::string() : fmt::format("{}", value);
}

std::string csv_of(const std::vector<page::KeptScore>& scores) {
  std::string text = "name,epoch,step,value,low,high,floor,count_real,count_fake,better\n";
  for (const auto& [score, epoch, step] : scores) {
    text += fmt::format("{},{},{},{},{},{},{},{},{},{}\n", score.name, epoch, step, number(score.value),
                        number(score.low), number(score.high), score.floor ? number(*score.floor) : "",
                        score.count_real, score.count_fake, measure::name_of(score.better));
  }
  return text;
}

std::string csv_of(const measure::JudgeCurve& curve) {
  std::string text = "step,epoch,images,train_loss,val_loss,error_rate,judged\n";
  for (const measure::JudgePoint& p : curve.points) {
    text += fmt::format("{},{},{},{},{},{},{}\n", p.step, p.epoch, p.images, p.train_loss, p.val_loss, p.error_rate,
                        p.judged);
  }
  return text;
}

/// The files, by name, of a folder of tables.
std::map<std::string, std::string> tables_of(const run::RunDirectory& directory,
                                             const std::vector<nlohmann::json>& events) {
  std::map<std::string, std::string> files;
  for (const auto& [kind, table] : run::curve_tables(events)) files[kind + ".csv"] = run::to_csv(table);
  if (const auto scores = page::all_kept_scores(directory); !scores.empty()) files["measures.csv"] = csv_of(scores);
  const page::KeptCurves curves = page::kept_curves(directory);
  if (!curves.damaged.empty()) throw DataError(curves.damaged.front());
  for (const measure::JudgeCurve& curve : curves.curves) files[curve.name + ".curve.csv"] = csv_of(curve);
  return files;
}

}  // namespace

void add_curve_export(CLI::App& command, CurveExport& arguments) {
  command
      .add_option(
          "--tensorboard", arguments.tensorboard,
          "Folder for TensorBoard: DIR/RUN holds losses, accuracies, what monitors told, scores and pictures of "
          "the run's whole course (live: train.tensorboard)")
      ->type_name("DIR");
  command
      .add_option("--csv", arguments.csv,
                  "Folder for tables: step.csv, epoch.csv and others, a row an event; measures.csv, a row a score; the "
                  "curves of judges")
      ->type_name("DIR");
}

int export_curves(const run::RunDirectory& directory, const CurveExport& arguments, const Output& output) {
  const std::vector<nlohmann::json> events = run::read_events(directory.events_path());
  if (events.empty()) fail<DataError>("{}: it tells nothing yet: no events", directory.events_path().string());
  std::map<fs::path, std::string> files;
  if (!arguments.csv.empty()) {
    for (auto& [name, text] : tables_of(directory, events)) files[fs::path(arguments.csv) / name] = std::move(text);
  }
  if (!arguments.tensorboard.empty()) {
    std::vector<std::pair<std::int64_t, run::ScalarSummary>> scores;
    for (const auto& [score, epoch, step] : page::all_kept_scores(directory))
      scores.emplace_back(static_cast<std::int64_t>(step), run::ScalarSummary{"measures/" + score.name, score.value});
    files[fs::path(arguments.tensorboard) / directory.name() / run::tensorboard_name(1)] =
        run::tensorboard_file(directory.path(), events, scores);
  }
  std::vector<std::string> names;
  for (const auto& [file, bytes] : files) {
    make_folder(file.parent_path());
    write_file_atomically(file, bytes);
    names.push_back(file.string());
  }
  if (output.json) {
    print(nlohmann::json{{"schema", "ganymede.export_curves/1"},
                         {"run", directory.name()},
                         {"events", events.size()},
                         {"files", names}});
  } else if (!output.quiet) {
    print(fmt::format("{}\n", fmt::join(names, "\n")));
    if (!arguments.tensorboard.empty()) print(fmt::format("tensorboard --logdir {}\n", arguments.tensorboard));
  }
  return 0;
}

}  // namespace ganymede::app
