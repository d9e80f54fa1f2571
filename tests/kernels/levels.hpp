#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/philox.hpp"
#include "kernels/level.hpp"

namespace ganymede::kernels {

/// Runs f(level) at every level of this machine and goes back to the one in use.
template <class F>
void at_every_level(F&& f) {
  const std::string before = level();  // NOLINT(performance-unnecessary-copy-initialization): it changes
  for (const std::string& name : available_levels()) {
    SCOPED_TRACE("level " + name);
    set_level(name);
    f(name);
  }
  set_level(before);
}

inline std::vector<float> random_values(std::size_t count, std::uint64_t seed) {
  std::vector<float> values(count);
  Random(seed, "test").normal(0, values);
  return values;
}

}  // namespace ganymede::kernels
