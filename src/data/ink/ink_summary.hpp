#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "data/ink/ink_dataset.hpp"
#include "data/ink/symbols.hpp"

namespace ganymede::data {

/// Symbols of every contributor, by name.
std::map<std::string, std::int64_t> contributors_of(const InkSet& set);

/// Name, files, counts of symbols, writers and contributors, what was skipped and why, symbols of each class with bars,
/// and what preparation does to them; at most ten faults. Ends with a newline.
std::string to_text(const InkSet& set, const InkStatistics& statistics);

}  // namespace ganymede::data
