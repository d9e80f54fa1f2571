#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/json.hpp"
#include "study/distributed/distributed_measures.hpp"

namespace ganymede::study {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kTeamSchema = "ganymede.study_distributed_team/1";

// The numbers by name, for writing and reading alike.
template <class Scores>
auto numbers_of_model(Scores& s) {
  return std::vector<std::pair<const char*, decltype(&s.accuracy)>>{
      {"accuracy", &s.accuracy}, {"taught", &s.taught}, {"msd_ratio", &s.msd_ratio},
      {"frechet", &s.frechet},   {"learnt", &s.learnt}, {"collapsed", &s.collapsed}};
}
template <class Measures>
auto numbers_of_team(Measures& m) {
  return std::vector<std::pair<const char*, decltype(&m.cells)>>{{"steps_until", &m.steps_until},
                                                                 {"cells", &m.cells},
                                                                 {"symbols", &m.symbols},
                                                                 {"drawn", &m.drawn},
                                                                 {"walks", &m.walks},
                                                                 {"crossings", &m.crossings},
                                                                 {"likeness", &m.likeness}};
}

Json model_json(const ModelScores& scores) {
  Json json = Json::object();
  for (const auto& [name, number] : numbers_of_model(scores)) json[name] = number_or_null(*number);
  return json;
}

double number_from(const Json& json) {
  return json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}

ModelScores model_from(const Json& json) {
  ModelScores scores;
  for (const auto& [name, number] : numbers_of_model(scores)) *number = number_from(json.at(name));
  return scores;
}

}  // namespace

std::string to_json(const TeamMeasures& m, const std::string& protocol) {
  Json json = {{"schema", kTeamSchema}, {"protocol", protocol}, {"parts", Json::array()}};
  for (const ModelScores& part : m.parts) json["parts"].push_back(model_json(part));
  json["mean_of_parts"] = model_json(m.mean_of_parts);
  json["result"] = model_json(m.result);
  json["curve"] = m.curve;
  json["reached"] = m.reached;
  for (const auto& [name, number] : numbers_of_team(m)) json[name] = number_or_null(*number);
  return json_text(json, 1) + "\n";
}

std::optional<TeamMeasures> team_measures_from_json(const std::string& text, const std::string& protocol,
                                                    const std::string& where) {
  const auto json = parse_json<Json>(text, where);
  if (!json.is_object() || !json.contains("schema") || json["schema"] != kTeamSchema)
    fail<DataError>("{}: wanted {}", where, kTeamSchema);
  if (!json.contains("protocol") || json["protocol"] != protocol) return {};
  try {
    TeamMeasures m;
    for (const Json& part : json.at("parts")) m.parts.push_back(model_from(part));
    m.mean_of_parts = model_from(json.at("mean_of_parts"));
    m.result = model_from(json.at("result"));
    json.at("curve").get_to(m.curve);
    json.at("reached").get_to(m.reached);
    for (const auto& [name, number] : numbers_of_team(m)) *number = number_from(json.at(name));
    return m;
  } catch (const Json::exception& error) {
    fail<DataError>("{}: damaged: {}; remove it, and it is made anew", where, error.what());
  }
}

}  // namespace ganymede::study
