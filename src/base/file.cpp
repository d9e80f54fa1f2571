#include "base/file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/regular_file.hpp"
#include "base/text.hpp"

namespace ganymede {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTemporarySuffix = ".partial";

// "<name>.<pid>-<number>.partial", as AtomicFile makes them.
bool is_temporary(const std::string& name) {
  if (!name.ends_with(kTemporarySuffix)) return false;
  const std::string stem = name.substr(0, name.size() - kTemporarySuffix.size());
  const std::size_t dot = stem.rfind('.'), dash = stem.rfind('-');
  if (dot == std::string::npos || dot == 0 || dash == std::string::npos || dash < dot + 2 || dash + 1 == stem.size())
    return false;
  const std::string digits = stem.substr(dot + 1, dash - dot - 1) + stem.substr(dash + 1);
  return digits.find_first_not_of("0123456789") == std::string::npos;
}

// The errno of the first write that fails, else 0.
int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

void sync_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) fail_file(folder, "open", errno);
  const int code = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  if (code != 0 && code != EINVAL) fail_file(folder, "bring to the disk", code);  // EINVAL: this file system cannot
}

}  // namespace

void fail_file(const fs::path& path, const char* action, int code) {
  if (code == ENOSPC || code == EDQUOT || code == EFBIG) {
    fail<GuardError>("{}: cannot {}: {} ({} free there); nothing that was complete is lost: make room and start again",
                     path.string(), action, std::strerror(code),
                     human_bytes(static_cast<double>(free_disk_bytes(path))));
  }
  std::error_code ignored;
  const fs::path folder = folder_of(path);
  if (code == ENOENT && !fs::exists(folder, ignored)) {
    fail<DataError>("{}: cannot {}: there is no folder {}: make it, or bring it back if it was moved or removed",
                    path.string(), action, folder.string());
  }
  fail<DataError>("{}: cannot {}: {}", path.string(), action, std::strerror(code));
}

void make_folder(const fs::path& path) {
  std::error_code code;
  fs::create_directories(path, code);
  if (code) fail_file(path, "make the folder", code.value());
}

void make_own_folder(const fs::path& path) {
  std::error_code ignored;
  const fs::file_status status = fs::symlink_status(path, ignored);
  if (fs::is_symlink(status)) {
    fail<DataError>("{}: a link, which may lead anywhere; wanted a folder of its own: put one in its place",
                    path.string());
  }
  if (fs::exists(status) && !fs::is_directory(status)) fail_file(path, "make the folder", ENOTDIR);
  make_folder(path);
}

fs::path followed(const fs::path& path) {
  std::error_code error;
  if (!fs::is_symlink(path, error)) return path;
  fs::path target = fs::weakly_canonical(path, error);
  return error ? path : target;
}

std::string read_file(const fs::path& path, std::uint64_t most) {
  if (most == 0) most = physical_memory_bytes();
  RegularFile file(path);
  const auto check = [&](std::uint64_t size) {
    if (size > most) fail<DataError>("{}: wanted a file of at most {} bytes, found {}", path.string(), most, size);
  };
  check(file.size());
  std::string bytes = file.read(most + 1);  // one more: the size may be unknown (/proc) or grow
  check(bytes.size());
  return bytes;
}

AtomicFile::AtomicFile(fs::path path) : path_(std::move(path)) {
  static std::atomic<unsigned> number{0};
  std::error_code ignored;
  const fs::file_status status = fs::symlink_status(path_, ignored);
  if (fs::exists(status) && !fs::is_regular_file(status) && !fs::is_symlink(status)) {
    fail<DataError>("{}: wanted a file to replace, found something else there", path_.string());
  }
  for (;;) {
    temporary_ = path_;
    temporary_ += fmt::format(".{}-{}{}", ::getpid(), number.fetch_add(1), kTemporarySuffix);
    descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ < 0 && errno == EEXIST) continue;
    if (descriptor_ < 0) fail_file(path_, "create a file beside it", errno);
    // The lock marks the writer as alive; without a link the file was taken for a dead one's before it was locked.
    struct stat found {};
    ::flock(descriptor_, LOCK_EX | LOCK_NB);
    if (::fstat(descriptor_, &found) == 0 && found.st_nlink > 0) return;
    ::close(descriptor_);
  }
}

