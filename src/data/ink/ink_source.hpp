#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "data/catalogue.hpp"
#include "data/ink/symbols.hpp"

namespace ganymede::data {

inline constexpr const char* kBuiltinInk = "builtin-ink";
inline constexpr const char* kUnipen = "unipen";

/// Whether `source` names a set of ink: "builtin-ink", "unipen", or the path of a JSON ink file, of UniPen data as a
/// folder or of an archive.
bool is_ink_source(const std::string& source);

/// Opens a set of ink: unprepared symbols of 39 classes (a JSON file's own), letters with caron composed. UniPen is
/// split by writer, one in seven for the test, and shuffled, so that the first so many are a fair sample of all
/// contributors; the built-in symbols of the two splits have different seeds; a JSON file is one split, given for both.
/// @throws DataError as open_dataset does.
InkSet open_ink(const std::string& source, Split split, const std::vector<SearchPlace>& places,
                std::int64_t builtin_count = 20000);

/// The catalogue's two lines: built-in ink and UniPen.
std::vector<CatalogueEntry> list_ink(const std::vector<SearchPlace>& places);

}  // namespace ganymede::data
