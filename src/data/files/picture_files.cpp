#include "data/files/picture_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "data/files/folder_walk.hpp"
#include "picture/picture_file.hpp"

namespace ganymede::data {
namespace {

namespace fs = std::filesystem;

constexpr std::array kTrainNames{"train", "training"};
constexpr std::array kTestNames{"test", "testing", "val", "valid", "validation"};

PictureFiles all_pictures(const fs::path& folder) {
  PictureFiles all{.root = folder, .files = {}, .unread = {}};
  walk_folder(folder, [&](const fs::path& path) {
    if (picture::is_picture_name(path)) all.files.push_back(path);
    if (picture::is_unread_picture_name(path)) all.unread.push_back(path);
    return true;
  });
  return all;
}

// Subfolders of the root that the files lie in, and "" for files in the root itself.
std::set<std::string> tops_of(const std::vector<fs::path>& files) {
  std::set<std::string> tops;
  for (const fs::path& file : files) tops.insert(file.has_parent_path() ? file.begin()->string() : "");
  return tops;
}

template <std::size_t N>
std::vector<std::string> named(const std::set<std::string>& tops, const std::array<const char*, N>& names) {
  std::vector<std::string> found;
  for (const char* name : names) {
    std::copy_if(tops.begin(), tops.end(), std::back_inserter(found),
                 [&](const std::string& top) { return lower_case(top) == name; });
  }
  return found;
}

PictureFiles below(const PictureFiles& all, const std::string& top) {
  PictureFiles part{.root = all.root / top, .files = {}, .unread = {}};
  const auto take = [&](const std::vector<fs::path>& from, std::vector<fs::path>& to) {
    for (const fs::path& file : from) {
      if (file.has_parent_path() && *file.begin() == top) to.push_back(file.lexically_relative(top));
    }
  };
  take(all.files, part.files);
  take(all.unread, part.unread);
  return part;
}

}  // namespace

PictureFiles find_pictures(const fs::path& folder, Split split) {
  PictureFiles all = all_pictures(folder);
  std::set<std::string> tops = tops_of(all.files);
  tops.merge(tops_of(all.unread));
  const std::vector<std::string> train = named(tops, kTrainNames), test = named(tops, kTestNames);
  if (train.empty() || (test.empty() && tops.size() > 1)) return all;
  if (train.size() > 1) {
    fail<DataError>("{}: both \"{}\" and \"{}\" could be the training split: name one of them as the folder",
                    folder.string(), train[0], train[1]);
  }
  PictureFiles part = below(all, split == Split::train || test.empty() ? train[0] : test[0]);
  tops.erase(train[0]);
  if (!test.empty()) tops.erase(test[0]);
  for (const std::string& left : tops) {
    part.notes.push_back(fmt::format("{} left out: \"{}\" and \"{}\" are taken as the splits",
                                     left.empty() ? "pictures beside the folders are" : "\"" + left + "\" is", train[0],
                                     test[0]));
  }
  return part;
}

bool holds_pictures(const fs::path& folder) {
  bool any = false;
  walk_folder(folder, [&](const fs::path& path) {
    any = picture::is_picture_name(path) || picture::is_unread_picture_name(path);
    return !any;
  });
  return any;
}

std::string formats_text(const PictureFiles& pictures) {
  if (pictures.unread.empty()) return {};
  std::map<std::string, std::int64_t> counts;
  for (const fs::path& file : pictures.unread) ++counts[lower_case(file.extension().string())];
  std::string list, patterns;
  for (const auto& [ending, count] : counts) {
    list += fmt::format("{}{} {}", list.empty() ? "" : ", ", with_thousands(count), ending);
    patterns += " *" + ending;
  }
  const auto total = static_cast<std::int64_t>(pictures.unread.size());
  return fmt::format(
      "{} not read ({}): wanted PNG or JPEG; convert them, for example with ImageMagick: `mogrify -format png{}`",
      total == 1 ? "1 picture is of a format that is" : with_thousands(total) + " pictures are of formats that are",
      list, patterns);
}

std::vector<std::string> unread_folders(const PictureFiles& pictures) {
  std::set<std::string> folders = tops_of(pictures.unread);
  folders.erase("");
  for (const std::string& top : tops_of(pictures.files)) folders.erase(top);
  return {folders.begin(), folders.end()};
}

}  // namespace ganymede::data
