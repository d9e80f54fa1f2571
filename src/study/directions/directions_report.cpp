#include "study/directions/directions_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "measure/resample.hpp"
#include "picture/png.hpp"
#include "run/recipe_file.hpp"
#include "study/results.hpp"

namespace ganymede::study {
namespace {

using OfARun = std::function<double(const DirectionsRun&)>;

std::string directions_cell(const DirectionsArmResult& arm, const OfARun& of, const char* form = "{:.2f}") {
  return mean_and_spread(arm.arm(of).values, form);
}

OfARun mean_over(double (*of)(const AttributeFound&), bool told_only = false) {
  return [=](const DirectionsRun& run) { return run.mean(of, told_only); };
}

// A row a number of a claim, a column a model.
page::Table claims_table(const DirectionsResults& results, const Judgement& judgement) {
  page::Table table{.head = {"claim", "verdict", "number", "wanted above"}, .rows = {}, .caption = {}};
  for (const DirectionsArmResult& arm : results.arms) table.head.push_back(arm.plan->title);
  for (const ClaimNumber& number : claim_numbers()) {
    const auto text = [&](double v) { return fmt::format(fmt::runtime(number.form), number.unit * v); };
    std::vector<std::string> row = {std::to_string(number.claim + 1), judgement.findings[number.claim].verdict,
                                    number.word, text(number.wanted)};
    for (const DirectionsArmResult& arm : results.arms) {
      const std::vector<double> values = arm.arm(number.of).values;
      if (values.size() < 2) {
        row.push_back(values.empty() ? "-" : text(values[0]));
        continue;
      }
      const measure::Interval interval = measure::mean_interval(values);
      row.push_back(
          fmt::format("{} [{}, {}]", text(measure::mean_of(values)), text(interval.low), text(interval.high)));
    }
    table.rows.push_back(std::move(row));
  }
  table.caption =
      "Of each model the mean over its seeds with Student's 95 % interval; verdicts are of all models' runs together.";
  return table;
}

page::Table models_table(const DirectionsResults& results) {
  page::Table table{.head = {"model", "seeds", "right of n'z = 0", "with offset", "R^2", "told by z", "largest cosine",
                             "Sigma_s off diagonal", "measured", "Sigma_s tells", "side effects told"},
                    .rows = {},
                    .caption = {}};
  for (const DirectionsArmResult& arm : results.arms) {
    table.rows.push_back(
        {arm.plan->title, std::to_string(arm.runs.size()),
         directions_cell(arm, mean_over([](const AttributeFound& one) { return one.separated.balanced; })),
         directions_cell(arm, mean_over([](const AttributeFound& one) { return one.separated.with_offset; })),
         directions_cell(arm, mean_over([](const AttributeFound& one) { return one.explained; })),
         directions_cell(
             arm, [](const DirectionsRun& run) { return static_cast<double>(run.told()); }, "{:.1f}"),
         directions_cell(arm, [](const DirectionsRun& run) { return std::fabs(run.cosine); }),
         directions_cell(arm, [](const DirectionsRun& run) { return run.off_diagonal; }),
         directions_cell(arm, [](const DirectionsRun& run) { return run.measured_off_diagonal; }),
         directions_cell(arm, [](const DirectionsRun& run) { return run.covariance_told; }),
         directions_cell(arm, [](const DirectionsRun& run) { return run.side_effects_told; })});
  }
  table.caption =
      "Mean ± standard deviation over the seeds, of means over the attributes. Right: of fresh samples above and below "
      "an "
      "attribute's median the share on the side that they belong to, without the offset (chance 0.5, both kinds alike) "
      "and with it. R^2: of least squares on samples held out. Told: 1 - squares missed / squares, of the measured "
      "covariances off the diagonal by Lambda N'N Lambda, and of the others' changes along each normal.";
  return table;
}

page::Table proof_table(const DirectionsResults& results) {
  page::Table table{.head = {"model", "normal: own", "others", "conditional: own", "others", "orthogonal: own",
                             "others", "pairs: target before", "after", "other before", "after"},
                    .rows = {},
                    .caption = {}};
  for (const DirectionsArmResult& arm : results.arms) {
    table.rows.push_back(
        {arm.plan->title, directions_cell(arm, mean_over([](const AttributeFound& one) { return one.moved; }, true)),
         directions_cell(arm, [](const DirectionsRun& run) { return run.leak_normal; }),
         directions_cell(arm, mean_over([](const AttributeFound& one) { return one.moved_conditional; }, true)),
         directions_cell(arm, [](const DirectionsRun& run) { return run.leak_conditional; }),
         directions_cell(arm, mean_over([](const AttributeFound& one) { return one.moved_orthogonal; }, true)),
         directions_cell(arm, [](const DirectionsRun& run) { return run.leak_orthogonal; }),
         directions_cell(arm, [](const DirectionsRun& run) { return run.pairs.own_before; }),
         directions_cell(arm, [](const DirectionsRun& run) { return run.pairs.own_after; }),
         directions_cell(arm, [](const DirectionsRun& run) { return run.pairs.other_before; }),
         directions_cell(arm, [](const DirectionsRun& run) { return run.pairs.other_after; })});
  }
  table.caption = fmt::format(
      "{} samples that nothing was fitted to, moved one unit of z: the own change in the attribute's deviations, the "
      "others' as a share of it. Conditional: beside all others that z tells, \"-\" where they leave no room (more "
      "attributes than dimensions). Pairs: each attribute beside one other alone, for which two dimensions have room.",
      results.plan.proofs);
  return table;
}

std::vector<std::string> attribute_names(const DirectionsResults& results) {
  std::vector<std::string> names;
  for (const DirectionsArmResult& arm : results.arms) {
    for (const DirectionsRun& run : arm.runs) {
      for (const AttributeFound& one : run.attributes) {
        if (std::ranges::find(names, one.name) == names.end()) names.push_back(one.name);
      }
    }
  }
  return names;
}

page::Table attributes_table(const DirectionsResults& results) {
  page::Table table{.head = {"attribute"}, .rows = {}, .caption = {}};
  for (const DirectionsArmResult& arm : results.arms) {
    table.head.push_back(arm.plan->title + ": R^2");
    table.head.emplace_back("n'z = 0");
    table.head.emplace_back("offset");
  }
  for (const std::string& name : attribute_names(results)) {
    std::vector<std::string> row = {name};
    for (const DirectionsArmResult& arm : results.arms) {
      const auto cell = [&](double (*of)(const AttributeFound&)) {
        return directions_cell(arm, [&](const DirectionsRun& run) {
          const auto one = std::ranges::find(run.attributes, name, &AttributeFound::name);
          return one == run.attributes.end() ? std::nan("") : of(*one);
        });
      };
      row.push_back(cell([](const AttributeFound& one) { return one.explained; }));
      row.push_back(cell([](const AttributeFound& one) { return one.separated.balanced; }));
      row.push_back(cell([](const AttributeFound& one) { return std::fabs(one.separated.offset); }));
    }
    table.rows.push_back(std::move(row));
  }
  table.caption =
      "Mean ± standard deviation over the seeds. The offset: how far the hyperplane with offset lies from the "
      "origin, in units of z.";
  return table;
}

// One thing over the number of dimensions, with what each seed gave.
page::Plot over_dimensions(const DirectionsResults& results) {
  picture::LinePlot plot{.title = "What dimensions change",
                         .x_label = "dimensions of z",
                         .y_label = "mean over seeds",
                         .log_x = true,
                         .series = {},
                         .width = 900,
                         .height = 400};
  const auto add = [&](const char* name, const OfARun& of) {
    picture::Series series{.name = name, .x = {}, .y = {}};
    for (const DirectionsArmResult& arm : results.arms) {
      const std::vector<double> values = arm.arm(of).values;
      if (values.empty()) continue;
      series.x.push_back(arm.plan->dim);
      series.y.push_back(measure::mean_of(values));
    }
    plot.series.push_back(std::move(series));
  };
  add("right of n'z = 0", mean_over([](const AttributeFound& one) { return one.separated.balanced; }));
  add("R^2", mean_over([](const AttributeFound& one) { return one.explained; }));
  add("off the diagonal of Sigma_s", [](const DirectionsRun& run) { return run.off_diagonal; });
  add("largest cosine", [](const DirectionsRun& run) { return std::fabs(run.cosine); });
  return {.plot = std::move(plot), .caption = "Mean over seeds; the table below has the spread."};
}

}  // namespace

DirectionsFigures draw_directions_figures(const DirectionsResults& results, const std::filesystem::path& folder) {
  const page::FigureWriter writer(folder);
  DirectionsFigures figures;
  for (const DirectionsArmResult& arm : results.arms) {
    const auto run = std::ranges::find(arm.runs, false, &DirectionsRun::failed);
    if (run == arm.runs.end()) continue;
    const std::filesystem::path kept = folder / "runs" / run->run / "directions";
    figures.matrices.push_back(writer.png("matrices-" + arm.plan->name, picture::read_png(kept / "study.png").image,
                                          fmt::format("{}, {}: cosines of the normals, the model's covariance of "
                                                      "scores, the measured one.",
                                                      arm.plan->title, run->run)));
    if (std::filesystem::exists(kept / "study.strips.png")) {
      figures.strips.push_back(
          writer.png("strips-" + arm.plan->name, picture::read_png(kept / "study.strips.png").image,
                     fmt::format("{}, {}: one sample along each normal.", arm.plan->title, run->run)));
    }
  }
  return figures;
}

page::Document directions_document(const DirectionsResults& results, const Judgement& judgement,
                                   const DirectionsFigures& figures) {
  page::Document page{.title = "What z means: attributes as directions"};
  page.add(page::Paragraph{fmt::format(
      "An attribute is a score of a picture, measured on its pixels (docs/directions.md). The lecture models scores as "
      "linear in z, s = Lambda N'z with a unit normal for each, and calls a model disentangled if their covariance "
      "Lambda N'N Lambda is diagonal. Here that is held against generators of 2, 3, 4 and 100 dimensions, {} epochs "
      "each, over seeds. Training took {} in all.",
      results.plan.epochs, human_duration(results.seconds()))});
  if (results.plan.quick) {
    page.add(page::Paragraph{fmt::format(
        "This is the quick version: {}. What it cannot tell, the full one may; what it finds, it finds for these "
        "settings.",
        results.plan.settings)});
  }
  page.add(page::Heading{"The five claims"});
  for (std::size_t c = 0; c < directions_claims().size(); ++c)
    page.add(page::Paragraph{fmt::format("{}. {}", c + 1, directions_claims()[c])});
  page.add(claims_table(results, judgement));
  page.add(page::Heading{"Dimensions compared"});
  page.add(over_dimensions(results));
  page.add(models_table(results));
  page.add(page::Heading{"The proof on samples"});
  page.add(proof_table(results));
  page.add(page::Heading{"The matrices"});
  for (const page::Figure& figure : figures.matrices) page.add(figure);
  page.add(page::Heading{"Along the normals"});
  for (const page::Figure& figure : figures.strips) page.add(figure);
  page.add(page::Heading{"Attribute by attribute"});
  page.add(attributes_table(results));
  page.add(page::Heading{"Verdicts and what they rest on"});
  page.add(page::Findings{});
  page.add(page::Paragraph{correction_text(judgement.tests) + results.failed_text()});
  page.add(page::Heading{"Settings"});
  for (const DirectionsArmResult& arm : results.arms)
    page.add(page::Details{"Recipe of " + arm.plan->name, run::to_toml(arm.plan->runs.front().recipe)});
  return page;
}

std::string directions_json(const DirectionsResults& results, const Judgement& judgement,
                            const DirectionsFigures& figures) {
  nlohmann::ordered_json json = {{"schema", kDirectionsSchema},
                                 {"study", "directions"},
                                 {"quick", results.plan.quick},
                                 {"settings", results.plan.settings},
                                 {"epochs", results.plan.epochs},
                                 {"seconds", results.seconds()},
                                 {"models", nlohmann::ordered_json::object()}};
  for (const DirectionsArmResult& arm : results.arms) {
    nlohmann::ordered_json runs = nlohmann::ordered_json::array();
    for (const DirectionsRun& run : arm.runs) runs.push_back(to_json(run));
    json["models"][arm.plan->name] = {{"dimensions", arm.plan->dim}, {"runs", std::move(runs)}};
  }
  return results_text(std::move(json), judgement, directions_document(results, judgement, figures));
}

}  // namespace ganymede::study
