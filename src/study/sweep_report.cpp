#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>

#include "base/json.hpp"
#include "base/text.hpp"
#include "base/wording.hpp"
#include "measure/resample.hpp"
#include "measure/score_kinds.hpp"
#include "study/results.hpp"
#include "study/sweep.hpp"

namespace ganymede::study {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::vector<double> finite(const std::vector<double>& values) {
  std::vector<double> some;
  std::ranges::copy_if(values, std::back_inserter(some), [](double v) { return std::isfinite(v); });
  return some;
}

double mean_or_nan(const std::vector<double>& values) {
  return values.empty() ? kNaN : measure::mean_of(values);
}

// What is smaller is better.
double badness(measure::Better better, double value) {
  switch (better) {
    case measure::Better::higher:
      return -value;
    case measure::Better::half:
      return std::fabs(value - 0.5);
    case measure::Better::lower:
    case measure::Better::neither:
      break;
  }
  return value;
}

std::string score_words(const SweepResults& results) {
  measure::Score score;
  score.name = results.score;
  score.better = results.better;
  return measure::words_of(score);
}

std::string setting_of(const SweepResults& results, std::size_t arm) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < results.plan.axes.size(); ++i) {
    const SweepAxis& axis = results.plan.axes[i];
    words.push_back(axis.key + " = " + axis.values[results.plan.arms[arm].values[i]]);
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string value_with_interval(const std::vector<double>& values) {
  const std::vector<double> some = finite(values);
  if (some.empty()) return "-";
  const measure::Interval interval = measure::mean_interval(some);
  const std::string mean = fmt::format("{:.4g}", measure::mean_of(some));
  return std::isfinite(interval.low) ? fmt::format("{} [{:.4g}, {:.4g}]", mean, interval.low, interval.high) : mean;
}

/// All values of the arms that have this value of this key.
std::vector<double> values_at(const SweepResults& results, std::size_t axis, std::size_t value) {
  std::vector<double> all;
  for (std::size_t arm = 0; arm < results.arms.size(); ++arm) {
    if (results.plan.arms[arm].values[axis] != value) continue;
    const std::vector<double> some = finite(results.arms[arm].values);
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

/// Modes are counted, and few whole numbers have no normal law.
Scale scale_of(const SweepResults& results) {
  for (const SweepArmResult& arm : results.arms) {
    if (std::ranges::any_of(finite(arm.values), [](double value) { return value != std::floor(value); }))
      return Scale::measured;
  }
  return Scale::counted;
}

std::optional<double> number_of(const std::string& text) {
  double number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

page::Table ranked_table(const SweepResults& results) {
  page::Table table;
  table.head = {"rank"};
  for (const SweepAxis& axis : results.plan.axes) table.head.push_back(axis.key);
  for (const char* column : {"mean [95 %]", "each seed", "failed", "training"}) table.head.emplace_back(column);
  std::vector<std::size_t> order = by_rank(results);
  const std::size_t ranked = order.size();
  for (std::size_t arm = 0; arm < results.arms.size(); ++arm) {
    if (std::ranges::find(order, arm) == order.end()) order.push_back(arm);
  }
  for (std::size_t place = 0; place < order.size(); ++place) {
    const SweepArmResult& result = results.arms[order[place]];
    std::vector<std::string> row{place < ranked ? std::to_string(place + 1) : "-"};
    for (std::size_t i = 0; i < results.plan.axes.size(); ++i)
      row.push_back(results.plan.axes[i].values[results.plan.arms[order[place]].values[i]]);
    const std::vector<double> some = finite(result.values);
    row.push_back(value_with_interval(result.values));
    row.push_back(fmt::format("{:.4g}", fmt::join(some, ", ")));
    row.push_back(fmt::format("{} of {}", result.values.size() - some.size(), result.values.size()));
    row.push_back(human_duration(result.seconds));
    table.rows.push_back(std::move(row));
  }
  table.caption =
      score_words(results) + " of every setting, the best first; Student's interval of the mean over seeds.";
  return table;
}

constexpr std::size_t kMostLines = 6;  // beside that of the mean

/// The arms that differ in one key alone, by its value.
struct Rest {
  std::string name;  ///< of the other keys
  std::vector<std::size_t> arms;
};
std::vector<Rest> rests_of(const SweepResults& results, std::size_t axis) {
  std::vector<Rest> rests;
  for (std::size_t arm = 0; arm < results.arms.size(); ++arm) {
    if (results.plan.arms[arm].values[axis] != 0) continue;
    std::vector<std::string> words;
    for (std::size_t i = 0; i < results.plan.axes.size(); ++i) {
      const SweepAxis& other = results.plan.axes[i];
      if (i != axis) words.push_back(other.key + " = " + other.values[results.plan.arms[arm].values[i]]);
    }
    Rest rest{.name = fmt::format("{}", fmt::join(words, ", ")), .arms = {}};
    std::vector<std::size_t> values = results.plan.arms[arm].values;
    for (values[axis] = 0; values[axis] < results.plan.axes[axis].values.size(); ++values[axis]) {
      const auto found = std::ranges::find(results.plan.arms, values, &SweepArm::values);
      rest.arms.push_back(static_cast<std::size_t>(found - results.plan.arms.begin()));
    }
    rests.push_back(std::move(rest));
  }
  return rests;
}

page::Plot plot_of(const SweepResults& results, std::size_t axis_index) {
  const SweepAxis& axis = results.plan.axes[axis_index];
  std::vector<double> places;
  for (const std::string& value : axis.values) {
    if (const auto number = number_of(value)) places.push_back(*number);
  }
  const bool numbers = places.size() == axis.values.size();
  if (!numbers) {
    places.resize(axis.values.size());
    std::iota(places.begin(), places.end(), 1.0);
  }
  const auto [least, most] = std::ranges::minmax(places);
  page::Plot part;
  part.plot.title = axis.key;
  part.plot.x_label = numbers ? axis.key : axis.key + " (by number)";
  part.plot.y_label = score_words(results);
  part.plot.log_x = numbers && least > 0 && most >= 20 * least;
  std::vector<std::size_t> order(places.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return places[i]; });
  const auto add = [&](const std::string& name, const auto& value_at) {
    picture::Series series{.name = name, .x = {}, .y = {}, .colour = {}};
    for (const std::size_t value : order) {
      series.x.push_back(places[value]);
      series.y.push_back(value_at(value));
    }
    part.plot.series.push_back(std::move(series));
  };
  add("mean of all runs", [&](std::size_t value) { return mean_or_nan(values_at(results, axis_index, value)); });
  const std::vector<Rest> rests = rests_of(results, axis_index);
  const std::size_t seeds = results.arms.front().values.size();
  if (rests.size() == 1) {  // no other key: the runs themselves
    for (std::size_t seed = 0; seed < std::min(seeds, kMostLines); ++seed)
      add(fmt::format("seed {}", seed + 1), [&](std::size_t v) { return results.arms[rests[0].arms[v]].values[seed]; });
  } else if (rests.size() <= kMostLines) {
    for (const Rest& rest : rests)
      add(rest.name, [&](std::size_t v) { return mean_or_nan(finite(results.arms[rest.arms[v]].values)); });
  } else {
    add("the best of the other keys", [&](std::size_t value) {
      for (const std::size_t arm : by_rank(results)) {
        if (results.plan.arms[arm].values[axis_index] == value) return mean_or_nan(finite(results.arms[arm].values));
      }
      return kNaN;
    });
  }
  part.caption = fmt::format("{} by {}", score_words(results), axis.key);
  if (!numbers) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < axis.values.size(); ++i) names.push_back(fmt::format("{}: {}", i + 1, axis.values[i]));
    part.caption += fmt::format(" ({})", fmt::join(names, ", "));
  }
  part.caption += ".";
  return part;
}

page::Table table_of(const SweepResults& results, std::size_t axis) {
  page::Table table{.head = {results.plan.axes[axis].key, "mean [95 %]", "runs"}, .rows = {}, .caption = {}};
  for (std::size_t value = 0; value < results.plan.axes[axis].values.size(); ++value) {
    const std::vector<double> values = values_at(results, axis, value);
    table.rows.push_back(
        {results.plan.axes[axis].values[value], value_with_interval(values), std::to_string(values.size())});
  }
  table.caption =
      "Over all runs with the value, whatever the other keys: the interval holds their differences as well as chance.";
  return table;
}

page::Document document_of(const SweepResults& results, const Judgement& judgement) {
  page::Document document{.title = "Sweep of " + results.plan.recipe, .parts = {}};
  const std::vector<std::size_t> order = by_rank(results);
  document.add(page::Heading{"Best"});
  if (order.empty()) {
    document.add(page::Paragraph{"No run came to its end."});
  } else {
    document.add(
        page::Paragraph{fmt::format("{}: {} {} over {}.", setting_of(results, order.front()), score_words(results),
                                    value_with_interval(results.arms[order.front()].values),
                                    counted(std::ssize(results.arms[order.front()].values), "seed"))});
  }
  document.add(
      page::Paragraph{"The best of many is better than it would be again: chance chose it, too. What decides is "
                      "whether it is better than "
                      "the next, and new seeds of both (train --seeds) say more."});
  document.add(page::Findings{});
  document.add(page::Paragraph{correction_text(judgement.tests)});
  document.add(page::Heading{"All settings"});
  document.add(ranked_table(results));
  for (std::size_t axis = 0; axis < results.plan.axes.size(); ++axis) {
    document.add(page::Heading{results.plan.axes[axis].key});
    document.add(plot_of(results, axis));
    document.add(table_of(results, axis));
  }
  return document;
}

}  // namespace

