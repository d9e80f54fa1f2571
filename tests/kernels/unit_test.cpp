#include "kernels/unit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "base/error.hpp"
#include "kernels/level.hpp"

namespace ganymede::kernels {
namespace {

TEST(Unit, HasANameForEachAndBack) {
  for (const Unit u : {Unit::none, Unit::avx512bf16, Unit::amx, Unit::emulated_dot, Unit::emulated_tiles}) {
    EXPECT_EQ(unit_named(name_of(u)), u);
  }
  EXPECT_FALSE(unit_named("avx512"));
}

TEST(Unit, IsOneOfTheHardwareOrNone) {
  const auto units = hardware_units();
  EXPECT_TRUE(unit() == Unit::none || std::find(units.begin(), units.end(), unit()) != units.end());
  for (const Unit u : units) EXPECT_TRUE(u == Unit::avx512bf16 || u == Unit::amx);
}

TEST(Unit, CanBeAnyThatTheMachineHasOrEmulates) {
  const Unit before = unit();
  auto units = hardware_units();
  units.insert(units.end(), {Unit::none, Unit::emulated_dot, Unit::emulated_tiles});
  for (const Unit u : units) {
    set_unit(u);
    EXPECT_EQ(unit(), u);
  }
  set_unit(before);
}

TEST(Unit, RefusesHardwareThatIsNotThereAndSaysWhatIs) {
  const auto units = hardware_units();
  const auto names = choices();
  for (const Unit u : {Unit::avx512bf16, Unit::amx}) {
    const bool present = std::find(units.begin(), units.end(), u) != units.end();
    EXPECT_EQ(present, std::find(names.begin(), names.end(), name_of(u)) != names.end());
    if (present) continue;
    try {
      set_unit(u);
      FAIL() << "no error for " << name_of(u);
    } catch (const ConfigError& error) {
      EXPECT_NE(std::string(error.what()).find(name_of(u)), std::string::npos);
      EXPECT_NE(std::string(error.what()).find("scalar"), std::string::npos) << error.what();
    }
  }
}

// The environment is looked at once a process, so each case has one of its own.
TEST(Unit, FollowsTheEnvironment) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto names = choices();
  for (const std::string& name : names) {
    EXPECT_EXIT(
        {
          setenv("GANYMEDE_CPU", name.c_str(), 1);
          const auto wanted = unit_named(name);
          const bool right = unit() == wanted.value_or(Unit::none) && level() == (wanted ? "avx512" : name);
          std::_Exit(right ? 0 : 1);
        },
        testing::ExitedWithCode(0), "")
        << name;
  }
  for (const char* name : {"amx", "avx512bf16", "emulated-dot", "none", "sse9"}) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    EXPECT_EXIT(
        {
          setenv("GANYMEDE_CPU", name, 1);
          try {
            level();
          } catch (const ConfigError& error) {
            const bool lists = std::string(error.what()).find("scalar") != std::string::npos;
            std::_Exit(lists ? 2 : 1);
          }
          std::_Exit(0);
        },
        testing::ExitedWithCode(2), "")
        << name;
  }
}

}  // namespace
}  // namespace ganymede::kernels
