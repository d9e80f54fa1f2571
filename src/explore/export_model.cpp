#include "explore/export_model.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "explore/portable_network.hpp"
#include "picture/image.hpp"
#include "train/point_painter.hpp"

namespace ganymede::explore {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t kSeeds = 16, kChecked = 8;
constexpr int kCubesSide = 16;  // of several

Json z_of_samples(const train::NamedSamples& samples) {
  const auto dim = static_cast<std::ptrdiff_t>(samples.z.size()) / samples.count;
  Json rows = Json::array();
  for (auto row = samples.z.begin(); row != samples.z.end(); row += dim)
    rows.push_back(std::vector<float>(row, row + dim));
  return rows;
}

// Pictures [N, C, H, W] as u8 [N, H, W, C]; moves as the bytes of their floats.
std::string picture_bytes(const Tensor& pictures, bool ink) {
  const auto values = pictures.values<float>();
  if (ink) {
    std::string bytes;
    for (const float value : values) {
      const auto bits = std::bit_cast<std::uint32_t>(value);
      for (unsigned i = 0; i < 4; ++i) bytes += static_cast<char>(bits >> (8 * i) & 0xFFU);
    }
    return bytes;
  }
  const Shape& s = pictures.shape();
  const auto channels = static_cast<std::size_t>(s[1]), pixels = static_cast<std::size_t>(s[2] * s[3]);
  std::string bytes(values.size(), '\0');
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t n = i / (channels * pixels), c = i / pixels % channels, p = i % pixels;
    bytes[(n * pixels + p) * channels + c] = static_cast<char>(picture::level_of(values[i]));
  }
  return bytes;
}

Json map_json(const ClassMap& map) {
  std::string labels;
  Json parts = Json::array();
  for (const MapPart& part : map.parts) {
    parts.push_back({{"wanted", part.wanted ? Json(*part.wanted) : Json()},
                     {"fourth", part.fourth ? Json(*part.fourth) : Json()},
                     {"shares", area_shares(part.labels, static_cast<int>(map.class_names.size()))}});
    for (const std::int32_t k : part.labels) labels += static_cast<char>(k);
  }
  return {{"dims", map.dims()},
          {"side", map.side},
          {"axis", map.axis},
          {"mass", map.mass},
          {"class_names", map.class_names},
          {"parts", parts},
          {"labels", base64(labels)}};
}

}  // namespace

std::optional<ClassMap> map_for_page(TrainedGenerator& generator, fit::Classifier& classifier,
                                     const OnMapPiece& on_piece) {
  const int dim = generator.latent_dim();
  if (dim < 2 || dim > 4 || !generator.codes().empty()) return {};
  MapOptions options;
  if (dim == 4 || (dim == 3 && generator.classes() > 0)) options.side = kCubesSide;
  return generator.map(classifier, options, on_piece);
}

std::string export_model(TrainedGenerator& generator, const run::Snapshot& snapshot, const ExportOptions& options) {
  constexpr std::size_t kMostClasses = 256;  // that a byte of the map tells apart
  const net::Network& network = generator.network();
  const Shape shape = net::infer_shapes(network)[static_cast<std::size_t>(network.index_of(network.outputs.front()))];
  const bool ink = train::is_ink(shape);
  if (train::is_points(shape)) fail<ConfigError>("export: a page shows pictures or ink, this run's samples are points");
  if (!ink && (shape.size() != 3 || (shape[0] != 1 && shape[0] != 3)))
    fail<ConfigError>("export: wanted pictures of one or three channels, found {}", to_string(shape));
  if (options.map && options.map->class_names.size() > kMostClasses) {
    fail<ConfigError>("export: wanted a map of at most {} classes, found {}", kMostClasses,
                      options.map->class_names.size());
  }
  const PortableNetwork portable = portable_network(network, run::generator_weights(snapshot));
  const train::NamedSamples seeds = generator.samples(0, kSeeds), checked = generator.samples(kSeeds, kChecked);
  const run::Recipe& recipe = generator.about().recipe;
  const Json model = {
      {"schema", kExportSchema},
      {"version", options.version},
      {"run", options.run},
      {"epoch", snapshot.epoch},
      {"step", snapshot.step},
      {"description", recipe.description},
      {"latent", {{"dim", generator.latent_dim()}, {"prior", recipe.latent.prior}, {"codes", generator.codes()}}},
      {"classes", generator.classes()},
      {"class_names", generator.classes() > 0 ? generator.class_names() : std::vector<std::string>()},
      {"kind", ink ? "ink" : "image"},
      {"shape", shape},
      {"output", portable.output},
      {"nodes", parse_json<Json>(portable.nodes, "export")},
      {"seeds", z_of_samples(seeds)},
      {"seed_classes", seeds.classes},
      {"map", options.map ? map_json(*options.map) : Json()},
      {"notes", {{"map", options.map_note}}},
      {"check",
       {{"z", z_of_samples(checked)},
        {"classes", checked.classes},
        {"pictures", base64(picture_bytes(generator.draw(checked), ink))}}},
      {"weights", base64(portable.halves)},
      {"weights32", base64(portable.floats)}};
  return json_text(model);
}

}  // namespace ganymede::explore
