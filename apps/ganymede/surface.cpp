#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/signal.hpp"
#include "base/wording.hpp"
#include "command.hpp"
#include "explore/surface/loss_field.hpp"
#include "explore/surface/surface.hpp"
#include "explore/weights.hpp"
#include "picture/film.hpp"
#include "picture/png.hpp"
#include "shared.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;

struct SurfaceArguments {
  RunArguments run;
  std::string of = "generator";
  std::optional<std::uint64_t> epoch;
  std::vector<std::string> plane;  // three epochs
  bool path = false;
  double range = 1;
  int points = 31, batch = 256, frames = 12;
  std::uint64_t seed = 0;
  double fps = 4;
  std::string name, file, film;
  MachineArguments machine;
  Output output;
};

constexpr std::size_t kMostOnPath = 64;

// Snapshots of a path to an epoch, that one last; beyond so many evenly chosen ones.
std::vector<run::Snapshot> path_to(const run::RunDirectory& directory, run::Snapshot last, std::size_t most) {
  std::vector<run::SnapshotFile> files;
  for (const run::SnapshotFile& file : run::list_snapshots(directory.snapshots())) {
    if (file.epoch < last.epoch) files.push_back(file);
  }
  std::vector<run::Snapshot> path;
  const std::size_t wanted = std::min(files.size(), most - 1);
  for (std::size_t i = 0; i < wanted; ++i)
    path.push_back(run::load_snapshot(files[wanted > 1 ? i * (files.size() - 1) / (wanted - 1) : 0].path));
  path.push_back(std::move(last));
  return path;
}

std::vector<run::Snapshot> three_of(const run::RunDirectory& directory, const std::vector<std::string>& epochs) {
  if (epochs.size() != 3) fail<UserError>("--plane: wanted three epochs, as in 2,10,50, found {}", epochs.size());
  std::vector<run::Snapshot> three;
  for (std::string epoch : epochs) {
    if (const std::string wrong = whole_number(0, kMostCount)(epoch); !wrong.empty())
      fail<UserError>("--plane {}", wrong);
    three.push_back(explore::load_weights(directory, std::stoull(epoch)).snapshot);
  }
  return three;
}

// Everything that is asked of one run.
class SurfaceMaker {
 public:
  SurfaceMaker(const SurfaceArguments& arguments, const run::RunDirectory& directory, const run::Recipe& recipe)
      : arguments_(arguments),
        directory_(directory),
        field_(recipe, session_of(arguments, directory), arguments.batch) {}

  /// `snapshots`: of the marks, the origin's weights are `origin`'s.
  explore::Surface make(const explore::ParameterPlane& plane, const run::Snapshot& origin,
                        std::span<const run::Snapshot> snapshots, const std::string& label) {
    std::vector<NamedTensors> marked;
    for (const run::Snapshot& one : snapshots) marked.push_back(explore::moving_weights(one, plane.of));
    Progress bar(label, static_cast<double>(explore::places_of(arguments_.points, marked.size())),
                 {.style = arguments_.output.style(), .unit = "places"});
    explore::Surface surface = explore::make_surface(
        plane, marked, arguments_.points, [&](const NamedTensors& weights) { return field_.at(weights); },
        [&](std::int64_t done, std::int64_t) {
          bar.update(static_cast<double>(done));
          return !stop_requested();
        });
    bar.finish();
    surface.run = directory_.name();
    surface.data = field_.data();
    surface.loss = play::name_of(origin.recipe.game.loss);
    surface.epoch = origin.epoch;
    surface.step = origin.step;
    surface.seed = arguments_.seed;
    surface.batch = field_.batch();
    return surface;
  }

 private:
  static train::SessionOptions session_of(const SurfaceArguments& arguments, const run::RunDirectory& directory) {
    train::SessionOptions session = session_options(arguments.machine, {.quiet = true});
    session.run_folder = directory.path();
    return session;
  }

  const SurfaceArguments& arguments_;
  const run::RunDirectory& directory_;
  explore::LossField field_;
};

