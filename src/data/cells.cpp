#include "data/cells.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ganymede::data {

std::string bar(std::int64_t value, std::int64_t most) {
  constexpr std::int64_t kWidth = 40;
  return std::string(static_cast<std::size_t>((value * kWidth + most / 2) / std::max<std::int64_t>(most, 1)), '#');
}

std::string percent(std::int64_t part, std::int64_t whole) {
  return fmt::format("{:.1f} %",
                     100.0 * static_cast<double>(part) / static_cast<double>(std::max<std::int64_t>(whole, 1)));
}

}  // namespace ganymede::data
