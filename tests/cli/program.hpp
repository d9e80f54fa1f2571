#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "base/file.hpp"
#include "run/checkpoint.hpp"
#include "run/events.hpp"
#include "run/snapshot.hpp"

namespace ganymede::cli {

namespace fs = std::filesystem;

/// How the program ended: its exit code (or minus the signal that killed it) and what it wrote.
struct Result {
  int code = 0;
  std::string out, err;
  nlohmann::json json() const { return nlohmann::json::parse(out); }
};

/// The program at work in a folder of its own.
class Child {
 public:
  using Before = std::function<void()>;

  /// `before` runs in the child just before the program does.
  Child(const fs::path& folder, const std::vector<std::string>& arguments, const Before& before = {})
      : out_(folder / "stdout.txt"), err_(folder / "stderr.txt") {
    const char* program = GANYMEDE_PROGRAM;
    std::vector<char*> argv{const_cast<char*>(program)};
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    pid_ = fork();
    if (pid_ != 0) return;
    const int out = open(out_.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0644);
    const int err = open(err_.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0644);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    for (const char* name : {"GANYMEDE_RUNS", "GANYMEDE_DATA", "GANYMEDE_CPU", "XDG_DATA_HOME", "XDG_CACHE_HOME"})
      unsetenv(name);
    setenv("HOME", folder.c_str(), 1);
    if (chdir(folder.c_str()) != 0) _exit(126);
    if (before) before();
    execv(program, argv.data());
    _exit(127);
  }
  ~Child() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      wait();
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t pid() const { return pid_; }
  void send(int signal) const { kill(pid_, signal); }

  /// Waits until `condition` holds or the program has ended; false in the latter case, or after a minute.
  bool wait_until(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (!condition()) {
      siginfo_t info{};
      if (waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == pid_) {
        return false;
      }
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    return true;
  }

  Result wait() {
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = 0;
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), read_file(out_), read_file(err_)};
  }

 private:
  fs::path out_, err_;
  pid_t pid_ = 0;
};

inline std::string bytes_of(const NamedTensors& tensors) {
  std::string result;
  for (const auto& [name, tensor] : tensors) {
    const auto bytes = tensor.bytes();
    result += name + std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  return result;
}

/// A test with a fresh folder, in which the program runs and keeps its runs.
class Cli : public testing::Test {
 protected:
  Cli() {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(testing::TempDir()) /
              (std::string("cli-") + info->test_suite_name() + "-" + info->name() + "-" + std::to_string(getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    write("tiny.toml",
          "schema = 1\n"
          "description = \"trains in a moment\"\n"
          "[data]\n"
          "builtin_count = 200\n"
          "[latent]\n"
          "dim = 3\n"
          "[generator]\n"
          "width = 4\n"
          "[discriminator]\n"
          "width = 4\n"
          "[train]\n"
          "batch = 32\n"
          "epochs = 2\n"
          "sample_grid = 20\n");
  }
  ~Cli() override {
    if (!HasFailure()) fs::remove_all(folder_);
  }

  /// Keeps classifiers beside those of other tests, for what is not about fitting them: the first one fits.
  void share_classifiers() const {
    const fs::path shared = fs::path(testing::TempDir()) / "cli-classifiers";
    fs::create_directories(shared);
    fs::create_directories(at(".cache/ganymede"));
    fs::create_directory_symlink(shared, at(".cache/ganymede/classifiers"));
  }

  Result run(const std::vector<std::string>& arguments, const Child::Before& before = {}) const {
    return Child(folder_, arguments, before).wait();
  }
  /// Trains tiny.toml as run `name`, one thread, with further arguments.
  static std::vector<std::string> train(const std::string& name, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{"train", "tiny.toml", "--run", name, "--threads", "1"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  fs::path folder() const { return folder_; }
  fs::path at(const std::string& path) const { return folder_ / path; }
  fs::path run_path(const std::string& name) const { return folder_ / "runs" / name; }
  std::string read(const std::string& path) const { return read_file(folder_ / path); }
  void write(const std::string& path, const std::string& text) const { std::ofstream(folder_ / path) << text; }

  std::string state(const std::string& name) const {
    return nlohmann::json::parse(read("runs/" + name + "/run.json")).at("state");
  }
  std::size_t event_count(const std::string& name) const {
    return run::read_event_lines(run_path(name) / "events.jsonl").size();
  }
  /// Everything that must be equal between a run and its resumed twin: pictures, events but their time_* fields, and
  /// all tensors of snapshots and the last checkpoint (as "checkpoint").
  std::map<std::string, std::string> results(const std::string& name) const {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(run_path(name))) {
      const std::string path = fs::relative(entry.path(), run_path(name)).string();
      // The title of a map's picture names the run; the class of each of its points is in the array beside it.
      if (path.starts_with("maps/") ? path.ends_with(".npy") : path.ends_with(".png"))
        files[path] = read_file(entry.path());
    }
    for (const run::SnapshotFile& snapshot : run::list_snapshots(run_path(name) / "snapshots")) {
      files[snapshot.path.filename()] = bytes_of(run::load_snapshot(snapshot.path).tensors);
    }
    for (const std::string& line : run::read_event_lines(run_path(name) / "events.jsonl")) {
      files["events"] += run::without_times(line) + "\n";
    }
    files["checkpoint"] = bytes_of(run::load_latest_checkpoint(run_path(name) / "checkpoints").checkpoint.tensors);
    return files;
  }
  void expect_equal(const std::string& name, const std::string& wanted) const {
    const auto a = results(name);
    const auto b = results(wanted);
    for (const auto& [file, content] : b) {
      ASSERT_TRUE(a.contains(file)) << file;
      EXPECT_TRUE(a.at(file) == content) << file << " differs";
    }
    EXPECT_EQ(a.size(), b.size());
  }

 private:
  fs::path folder_;
};

inline testing::AssertionResult holds(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "\"" << part << "\" is not in:\n" << text;
}

}  // namespace ganymede::cli