std::string name_of_file(const SurfaceArguments& arguments) {
  if (!arguments.name.empty()) return arguments.name;
  std::string name = arguments.of;
  if (arguments.path) {
    name += "-path";
  } else if (!arguments.plane.empty()) {
    name += fmt::format("-plane-{}", fmt::join(arguments.plane, "-"));
  } else {
    name += "-random";
  }
  if (arguments.epoch) name += fmt::format("-epoch-{}", *arguments.epoch);
  return name;
}

void write_frames(const SurfaceArguments& arguments, const std::vector<explore::Surface>& surfaces) {
  std::vector<const explore::Surface*> all;
  for (const explore::Surface& one : surfaces) all.push_back(&one);
  const explore::SurfaceScale of_g = explore::scale_of(all, explore::SurfaceOf::generator),
                              of_d = explore::scale_of(all, explore::SurfaceOf::discriminator);
  picture::FilmWriter film(arguments.film, {.frames_per_second = arguments.fps});
  if (arguments.path) {
    const explore::Surface& surface = surfaces.front();
    for (std::size_t i = 1; i <= surface.marks.size(); ++i)
      film.add(explore::draw_surface(surface, of_g, of_d, i), fmt::format("epoch {}", surface.marks[i - 1].epoch));
  } else {
    for (const explore::Surface& one : surfaces)
      film.add(explore::draw_surface(one, of_g, of_d, one.marks.size()), fmt::format("epoch {}", one.epoch));
  }
  film.finish();
}

void check_files(const SurfaceArguments& arguments) {
  check_result_name(name_of_file(arguments));
  if (arguments.path && !arguments.plane.empty()) fail<UserError>("--path, --plane: wanted one of both");
  if (!arguments.plane.empty() && arguments.epoch)
    fail<UserError>("--epoch {}: --plane names its three epochs", *arguments.epoch);
  if (!arguments.plane.empty() && !arguments.film.empty())
    fail<UserError>("--film: wanted --path or random directions, a plane of three checkpoints does not move");
  if (!arguments.file.empty() && fs::path(arguments.file).extension() != ".png")
    fail<UserError>("-o {}: wanted .png", arguments.file);
  const std::string ending = fs::path(arguments.film).extension().string();
  if (!arguments.film.empty() && ending != ".gif" && ending != ".mp4" && ending != ".webm")
    fail<UserError>("--film {}: wanted .gif, .mp4 or .webm", arguments.film);
}

nlohmann::json command_json(const explore::Surface& surface, const fs::path& file, const SurfaceArguments& arguments,
                            double seconds) {
  nlohmann::json json = nlohmann::json::parse(explore::to_json(surface));
  json["file"] = file.string();
  json["film"] = arguments.film;
  json["time_seconds"] = seconds;
  return json;
}

int surface(const SurfaceArguments& arguments) {
  check_files(arguments);
  const run::RunDirectory directory = arguments.run.find();
  std::vector<run::Snapshot> snapshots =
      arguments.plane.empty() ? std::vector<run::Snapshot>{explore::load_weights(directory, arguments.epoch).snapshot}
                              : three_of(directory, arguments.plane);
  if (!arguments.file.empty()) check_writable(arguments.file);
  if (!arguments.film.empty()) check_writable(arguments.film);
  install_stop_handlers();
  const auto begun = std::chrono::steady_clock::now();
  const explore::SurfaceOf of =
      arguments.of == "generator" ? explore::SurfaceOf::generator : explore::SurfaceOf::discriminator;
  explore::ParameterPlane plane;
  std::size_t origin = 0;
  if (arguments.path) {
    snapshots = path_to(directory, std::move(snapshots.front()), kMostOnPath);
    plane = explore::path_plane(snapshots, of);
    origin = snapshots.size() - 1;
  } else if (!arguments.plane.empty()) {
    plane = explore::plane_of_three(snapshots, of);
  } else {
    plane = explore::random_plane(snapshots.front(), of, arguments.seed, arguments.range);
  }
  SurfaceMaker maker(arguments, directory, snapshots[origin].recipe);
  const std::span<const run::Snapshot> marked =
      plane.marks.empty() ? std::span<const run::Snapshot>() : std::span<const run::Snapshot>(snapshots);
  explore::Surface kept = maker.make(plane, snapshots[origin], marked, "surface");
  kept.name = name_of_file(arguments);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  std::vector<explore::Surface> frames;  // of a film of epochs
  if (!arguments.film.empty() && !arguments.path) {
    std::vector<run::Snapshot> epochs =
        path_to(directory, std::move(snapshots.front()), static_cast<std::size_t>(arguments.frames));
    epochs.pop_back();
    for (const run::Snapshot& one : epochs) {
      frames.push_back(maker.make(explore::random_plane(one, of, arguments.seed, arguments.range), one, {},
                                  fmt::format("epoch {}", one.epoch)));
    }
  }
  frames.push_back(kept);
  const fs::path file = explore::write_surface(directory.path() / "surfaces", kept);
  if (!arguments.file.empty()) {
    picture::write_png(arguments.file, explore::draw_surface(kept),
                       {{"Software", "Ganymede"}, {"Description", kept.sentence}});
  }
  if (!arguments.film.empty()) write_frames(arguments, frames);
  if (arguments.output.json) {
    print(command_json(kept, file, arguments, seconds));
    return 0;
  }
  if (arguments.output.quiet) return 0;
  print(fmt::format("{}, epoch {}: weights of the {} move, {} places in {:.0f} s\n{}; {}\n", kept.run, kept.epoch,
                    name_of(kept.of), explore::places_of(kept.points, kept.marks.size()), seconds, kept.sentence,
                    explore::kSurfaceStatistics));
  print(fmt::format("in the origin G {:.4f}, D {:.4f}, on {} samples of {}\nsurface: {}\n", kept.at_origin.generator,
                    kept.at_origin.discriminator, kept.batch, kept.data, file.string()));
  return 0;
}

}  // namespace

