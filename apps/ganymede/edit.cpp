#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "command.hpp"
#include "explore/attributes/direction_file.hpp"
#include "explore/attributes/edit.hpp"
#include "explore/attributes/scores.hpp"
#include "explore/gallery.hpp"
#include "explore/point_pictures.hpp"
#include "picture/film.hpp"
#include "picture/png.hpp"
#include "shared.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;

struct EditArguments {
  RunArguments run;
  std::uint64_t seed = train::kFixedSeed;
  std::string z;  // "": the samples that seeds name
  std::int64_t count = 1;
  std::vector<std::string> along, keep;
  double from = -3, to = 3;
  int steps = 7;
  std::optional<std::string> only;
  std::string condition;
  std::optional<std::uint64_t> epoch;
  double fps = 5;
  std::string file;
  int threads = 0;
  Output output;
};

// What is moved: samples that seeds name, or one z, of the first class where there are several.
train::NamedSamples start_of_edit(const EditArguments& arguments, explore::TrainedGenerator& generator) {
  const std::optional<int> only = generator.class_named(arguments.only);
  if (arguments.z.empty()) return generator.samples(arguments.seed, arguments.count, only);
  train::NamedSamples start = generator.samples(0, 1, only);  // class and condition
  start.z = explore::parse_z(arguments.z, generator.latent_dim(),
                             [&](std::uint64_t seed) { return generator.samples(seed, 1, only).z; });
  return start;
}

picture::Image frame_of(const Tensor& pictures, std::int64_t columns, std::int64_t column) {
  Shape shape = pictures.shape();
  const std::int64_t rows = shape[0] / columns;
  const auto each = static_cast<std::size_t>(pictures.count() / shape[0]);
  shape[0] = rows;
  std::vector<float> values;
  for (std::int64_t r = 0; r < rows; ++r) {
    const auto one = pictures.values<float>().subspan(static_cast<std::size_t>(r * columns + column) * each, each);
    values.insert(values.end(), one.begin(), one.end());
  }
  return train::sheet(Tensor::of<float>(shape, values), static_cast<int>(rows));
}

void write_edit_film(const EditArguments& arguments, const explore::Edit& edit,
                     const std::vector<explore::Direction>& along, const Tensor& pictures) {
  picture::FilmWriter film(arguments.file, {.frames_per_second = arguments.fps});
  const std::int64_t columns = edit.columns();
  // There and back, so that it goes round without a jump.
  for (std::int64_t i = 0; i < 2 * columns - 2; ++i) {
    const std::int64_t column = i < columns ? i : 2 * columns - 2 - i;
    film.add(frame_of(pictures, columns, column),
             fmt::format("{} {}", along[0].name, explore::step_text(edit.at[static_cast<std::size_t>(column)])));
  }
  film.finish();
}

int edit(const EditArguments& arguments) {
  const std::string ending = fs::path(arguments.file).extension().string();
  const bool film = ending == ".gif" || ending == ".mp4" || ending == ".webm";
  if (ending != ".png" && ending != ".svg" && !film)
    fail<UserError>("-o {}: wanted .png (a strip or grid), .gif, .mp4 or .webm (a film) or .svg (ink)", arguments.file);
  if (arguments.along.size() > 2)
    fail<UserError>("--along: wanted one direction or two, found {}", arguments.along.size());
  if (arguments.along.size() == 2 && film)
    fail<UserError>("-o {}: a film goes along one direction, and a grid is .png or .svg", arguments.file);
  if (arguments.along.size() == 2 && arguments.count > 1)
    fail<UserError>("--n {}: a grid of two directions is of one sample", arguments.count);
  if (arguments.from == arguments.to) fail<UserError>("--from {0}, --to {0}: wanted two places", arguments.from);
  const run::RunDirectory directory = arguments.run.find();
  explore::Gallery gallery = make_gallery(arguments.threads);
  const auto opened = gallery.open(directory, {.epoch = arguments.epoch});
  explore::TrainedGenerator& generator = opened->generator;
  give_condition(generator, arguments.condition);
  std::vector<explore::Direction> along;
  for (const std::string& text : arguments.along) {
    along.push_back(explore::direction_along(directory.path() / "directions", text, arguments.keep, generator));
    if (along.back().name.empty()) along.back().name = text;
  }
  const explore::Edit edit =
      explore::edit_of(start_of_edit(arguments, generator), along, static_cast<float>(arguments.from),
                       static_cast<float>(arguments.to), arguments.steps);
  const Tensor pictures = generator.draw(edit.samples);
  const Shape chw{pictures.shape()[1], pictures.shape()[2], pictures.shape()[3]};
  if (ending == ".svg" && !train::is_ink(chw))
    fail<UserError>("-o {}: only symbols of ink can be written as SVG; wanted .png", arguments.file);
  if (film && explore::draws_points(generator.network()))
    fail<UserError>("-o {}: points are drawn in one plot; wanted .png", arguments.file);
  check_writable(arguments.file);
  if (film) {
    write_edit_film(arguments, edit, along, pictures);
  } else if (ending == ".svg") {
    std::vector<ink::Ink> inks;
    data::write_sheet(arguments.file, train::ink_sheet(pictures, inks, static_cast<int>(edit.columns())));
  } else {
    picture::write_png(
        arguments.file, explore::draw_edit(edit, along, pictures),
        {{"Software", "Ganymede"},
         {"Description", fmt::format("{} along {} from {} to {}", directory.name(), fmt::join(arguments.along, " and "),
                                     arguments.from, arguments.to)}});
  }
  const std::vector<explore::ScoreSource> sources = explore::score_sources(generator);
  const std::vector<std::vector<double>> scores = explore::scores_of(generator, sources, pictures);
  if (arguments.output.json) {
    nlohmann::json measured = nlohmann::json::object(), ways = nlohmann::json::array();
    for (std::size_t s = 0; s < sources.size(); ++s) measured[sources[s].name] = scores[s];
    for (const explore::Direction& one : along) ways.push_back({{"name", one.name}, {"vector", one.vector}});
    print(nlohmann::json{{"schema", "ganymede.edit/1"},
                         {"run", directory.name()},
                         {"epoch", generator.about().epoch},
                         {"file", arguments.file},
                         {"along", ways},
                         {"keep", arguments.keep},
                         {"at", edit.at},
                         {"rows", edit.samples.count / edit.columns()},
                         {"scores", measured}});
    return 0;
  }
  if (arguments.output.quiet) return 0;
  std::vector<std::string> names;
  for (const explore::Direction& one : along) names.push_back(one.name);
  print(fmt::format(
      "{}: {} pictures along {} from {} to {}{}\n", arguments.file, edit.samples.count, fmt::join(names, " and "),
      arguments.from, arguments.to,
      arguments.keep.empty() ? std::string() : fmt::format(", keeping {}", fmt::join(arguments.keep, ", "))));
  for (std::size_t s = 0; s < sources.size() && edit.samples.count == edit.columns(); ++s)
    print(fmt::format("{}: {:.3g}\n", sources[s].name, fmt::join(scores[s], ", ")));
  return 0;
}

}  // namespace

