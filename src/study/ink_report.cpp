#include "study/ink_report.hpp"

#include <fmt/format.h>

#include <map>

#include "base/text.hpp"
#include "base/wording.hpp"
#include "measure/resample.hpp"
#include "picture/player_colours.hpp"
#include "run/recipe_file.hpp"
#include "study/ink_report_tables.hpp"
#include "study/sampler_plots.hpp"

namespace ganymede::study {
namespace {

using page::Document;
using page::Heading;
using page::Paragraph;
using page::Plot;
using page::Subheading;

const run::Recipe& first_recipe(const InkResults& results) {
  return results.plan.arms.front().runs.front().recipe;
}

// Accuracy over steps, one line a sampler: the mean over its seeds.
Plot accuracy_plot(const InkResults& results) {
  picture::LinePlot plot{.title = "Symbols recognised while training", .x_label = "steps", .y_label = "share"};
  for (const InkArmResult& arm : results.arms) {
    picture::Series series{.name = arm.name, .x = {}, .y = {}};
    std::map<std::int64_t, std::vector<double>> by_step;
    for (const InkRunResult& run : arm.runs) {
      for (const auto& [step, accuracy] : run.measures.accuracy_curve) by_step[step].push_back(accuracy);
    }
    for (const auto& [step, values] : by_step) {
      series.x.push_back(static_cast<double>(step));
      series.y.push_back(measure::mean_of(values));
    }
    plot.series.push_back(std::move(series));
  }
  return {.plot = std::move(plot), .caption = "Mean over seeds, at every snapshot." + results.failed_text()};
}

Plot ink_loss_plot(const InkRunResult& run) {
  picture::LinePlot plot{
      .title = "Losses of " + run.run, .x_label = "steps", .y_label = "loss", .width = 900, .height = 320};
  picture::Series d{.name = "D", .x = {}, .y = {}, .colour = picture::kDiscriminatorColour},
      g{.name = "G", .x = {}, .y = {}, .colour = picture::kGeneratorColour};
  for (const InkLosses& one : run.losses) {
    d.x.push_back(one.step), d.y.push_back(one.discriminator);
    g.x.push_back(one.step), g.y.push_back(one.generator);
  }
  plot.series = {d, g};
  return {.plot = std::move(plot)};
}

void add_introduction_of_ink(Document& page, const InkResults& results) {
  const InkPlan& plan = results.plan;
  page.add(Paragraph{fmt::format(
      "Data: {} ({} symbols of {} classes to train the classifier; the GANs saw up to {} of each class, ten noisy "
      "copies each). Five ways of drawing z, {} each, {} of 64 symbols. G: {} parameters, three ConvGRU layers "
      "and a convolution over time; D: a perceptron of three layers. Training took {} in all.{}",
      results.classifier_data, with_thousands(results.real_symbols), results.class_names.size(), plan.quick ? 100 : 300,
      counted(plan.seeds, "seed"), counted(plan.steps, "step"), with_thousands(results.parameters),
      human_duration(results.seconds),
      plan.quick ? " This is the quick version: few steps and seeds; what it cannot tell, the full one may." : "")});
  const double decay = first_recipe(results).game.ema_decay;
  page.add(Paragraph{fmt::format(
      "{} Real symbols on the other side of every score are {}.",
      decay > 0
          ? fmt::format(
                "The weights that are judged are the moving average of G's (decay {:g}), which the study does not "
                "have; the weights as training left them stand beside them under \"The plain weights\".",
                decay)
          : std::string("The weights that are judged are those that training left."),
      results.one_split ? "those of the one split that there is: the models were trained on them"
                        : "of writers that neither the models nor the classifiers saw")});
}

void add_findings_of_ink(Document& page, const InkResults& results, const Judgement& judgement) {
  page.add(Heading{"What the study found, and what these runs say"});
  page.add(page::Findings{});
  page.add(
      Paragraph{correction_text(judgement.tests) +
                " With few seeds \"cannot tell\" is the expected answer for small differences; more --seeds, or more "
                "--steps, go on from these runs." +
                results.failed_text()});
}

void add_samplers(Document& page, const InkResults& results) {
  const run::Recipe& recipe = first_recipe(results);
  page.add(Heading{"What the samplers make of z"});
  page.add(Paragraph{
      "The generator is meant to learn from z of one law. A partition gives every class a law of its own: a z that is "
      "moved towards its centroid is shorter than a Gaussian one, and its coordinates are no longer normal."});
  const latent::Partition partition = latent::make_partition(static_cast<int>(results.class_names.size()),
                                                             recipe.latent.dim, recipe.latent.partition_seed);
  for (picture::LinePlot& plot : sampler_plots(survey_samplers(partition, 3900, recipe.latent.sigma)))
    page.add(Plot{.plot = std::move(plot)});
}

// Sheets of symbols, and the losses of the first run of every sampler that did not fail.
void add_sheets(Document& page, const InkResults& results, const InkFigures& figures) {
  page.add(Heading{"Figures"});
  page.add(Subheading{"Preprocessed real symbols"});
  for (const page::Figure& figure : figures.real) page.add(figure);
  for (std::size_t a = 0; a < results.arms.size(); ++a) {
    page.add(Subheading{results.arms[a].title});
    bool first = true;
    std::size_t sheet = 0;
    for (const InkRunResult& run : results.arms[a].runs) {
      if (run.failed) continue;
      if (a < figures.alphabets.size() && sheet < figures.alphabets[a].size()) page.add(figures.alphabets[a][sheet++]);
      if (first) page.add(ink_loss_plot(run));
      first = false;
    }
  }
}

}  // namespace

Document ink_document(const InkResults& results, const Judgement& judgement, const InkFigures& figures) {
  Document page{.title = "Does a partitioned latent space help a conditional GAN on vector handwriting?"};
  add_introduction_of_ink(page, results);
  add_findings_of_ink(page, results, judgement);
  page.add(Heading{"Diversity (Table 2)"});
  page.add(diversity_table(results));
  page.add(diversity_by_run_table(results));
  page.add(Heading{"Realism beside diversity"});
  page.add(realism_table(results));
  page.add(accuracy_plot(results));
  page.add(two_sample_table(results));
  if (first_recipe(results).game.ema_decay > 0) {
    page.add(Subheading{"The plain weights"});
    page.add(plain_table(results));
  }
  page.add(Heading{"Stability"});
  page.add(stability_table(results));
  add_samplers(page, results);
  page.add(Heading{"Models that share a partition"});
  page.add(agreement_table(results));
  page.add(Heading{"Class by class"});
  page.add(class_table(results));
  add_sheets(page, results, figures);
  page.add(Heading{"Settings"});
  page.add(page::Details{"Recipe of the first run", run::to_toml(first_recipe(results))});
  return page;
}

}  // namespace ganymede::study