Action set_up_surface(CLI::App& command) {
  const auto a = std::make_shared<SurfaceArguments>();
  add_run(command, a->run);
  command.add_option("--of", a->of, "Whose weights move; the losses of both are told")
      ->transform(one_of({"generator", "discriminator"}))
      ->capture_default_str();
  command
      .add_option("--epoch", a->epoch, "Around the weights of this epoch's snapshot (default: the newest there are)")
      ->transform(range<std::int64_t>(0, kMostCount));
  command
      .add_option("--plane", a->plane,
                  "The plane of three epochs that hold weights, as in 2,10,50, for random directions")
      ->type_name("A,B,C")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_flag("--path", a->path,
                   "The first two principal directions of the training's path to that epoch, with the path on it");
  command
      .add_option("--range", a->range, "Random directions: from - so much to + so much; 1: each filter's own length")
      ->transform(positive(1000))
      ->capture_default_str();
  command.add_option("--seed", a->seed, "Of the random directions")
      ->transform(range<std::int64_t>(0, kMostSeed))
      ->capture_default_str();
  command.add_option("--points", a->points, "Places along each direction")
      ->transform(range(2, 501))
      ->capture_default_str();
  command.add_option("--batch", a->batch, "Samples of the run's data that the losses are means of")
      ->transform(range(2, 65536))
      ->capture_default_str();
  command.add_option("--name", a->name, "It is written to surfaces/NAME.json, NAME.png and NAME.npy in the run")
      ->type_name("NAME");
  command.add_option("-o,--output", a->file, "FILE.png: the picture here as well")
      ->type_name("FILE")
      ->transform(through_links());
  command
      .add_option("--film", a->film,
                  "FILE.gif (or .mp4, .webm): a frame an epoch that holds weights; with --path the point on its way")
      ->type_name("FILE")
      ->transform(through_links());
  command.add_option("--frames", a->frames, "Frames of a film of random directions, each a surface of its own")
      ->transform(range(2, 1000))
      ->capture_default_str();
  command.add_option("--fps", a->fps, "Pictures a second of a film")
      ->transform(range(picture::kLeastFramesPerSecond, picture::kMostFramesPerSecond))
      ->capture_default_str();
  add_threads(command, a->machine.threads);
  add_data(command, a->machine.data);
  add_output(command, a->output);
  command.footer(
      "Example: ganymede surface dcgan-001\n"
      "         ganymede surface dcgan-001 --of discriminator --path --film path.gif\n"
      "         ganymede surface dcgan-001 --plane 2,10,50");
  return [a] { return surface(*a); };
}

}  // namespace ganymede::app
