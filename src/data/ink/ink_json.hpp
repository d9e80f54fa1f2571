#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "data/ink/symbols.hpp"

namespace ganymede::data {

inline constexpr const char* kInkSchema = "ganymede.ink/1";

/// The ink format of docs/ink.md: JSON with `schema`, optional `classes` and `lines`, and `symbols`, each with `label`,
/// optional `writer`, and `strokes` of equally long lists `x`, `y` and optionally `t` (seconds). Numbers are written
/// with the digits that give them back exactly, times only where every point of a symbol has one.
std::string to_ink_json(const InkSet& set);

/// Reads it. Classes are those of `classes` in its order, else the labels: in S-INK's order if they all are among its
/// 39, else sorted. A symbol without a writer has the writer "". `name` stands in messages.
/// @throws DataError that says where in the file, what was wanted, what was found: no JSON (with line and column),
/// another schema, a missing or unknown key, a list of another length, no points, a number that is not finite, a label
/// that is not among `classes`, a class's name that is none (is_ink_class_name), control characters in a writer's,
/// lines of which the top one is not above the baseline. `first`: the number that messages give the first symbol.
InkSet parse_ink_json(std::string_view text, const std::string& name, std::size_t first = 0);

/// The order of classes of which only the labels are known, as above.
std::vector<std::string> classes_of(const std::set<std::string>& labels);

void write_ink_json(const std::filesystem::path& path, const InkSet& set);
InkSet read_ink_json(const std::filesystem::path& path);

}  // namespace ganymede::data
