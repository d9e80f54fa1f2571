#include "run/run_directory.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>

#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/lock.hpp"
#include "base/text.hpp"
#include "run/recipe_file.hpp"

namespace ganymede::run {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kLargestInfo = 1 << 20;  // bytes; it takes about 700
constexpr const char* kHidden = ".new-";         // a run's name begins with no dot
constexpr const char* kFolders[] = {"checkpoints", "snapshots", "samples", "maps", "measures", "directions"};

bool is_hidden(const fs::path& path) {
  return path.filename().native().starts_with(kHidden);
}

// Makes a hidden folder in which a run is made before it takes its name.
fs::path make_hidden_folder(const fs::path& root) {
  for (int number = 0;; ++number) {
    fs::path path = root / fmt::format("{}{}-{}", kHidden, ::getpid(), number);
    std::error_code code;
    if (fs::create_directory(path, code)) {
      return path;
    }
    if (code) fail_file(path, "make the folder", code.value());
  }
}

// Hidden folders of processes that were killed: nobody holds them, and to make a run takes no minute.
void remove_unfinished(const fs::path& root) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(root, ignored)) {
    const auto age = fs::file_time_type::clock::now() - entry.last_write_time(ignored);
    if (is_hidden(entry.path()) && age > std::chrono::minutes(1) && !FileLock::holder(entry.path() / kLockFile)) {
      fs::remove_all(entry.path(), ignored);
    }
  }
}

// Gives the folder its name; the system decides between two that want the same one.
fs::path take_name(const fs::path& hidden, const fs::path& root, const std::string& name, const Recipe& recipe) {
  for (;;) {
    fs::path path = root / (name.empty() ? next_run_name(root, recipe.name) : name);
    std::error_code code;
    fs::rename(hidden, path, code);
    if (!code) {
      return path;
    }
    if (code != std::errc::directory_not_empty && code != std::errc::file_exists &&
        code != std::errc::not_a_directory) {
      fail_file(path, "make the folder", code.value());
    }
    if (!name.empty()) {
      fail<ConfigError>(
          "{}: this run exists already: `ganymede resume {}` goes on with it, `--run NAME` names another, "
          "`ganymede runs rm {}` removes it",
          path.string(), name, name);
    }
  }
}

bool is_run(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path / "run.json", ignored) || fs::is_regular_file(path / kLockFile, ignored);
}

}  // namespace

void check_run_name(const std::string& name) {
  const bool bad = name.empty() || name.front() == '.' || name.front() == '-' || name.size() > 200 ||
                   name.find_first_not_of(' ') == std::string::npos ||
                   std::ranges::any_of(name, [](unsigned char c) { return c == '/' || c < 0x20 || c == 0x7F; });
  if (bad) {
    fail<ConfigError>("a run's name is a plain file name that begins with a letter or digit (got \"{}\")", name);
  }
}

// Whatever gaps there are. Nobody counts to more than nine digits.
std::string next_run_name(const fs::path& root, const std::string& recipe, std::vector<std::string> taken) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(root, ignored)) taken.push_back(entry.path().filename().string());
  int last = 0;
  for (const std::string& name : taken) {
    int number = 0;
    if (name.starts_with(recipe + "-") && name.size() <= recipe.size() + 1 + 9) {
      const char* end = name.data() + name.size();
      const auto parsed = std::from_chars(name.data() + recipe.size() + 1, end, number);
      if (parsed.ec == std::errc{} && parsed.ptr == end) {
        last = std::max(last, number);
      }
    }
  }
  return fmt::format("{}-{:03}", recipe, last + 1);
}

struct RunDirectory::Lock {
  FileLock file;
};

RunDirectory::RunDirectory(fs::path path) : path_(std::move(path)) {}
RunDirectory::~RunDirectory() = default;
RunDirectory::RunDirectory(RunDirectory&&) noexcept = default;
RunDirectory& RunDirectory::operator=(RunDirectory&&) noexcept = default;

RunDirectory RunDirectory::create(const fs::path& root, const std::string& name, const Recipe& recipe, RunInfo info,
                                  const std::function<void(const RunDirectory&)>& fill) {
  check_run_name(name.empty() ? recipe.name : name);
  make_folder(root);
  remove_unfinished(root);
  RunDirectory run(make_hidden_folder(root));
  try {
    run.lock();
    info.created = utc_timestamp();
    run.write_recipe(recipe);
    run.write_info(std::move(info));
    if (fill) fill(run);
    run.path_ = take_name(run.path_, root, name, recipe);
    run.is_new_ = true;
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(run.path_, ignored);
    throw;
  }
  return run;
}

