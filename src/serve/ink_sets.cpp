#include "serve/ink_sets.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <random>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/shell_word.hpp"
#include "base/text.hpp"
#include "data/ink/ink_json.hpp"
#include "serve/confined.hpp"
#include "serve/message.hpp"

namespace ganymede::serve {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kIdDigits = 16;
constexpr std::chrono::hours kUploadAge{24};

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

// What bears this name and leaves no room for a new set, as a message says it; "" for nothing, a set (which is named as
// one) or an empty folder.
std::string what_is_there(const fs::path& path) {
  std::error_code ignored;
  const fs::file_status status = fs::symlink_status(path, ignored);
  if (fs::is_symlink(status)) return "a link, which is not followed";
  if (!fs::exists(status)) return "";
  if (!fs::is_directory(status)) return "a file";
  const fs::file_status file = fs::symlink_status(path / data::kInkFile, ignored);
  if (fs::is_symlink(file)) return fmt::format("a folder whose {} is a link, which is not followed", data::kInkFile);
  if (fs::exists(file) && !fs::is_regular_file(file))
    return fmt::format("a folder whose {} is no file", data::kInkFile);
  if (fs::exists(file) && ::access((path / data::kInkFile).c_str(), R_OK) != 0)
    return fmt::format("a folder whose {} cannot be read: {}", data::kInkFile, std::strerror(errno));
  if (!fs::exists(file) && !fs::is_empty(path, ignored)) return "a folder that holds no set";
  return "";
}

// Has something written; what the system refuses becomes an answer.
template <class Work>
auto keeping(Work work) {
  try {
    return work();
  } catch (const HttpError&) {
    throw;
  } catch (const GuardError& error) {  // what it says of starting again is for a run
    const std::string what = error.what();
    throw HttpError(507, fmt::format("cannot keep it: {}; nothing was changed: ask again when there is room",
                                     what.substr(0, what.find("; nothing that"))));
  } catch (const Error& error) {
    throw HttpError(507, fmt::format("cannot keep it: {}; nothing was changed", error.what()));
  }
}

}  // namespace

bool is_searched(const fs::path& folder) {
  std::error_code ignored;
  return std::ranges::any_of(data::search_places(), [&](const data::SearchPlace& place) {
    return fs::weakly_canonical(place.folder, ignored) == fs::weakly_canonical(folder, ignored);
  });
}

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
            .folder = place.folder,
            .own = place.folder == folder_,
            .bytes = file->facts.bytes,
            .modified_ns = file->facts.modified_ns};
  }
  throw_no_set(name);
}

data::InkSet InkSets::read(const Found& found) {
  try {
    return data::parse_ink_json(found.text, found.name);
  } catch (const DataError& error) {
    throw HttpError(409, fmt::format("the file {} is broken ({}): mend it or move it away",
                                     (found.folder / found.name / data::kInkFile).string(), error.what()));
  }
}

WaitingLock InkSets::lock() const {
  return keeping([&] {
    make_folder(folder_);
    WaitingLock lock(folder_ / kInkLock);
    if (lock.fault() != 0) fail_file(folder_ / kInkLock, "lock", lock.fault());
    return lock;
  });
}

void InkSets::check_new(const std::string& name) const {
  if (!data::is_own_ink_name(name)) {
    throw HttpError(400,
                    "\"name\": wanted letters, digits, '-' and '_', the first a letter or digit, at most 60, and no "
                    "name of another data set");
  }
  if (const std::string what = what_is_there(folder_ / name); !what.empty()) {
    throw HttpError(409,
                    fmt::format("{} is {}: choose another name, or move it away", (folder_ / name).string(), what));
  }
  const auto names = data::names_of_own_ink(places_);
  if (std::ranges::find(names, name) != names.end())
    throw HttpError(409, fmt::format("there is a set \"{}\" already", name));
}

void InkSets::create(const std::string& name, const data::InkSet& set) {
  const WaitingLock held = lock();
  check_new(name);
  write(folder_ / name, set);
}

