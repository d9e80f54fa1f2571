#include "explore/attributes/direction_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace ganymede::explore {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::vector<double> vector_from(const Json& json, std::size_t dim) {
  auto vector = json.get<std::vector<double>>();
  if (vector.size() != dim) throw DataError(fmt::format("wanted vectors of {} numbers, found {}", dim, vector.size()));
  double squares = 0;
  for (const double v : vector) squares += v * v;
  if (!std::isfinite(squares) || !(squares > 0)) throw DataError("a vector has no length");
  for (double& v : vector) v /= std::sqrt(squares);
  return vector;
}

// "principal 1" is asked for as principal1, as direction_named has it, or with its space.
std::string without_spaces(std::string text) {
  std::erase(text, ' ');
  return text;
}

std::vector<fs::path> direction_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

// What `read` makes of a file's JSON; whatever it misses there is a DataError that names the file.
template <class Read>
auto read_checked(const std::string& text, const std::string& where, const Read& read) {
  try {
    const Json json = parse_json<Json>(text, where);
    if (json.at("schema") != kDirectionsSchema) throw DataError(fmt::format("wanted schema {}", kDirectionsSchema));
    return read(json);
  } catch (const nlohmann::json::exception& fault) {
    fail<DataError>("{}: no directions: {}", where, fault.what());
  } catch (const DataError& fault) {
    fail<DataError>("{}: no directions: {}", where, fault.what());
  }
}

double sign_of_slope(const Json& attribute) {
  return attribute.at("slope").get<double>() < 0 ? -1 : 1;
}

std::vector<double> vector_along(const fs::path& folder, const std::string& text, const TrainedGenerator& generator,
                                 std::string& name) {
  const auto dim = static_cast<std::size_t>(generator.latent_dim());
  std::vector<std::string> known;
  for (const fs::path& file : direction_files(folder)) {
    for (NamedDirection& one : read_directions(file)) {
      const std::string full = file.stem().string() + "/" + one.name;
      if (without_spaces(text) == without_spaces(one.name) || without_spaces(text) == without_spaces(full)) {
        if (one.vector.size() != dim) {
          fail<ConfigError>("{}: {} has {} coordinates, and this generator's z has {}: make the directions again",
                            file.string(), one.name, one.vector.size(), dim);
        }
        name = one.name;
        return std::move(one.vector);
      }
      if (one.name.find(':') == std::string::npos || one.name.starts_with("class:")) known.push_back(one.name);
    }
  }
  try {
    const Direction direction = direction_named(text, generator.network(), generator.weights());
    name = direction.name.empty() ? text : direction.name;
    return {direction.vector.begin(), direction.vector.end()};
  } catch (const ConfigError& fault) {
    if (known.empty()) fail<ConfigError>("{}; `ganymede directions RUN` makes directions of attributes", fault.what());
    fail<ConfigError>(
        "\"{}\": there is no such direction{}. There are {}; and z1 to z{}, principal1 to principal{}, or {} "
        "coordinates",
        text, did_you_mean(text, known), fmt::join(known, ", "), dim, dim, dim);
  }
}

}  // namespace

std::vector<NamedDirection> read_directions(const fs::path& file) {
  return parse_named_directions(read_file(file, kLargestSmallJson), file.string());
}

std::vector<NamedDirection> parse_named_directions(const std::string& text, const std::string& where) {
  return read_checked(text, where, [](const Json& json) {
    const auto dim = json.at("latent_dim").get<std::size_t>();
    std::vector<NamedDirection> found;
    for (const Json& one : json.at("attributes")) {
      const std::string name = one.at("name");
      const double sign = sign_of_slope(one);
      const auto add = [&](const std::string& called, const Json& vector) {
        found.push_back({called, vector_from(vector, dim)});
        for (double& v : found.back().vector) v *= sign;
      };
      add(name, one.at("normal"));
      if (!one.at("conditional").is_null()) add(name + ":conditional", one.at("conditional"));
      if (!one.at("orthogonal").is_null()) add(name + ":orthogonal", one.at("orthogonal"));
    }
    for (const char* kind : {"principal", "activation"}) {
      for (const Json& one : json.at(kind)) found.push_back({one.at("name"), vector_from(one.at("vector"), dim)});
    }
    return found;
  });
}

std::vector<AttributePlane> read_planes(const fs::path& file) {
  return read_checked(read_file(file, kLargestSmallJson), file.string(), [](const Json& json) {
    const auto dim = json.at("latent_dim").get<std::size_t>();
    std::vector<AttributePlane> planes;
    for (const Json& one : json.at("attributes")) {
      const double sign = sign_of_slope(one);
      AttributePlane& plane = planes.emplace_back(AttributePlane{.name = one.at("name"),
                                                                 .normal = vector_from(one.at("normal"), dim),
                                                                 .offset = sign * one.at("offset").get<double>()});
      for (double& v : plane.normal) v *= sign;
      if (!std::isfinite(plane.offset)) throw DataError("an offset is no number");
    }
    return planes;
  });
}

std::vector<AttributePlane> planes_named(const fs::path& folder, const std::vector<std::string>& names, int dim) {
  std::vector<AttributePlane> found;
  std::vector<std::string> known;
  for (const std::string& name : names) {
    const auto before = found.size();
    for (const fs::path& file : direction_files(folder)) {
      for (AttributePlane& plane : read_planes(file)) {
        known.push_back(plane.name);
        if (found.size() > before || (name != plane.name && name != file.stem().string() + "/" + plane.name)) continue;
        if (std::ssize(plane.normal) != dim) {
          fail<ConfigError>("{}: {} has {} coordinates, and this generator's z has {}: make the directions again",
                            file.string(), plane.name, plane.normal.size(), dim);
        }
        found.push_back(std::move(plane));
      }
    }
    if (found.size() > before) continue;
    if (known.empty()) fail<ConfigError>("\"{}\": no directions are kept; `ganymede directions RUN` makes them", name);
    fail<ConfigError>("\"{}\": there is no such attribute{}. There are {}", name, did_you_mean(name, known),
                      fmt::join(known, ", "));
  }
  return found;
}

Direction direction_along(const fs::path& folder, const std::string& text, const std::vector<std::string>& keep,
                          const TrainedGenerator& generator) {
  Direction direction;
  std::vector<double> vector = vector_along(folder, text, generator, direction.name);
  measure::Normals others;
  std::string ignored;
  for (const std::string& other : keep) others.push_back(vector_along(folder, other, generator, ignored));
  if (!others.empty()) {
    measure::ProjectedDirection alone = measure::projected(vector, others);
    if (alone.direction.empty()) {
      fail<ConfigError>("--keep {}: of {} only {:.1f} % is left beside them, which is no direction",
                        fmt::join(keep, " "), direction.name, 100 * alone.left);
    }
    vector = std::move(alone.direction);
  }
  direction.vector.assign(vector.begin(), vector.end());
  return direction;
}

}  // namespace ganymede::explore