AtomicFile::~AtomicFile() {
  close_and_remove();
}

void AtomicFile::close_and_remove() {
  if (descriptor_ < 0) return;
  ::unlink(temporary_.c_str());
  ::close(std::exchange(descriptor_, -1));
}

void AtomicFile::write(std::string_view bytes) {
  if (const int code = write_all(descriptor_, bytes); code != 0) {
    close_and_remove();  // first, so that the message counts the space as free
    fail_file(path_, "write", code);
  }
}

void AtomicFile::commit() {
  const char* action = "bring to the disk";
  int code = ::fsync(descriptor_) == 0 ? 0 : errno;
  if (code == 0 && ::rename(temporary_.c_str(), path_.c_str()) != 0) {
    action = "replace";
    code = errno;
  }
  if (code != 0) {
    close_and_remove();
    fail_file(path_, action, code);
  }
  ::close(std::exchange(descriptor_, -1));
  sync_folder(folder_of(path_));
}

void write_file_atomically(const fs::path& path, std::string_view bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

int remove_stale_temporaries(const fs::path& folder) {
  int removed = 0;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    if (!is_temporary(entry.path().filename().native())) continue;
    if (!fs::is_regular_file(entry.symlink_status(ignored))) continue;
    const int descriptor = ::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (descriptor < 0) continue;
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0 && ::unlink(entry.path().c_str()) == 0) ++removed;
    ::close(descriptor);
  }
  return removed;
}

AppendFile::AppendFile(fs::path path) : path_(std::move(path)) {
  // What is appended must not reach another folder through a link, symbolic or hard: a copy of its own is put here.
  std::error_code ignored;
  const bool shared = fs::is_regular_file(path_, ignored) && fs::hard_link_count(path_, ignored) > 1 && !ignored;
  if (fs::is_symlink(path_, ignored) || shared) write_file_atomically(path_, read_file(path_));
  descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
  if (descriptor_ < 0) fail_file(path_, "open", errno);
  struct stat status {};
  if (::fstat(descriptor_, &status) == 0 && !S_ISREG(status.st_mode)) {
    ::close(descriptor_);
    fail<DataError>("{}: wanted an ordinary file to append to, found something else there", path_.string());
  }
  if (::fstat(descriptor_, &status) == 0) length_ = static_cast<std::uint64_t>(status.st_size);
}

AppendFile::~AppendFile() {
  ::close(descriptor_);
}

void AppendFile::truncate(std::uint64_t length) {
  if (length > length_) {
    fail<DataError>("{}: wanted at least {} bytes, found {}: it has lost lines", path_.string(), length, length_);
  }
  if (::ftruncate(descriptor_, static_cast<off_t>(length)) != 0) fail_file(path_, "cut", errno);
  length_ = length;
}

void AppendFile::append_line(std::string_view line) {
  append(std::string(line) + '\n');
}

void AppendFile::append(std::string_view bytes) {
  if (const int code = write_all(descriptor_, bytes); code != 0) {
    // Only tried: the error is reported either way, and a resume cuts the file to the length in its checkpoint.
    [[maybe_unused]] const int cut = ::ftruncate(descriptor_, static_cast<off_t>(length_));
    fail_file(path_, "write", code);
  }
  length_ += bytes.size();
}

void AppendFile::sync() {
  if (::fsync(descriptor_) != 0 && errno != EINVAL) fail_file(path_, "bring to the disk", errno);
  sync_folder(folder_of(path_));  // the file may be new
}

}  // namespace ganymede
