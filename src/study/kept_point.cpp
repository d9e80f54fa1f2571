#include "study/kept_point.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"

namespace ganymede::study {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kSchema = "ganymede.study_point/2";

std::optional<ScoredPoint> read_point(const std::filesystem::path& file, const std::string& protocol) {
  if (!std::filesystem::exists(file)) return {};
  const Json json = read_json<Json>(file, kLargestSmallJson);
  if (!json.is_object() || !json.contains("schema") || json["schema"] != kSchema || !json.contains("protocol") ||
      json["protocol"] != protocol)
    return {};
  try {
    ScoredPoint point{.epoch = json.at("epoch"), .scores = {}};
    for (const Json& score : json.at("scores")) point.scores.push_back(measure::score_from_json(score, file.string()));
    json.at("notes").get_to(point.notes);
    return point;
  } catch (const nlohmann::json::exception& error) {
    fail<DataError>("{}: damaged: {}; remove it, and it is made anew", file.string(), error.what());
  }
}

void write_point(const std::filesystem::path& file, const ScoredPoint& point, const std::string& protocol) {
  Json json = {{"schema", kSchema},
               {"protocol", protocol},
               {"epoch", point.epoch},
               {"scores", Json::array()},
               {"notes", point.notes}};
  for (const measure::Score& score : point.scores) json["scores"].push_back(measure::to_json(score));
  make_own_folder(file.parent_path());
  write_file_atomically(file, json_text(json, 1) + "\n");
}

}  // namespace

std::optional<double> ScoredPoint::value(const std::string& prefix) const {
  for (const measure::Score& score : scores) {
    if (score.name.starts_with(prefix)) return score.value;
  }
  return {};
}

ScoredPoint kept_or_measured(const std::filesystem::path& file, const std::string& protocol, std::int64_t epoch,
                             const std::function<evaluate::RunScores()>& measure) {
  if (auto kept = read_point(file, protocol)) return std::move(*kept);
  evaluate::RunScores found = measure();
  ScoredPoint point{epoch, std::move(found.scores), std::move(found.notes)};
  write_point(file, point, protocol);
  return point;
}

}  // namespace ganymede::study
