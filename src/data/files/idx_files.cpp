#include "data/files/idx_files.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/error.hpp"
#include "data/files/folder_walk.hpp"

namespace ganymede::data {
namespace {

namespace fs = std::filesystem;

/// "emnist-train" for `emnist-train-images-idx3-ubyte[.gz]`; "" for a name of another kind.
std::string key_of(std::string_view name, Split split, std::string_view what, std::string_view idx) {
  if (name.ends_with(".gz")) name.remove_suffix(3);
  if (!name.ends_with(idx)) return {};
  name.remove_suffix(idx.size());
  if (!name.ends_with('-') && !name.ends_with('.')) return {};
  name.remove_suffix(1);
  if (!name.ends_with(what)) return {};
  name.remove_suffix(what.size());
  const std::vector<std::string_view> words =
      split == Split::train ? std::vector<std::string_view>{"train"} : std::vector<std::string_view>{"t10k", "test"};
  for (const std::string_view word : words) {
    if (!name.ends_with(word)) continue;
    const std::string_view prefix = name.substr(0, name.size() - word.size());
    if (prefix.empty() || prefix.ends_with('-') || prefix.ends_with('_')) return std::string(name);
  }
  return {};
}

bool is_gz(const fs::path& path) {
  return path.extension() == ".gz";
}

/// Files by key; of a plain and a packed one the plain one.
std::map<std::string, fs::path> files_by_key(const fs::path& folder, Split split, std::string_view what,
                                             std::string_view idx) {
  std::map<std::string, fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_regular_file(error) || is_passed_over(name)) continue;
    const std::string key = key_of(name, split, what, idx);
    if (key.empty()) continue;
    fs::path& place = files[key];
    if (place.empty() || is_gz(place)) place = entry.path();
  }
  return files;
}

std::map<std::string, fs::path> images_by_key(const fs::path& folder, Split split) {
  return files_by_key(folder, split, "-images", "idx3-ubyte");
}

}  // namespace

const char* name_of(Split split) {
  return split == Split::train ? "train" : "test";
}

IdxFiles find_idx_files(const fs::path& folder, Split split) {
  const auto images = images_by_key(folder, split);
  if (images.empty()) return {};
  if (images.size() > 1) {
    fail<DataError>("{}: several sets of {} images here, {} and {}: name one file instead of the folder",
                    folder.string(), name_of(split), images.begin()->second.filename().string(),
                    std::next(images.begin())->second.filename().string());
  }
  const auto& [key, path] = *images.begin();
  const auto labels = files_by_key(folder, split, "-labels", "idx1-ubyte");
  const auto found = labels.find(key);
  return {path, found == labels.end() ? fs::path() : found->second};
}

bool holds_idx_files(const fs::path& folder) {
  return !images_by_key(folder, Split::train).empty() || !images_by_key(folder, Split::test).empty();
}

fs::path labels_beside(const fs::path& images) {
  std::string name = images.filename().string();
  const std::size_t what = name.rfind("-images");
  const std::size_t idx = name.rfind("idx3");
  if (what == std::string::npos || idx == std::string::npos) return {};
  name.replace(what, 7, "-labels");
  name.replace(idx, 4, "idx1");
  if (is_gz(images)) name.resize(name.size() - 3);
  for (const std::string& candidate : {name, name + ".gz"}) {
    std::error_code error;
    if (fs::is_regular_file(images.parent_path() / candidate, error)) return images.parent_path() / candidate;
  }
  return {};
}

}  // namespace ganymede::data
