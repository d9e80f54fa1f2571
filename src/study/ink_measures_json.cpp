#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/json.hpp"
#include "study/ink_measures.hpp"
#include "study/results.hpp"

namespace ganymede::study {
namespace {

using Json = nlohmann::ordered_json;

// Null is NaN: a class without samples.
std::vector<double> numbers_from(const Json& list) {
  std::vector<double> values;
  for (const Json& v : list) values.push_back(v.is_null() ? std::nan("") : v.get<double>());
  return values;
}

// The plain numbers, once for both directions.
template <class M, class F>
void each_number(M& m, F f) {
  f("msd_low", m.msd_interval.low);
  f("msd_high", m.msd_interval.high);
  f("nrmsd_low", m.nrmsd_interval.low);
  f("nrmsd_high", m.nrmsd_interval.high);
  f("msd_between", m.msd_between);
  f("nrmsd_between", m.nrmsd_between);
  f("nrmsd_deviation", m.nrmsd_deviation);
  f("nrmsd_quartiles", m.nrmsd_quartiles);
  f("frechet", m.frechet);
  f("two_sample_correct", m.two_sample.correct);
  f("two_sample_count", m.two_sample.count);
  f("moving_average", m.averaged);
  f("plain_accuracy", m.plain_accuracy);
  f("plain_msd", m.plain_msd);
  f("plain_nrmsd", m.plain_nrmsd);
  f("plain_frechet", m.plain_frechet);
  f("plain_learnt_classes", m.plain_learnt);
  f("plain_collapsed_classes", m.plain_collapsed);
  f("learnt_classes", m.learnt);
  f("collapsed_classes", m.collapsed);
  f("discriminator_loss_deviation", m.discriminator_loss_deviation);
  f("generator_loss_deviation", m.generator_loss_deviation);
  f("discriminator_gradient_norm", m.discriminator_gradient_norm);
  f("generator_gradient_norm", m.generator_gradient_norm);
  f("discriminator_gradient_deviation", m.discriminator_gradient_deviation);
  f("generator_gradient_deviation", m.generator_gradient_deviation);
  f("steps_until_quality", m.steps_until_quality);
  f("draws_per_sample", m.draws_per_sample);
}

InkMeasures from_json(const Json& json) {
  InkMeasures m;
  m.accuracy = mean_by_class(numbers_from(json.at("accuracy_by_class")));
  m.msd = mean_by_class(numbers_from(json.at("msd_by_class")));
  m.nrmsd = mean_by_class(numbers_from(json.at("nrmsd_by_class")));
  m.distance = mean_by_class(numbers_from(json.at("distance_by_class")));
  each_number(m, [&](const char* key, auto& value) {
    // JSON has no infinity: a ratio to values without spread.
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(value)>, double>) {
      if (json.at(key).is_null()) {
        value = std::numeric_limits<double>::infinity();
        return;
      }
    }
    json.at(key).get_to(value);
  });
  json.at("accuracy_curve").get_to(m.accuracy_curve);
  if (m.two_sample.count > 0)
    m.two_sample = measure::classifier_two_sample_test(m.two_sample.correct, m.two_sample.count);
  return m;
}

}  // namespace

std::string to_json(const InkMeasures& m, std::int64_t step) {
  Json json = {{"schema", kInkMeasuresSchema}, {"protocol", "ink_v2"}, {"step", step},
               {"accuracy", m.accuracy.mean},  {"msd", m.msd.mean},    {"nrmsd", m.nrmsd.mean}};
  each_number(m, [&](const char* key, const auto& value) { json[key] = value; });
  json["accuracy_by_class"] = numbers_or_null(m.accuracy.by_class);
  json["msd_by_class"] = numbers_or_null(m.msd.by_class);
  json["nrmsd_by_class"] = numbers_or_null(m.nrmsd.by_class);
  json["distance_by_class"] = numbers_or_null(m.distance.by_class);
  json["accuracy_curve"] = m.accuracy_curve;
  return json_text(json, 1) + "\n";
}

InkMeasures ink_measures_from_json(const std::string& text, const std::string& where) {
  const auto json = parse_json<Json>(text, where);
  if (!json.is_object() || !json.contains("schema") || json["schema"] != kInkMeasuresSchema)
    fail<DataError>("{}: wanted {}", where, kInkMeasuresSchema);
  try {
    return from_json(json);
  } catch (const Json::exception& error) {
    fail<DataError>("{}: {}", where, error.what());
  }
}

}  // namespace ganymede::study
