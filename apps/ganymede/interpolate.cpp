#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "command.hpp"
#include "explore/class_map_picture.hpp"
#include "explore/gallery.hpp"
#include "explore/section_picture.hpp"
#include "picture/film.hpp"
#include "picture/grid.hpp"
#include "picture/png.hpp"
#include "run_classifier.hpp"
#include "shared.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;

struct InterpolateArguments {
  RunArguments run;
  std::optional<std::uint64_t> epoch;
  std::string from, to;
  int steps = 12;
  std::string path = "line";
  std::string only;      // "": the first class
  std::string to_class;  // "": the same
  std::string condition, to_condition;
  std::string file, map;
  bool classify = false;
  std::vector<std::string> ablations;
  double fps = 10;
  double truncation = 0;
  MachineArguments machine;
  Output output;
};

bool is_seed(const std::string& end) {
  return end.find_first_not_of("0123456789") == std::string::npos;
}

// A number is a seed, which a reader may take for a digit: "seed 3".
std::string words_of_end(const std::string& end) {
  return (is_seed(end) ? "seed " : "z ") + end;
}

picture::Image picture_of(const Tensor& pictures, std::int64_t i) {
  Shape shape = pictures.shape();
  shape[0] = 1;
  const auto size = static_cast<std::size_t>(element_count(shape));
  return train::sheet(
      Tensor::of<float>(shape, pictures.values<float>().subspan(static_cast<std::size_t>(i) * size, size)), 1);
}

void write_strip(const InterpolateArguments& arguments, const explore::Walk& walk,
                 const std::vector<std::string>& names) {
  const std::int64_t count = walk.pictures.shape()[0];
  std::vector<picture::Image> cells;
  picture::GridStyle style;
  style.columns = static_cast<int>(count);
  style.gap = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    cells.push_back(picture_of(walk.pictures, i));
    if (!walk.labels.empty())
      style.labels.push_back(names[static_cast<std::size_t>(walk.labels[static_cast<std::size_t>(i)])]);
  }
  picture::write_png(arguments.file, picture::make_grid(cells, style),
                     {{"Software", "Ganymede"},
                      {"Description", fmt::format("from {} to {} by {}, {} steps", words_of_end(arguments.from),
                                                  words_of_end(arguments.to), arguments.path, count)}});
}

void write_film(picture::FilmWriter& film, const explore::Walk& walk, const std::vector<std::string>& names) {
  const std::int64_t count = walk.pictures.shape()[0];
  for (std::int64_t i = 0; i < count; ++i) {
    std::string caption = fmt::format("{:.2f}", static_cast<double>(i) / static_cast<double>(count - 1));
    if (!walk.labels.empty())
      caption += "  " + names[static_cast<std::size_t>(walk.labels[static_cast<std::size_t>(i)])];
    film.add(picture_of(walk.pictures, i), caption);
  }
  film.finish();
}

