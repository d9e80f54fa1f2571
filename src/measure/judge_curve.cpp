#include "measure/judge_curve.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/json.hpp"
#include "measure/json_member.hpp"

namespace ganymede::measure {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kCurve = "curve";  // in messages

std::vector<double> curve_numbers(const Json& json, const char* name, double most, const std::string& where) {
  const Json& list = json_member(json, name, kCurve, where);
  if (!list.is_array()) fail<DataError>("{}: {}: wanted a list, found {}", where, name, list.type_name());
  std::vector<double> values;
  for (const Json& value : list) {
    const double number = value.is_number() ? value.get<double>() : -1;
    if (!(number >= 0 && number <= most)) {
      fail<DataError>("{}: {}: wanted numbers of 0 to {:g}, found {}", where, name, most,
                      json_text(value).substr(0, 40));
    }
    values.push_back(number);
  }
  return values;
}

constexpr double kMost = 1e15;  // doubles hold every whole number up to here

}  // namespace

std::optional<std::int64_t> images_until(const JudgeCurve& curve, double share) {
  const auto found = std::ranges::find_if(curve.points, [&](const JudgePoint& p) { return p.accuracy() >= share; });
  return found == curve.points.end() ? std::nullopt : std::optional(found->images);
}

Json to_json(const JudgeCurve& curve) {
  const auto until = images_until(curve);
  Json json{{"schema", kCurveSchema},
            {"name", curve.name},
            {"protocol", curve.protocol},
            {"images_until_90", until ? Json(*until) : Json(nullptr)}};
  const auto list = [&](const char* name, auto value) {
    Json& values = json[name] = Json::array();
    for (const JudgePoint& point : curve.points) values.push_back(value(point));
  };
  list("steps", [](const JudgePoint& p) { return p.step; });
  list("epochs", [](const JudgePoint& p) { return p.epoch; });
  list("images", [](const JudgePoint& p) { return p.images; });
  list("train_loss", [](const JudgePoint& p) { return p.train_loss; });
  list("val_loss", [](const JudgePoint& p) { return p.val_loss; });
  list("error_rate", [](const JudgePoint& p) { return p.error_rate; });
  list("judged", [](const JudgePoint& p) { return p.judged; });
  return json;
}

JudgeCurve parse_curve(std::string_view given, const std::string& where) {
  const Json json = parse_json<Json>(given, where);
  if (!json.is_object()) fail<DataError>("{}: no curve: wanted an object, found {}", where, json.type_name());
  if (const std::string schema = json_text_member(json, "schema", kCurve, where); schema != kCurveSchema)
    fail<DataError>("{}: wanted the schema \"{}\", found \"{}\"", where, kCurveSchema, schema);
  JudgeCurve curve{.name = json_text_member(json, "name", kCurve, where),
                   .protocol = json_text_member(json, "protocol", kCurve, where),
                   .points = {}};
  const std::vector<double> steps = curve_numbers(json, "steps", kMost, where);
  curve.points.resize(steps.size());
  if (steps.empty()) fail<DataError>("{}: steps: wanted a point or more", where);
  const auto fill = [&](const char* name, double most, auto set) {
    const std::vector<double> values = curve_numbers(json, name, most, where);
    if (values.size() != steps.size())
      fail<DataError>("{}: {}: wanted {} values, as steps has, found {}", where, name, steps.size(), values.size());
    for (std::size_t i = 0; i < values.size(); ++i) set(curve.points[i], values[i]);
  };
  fill("steps", kMost, [](JudgePoint& p, double v) { p.step = static_cast<std::int64_t>(v); });
  fill("epochs", kMost, [](JudgePoint& p, double v) { p.epoch = v; });
  fill("images", kMost, [](JudgePoint& p, double v) { p.images = static_cast<std::int64_t>(v); });
  fill("train_loss", kMost, [](JudgePoint& p, double v) { p.train_loss = v; });
  fill("val_loss", kMost, [](JudgePoint& p, double v) { p.val_loss = v; });
  fill("error_rate", 1, [](JudgePoint& p, double v) { p.error_rate = v; });
  fill("judged", kMost, [](JudgePoint& p, double v) { p.judged = static_cast<std::int64_t>(v); });
  if (!std::ranges::is_sorted(curve.points, {}, &JudgePoint::step) ||
      !std::ranges::is_sorted(curve.points, {}, &JudgePoint::images))
    fail<DataError>("{}: steps and images: wanted ascending numbers", where);
  return curve;
}

}  // namespace ganymede::measure
