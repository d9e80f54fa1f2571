#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/lock.hpp"
#include "data/ink/own_ink.hpp"
#include "data/places.hpp"

namespace ganymede::serve {

/// Where sets go that are removed.
inline constexpr const char* kRemoved = ".removed";
inline constexpr const char* kInkLock = ".ink.lock";
inline constexpr const char* kUploads = ".uploads";

/// Whether commands find a set in this folder by its name alone, without --data.
bool is_searched(const std::filesystem::path& folder);

/// The sets of ink of one's own (data/ink/own_ink.hpp) that a server shows and changes. It reads those of all places
/// where sets are looked for, and writes below one folder alone, never through a link. Any thread may call.
class InkSets {
 public:
  /// `data`: what --data named, or "". @throws ConfigError where that is no folder, with the way out
  explicit InkSets(const std::string& data);

  /// Where new sets are written: as data::fetch_folder says.
  const std::filesystem::path& folder() const { return folder_; }

  struct Found {
    std::string name;
    std::string text;                ///< the file's bytes
    std::filesystem::path folder{};  ///< the place where it lies
    bool own = false;                ///< it lies in folder(), so it can be changed
    std::uint64_t bytes = 0;
    std::int64_t modified_ns = 0;
  };
  /// The set of this name, without its text's being read yet as ink. @throws HttpError 404 where there is none, or its
  /// name is none; 409 for one larger than data::kMostInkBytes, which is no longer drawn
  Found find(const std::string& name) const;
  /// Names of all, sorted.
  std::vector<std::string> names() const { return data::names_of_own_ink(places_); }

  /// Whether a new set can have this name, and @throws as create where not.
  void check_new(const std::string& name) const;
  /// The symbols of a set that was found. @throws HttpError 409 with file, place and fault where it is broken
  static data::InkSet read(const Found& found);

  // Changes: one at a time, of all servers on this folder (a lock on kInkLock in it). What cannot be written is
  // @throws HttpError 507, and nothing is changed.

  /// Writes a new set. @throws HttpError 400 for a name that is none, 409 where a set or something else has it
  void create(const std::string& name, const data::InkSet& set);
  /// Reads it, has it changed, and writes it in one step. @throws as find and read; HttpError 403 for a set that lies
  /// elsewhere, 413 where the file would be larger than data::kMostInkBytes
  data::InkSet change(const std::string& name, const std::function<void(data::InkSet&)>& how);

  /// Moves the set, and what else lies in its folder, to kRemoved/NAME (NAME-2, ... where that is taken) in folder(),
  /// where no set is looked for; returns that path. @throws as change
  std::filesystem::path remove(const std::string& name);

  // A set that comes in pieces is one when the last is there: until then it lies in kUploads/ID, where none is looked
  // for; one that was left is removed by the next upload, a day later.

  /// Begins one, for a name that is free; returns its ID. @throws as create
  std::string begin(const std::string& name, const data::InkSet& set);
  /// As change. @throws HttpError 404 where there is no such upload
  data::InkSet change_upload(const std::string& id, const std::function<void(data::InkSet&)>& how);
  /// Makes it the set of this name. @throws as create and change_upload
  data::InkSet finish(const std::string& id, const std::string& name);
  void cancel(const std::string& id);

 private:
  WaitingLock lock() const;
  Found find_own(const std::string& name) const;
  Found find_upload(const std::string& id) const;
  void remove_old_uploads() const;
  data::InkSet rewrite(const Found& found, const std::function<void(data::InkSet&)>& how) const;
  void write(const std::filesystem::path& to, const data::InkSet& set) const;

  std::vector<data::SearchPlace> places_;
  std::filesystem::path folder_;
};

}  // namespace ganymede::serve