// Of a 2-d model its map with the line on it; of others the plane of the walk, in 3 and 4 dimensions beside the
// sections through both ends.
void write_map(const InterpolateArguments& arguments, explore::TrainedGenerator& generator, fit::Classifier& classifier,
               const explore::Walk& walk, const explore::WalkOptions& walked, const std::string& title) {
  const std::optional<int>& only = walked.only;
  const auto dim = static_cast<std::size_t>(generator.latent_dim());
  const std::span<const float> line = walk.line, a = line.first(dim), b = line.last(dim);
  explore::MapOptions options;
  for (const float z : line) options.range = std::max(options.range, 1.05 * std::fabs(z));
  if (dim == 2) {
    if (only) options.wanted = {*only};
    const explore::ClassMap map = explore::make_class_map(generator.source(classifier, walked.overrides), options);
    picture::write_png(arguments.map, explore::draw_class_map(map, title, line),
                       {{"Software", "Ganymede"}, {"Description", title}});
    return;
  }
  const auto section = [&](const explore::Plane& plane, int side) {
    options.side = side;
    return explore::Section{
        plane, explore::make_plane_map(generator.source(classifier, walked.overrides), plane, options, only)};
  };
  const auto through = [&](std::span<const float> z) {
    std::vector<explore::Section> sections;
    if (dim > 4) return sections;
    for (const explore::Plane& plane : explore::sections_through(z)) sections.push_back(section(plane, 50));
    return sections;
  };
  const double cube = options.range;
  const explore::Plane plane = explore::plane_of_walk(a, b);
  options.range = 1;
  for (const float v : explore::shadow_on(plane, line)) options.range = std::max(options.range, 1.05 * std::fabs(v));
  explore::WalkOnSections drawn{.title = title,
                                .plane = section(plane, 100),
                                .a = {a.begin(), a.end()},
                                .b = {b.begin(), b.end()},
                                .at_a = {},
                                .at_b = {},
                                .line = walk.line,
                                .areas = walk.areas,
                                .name_a = words_of_end(arguments.from),
                                .name_b = words_of_end(arguments.to),
                                .picture_a = picture_of(walk.pictures, 0),
                                .picture_b = picture_of(walk.pictures, walk.pictures.shape()[0] - 1)};
  options.range = cube;
  drawn.at_a = through(a);
  drawn.at_b = through(b);
  picture::write_png(arguments.map, explore::draw_walk_on_sections(drawn),
                     {{"Software", "Ganymede"}, {"Description", title}});
}

// Conditions of both ends: what is given, or that of the sample which the end's seed names (of a z: that of seed
// 0). One that is given at the beginning alone is that of the whole walk.
std::pair<std::vector<float>, std::vector<float>> conditions_of(const InterpolateArguments& arguments,
                                                                const explore::TrainedGenerator& generator) {
  const int length = generator.condition_length();
  const auto at = [&](const std::string& given, const std::string& end) {
    if (!given.empty()) return explore::parse_condition(given, length);
    return generator.conditions(is_seed(end) ? std::stoull(end) : 0, 1);
  };
  const std::string& to = arguments.to_condition.empty() ? arguments.condition : arguments.to_condition;
  return {at(arguments.condition, arguments.from), at(to, arguments.to)};
}

