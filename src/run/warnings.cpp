#include "run/warnings.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/json.hpp"
#include "run/events.hpp"

namespace ganymede::run {
namespace {

std::string text_in(const nlohmann::json& event, const char* field) {
  const auto found = event.find(field);
  return found != event.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

void take_event(std::vector<Warning>& warnings, const nlohmann::json& event) {
  if (!event.is_object()) return;
  const std::string kind = text_in(event, "event"), reason = text_in(event, "reason");
  if (kind == "warning") warnings.push_back({.reason = reason, .event = json_text(event), .until_epoch = {}});
  if (kind != "recovered") return;
  const auto epoch = event.find("epoch");
  for (Warning& warning : warnings) {
    if (warning.reason == reason && !warning.until_epoch)
      warning.until_epoch = epoch != event.end() && epoch->is_number() ? epoch->get<std::int64_t>() : 0;
  }
}

std::vector<Warning> warnings_in(const std::vector<nlohmann::json>& events) {
  std::vector<Warning> warnings;
  for (const nlohmann::json& event : events) take_event(warnings, event);
  return warnings;
}

nlohmann::json json_of(const Warning& warning) {
  auto event = nlohmann::json::parse(warning.event);
  if (warning.until_epoch) event["until_epoch"] = *warning.until_epoch;
  return event;
}

std::vector<std::string> open_warnings(const std::filesystem::path& events) {
  std::vector<Warning> warnings;
  for (const std::string& line : read_event_lines(events)) {
    // Most lines are not worth parsing.
    if (line.find("\"warning\"") == std::string::npos && line.find("\"recovered\"") == std::string::npos) continue;
    try {
      take_event(warnings, parse_json(line, events.string()));
    } catch (const DataError&) {
      // damage is named where events are judged
    }
  }
  std::vector<std::string> open;
  for (const Warning& warning : warnings) {
    const bool known = std::ranges::find(open, warning.reason) != open.end();
    if (!warning.until_epoch && !warning.reason.empty() && !known) open.push_back(warning.reason);
  }
  return open;
}

}  // namespace ganymede::run