InkSets::Found InkSets::find_own(const std::string& name) const {
  Found found = find(name);
  if (found.own) return found;
  throw HttpError(403, fmt::format("{} lies in another folder, which this server does not write to", name));
}

fs::path InkSets::remove(const std::string& name) {
  const WaitingLock held = lock();
  find_own(name);
  return keeping([&] {
    const fs::path removed = folder_ / kRemoved;
    make_own_folder(removed);
    std::error_code error;
    const auto is_there = [&](const fs::path& path) { return fs::exists(fs::symlink_status(path, error)); };
    fs::path to = removed / name;
    for (int i = 2; is_there(to); ++i) to = removed / fmt::format("{}-{}", name, i);
    fs::rename(folder_ / name, to, error);
    if (error) fail_file(folder_ / name, "move the set aside", error.value());
    return to;
  });
}

data::InkSet InkSets::change(const std::string& name, const std::function<void(data::InkSet&)>& how) {
  const WaitingLock held = lock();
  return rewrite(find_own(name), how);
}

data::InkSet InkSets::rewrite(const Found& found, const std::function<void(data::InkSet&)>& how) const {
  data::InkSet set = read(found);
  how(set);
  write(found.folder / found.name, set);
  return set;
}

void InkSets::write(const fs::path& to, const data::InkSet& set) const {
  const std::string text = data::to_ink_json(set);
  if (text.size() > data::kMostInkBytes)
    throw HttpError(413, fmt::format("the set would be larger than {} bytes: begin another one", data::kMostInkBytes));
  keeping([&] {
    make_own_folder(to);
    try {
      write_file_atomically(to / data::kInkFile, text);
    } catch (const Error&) {
      std::error_code ignored;
      fs::remove(to, ignored);  // goes if it is empty: a new one must not keep its name from others
      throw;
    }
  });
}

std::string InkSets::begin(const std::string& name, const data::InkSet& set) {
  const WaitingLock held = lock();
  check_new(name);
  keeping([&] { make_own_folder(folder_ / kUploads); });
  remove_old_uploads();
  std::random_device random;
  std::string id;
  while (id.size() < kIdDigits) id += fmt::format("{:08x}", random());
  write(folder_ / kUploads / id, set);
  return id;
}

InkSets::Found InkSets::find_upload(const std::string& id) const {
  const bool is_id = id.size() == kIdDigits && id.find_first_not_of("0123456789abcdef") == std::string::npos;
  const auto file = is_id ? open_confined(folder_, {kUploads, id, data::kInkFile}) : std::nullopt;
  if (!file) throw HttpError(404, fmt::format("there is no upload \"{}\" (any more): begin it again", printable(id)));
  return {.name = id, .text = file->read(0, file->facts.bytes), .folder = folder_ / kUploads, .own = true};
}

data::InkSet InkSets::change_upload(const std::string& id, const std::function<void(data::InkSet&)>& how) {
  const WaitingLock held = lock();
  return rewrite(find_upload(id), how);
}

data::InkSet InkSets::finish(const std::string& id, const std::string& name) {
  const WaitingLock held = lock();
  data::InkSet set = read(find_upload(id));
  check_new(name);
  keeping([&] {
    std::error_code error;
    fs::rename(folder_ / kUploads / id, folder_ / name, error);  // an empty folder of that name is replaced
    if (error) fail_file(folder_ / name, "put the upload there", error.value());
  });
  return set;
}

void InkSets::cancel(const std::string& id) {
  const WaitingLock held = lock();
  find_upload(id);
  std::error_code ignored;
  fs::remove_all(folder_ / kUploads / id, ignored);
}

void InkSets::remove_old_uploads() const {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder_ / kUploads, ignored)) {
    std::error_code fault;
    fs::file_time_type changed = fs::last_write_time(entry.path() / data::kInkFile, fault);
    if (fault) changed = entry.last_write_time(fault);
    if (!fault && fs::file_time_type::clock::now() - changed > kUploadAge) fs::remove_all(entry.path(), fault);
  }
}

}  // namespace ganymede::serve
