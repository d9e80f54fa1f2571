#include "data/ink/ink_source.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "data/files/file_tree.hpp"
#include "data/ink/caron.hpp"
#include "data/ink/ink_json.hpp"
#include "data/ink/own_ink.hpp"
#include "data/ink/unipen.hpp"
#include "data/synthetic/builtin.hpp"
#include "data/synthetic/synthetic_ink.hpp"

namespace ganymede::data {
namespace {

namespace fs = std::filesystem;

bool is_json_name(const fs::path& path) {
  return lower_case(path.extension().string()) == ".json";
}

// The JSON ink file that a name or path leads to; empty if it leads to none.
fs::path json_file_of(const std::string& source, const std::vector<SearchPlace>& places) {
  if (is_json_name(source)) return source;
  if (fs::path own = find_own_ink(source, places); !own.empty()) return own;
  std::error_code ignored;
  const fs::path inside = fs::path(source) / kInkFile;
  return !source.empty() && fs::is_regular_file(inside, ignored) ? inside : fs::path();
}

[[noreturn]] void fail_missing(const std::vector<SearchPlace>& places) {
  std::string looked;
  for (const SearchPlace& place : places) {
    looked += fmt::format("{}{} ({})", looked.empty() ? "" : ", ", (place.folder / kUnipen).string(), place.origin);
  }
  fail<DataError>(
      "data set \"unipen\" not found: wanted UniPen train_r01_v07 (Zenodo record 1195803), as a folder with data/1a, "
      "data/1b and include, or as an archive of it with \"unipen\" in its name; looked in {}; see what is there with "
      "`ganymede data list`, or use the built-in symbols with `--source {}`",
      looked, kBuiltinInk);
}

InkSet open_unipen(const fs::path& path, Split split) {
  InkSet set = read_unipen(path);
  add_carons(set);
  shuffle(set, kUnipenOrderSeed);
  return split_of(std::move(set), split);
}

}  // namespace

bool is_ink_source(const std::string& source, const std::vector<SearchPlace>& places) {
  const fs::path path(source);
  if (source == kBuiltinInk || source == kUnipen || is_archive_name(path)) return true;
  if (!json_file_of(source, places).empty()) return true;
  return !source.empty() && !find_unipen(path).empty();
}

InkSet open_ink(const std::string& source, Split split, const std::vector<SearchPlace>& places,
                std::int64_t builtin_count) {
  if (source == kBuiltinInk) {
    return synthetic_symbols(builtin_count, split == Split::train ? kBuiltinTrainSeed : kBuiltinTestSeed);
  }
  if (source == kUnipen) {
    const fs::path found = find_unipen_in(places);
    if (found.empty()) fail_missing(places);
    return open_unipen(found, split);
  }
  if (const fs::path file = json_file_of(source, places); !file.empty()) {
    InkSet set = read_ink_json(file);
    set.provenance.name = source;
    return set;
  }
  const fs::path path(source);
  const fs::path found = is_archive_name(path) ? path : find_unipen(path);
  if (found.empty()) fail<DataError>("{}: no JSON ink file and no UniPen data", source);
  return open_unipen(found, split);
}

fs::path find_unipen_in(const std::vector<SearchPlace>& places) {
  for (const SearchPlace& place : places) {
    if (fs::path found = find_unipen(place.folder / kUnipen); !found.empty()) return found;
  }
  return {};
}

Dataset open_ink_dataset(const std::string& source, Split split, const std::vector<SearchPlace>& places,
                         const OpenOptions& options) {
  InkOptions ink = options.ink;
  if (split == Split::test) ink.copies = 0;
  const InkSet set = open_ink(source, split, places, options.builtin_count);
  const bool is_own = !json_file_of(source, places).empty();
  Dataset d = ink_dataset(set, ink, options.seed);
  if (!is_own) return d;
  // One file is both splits; it may list classes without a symbol.
  const std::vector<std::string> names = occurring_classes(d);
  return with_classes(std::move(d), names);
}

}  // namespace ganymede::data
