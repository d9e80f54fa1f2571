#include "evaluate/comparison.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <map>

#include "base/error.hpp"
#include "base/text.hpp"
#include "measure/score_kinds.hpp"
#include "page/kept_scores.hpp"
#include "run/recipe_file.hpp"

namespace ganymede::evaluate {
namespace {

namespace fs = std::filesystem;

/// Without what tells runs of one experiment apart.
run::Recipe experiment_of(run::Recipe recipe) {
  recipe.name = "x";
  recipe.description.clear();
  recipe.train.seed = 0;
  return recipe;
}

struct Values {
  measure::Better better = measure::Better::lower;
  std::vector<double> values{};
};

// `unscored` gets the runs that have no scores.
std::map<std::string, Values> values_of(const RunGroup& group, std::vector<std::string>& unscored) {
  std::map<std::string, Values> all;
  for (const fs::path& path : group.runs) {
    const auto kept = page::kept_scores(run::RunDirectory::open(path));
    if (kept.empty()) unscored.push_back(path.string());
    for (const page::KeptScore& one : kept) {
      if (!std::isfinite(one.score.value)) continue;
      Values& entry = all[one.score.name];
      entry.better = one.score.better;
      entry.values.push_back(one.score.value);
    }
  }
  return all;
}

std::string number(double value) {
  return std::isfinite(value) ? fmt::format("{:.4g}", value) : "-";
}

}  // namespace

std::vector<RunGroup> group_runs(const std::vector<fs::path>& runs) {
  std::vector<RunGroup> groups;
  std::vector<run::Recipe> recipes;
  for (const fs::path& path : runs) {
    const run::RunDirectory run = run::RunDirectory::open(path);
    const run::Recipe recipe = experiment_of(run.recipe());
    std::size_t g = 0;
    while (g < recipes.size() && !run::difference(recipes[g], recipe).empty()) ++g;
    if (g == recipes.size()) {
      recipes.push_back(recipe);
      groups.push_back({.name = run.name(), .runs = {}, .difference = {}});
      if (g > 0) groups.back().difference = run::to_string(run::difference(recipes.front(), recipe));
    } else {
      groups[g].name += ", " + run.name();
    }
    groups[g].runs.push_back(path);
  }
  return groups;
}

std::vector<RunGroup> named_groups(const std::vector<fs::path>& baseline, const std::vector<fs::path>& candidates) {
  std::vector<RunGroup> groups;
  std::vector<run::Recipe> recipes;
  bool mixed = false;
  for (const auto* side : {&baseline, &candidates}) {
    RunGroup group{.name = {}, .runs = *side, .difference = {}};
    for (const fs::path& path : *side) {
      const run::RunDirectory run = run::RunDirectory::open(path);
      group.name += (group.name.empty() ? "" : ", ") + run.name();
      const run::Recipe recipe = experiment_of(run.recipe());
      if (path == side->front()) recipes.push_back(recipe);
      mixed = mixed || !run::difference(recipes.back(), recipe).empty();
    }
    groups.push_back(std::move(group));
  }
  groups.back().difference = mixed ? "  (the runs of a side are of several recipes)\n"
                                   : run::to_string(run::difference(recipes.front(), recipes.back()));
  return groups;
}

std::vector<ScoreComparison> compare_groups(const RunGroup& candidate, const RunGroup& baseline) {
  std::vector<std::string> unscored;
  const auto theirs = values_of(baseline, unscored);
  const auto ours = values_of(candidate, unscored);
  if (!unscored.empty()) {
    fail<DataError>("{}: {} no scores of {} newest weights; make them with: ganymede evaluate {}",
                    fmt::join(unscored, ", "), unscored.size() == 1 ? "has" : "have",
                    unscored.size() == 1 ? "its" : "their", fmt::join(unscored, " "));
  }
  std::vector<ScoreComparison> result;
  for (const auto& [name, mine] : ours) {
    const auto other = theirs.find(name);
    if (other == theirs.end()) continue;
    ScoreComparison one{
        .name = name, .better = mine.better, .candidate = mine.values, .baseline = other->second.values, .result = {}};
    const measure::ScoreKind* kind = measure::kind_of(name);
    one.comparable = kind == nullptr || kind->between_runs;
    const auto compared = [&](std::vector<double> values) {
      for (double& v : values) v = measure::compared_value(kind, one.better, v);
      return values;
    };
    const std::vector<double> candidate_values = compared(one.candidate), baseline_values = compared(one.baseline);
    if (one.comparable) {
      one.result = measure::compare_over_seeds({.candidate = candidate_values, .baseline = baseline_values},
                                               {.better = one.better});
    }
    one.result.candidate_mean = measure::mean_of(one.candidate);
    one.result.baseline_mean = measure::mean_of(one.baseline);
    result.push_back(std::move(one));
  }
  if (result.empty()) {
    fail<DataError>("{} and {} have no score in common: evaluate both with the same --measures and --n", candidate.name,
                    baseline.name);
  }
  return result;
}

std::string to_table(const std::vector<ScoreComparison>& comparisons, bool names) {
  TextTable table("lrrrlrll");
  table.add({"score", "candidate", "baseline", "difference", "95 %", "p", "test", "candidate is"});
  table.add_rule();
  std::vector<measure::Score> scores;
  for (const ScoreComparison& one : comparisons) scores.push_back({.name = one.name, .better = one.better});
  const std::vector<std::string> words = measure::screen_names(scores);
  bool few = false;
  for (std::size_t i = 0; i < comparisons.size(); ++i) {
    const ScoreComparison& one = comparisons[i];
    const measure::Comparison& r = one.result;
    const bool tested = r.test != measure::SeedTest::none;
    few = few || r.rests_on_normality;
    table.add({names ? fmt::format("{} ({})", one.name, name_of(one.better)) : words[i],
               fmt::format("{} ({})", number(r.candidate_mean), one.candidate.size()),
               fmt::format("{} ({})", number(r.baseline_mean), one.baseline.size()),
               one.comparable ? number(r.difference) : "-",
               fmt::format("[{}, {}]", number(r.interval.low), number(r.interval.high)),
               tested ? number(r.p_value) : "-",
               tested ? fmt::format("{}{}", measure::name_of(r.test), r.rests_on_normality ? " *" : "") : "-",
               one.comparable ? measure::name_of(r.verdict) : "not comparable: each run has another judge"});
  }
  std::string text = table.str();
  if (few) text += "* of so few runs the test rests on scores being normal; rearranging them could never reach 5 %\n";
  return text;
}

}  // namespace ganymede::evaluate
