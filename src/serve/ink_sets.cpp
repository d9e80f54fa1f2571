#include "serve/ink_sets.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/shell_word.hpp"
#include "data/ink/ink_json.hpp"
#include "serve/confined.hpp"
#include "serve/message.hpp"

namespace ganymede::serve {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void throw_no_set(const std::string& name) {
  throw HttpError(404, fmt::format("there is no set of ink \"{}\"", name));
}

// That of a server is where drawings are kept; search_places speaks to those who look for a set.
void check_folder(const std::string& data) {
  std::error_code ignored;
  if (data.empty() || fs::is_directory(data, ignored)) return;
  if (fs::exists(data, ignored)) {
    fail<ConfigError>("--data {}: that is a file; wanted the folder where drawings are kept and data are looked for",
                      data);
  }
  fail<ConfigError>("--data {0}: no such folder: make it (mkdir -p {1})", data, shell_word(data));
}

std::vector<data::SearchPlace> places_with(const std::string& data, const fs::path& folder) {
  check_folder(data);
  std::vector<data::SearchPlace> places = data::search_places(data);
  const auto is_it = [&](const data::SearchPlace& place) { return place.folder == folder; };
  if (std::ranges::none_of(places, is_it)) places.push_back({folder, "drawn symbols"});
  return places;
}

// Whether commands without --data look there.
bool is_searched(const fs::path& folder) {
  std::error_code ignored;
  return std::ranges::any_of(data::search_places(), [&](const data::SearchPlace& place) {
    return fs::weakly_canonical(place.folder, ignored) == fs::weakly_canonical(folder, ignored);
  });
}

}  // namespace

InkSets::InkSets(const std::string& data) : places_(places_with(data, data::fetch_folder(data))) {
  folder_ = data::fetch_folder(data);
}

InkSets::Found InkSets::find(const std::string& name) const {
  if (!data::is_own_ink_name(name)) throw_no_set(name);
  for (const data::SearchPlace& place : places_) {
    const auto file = open_confined(place.folder, {name, data::kInkFile});
    if (!file) continue;
    if (file->facts.bytes > data::kMostInkBytes) {
      throw HttpError(409, fmt::format("{}: the file has {} bytes; a set that is drawn has at most {}", name,
                                       file->facts.bytes, data::kMostInkBytes));
    }
    return {.name = name,
            .text = file->read(0, file->facts.bytes),
            .own = place.folder == folder_,
            .is_searched = is_searched(place.folder),
            .folder = place.folder,
            .bytes = file->facts.bytes,
            .modified_ns = file->facts.modified_ns};
  }
  throw_no_set(name);
}

void InkSets::check_new(const std::string& name) const {
  if (!data::is_own_ink_name(name)) {
    throw HttpError(400,
                    "\"name\": wanted letters, digits, '-' and '_', the first a letter or digit, at most 60, and no "
                    "name of another data set");
  }
  const auto names = data::names_of_own_ink(places_);
  std::error_code ignored;
  const bool is_taken =
      std::ranges::find(names, name) != names.end() || fs::exists(fs::symlink_status(folder_ / name, ignored));
  if (is_taken) throw HttpError(409, fmt::format("there is a set \"{}\" already", name));
}

void InkSets::create(const std::string& name, const data::InkSet& set) {
  const std::lock_guard lock(writing_);
  check_new(name);
  make_folder(folder_);
  write(name, set);
}

InkSets::Found InkSets::find_own(const std::string& name) const {
  Found found = find(name);
  if (found.own) return found;
  throw HttpError(403, fmt::format("{} lies in another folder, which this server does not write to", name));
}

fs::path InkSets::remove(const std::string& name) {
  const std::lock_guard lock(writing_);
  find_own(name);
  const fs::path removed = folder_ / kRemoved;
  make_own_folder(removed);
  std::error_code error;
  const auto is_there = [&](const fs::path& path) { return fs::exists(fs::symlink_status(path, error)); };
  fs::path to = removed / name;
  for (int i = 2; is_there(to); ++i) to = removed / fmt::format("{}-{}", name, i);
  fs::rename(folder_ / name, to, error);
  if (error) fail_file(folder_ / name, "move the set aside", error.value());
  return to;
}

data::InkSet InkSets::change(const std::string& name, const std::function<void(data::InkSet&)>& how) {
  const std::lock_guard lock(writing_);
  const Found found = find_own(name);
  data::InkSet set = data::parse_ink_json(found.text, name);
  how(set);
  write(name, set);
  return set;
}

void InkSets::write(const std::string& name, const data::InkSet& set) const {
  const std::string text = data::to_ink_json(set);
  if (text.size() > data::kMostInkBytes)
    throw HttpError(413, fmt::format("the set would be larger than {} bytes: begin another one", data::kMostInkBytes));
  make_own_folder(folder_ / name);
  write_file_atomically(folder_ / name / data::kInkFile, text);
}

}  // namespace ganymede::serve
