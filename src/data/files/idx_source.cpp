#include "data/files/idx_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "data/files/idx.hpp"

namespace ganymede::data {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRemedies =
    "; get it with `ganymede data fetch mnist`, or use the built-in digits with `--source builtin-digits`";

bool is_directory_there(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

[[noreturn]] void fail_missing(const std::string& name, Split split, const std::vector<SearchPlace>& places) {
  std::string looked;
  for (const SearchPlace& place : places) {
    const fs::path folder = place.folder / name;
    const IdxFiles files = find_idx_files(folder, split);
    const char* state = !is_directory_there(folder) ? "no such folder"
                        : !files.images.empty()     ? "images without labels"
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

}  // namespace

std::vector<std::string> names_of_idx_folders(const std::vector<SearchPlace>& places) {
  std::vector<std::string> names;
  for (const SearchPlace& place : places) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(place.folder, error)) {
      if (is_directory_there(entry.path()) && holds_idx_files(entry.path()))
        names.push_back(entry.path().filename().string());
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

fs::path find_idx_folder(const std::string& name, Split split, const std::vector<SearchPlace>& places) {
  for (const SearchPlace& place : places) {
    const IdxFiles files = find_idx_files(place.folder / name, split);
    if (!files.images.empty() && (!files.labels.empty() || name != kMnist)) return place.folder / name;
  }
  return {};
}

Dataset open_idx_name(const std::string& name, Split split, const std::vector<SearchPlace>& places) {
  const fs::path folder = find_idx_folder(name, split, places);
  if (folder.empty()) fail_missing(name, split, places);
  return open_idx_folder(folder, split, name);
}

Dataset open_idx_folder(const fs::path& folder, Split split, const std::string& name) {
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

}  // namespace ganymede::data
