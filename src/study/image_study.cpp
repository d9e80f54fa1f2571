#include "study/image_study.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "evaluate/measures.hpp"
#include "evaluate/reference.hpp"
#include "evaluate/weights.hpp"
#include "run/events.hpp"

namespace ganymede::study {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kSchema = "ganymede.study_point/1";

// What the scores of a point depend on besides the weights.
std::string protocol_of(const ImagePlan& plan) {
  std::string text = fmt::format("{} {}", plan.judge, plan.count);
  for (const std::string& measure : plan.measures) text += " " + measure;
  return text;
}

std::optional<ImagePoint> read_point(const std::filesystem::path& file, const std::string& protocol) {
  if (!std::filesystem::exists(file)) return {};
  const Json json = Json::parse(read_file(file), nullptr, false);
  if (!json.is_object() || json.value("schema", "") != kSchema || json.value("protocol", "") != protocol) return {};
  ImagePoint point{.epoch = json.at("epoch"), .scores = {}};
  for (const Json& score : json.at("scores")) point.scores.push_back(measure::score_from_json(score, file.string()));
  return point;
}

void write_point(const std::filesystem::path& file, const ImagePoint& point, const std::string& protocol) {
  Json json = {{"schema", kSchema}, {"protocol", protocol}, {"epoch", point.epoch}, {"scores", Json::array()}};
  for (const measure::Score& score : point.scores) json["scores"].push_back(measure::to_json(score));
  std::filesystem::create_directories(file.parent_path());
  write_file_atomically(file, json.dump(1) + "\n");
}

void read_epochs(const run::RunDirectory& run, ImageRunResult& result) {
  double last = 0;
  for (const auto& event : run::read_events(run.events_path())) {
    if (event.at("event") != "epoch") continue;
    const auto number = [&](const char* key) { return event.at(key).is_number() ? event.at(key).get<double>() : 0; };
    result.epochs.push_back(
        {number("discriminator_loss"), number("generator_loss"), number("real_accuracy"), number("fake_accuracy")});
    last = number("time_seconds");
  }
  if (!result.epochs.empty()) result.seconds_per_epoch = run.info().seconds / static_cast<double>(result.epochs.size());
  if (run.info().seconds <= 0 && !result.epochs.empty())
    result.seconds_per_epoch = last / static_cast<double>(result.epochs.size());
}

}  // namespace

std::optional<double> ImagePoint::value(const std::string& prefix) const {
  for (const measure::Score& score : scores) {
    if (score.name.starts_with(prefix)) return score.value;
  }
  return {};
}

std::vector<double> ImageArmResult::values(const std::string& prefix, std::int64_t epoch) const {
  std::vector<double> values;
  for (const ImageRunResult& run : runs) {
    for (const ImagePoint& point : run.points) {
      const bool wanted = epoch == 0 ? &point == &run.points.back() : point.epoch == epoch;
      if (const auto value = point.value(prefix); wanted && value) values.push_back(*value);
    }
  }
  return values;
}

const ImageArmResult& ImageResults::arm(const std::string& name) const {
  for (const ImageArmResult& one : arms) {
    if (one.name == name) return one;
  }
  fail<Error>("internal: no arm {}", name);
}

ImageResults measure_images(const ImagePlan& plan, const std::filesystem::path& root,
                            const train::SessionOptions& session,
                            const std::function<void(double, const std::string&)>& on_progress) {
  ImageResults results{.plan = plan, .data = {}, .arms = {}};
  evaluate::Reference reference(plan.arms.front().runs.front().recipe,
                                {.places = session.places, .threads = session.threads});
  results.data = reference.name();
  results.classifier_error = reference.classifier().record().validation_error();
  evaluate::EvaluateOptions options{.count = plan.count, .measures = plan.measures, .threads = session.threads};
  options.places = session.places;
  const std::string protocol = protocol_of(plan);
  double done = 0;
  for (const ImageArm& arm : plan.arms) {
    ImageArmResult result{.name = arm.name, .title = arm.title, .published = arm.published, .runs = {}};
    for (const train::PlannedRun& planned : arm.runs) {
      const run::RunDirectory run = run::RunDirectory::open(root / planned.name);
      ImageRunResult one{
          .run = planned.name, .failed = run.info().state != run::RunState::finished, .points = {}, .epochs = {}};
      results.seconds += run.info().seconds;
      if (!one.failed) {
        read_epochs(run, one);
        for (const std::int64_t epoch : plan.epochs) {
          if (on_progress) on_progress(done++, fmt::format("{}, epoch {}", planned.name, epoch));
          const auto file = run.path() / "measures" / fmt::format("study-{}-epoch-{:05}.json", plan.study, epoch);
          auto point = read_point(file, protocol);
          if (!point) {
            const evaluate::Weights weights = evaluate::load_weights(run, static_cast<std::uint64_t>(epoch));
            if (result.parameters == 0) result.parameters = net::count_parameters(weights.snapshot.generator).total;
            point = ImagePoint{epoch, evaluate::evaluate_run(weights, run.path(), reference, options).scores};
            write_point(file, *point, protocol);
          }
          one.points.push_back(std::move(*point));
        }
        if (result.parameters == 0)
          result.parameters = net::count_parameters(evaluate::load_weights(run).snapshot.generator).total;
      }
      result.runs.push_back(std::move(one));
    }
    results.arms.push_back(std::move(result));
  }
  return results;
}

}  // namespace ganymede::study
