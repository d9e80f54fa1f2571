#include "run/warnings.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/json.hpp"
#include "run/events.hpp"

namespace ganymede::run {

std::vector<std::string> open_warnings(const std::filesystem::path& events) {
  std::vector<std::string> open;
  for (const std::string& line : read_event_lines(events)) {
    // Most lines are not worth parsing.
    if (line.find("\"warning\"") == std::string::npos && line.find("\"recovered\"") == std::string::npos) continue;
    nlohmann::json event;
    try {
      event = parse_json(line, events.string());
    } catch (const DataError&) {
      continue;  // damage is named where events are judged
    }
    if (!event.is_object() || !event.contains("reason") || !event["reason"].is_string()) continue;
    const auto reason = event["reason"].get<std::string>();
    const auto kind = event.value("event", nlohmann::json());
    if (kind == "recovered") std::erase(open, reason);
    if (kind == "warning" && std::ranges::find(open, reason) == open.end()) open.push_back(reason);
  }
  return open;
}

}  // namespace ganymede::run
