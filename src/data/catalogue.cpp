#include "data/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/file_kind.hpp"
#include "base/regular_file.hpp"
#include "base/text.hpp"
#include "base/wording.hpp"
#include "data/files/idx.hpp"
#include "data/files/idx_source.hpp"
#include "data/files/npz_dataset.hpp"
#include "data/files/picture_files.hpp"
#include "data/ink/ink_json.hpp"
#include "data/ink/ink_source.hpp"
#include "data/ink/own_ink.hpp"
#include "data/points/point_file.hpp"

namespace ganymede::data {
namespace {

namespace fs = std::filesystem;

// Folders of IDX files that can be opened by their names, beside the sets of the table.
std::vector<std::string> other_names(const std::vector<SearchPlace>& places) {
  std::vector<std::string> names = names_of_idx_folders(places);
  std::erase_if(names, [](const std::string& name) { return find_source(name) != nullptr; });
  return names;
}

// A set of ink of one's own, which may be damaged.
CatalogueEntry own_ink_entry(const std::string& name, const std::vector<SearchPlace>& places) {
  CatalogueEntry entry{.name = name, .description = {}};
  const fs::path file = find_own_ink(name, places);
  entry.found = file.parent_path();
  for (const SearchPlace& place : places) entry.searched.push_back(place.folder / name);
  try {
    const InkSet set = read_ink_json(file);
    entry.description = fmt::format("ink of one's own: {}, {}", counted(std::ssize(set.symbols), "symbol"),
                                    counted(std::ssize(set.class_names), "class"));
    entry.available = !set.symbols.empty();
  } catch (const DataError& error) {
    entry.description = error.what();
  }
  return entry;
}

// Said here of all kinds of files, where the reader of IDX would speak of its own alone.
void check_idx_or_gzip(const fs::path& path) {
  using namespace std::string_view_literals;
  constexpr std::uint64_t kEnoughToTell = 1024;
  const std::string start = RegularFile(path).read(kEnoughToTell);
  if (start.starts_with("\0\0"sv) || start.starts_with("\x1f\x8b"sv)) return;
  fail<DataError>(
      "{}: not a data set: wanted an IDX images file (plain or gzip), an NPZ or NPY file, a JSON ink file, a CSV of "
      "points, or a folder of such files or of pictures; found {}",
      path.string(), kind_of_file(start));
}

Dataset open_path(const fs::path& path, Split split, const OpenOptions& options) {
  std::error_code error;
  if (!fs::exists(path, error)) fail<DataError>("data.source: {}: no such file or folder", path.string());
  if (fs::is_directory(path, error)) {
    if (holds_idx_files(path) || !holds_pictures(path)) return open_idx_folder(path, split, path.string());
    return read_image_folder(path, split,
                             {.side = options.image_size, .colour = options.image_colour, .limit = options.limit});
  }
  if (is_csv_name(path)) return read_csv_points(path);
  if (is_numpy_name(path)) return read_npz_dataset(path, split);
  check_idx_or_gzip(path);
  Dataset dataset = read_idx_dataset(path, labels_beside(path), path.string());
  const std::vector<std::string> names = occurring_classes(dataset);
  return with_classes(std::move(dataset), names);
}

[[noreturn]] void fail_unknown(const std::string& name, const std::vector<std::string>& others) {
  std::vector<std::string> known = source_names();
  known.insert(known.end(), others.begin(), others.end());
  const std::string hint = did_you_mean(name, known);
  fail<ConfigError>(
      "data.source: unknown data set \"{}\"{} Wanted one of {}, or the path of an IDX, NPZ, NPY, JSON ink or CSV file "
      "or of a folder with IDX files, pictures or UniPen data",
      name, hint.empty() ? "." : hint, fmt::join(known, ", "));
}

Dataset open_whole(const std::string& source, Split split, const std::vector<SearchPlace>& places,
                   const OpenOptions& options) {
  if (const Source* named = find_source(source)) return named->open(split, places, options);
  if (is_ink_source(source, places)) return open_ink_dataset(source, split, places, options);
  const bool is_name = source.find('/') == std::string::npos && !source.starts_with('.');
  if (is_name && !source.empty()) {
    const fs::path folder = find_idx_folder(source, split, places);
    if (!folder.empty()) return open_idx_folder(folder, split, source);
  }
  std::error_code error;
  if (!is_name || fs::exists(source, error)) return open_path(source, split, options);
  std::vector<std::string> others = other_names(places);
  if (std::find(others.begin(), others.end(), source) == others.end()) {
    const std::vector<std::string> own = names_of_own_ink(places);
    others.insert(others.end(), own.begin(), own.end());
    fail_unknown(source, others);
  }
  return open_idx_name(source, split, places);  // which says what is missing
}

}  // namespace

std::vector<CatalogueEntry> list_datasets(const std::vector<SearchPlace>& places) {
  std::vector<CatalogueEntry> entries;
  const auto add = [&](const std::string& name, const std::string& folder, const std::string& sentence,
                       const auto& find) {
    CatalogueEntry entry{.name = name, .description = sentence};
    try {
      entry.found = find(Split::train);
      entry.available = !entry.found.empty() && !find(Split::test).empty();
    } catch (const DataError& error) {
      entry.description = error.what();
    }
    for (const SearchPlace& place : places) entry.searched.push_back(place.folder / folder);
    entries.push_back(std::move(entry));
  };
  for (const Source& source : sources()) {
    if (source.synthetic) {
      entries.push_back({.name = source.name, .description = source.sentence, .available = true});
    } else {
      add(source.name, source.folder.empty() ? source.name : source.folder, source.sentence,
          [&](Split split) { return source.find(split, places); });
      entries.back().fetchable = source.fetchable;
    }
  }
  for (const std::string& name : other_names(places)) {
    add(name, name, "IDX files", [&](Split split) { return find_idx_folder(name, split, places); });
  }
  for (const std::string& name : names_of_own_ink(places)) entries.push_back(own_ink_entry(name, places));
  return entries;
}

Dataset open_dataset(const std::string& source, Split split, const std::vector<SearchPlace>& places,
                     const OpenOptions& options) {
  return first_images(open_whole(source, split, places, options), options.limit);
}

}  // namespace ganymede::data
