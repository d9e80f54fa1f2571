#include "serve/child.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "base/lock.hpp"

extern char** environ;

namespace ganymede::serve {
namespace {

constexpr std::uint64_t kMostWords = 4000;

// What the child inherits: nothing of ours. Signals as they are at a process's start, in a session of its own.
struct SpawnSettings {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;

  explicit SpawnSettings(int words) {
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_adddup2(&files, words, STDERR_FILENO);
    ::posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
    ::posix_spawnattr_init(&attributes);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnSettings() {
    ::posix_spawn_file_actions_destroy(&files);
    ::posix_spawnattr_destroy(&attributes);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
};

}  // namespace

Child::Child(const std::filesystem::path& program, const std::vector<std::string>& arguments)
    : words_(::memfd_create("words of a run", MFD_CLOEXEC)) {
  if (!words_) fail<Error>("no memory for what a run says: {}", std::strerror(errno));
  std::string name = program.string();
  std::vector<std::string> words = arguments;
  std::vector<char*> argv{name.data()};
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const SpawnSettings settings(words_.number());
  const int code = ::posix_spawn(&pid_, name.c_str(), &settings.files, &settings.attributes, argv.data(), environ);
  if (code != 0) fail<Error>("{} cannot be started: {}", name, std::strerror(code));
}

std::optional<int> Child::ended() {
  int status = 0;
  if (!code_ && ::waitpid(pid_, &status, WNOHANG) == pid_)
    code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  return code_;
}

std::string Child::words() const {
  struct stat status {};
  if (::fstat(words_.number(), &status) != 0) return "";
  const auto size = static_cast<std::uint64_t>(status.st_size), count = std::min(size, kMostWords);
  std::string text(count, '\0');
  const ssize_t got = ::pread(words_.number(), text.data(), count, static_cast<off_t>(size - count));
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return text;
}

std::string last_words(std::string words) {
  while (!words.empty() && words.back() == '\n') words.pop_back();
  if (const std::size_t at = words.rfind("ganymede: "); at != std::string::npos) words.erase(0, at + 10);
  return words;
}

std::optional<pid_t> holder_of(const std::filesystem::path& run_folder) {
  namespace fs = std::filesystem;
  const auto lock = open_confined(run_folder, {run::kLockFile});
  const std::optional<long> pid = lock ? FileLock::holder(run_folder / run::kLockFile) : std::nullopt;
  if (!pid || *pid <= 1) return {};
  struct stat wanted {};
  if (::fstat(lock->descriptor.number(), &wanted) != 0) return {};
  std::error_code error;
  for (fs::directory_iterator entry("/proc/" + std::to_string(*pid) + "/fd", error), end; !error && entry != end;
       entry.increment(error)) {
    struct stat held {};
    if (::stat(entry->path().c_str(), &held) == 0 && held.st_dev == wanted.st_dev && held.st_ino == wanted.st_ino)
      return static_cast<pid_t>(*pid);
  }
  return {};
}

}  // namespace ganymede::serve
