#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/signal.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "explore/class_map_picture.hpp"
#include "explore/directions.hpp"
#include "explore/gallery.hpp"
#include "explore/map_file.hpp"
#include "map_command.hpp"
#include "picture/film.hpp"
#include "run_classifier.hpp"
#include "shared.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;

std::string change_of(const explore::KeptMap& kept) {
  return kept.changed ? fmt::format("{:.2f} % changed since epoch {}", 100 * *kept.changed, *kept.since) : "";
}

std::string table_of(const explore::ClassMap& map) {
  TextTable table("rlrr");
  const std::vector<double> shares = explore::area_shares(map);
  const bool conditional = explore::wanted_share(map).has_value();
  table.add({"number", "class", "share of the area", conditional ? "share of its own map" : ""});
  for (std::size_t k = 0; k < shares.size(); ++k) {
    std::string own;
    if (conditional) {
      double sum = 0;
      int parts = 0;
      for (const explore::MapPart& part : map.parts) {
        if (part.wanted != static_cast<std::int32_t>(k)) continue;
        sum += explore::area_shares(part.labels, static_cast<int>(shares.size()))[k];
        ++parts;
      }
      own = parts > 0 ? fmt::format("{:.2f} %", 100 * sum / parts) : "-";
    }
    table.add({std::to_string(k), map.class_names[k], fmt::format("{:.2f} %", 100 * shares[k]), own});
  }
  return table.str();
}

explore::KeptMap map_of(explore::TrainedGenerator& generator, fit::Classifier& classifier,
                        const explore::MapOptions& options, const explore::MapSubject& subject, double& seconds) {
  const auto begin = std::chrono::steady_clock::now();
  explore::MapSource source =
      generator.source(classifier, explore::parse_ablations(subject.ablated, generator.network()));
  if (subject.plane) source = explore::on_plane(std::move(source), *subject.plane);
  explore::ClassMap map =
      explore::make_class_map(source, options, [](const explore::MapPiece&) { return !stop_requested(); });
  seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return explore::kept_map(std::move(map), generator.about().epoch, classifier.record(), subject);
}

nlohmann::json result_of(const explore::KeptMap& kept, const fs::path& picture) {
  nlohmann::json json = nlohmann::json::parse(explore::to_json(kept));
  json.erase("axis");
  json["picture"] = picture.string();
  return json;
}

