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

/// An exclusive lock between threads, processes and machines that share a folder (a lock of POSIX on the open file,
/// which NFS knows), on a file that is created if missing and stays behind, empty. Waits until it is free; the system
/// frees it when its holder ends.
class WaitingLock {
 public:
  /// Not through a link: what bears the name is no lock then.
  explicit WaitingLock(const std::filesystem::path& path);
  ~WaitingLock();
  WaitingLock(WaitingLock&& other) noexcept;
  WaitingLock& operator=(WaitingLock&&) = delete;

  /// 0 while it is held, else the errno of why it is not.
  int fault() const { return fault_; }

 private:
  int descriptor_ = -1;
  int fault_ = 0;
};

}  // namespace ganymede
