#include "watch.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"
#include "command.hpp"
#include "shared.hpp"

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

void add_watch(CLI::App& command, WatchArguments& arguments) {
  auto* watch =
      command.add_flag("--watch", arguments.watch,
                       "A server beside it, as `ganymede serve`, as long as it trains; prints its link first");
  command
      .add_option("--port", arguments.port, "Port of that server; 0 takes a free one (default: 8642, or a free one)")
      ->transform(range(0, 65535))
      ->needs(watch);
}

std::unique_ptr<Watch> watch_of(const WatchArguments& arguments, const std::filesystem::path& runs) {
  if (!arguments.watch) return {};
  auto watch = std::make_unique<Watch>(runs, arguments.port);
  tell("watch it: {} (as long as it trains)", watch->link());
  return watch;
}

void show_watch_again(const WatchArguments& arguments, const Output& output, const std::string& runs) {
  if (!arguments.watch || output.json || output.quiet) return;
  show(fmt::format("watch again: {} serve{} --open\n", program_name(), runs.empty() ? "" : " --runs " + runs));
}

}  // namespace ganymede::app
