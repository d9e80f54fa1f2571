#include "study/distributed/distributed_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "base/wording.hpp"
#include "data/ink/ink_picture.hpp"
#include "explore/trained_generator.hpp"
#include "measure/resample.hpp"
#include "run/recipe_file.hpp"
#include "study/results.hpp"

namespace ganymede::study {
namespace {

std::string alphabet_of(const std::filesystem::path& weights, const std::filesystem::path& run,
                        const train::SessionOptions& session) {
  explore::TrainedGenerator generator(*session.backend, run::load_weights_of(weights), run, session.threads);
  const Tensor drawn = generator.draw(0, generator.classes());
  std::vector<ink::Ink> inks;
  return data::sheet_svg(train::ink_sheet(drawn, inks));
}

// What is recognised at the end of every round, one line a way of drawing z: the mean over seeds.
page::Plot curves_of(const DistributedResults& results, int workers, const std::string& by, bool averaged) {
  const char* of = by == "class" && !averaged ? "share, of a worker's own classes" : "share";
  picture::LinePlot plot{.title = fmt::format("Symbols recognised: {} by {}, {}", workers, by,
                                              averaged ? "the mean of a team" : "workers alone"),
                         .x_label = "steps of a worker",
                         .y_label = of,
                         .series = {},
                         .height = 360};
  const auto add = [&](const DistributedArmResult& arm, std::string name) {
    picture::Series series{.name = std::move(name), .x = {}, .y = {}};
    std::map<std::int64_t, std::vector<double>> by_step;
    for (const TeamResult& team : arm.teams) {
      for (const auto& [step, share] : team.measures.curve) by_step[step].push_back(share);
    }
    for (const auto& [step, shares] : by_step) {
      series.x.push_back(static_cast<double>(step));
      series.y.push_back(measure::mean_of(shares));
    }
    plot.series.push_back(std::move(series));
  };
  add(results.arm(workers, by, Sharing::shared, averaged), "one partition");
  add(results.arm(workers, by, Sharing::own, averaged), "a partition each");
  add(results.arm(workers, by, Sharing::none, averaged), "none");
  add(results.arm(1, "whole", Sharing::shared, false), "all data, one partition");
  add(results.arm(1, "whole", Sharing::none, false), "all data, none");
  return {.plot = std::move(plot), .caption = "Mean over seeds, at the end of every round." + results.failed_text()};
}

void add_introduction_of_distributed(page::Document& page, const DistributedResults& results) {
  const DistributedPlan& plan = results.plan;
  page.add(page::Paragraph{fmt::format(
      "The question (S-INK, I9): several workers each have a part of the ink. Does it help them to share one partition "
      "of the latent space? Teams of {} workers get parts of {} (up to {} symbols of each of {} classes in all, ten "
      "noisy copies each), cut by writer, so that each part has all classes by other hands, or by class, so that each "
      "worker knows some of the classes only. z is drawn by one partition for all, by a partition of each worker's "
      "own (both by Algorithm 1), or without any. Workers train alone, or as a team that after every {} takes the mean "
      "of all parameters and moments and goes on from it. {} each, {} a worker in batches of 64; training took {} in "
      "all.",
      fmt::join(plan.team_sizes, " and "), results.classifier_data, plan.per_class, results.class_names.size(),
      counted(plan.every, "step"), counted(plan.seeds, "seed"), counted(plan.steps, "step"),
      human_duration(results.seconds()))});
  page.add(page::Paragraph{fmt::format(
      "The workers of a team begin with the same weights and draw z from the same stream. What is judged is the moving "
      "average of G's weights ({} parameters), by symbols {}. A mean of workers with partitions of their own is judged "
      "with each of these, and its scores averaged.{}",
      with_thousands(results.parameters),
      results.one_split ? "of the one split that there is: the models were trained on them"
                        : "of writers that no model and no classifier saw",
      plan.quick ? " This is the quick version: few steps, teams of two; what it cannot tell, the full one may."
                 : "")});
}

nlohmann::ordered_json team_json(const TeamResult& team) {
  nlohmann::ordered_json json = {{"team", team.team}, {"failed", team.failed}, {"seconds", team.seconds}};
  if (!team.failed) json["measures"] = nlohmann::ordered_json::parse(to_json(team.measures, ""));
  return json;
}

}  // namespace

DistributedFigures draw_distributed_figures(const DistributedResults& results, const std::filesystem::path& folder,
                                            const train::SessionOptions& session) {
  const page::FigureWriter writer(folder);
  DistributedFigures figures;
  for (const DistributedArmResult& arm : results.arms) {
    std::vector<page::Figure>& sheets = figures.sheets.emplace_back();
    const auto first = std::ranges::find(arm.teams, false, &TeamResult::failed);
    if (first == arm.teams.end()) continue;
    const train::PlannedTeam& team = arm.plan->teams[static_cast<std::size_t>(first - arm.teams.begin())];
    const std::filesystem::path path = folder / "runs" / team.name;
    const auto add = [&](const std::string& name, const std::filesystem::path& weights, const std::string& run,
                         const std::string& whose, double share) {
      sheets.push_back(writer.svg("alphabet-" + name, alphabet_of(weights, path / run, session),
                                  fmt::format("{}, {}: {:.1f} % recognised", team.name, whose, 100 * share)));
    };
    if (arm.plan->averaged) {
      add(team.name, train::averaged_path(path, team.rounds()), "w1", "the mean of its workers",
          first->measures.result.accuracy);
      continue;
    }
    for (std::size_t w = 0; w < team.workers.size(); ++w) {
      const std::string& run = team.workers[w].name;
      add(team.name + "-" + run, train::round_path(path, run, team.rounds()), run,
          team.workers.size() > 1 ? "worker " + run : "one model", first->measures.parts[w].accuracy);
    }
  }
  return figures;
}

page::Document distributed_document(const DistributedResults& results, const Judgement& judgement,
                                    const DistributedFigures& figures) {
  page::Document page{.title = "Does a shared latent partition help workers that each see a part of the ink?"};
  add_introduction_of_distributed(page, results);
  page.add(page::Heading{"What these runs say"});
  page.add(page::Findings{});
  page.add(page::Paragraph{correction_text(judgement.tests) +
                           " With three seeds \"cannot tell\" is the expected answer for small differences." +
                           results.failed_text()});
  page.add(page::Heading{"Convergence"});
  for (const int workers : results.plan.team_sizes) {
    for (const std::string& by : distributed_cuts()) {
      for (const bool averaged : {true, false}) page.add(curves_of(results, workers, by, averaged));
    }
  }
  page.add(page::Heading{"Quality at the end"});
  page.add(distributed_quality_table(results));
  page.add(page::Heading{"The mean and its parts"});
  page.add(distributed_means_table(results));
  page.add(page::Heading{"Do workers mean the same by the same z?"});
  page.add(distributed_agreement_table(results));
  page.add(page::Heading{"Alphabets"});
  for (std::size_t a = 0; a < results.arms.size(); ++a) {
    if (a >= figures.sheets.size() || figures.sheets[a].empty()) continue;
    page.add(page::Subheading{results.arms[a].plan->title});
    for (const page::Figure& figure : figures.sheets[a]) page.add(figure);
  }
  page.add(page::Heading{"Settings"});
  const train::PlannedTeam& team = results.plan.arms.back().teams.front();
  page.add(page::Details{fmt::format("Recipe of {}/{}", team.name, team.workers.front().name),
                         run::to_toml(team.workers.front().recipe)});
  return page;
}

std::string distributed_json(const DistributedResults& results, const Judgement& judgement,
                             const DistributedFigures& figures) {
  const DistributedPlan& plan = results.plan;
  nlohmann::ordered_json json = {{"schema", kDistributedSchema},
                                 {"study", "distributed"},
                                 {"data", plan.data},
                                 {"quick", plan.quick},
                                 {"seeds", plan.seeds},
                                 {"steps", plan.steps},
                                 {"every", plan.every},
                                 {"recognised", plan.recognised},
                                 {"class_names", results.class_names},
                                 {"one_split", results.one_split},
                                 {"classifier_accuracy", results.classifier_accuracy},
                                 {"real_symbols", results.real_symbols},
                                 {"held_out", results.held_out},
                                 {"real_msd", results.real_msd},
                                 {"parameters", results.parameters},
                                 {"seconds", results.seconds()},
                                 {"teams", nlohmann::ordered_json::object()}};
  for (const DistributedArmResult& arm : results.arms) {
    nlohmann::ordered_json seeds = nlohmann::ordered_json::array();
    for (const TeamResult& team : arm.teams) seeds.push_back(team_json(team));
    json["teams"][arm.plan->name] = {{"workers", arm.plan->workers},
                                     {"by", arm.plan->by},
                                     {"partition", name_of(arm.plan->sharing)},
                                     {"averaged", arm.plan->averaged},
                                     {"seeds", std::move(seeds)}};
  }
  return results_text(std::move(json), judgement, distributed_document(results, judgement, figures));
}

}  // namespace ganymede::study
