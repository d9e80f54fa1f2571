#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/json.hpp"
#include "command.hpp"
#include "evaluate/comparison.hpp"
#include "shared.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct CompareArguments {
  std::vector<std::string> runs, against;
  std::string root;
  bool protocol = false;
  Output output;
};

std::vector<fs::path> paths_of(const std::vector<std::string>& runs, const std::string& root) {
  std::vector<fs::path> paths;
  paths.reserve(runs.size());
  for (const std::string& run : runs) paths.push_back(run::find_run(run::runs_root(root), run).path());
  return paths;
}

Json comparison_json(const evaluate::RunGroup& candidate, const evaluate::RunGroup& baseline,
                     const std::vector<evaluate::ScoreComparison>& scores) {
  Json list = Json::array();
  for (const evaluate::ScoreComparison& one : scores) {
    const measure::Comparison& r = one.result;
    list.push_back({{"name", one.name},
                    {"better", name_of(one.better)},
                    {"candidate", one.candidate},
                    {"baseline", one.baseline},
                    {"candidate_mean", number_or_null(r.candidate_mean)},
                    {"baseline_mean", number_or_null(r.baseline_mean)},
                    {"difference", number_or_null(r.difference)},
                    {"low", number_or_null(r.interval.low)},
                    {"high", number_or_null(r.interval.high)},
                    {"p_value", number_or_null(r.p_value)},
                    {"permutation_p", number_or_null(r.permutation_p)},
                    {"test", measure::name_of(r.test)},
                    {"comparable", one.comparable},
                    {"verdict", measure::name_of(r.verdict)}});
  }
  const auto names = [](const evaluate::RunGroup& group) {
    Json all = Json::array();
    for (const fs::path& path : group.runs) all.push_back(path.string());
    return all;
  };
  return {{"candidate", names(candidate)}, {"baseline", names(baseline)}, {"scores", list}};
}

int compare(const CompareArguments& arguments) {
  std::vector<evaluate::RunGroup> groups;
  if (!arguments.against.empty()) {
    groups =
        evaluate::named_groups(paths_of(arguments.against, arguments.root), paths_of(arguments.runs, arguments.root));
  } else {
    groups = evaluate::group_runs(paths_of(arguments.runs, arguments.root));
    if (groups.size() < 2)
      fail<UserError>("compare: all these runs have one recipe: name runs of another, or a baseline with --against");
  }
  const evaluate::RunGroup& baseline = groups.front();
  std::vector<std::vector<evaluate::ScoreComparison>> found;  // all of them before a word is printed
  for (std::size_t g = 1; g < groups.size(); ++g) found.push_back(evaluate::compare_groups(groups[g], baseline));
  Json comparisons = Json::array();
  for (std::size_t g = 1; g < groups.size(); ++g) {
    const auto& scores = found[g - 1];
    if (arguments.output.json) {
      comparisons.push_back(comparison_json(groups[g], baseline, scores));
      continue;
    }
    print(fmt::format("candidate: {}\nbaseline:  {}\n{}\n{}{}", groups[g].name, baseline.name, groups[g].difference,
                      evaluate::to_table(scores, arguments.protocol), g + 1 < groups.size() ? "\n" : ""));
  }
  const Json result = {{"schema", "ganymede.compare/1"}, {"comparisons", comparisons}};
  if (arguments.output.json) print(json_text(result, 2) + "\n");
  return 0;
}

}  // namespace

Action set_up_compare(CLI::App& command) {
  const auto a = std::make_shared<CompareArguments>();
  command.add_option("RUN", a->runs, "Names or paths of runs; those that differ in their seed alone form a set")
      ->required();
  command
      .add_option("--against", a->against,
                  "The baseline's runs; without it sets are formed by recipe, and the first "
                  "run's set is the baseline")
      ->type_name("RUN");
  command.add_option("--runs", a->root, "Folder of the runs (else $GANYMEDE_RUNS, else ./runs)")->type_name("DIR");
  command.add_flag("--protocol,--verbose", a->protocol, "Scores by the names that fix their protocols");
  add_output(command, a->output);
  command.footer(
      "Compares the scores that `ganymede evaluate` left in the runs, over seeds (Welch, 5 %): fewer than two runs a "
      "set can tell nothing.\nExample: ganymede compare mixed-s1 mixed-s2 mixed-s3 --against f32-s1 f32-s2 f32-s3");
  return [a] { return compare(*a); };
}

}  // namespace ganymede::app