int map(MapArguments arguments) {
  if (!arguments.at.empty()) return map_point(arguments);
  if (!arguments.directions.empty()) fail<UserError>("--directions: goes with --at");
  if (!arguments.file.empty()) fail<UserError>("--output {}: goes with --at", arguments.file);
  const run::RunDirectory directory = arguments.run.find();
  const int ordinary = directory.recipe().evaluate.map_resolution;
  if (arguments.map.side == 0) arguments.map.side = ordinary;
  if (arguments.quantiles) arguments.map.axis = explore::MapAxis::quantile;
  const bool every = arguments.all || !arguments.film.empty();
  std::vector<run::SnapshotFile> files;
  if (every) {
    files = run::list_snapshots(directory.snapshots());
    if (files.empty()) fail<DataError>("{}: there is no snapshot yet", directory.path().string());
  } else {
    files.resize(1);
  }
  explore::Gallery gallery = make_gallery(arguments.machine.threads);
  const auto open = [&](const run::SnapshotFile& file) {
    return gallery.open(directory,
                        {.epoch = every ? std::optional(file.epoch) : arguments.epoch,
                         .plan = explore::plan_of(play::named<play::Precision>("--precision", arguments.precision))});
  };
  explore::MapSubject subject;
  {
    const auto last = open(files.back());
    for (const std::string& text : arguments.classes)
      arguments.map.wanted.push_back(*last->generator.class_named(text));
    subject = subject_of(arguments, last->generator);
    check_before_fit(directory, last->generator, arguments, subject);
  }
  std::optional<picture::FilmWriter> film;
  if (!arguments.film.empty()) film.emplace(arguments.film, picture::FilmStyle{.frames_per_second = arguments.fps});
  std::optional<fit::Classifier> classifier =
      run_classifier(directory.recipe(), arguments.machine, arguments.output, arguments.precision);
  install_stop_handlers();
  Progress progress("maps", static_cast<double>(files.size()),
                    {.style = every ? arguments.output.style() : ProgressStyle::quiet, .unit = "epochs"});
  nlohmann::json maps = nlohmann::json::array();
  std::optional<explore::KeptMap> last;
  double seconds = 0, done = 0;
  fs::path picture;
  for (const run::SnapshotFile& file : files) {
    const auto opened = open(file);
    explore::KeptMap kept = map_of(opened->generator, *classifier, arguments.map, subject, seconds);
    kept.grid = explore::grid_name(kept.map, ordinary) + explore::subject_name(subject);
    explore::compare_with_last(directory.path() / "maps", kept);
    const std::string title = explore::title_of(directory.name(), kept);
    picture = explore::write_map(directory.path() / "maps", kept, title);
    if (film) {
      film->add(explore::draw_class_map(kept.map, directory.name(), {}, explore::axis_names(subject)),
                fmt::format("epoch {}  {}", kept.epoch, change_of(kept)));
    }
    if (!arguments.output.json && !arguments.output.quiet && every)
      print(fmt::format("{}  {}\n", picture.string(), change_of(kept)));
    maps.push_back(result_of(kept, picture));
    last = std::move(kept);
    progress.update(++done);
  }
  if (film) film->finish();
  progress.finish();
  if (arguments.output.json) {
    print(nlohmann::json{{"schema", "ganymede.map_command/1"},
                         {"run", directory.name()},
                         {"classifier", words_of(*classifier)},
                         {"seconds", seconds},
                         {"film", arguments.film},
                         {"maps", maps}});
    return 0;
  }
  if (arguments.output.quiet) return 0;
  const std::string mass =
      subject.plane ? "" : fmt::format("; the map covers {:.1f} % of the prior's mass", 100 * last->map.mass);
  print(fmt::format("{}\n{}{} points in {}{}; {}\n", explore::title_of(directory.name(), *last), table_of(last->map),
                    with_thousands(last->map.points()), human_duration(seconds / static_cast<double>(files.size())),
                    mass, words_of(*classifier)));
  if (last->changed) print(change_of(*last) + "\n");
  print(fmt::format("map: {}\n", picture.string()));
  if (film) print(fmt::format("film: {}\n", arguments.film));
  return 0;
}

}  // namespace

explore::MapSubject subject_of(const MapArguments& arguments, explore::TrainedGenerator& generator) {
  explore::parse_ablations(arguments.ablations, generator.network());
  explore::MapSubject subject{.plane = {}, .ablated = arguments.ablations};
  if (arguments.through.empty()) return subject;
  const std::optional<int> only =
      arguments.classes.size() == 1 ? generator.class_named(arguments.classes.front()) : std::optional<int>();
  const auto named = [&](std::uint64_t seed) { return generator.samples(seed, 1, only).z; };
  const auto direction = [&](const std::string& text) {
    return explore::direction_named(text, generator.network(), generator.weights());
  };
  const explore::Direction right = direction(arguments.right), up = direction(arguments.up);
  subject.plane = {.origin = explore::parse_z(arguments.through, generator.latent_dim(), named),
                   .u = right.vector,
                   .v = up.vector,
                   .u_name = right.name.empty() ? "a" : right.name,
                   .v_name = up.name.empty() ? "b" : up.name};
  return subject;
}

void check_before_fit(const run::RunDirectory& directory, const explore::TrainedGenerator& generator,
                      const MapArguments& arguments, const explore::MapSubject& subject) {
  explore::check_has_map(generator.network());
  const std::string source = directory.recipe().data.source;
  const run::ImageFacts facts = image_facts(directory.recipe(), arguments.machine.data);
  const int classes = facts.classes;
  if (classes < 2) {
    fail<DataError>("{}: its data ({}) have {}, so there is nothing to colour a map by", directory.path().string(),
                    source, classes == 0 ? "no classes" : "one class");
  }
  explore::check_draws(generator.network(), facts, source);
  explore::MapSource mapped = explore::map_source(generator.about().recipe, generator.network(),
                                                  std::vector<std::string>(static_cast<std::size_t>(classes)));
  if (subject.plane) mapped = explore::on_plane(std::move(mapped), *subject.plane);
  explore::check_map(mapped, arguments.map);
}

