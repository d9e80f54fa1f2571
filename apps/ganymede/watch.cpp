#include "watch.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"
#include "command.hpp"

namespace ganymede::app {
namespace {

constexpr std::chrono::seconds kPatience{20};
constexpr std::size_t kMostWords = 4000;
constexpr int kNiceness = 10;

// Reads until an object is whole, the other end is closed, or it takes too long.
std::string first_words(int descriptor) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  std::string text;
  std::array<char, 512> piece{};
  while (!text.ends_with("}\n") && text.size() < kMostWords) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    pollfd ready{.fd = descriptor, .events = POLLIN, .revents = 0};
    if (left.count() <= 0 || (::poll(&ready, 1, static_cast<int>(left.count())) == 0)) break;
    const ssize_t got = ::read(descriptor, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    text.append(piece.data(), static_cast<std::size_t>(got));
  }
  return text;
}

}  // namespace

Watch::Watch(const std::filesystem::path& runs, std::optional<int> port) {
  std::string words = start(runs, port.value_or(kUsualPort));
  if (!words.ends_with("}\n") && !port) {
    end();
    words = start(runs, 0);
  }
  if (!words.ends_with("}\n")) {
    end();
    while (words.ends_with('\n')) words.pop_back();
    const std::string_view name = "ganymede: ";
    fail<UserError>("--watch: {}", words.empty()             ? "the server does not begin"
                                   : words.starts_with(name) ? words.substr(name.size())
                                                             : words);
  }
  link_ = parse_json(words, "--watch").at("link");
}

Watch::~Watch() {
  end();
}

std::string Watch::start(const std::filesystem::path& runs, int port) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail<Error>("--watch: no pipe: {}", std::strerror(errno));
  const std::string program = std::filesystem::canonical("/proc/self/exe").string();
  std::vector<std::string> words{
      program, "serve", "--runs", std::filesystem::absolute(runs).string(), "--port", std::to_string(port), "--json"};
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) {  // only what is safe after a fork, until it is another program
    ::setpgid(0, 0);
    ::setpriority(PRIO_PROCESS, 0, kNiceness);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(1);
    ::dup2(::open("/dev/null", O_RDONLY), STDIN_FILENO);
    ::dup2(ends[1], STDOUT_FILENO);
    ::dup2(ends[1], STDERR_FILENO);
    ::execv(program.c_str(), argv.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  if (pid_ < 0) {
    pid_ = 0;
    ::close(ends[0]);
    fail<Error>("--watch: {}", std::strerror(errno));
  }
  std::string said = first_words(ends[0]);
  ::close(ends[0]);
  return said;
}

void Watch::end() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGTERM);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = 0;
}

}  // namespace ganymede::app
