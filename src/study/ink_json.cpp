#include <cmath>
#include <nlohmann/json.hpp>

#include "study/ink_report.hpp"
#include "study/results.hpp"

namespace ganymede::study {
namespace {

using Json = nlohmann::ordered_json;

Json agreement_json(const std::vector<Agreement>& all) {
  Json list = Json::array();
  for (const Agreement& a : all) {
    list.push_back({{"cells", a.cells},
                    {"symbols", a.symbols},
                    {"drawn", a.drawn},
                    {"walks", a.walks},
                    {"crossings", a.crossings}});
  }
  return list;
}

}  // namespace

std::string ink_json(const InkResults& results, const Judgement& judgement, const InkFigures& figures) {
  Json json = {{"schema", kInkSchema},
               {"study", "ink"},
               {"data", results.plan.data},
               {"quick", results.plan.quick},
               {"seeds", results.plan.seeds},
               {"steps", results.plan.steps},
               {"class_names", results.class_names},
               {"one_split", results.one_split},
               {"classifier_accuracy", results.classifier_accuracy},
               {"real_symbols", results.real_symbols},
               {"held_out", results.held_out},
               {"real_msd", results.real_pairs.average.msd},
               {"real_nrmsd", results.real_pairs.average.nrmsd},
               {"seconds", results.seconds},
               {"parameters", results.parameters}};
  for (const InkArmResult& arm : results.arms) {
    Json runs = Json::array();
    for (const InkRunResult& one : arm.runs) {
      Json run = {{"run", one.run}, {"failed", one.failed}};
      if (!one.failed) run["measures"] = Json::parse(to_json(one.measures, results.plan.steps));
      runs.push_back(std::move(run));
    }
    json["samplers"][arm.name] = std::move(runs);
  }
  json["shared_partition"] = agreement_json(results.shared);
  json["own_partitions"] = agreement_json(results.own);
  json["real_distance_by_class"] = numbers_or_null(results.real_distances);
  return results_text(std::move(json), judgement, ink_document(results, judgement, figures));
}

}  // namespace ganymede::study
