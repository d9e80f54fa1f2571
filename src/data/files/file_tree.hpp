#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ganymede::data {

/// The files of a folder (read when asked for) or of an archive (tar, zip, 7z ... plain or compressed; read at once).
/// Names are relative, with '/', without "./" in front.
class FileTree {
 public:
  /// Takes the files whose names `wanted` accepts. @throws DataError naming the path: missing, no archive, damaged, a
  /// member above 256 MB, or more than 4 GB in all.
  FileTree(const std::filesystem::path& path, const std::function<bool(const std::string& name)>& wanted);

  /// All names, sorted.
  std::vector<std::string> names() const;
  bool holds(const std::string& name) const { return files_.contains(name); }
  /// The bytes of a file, or nothing if there is no such file.
  std::optional<std::string> read(const std::string& name) const;

 private:
  void read_archive(const std::filesystem::path& path, const std::function<bool(const std::string&)>& wanted);

  std::filesystem::path folder_;              // empty: an archive
  std::map<std::string, std::string> files_;  // name -> bytes, which are empty for a folder
};

/// Whether the name looks like an archive's: .tar, .tar.xz, .tgz, .zip ...
bool is_archive_name(const std::filesystem::path& path);

}  // namespace ganymede::data