Action set_up_map(CLI::App& command) {
  const auto a = std::make_shared<MapArguments>();
  add_run(command, a->run);
  auto* epoch =
      command.add_option("--epoch", a->epoch, "Weights of this epoch's snapshot (default: the newest there are)")
          ->transform(range<std::int64_t>(0, kMostCount));
  auto* all = command.add_flag("--all", a->all, "A map of every snapshot")->excludes(epoch);
  auto* film = command.add_option("--film", a->film, "FILE.gif (or .mp4, .webm): a film of the maps of all snapshots")
                   ->type_name("FILE")
                   ->excludes(epoch);
  command.add_option("--fps", a->fps, "Epochs a second of the film")
      ->transform(range(picture::kLeastFramesPerSecond, picture::kMostFramesPerSecond))
      ->capture_default_str();
  command
      .add_option("--at", a->at,
                  "The map around this z with the point on it, as in 0.5,-1.2 (or a seed), and its class; of 3-d and "
                  "4-d models the three sections through it. A conditional model's first class, or --class")
      ->type_name("Z")
      ->excludes(all)
      ->excludes(film);
  command
      .add_option(
          "--directions", a->directions,
          "Attributes of `ganymede directions` whose planes n'z + offset = 0 are drawn as lines on that map, an "
          "arrow to where there is more of it (thickness, or FILE/thickness)")
      ->type_name("NAMES")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("-o,--output", a->file, "FILE.png: that picture (default: maps/epoch-N-at.png in the run)")
      ->type_name("FILE")
      ->transform(through_links());
  command
      .add_option("--resolution", a->map.side,
                  "Points along an axis; 0: as evaluate.map_resolution says, else 100 of a plane, 32 of a cube, 22 of "
                  "a cube for each class")
      ->transform(range(0, 1000))
      ->capture_default_str();
  command.add_option("--range", a->map.range, "The map reaches from minus this to this along each axis")
      ->transform(positive(100))
      ->capture_default_str();
  command.add_flag("--quantiles", a->quantiles,
                   "Axes by the prior's quantiles instead: equal areas are equally likely");
  command.add_option("--fourth", a->map.fourth, "Of 4-d models: a cube at each of these last coordinates")
      ->delimiter(',')
      ->transform(range(-100.0, 100.0))
      ->capture_default_str();
  command
      .add_option("--class", a->classes,
                  "Of conditional models: maps of these classes, by name or else number (default: all)")
      ->type_name("CLASS")
      ->delimiter(',');
  auto* through =
      command
          .add_option(
              "--through", a->through,
              "Instead of the whole space, which may then have any dimension, the plane z = this z (or seed) + a "
              "RIGHT + b UP, a and b along the axes")
          ->type_name("Z")
          ->excludes("--at");
  command
      .add_option("--right", a->right,
                  "A direction of that plane: z3 (an axis), principal2 (as the first layer changes most), or its "
                  "coordinates, as in 0.5,-1.2")
      ->type_name("DIRECTION")
      ->needs(through)
      ->capture_default_str();
  command.add_option("--up", a->up, "The other one")->type_name("DIRECTION")->needs(through)->capture_default_str();
  add_ablate(command, a->ablations);
  add_precision(command, a->precision);
  add_threads(command, a->machine.threads);
  add_data(command, a->machine.data);
  add_output(command, a->output);
  command.footer(
      "Writes RUN/maps/epoch-N.png, .npy (class of every point) and .json (shares of the area);\n"
      "other grids than the run's own, planes and what --ablate leaves under names of their own, as "
      "epoch-N-quantiles.\n"
      "Example: ganymede map digits-2d-001 --film map.gif\n"
      "         ganymede map dcgan-001 --through 17 --right principal1 --up principal2\n"
      "         ganymede map digits-3d-001 --at 0.5,-1.2,0.1 -o there.png\n"
      "         ganymede map digits-2d-001 --at 0,0 --directions thickness,slant -o planes.png");
  return [a] { return map(*a); };
}

}  // namespace ganymede::app