int interpolate(const InterpolateArguments& arguments) {
  const fs::path file = arguments.file;
  const bool strip = file.extension() == ".png";
  if (!strip && file.extension() != ".gif" && file.extension() != ".mp4" && file.extension() != ".webm") {
    fail<UserError>("-o {}: wanted a name that ends in .png (a strip), or .gif, .mp4 or .webm (a film)", file.string());
  }
  if (arguments.truncation > 0 && !is_seed(arguments.from) && !is_seed(arguments.to))
    fail<UserError>("--truncation: both ends are given by their z, of which nothing is drawn");
  const run::RunDirectory directory = arguments.run.find();
  explore::Gallery gallery = make_gallery(arguments.machine.threads);
  const auto opened = gallery.open(directory, {.epoch = arguments.epoch});
  explore::TrainedGenerator& generator = opened->generator;
  if (arguments.truncation > 0) generator.truncate(arguments.truncation);
  const run::Recipe& recipe = generator.about().recipe;
  const int dim = generator.latent_dim();
  if (!arguments.map.empty() && dim < 2)
    fail<UserError>("--map {}: a model of one dimension has no map", arguments.map);
  std::optional<int> only, to_class;
  if (generator.classes() > 0) {
    only = arguments.only.empty() ? 0 : generator.class_named(arguments.only);
    to_class = arguments.to_class.empty() ? only : generator.class_named(arguments.to_class);
  } else if (!arguments.only.empty() || !arguments.to_class.empty()) {
    fail<UserError>("--{}class {}: this generator takes no class", arguments.only.empty() ? "to-" : "",
                    arguments.only.empty() ? arguments.to_class : arguments.only);
  }
  if (!arguments.map.empty() && to_class != only)
    fail<UserError>("--map {}: a map is of one class, and this walk goes from one to another", arguments.map);
  if (!arguments.map.empty()) explore::check_has_map(generator.network());
  // A seed names the sample of its end's class: where z is drawn by class, that is another z.
  const auto z_of = [&](const std::string& text, std::optional<int> k) {
    return explore::parse_z(text, dim, [&](std::uint64_t seed) { return generator.samples(seed, 1, k).z; });
  };
  const std::vector<float> a = z_of(arguments.from, only), b = z_of(arguments.to, to_class);
  const auto [condition, to_condition] = conditions_of(arguments, generator);
  const explore::WalkOptions options{
      .steps = arguments.steps,
      .kind = arguments.path == "slerp" ? latent::PathKind::slerp : latent::PathKind::lerp,
      .only = only,
      .to_class = to_class,
      .condition = condition,
      .to_condition = to_condition,
      .overrides = explore::parse_ablations(arguments.ablations, generator.network())};
  // Everything is checked before a classifier is fitted, and the walk is there before it.
  const bool asked = !arguments.map.empty() || arguments.classify;
  if (asked) {
    const run::ImageFacts facts = image_facts(recipe, arguments.machine.data);
    if (facts.classes >= 2) {
      explore::check_draws(generator.network(), facts, recipe.data.source);
    } else if (!arguments.map.empty()) {
      fail<UserError>("--map {}: the data of this run have no classes", arguments.map);
    }
  }
  if (!arguments.map.empty()) check_writable(arguments.map);
  std::optional<picture::FilmWriter> film;
  strip ? check_writable(file) : void(film.emplace(file, picture::FilmStyle{.frames_per_second = arguments.fps}));
  if (strip && asked) write_strip(arguments, generator.walk(a, b, options), {});
  SeenBy by = classifier_if_kept(generator, arguments.machine, arguments.output, asked);
  const std::vector<std::string> names =
      by.classifier ? by.classifier->record().class_names : std::vector<std::string>();
  const explore::Walk walk = generator.walk(a, b, options, by.classifier ? &*by.classifier : nullptr);
  film ? write_film(*film, walk, names) : write_strip(arguments, walk, names);
  const std::string title = fmt::format("{}, epoch {}: from {} to {}", directory.name(), generator.about().epoch,
                                        words_of_end(arguments.from), words_of_end(arguments.to));
  if (!arguments.map.empty()) write_map(arguments, generator, *by.classifier, walk, options, title);
  if (arguments.output.json) {
    nlohmann::json areas = nlohmann::json::array();
    for (const explore::Crossed& area : walk.areas) {
      areas.push_back({{"class", names[static_cast<std::size_t>(area.label)]},
                       {"from", static_cast<double>(area.first) / (explore::kWalkPoints - 1)},
                       {"to", static_cast<double>(area.last) / (explore::kWalkPoints - 1)}});
    }
    print(nlohmann::json{{"schema", "ganymede.interpolate/1"},
                         {"run", directory.name()},
                         {"epoch", generator.about().epoch},
                         {"file", arguments.file},
                         {"map", arguments.map},
                         {"steps", arguments.steps},
                         {"path", arguments.path},
                         {"from", a},
                         {"to", b},
                         {"truncation", arguments.truncation},
                         {"class", only ? nlohmann::json(*only) : nlohmann::json()},
                         {"to_class", to_class ? nlohmann::json(*to_class) : nlohmann::json()},
                         {"condition", condition},
                         {"to_condition", to_condition},
                         {"ablated", arguments.ablations},
                         {"classes", walk.labels},
                         {"class_names", names},
                         {"classifier_missing", by.classifier ? nlohmann::json() : nlohmann::json(by.why_not)},
                         {"areas", areas}});
    return 0;
  }
  if (arguments.output.quiet) return 0;
  std::string of_class;
  if (only) of_class = " of class " + train::class_words(*only, generator.class_names());
  if (to_class != only) of_class += " to class " + train::class_words(*to_class, generator.class_names());
  of_class += words_of_condition(condition);
  if (to_condition != condition) of_class += fmt::format(" to {:.4g}", fmt::join(to_condition, ", "));
  print(fmt::format("{}: {} pictures{} from {} to {} by {}\n", arguments.file, arguments.steps, of_class,
                    words_of_end(arguments.from), words_of_end(arguments.to), arguments.path));
  print(fmt::format("classes along the way: {}\n", by.classifier
                                                       ? explore::words_of(walk.areas, explore::kWalkPoints, names)
                                                       : "not told: " + by.why_not));
  if (!arguments.map.empty()) print(fmt::format("map: {}\n", arguments.map));
  return 0;
}

}  // namespace

