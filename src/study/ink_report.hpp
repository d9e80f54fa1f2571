#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "study/finding.hpp"
#include "study/ink_study.hpp"

namespace ganymede::study {

/// The claims of I8 and I9, compared over the seeds; all tests are corrected together.
Judgement judge_ink(const InkResults& results);

/// The study's page, self-contained; `root` holds the runs.
std::string ink_report(const InkResults& results, const std::filesystem::path& root,
                       const train::SessionOptions& session);
/// The same numbers, "ganymede.study_ink/1".
std::string ink_json(const InkResults& results);

}  // namespace ganymede::study
