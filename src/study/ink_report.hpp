#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "study/finding.hpp"
#include "study/ink_study.hpp"

namespace ganymede::study {

/// I8's claims, each compared over the seeds (Welch, 5 %).
std::vector<Finding> judge_ink(const InkResults& results);

/// The study's page, self-contained; `root` holds the runs.
std::string ink_report(const InkResults& results, const std::filesystem::path& root,
                       const train::SessionOptions& session);
/// The same numbers, "ganymede.study/1".
std::string ink_json(const InkResults& results);

}  // namespace ganymede::study
