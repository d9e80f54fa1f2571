#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "data/ink/symbols.hpp"
#include "data/sources.hpp"

namespace ganymede::data {

inline constexpr const char* kBuiltinInk = "builtin-ink";
inline constexpr const char* kUnipen = "unipen";

/// Whether `source` names a set of ink: one of them by name, one of one's own by its name in `places` (own_ink.hpp), or
/// the path of a JSON ink file, of a folder that holds one as ink.json, of UniPen data as a folder or of an archive.
bool is_ink_source(const std::string& source, const std::vector<SearchPlace>& places = {});

/// Opens a set of ink: unprepared symbols of 39 classes (a JSON file's own), letters with caron composed. UniPen is
/// split by writer, one in seven for the test, and shuffled, so that the first so many are a fair sample of all
/// contributors; the built-in symbols of the two splits have different seeds; a JSON file is one split, given for both.
/// @throws DataError as open_dataset does.
InkSet open_ink(const std::string& source, Split split, const std::vector<SearchPlace>& places,
                std::int64_t builtin_count = 20000);

/// Where UniPen is in the search places: a folder or an archive; empty if it is nowhere.
std::filesystem::path find_unipen_in(const std::vector<SearchPlace>& places);

/// The samples of a set of ink, prepared as `options` says; the copies are made of the training split alone.
/// @throws DataError.
Dataset open_ink_dataset(const std::string& source, Split split, const std::vector<SearchPlace>& places,
                         const OpenOptions& options);

}  // namespace ganymede::data
