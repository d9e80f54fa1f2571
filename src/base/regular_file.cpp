#include "base/regular_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"

namespace ganymede {
namespace {

constexpr std::uint64_t kBlock = std::uint64_t{1} << 16;

const char* name_of_kind(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

}  // namespace

RegularFile::RegularFile(std::filesystem::path path) : path_(std::move(path)) {
  descriptor_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);  // O_NONBLOCK: for pipes
  if (descriptor_ < 0) fail_file(path_, "open", errno);
  struct stat status {};
  const int code = ::fstat(descriptor_, &status) == 0 ? 0 : errno;
  if (code == 0 && S_ISREG(status.st_mode)) {
    size_ = static_cast<std::uint64_t>(status.st_size);
    return;
  }
  ::close(descriptor_);
  if (code != 0) fail_file(path_, "open", code);
  fail<DataError>("{}: wanted an ordinary file, found {}", path_.string(), name_of_kind(status.st_mode));
}

RegularFile::~RegularFile() {
  ::close(descriptor_);
}

std::string RegularFile::read(std::uint64_t count) {
  std::string bytes;
  bytes.reserve(std::min(count, size_ + 1));  // no more than is there, whatever a damaged header asks for
  while (bytes.size() < count) {
    const std::size_t old_size = bytes.size();
    const std::uint64_t known = size_ >= old_size ? size_ - old_size + 1 : kBlock;  // one more sees the end at once
    const std::size_t step = std::min(count - old_size, known);
    bytes.resize(old_size + step);
    const ssize_t got = ::read(descriptor_, bytes.data() + old_size, step);
    const int code = errno;
    bytes.resize(old_size + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got == 0) break;
    if (got < 0 && code != EINTR) fail_file(path_, "read", code);
  }
  return bytes;
}

}  // namespace ganymede
