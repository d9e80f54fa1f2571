#include "explore/surface/surface.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "picture/png.hpp"
#include "tensor/npy.hpp"

namespace ganymede::explore {
namespace {

using SurfaceJson = nlohmann::ordered_json;

SurfaceJson rows_json(const std::vector<double>& values, int points) {
  SurfaceJson rows = SurfaceJson::array();
  for (int r = 0; r < points; ++r) {
    SurfaceJson row = SurfaceJson::array();
    for (int c = 0; c < points; ++c) row.push_back(number_or_null(values[static_cast<std::size_t>(r * points + c)]));
    rows.push_back(std::move(row));
  }
  return rows;
}

SurfaceLosses losses_in(const play::StepResult& result) {
  return {.generator = result.generator_loss, .discriminator = result.discriminator_loss};
}

}  // namespace

std::int64_t places_of(int points, std::size_t marks) {
  return std::int64_t{points} * points + 1 + static_cast<std::int64_t>(marks);
}

Surface make_surface(const ParameterPlane& plane, const std::vector<NamedTensors>& marked, int points,
                     const LossAt& losses, const OnPlace& on_place) {
  if (points < 2) fail<ConfigError>("a surface: wanted 2 points or more along each direction, found {}", points);
  if (marked.size() != plane.marks.size())
    fail<ShapeError>("a surface: {} marks, weights of {}", plane.marks.size(), marked.size());
  Surface surface{.of = plane.of,
                  .kind = plane.kind,
                  .sentence = plane.sentence,
                  .points = points,
                  .x = plane.x,
                  .y = plane.y,
                  .cosine = plane.cosine,
                  .explained = plane.explained,
                  .marks = plane.marks};
  const std::int64_t all = places_of(points, marked.size());
  std::int64_t done = 0;
  const auto asked = [&](const NamedTensors& weights) {
    const SurfaceLosses found = losses_in(losses(weights));
    if (on_place && !on_place(++done, all)) fail<UserError>("stopped; nothing was written");
    return found;
  };
  surface.at_origin = asked(plane.origin);
  for (const NamedTensors& moved : marked) {
    NamedTensors weights = plane.origin;
    for (const auto& [name, tensor] : moved) weights[name] = tensor;
    surface.at_marks.push_back(asked(weights));
  }
  for (int r = 0; r < points; ++r) {
    for (int c = 0; c < points; ++c) {
      const SurfaceLosses found = asked(weights_at(plane, surface.x_at(c), surface.y_at(r)));
      surface.generator.push_back(found.generator);
      surface.discriminator.push_back(found.discriminator);
    }
  }
  return surface;
}

std::string to_json(const Surface& s) {
  SurfaceJson marks = SurfaceJson::array();
  for (std::size_t i = 0; i < s.marks.size(); ++i) {
    const PlaneMark& mark = s.marks[i];
    marks.push_back({{"epoch", mark.epoch},
                     {"x", mark.x},
                     {"y", mark.y},
                     {"away", mark.away},
                     {"generator_loss", number_or_null(s.at_marks[i].generator)},
                     {"discriminator_loss", number_or_null(s.at_marks[i].discriminator)}});
  }
  return json_text(SurfaceJson{{"schema", kSurfaceSchema},
                               {"name", s.name},
                               {"run", s.run},
                               {"of", name_of(s.of)},
                               {"kind", name_of(s.kind)},
                               {"epoch", s.epoch},
                               {"step", s.step},
                               {"directions", s.sentence},
                               {"seed", s.seed},
                               {"cosine", s.cosine},
                               {"explained", s.explained},
                               {"data", s.data},
                               {"loss", s.loss},
                               {"batch", s.batch},
                               {"statistics", kSurfaceStatistics},
                               {"points", s.points},
                               {"x", {{"low", s.x.low}, {"high", s.x.high}}},
                               {"y", {{"low", s.y.low}, {"high", s.y.high}}},
                               {"origin",
                                {{"generator_loss", number_or_null(s.at_origin.generator)},
                                 {"discriminator_loss", number_or_null(s.at_origin.discriminator)}}},
                               {"marks", std::move(marks)},
                               {"generator_loss", rows_json(s.generator, s.points)},
                               {"discriminator_loss", rows_json(s.discriminator, s.points)}}) +
         "\n";
}

std::filesystem::path write_surface(const std::filesystem::path& folder, const Surface& surface) {
  make_own_folder(folder);
  const std::filesystem::path file = folder / (surface.name + ".json");
  picture::write_png(folder / (surface.name + ".png"), draw_surface(surface),
                     {{"Software", "Ganymede"}, {"Description", surface.sentence}});
  std::vector<double> both = surface.generator;
  both.insert(both.end(), surface.discriminator.begin(), surface.discriminator.end());
  write_npy(folder / (surface.name + ".npy"), Tensor::of<double>({2, surface.points, surface.points}, both));
  write_file_atomically(file, to_json(surface));
  return file;
}

}  // namespace ganymede::explore
