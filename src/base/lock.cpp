#include "base/lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"

namespace ganymede {
namespace {

constexpr int kTries = 10;  // over a tenth of a second: `holder` takes a shared lock for a moment

long read_pid(int descriptor) {
  char text[32] = {};
  const ssize_t count = ::pread(descriptor, text, sizeof text - 1, 0);
  return count > 0 ? std::strtol(text, nullptr, 10) : 0;
}

}  // namespace

FileLock::FileLock(std::filesystem::path path) : path_(std::move(path)) {
  constexpr int kFlags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  descriptor_ = ::open(path_.c_str(), kFlags, 0666);
  if (descriptor_ < 0 && errno == ELOOP && ::unlink(path_.c_str()) == 0) {  // a link is replaced, not written through
    descriptor_ = ::open(path_.c_str(), kFlags, 0666);
  }
  if (descriptor_ < 0) fail_file(path_, "open the lock", errno);
  struct stat status {};
  if (::fstat(descriptor_, &status) == 0 && !S_ISREG(status.st_mode)) {
    ::close(descriptor_);
    fail<DataError>("{}: wanted an ordinary file as the lock, found something else there: remove it", path_.string());
  }
  int code = 0;
  for (int tried = 0; tried < kTries; ++tried) {
    code = ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
    if (code != EWOULDBLOCK) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  if (code != 0) {
    const long pid = read_pid(descriptor_);
    ::close(descriptor_);
    if (code != EWOULDBLOCK) fail<DataError>("{}: cannot lock: {}", path_.string(), std::strerror(code));
    fail<UserError>("{}: in use by process {}; wait until it has ended or stop it", path_.string(), pid);
  }
  if (::fstat(descriptor_, &status) == 0 && status.st_nlink > 1) replace();  // the other names are somebody else's
  const std::string pid = std::to_string(::getpid()) + "\n";
  // The pid only informs: the lock holds without it, even on a full disk.
  [[maybe_unused]] const bool told =
      ::ftruncate(descriptor_, 0) == 0 && ::pwrite(descriptor_, pid.data(), pid.size(), 0) == ssize_t(pid.size());
}

void FileLock::replace() {
  ::close(std::exchange(descriptor_, -1));
  ::unlink(path_.c_str());
  descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (descriptor_ < 0 || ::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    const int code = errno;
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
    fail_file(path_, "replace the lock", code);
  }
}

FileLock::~FileLock() {
  release();
}

FileLock::FileLock(FileLock&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  if (this == &other) return *this;
  release();
  path_ = std::move(other.path_);
  descriptor_ = std::exchange(other.descriptor_, -1);
  return *this;
}

void FileLock::release() {
  if (descriptor_ < 0) return;
  [[maybe_unused]] const int cut = ::ftruncate(descriptor_, 0);
  ::close(std::exchange(descriptor_, -1));
}

std::optional<long> FileLock::holder(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // a pipe may bear the name
  if (descriptor < 0) return std::nullopt;
  std::optional<long> pid;
  if (::flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK) pid = read_pid(descriptor);
  ::close(descriptor);
  return pid;
}

WaitingLock::WaitingLock(const std::filesystem::path& path)
    : descriptor_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666)) {
  struct flock whole {};
  whole.l_type = F_WRLCK;
  do {
    fault_ = descriptor_ >= 0 && ::fcntl(descriptor_, F_OFD_SETLKW, &whole) == 0 ? 0 : errno;
  } while (descriptor_ >= 0 && fault_ == EINTR);
}

WaitingLock::WaitingLock(WaitingLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), fault_(other.fault_) {}

WaitingLock::~WaitingLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace ganymede
