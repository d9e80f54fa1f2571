#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "backend.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "command.hpp"
#include "explore/gallery.hpp"
#include "explore/weights.hpp"
#include "page/pages.hpp"
#include "page/run_report.hpp"
#include "picture/png.hpp"
#include "point_drawing.hpp"
#include "shared.hpp"
#include "sweep_drawing.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;

struct ReportArguments {
  RunArguments run;
  Output output;
  std::string file;
  PointDrawing drawing;
};

/// A folder and the page that is wanted of it.
struct Wanted {
  fs::path folder;
  const page::PageKind* kind;
};

bool holds(const fs::path& folder, const char* kind) {
  const page::PageKind* found = page::page_kind_of(folder);
  return found != nullptr && found->name == kind;
}

/// RUN is a run's name or path, or the path of a study.
Wanted find_wanted(const RunArguments& arguments) {
  const fs::path path = arguments.run;
  const bool named = !path.has_parent_path() && holds(run::runs_root(arguments.runs) / path, "run");
  if (!named && holds(path, "study")) return {path, page::page_kind_of(path)};
  std::error_code ignored;
  if (!named && !path.empty() && !holds(path, "run") && fs::is_directory(path / "runs", ignored)) {
    fail<DataError>("{}: neither a run (run.json) nor a study that was measured (results.json, by `ganymede study`)",
                    path.string());
  }
  return {arguments.find().path(), &page::pages().front()};
}

/// RUN/samples/points.png, which the page shows: of the newest weights, with what was asked for.
void draw_points(const PointDrawing& drawing, const fs::path& folder) {
  const run::RunDirectory directory = run::RunDirectory::open(folder);
  explore::Gallery gallery = make_gallery(0);
  const auto opened = gallery.open(directory, {});
  explore::TrainedGenerator& generator = opened->generator;
  const explore::PointExtras extras = extras_of(drawing, generator);
  const explore::Weights weights = explore::load_weights(directory);
  const picture::Image image =
      explore::PointPictures(backend(), weights.snapshot.recipe, 0)
          .draw(weights.snapshot, generator.draw(train::kFixedSeed, train::kPointsShown), extras);
  picture::write_png(directory.samples() / page::kPointsPicture, image,
                     {{"Software", "Ganymede"}, {"Description", opened->file.filename().string()}});
}

int write_report(const ReportArguments& arguments) {
  const auto [folder, kind] = find_wanted(arguments.run);
  if (arguments.drawing.any()) {
    if (kind->name != std::string("run")) fail<UserError>("--manifold and --arrows are drawn for a run of points");
    draw_points(arguments.drawing, folder);
  }
  if (kind->name == std::string("run")) draw_sweeps(run::RunDirectory::open(folder));
  const fs::path file = arguments.file.empty() ? folder / "report.html" : fs::path(arguments.file);
  check_writable(file);
  const std::string html = kind->make(folder);
  write_file_atomically(file, html);
  if (arguments.output.json) {
    const std::string name = fs::absolute(folder / ".").lexically_normal().parent_path().filename().string();
    print(nlohmann::json{
        {"schema", "ganymede.report/1"}, {kind->name, name}, {"file", file.string()}, {"bytes", html.size()}});
  } else if (!arguments.output.quiet) {
    print(fmt::format("{}\n", file.string()));
  }
  return 0;
}

}  // namespace

Action set_up_report(CLI::App& command) {
  const auto a = std::make_shared<ReportArguments>();
  add_run(command, a->run);
  command.add_option("-o,--output", a->file, "The page (default: report.html in the folder)")
      ->type_name("FILE.html")
      ->transform(through_links());
  add_point_drawing(command, a->drawing);
  add_output(command, a->output);
  command.footer(
      "In the place of a run, the folder of a study makes the study's page again from its results and figures.\n"
      "Example: ganymede evaluate dcgan-001 && ganymede report dcgan-001\n"
      "         ganymede report studies/dims-quick");
  return [a] { return write_report(*a); };
}

}  // namespace ganymede::app
