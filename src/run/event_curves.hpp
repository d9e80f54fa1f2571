#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ganymede::run {

/// The numbers of an event that are points of curves, by the names that they have there: all but where it stands
/// ("step", "epoch", "images") and times (images a second stay). NaN and infinity are such numbers, texts and truths
/// are none. Empty for kinds that tell of the run rather than of its course: start, checkpoint, warning, recovered,
/// end, pause, stop.
using CurvePoint = std::vector<std::pair<std::string, double>>;
CurvePoint curve_point(const nlohmann::json& event);

/// All events of one kind as a table: "step", "epoch", "images", then their numbers by name, those that only a later
/// event has behind them.
struct CurveTable {
  std::vector<std::string> columns;
  std::vector<std::vector<std::optional<double>>> rows;  ///< none: this event does not have it
};
/// By kind: "step", "epoch", "weak" ... @throws DataError for an event without a step
std::map<std::string, CurveTable> curve_tables(const std::vector<nlohmann::json>& events);
/// A head and a line a row; numbers that read back to the bit, "nan", "inf", an empty field for none.
std::string to_csv(const CurveTable& table);

}  // namespace ganymede::run
