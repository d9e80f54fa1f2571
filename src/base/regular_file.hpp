#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace ganymede {

/// An ordinary file, opened to be read. Whatever else bears the name (a pipe, a device, a socket, a folder) is refused
/// at once: nobody waits for a pipe's writer or reads a device without an end. Links are followed.
class RegularFile {
 public:
  /// @throws DataError naming the path: missing, not to be opened, no ordinary file.
  explicit RegularFile(std::filesystem::path path);
  ~RegularFile();
  RegularFile(const RegularFile&) = delete;
  RegularFile& operator=(const RegularFile&) = delete;

  /// For libraries that read by themselves; stays this object's.
  int descriptor() const { return descriptor_; }
  /// Bytes in the file when it was opened (0 for those of /proc, which are made as they are read).
  std::uint64_t size() const { return size_; }
  /// The next `count` bytes; fewer at the end. @throws DataError naming the path and the system's reason.
  std::string read(std::uint64_t count);

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace ganymede
