#include "tuned_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/console.hpp"
#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"

namespace ganymede::app {
namespace {

constexpr const char* kSchema = "ganymede.plan/1";

}  // namespace

std::filesystem::path tuned_plan_file() {
  return user_cache_folder() / "plan.json";
}

std::optional<TunedPlan> read_tuned_plan(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return {};
  const auto wrong = [&](const std::string& what) {
    fail<DataError>("{}: {}; delete it, or write it anew with `ganymede bench --tune`", file.string(), what);
  };
  TunedPlan plan;
  try {
    const auto json = read_json(file, kLargestSmallJson);
    if (json.at("schema") != kSchema) wrong(fmt::format("wanted the schema {}", kSchema));
    plan.cpu = json.at("cpu").get<std::string>();
    const auto unit = kernels::unit_named(json.at("unit").get<std::string>());
    if (unit) {
      plan.unit = *unit;
    } else {
      wrong(fmt::format("there is no unit {}", json.at("unit").dump()));
    }
    plan.images_per_second = json.at("images_per_second").get<std::map<std::string, double>>();
  } catch (const nlohmann::json::exception& error) {
    wrong(error.what());
  }
  if (plan.cpu != cpu_model()) return {};
  const auto units = kernels::hardware_units();
  const bool has = plan.unit == kernels::Unit::none || std::find(units.begin(), units.end(), plan.unit) != units.end();
  if (!has) return {};
  return plan;
}

void write_tuned_plan(const std::filesystem::path& file, const TunedPlan& plan) {
  const nlohmann::json json = {{"schema", kSchema},
                               {"cpu", plan.cpu},
                               {"unit", kernels::name_of(plan.unit)},
                               {"images_per_second", plan.images_per_second}};
  make_folder(file.parent_path());
  write_file_atomically(file, json.dump(2) + "\n");
}

void apply_tuned_plan() {
  if (environment("GANYMEDE_CPU")) return;
  try {
    if (const auto plan = read_tuned_plan(tuned_plan_file())) kernels::set_unit(plan->unit);
  } catch (const Error& error) {
    tell("ganymede: {}", error.what());
  }
}

}  // namespace ganymede::app
