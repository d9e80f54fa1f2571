#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "study/finding.hpp"
#include "train/run_set.hpp"
#include "train/team.hpp"

namespace ganymede::study {

/// What a person chooses of a study; zeros and empty texts: the study's own.
struct Choices {
  bool quick = false;
  int seeds = 0;
  std::int64_t steps = 0;      ///< of every run, where the study counts in steps
  std::int64_t epochs = 0;     ///< of every run, where it counts in epochs
  bool own_epochs = false;     ///< dims: each model as long as the published one was trained
  std::string judge = "auto";  ///< of images: "weak", "strong"; auto: weak if quick
  std::string source{};        ///< data set
};

/// What is still to be measured of a study.
struct Effort {
  std::int64_t points = 0;
  double seconds = 0;  ///< expected here
};

/// What a study gives.
struct Outcome {
  std::string results;  ///< JSON with a schema: the numbers, the findings and the page
  Judgement judgement;
};

/// One study with its choices made: a plan of runs, a judge and a page. Training the runs, FOLDER/runs/NAME of each, is
/// the caller's.
class Study {
 public:
  virtual ~Study() = default;

  virtual std::string folder() const = 0;  ///< usual name of its folder: "dims-quick"
  virtual std::vector<train::PlannedRun> runs() const = 0;
  /// Where the runs are those of teams, named "TEAM/WORKER": how they are trained; else none.
  virtual std::vector<train::PlannedTeam> teams() const { return {}; }
  /// Whether its data can be measured as the plan wants, before anything is trained. @throws DataError.
  virtual void check(const train::SessionOptions& session) const = 0;
  virtual std::int64_t points() const = 0;  ///< to be measured, in all
  /// What no earlier call has measured; nothing where that takes little.
  virtual std::optional<Effort> missing(const std::filesystem::path& /*folder*/,
                                        const train::SessionOptions& /*session*/) const {
    return {};
  }
  /// Measures all runs, judges them and writes the figures of the page into FOLDER/figures; what an earlier call
  /// measured is read again. `on_progress` is told before each point and may throw to end it.
  virtual Outcome measure(const std::filesystem::path& folder, const train::SessionOptions& session,
                          const std::function<void(double done, const std::string& what)>& on_progress) const = 0;
};

/// What every study does once its runs are trained: measures, and writes FOLDER/figures, results.json and, from these
/// alone, report.html, each file in one step.
Outcome finish(const Study& study, const std::filesystem::path& folder, const train::SessionOptions& session,
               const std::function<void(double done, const std::string& what)>& on_progress);

/// A study as the command line knows it. Options that have no text here are not offered.
struct StudyEntry {
  std::string name;
  std::string sentence;
  std::string schema;        ///< of its results, which page::pages knows
  std::string source;        ///< what the help says of --source
  std::string seeds;         ///< of the default of --seeds: "3, quick 2"
  std::string steps{};       ///< of --steps
  std::string epochs{};      ///< of --epochs
  std::string own_epochs{};  ///< what --own-epochs does
  bool judge = false;        ///< --judge
  std::string unit;          ///< of what is measured: "points", "runs"
  std::string example;       ///< lines of the help's end
  /// @throws ConfigError for choices that the study cannot take.
  std::unique_ptr<Study> (*make)(const Choices& choices) = nullptr;
};
/// All of them, in the order of lists.
const std::vector<StudyEntry>& studies();

}  // namespace ganymede::study