Action set_up_edit(CLI::App& command) {
  const auto a = std::make_shared<EditArguments>();
  add_run(command, a->run);
  command
      .add_option("--along", a->along,
                  "The direction: a name of `ganymede directions` (thickness; thickness:conditional, its part that "
                  "leaves the others alone; thickness:orthogonal; FILE/thickness of one file), z1, principal1, "
                  "activation1, or coordinates. Twice: a grid, the second upwards")
      ->type_name("NAME")
      ->allow_extra_args(false)
      ->required();
  command.add_option("--keep", a->keep, "Directions whose part is taken away from it, so that their scores stay")
      ->type_name("NAMES")
      ->delimiter(',')
      ->allow_extra_args(false);
  auto* seed = command.add_option("--seed", a->seed, "Seed that names the sample")
                   ->transform(range<std::int64_t>(0, kMostSampleSeed))
                   ->capture_default_str();
  auto* count = command.add_option("--n", a->count, "Samples, a row each; the next seeds")
                    ->transform(range(1, 1000))
                    ->capture_default_str();
  command.add_option("--z", a->z, "This z instead, as in 0.5,-1.2")->type_name("Z")->excludes(seed)->excludes(count);
  command.add_option("--from", a->from, "Where it begins, in units of z")
      ->transform(range(-1000.0, 1000.0))
      ->capture_default_str();
  command.add_option("--to", a->to, "Where it ends")->transform(range(-1000.0, 1000.0))->capture_default_str();
  command.add_option("--steps", a->steps, "Pictures along a direction")
      ->transform(range(2, 100))
      ->capture_default_str();
  command
      .add_option("-o,--output", a->file,
                  "FILE.png: a strip, or of two directions a grid; FILE.gif (or .mp4, .webm): a film there and back; "
                  "FILE.svg: strokes of ink")
      ->type_name("FILE")
      ->transform(through_links())
      ->required();
  command.add_option("--class", a->only, "Class of all pictures (conditional models; default: that of the seed)")
      ->type_name("CLASS");
  add_condition(command, a->condition);
  command.add_option("--epoch", a->epoch, "Weights of this epoch's snapshot (default: the newest there are)")
      ->transform(range<std::int64_t>(0, kMostCount));
  command.add_option("--fps", a->fps, "Pictures a second of a film")
      ->transform(range(picture::kLeastFramesPerSecond, picture::kMostFramesPerSecond))
      ->capture_default_str();
  add_threads(command, a->threads);
  add_output(command, a->output);
  command.footer(
      "Example: ganymede edit dcgan-001 --seed 7 --along thickness --from -3 --to 3 -o thick.png\n"
      "         ganymede edit dcgan-001 --seed 7 --along thickness --along slant --steps 5 -o both.png\n"
      "         ganymede edit ink-001 --class a --along slant --keep size -o slant.svg");
  return [a] { return edit(*a); };
}

}  // namespace ganymede::app
