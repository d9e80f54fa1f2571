#pragma once

#include <string>

#include "page/document.hpp"
#include "study/finding.hpp"
#include "study/unrolled_figures.hpp"
#include "study/unrolled_study.hpp"

namespace ganymede::study {

inline constexpr const char* kUnrolledSchema = "ganymede.study_unrolled/1";

/// The findings of the paper and of the lecture, each judged by tests over the seeds at the last epoch; an experiment
/// that the results lack has none.
Judgement judge_unrolled(const UnrolledResults& results);

/// The page of the study.
page::Document unrolled_document(const UnrolledResults& results, const Judgement& judgement,
                                 const UnrolledFigures& figures);

/// results.json: every score of every run, findings and the page. Schema "ganymede.study_unrolled/1".
std::string unrolled_json(const UnrolledResults& results, const Judgement& judgement, const UnrolledFigures& figures);

}  // namespace ganymede::study