std::vector<std::size_t> by_rank(const SweepResults& results) {
  std::vector<std::size_t> order;
  for (std::size_t arm = 0; arm < results.arms.size(); ++arm) {
    if (!finite(results.arms[arm].values).empty()) order.push_back(arm);
  }
  std::ranges::stable_sort(order, {}, [&](std::size_t arm) {
    return badness(results.better, measure::mean_of(finite(results.arms[arm].values)));
  });
  return order;
}

Judgement judge_sweep(const SweepResults& results) {
  Judgement judgement;
  const std::vector<std::size_t> order = by_rank(results);
  if (order.size() < 2 || results.better == measure::Better::neither) return judgement;
  const auto arm_of = [&](std::size_t arm) {
    Arm one{.name = setting_of(results, arm), .values = {}, .seeds = results.arms[arm].values.size()};
    for (const double value : finite(results.arms[arm].values))
      one.values.push_back(results.better == measure::Better::half ? std::fabs(value - 0.5) : value);
    return one;
  };
  Finding finding{.claim = fmt::format("{} is better than the next, {}", setting_of(results, order[0]),
                                       setting_of(results, order[1])),
                  .verdict = kCannotTell,
                  .evidence = {}};
  finding.tests.push_back(contrast(score_words(results), arm_of(order[0]), arm_of(order[1]),
                                   results.better == measure::Better::higher, scale_of(results)));
  judgement.findings.push_back(std::move(finding));
  judgement.tests = settle(judgement.findings);
  return judgement;
}

