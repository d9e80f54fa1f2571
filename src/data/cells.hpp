#pragma once

#include <cstdint>
#include <string>

namespace ganymede::data {

// Cells of the tables that `data show` prints.

/// `value` as a row of #, 40 of them for `most`.
std::string bar(std::int64_t value, std::int64_t most);
/// 12 of 48 -> "25.0 %"; of nothing "0.0 %".
std::string percent(std::int64_t part, std::int64_t whole);

}  // namespace ganymede::data
