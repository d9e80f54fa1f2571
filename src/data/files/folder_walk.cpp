#include "data/files/folder_walk.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace ganymede::data {
namespace {

namespace fs = std::filesystem;

constexpr int kMostFolders = 1'000'000;  // of links that lead to each other there are no more than one would wait for

class Walk {
 public:
  Walk(const fs::path& root, const std::function<bool(const fs::path&)>& use) : root_(root), use_(use) {}

  // Whether to go on.
  bool enter(const fs::path& below) {
    const fs::path folder = root_ / below;
    struct stat status {};
    if (::stat(folder.c_str(), &status) != 0) return true;  // gone meanwhile
    const std::pair self(status.st_dev, status.st_ino);
    if (std::find(inside_.begin(), inside_.end(), self) != inside_.end()) return true;
    if (++folders_ > kMostFolders)
      fail<DataError>("{}: more than {} folders: do links lead in circles?", root_.string(), kMostFolders);
    inside_.push_back(self);
    bool go_on = true;
    for (const auto& [name, is_folder] : entries_of(folder)) {
      go_on = is_folder ? enter(below / name) : use_(below / name);
      if (!go_on) break;
    }
    inside_.pop_back();
    return go_on;
  }

 private:
  static std::vector<std::pair<std::string, bool>> entries_of(const fs::path& folder) {
    std::vector<std::pair<std::string, bool>> entries;
    std::error_code error, ignored;
    for (auto it = fs::directory_iterator(folder, error); !error && it != fs::end(it); it.increment(error)) {
      const std::string name = it->path().filename().string();
      if (!is_passed_over(name)) entries.emplace_back(name, it->is_directory(ignored));
    }
    if (error) fail<DataError>("{}: cannot read the folder: {}", folder.string(), error.message());
    std::sort(entries.begin(), entries.end());
    return entries;
  }

  const fs::path& root_;
  const std::function<bool(const fs::path&)>& use_;
  std::vector<std::pair<dev_t, ino_t>> inside_;  // the folders from the root to here
  int folders_ = 0;
};

}  // namespace

bool is_passed_over(const std::string& name) {
  return name.starts_with('.') || name == "@eaDir" || name == "__MACOSX";
}

void walk_folder(const fs::path& folder, const std::function<bool(const fs::path&)>& use) {
  Walk(folder, use).enter({});
}

}  // namespace ganymede::data
