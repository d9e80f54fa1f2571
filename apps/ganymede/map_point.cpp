#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "explore/gallery.hpp"
#include "explore/map_file.hpp"
#include "explore/section_picture.hpp"
#include "map_command.hpp"
#include "picture/png.hpp"
#include "run_classifier.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;

// The class that all pictures of the map are asked for: the one that is named, else the first.
std::optional<int> class_of(const MapArguments& arguments, const explore::TrainedGenerator& generator) {
  if (arguments.classes.size() > 1)
    fail<UserError>("--class: wanted one class beside --at, found {}", arguments.classes.size());
  if (!arguments.classes.empty()) return generator.class_named(arguments.classes.front());
  return generator.classes() > 0 ? std::optional(0) : std::nullopt;
}

}  // namespace

int map_point(const MapArguments& arguments) {
  const run::RunDirectory directory = arguments.run.find();
  if (!arguments.file.empty() && fs::path(arguments.file).extension() != ".png")
    fail<UserError>("-o {}: wanted a name that ends in .png", arguments.file);
  explore::Gallery gallery = make_gallery(arguments.machine.threads);
  const auto opened = gallery.open(
      directory, {.epoch = arguments.epoch,
                  .plan = explore::plan_of(play::named<play::Precision>("--precision", arguments.precision))});
  explore::TrainedGenerator& generator = opened->generator;
  const explore::MapSubject subject = subject_of(arguments, generator);
  check_before_fit(directory, generator, arguments, subject);
  const std::vector<play::Override> overrides = explore::parse_ablations(arguments.ablations, generator.network());
  const std::optional<int> only = class_of(arguments, generator);
  const auto named = [&](std::uint64_t seed) { return generator.samples(seed, 1, only).z; };
  const std::vector<float> z = explore::parse_z(arguments.at, generator.latent_dim(), named);
  std::vector<explore::AttributePlane> planes =
      explore::planes_named(directory.path() / "directions", arguments.directions, generator.latent_dim());
  fs::path file = arguments.file;
  if (file.empty()) {
    make_own_folder(directory.path() / "maps");
    file = explore::map_path(directory.path() / "maps", generator.about().epoch, "-at" + explore::subject_name(subject))
               .replace_extension(".png");
  }
  check_writable(file);
  std::optional<fit::Classifier> classifier =
      run_classifier(directory.recipe(), arguments.machine, arguments.output, arguments.precision);

  explore::MapOptions options = arguments.map;
  options.axis = arguments.quantiles ? explore::MapAxis::quantile : explore::MapAxis::linear;
  if (options.side == 0) options.side = explore::default_side(2, false);
  for (const float v : z) options.range = std::max(options.range, 1.05 * std::fabs(v));
  train::NamedSamples sample{.count = 1, .z = z, .classes = {}};
  if (only) sample.classes.push_back(*only);
  const Tensor picture = generator.draw(sample, overrides);
  explore::PointOnSections point{
      .title = fmt::format("{}, epoch {}{}", directory.name(), generator.about().epoch,
                           only ? ": class " + train::class_words(*only, generator.class_names()) : ""),
      .z = z,
      .sections = {},
      .picture = train::sheet(picture, 1),
      .seen = explore::seen_in(generator.judge(*classifier, picture).probabilities).front(),
      .planes = std::move(planes)};
  for (const explore::Plane& plane : explore::sections_through(z)) {
    point.sections.push_back(
        {plane, explore::make_plane_map(generator.source(*classifier, overrides), plane, options, only)});
  }
  picture::write_png(file, explore::draw_point_on_sections(point),
                     {{"Software", "Ganymede"}, {"Description", fmt::format("{}, z {}", point.title, arguments.at)}});

  const std::vector<std::string>& names = classifier->record().class_names;
  if (arguments.output.json) {
    print(nlohmann::json{{"schema", "ganymede.map_point/1"},
                         {"run", directory.name()},
                         {"epoch", generator.about().epoch},
                         {"z", z},
                         {"class", only ? nlohmann::json(*only) : nlohmann::json()},
                         {"seen",
                          {{"class", point.seen.label},
                           {"name", names[static_cast<std::size_t>(point.seen.label)]},
                           {"probabilities", point.seen.probabilities}}},
                         {"seen_names", names},
                         {"range", options.range},
                         {"sections", point.sections.size()},
                         {"classifier", words_of(*classifier)},
                         {"picture", file.string()}});
  } else if (!arguments.output.quiet) {
    const bool wider = options.range > arguments.map.range && !arguments.quantiles;
    print(fmt::format(
        "{}, z {}: seen as {}\nby {}\n{}: {}{}\n", point.title, arguments.at, explore::words_of(point.seen, names),
        words_of(*classifier), point.sections.size() == 1 ? "map" : "sections", file.string(),
        wider ? fmt::format(" (from {:.3g} to {:.3g}, so that the point lies on it)", -options.range, options.range)
              : ""));
  }
  return 0;
}

}  // namespace ganymede::app
