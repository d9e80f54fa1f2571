#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "kernels/unit.hpp"

namespace ganymede::app {

/// What `ganymede bench --tune` found out about this machine: the unit for mixed precision, none where f32 was fastest.
struct TunedPlan {
  std::string cpu;
  kernels::Unit unit = kernels::Unit::none;
  std::map<std::string, double> images_per_second;  ///< by "f32" and the units' names
};

/// $XDG_CACHE_HOME/ganymede/plan.json, else ~/.cache/ganymede/plan.json.
std::filesystem::path tuned_plan_file();
/// What is in the file, if it is there and made on this CPU. Throws DataError for a file that is not such a plan.
std::optional<TunedPlan> read_tuned_plan(const std::filesystem::path& file);
void write_tuned_plan(const std::filesystem::path& file, const TunedPlan& plan);

/// Takes the tuned plan instead of the built-in table, unless GANYMEDE_CPU decides. Without a usable file the table
/// stands, with a sentence on stderr where the file cannot be understood.
void apply_tuned_plan();

}  // namespace ganymede::app
