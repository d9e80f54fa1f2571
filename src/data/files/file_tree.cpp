#include "data/files/file_tree.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/file_kind.hpp"
#include "base/regular_file.hpp"
#include "base/text.hpp"
#include "data/files/folder_walk.hpp"

namespace ganymede::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = std::size_t{1} << 20;
constexpr std::uint64_t kLargestMember = 256'000'000, kLargestTree = 4'000'000'000;

using Reader = std::unique_ptr<archive, decltype(&archive_read_free)>;

std::string reason(archive* reader) {
  const char* text = archive_error_string(reader);
  return text == nullptr ? "damaged archive" : text;
}

std::string plain_name(std::string name) {
  std::replace(name.begin(), name.end(), '\\', '/');
  while (name.starts_with("./")) name.erase(0, 2);
  return name;
}

std::string read_member(archive* reader, std::size_t expected, const std::string& where) {
  const std::size_t block = std::clamp<std::size_t>(expected + 1, 512, kBlock);  // one more sees the end at once
  std::string bytes;
  for (la_ssize_t got = 1; got > 0;) {
    const std::size_t size = bytes.size();
    if (size > kLargestMember) fail<DataError>("{}: larger than {} bytes", where, kLargestMember);
    bytes.resize(size + block);
    got = archive_read_data(reader, bytes.data() + size, block);
    if (got < 0) fail<DataError>("{}: {}", where, reason(reader));
    bytes.resize(size + static_cast<std::size_t>(got));
  }
  return bytes;
}

}  // namespace

FileTree::FileTree(const fs::path& path, const std::function<bool(const std::string&)>& wanted) {
  std::error_code error;
  if (!fs::exists(path, error)) fail<DataError>("{}: no such file or folder", path.string());
  if (!fs::is_directory(path, error)) {
    read_archive(path, wanted);
    return;
  }
  folder_ = path;
  walk_folder(path, [&](const fs::path& file) {
    if (wanted(file.generic_string())) files_.emplace(file.generic_string(), std::string());
    return true;
  });
}

void FileTree::read_archive(const fs::path& path, const std::function<bool(const std::string&)>& wanted) {
  const Reader reader(archive_read_new(), archive_read_free);
  archive_read_support_filter_all(reader.get());
  archive_read_support_format_all(reader.get());
  const RegularFile file(path);
  if (archive_read_open_fd(reader.get(), file.descriptor(), kBlock) != ARCHIVE_OK) {
    fail<DataError>("{}: wanted a folder or an archive, found {} ({})", path.string(),
                    kind_of_file(RegularFile(path).read(kKindBytes)), reason(reader.get()));
  }
  std::uint64_t total = 0;
  archive_entry* entry = nullptr;
  for (;;) {
    const int code = archive_read_next_header(reader.get(), &entry);
    if (code == ARCHIVE_EOF) return;
    if (code < ARCHIVE_WARN) fail<DataError>("{}: {}", path.string(), reason(reader.get()));
    const char* raw = archive_entry_pathname(entry);
    const std::string name = plain_name(raw == nullptr ? "" : raw);
    const fs::path parts(name);
    const auto hidden = [](const fs::path& part) { return is_passed_over(part.string()); };
    if (archive_entry_filetype(entry) != AE_IFREG || !wanted(name) || std::any_of(parts.begin(), parts.end(), hidden))
      continue;
    std::string bytes =
        read_member(reader.get(), static_cast<std::size_t>(std::max<la_int64_t>(archive_entry_size(entry), 0)),
                    path.string() + ": " + name);
    total += bytes.size();
    if (total > kLargestTree) fail<DataError>("{}: holds more than {} bytes", path.string(), kLargestTree);
    files_[name] = std::move(bytes);
  }
}

std::vector<std::string> FileTree::names() const {
  std::vector<std::string> names;
  names.reserve(files_.size());
  for (const auto& [name, bytes] : files_) names.push_back(name);
  return names;
}

std::optional<std::string> FileTree::read(const std::string& name) const {
  const auto found = files_.find(name);
  if (found == files_.end()) return std::nullopt;
  return folder_.empty() ? found->second : read_file(folder_ / name, kLargestMember);
}

bool is_archive_name(const fs::path& path) {
  static constexpr std::array kEndings{".tar",    ".tgz",    ".txz",     ".zip",    ".7z",
                                       ".tar.gz", ".tar.xz", ".tar.bz2", ".tar.zst"};
  const std::string name = lower_case(path.filename().string());
  return std::any_of(kEndings.begin(), kEndings.end(), [&](const char* ending) { return name.ends_with(ending); });
}

}  // namespace ganymede::data
