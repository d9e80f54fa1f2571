#include "study/directions/directions_point.hpp"

#include <limits>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "study/directions/directions_report.hpp"

namespace ganymede::study {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kPointSchema = "ganymede.study_directions_point/1";

double or_nan(const Json& json) {
  return json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}

// The numbers of a run by name, for writing and reading alike.
template <class Run>
auto numbers_of(Run& run) {
  return std::vector<std::pair<const char*, decltype(&run.cosine)>>{
      {"cosine", &run.cosine},
      {"off_diagonal", &run.off_diagonal},
      {"measured_off_diagonal", &run.measured_off_diagonal},
      {"covariance_told", &run.covariance_told},
      {"side_effects_told", &run.side_effects_told},
      {"leak_normal", &run.leak_normal},
      {"leak_conditional", &run.leak_conditional},
      {"leak_orthogonal", &run.leak_orthogonal},
      {"pairs_other_before", &run.pairs.other_before},
      {"pairs_other_after", &run.pairs.other_after},
      {"pairs_own_before", &run.pairs.own_before},
      {"pairs_own_after", &run.pairs.own_after}};
}

template <class Attribute>
auto numbers_of_attribute(Attribute& one) {
  return std::vector<std::pair<const char*, decltype(&one.left)>>{{"through_origin", &one.separated.balanced},
                                                                  {"with_offset", &one.separated.with_offset},
                                                                  {"commonest", &one.separated.commonest},
                                                                  {"offset", &one.separated.offset},
                                                                  {"explained", &one.explained},
                                                                  {"left", &one.left},
                                                                  {"moved", &one.moved},
                                                                  {"moved_conditional", &one.moved_conditional},
                                                                  {"moved_orthogonal", &one.moved_orthogonal}};
}

}  // namespace

Json to_json(const DirectionsRun& run) {
  Json json = {{"run", run.run}, {"failed", run.failed}, {"seconds", run.seconds}, {"attributes", Json::array()}};
  for (const AttributeFound& one : run.attributes) {
    Json attribute = {{"name", one.name}, {"told", one.told}};
    for (const auto& [name, number] : numbers_of_attribute(one)) attribute[name] = number_or_null(*number);
    json["attributes"].push_back(std::move(attribute));
  }
  json["verdict"] = run.verdict;
  json["sentence"] = run.sentence;
  json["largest"] = {run.first, run.second};
  json["rises"] = run.rises;
  json["pairs"] = run.pairs.count;
  for (const auto& [name, number] : numbers_of(run)) json[name] = number_or_null(*number);
  return json;
}

std::string directions_point_json(const DirectionsRun& run, const std::string& protocol) {
  Json json = {{"schema", kPointSchema}, {"protocol", protocol}};
  json.update(to_json(run));
  return json_text(json, 1) + "\n";
}

std::optional<DirectionsRun> read_directions_point(const std::filesystem::path& file, const std::string& protocol) {
  if (!std::filesystem::exists(file)) return {};
  const Json json = read_json<Json>(file, kLargestSmallJson);
  if (!json.is_object() || json.value("schema", "") != kPointSchema || json.value("protocol", "") != protocol)
    return {};
  try {
    DirectionsRun run{.run = json.at("run"), .failed = json.at("failed"), .seconds = json.at("seconds")};
    for (const Json& attribute : json.at("attributes")) {
      AttributeFound& one = run.attributes.emplace_back();
      one.name = attribute.at("name");
      one.told = attribute.at("told");
      for (const auto& [name, number] : numbers_of_attribute(one)) *number = or_nan(attribute.at(name));
    }
    run.verdict = json.at("verdict");
    run.sentence = json.at("sentence");
    run.first = json.at("largest").at(0);
    run.second = json.at("largest").at(1);
    run.rises = json.at("rises");
    run.pairs.count = json.at("pairs");
    for (const auto& [name, number] : numbers_of(run)) *number = or_nan(json.at(name));
    return run;
  } catch (const nlohmann::json::exception& error) {
    fail<DataError>("{}: damaged: {}; remove it, and it is made anew", file.string(), error.what());
  }
}

}  // namespace ganymede::study
