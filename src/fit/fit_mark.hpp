#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>

#include "base/lock.hpp"

namespace ganymede::fit {

/// Lets other processes see that a classifier is being fitted, and how far that is: `<file>.fit` is locked as long as
/// this lives, `<file>.progress` holds "done total". Both go with it. Where they cannot be written, or somebody else
/// fits the same, it does nothing.
class FitMark {
 public:
  explicit FitMark(std::filesystem::path classifier_file);
  ~FitMark();
  FitMark(const FitMark&) = delete;
  FitMark& operator=(const FitMark&) = delete;

  /// Written four times a second at most.
  void show(std::int64_t done, std::int64_t total);

 private:
  std::filesystem::path file_;
  std::optional<FileLock> lock_;
  std::chrono::steady_clock::time_point shown_at_{};
};

/// Steps of a fit.
struct FitUnderWay {
  std::int64_t done = 0, total = 0;  ///< total 0: not known yet
};
/// Whether a process of this machine fits the classifier of that file now.
std::optional<FitUnderWay> fit_under_way(const std::filesystem::path& classifier_file);

}  // namespace ganymede::fit
