#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "base/json.hpp"
#include "explore/attributes/direction_file.hpp"
#include "explore/attributes/direction_picture.hpp"
#include "picture/png.hpp"

namespace ganymede::explore {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kStripsEnding = ".strips.png";

Json estimate_json(const Estimate& one) {
  return {{"value", number_or_null(one.value)},
          {"low", number_or_null(one.interval.low)},
          {"high", number_or_null(one.interval.high)}};
}

Json matrix_json(const std::vector<double>& matrix, std::size_t n) {
  Json rows = Json::array();
  for (std::size_t i = 0; i < n; ++i) {
    Json row = Json::array();
    for (std::size_t j = 0; j < n; ++j) row.push_back(number_or_null(matrix[i * n + j]));
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
          {"leak_normal", number_or_null(proof.leak(AlongWhat::normal))},
          {"leak_conditional", number_or_null(proof.leak(AlongWhat::alone))},
          {"leak_orthogonal", number_or_null(proof.leak(AlongWhat::orthogonal))},
          {"rows", std::move(rows)}};
}

}  // namespace

bool is_direction_file_name(const std::string& name) {
  return !name.empty() && name.size() <= 100 && !name.starts_with('.') && !name.starts_with('-') &&
         !(name + ".png").ends_with(kStripsEnding) && std::ranges::all_of(name, [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
         });
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
        {"measured_off_diagonal", number_or_null(e.measured_off_diagonal)},
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

fs::path write_directions(const fs::path& folder, const KeptDirections& kept,
                          const std::optional<picture::Image>& strips) {
  make_own_folder(folder);
  remove_stale_temporaries(folder);
  const fs::path file = folder / (kept.name + ".json");
  const auto picture = [&](const char* ending, const std::optional<picture::Image>& image) {
    const fs::path path = folder / (kept.name + ending);
    std::error_code ignored;
    if (!image) {
      fs::remove(path, ignored);  // of other directions of that name
      return;
    }
    picture::write_png(path, *image, {{"Software", "Ganymede"}, {"Description", kept.found.entanglement.sentence}});
  };
  picture(".png", kept.found.attributes.empty() ? std::nullopt : std::optional(draw_directions(kept)));
  picture(kStripsEnding, strips);
  write_file_atomically(file, to_json(kept));
  return file;
}

}  // namespace ganymede::explore
