#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "base/wording.hpp"
#include "measure/resample.hpp"
#include "study/distributed/distributed_report.hpp"

namespace ganymede::study {
namespace {

using TeamNumber = std::function<double(const TeamMeasures&)>;

std::string team_cell(const DistributedArmResult& arm, const TeamNumber& what, const char* form) {
  return mean_and_spread(arm.arm(what).values, form);
}

std::string percent_cell(const DistributedArmResult& arm, const TeamNumber& what) {
  const std::string text = team_cell(
      arm, [&](const TeamMeasures& m) { return 100 * what(m); }, "{:.1f}");
  return text == "-" ? text : text + " %";
}

// One after the other; a team that never got there, in short, as the column is wide.
std::string steps_cell(const DistributedArmResult& arm) {
  if (!arm.teams.empty() &&
      std::ranges::none_of(arm.teams, [](const TeamResult& team) { return team.failed || team.measures.reached; })) {
    return "by none";
  }
  std::string text;
  for (const TeamResult& team : arm.teams) {
    const std::string one = team.failed             ? "failed"
                            : team.measures.reached ? with_thousands(std::llround(team.measures.steps_until))
                                                    : "never";
    text += (text.empty() ? "" : ", ") + one;
  }
  return text;
}

}  // namespace

page::Table distributed_quality_table(const DistributedResults& results) {
  page::Table table{
      .head = {"team", fmt::format("steps until {:.0f} %", 100 * results.plan.recognised), "recognised",
               "of its own classes", "classes learnt", "collapsed", "MSD / real MSD", "Fréchet distance"},
      .rows = {},
      .caption =
          fmt::format("Of averaged teams the mean after the last round; of workers alone the mean of their scores. "
                      "Recognised: share of the symbols of all {} classes that a classifier of real ones takes for "
                      "their class; it reads {:.1f} % of {} symbols of {}. Of its own classes: over those that a "
                      "worker has samples of. Learnt, collapsed, Fréchet distance: as study ink has them. Steps: of "
                      "each worker, for each seed, on straight lines between the rounds. Mean ± standard deviation "
                      "over seeds.",
                      results.class_names.size(), 100 * results.classifier_accuracy, with_thousands(results.held_out),
                      results.one_split ? "the one split that there is" : "writers that it never saw") +
          results.failed_text()};
  for (const DistributedArmResult& arm : results.arms) {
    table.rows.push_back({arm.plan->title, steps_cell(arm),
                          percent_cell(arm, [](auto& m) { return m.result.accuracy; }),
                          percent_cell(arm, [](auto& m) { return m.result.taught; }),
                          team_cell(
                              arm, [](auto& m) { return m.result.learnt; }, "{:.1f}"),
                          team_cell(
                              arm, [](auto& m) { return m.result.collapsed; }, "{:.1f}"),
                          team_cell(
                              arm, [](auto& m) { return m.result.msd_ratio; }, "{:.2f}"),
                          team_cell(
                              arm, [](auto& m) { return m.result.frechet; }, "{:.2f}")});
  }
  return table;
}

page::Table distributed_means_table(const DistributedResults& results) {
  page::Table table{.head = {"team", "parts: recognised", "mean: recognised", "difference", "parts: Fréchet distance",
                             "mean: Fréchet distance", "parts: learnt", "mean: learnt"},
                    .rows = {},
                    .caption =
                        "Averaged teams at the end of the last round: the workers' models as the round left them "
                        "(mean over workers), and the mean of their weights. Mean ± standard deviation over seeds." +
                        results.failed_text()};
  for (const DistributedArmResult& arm : results.arms) {
    if (!arm.plan->averaged) continue;
    table.rows.push_back({arm.plan->title, percent_cell(arm, [](auto& m) { return m.mean_of_parts.accuracy; }),
                          percent_cell(arm, [](auto& m) { return m.result.accuracy; }),
                          percent_cell(arm, [](auto& m) { return m.result.accuracy - m.mean_of_parts.accuracy; }),
                          team_cell(
                              arm, [](auto& m) { return m.mean_of_parts.frechet; }, "{:.2f}"),
                          team_cell(
                              arm, [](auto& m) { return m.result.frechet; }, "{:.2f}"),
                          team_cell(
                              arm, [](auto& m) { return m.mean_of_parts.learnt; }, "{:.1f}"),
                          team_cell(
                              arm, [](auto& m) { return m.result.learnt; }, "{:.1f}")});
  }
  return table;
}

page::Table distributed_agreement_table(const DistributedResults& results) {
  page::Table table{
      .head = {"team", "z in one cell", "same symbol", "z as drawn in training", "same along walks",
               "distance of changes", "likeness"},
      .rows = {},
      .caption =
          "Every two workers of a team at the end of the last round, before any mean: share of z ~ N(0, I) that both "
          "partitions give one class; share of z whose two symbols the classifier takes for one, each model with the "
          "class of its own partition; the same for z as the first one's sampler draws them; on straight walks; mean "
          "distance between the nearest changes of class on both walks, in walk lengths. Without a partition z has no "
          "class. Likeness, of given z and class: 1 - the mean squared difference of the two symbols over that to a "
          "symbol of another z; 1: the same symbol, 0: z means nothing in common." +
          results.failed_text()};
  for (const DistributedArmResult& arm : results.arms) {
    if (arm.plan->workers < 2) continue;
    table.rows.push_back({arm.plan->title,
                          team_cell(
                              arm, [](auto& m) { return m.cells; }, "{:.3f}"),
                          team_cell(
                              arm, [](auto& m) { return m.symbols; }, "{:.3f}"),
                          team_cell(
                              arm, [](auto& m) { return m.drawn; }, "{:.3f}"),
                          team_cell(
                              arm, [](auto& m) { return m.walks; }, "{:.3f}"),
                          team_cell(
                              arm, [](auto& m) { return m.crossings; }, "{:.3f}"),
                          team_cell(
                              arm, [](auto& m) { return m.likeness; }, "{:.3f}")});
  }
  return table;
}

}  // namespace ganymede::study
