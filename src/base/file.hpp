#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace ganymede {

// Files that survive a kill at any moment. A full disk (ENOSPC, EDQUOT, EFBIG) throws GuardError with the path and the
// space left; everything else that the system refuses throws DataError with the path and the system's reason.

/// The whole of an ordinary file (regular_file.hpp) as bytes. most > 0: no more than so many are allowed; 0: no more
/// than this machine has memory. DataError if it is missing, larger, no ordinary file or cannot be read.
std::string read_file(const std::filesystem::path& path, std::uint64_t most = 0);

/// Throws what stands above for the errno `code` of an `action` ("make the folder") on `path`.
[[noreturn]] void fail_file(const std::filesystem::path& path, const char* action, int code);

/// Makes a folder and those above it, where they are missing.
void make_folder(const std::filesystem::path& path);
/// The same for a folder that must be one itself, not a link to one; DataError otherwise. What is written into it stays
/// where the folder above it is.
void make_own_folder(const std::filesystem::path& path);
/// Where a link leads, or the path itself: for a name that the user gave, who may want to write through the link.
std::filesystem::path followed(const std::filesystem::path& path);

/// Replaces a file in one step: written aside in the same folder, fsynced, renamed over `path`, the folder fsynced. A
/// link is replaced itself; what it leads to is not touched (`followed` goes there).
/// Until `commit` returns, `path` holds its old content or none; without `commit`, or on failure, the temporary is
/// removed.
class AtomicFile {
 public:
  /// Creates the temporary `<path>.<pid>-<number>.partial`; the folder must exist.
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::string_view bytes);
  void commit();

 private:
  void close_and_remove();

  std::filesystem::path path_;
  std::filesystem::path temporary_;
  int descriptor_ = -1;
};

/// AtomicFile in one call.
void write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

/// Removes the temporaries of AtomicFile in `folder` (not below it) whose writer is gone; returns how many. A living
/// writer's stay, and so does every file with another kind of name.
int remove_stale_temporaries(const std::filesystem::path& folder);

/// An append-only log of lines or records. Each is one write, so that a kill leaves at most the last one incomplete.
class AppendFile {
 public:
  /// Opens or creates `path`, at its end. A link becomes a file of its own with the same content first.
  explicit AppendFile(std::filesystem::path path);
  ~AppendFile();
  AppendFile(const AppendFile&) = delete;
  AppendFile& operator=(const AppendFile&) = delete;

  /// Cuts the file to `length` bytes; DataError if it is shorter than that.
  void truncate(std::uint64_t length);
  /// Writes `line` and a newline; on failure the file has its old length again.
  void append_line(std::string_view line);
  /// Writes these bytes, likewise.
  void append(std::string_view bytes);
  /// Brings everything written so far to the disk (fsync).
  void sync();
  /// Bytes in the file.
  std::uint64_t length() const { return length_; }

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
  std::uint64_t length_ = 0;
};

}  // namespace ganymede
