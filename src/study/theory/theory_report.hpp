#pragma once

#include <string>

#include "study/theory/exhibit.hpp"

namespace ganymede::study {

inline constexpr const char* kTheorySchema = "ganymede.study_theory/1";

/// Every exhibit by its name, in the lecture's order.
struct TheoryResults {
  TheoryPlan plan;
  double seconds = 0;  ///< of training
  std::vector<Exhibit> exhibits;
};

/// Makes every exhibit and its figures in FOLDER/figures; the runs under FOLDER/runs are trained. `on_progress` is told
/// before each.
TheoryResults make_exhibits(const TheoryPlan& plan, const std::filesystem::path& folder,
                            const train::SessionOptions& session,
                            const std::function<void(double done, const std::string& what)>& on_progress);
/// The findings of all exhibits, settled together.
Judgement judge_theory(const TheoryResults& results);
page::Document theory_document(const TheoryResults& results, const Judgement& judgement);
/// results.json: the numbers of every exhibit, findings and the page. Schema "ganymede.study_theory/1".
std::string theory_json(const TheoryResults& results, const Judgement& judgement);

}  // namespace ganymede::study
