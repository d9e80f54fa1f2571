#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "data/ink/own_ink.hpp"
#include "data/places.hpp"

namespace ganymede::serve {

/// The sets of ink of one's own (data/ink/own_ink.hpp) that a server shows and changes. It reads those of all places
/// where sets are looked for, and writes below one folder alone, never through a link. Any thread may call.
class InkSets {
 public:
  /// `data`: what --data named, or "". @throws as data::search_places.
  explicit InkSets(const std::string& data);

  /// Where new sets are written: as data::fetch_folder says.
  const std::filesystem::path& folder() const { return folder_; }

  struct Found {
    std::string name;
    std::string text;  ///< the file's bytes
    bool own = false;  ///< it lies in folder(), so it can be changed
    std::uint64_t bytes = 0;
    std::int64_t modified_ns = 0;
  };
  /// The set of this name, without its text's being read yet as ink. @throws HttpError 404 where there is none, or its
  /// name is none; 409 for one larger than data::kMostInkBytes, which is no longer drawn
  Found find(const std::string& name) const;
  /// Names of all, sorted.
  std::vector<std::string> names() const { return data::names_of_own_ink(places_); }

  /// Writes a new set. @throws HttpError 400 for a name that is none, 409 where a set or folder has it
  void create(const std::string& name, const data::InkSet& set);
  /// Reads it, has it changed, and writes it in one step; one change at a time. @throws as find; HttpError 403 for a
  /// set that lies elsewhere, 413 where the file would be larger than data::kMostInkBytes
  data::InkSet change(const std::string& name, const std::function<void(data::InkSet&)>& how);

 private:
  void write(const std::string& name, const data::InkSet& set) const;

  std::vector<data::SearchPlace> places_;
  std::filesystem::path folder_;
  std::mutex writing_;
};

}  // namespace ganymede::serve
