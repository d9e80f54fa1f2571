#include "serve/confined.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>

#include "base/environment.hpp"

namespace ganymede::serve {
namespace {

constexpr std::size_t kMostEntries = 20'000;
constexpr std::int64_t kNanoseconds = 1'000'000'000;  // of a second
constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

FileFacts facts_of(const struct stat& status, const std::string& name) {
  return {.name = name,
          .bytes = static_cast<std::uint64_t>(status.st_size),
          .modified_ns = status.st_mtim.tv_sec * kNanoseconds + status.st_mtim.tv_nsec,
          .inode = status.st_ino};
}

// One name in a folder: no path, and neither "." nor "..".
bool is_name(const std::string& part) {
  return !part.empty() && part != "." && part != ".." && part.find('/') == std::string::npos &&
         part.find('\0') == std::string::npos;
}

// The folder that the first `count` parts lead to.
Descriptor open_folder(const std::filesystem::path& folder, const std::vector<std::string>& parts, std::size_t count) {
  Descriptor now(::open(folder.c_str(), kFolderFlags));
  for (std::size_t i = 0; i < count && now; ++i) {
    now = Descriptor(is_name(parts[i]) ? ::openat(now.number(), parts[i].c_str(), kFolderFlags) : -1);
  }
  return now;
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

std::string ConfinedFile::read(std::uint64_t offset, std::uint64_t count) const {
  std::string bytes(count, '\0');
  std::uint64_t have = 0;
  while (have < count) {
    const ssize_t got =
        ::pread(descriptor.number(), bytes.data() + have, count - have, static_cast<off_t>(offset + have));
    if (got <= 0) break;
    have += static_cast<std::uint64_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

std::optional<ConfinedFile> open_confined(const std::filesystem::path& folder, const std::vector<std::string>& parts) {
  if (parts.empty() || !is_name(parts.back())) return {};
  const Descriptor above = open_folder(folder, parts, parts.size() - 1);
  if (!above) return {};
  // O_NONBLOCK: a pipe may bear the name.
  Descriptor file(::openat(above.number(), parts.back().c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (!file) return {};
  struct stat status {};
  if (::fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
  return ConfinedFile{.descriptor = std::move(file), .facts = facts_of(status, parts.back())};
}

std::optional<std::string> read_confined(const std::filesystem::path& folder, const std::vector<std::string>& parts,
                                         std::uint64_t most) {
  const auto file = open_confined(folder, parts);
  if (!file || file->facts.bytes > most) return {};
  return file->read(0, file->facts.bytes);
}

std::vector<FileFacts> list_confined(const std::filesystem::path& folder, const std::vector<std::string>& parts) {
  std::vector<FileFacts> files;
  const Descriptor opened = open_folder(folder, parts, parts.size());
  DIR* stream = opened ? ::fdopendir(::fcntl(opened.number(), F_DUPFD_CLOEXEC, 0)) : nullptr;
  if (stream == nullptr) return files;
  while (const dirent* entry = ::readdir(stream)) {
    const std::string name = entry->d_name;
    struct stat status {};
    if (name.starts_with('.') || files.size() == kMostEntries) continue;
    if (::fstatat(opened.number(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode))
      continue;
    files.push_back(facts_of(status, name));
  }
  ::closedir(stream);
  std::ranges::sort(files, {}, &FileFacts::name);
  return files;
}

std::string utc_text(std::int64_t nanoseconds) {
  return utc_timestamp(nanoseconds / kNanoseconds);
}

std::string http_date(std::int64_t nanoseconds) {
  const std::time_t seconds = nanoseconds / kNanoseconds;
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[64];
  return std::string(text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts));
}

}  // namespace ganymede::serve
