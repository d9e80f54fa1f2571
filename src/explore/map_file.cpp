#include "explore/map_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/checksum.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "picture/png.hpp"
#include "tensor/npy.hpp"

namespace ganymede::explore {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

template <class T>
std::optional<T> optional_of(const Json& json) {
  return json.is_null() ? std::optional<T>() : std::optional<T>(json.get<T>());
}

Shape shape_of(const ClassMap& map) {
  Shape shape{static_cast<std::int64_t>(map.parts.size())};
  shape.insert(shape.end(), static_cast<std::size_t>(map.dims()), map.side);
  return shape;
}

Json subject_json(const MapSubject& subject) {
  Json json = Json::object();
  if (subject.plane) {
    const Plane& p = *subject.plane;
    json["plane"] = {{"origin", p.origin}, {"u", p.u}, {"v", p.v}, {"u_name", p.u_name}, {"v_name", p.v_name}};
  }
  if (!subject.ablated.empty()) json["ablated"] = subject.ablated;
  return json;
}

MapSubject subject_from(const Json& json) {
  MapSubject subject;
  if (json.contains("plane")) {
    const Json& p = json.at("plane");
    subject.plane = {
        .origin = p.at("origin"), .u = p.at("u"), .v = p.at("v"), .u_name = p.at("u_name"), .v_name = p.at("v_name")};
  }
  if (json.contains("ablated")) subject.ablated = json.at("ablated");
  return subject;
}

std::string hash_of(const Json& json) {
  return hex(crc32(json_text(json)));
}

KeptMap header_of(const Json& json) {
  KeptMap kept;
  if (json.at("schema") != kMapSchema) throw DataError(fmt::format("wanted schema {}", kMapSchema));
  kept.epoch = json.at("epoch");
  kept.classifier = json.at("classifier");
  kept.since = optional_of<std::uint64_t>(json.at("since_epoch"));
  kept.changed = optional_of<double>(json.at("changed_share"));
  ClassMap& map = kept.map;
  map.latent_dim = json.at("latent_dim");
  map.kind = json.at("axis_kind") == "quantile" ? MapAxis::quantile : MapAxis::linear;
  map.axis = json.at("axis").get<std::vector<float>>();
  map.side = static_cast<int>(map.axis.size());
  kept.subject = subject_from(json);
  map.mass = kept.subject.plane ? 0 : json.at("covered_mass").get<double>();
  map.class_names = json.at("class_names").get<std::vector<std::string>>();
  for (const Json& part : json.at("parts"))
    map.parts.push_back({optional_of<std::int32_t>(part.at("wanted")), optional_of<double>(part.at("fourth")), {}});
  if (map.latent_dim < 2 || map.latent_dim > 4 || map.parts.empty()) throw DataError("no map of 2 to 4 dimensions");
  return kept;
}

void take_labels(ClassMap& map, const Tensor& labels) {
  if (labels.dtype() != DType::i32 || labels.shape() != shape_of(map)) {
    throw DataError(fmt::format("wanted labels i32 {}, found {} {}", to_string(shape_of(map)), name_of(labels.dtype()),
                                to_string(labels.shape())));
  }
  const auto values = labels.values<std::int32_t>();
  const auto classes = static_cast<std::int32_t>(map.class_names.size());
  if (std::any_of(values.begin(), values.end(), [&](std::int32_t k) { return k < 0 || k >= classes; }))
    throw DataError(fmt::format("a label is outside 0 to {}", classes - 1));
  const std::size_t each = values.size() / map.parts.size();
  for (std::size_t p = 0; p < map.parts.size(); ++p) {
    const auto part = values.subspan(p * each, each);
    map.parts[p].labels.assign(part.begin(), part.end());
  }
}

fs::path beside(fs::path json, const char* ending) {
  return json.replace_extension(ending);
}

}  // namespace

Tensor labels_of(const ClassMap& map) {
  std::vector<std::int32_t> labels;
  labels.reserve(static_cast<std::size_t>(map.points()));
  for (const MapPart& part : map.parts) labels.insert(labels.end(), part.labels.begin(), part.labels.end());
  return Tensor::of<std::int32_t>(shape_of(map), labels);
}

KeptMap kept_map(ClassMap map, std::uint64_t epoch, const fit::ClassifierRecord& classifier,
                 const MapSubject& subject) {
  if (subject.plane) map.mass = 0;
  return {.map = std::move(map),
          .subject = subject,
          .epoch = epoch,
          .grid = {},
          .classifier = fmt::format("{}-{}", classifier.protocol, classifier.data_hash),
          .since = {},
          .changed = {}};
}

std::string title_of(const std::string& run, const KeptMap& kept) {
  std::string title = fmt::format("{}, epoch {}", run, kept.epoch);
  if (kept.subject.plane) {
    const std::vector<float>& z = kept.subject.plane->origin;
    title += z.size() > 4 ? ", a plane" : fmt::format(", the plane through {:.3g}", fmt::join(z, ", "));
  }
  const std::vector<std::string>& ablated = kept.subject.ablated;
  if (ablated.size() > 3) {
    title += fmt::format(", {} ablations", ablated.size());
  } else if (!ablated.empty()) {
    title += fmt::format(" without {}", fmt::join(ablated, " and "));
  }
  if (const auto share = wanted_share(kept.map))
    title += fmt::format(": {:.1f} % of the pictures are what was asked for", 100 * *share);
  return title;
}

