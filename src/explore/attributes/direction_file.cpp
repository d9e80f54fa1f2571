#include "explore/attributes/direction_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "explore/attributes/direction_picture.hpp"
#include "picture/png.hpp"

namespace ganymede::explore {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

Json number_json(double value) {
  return std::isfinite(value) ? Json(value) : Json();
}

Json estimate_json(const Estimate& one) {
  return {{"value", number_json(one.value)},
          {"low", number_json(one.interval.low)},
          {"high", number_json(one.interval.high)}};
}

Json matrix_json(const std::vector<double>& matrix, std::size_t n) {
  Json rows = Json::array();
  for (std::size_t i = 0; i < n; ++i) {
    Json row = Json::array();
    for (std::size_t j = 0; j < n; ++j) row.push_back(number_json(matrix[i * n + j]));
    rows.push_back(std::move(row));
  }
  return rows;
}

Json attribute_json(const AttributeDirection& one) {
  Json json = {{"name", one.name},           {"sentence", one.sentence}, {"kind", one.binary ? "binary" : "continuous"},
               {"normal", one.normal},       {"offset", one.offset},     {"slope", one.slope},
               {"intercept", one.intercept}, {"mean", one.mean},         {"deviation", one.deviation}};
  if (one.accuracy) {
    json["accuracy"] = estimate_json(*one.accuracy);
    json["commonest"] = one.commonest;
  }
  json["explained"] = estimate_json(one.explained);
  json["told"] = one.told;
  json["left"] = one.told ? Json(one.alone.left) : Json();
  json["conditional"] = one.alone.direction.empty() ? Json() : Json(one.alone.direction);
  json["orthogonal"] = one.orthogonal.empty() ? Json() : Json(one.orthogonal);
  return json;
}

Json unsupervised_json(const std::vector<Direction>& directions, const std::vector<double>& shares) {
  Json list = Json::array();
  for (std::size_t k = 0; k < directions.size(); ++k) {
    Json one = {{"name", directions[k].name}, {"strength", directions[k].strength}};
    if (k < shares.size()) one["share"] = shares[k];
    one["vector"] = directions[k].vector;
    list.push_back(std::move(one));
  }
  return list;
}

Json proof_json(const Proof& proof) {
  Json rows = Json::array();
  for (const ProofRow& row : proof.rows) {
    Json changes = Json::object();
    for (std::size_t s = 0; s < proof.measured.size(); ++s) changes[proof.measured[s]] = estimate_json(row.changes[s]);
    rows.push_back({{"target", row.target}, {"along", name_of(row.what)}, {"changes", std::move(changes)}});
  }
  return {{"step", proof.step},
          {"samples", proof.count},
          {"leak_normal", number_json(proof.leak(AlongWhat::normal))},
          {"leak_conditional", number_json(proof.leak(AlongWhat::alone))},
          {"leak_orthogonal", number_json(proof.leak(AlongWhat::orthogonal))},
          {"rows", std::move(rows)}};
}

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

std::vector<double> vector_along(const fs::path& folder, const std::string& text, const TrainedGenerator& generator,
                                 std::string& name) {
  const auto dim = static_cast<std::size_t>(generator.latent_dim());
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  std::vector<std::string> known;
  for (const fs::path& file : files) {
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

bool is_direction_file_name(const std::string& name) {
  return !name.empty() && name.size() <= 100 && !name.starts_with('.') && !name.starts_with('-') &&
         std::ranges::all_of(name,
                             [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.'; });
}

std::string to_json(const KeptDirections& kept) {
  const AttributeDirections& found = kept.found;
  const Entanglement& e = found.entanglement;
  const std::size_t n = found.attributes.size();
  Json attributes = Json::array(), left_out = Json::array();
  for (const AttributeDirection& one : found.attributes) attributes.push_back(attribute_json(one));
  for (const LeftOut& one : found.left_out) left_out.push_back({{"name", one.name}, {"why", one.why}});
  Json json = {{"schema", kDirectionsSchema},
               {"name", kept.name},
               {"run", kept.run},
               {"epoch", kept.epoch},
               {"step", kept.step},
               {"class", kept.only ? Json(*kept.only) : Json()},
               {"class_name", kept.only_name},
               {"samples", kept.samples},
               {"count", found.count},
               {"held_out", found.held_out},
               {"classifier", kept.classifier},
               {"latent_dim", kept.dim},
               {"z_variance", found.variance},
               {"attributes", std::move(attributes)},
               {"left_out", std::move(left_out)}};
  if (n > 0) {
    json["entanglement"] = {
        {"verdict", name_of(e.verdict)},
        {"sentence", e.sentence},
        {"off_diagonal", estimate_json(e.off_diagonal)},
        {"measured_off_diagonal", number_json(e.measured_off_diagonal)},
        {"largest", {{"first", e.first}, {"second", e.second}, {"cosine", estimate_json(e.cosine)}}},
        {"most", e.most},
        {"cosines", matrix_json(e.cosines, n)},
        {"sigma_model", matrix_json(e.model, n)},
        {"sigma_measured", matrix_json(e.measured, n)}};
  }
  json["proof"] = proof_json(kept.proof);
  json["principal"] = unsupervised_json(kept.by_weights, {});
  json["activation_layer"] = kept.by_activations.layer;
  json["activation"] = unsupervised_json(kept.by_activations.directions, kept.by_activations.shares);
  return json_text(json, 1) + "\n";
}

fs::path write_directions(const fs::path& folder, const KeptDirections& kept) {
  make_own_folder(folder);
  const fs::path file = folder / (kept.name + ".json");
  if (!kept.found.attributes.empty()) {
    picture::write_png(folder / (kept.name + ".png"), draw_directions(kept),
                       {{"Software", "Ganymede"}, {"Description", kept.found.entanglement.sentence}});
  }
  write_file_atomically(file, to_json(kept));
  return file;
}

std::vector<NamedDirection> read_directions(const fs::path& file) {
  return parse_named_directions(read_file(file, kLargestSmallJson), file.string());
}

std::vector<NamedDirection> parse_named_directions(const std::string& text, const std::string& where) {
  try {
    const Json json = parse_json<Json>(text, where);
    if (json.at("schema") != kDirectionsSchema) throw DataError(fmt::format("wanted schema {}", kDirectionsSchema));
    const auto dim = json.at("latent_dim").get<std::size_t>();
    std::vector<NamedDirection> found;
    for (const Json& one : json.at("attributes")) {
      const std::string name = one.at("name");
      const double sign = one.at("slope").get<double>() < 0 ? -1 : 1;
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
  } catch (const nlohmann::json::exception& fault) {
    fail<DataError>("{}: no directions: {}", where, fault.what());
  } catch (const DataError& fault) {
    fail<DataError>("{}: no directions: {}", where, fault.what());
  }
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
