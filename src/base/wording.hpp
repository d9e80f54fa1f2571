#pragma once

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <string>

#include "base/text.hpp"

namespace ganymede {

/// "1 epoch", "2 epochs", "1,000 epochs".
inline std::string counted(std::int64_t count, const std::string& noun) {
  const bool hisses = noun == "batch" || noun == "class";  // not "epoch"
  return with_thousands(count) + " " + (count == 1 ? noun : noun + (hisses ? "es" : "s"));
}

/// A loss or another figure that may grow without bound: "0.693", "-12.500", from a million on "1.000e+15".
inline std::string figure(double value) {
  return std::fabs(value) < 1e6 ? fmt::format("{:.3f}", value) : fmt::format("{:.3e}", value);
}

}  // namespace ganymede
