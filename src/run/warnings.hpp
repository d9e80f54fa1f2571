#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace ganymede::run {

/// A warning that a run told.
struct Warning {
  std::string reason;                       ///< "" where the event says none
  std::string event;                        ///< "warning", JSON text
  std::optional<std::int64_t> until_epoch;  ///< it is over since; none: it is not
};

/// Takes the next event of a run: a "warning" is appended, "recovered" ends those of its reason that are not over;
/// others change nothing.
void take_event(std::vector<Warning>& warnings, const nlohmann::json& event);
/// All warnings of a run's events, in their order.
std::vector<Warning> warnings_in(const std::vector<nlohmann::json>& events);
/// The event, with "until_epoch" where it is over.
nlohmann::json json_of(const Warning& warning);

/// Reasons of the warnings of a run that are not over, each once, in the order of their first. Lines that cannot be
/// read are passed over. No file: none.
std::vector<std::string> open_warnings(const std::filesystem::path& events);

}  // namespace ganymede::run