std::string sweep_json(const SweepResults& results, const Judgement& judgement) {
  Json json = {{"schema", kSweepSchema},
               {"recipe", results.plan.recipe},
               {"measure", results.plan.measure},
               {"score", results.score},
               {"better", measure::name_of(results.better)},
               {"keys", Json::array()},
               {"settings", Json::array()}};
  for (const SweepAxis& axis : results.plan.axes) json["keys"].push_back({{"key", axis.key}, {"values", axis.values}});
  const std::vector<std::size_t> order = by_rank(results);
  for (std::size_t arm = 0; arm < results.arms.size(); ++arm) {
    const std::vector<double> some = finite(results.arms[arm].values);
    const measure::Interval interval = measure::mean_interval(some);
    Json values = Json::object(), runs = Json::array();
    for (std::size_t i = 0; i < results.plan.axes.size(); ++i)
      values[results.plan.axes[i].key] = results.plan.axes[i].values[results.plan.arms[arm].values[i]];
    for (const train::PlannedRun& planned : results.plan.arms[arm].runs) runs.push_back(planned.name);
    const auto place = std::ranges::find(order, arm);
    json["settings"].push_back({{"values", values},
                                {"rank", place == order.end() ? Json(nullptr) : Json(place - order.begin() + 1)},
                                {"mean", number_or_null(mean_or_nan(some))},
                                {"low", number_or_null(some.empty() ? kNaN : interval.low)},
                                {"high", number_or_null(some.empty() ? kNaN : interval.high)},
                                {"scores", numbers_or_null(results.arms[arm].values)},
                                {"runs", runs},
                                {"seconds", results.arms[arm].seconds}});
  }
  return results_text(std::move(json), judgement, document_of(results, judgement));
}

}  // namespace ganymede::study
