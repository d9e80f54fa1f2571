#pragma once

#include <filesystem>
#include <optional>

namespace ganymede {

/// An exclusive lock between processes (flock) on a file that is created if missing and stays behind, empty. The system
/// frees it when the process ends, however it ends. While it is held the file holds the holder's process id.
class FileLock {
 public:
  /// Takes the lock at once or throws UserError that names the holder's process id.
  explicit FileLock(std::filesystem::path path);
  ~FileLock();
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;

  /// The process id of who holds the lock on `path` (0 if not written yet), nothing if nobody does.
  static std::optional<long> holder(const std::filesystem::path& path);

 private:
  void replace();
  void release();

  std::filesystem::path path_;
  int descriptor_ = -1;
};

}  // namespace ganymede