std::string grid_name(const ClassMap& map, int ordinary_side) {
  std::vector<std::int32_t> wanted;
  std::vector<double> fourth;
  for (const MapPart& part : map.parts) {
    if (part.wanted && std::ranges::find(wanted, *part.wanted) == wanted.end()) wanted.push_back(*part.wanted);
    if (part.fourth && std::ranges::find(fourth, *part.fourth) == fourth.end()) fourth.push_back(*part.fourth);
  }
  if (ordinary_side <= 0) ordinary_side = default_side(map.dims(), !wanted.empty());
  std::string name;
  if (map.kind == MapAxis::quantile) {
    name += "-quantiles";
  } else if (map.axis.back() != 1) {
    name += fmt::format("-range{:g}", map.axis.back());
  }
  if (map.side != ordinary_side) name += fmt::format("-{}", map.side);
  if (!wanted.empty() && wanted.size() != map.class_names.size())
    name += fmt::format("-class{}", fmt::join(wanted, "+"));
  if (!fourth.empty() && fourth != MapOptions().fourth) name += fmt::format("-fourth{:g}", fmt::join(fourth, "+"));
  return name;
}

std::string subject_name(const MapSubject& subject) {
  std::string name;
  const Json json = subject_json(subject);
  if (subject.plane) name += "-through-" + hash_of(json.at("plane"));
  if (!subject.ablated.empty()) name += "-without-" + hash_of(json.at("ablated"));
  return name;
}

fs::path map_path(const fs::path& folder, std::uint64_t epoch, const std::string& grid) {
  return folder / fmt::format("epoch-{:05}{}.json", epoch, grid);
}

std::string to_json(const KeptMap& kept) {
  const ClassMap& map = kept.map;
  Json parts = Json::array();
  const auto classes = static_cast<int>(map.class_names.size());
  for (const MapPart& part : map.parts) {
    const std::vector<double> shares = area_shares(part.labels, classes);
    Json entry = {{"wanted", or_null(part.wanted)}, {"fourth", or_null(part.fourth)}, {"shares", shares}};
    entry["wanted_share"] = part.wanted ? Json(shares.at(static_cast<std::size_t>(*part.wanted))) : Json();
    parts.push_back(entry);
  }
  Json json = {{"schema", kMapSchema},
               {"epoch", kept.epoch},
               {"classifier", kept.classifier},
               {"latent_dim", map.latent_dim},
               {"axis_kind", map.kind == MapAxis::linear ? "linear" : "quantile"},
               {"axis", map.axis},
               {"covered_mass", kept.subject.plane ? Json() : Json(map.mass)},
               {"class_names", map.class_names},
               {"points", map.points()},
               {"shares", area_shares(map)},
               {"wanted_share", or_null(wanted_share(map))},
               {"since_epoch", or_null(kept.since)},
               {"changed_share", or_null(kept.changed)},
               {"parts", parts}};
  json.update(subject_json(kept.subject));
  return json_text(json, 1) + "\n";
}

KeptMap read_map(const fs::path& path) {
  return map_from(read_file(path, kLargestSmallJson), read_npy(beside(path, ".npy")), path.string());
}

KeptMap map_from(const std::string& json, const Tensor& labels, const std::string& where) {
  try {
    KeptMap kept = header_of(parse_json<Json>(json, where));
    take_labels(kept.map, labels);
    return kept;
  } catch (const nlohmann::json::exception& fault) {
    fail<DataError>("{}: no map: {}", where, fault.what());
  } catch (const DataError& fault) {
    fail<DataError>("{}: no map: {}", where, fault.what());
  }
}

bool compare_with(const KeptMap& last, KeptMap& kept) {
  if (last.epoch >= kept.epoch || last.classifier != kept.classifier || last.subject != kept.subject ||
      !same_grid(last.map, kept.map))
    return false;
  kept.since = last.epoch;
  kept.changed = changed_share(last.map, kept.map);
  return true;
}

void compare_with_last(const fs::path& folder, KeptMap& kept) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("epoch-") && name.ends_with(".json")) files.push_back(entry.path());
  }
  std::sort(files.rbegin(), files.rend());
  kept.since.reset();
  kept.changed.reset();
  for (const fs::path& file : files) {
    if (file >= map_path(folder, kept.epoch)) continue;
    try {
      if (compare_with(read_map(file), kept)) return;
    } catch (const DataError&) {  // not a map: an older one may be
    }
  }
}

AxisNames axis_names(const MapSubject& subject) {
  if (!subject.plane) return {};
  return {.right = subject.plane->u_name, .up = subject.plane->v_name};
}

fs::path write_map(const fs::path& folder, const KeptMap& kept, const std::string& title) {
  make_own_folder(folder);
  const fs::path json = map_path(folder, kept.epoch, kept.grid);
  const fs::path picture = beside(json, ".png");
  write_npy(beside(json, ".npy"), labels_of(kept.map));
  picture::write_png(picture, draw_class_map(kept.map, title, {}, axis_names(kept.subject)),
                     {{"Software", "Ganymede"}, {"Description", fmt::format("class map, epoch {}", kept.epoch)}});
  write_file_atomically(json, to_json(kept));
  return picture;
}

}  // namespace ganymede::explore
