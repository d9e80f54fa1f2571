#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "page/document.hpp"
#include "study/distributed/distributed_measures.hpp"
#include "study/finding.hpp"

namespace ganymede::study {

inline constexpr const char* kDistributedSchema = "ganymede.study_distributed/1";

/// Does sharing the partition help convergence, quality and agreement, is the mean better than its parts, and does
/// taking it help at all: for parts by writer and by class, each team size a test.
Judgement judge_distributed(const DistributedResults& results);

/// Alphabets of each kind of team, of its first seed that did not fail; of teams that take no mean, of each worker.
struct DistributedFigures {
  std::vector<std::vector<page::Figure>> sheets;  ///< as the results have the arms
};
DistributedFigures draw_distributed_figures(const DistributedResults& results, const std::filesystem::path& folder,
                                            const train::SessionOptions& session);

page::Table distributed_quality_table(const DistributedResults& results);
page::Table distributed_means_table(const DistributedResults& results);
page::Table distributed_agreement_table(const DistributedResults& results);

page::Document distributed_document(const DistributedResults& results, const Judgement& judgement,
                                    const DistributedFigures& figures);
/// results.json, schema "ganymede.study_distributed/1": of every kind of team what each seed gave.
std::string distributed_json(const DistributedResults& results, const Judgement& judgement,
                             const DistributedFigures& figures);

}  // namespace ganymede::study
