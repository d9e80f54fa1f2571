#pragma once

#include <string>

#include "page/document.hpp"
#include "study/finding.hpp"
#include "study/image_figures.hpp"
#include "study/image_study.hpp"

namespace ganymede::study {

inline constexpr const char* kImagesSchema = "ganymede.study_images/1";

/// What the runs say of the study's findings; all tests are corrected together.
Judgement judge_images(const ImageResults& results);

/// What the study's page says. Figures of nothing leave their places out.
page::Document image_document(const ImageResults& results, const Judgement& judgement, const ImageFigures& figures);
/// results.json: the numbers, findings and the page (docs/runs.md).
std::string image_json(const ImageResults& results, const Judgement& judgement, const ImageFigures& figures);

}  // namespace ganymede::study
