#include "study/image_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>

#include "base/text.hpp"
#include "base/wording.hpp"
#include "measure/resample.hpp"
#include "picture/player_colours.hpp"
#include "run/recipe_file.hpp"
#include "study/image_report_tables.hpp"

namespace ganymede::study {
namespace {

using page::Document;
using page::Heading;
using page::Paragraph;
using page::Plot;
using page::Subheading;

picture::LinePlot plot_of(const std::string& title, const std::string& y, int height) {
  return {.title = title, .x_label = "epochs", .y_label = y, .series = {}, .width = 900, .height = height};
}

// A score over epochs, a line a model: mean over seeds.
Plot score_plot(const ImageResults& results, const char* score, const std::string& title, bool log_y) {
  picture::LinePlot plot = plot_of(title, score, 400);
  plot.log_y = log_y;
  for (const ImageArmResult& arm : results.arms) {
    picture::Series series{.name = arm.title, .x = {}, .y = {}};
    for (const std::int64_t epoch : arm.epochs) {
      const auto values = arm.values(score, epoch);
      if (values.empty()) continue;
      series.x.push_back(static_cast<double>(epoch));
      series.y.push_back(measure::mean_of(values));
    }
    plot.series.push_back(std::move(series));
  }
  return {.plot = std::move(plot), .caption = "Mean over seeds." + results.failed_text()};
}

// One line a run, all in the player's colour and the first alone named.
void add_lines(picture::LinePlot& plot, const ImageArmResult& arm, const std::string& name, picture::Colour colour,
               const std::function<double(const EpochLosses&)>& value) {
  bool first = true;
  for (const ImageRunResult& run : arm.runs) {
    if (run.epochs.empty()) continue;
    picture::Series series{.name = first ? name : "", .x = {}, .y = {}, .colour = colour};
    first = false;
    for (std::size_t e = 0; e < run.epochs.size(); ++e) {
      series.x.push_back(static_cast<double>(e + 1));
      series.y.push_back(value(run.epochs[e]));
    }
    plot.series.push_back(std::move(series));
  }
}

Plot loss_plot(const ImageArmResult& arm) {
  picture::LinePlot plot = plot_of("Losses of " + arm.title, "loss", 400);
  add_lines(plot, arm, "D", picture::kDiscriminatorColour, [](const EpochLosses& e) { return e.discriminator_loss; });
  add_lines(plot, arm, "G", picture::kGeneratorColour, [](const EpochLosses& e) { return e.generator_loss; });
  return {.plot = std::move(plot), .caption = "Means of each epoch, a line for each seed."};
}

Plot right_plot(const ImageArmResult& arm) {
  picture::LinePlot plot = plot_of("How often D is right", "share", 320);
  add_lines(plot, arm, "D", picture::kDiscriminatorColour,
            [](const EpochLosses& e) { return (e.real_accuracy + e.fake_accuracy) / 2; });
  return {.plot = std::move(plot),
          .caption = "Mean over real and generated samples of the training batches, a line for each seed."};
}

const ArmFigures& figures_of(const ImageFigures& figures, std::size_t arm) {
  static const ArmFigures none;
  return arm < figures.arms.size() ? figures.arms[arm] : none;
}

void add_introduction(Document& page, const ImageResults& results) {
  const ImagePlan& plan = results.plan;
  page.add(Paragraph{fmt::format("Data: {}. {}, {} each; training took {} in all.", results.data,
                                 counted(static_cast<std::int64_t>(plan.arms.size()), "model"),
                                 counted(plan.seeds, "seed"), human_duration(results.seconds))});
  if (plan.quick) {
    page.add(Paragraph{
        fmt::format("This is the quick version: {}. The classifier that judges is {}. What it cannot tell, the "
                    "full one may; what it finds, it finds for these settings.",
                    plan.settings, plan.judge == "nk_weak_v1" ? "a weak one" : "the strong one")});
  }
  if (const auto notes = results.notes(); !notes.empty())
    page.add(Paragraph{fmt::format("To be known of all scores: {}.", fmt::join(notes, "; "))});
}

void add_findings(Document& page, const ImageResults& results, const Judgement& judgement) {
  page.add(Heading{"What the study found, and what these runs say"});
  page.add(page::Findings{});
  page.add(Paragraph{correction_text(judgement.tests) + results.failed_text()});
  if (const auto sentences = contradictions(results.plan.study); !sentences.empty()) {
    page.add(Subheading{"Where the study contradicts itself"});
    for (const std::string& sentence : sentences) page.add(Paragraph{sentence});
  }
}

void add_numbers(Document& page, const ImageResults& results) {
  page.add(Heading{"Scores"});
  page.add(score_table(results));
  page.add(Heading{"Cost"});
  page.add(cost_table(results));
  if (std::ranges::any_of(results.arms, [](const auto& arm) { return !arm.published.empty(); })) {
    page.add(Heading{"Beside the published table"});
    page.add(published_table(results));
  }
  if (std::ranges::any_of(results.arms, [](const auto& arm) { return arm.epochs.size() > 1; })) {
    page.add(Heading{"While training"});
    page.add(score_plot(results, "val_loss", "Validation loss of the classifier", true));
    page.add(score_plot(results, "frechet", "Fréchet distance", false));
  }
}

void add_pictures(Document& page, const ImageResults& results, const ImageFigures& figures) {
  page.add(Heading{"Pictures"});
  for (std::size_t a = 0; a < results.arms.size(); ++a) {
    page.add(Subheading{results.arms[a].title});
    const ArmFigures& drawn = figures_of(figures, a);
    for (const auto* list : {&drawn.samples, &drawn.followed}) {
      for (const page::Figure& figure : *list) page.add(figure);
    }
    page.add(loss_plot(results.arms[a]));
    page.add(right_plot(results.arms[a]));
  }
}

void add_maps(Document& page, const ImageResults& results, const ImageFigures& figures) {
  page.add(Heading{"Class-area maps"});
  page.add(
      Paragraph{"A picture is generated at every point of a grid over [-1, 1] along each axis and coloured by its "
                "class. First seed of every model; `ganymede map` draws others."});
  for (std::size_t a = 0; a < results.arms.size(); ++a) {
    const auto& map = figures_of(figures, a).map;
    if (!map) continue;
    page.add(map->picture);
    page.add(Paragraph{map->words});
  }
}

// Looks inside: shares of values near zero, the same z through every model, ablations.
void add_dissections(Document& page, const ImageResults& results, const ImageFigures& figures) {
  page.add(Heading{"Inside the generators"});
  page.add(sparsity_table(results));
  if (!figures.overview) return;
  page.add(*figures.overview);
  page.add(Subheading{"Ablation"});
  for (std::size_t a = 0; a < results.arms.size(); ++a) {
    if (const auto& ablation = figures_of(figures, a).ablation) page.add(*ablation);
  }
}

void add_every_score(Document& page, const ImageResults& results) {
  page.add(Heading{"Every score"});
  for (const ImageArmResult& arm : results.arms) {
    for (const ImageRunResult& run : arm.runs) {
      std::string text;
      for (const ScoredPoint& point : run.points)
        text += fmt::format("epoch {}\n{}\n", point.epoch, measure::to_table(point.scores));
      page.add(page::Details{run.run, run.failed ? "stopped by a guard" : text});
    }
  }
}

}  // namespace

Document image_document(const ImageResults& results, const Judgement& judgement, const ImageFigures& figures) {
  const ImagePlan& plan = results.plan;
  Document page{.title = plan.question};
  add_introduction(page, results);
  add_findings(page, results, judgement);
  add_numbers(page, results);
  add_pictures(page, results, figures);
  if (plan.maps) add_maps(page, results, figures);
  if (!results.nearness.empty() && results.nearness.size() == results.class_names.size()) {
    page.add(Subheading{"How near the classes lie to each other"});
    page.add(nearness_table(results));
  }
  if (plan.dissects) add_dissections(page, results, figures);
  add_every_score(page, results);
  page.add(Heading{"Settings"});
  for (const ImageArm& arm : plan.arms)
    page.add(page::Details{"Recipe of " + arm.title, run::to_toml(arm.runs.front().recipe)});
  return page;
}

}  // namespace ganymede::study
