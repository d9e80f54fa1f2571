#pragma once

#include <string>

#include "page/document.hpp"
#include "study/finding.hpp"
#include "study/ink_figures.hpp"
#include "study/ink_study.hpp"

namespace ganymede::study {

inline constexpr const char* kInkSchema = "ganymede.study_ink/1";

/// The claims of I8 and I9, compared over the seeds; all tests are corrected together.
Judgement judge_ink(const InkResults& results);

/// What the study's page says. Figures of nothing leave their places out.
page::Document ink_document(const InkResults& results, const Judgement& judgement, const InkFigures& figures);
/// results.json: the numbers, findings and the page (docs/runs.md).
std::string ink_json(const InkResults& results, const Judgement& judgement, const InkFigures& figures);

}  // namespace ganymede::study
