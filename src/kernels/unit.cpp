#include "kernels/unit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <string>

#include "base/error.hpp"
#include "kernels/level.hpp"

#if defined(__x86_64__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace ganymede::kernels {
namespace {

constexpr Unit kAll[] = {Unit::none, Unit::avx512bf16, Unit::amx, Unit::emulated_dot, Unit::emulated_tiles};

bool has(const std::vector<Unit>& units, Unit unit) {
  return std::find(units.begin(), units.end(), unit) != units.end();
}

#if defined(__x86_64__)
struct Leaf {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
};

Leaf cpuid(unsigned leaf, unsigned subleaf) {
  Leaf answer;
  if (__get_cpuid_count(leaf, subleaf, &answer.eax, &answer.ebx, &answer.ecx, &answer.edx) == 0) return {};
  return answer;
}

bool is_amd() {
  const Leaf vendor = cpuid(0, 0);  // "AuthenticAMD"
  return vendor.ebx == 0x68747541 && vendor.edx == 0x69746e65 && vendor.ecx == 0x444d4163;
}

// Linux hands out the tile registers only to a process that asks: arch_prctl(ARCH_REQ_XCOMP_PERM, XTILEDATA).
bool tiles_granted() {
  constexpr long kRequestPermission = 0x1023;
  constexpr long kTileData = 18;
  return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}

std::vector<Unit> detect() {
  std::vector<Unit> units;
  const auto levels = available_levels();
  if (std::find(levels.begin(), levels.end(), "avx512") == levels.end()) return units;
  constexpr unsigned kAmxBf16 = 1U << 22;
  constexpr unsigned kAmxTile = 1U << 24;
  constexpr unsigned kAvx512Bf16 = 1U << 5;
  const unsigned amx = cpuid(7, 0).edx;
  if ((amx & kAmxBf16) && (amx & kAmxTile) && tiles_granted()) units.push_back(Unit::amx);
  if (cpuid(7, 1).eax & kAvx512Bf16) units.push_back(Unit::avx512bf16);
  return units;
}
#else
bool is_amd() {
  return false;
}
std::vector<Unit> detect() {
  return {};
}
#endif

const std::vector<Unit>& detected() {
  static const std::vector<Unit> units = detect();
  return units;
}

Unit choose() {
  const char* wanted = std::getenv("GANYMEDE_CPU");
  if (wanted != nullptr && *wanted != '\0') {
    const auto named = unit_named(wanted);
    if (!named) return Unit::none;  // a vector level; level() complains if it is not
    if (!has(detected(), *named)) {
      fail<ConfigError>("GANYMEDE_CPU: this machine has no '{}'; it has: {}", wanted, fmt::join(choices(), ", "));
    }
    return *named;
  }
  if (has(detected(), Unit::amx)) return Unit::amx;
  if (has(detected(), Unit::avx512bf16) && is_amd()) return Unit::avx512bf16;
  return Unit::none;
}

std::optional<Unit>& current() {
  static std::optional<Unit> unit;
  return unit;
}

}  // namespace

const char* name_of(Unit unit) {
  switch (unit) {
    case Unit::none:
      return "none";
    case Unit::avx512bf16:
      return "avx512bf16";
    case Unit::amx:
      return "amx";
    case Unit::emulated_dot:
      return "emulated-dot";
    case Unit::emulated_tiles:
      return "emulated-tiles";
  }
  return "unknown";
}

std::optional<Unit> unit_named(std::string_view name) {
  for (const Unit unit : kAll) {
    if (name == name_of(unit)) return unit;
  }
  return std::nullopt;
}

std::vector<Unit> hardware_units() {
  return detected();
}

Unit unit() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (!current()) current() = choose();
  });
  return *current();
}

void set_unit(Unit unit) {
  const bool needs_hardware = unit == Unit::avx512bf16 || unit == Unit::amx;
  if (needs_hardware && !has(detected(), unit)) {
    fail<ConfigError>("this machine has no '{}'; it has: {}", name_of(unit), fmt::join(choices(), ", "));
  }
  current() = unit;
}

}  // namespace ganymede::kernels
