#include "data/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "data/files/idx.hpp"
#include "data/files/npz_dataset.hpp"
#include "data/files/picture_files.hpp"
#include "data/ink/ink_source.hpp"
#include "data/synthetic/builtin.hpp"

namespace ganymede::data {
namespace {

namespace fs = std::filesystem;

constexpr const char* kBuiltin = "builtin-digits";
constexpr const char* kLandscapes = "builtin-landscapes";
constexpr const char* kMnist = "mnist";
constexpr const char* kMnistText = "MNIST, handwritten digits, 28 x 28 grey: 60,000 to train, 10,000 to test";
constexpr const char* kRemedies =
    "; get it with `ganymede data fetch mnist`, or use the built-in digits with `--set data.source=builtin-digits`";

bool is_folder(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

/// Names of the folders in the search places that hold IDX files, sorted, each once.
std::vector<std::string> names_of_folders(const std::vector<SearchPlace>& places) {
  std::vector<std::string> names;
  for (const SearchPlace& place : places) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(place.folder, error)) {
      if (is_folder(entry.path()) && holds_idx_files(entry.path())) names.push_back(entry.path().filename().string());
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

/// The first place whose folder `name` has images and labels of the split; empty if none has.
fs::path find_folder(const std::string& name, Split split, const std::vector<SearchPlace>& places) {
  for (const SearchPlace& place : places) {
    const IdxFiles files = find_idx_files(place.folder / name, split);
    if (!files.images.empty() && (!files.labels.empty() || name != kMnist)) return place.folder / name;
  }
  return {};
}

[[noreturn]] void fail_missing(const std::string& name, Split split, const std::vector<SearchPlace>& places) {
  std::string looked;
  for (const SearchPlace& place : places) {
    const fs::path folder = place.folder / name;
    const IdxFiles files = find_idx_files(folder, split);
    const char* state = !is_folder(folder)      ? "no such folder"
                        : !files.images.empty() ? "images without labels"
                                                : "no such files";
    looked += fmt::format("{}{} ({}: {})", looked.empty() ? "" : ", ", folder.string(), place.origin, state);
  }
  const char* prefix = split == Split::train ? "train" : "t10k";
  fail<DataError>(
      "data set \"{}\" ({} split) not found: wanted {}-images-idx3-ubyte and {}-labels-idx1-ubyte, plain or "
      ".gz; looked in {}{}",
      name, name_of(split), prefix, prefix, looked, name == kMnist ? kRemedies : "");
}

// The classes that the training split of a folder has examples of; where it has no such split, those of `dataset`.
std::vector<std::string> idx_class_names(const fs::path& folder, Split split, const Dataset& dataset) {
  if (split == Split::train) return occurring_classes(dataset);
  const IdxFiles training = find_idx_files(folder, Split::train);
  if (training.images.empty()) return occurring_classes(dataset);
  if (training.labels.empty()) return {};
  const Tensor values = read_idx(training.labels);
  const auto bytes = values.values<std::uint8_t>();
  return names_of_labels(std::vector<std::int32_t>(bytes.begin(), bytes.end()));
}

Dataset open_folder(const fs::path& folder, Split split, const std::string& name) {
  const IdxFiles files = find_idx_files(folder, split);
  if (files.images.empty()) {
    fail<DataError>(
        "{}: no IDX images of the {} split here: wanted {}-images-idx3-ubyte, plain or .gz, or pictures "
        "(.png, .jpg)",
        folder.string(), name_of(split), split == Split::train ? "train" : "t10k");
  }
  Dataset dataset = read_idx_dataset(files.images, files.labels, name, name == kMnist ? 10 : 0);
  if (name != kMnist) {  // whose ten classes are known
    const std::vector<std::string> names = idx_class_names(folder, split, dataset);
    dataset = with_classes(std::move(dataset), names);
  }
  if (name == kMnist) dataset.provenance.description = kMnistText;
  return dataset;
}

Dataset open_path(const fs::path& path, Split split, const OpenOptions& options) {
  if (!is_there(path)) fail<DataError>("data.source: {}: no such file or folder", path.string());
  if (is_folder(path)) {
    if (holds_idx_files(path) || !holds_pictures(path)) return open_folder(path, split, path.string());
    return read_image_folder(path, split,
                             {.side = options.image_size, .colour = options.image_colour, .limit = options.limit});
  }
  if (is_numpy_name(path)) return read_npz_dataset(path, split);
  Dataset dataset = read_idx_dataset(path, labels_beside(path), path.string());
  const std::vector<std::string> names = occurring_classes(dataset);
  return with_classes(std::move(dataset), names);
}

[[noreturn]] void fail_unknown(const std::string& name, const std::vector<std::string>& folders) {
  std::vector<std::string> known{kBuiltin, kLandscapes, kBuiltinInk, kMnist, kUnipen};
  std::copy_if(folders.begin(), folders.end(), std::back_inserter(known), [](const auto& f) { return f != kMnist; });
  const std::string hint = did_you_mean(name, known);
  fail<ConfigError>(
      "data.source: unknown data set \"{}\"{} Wanted one of {}, or the path of an IDX, NPZ or JSON ink file or of a "
      "folder with IDX files, pictures or UniPen data",
      name, hint.empty() ? "." : hint, fmt::join(known, ", "));
}

Dataset open_whole(const std::string& source, Split split, const std::vector<SearchPlace>& places,
                   const OpenOptions& options) {
  const std::uint64_t builtin_seed = split == Split::train ? kBuiltinTrainSeed : kBuiltinTestSeed;
  if (source == kBuiltin) return builtin_digits(options.builtin_count, builtin_seed);
  if (source == kLandscapes) return builtin_landscapes(options.builtin_count, builtin_seed, options.image_size);
  const bool is_name = source.find('/') == std::string::npos && !source.starts_with('.');
  if (is_name && !source.empty()) {
    for (const SearchPlace& place : places) {
      if (source == kMnist && place.origin == "--data" && !is_folder(place.folder)) {
        fail<DataError>("--data {}: no such folder", place.folder.string());
      }
    }
    const fs::path folder = find_folder(source, split, places);
    if (!folder.empty()) return open_folder(folder, split, source);
    if (source == kMnist) fail_missing(source, split, places);
  }
  if (!is_name || is_there(source)) return open_path(source, split, options);

  const std::vector<std::string> folders = names_of_folders(places);
  if (std::find(folders.begin(), folders.end(), source) != folders.end()) fail_missing(source, split, places);
  fail_unknown(source, folders);
}

}  // namespace

std::vector<SearchPlace> search_places(const std::string& data_option) {
  std::vector<SearchPlace> places;
  if (!data_option.empty()) places.push_back({data_option, "--data"});
  if (const auto folder = environment("GANYMEDE_DATA")) places.push_back({*folder, "GANYMEDE_DATA"});
  places.push_back({"data", "./data"});
  places.push_back({user_data_folder() / "data", "user's data folder"});
  return places;
}

fs::path fetch_folder(const std::string& data_option) {
  if (!data_option.empty()) return data_option;
  if (const auto folder = environment("GANYMEDE_DATA")) return *folder;
  return user_data_folder() / "data";
}

std::vector<CatalogueEntry> list_datasets(const std::vector<SearchPlace>& places) {
  std::vector<CatalogueEntry> entries{
      {kBuiltin, "synthetic handwritten digits, 28 x 28 grey, any number; nothing to download", {}, true, {}},
      {kLandscapes, "synthetic landscapes, 64 x 64 colour, any number; nothing to download", {}, true, {}}};
  std::vector<CatalogueEntry> ink = list_ink(places);
  entries.push_back(std::move(ink[0]));
  std::vector<std::string> names = names_of_folders(places);
  std::erase(names, kMnist);
  names.insert(names.begin(), kMnist);
  for (const std::string& name : names) {
    CatalogueEntry entry{name, name == kMnist ? kMnistText : "IDX files", {}, false, {}};
    try {
      entry.found = find_folder(name, Split::train, places);
      entry.available = !entry.found.empty() && !find_folder(name, Split::test, places).empty();
    } catch (const DataError& error) {
      entry.description = error.what();
    }
    for (const SearchPlace& place : places) entry.searched.push_back(place.folder / name);
    entries.push_back(std::move(entry));
    if (name == kMnist) entries.push_back(std::move(ink[1]));
  }
  return entries;
}

Dataset open_dataset(const std::string& source, Split split, const std::vector<SearchPlace>& places,
                     const OpenOptions& options) {
  if (is_ink_source(source)) {
    InkOptions ink = options.ink;
    if (split == Split::test) ink.copies = 0;
    Dataset d = ink_dataset(open_ink(source, split, places, options.builtin_count), ink, options.seed);
    if (fs::path(source).extension() == ".json") {  // one file is both splits; it may list classes without a symbol
      const std::vector<std::string> names = occurring_classes(d);
      d = with_classes(std::move(d), names);
    }
    return first_images(std::move(d), options.limit);
  }
  return first_images(open_whole(source, split, places, options), options.limit);
}

}  // namespace ganymede::data
