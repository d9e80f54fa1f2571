#include "study/unrolled_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "base/wording.hpp"
#include "measure/resample.hpp"
#include "run/recipe_file.hpp"
#include "study/results.hpp"

namespace ganymede::study {
namespace {

using Json = nlohmann::ordered_json;
using page::Document;
using page::Heading;
using page::Paragraph;
using page::Subheading;

std::string cell_of(const UnrolledScore& score, std::vector<double> values) {
  for (double& v : values) v *= score.unit;
  return mean_and_spread(values, score.form.c_str());
}

// What a perfect sampler scores, as any point's scores have it.
std::string floor_words(const UnrolledExperimentResult& one) {
  std::string text;
  for (const UnrolledScore& score : one.plan->scores) {
    for (const UnrolledArmResult& arm : one.arms) {
      if (arm.runs.front().points.empty()) continue;
      const auto& scores = arm.runs.front().points.back().scores;
      const auto found =
          std::ranges::find_if(scores, [&](const auto& s) { return s.name.starts_with(score.prefix) && s.floor; });
      if (found == scores.end()) continue;
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", score.title, cell_of(score, {*found->floor}));
      break;
    }
  }
  return text;
}

page::Table unrolled_scores(const UnrolledExperimentResult& one) {
  const UnrolledExperiment& plan = *one.plan;
  page::Table table{.head = {"unrolled updates", "seeds"}, .rows = {}, .caption = {}};
  for (const UnrolledScore& score : plan.scores) table.head.push_back(score.title);
  table.head.insert(table.head.end(), {"ms a step", "times the plain one"});
  double plain = 0;
  for (const UnrolledArmResult& arm : one.arms) {
    std::vector<std::string> row = {arm.title, std::to_string(arm.runs.size())};
    for (const UnrolledScore& score : plan.scores) row.push_back(cell_of(score, arm.values(score.prefix)));
    const std::vector<double> cost = arm.milliseconds();
    const double mean = cost.empty() ? 0 : measure::mean_of(cost);
    if (arm.unroll == 0) plain = mean;
    row.push_back(cost.empty() ? "-" : fmt::format("{:.2f}", mean));
    row.push_back(plain > 0 && mean > 0 ? fmt::format("{:.1f}", mean / plain) : "-");
    table.rows.push_back(std::move(row));
  }
  const std::int64_t steps = plan.epochs.back() * one.steps_per_epoch;
  table.caption = fmt::format("Mean ± standard deviation over the seeds after {}, {}.", counted(steps, "step"),
                              counted(plan.count, "sample"));
  if (const std::string floor = floor_words(one); !floor.empty())
    table.caption += fmt::format(" As many held-out reals: {}.", floor);
  return table;
}

page::Table published_beside_ours(const UnrolledExperimentResult& one) {
  const UnrolledExperiment& plan = *one.plan;
  const std::size_t columns = plan.published.front().values.size();
  page::Table table{.head = {"source", "model"}, .rows = {}, .caption = {}};
  for (std::size_t c = 0; c < columns; ++c) table.head.push_back(plan.scores[c].title);
  for (const PublishedUnrolled& row : plan.published) {
    std::vector<std::string> texts = {row.source, row.model};
    for (const std::string& value : row.values) texts.push_back(value.empty() ? "-" : value);
    table.rows.push_back(std::move(texts));
  }
  for (const UnrolledArmResult& arm : one.arms) {
    std::vector<std::string> texts = {"ours", arm.title};
    for (std::size_t c = 0; c < columns; ++c)
      texts.push_back(cell_of(plan.scores[c], arm.values(plan.scores[c].prefix)));
    table.rows.push_back(std::move(texts));
  }
  table.caption = "Published numbers beside ours; networks, rates and lengths differ.";
  return table;
}

// A score over training steps, a line a K: mean over seeds.
page::Plot score_over_time(const UnrolledExperimentResult& one, const UnrolledScore& score) {
  picture::LinePlot plot{.title = fmt::format("{}: {}", one.plan->title, score.title),
                         .x_label = "training steps",
                         .y_label = score.title,
                         .series = {},
                         .width = 900,
                         .height = 360};
  for (const UnrolledArmResult& arm : one.arms) {
    picture::Series series{.name = arm.title, .x = {}, .y = {}};
    for (const std::int64_t epoch : one.plan->epochs) {
      const std::vector<double> values = arm.values(score.prefix, epoch);
      if (values.empty()) continue;
      series.x.push_back(static_cast<double>(epoch * one.steps_per_epoch));
      series.y.push_back(score.unit * measure::mean_of(values));
    }
    plot.series.push_back(std::move(series));
  }
  return {.plot = std::move(plot), .caption = "Mean over seeds."};
}

void add_experiment_part(Document& page, const UnrolledExperimentResult& one, const page::Figure* over_time) {
  const UnrolledExperiment& plan = *one.plan;
  page.add(Heading{plan.title});
  page.add(Paragraph{plan.about});
  if (over_time != nullptr) page.add(*over_time);
  page.add(unrolled_scores(one));
  if (!plan.published.empty()) page.add(published_beside_ours(one));
  if (plan.epochs.size() < 2) return;
  for (const UnrolledScore& score : plan.scores) {
    if (score.followed) page.add(score_over_time(one, score));
  }
}

Json run_of(const UnrolledRunResult& one) {
  Json run = {{"run", one.run},
              {"failed", one.failed},
              {"seconds", one.seconds},
              {"seconds_per_step", one.seconds_per_step},
              {"points", Json::array()}};
  for (const ScoredPoint& point : one.points) {
    Json scores = Json::array();
    for (const measure::Score& score : point.scores) scores.push_back(measure::to_json(score));
    run["points"].push_back({{"epoch", point.epoch}, {"scores", scores}});
  }
  return run;
}

}  // namespace

Document unrolled_document(const UnrolledResults& results, const Judgement& judgement, const UnrolledFigures& figures) {
  Document page{.title = "Does a GAN that looks ahead collapse less?"};
  page.add(Paragraph{fmt::format(
      "An unrolled GAN (Metz, Poole, Pfau, Sohl-Dickstein 2017) descends G's loss against the D of K updates "
      "later, through all of these updates; then D makes its one ordinary update. K = 0 is the plain GAN. "
      "Training took {} in all.",
      human_duration(results.seconds))});
  if (results.plan.quick) {
    page.add(
        Paragraph{fmt::format("This is the quick version: {}. What it cannot tell, the full one may; what it finds, "
                              "it finds for these settings.",
                              results.plan.settings)});
  }
  page.add(Heading{"What was found of it, and what these runs say"});
  page.add(page::Findings{});
  page.add(Paragraph{correction_text(judgement.tests) + results.failed_text()});
  page.add(Subheading{"To be read with care"});
  for (const std::string& sentence : unrolled_cautions()) page.add(Paragraph{sentence});
  for (std::size_t i = 0; i < results.experiments.size(); ++i)
    add_experiment_part(page, results.experiments[i], i < figures.over_time.size() ? &figures.over_time[i] : nullptr);
  page.add(Heading{"Settings"});
  for (const UnrolledExperimentResult& one : results.experiments) {
    for (const UnrolledArm& arm : one.plan->arms)
      page.add(page::Details{"Recipe of " + arm.name, run::to_toml(arm.runs.front().recipe)});
  }
  return page;
}

std::string unrolled_json(const UnrolledResults& results, const Judgement& judgement, const UnrolledFigures& figures) {
  Json json = {{"schema", kUnrolledSchema},         {"study", "unrolled"},        {"quick", results.plan.quick},
               {"settings", results.plan.settings}, {"seconds", results.seconds}, {"experiments", Json::object()}};
  for (const UnrolledExperimentResult& one : results.experiments) {
    Json experiment = {{"title", one.plan->title},
                       {"data", one.data},
                       {"epochs", one.plan->epochs},
                       {"steps_per_epoch", one.steps_per_epoch},
                       {"arms", Json::object()}};
    for (const UnrolledArmResult& arm : one.arms) {
      Json runs = Json::array();
      for (const UnrolledRunResult& run : arm.runs) runs.push_back(run_of(run));
      experiment["arms"][arm.name] = {{"unroll", arm.unroll}, {"runs", std::move(runs)}};
    }
    json["experiments"][one.plan->name] = std::move(experiment);
  }
  return results_text(std::move(json), judgement, unrolled_document(results, judgement, figures));
}

}  // namespace ganymede::study
