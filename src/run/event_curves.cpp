#include "run/event_curves.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/json.hpp"

namespace ganymede::run {
namespace {

constexpr std::array<std::string_view, 3> kPlaces{"step", "epoch", "images"};
constexpr std::array<std::string_view, 7> kOfTheRun{"start", "checkpoint", "warning", "recovered",
                                                    "end",   "pause",      "stop"};

template <std::size_t N>
bool holds(const std::array<std::string_view, N>& list, std::string_view name) {
  return std::ranges::find(list, name) != list.end();
}

/// What Event::set wrote of it.
std::optional<double> number_of(const nlohmann::json& value) {
  if (value.is_number()) return value.get<double>();
  if (!value.is_string()) return {};
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  const std::string text = value;
  if (text == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (text == "inf") return kInfinite;
  if (text == "-inf") return -kInfinite;
  return {};
}

std::size_t column_of(CurveTable& table, std::string_view name) {
  const auto found = std::ranges::find(table.columns, name);
  if (found == table.columns.end()) table.columns.emplace_back(name);
  return static_cast<std::size_t>(std::ranges::find(table.columns, name) - table.columns.begin());
}

void put(CurveTable& table, std::string_view name, double value) {
  const std::size_t column = column_of(table, name);
  auto& row = table.rows.back();
  row.resize(std::max(row.size(), column + 1));
  row[column] = value;
}

}  // namespace

CurvePoint curve_point(const nlohmann::json& event) {
  CurvePoint point;
  if (holds(kOfTheRun, event.at("event").get<std::string>())) return point;
  for (const auto& [name, value] : event.items()) {
    if (holds(kPlaces, name) || (name.starts_with("time_") && name != "time_images_per_second")) continue;
    if (const auto number = number_of(value)) point.emplace_back(name, *number);
  }
  return point;
}

std::map<std::string, CurveTable> curve_tables(const std::vector<nlohmann::json>& events) {
  std::map<std::string, CurveTable> tables;
  for (const nlohmann::json& event : events) {
    const CurvePoint point = curve_point(event);
    if (point.empty()) continue;
    CurveTable& table = tables[event.at("event")];
    if (table.columns.empty()) table.columns.assign(kPlaces.begin(), kPlaces.end());
    table.rows.emplace_back();
    for (const std::string_view place : kPlaces) {
      const auto found = event.find(place);
      if (found != event.end() && found->is_number()) put(table, place, found->get<double>());
    }
    if (table.rows.back().empty() || !table.rows.back()[0])
      fail<DataError>("an event without its step: {}", json_text(event));
    for (const auto& [name, value] : point) put(table, name, value);
  }
  return tables;
}

std::string to_csv(const CurveTable& table) {
  std::string text = fmt::format("{}\n", fmt::join(table.columns, ","));
  for (const auto& row : table.rows) {
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      if (c > 0) text += ',';
      if (c < row.size() && row[c]) text += fmt::format("{}", *row[c]);
    }
    text += '\n';
  }
  return text;
}

}  // namespace ganymede::run
