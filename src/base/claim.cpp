#include "base/claim.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/lock.hpp"

namespace ganymede {
namespace {

namespace fs = std::filesystem;

std::string machine_and_ids() {
  char name[256] = {};
  std::error_code error;
  const std::string machine = ::gethostname(name, sizeof name - 1) == 0 ? name : "unknown";
  return machine + " " + fs::read_symlink("/proc/self/ns/pid", error).string();  // a container counts its own processes
}

/// What a claim's file says: who, and a number that no other claim has.
struct Holder {
  long process = 0;
  std::string machine;  ///< with its space of process ids
  std::string text;     ///< all of it
};

std::optional<Holder> read_holder(const fs::path& path) {
  try {
    Holder holder{.text = read_file(path, 4096)};
    char* rest = nullptr;
    holder.process = std::strtol(holder.text.c_str(), &rest, 10);
    const std::string after = rest;
    if (const std::size_t line = after.find('\n'); line != std::string::npos && line > 0)
      holder.machine = after.substr(1, line - 1);
    return holder;
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::string unique_suffix() {
  static std::atomic<int> number{0};
  char name[256] = {};
  const std::string machine = ::gethostname(name, sizeof name - 1) == 0 ? name : "unknown";
  return fmt::format(".{}-{}-{}", machine, ::getpid(), number++);
}

timespec changed(const fs::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mtim : timespec{};
}

std::chrono::milliseconds between(const timespec& before, const timespec& after) {
  return std::chrono::milliseconds((after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000);
}

bool is_gone(const Holder& holder, const fs::path& path, const fs::path& own, std::chrono::milliseconds stale_after) {
  if (holder.machine == machine_and_ids()) return ::kill(static_cast<pid_t>(holder.process), 0) != 0 && errno == ESRCH;
  return between(changed(path), changed(own)) > stale_after;  // both by the clock of whoever keeps the files
}

bool link_to(const fs::path& own, const fs::path& path) {
  if (::link(own.c_str(), path.c_str()) == 0) return true;
  struct stat status {};  // the answer may have been lost, and the link be there
  return ::stat(own.c_str(), &status) == 0 && status.st_nlink == 2;
}

}  // namespace

struct Claim::Kept {
  fs::path path;
  std::string text;
  std::mutex mutex;
  std::condition_variable ended;
  bool over = false;
  std::thread toucher;

  ~Kept() {
    {
      const std::scoped_lock lock(mutex);
      over = true;
    }
    ended.notify_all();
    if (toucher.joinable()) toucher.join();
    if (const auto holder = read_holder(path); holder && holder->text == text) ::unlink(path.c_str());
  }
};

Claim::Claim(std::unique_ptr<Kept> kept) : kept_(std::move(kept)) {}
Claim::Claim(Claim&&) noexcept = default;
Claim& Claim::operator=(Claim&&) noexcept = default;
Claim::~Claim() = default;

std::optional<Claim> Claim::take(const fs::path& path, std::chrono::milliseconds stale_after,
                                 std::chrono::milliseconds touch_every) {
  make_folder(path.parent_path());
  const std::string suffix = unique_suffix();
  const fs::path own = path.string() + suffix;
  const std::string text = fmt::format("{} {}\n{}\n", ::getpid(), machine_and_ids(), suffix);
  write_file_atomically(own, text);
  bool taken = link_to(own, path);
  if (!taken) {
    // One at a time looks whether the claim is old and takes its place: else a slow one could remove the next.
    const WaitingLock lock(path.parent_path().string() + ".takeover");
    const auto holder = read_holder(path);
    if (holder && is_gone(*holder, path, own, stale_after) && ::unlink(path.c_str()) == 0) taken = link_to(own, path);
  }
  ::unlink(own.c_str());
  if (!taken) return std::nullopt;
  auto kept = std::make_unique<Kept>();
  kept->path = path;
  kept->text = text;
  kept->toucher = std::thread([k = kept.get(), touch_every] {
    std::unique_lock lock(k->mutex);
    while (!k->ended.wait_for(lock, touch_every, [k] { return k->over; }))
      ::utimensat(AT_FDCWD, k->path.c_str(), nullptr, 0);
  });
  return Claim(std::move(kept));
}

std::string Claim::holder(const fs::path& path) {
  const auto holder = read_holder(path);
  if (!holder) return "";
  return fmt::format("process {} on {}", holder->process, holder->machine.substr(0, holder->machine.find(' ')));
}

}  // namespace ganymede
