#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "study/image_report.hpp"
#include "study/results.hpp"

namespace ganymede::study {
namespace {

using Json = nlohmann::ordered_json;

std::string published_text(const std::vector<Published>& points) {
  std::string text;
  for (const Published& p : points)
    text += fmt::format("{}epoch {}: {:.4f}", text.empty() ? "" : ", ", p.epoch, p.value);
  return text.empty() ? "-" : text;
}

Json run_json(const ImageRunResult& one, const std::vector<std::string>& class_names) {
  Json run = {{"run", one.run},
              {"failed", one.failed},
              {"seconds", one.seconds},
              {"seconds_per_epoch", one.seconds_per_epoch},
              {"memory_bytes", one.memory_bytes},
              {"points", Json::array()}};
  if (one.centre) run["class_at_centre"] = class_names.at(static_cast<std::size_t>(*one.centre));
  for (const LayerActivity& layer : one.layers) run["near_zero"][layer.layer.node] = layer.activity.near_zero;
  for (const ScoredPoint& point : one.points) {
    Json scores = Json::array();
    for (const measure::Score& score : point.scores) scores.push_back(measure::to_json(score));
    run["points"].push_back({{"epoch", point.epoch}, {"scores", scores}});
  }
  return run;
}

Json nearness_json(const ImageResults& results) {
  Json list = Json::array();
  for (const ClassNearness& one : results.nearness)
    list.push_back({{"pictures", one.pictures}, {"means", one.means}, {"nearest_of", one.nearest_of}});
  return list;
}

}  // namespace

std::string image_json(const ImageResults& results, const Judgement& judgement, const ImageFigures& figures) {
  Json json = {{"schema", kImagesSchema},
               {"study", results.plan.study},
               {"data", results.data},
               {"quick", results.plan.quick},
               {"seeds", results.plan.seeds},
               {"judge", results.plan.judge},
               {"settings", results.plan.settings},
               {"classifier_error", results.classifier_error},
               {"class_names", results.class_names},
               {"one_split", results.one_split},
               {"seconds", results.seconds},
               {"notes", results.notes()},
               {"nearness", nearness_json(results)},
               {"models", Json::object()}};
  for (const ImageArmResult& arm : results.arms) {
    Json runs = Json::array();
    for (const ImageRunResult& one : arm.runs) runs.push_back(run_json(one, results.class_names));
    json["models"][arm.name] = {{"title", arm.title},
                                {"parameters", arm.parameters},
                                {"trainable", arm.trainable},
                                {"epochs", arm.epochs},
                                {"published", published_text(arm.published)},
                                {"runs", std::move(runs)}};
  }
  return results_text(std::move(json), judgement, image_document(results, judgement, figures));
}

}  // namespace ganymede::study
