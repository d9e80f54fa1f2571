#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "study/directions/directions_claims.hpp"
#include "study/directions/directions_plan.hpp"
#include "study/finding.hpp"

namespace ganymede::study {

/// One attribute of one run.
struct AttributeFound {
  std::string name;
  Separated separated{};
  double explained = 0;  ///< R^2 held out
  bool told = false;
  double left = 0;                                                ///< of its normal beside all others
  double moved = 0, moved_conditional = 0, moved_orthogonal = 0;  ///< own change a step along each; NaN without
};

/// What one run gave.
struct DirectionsRun {
  std::string run;
  bool failed = false;
  double seconds = 0;  ///< of training
  std::vector<AttributeFound> attributes{};
  std::string verdict{}, sentence{};  ///< explore::Entanglement
  std::string first{}, second{};      ///< of the largest cosine
  double cosine = 0, off_diagonal = 0, measured_off_diagonal = 0, covariance_told = 0, side_effects_told = 0;
  double leak_normal = 0, leak_conditional = 0, leak_orthogonal = 0;
  std::int64_t rises = 0;  ///< attributes that rise along their normal, the interval above 0
  Pairs pairs{};

  std::int64_t told() const;
  /// Mean of a number over the attributes; `told_only`: over those that z tells. NaN where none has it.
  double mean(double (*of)(const AttributeFound&), bool told_only = false) const;
};

/// Measures the last weights of a run, or reads what an earlier call measured: RUN/measures/study-directions-epoch-N
/// .json; the directions themselves stay in RUN/directions/study.json with their pictures.
DirectionsRun measure_directions_run(const DirectionsPlan& plan, const std::filesystem::path& run_folder,
                                     const train::SessionOptions& session);
std::filesystem::path directions_point_path(const std::filesystem::path& run_folder, std::int64_t epoch);

struct DirectionsArmResult {
  const DirectionsArm* plan = nullptr;
  std::vector<DirectionsRun> runs;

  /// Of the runs that did not fail, without what is not finite.
  Arm arm(const std::function<double(const DirectionsRun&)>& of) const;
};
struct DirectionsResults {
  DirectionsPlan plan;
  std::vector<DirectionsArmResult> arms;  ///< by arm

  double seconds() const;
  std::string failed_text() const;
};
DirectionsResults measure_directions(const DirectionsPlan& plan, const std::filesystem::path& folder,
                                     const train::SessionOptions& session,
                                     const std::function<void(double done, const std::string& what)>& on_progress);

}  // namespace ganymede::study
