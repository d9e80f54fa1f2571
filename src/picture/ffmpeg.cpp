#include "picture/ffmpeg.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "base/environment.hpp"
#include "base/error.hpp"

namespace ganymede::picture {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostWords = 600;  // of ffmpeg's complaints in a message

fs::path make_folder() {
  std::string name = (fs::temp_directory_path() / "ganymede-film-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    fail<DataError>("{}: cannot create a folder for the film: {}", name, std::strerror(errno));
  return name;
}

// What the child is given as its standard input, output and error.
struct Files {
  Files(int input, const fs::path& words) {
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, words.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    // A group of its own: Ctrl-C is for us to handle.
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  }
  ~Files() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
};

}  // namespace

fs::path find_ffmpeg() {
  std::string rest = environment("PATH").value_or("");
  while (!rest.empty()) {
    const std::size_t end = rest.find(':');
    fs::path candidate = fs::path(rest.substr(0, end)) / "ffmpeg";
    rest = end == std::string::npos ? "" : rest.substr(end + 1);
    if (fs::is_regular_file(candidate) && ::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return {};
}

FfmpegFilm::FfmpegFilm(const fs::path& path, std::vector<std::string> codec, std::string container,
                       double frames_per_second)
    : path_(path),
      program_(find_ffmpeg()),
      codec_(std::move(codec)),
      container_(std::move(container)),
      frames_per_second_(frames_per_second),
      target_(path) {
  if (program_.empty()) {
    fail<ConfigError>(
        "{}: films of this kind need the program ffmpeg, which is not in PATH: install it (on Debian: apt install "
        "ffmpeg) or "
        "write a .gif",
        path.string());
  }
  folder_ = make_folder();
}

FfmpegFilm::~FfmpegFilm() {
  if (child_ > 0) {
    ::kill(child_, SIGKILL);
    wait();
  }
  std::error_code ignored;
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

void FfmpegFilm::start(const Image& frame) {
  std::vector<std::string> words{program_.string(),
                                 "-nostdin",
                                 "-hide_banner",
                                 "-loglevel",
                                 "error",
                                 "-f",
                                 "rawvideo",
                                 "-pixel_format",
                                 frame.channels() == 1 ? "gray" : "rgb24",
                                 "-video_size",
                                 fmt::format("{}x{}", frame.width(), frame.height()),
                                 "-framerate",
                                 fmt::format("{:g}", frames_per_second_),
                                 "-i",
                                 "pipe:0",
                                 "-an"};
  words.insert(words.end(), codec_.begin(), codec_.end());
  for (const std::string& word : {std::string("-f"), container_, std::string("-y"), (folder_ / "film").string()})
    words.push_back(word);
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);

  // A socket rather than a pipe: when ffmpeg ends early, send() reports it where write() would raise SIGPIPE.
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    fail<DataError>("{}: cannot talk to ffmpeg: {}", path_.string(), std::strerror(errno));
  }
  const Files files(ends[1], folder_ / "words");
  const int code =
      ::posix_spawn(&child_, program_.c_str(), &files.actions, &files.attributes, arguments.data(), environ);
  ::close(ends[1]);
  input_ = ends[0];
  if (code != 0) {
    child_ = -1;
    ::close(std::exchange(input_, -1));
    fail<DataError>("{}: {} cannot be started: {}", path_.string(), program_.string(), std::strerror(code));
  }
}

void FfmpegFilm::send(const Image& frame) {
  std::span<const std::uint8_t> rest = frame.pixels();
  while (!rest.empty()) {
    const ssize_t sent = ::send(input_, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) fail_with_words();
    rest = rest.subspan(static_cast<std::size_t>(sent));
  }
}

void FfmpegFilm::add(const Image& frame) {
  if (child_ < 0) start(frame);
  send(frame);
}

void FfmpegFilm::wait() {
  if (input_ >= 0) ::close(std::exchange(input_, -1));
  while (child_ > 0 && ::waitpid(child_, &status_, 0) < 0 && errno == EINTR) {
  }
  child_ = -1;
}

void FfmpegFilm::fail_with_words() {
  wait();
  std::string words = read_file(folder_ / "words");
  while (!words.empty() && words.back() == '\n') words.pop_back();
  if (words.size() > kMostWords) words = "... " + words.substr(words.size() - kMostWords);
  if (words.empty())
    words = WIFSIGNALED(status_) ? fmt::format("ended by signal {}", WTERMSIG(status_)) : "no reason given";
  fail<DataError>("{}: ffmpeg could not write the film: {}", path_.string(), words);
}

void FfmpegFilm::finish() {
  wait();
  if (!WIFEXITED(status_) || WEXITSTATUS(status_) != 0) fail_with_words();
  target_.write(read_file(folder_ / "film"));
  target_.commit();
}

}  // namespace ganymede::picture
