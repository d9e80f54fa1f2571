#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "study/finding.hpp"
#include "study/image_study.hpp"

namespace ganymede::study {

/// What the runs say of the study's findings; all tests are corrected together.
Judgement judge_images(const ImageResults& results);

/// The study's page, self-contained; `root` holds the runs.
std::string image_report(const ImageResults& results, const std::filesystem::path& root,
                         const train::SessionOptions& session);
/// The same numbers, "ganymede.study_images/1".
std::string image_json(const ImageResults& results);

}  // namespace ganymede::study
