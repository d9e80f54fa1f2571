#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "page/document.hpp"
#include "study/doctor/doctor_plan.hpp"
#include "study/finding.hpp"

namespace ganymede::study {

inline constexpr const char* kDoctorSchema = "ganymede.study_doctor/1";

/// What the doctor says of one run, judged anew from its check-ups by the rules of this program.
struct DoctorRun {
  std::string run;
  std::vector<std::string> told;  ///< failures that he named at any time, in his order
  std::int64_t checkups = 0;
  double checkup_seconds = 0, seconds = 0;  ///< that the check-ups took, of those of the training
};
/// @throws DataError for a damaged run
DoctorRun read_doctor_run(const std::filesystem::path& run_folder);

struct DoctorRow {
  const DoctorCase* of = nullptr;
  std::vector<DoctorRun> runs;

  /// Runs in which he was right: named one of the failures that are wanted, or none where none is.
  std::int64_t right() const;
  /// How many runs each failure was named in.
  std::map<std::string, std::int64_t> told() const;
  /// Check-ups' share of the time of training.
  double cost() const;
};

struct DoctorResults {
  DoctorPlan plan;
  std::vector<DoctorRow> rows;  ///< by case
};
DoctorResults read_doctor_runs(const DoctorPlan& plan, const std::filesystem::path& folder,
                               const std::function<void(double done, const std::string& what)>& on_progress);

/// Of each case, whether he was right in nine of ten runs.
Judgement judge_doctor(const DoctorResults& results);
page::Document doctor_document(const DoctorResults& results);
/// results.json: of every case what was told of each seed. Schema "ganymede.study_doctor/1".
std::string doctor_json(const DoctorResults& results, const Judgement& judgement);

}  // namespace ganymede::study
