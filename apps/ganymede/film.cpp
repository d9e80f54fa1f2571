#include "picture/film.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "backend.hpp"
#include "base/error.hpp"
#include "base/wording.hpp"
#include "command.hpp"
#include "explore/gallery.hpp"
#include "explore/point_pictures.hpp"
#include "point_drawing.hpp"
#include "shared.hpp"

namespace ganymede::app {
namespace {

struct FilmArguments {
  RunArguments run;
  Output output;
  std::string file;
  double fps = 0;          ///< 0: by the number of frames
  std::int64_t count = 0;  ///< 0: kFilmPictures, or of points as many as training shows
  std::uint64_t seed = train::kFixedSeed;
  std::optional<std::string> only;
  int columns = 0;
  double truncation = 0;
  std::string condition;
  PointDrawing drawing;
  int threads = 0;
};

constexpr std::int64_t kFilmPictures = 16;

int film(const FilmArguments& arguments) {
  const run::RunDirectory directory = arguments.run.find();
  const auto snapshots = run::list_snapshots(directory.snapshots());
  if (snapshots.empty()) fail<DataError>("{}: there is no snapshot yet", directory.path().string());
  const double usual = std::clamp(static_cast<double>(snapshots.size()) / 10, 1.0, 10.0);
  picture::FilmWriter writer(arguments.file, {.frames_per_second = arguments.fps > 0 ? arguments.fps : usual});
  Progress progress("film", static_cast<double>(snapshots.size()),
                    {.style = arguments.output.style(), .unit = "epochs"});
  explore::Gallery gallery = make_gallery(arguments.threads);
  std::optional<explore::PointPictures> points;
  double done = 0;
  for (const run::SnapshotFile& file : snapshots) {
    const auto opened = gallery.open(directory, {.epoch = file.epoch});
    explore::TrainedGenerator& generator = opened->generator;
    if (arguments.truncation > 0) generator.truncate(arguments.truncation);
    give_condition(generator, arguments.condition);
    const bool of_points = explore::draws_points(generator.network());
    const std::int64_t usual_count = of_points ? train::kPointsShown : kFilmPictures;
    const Tensor images = generator.draw(generator.samples(
        arguments.seed, arguments.count > 0 ? arguments.count : usual_count, generator.class_named(arguments.only)));
    if (of_points && arguments.columns > 0) fail<UserError>("--grid: points are drawn in one plot, without columns");
    if (of_points && !points) points.emplace(backend(), generator.about().recipe, arguments.threads);
    const explore::PointExtras extras =
        extras_of(arguments.drawing, generator, generator.class_named(arguments.only), arguments.truncation);
    writer.add(of_points ? points->draw(run::load_snapshot(file.path), images, extras)
                         : train::sheet(images, arguments.columns),
               fmt::format("epoch {}", file.epoch));
    progress.update(++done);
  }
  writer.finish();
  progress.finish();
  if (arguments.output.json) {
    print(nlohmann::json{{"schema", "ganymede.film/1"},
                         {"run", directory.name()},
                         {"file", arguments.file},
                         {"frames", snapshots.size()},
                         {"first_epoch", snapshots.front().epoch},
                         {"last_epoch", snapshots.back().epoch}});
  } else if (!arguments.output.quiet) {
    print(fmt::format("{}: {}, epoch {} to {}\n", arguments.file,
                      counted(static_cast<std::int64_t>(snapshots.size()), "frame"), snapshots.front().epoch,
                      snapshots.back().epoch));
  }
  return 0;
}

}  // namespace

Action set_up_film(CLI::App& command) {
  const auto a = std::make_shared<FilmArguments>();
  add_run(command, a->run);
  command.add_option("-o,--output", a->file, "FILE.gif, or FILE.mp4 or FILE.webm where ffmpeg is installed")
      ->type_name("FILE")
      ->transform(through_links())
      ->required();
  command
      .add_option("--fps", a->fps,
                  "Epochs a second, 0.1 to 50 (default: some 10 s in all, a frame at most 1 s and at least 0.1 s)")
      ->transform(range(picture::kLeastFramesPerSecond, picture::kMostFramesPerSecond));
  command.add_option("--n", a->count, "Pictures in a frame (default: 16; points: 1,000)")->transform(range(1, 10000));
  command.add_option("--seed", a->seed, "Seed that names the first picture")
      ->transform(range<std::int64_t>(0, kMostSampleSeed))
      ->capture_default_str();
  add_truncation(command, a->truncation);
  command.add_option("--class", a->only, "Class of all pictures, by its name or else its number (conditional models)")
      ->type_name("CLASS");
  add_condition(command, a->condition);
  command.add_option("--grid", a->columns, "Columns; 0: as square as can be")
      ->transform(range(0, 1000))
      ->capture_default_str();
  add_point_drawing(command, a->drawing);
  add_threads(command, a->threads);
  add_output(command, a->output);
  command.footer(
      "One frame for each snapshot, all from the same noise; the last one stays a second longer.\nExample: ganymede "
      "film dcgan-001 -o film.gif --fps 5");
  return [a] { return film(*a); };
}

}  // namespace ganymede::app