Action set_up_interpolate(CLI::App& command) {
  const auto a = std::make_shared<InterpolateArguments>();
  add_run(command, a->run);
  command
      .add_option(
          "--from", a->from,
          "Where the walk begins: a seed, which names a sample whatever it shows (3 is not the digit 3), or a z, "
          "as in 0.5,-1.2")
      ->type_name("SEED")
      ->required();
  command
      .add_option("--to", a->to,
                  "Where it ends (with --to-class or --to-condition it may be left out: at the same seed or z)")
      ->type_name("SEED");
  command.add_option("--steps", a->steps, "Pictures, both ends included")
      ->transform(range(2, 10000))
      ->capture_default_str();
  command.add_option("--path", a->path, "line, or slerp: along a great circle, lengths changing evenly")
      ->transform(one_of({"line", "slerp"}))
      ->capture_default_str();
  command.add_option("-o,--output", a->file, "FILE.png: a strip; FILE.gif (or .mp4, .webm): a film")
      ->type_name("FILE")
      ->transform(through_links())
      ->required();
  command
      .add_option("--map", a->map,
                  "Draw the walk on the class map: of 2-d models that of their space, else that of the plane in which "
                  "the walk lies, of 3-d and 4-d ones with the sections through both ends. Fits a classifier of the "
                  "run's data if none is kept yet")
      ->type_name("FILE.png")
      ->transform(through_links());
  add_classify(command, a->classify);
  command
      .add_option("--class", a->only,
                  "Class of all pictures, by its name or else its number (conditional models; default: the first)")
      ->type_name("CLASS");
  command
      .add_option("--to-class", a->to_class,
                  "Class at the end: between the two the model is given mixtures of both (default: as --class)")
      ->type_name("CLASS");
  command
      .add_option("--condition", a->condition,
                  "Condition of all pictures, its numbers as in 0.2,0.7 (models that take a vector; default: those of "
                  "the samples that the seeds of both ends name, of a z that of seed 0)")
      ->type_name("NUMBERS");
  command
      .add_option("--to-condition", a->to_condition,
                  "Condition at the end, to which it goes along a line (default: as --condition)")
      ->type_name("NUMBERS");
  add_truncation(command, a->truncation);
  add_ablate(command, a->ablations);
  command.add_option("--epoch", a->epoch, "Weights of this epoch's snapshot (default: the newest there are)")
      ->transform(range<std::int64_t>(0, kMostCount));
  command.add_option("--fps", a->fps, "Pictures a second of a film, 0.1 to 50; the last one stays a second longer")
      ->transform(range(picture::kLeastFramesPerSecond, picture::kMostFramesPerSecond))
      ->capture_default_str();
  add_threads(command, a->machine.threads);
  add_data(command, a->machine.data);
  add_output(command, a->output);
  command.parse_complete_callback([a] {
    if (a->to.empty() && a->to_class.empty() && a->to_condition.empty()) throw CLI::RequiredError("--to");
    if (a->to.empty()) a->to = a->from;
  });
  command.footer(
      "Example: ganymede interpolate digits-2d-001 --from 41 --to 8 --steps 16 -o strip.png --map walk.png\n"
      "         ganymede interpolate ink-001 --from 5 --class a --to-class d -o letters.png");
  return [a] { return interpolate(*a); };
}

}  // namespace ganymede::app
