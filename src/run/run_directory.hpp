#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "run/networks.hpp"
#include "run/recipe.hpp"

namespace ganymede::run {

/// diverged: a loss or gradient was not finite, and would be again; stopped: by another guard (a full disk).
enum class RunState { running, paused, finished, stopped, failed, diverged };
/// "running" ...
const char* name_of(RunState state);

/// run.json, schema "ganymede.run/1".
struct RunInfo {
  RunState state = RunState::running;
  std::string reason;   ///< why it stopped, diverged or failed; "" otherwise
  std::string recipe;   ///< name of the recipe
  std::string version;  ///< of the program
  std::string commit;   ///< of its source, "" if unknown
  std::string cpu;      ///< "Intel(R) Xeon(R) ..., avx512"
  std::string plan;     ///< arithmetic plan
  std::uint64_t seed = 0;
  int threads = 0;
  std::string data;     ///< folder that --data named, absolute; "" if it was not given
  std::string created;  ///< "2024-05-01T12:00:00Z"; filled by RunDirectory::create
  std::string updated;  ///< set by each write_info
  std::string parent;   ///< name of the run that it was forked from, "" if none
  std::uint64_t parent_step = 0;
  std::string imported;  ///< file that its weights came from, of a run that was not trained here; "" otherwise
  // Progress.
  std::uint64_t epoch = 0;
  std::uint64_t step = 0;
  std::uint64_t images = 0;
  std::uint64_t total_steps = 0;
  double seconds = 0;
  std::uint64_t memory_bytes = 0;  ///< of the executor: parameters, moments, activations; 0: not known
  friend bool operator==(const RunInfo&, const RunInfo&) = default;
};
std::string to_json(const RunInfo& info);
/// Throws DataError with `origin` and the fault.
RunInfo run_info_from_json(const std::string& text, const std::string& origin);

/// runs/<name>/: recipe.toml, run.json, run.lock, events.jsonl, checkpoints/, snapshots/, samples/, maps/, measures/,
/// report.html.
class RunDirectory {
 public:
  /// A new run, locked for writing: makes the folders, recipe.toml (resolved) and run.json. `name` "": the recipe's
  /// name with -001 counting up. Throws ConfigError if the name is taken (says how to resume it or choose another) or
  /// no plain file name. `fill` puts more into its folder before that takes its name. A process that is killed
  /// meanwhile leaves no run behind and the name free.
  static RunDirectory create(const std::filesystem::path& root, const std::string& name, const Recipe& recipe,
                             RunInfo info, const std::function<void(const RunDirectory&)>& fill = {});
  /// An existing one, for reading. Throws DataError if there is no run.
  static RunDirectory open(const std::filesystem::path& path);
  ~RunDirectory();
  RunDirectory(RunDirectory&&) noexcept;
  RunDirectory& operator=(RunDirectory&&) noexcept;

  /// Takes run.lock until the object goes; throws UserError (exit 2) if another process is writing this run. Makes
  /// folders that are missing, and refuses links in their places: a run is written within its own folder. Removes what
  /// a killed writer left aside.
  void lock();
  bool locked() const;
  /// Removes the run if this object made it: nothing was trained, and its name is free again.
  void discard_new();

  const std::filesystem::path& path() const { return path_; }
  std::string name() const { return path_.filename().string(); }
  std::filesystem::path recipe_path() const { return path_ / "recipe.toml"; }
  std::filesystem::path info_path() const { return path_ / "run.json"; }
  std::filesystem::path events_path() const { return path_ / "events.jsonl"; }
  std::filesystem::path checkpoints() const { return path_ / "checkpoints"; }
  std::filesystem::path snapshots() const { return path_ / "snapshots"; }
  std::filesystem::path samples() const { return path_ / "samples"; }

  Recipe recipe() const;
  /// Replaces recipe.toml (resume with a changed recipe). Needs the lock.
  void write_recipe(const Recipe& recipe);
  RunInfo info() const;
  /// Replaces run.json (atomically) and sets `updated`. Needs the lock.
  void write_info(RunInfo info);

 private:
  explicit RunDirectory(std::filesystem::path path);
  struct Lock;
  std::filesystem::path path_;
  std::unique_ptr<Lock> lock_;
  bool is_new_ = false;
};

// Files in a run's folder that other rooms look for.
inline constexpr const char* kLockFile = "run.lock";
inline constexpr const char* kConditionsFile = "conditions.npy";        ///< those that its samples are named with
inline constexpr const char* kPartitionFile = "partition.safetensors";  ///< the partition that it was made with

/// Throws ConfigError unless `name` is a plain file name that a run may have.
void check_run_name(const std::string& name);

/// The name that a new run of this recipe gets by itself: "dcgan-007" after "dcgan-006". `taken`: further names
/// that are in use.
std::string next_run_name(const std::filesystem::path& root, const std::string& recipe,
                          std::vector<std::string> taken = {});

/// Where runs live: `option` (--runs) if not empty, else GANYMEDE_RUNS, else ./runs.
std::filesystem::path runs_root(const std::string& option);
/// RUN of the command line: a path (holds a slash or is a run itself), or a name under `root`. Throws DataError with
/// the nearest names.
RunDirectory find_run(const std::filesystem::path& root, const std::string& path_or_name);

/// One line of `ganymede runs`.
struct RunSummary {
  std::filesystem::path path;
  std::string state;  ///< name_of(RunState), "interrupted" (says running, but nobody holds its lock), or "damaged"
  std::optional<RunInfo> info;  ///< empty if damaged
  std::string fault;            ///< of a damaged one
};
/// The word for it: what the run says of itself, and whether somebody holds its lock.
std::string state_text(const RunInfo& info, bool held);
/// The run's state as seen from outside.
RunSummary summary_of(const std::filesystem::path& run);
/// All runs under `root` by name; none if there is no such folder.
std::vector<RunSummary> list_runs(const std::filesystem::path& root);

struct DiskUse {
  std::int64_t checkpoints = 0, snapshots = 0, samples = 0, other = 0;
  std::int64_t total() const { return checkpoints + snapshots + samples + other; }
};
DiskUse disk_use(const std::filesystem::path& run);
/// What a run of so many epochs will take at its end and at most on the way (one checkpoint more); printed before it
/// starts.
struct ExpectedDiskUse {
  std::int64_t checkpoints = 0, snapshots = 0, samples = 0, peak = 0;
  std::int64_t snapshot_count = 0;
};
ExpectedDiskUse expected_disk_use(const Recipe& recipe, const Networks& networks, std::int64_t epochs);
/// Deletes the run. Throws UserError while it is locked, DataError if it is no run.
void remove_run(const std::filesystem::path& run);

}  // namespace ganymede::run