RunDirectory RunDirectory::open(const fs::path& path) {
  if (!is_run(path)) {
    fail<DataError>("{}: not a run: there is no run.json in it", path.string());
  }
  // The run's name is the last part of its path: neither empty, as after a slash, nor a dot.
  const fs::path plain = path.has_filename() ? path : path.parent_path();
  const bool dots = plain.filename() == "." || plain.filename() == "..";
  return RunDirectory(dots ? fs::canonical(plain) : plain);
}

void RunDirectory::lock() {
  if (lock_) {
    return;
  }
  lock_ = std::make_unique<Lock>(Lock{FileLock(path_ / kLockFile)});
  remove_stale_temporaries(path_);
  for (const char* folder : kFolders) {
    make_own_folder(path_ / folder);
    remove_stale_temporaries(path_ / folder);
  }
}

bool RunDirectory::locked() const {
  return lock_ != nullptr;
}

void RunDirectory::discard_new() {
  if (!is_new_) return;
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

Recipe RunDirectory::recipe() const {
  return read_recipe(recipe_path());
}

void RunDirectory::write_recipe(const Recipe& recipe) {
  write_file_atomically(recipe_path(), to_toml(recipe));
}

RunInfo RunDirectory::info() const {
  return run_info_from_json(read_file(info_path(), kLargestInfo), info_path().string());
}

void RunDirectory::write_info(RunInfo info) {
  info.updated = utc_timestamp();
  write_file_atomically(info_path(), to_json(info));
}

fs::path runs_root(const std::string& option) {
  return !option.empty() ? option : environment("GANYMEDE_RUNS").value_or("runs");
}

RunDirectory find_run(const fs::path& root, const std::string& path_or_name) {
  const bool is_path = path_or_name.find('/') != std::string::npos;
  if (!is_path && is_run(root / path_or_name) && !path_or_name.empty()) {
    return RunDirectory::open(root / path_or_name);
  }
  if (is_path || is_run(path_or_name)) {
    return RunDirectory::open(path_or_name);
  }
  std::vector<std::string> names;
  for (const RunSummary& run : list_runs(root)) {
    names.push_back(run.path.filename().string());
  }
  if (names.empty()) {
    fail<DataError>("there is no run \"{}\": {} holds no runs", path_or_name, root.string());
  }
  fail<DataError>("there is no run \"{}\" in {}{}`ganymede runs` lists them", path_or_name, root.string(),
                  did_you_mean(path_or_name, names).empty() ? "; " : did_you_mean(path_or_name, names) + " ");
}

std::string state_text(const RunInfo& info, bool held) {
  return held ? "running" : info.state == RunState::running ? "interrupted" : name_of(info.state);
}

RunSummary summary_of(const fs::path& run) {
  RunSummary summary{.path = run, .state = "damaged", .info = std::nullopt, .fault = ""};
  // Asked before and after: a run that starts or ends meanwhile must not look interrupted.
  bool held = FileLock::holder(run / kLockFile).has_value();
  try {
    summary.info = RunDirectory::open(run).info();
  } catch (const std::exception& error) {
    summary.fault = error.what();
    return summary;
  }
  held = held || FileLock::holder(run / kLockFile).has_value();
  summary.state = state_text(*summary.info, held);
  return summary;
}

std::vector<RunSummary> list_runs(const fs::path& root) {
  std::vector<fs::path> paths;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(root, ignored)) {
    if (is_run(entry.path()) && !is_hidden(entry.path())) {
      paths.push_back(entry.path());
    }
  }
  std::ranges::sort(paths);
  std::vector<RunSummary> runs;
  runs.reserve(paths.size());
  for (const fs::path& path : paths) {
    runs.push_back(summary_of(path));
  }
  return runs;
}

void remove_run(const fs::path& path) {
  const RunDirectory run = RunDirectory::open(path);
  const FileLock lock(run.path() / kLockFile);
  std::error_code code;
  fs::remove_all(run.path(), code);
  if (code) {
    fail<DataError>("{}: cannot remove: {}", run.path().string(), code.message());
  }
}

}  // namespace ganymede::run
