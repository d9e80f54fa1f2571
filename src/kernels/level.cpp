#include "kernels/level.hpp"

#include <fmt/format.h>
#include <hwy/targets.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>

#include "base/error.hpp"
#include "kernels/unit.hpp"

namespace ganymede::kernels {
namespace {

std::string name_of_target(std::int64_t target) {
  if (target == HWY_AVX3 || target == HWY_AVX3_DL) return "avx512";
  if (target == HWY_AVX2) return "avx2";
  if (target == HWY_NEON) return "neon";
  return "scalar";
}

std::int64_t targets_better_than(const std::string& name) {
  if (name == "avx512" || name == "neon") return 0;
  const std::int64_t avx512 = HWY_AVX3 | HWY_AVX3_DL;
  return name == "avx2" ? avx512 : avx512 | HWY_AVX2 | HWY_NEON;
}

std::vector<std::string> detect() {
  std::vector<std::string> names;
  const std::int64_t supported = hwy::SupportedTargets();
  for (const std::int64_t target : {HWY_AVX3, HWY_AVX2, HWY_NEON}) {
    if (supported & target) names.push_back(name_of_target(target));
  }
  names.push_back("scalar");
  return names;
}

const std::vector<std::string>& detected() {
  static const std::vector<std::string> names = detect();
  return names;
}

std::string& current() {
  static std::string name;
  return name;
}

}  // namespace

std::vector<std::string> available_levels() {
  return detected();
}

std::vector<std::string> choices() {
  std::vector<std::string> names;
  for (const Unit unit : hardware_units()) names.emplace_back(name_of(unit));
  names.insert(names.end(), detected().begin(), detected().end());
  return names;
}

void set_level(const std::string& name) {
  const auto& levels = detected();
  if (std::find(levels.begin(), levels.end(), name) == levels.end()) {
    fail<ConfigError>("GANYMEDE_CPU: this machine has no level '{}'; it has: {}", name, fmt::join(choices(), ", "));
  }
  hwy::DisableTargets(targets_better_than(name));
  hwy::GetChosenTarget().DeInit();
  current() = name;
}

const std::string& level() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (!current().empty()) return;
    const char* wanted = std::getenv("GANYMEDE_CPU");
    if (wanted != nullptr && *wanted != '\0') {
      const auto names = choices();
      const bool is_unit = unit_named(wanted) && std::find(names.begin(), names.end(), wanted) != names.end();
      set_level(is_unit ? "avx512" : wanted);
      return;
    }
    const std::string& best = detected().front();
    if (best == "scalar") {
      fail<ConfigError>(
          "this CPU has neither AVX2 with FMA nor NEON, which Ganymede needs for its speed; GANYMEDE_CPU=scalar runs "
          "it "
          "all the same, very slowly");
    }
    set_level(best);
  });
  return current();
}

}  // namespace ganymede::kernels
