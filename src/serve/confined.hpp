#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ganymede::serve {

// Files below a folder, reached part by part without following a link: whatever a run's folder holds, nothing outside
// of it is ever opened, and nobody can put a link in a part's place between a check and an open.

/// A file descriptor of its own.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  int number() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_;
};

/// What is known of an ordinary file.
struct FileFacts {
  std::string name;
  std::uint64_t bytes = 0;
  std::int64_t modified_ns = 0;  ///< since 1970
  std::uint64_t inode = 0;
};

struct ConfinedFile {
  Descriptor descriptor;
  FileFacts facts;
  /// At most `count` bytes from `offset`; fewer at the end, or where the system cannot read.
  std::string read(std::uint64_t offset, std::uint64_t count) const;
};

/// An ordinary file below `folder`; nothing if a part is missing, is a link, or is no folder, or the last is no
/// ordinary file.
std::optional<ConfinedFile> open_confined(const std::filesystem::path& folder, const std::vector<std::string>& parts);
/// All of such a file, if it is there and has no more than `most` bytes.
std::optional<std::string> read_confined(const std::filesystem::path& folder, const std::vector<std::string>& parts,
                                         std::uint64_t most);
/// The ordinary files of a folder below `folder` by name (`parts` may be empty: of itself), hidden ones left out; the
/// first 20,000 that the system names.
std::vector<FileFacts> list_confined(const std::filesystem::path& folder, const std::vector<std::string>& parts);

/// "2026-01-31T12:34:56Z"
std::string utc_text(std::int64_t nanoseconds);
/// As in HTTP: "Sat, 31 Jan 2026 12:34:56 GMT"
std::string http_date(std::int64_t nanoseconds);

}  // namespace ganymede::serve
