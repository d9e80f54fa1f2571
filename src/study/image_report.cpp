#include "study/image_report.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "evaluate/html.hpp"
#include "evaluate/trained_generator.hpp"
#include "evaluate/weights.hpp"
#include "picture/plot.hpp"
#include "run/recipe_file.hpp"

namespace ganymede::study {
namespace {

using Page = evaluate::Page;
using Table = evaluate::Table;

constexpr std::int64_t kPictures = 64;

std::string published_text(const std::vector<Published>& points) {
  std::string text;
  for (const Published& p : points)
    text += fmt::format("{}epoch {}: {:.4f}", text.empty() ? "" : ", ", p.epoch, p.value);
  return text.empty() ? "-" : text;
}

// The value and the floor that its protocol gives, over the seeds at the last epoch.
Table score_table(const ImageResults& results) {
  const bool strong = results.plan.judge == "nk_strong_v1";
  Table t{
      .head = {"model", "parameters of G", "val loss of the classifier", "its error rate", "D's own accuracy",
               "Fréchet distance", "precision", "recall", "s an epoch"},
      .rows = {},
      .caption = fmt::format(
          "At epoch {}, mean ± standard deviation over {} seeds, {} samples a side. Classifier: {} ({}), trained from "
          "scratch to tell held-out real from generated; val loss in nats, chance 0.693; error rate: chance 0.5. Both "
          "high: the GAN is good. Fréchet distance: features of a classifier of the data (error {:.2f} %).",
          results.plan.epochs.back(), results.plan.seeds, with_thousands(results.plan.count), results.plan.judge,
          strong ? "50 epochs of 60,000 + 60,000" : "300 steps: a weak one, so that its numbers are larger",
          100 * results.classifier_error)};
  for (const ImageArmResult& arm : results.arms) {
    const auto cell = [&](const char* score, const char* form) { return mean_and_spread(arm.values(score), form); };
    std::vector<double> seconds;
    for (const ImageRunResult& run : arm.runs) {
      if (!run.failed) seconds.push_back(run.seconds_per_epoch);
    }
    t.rows.push_back({arm.title, with_thousands(arm.parameters), cell("val_loss", "{:.4f}"),
                      cell("error_rate", "{:.4f}"), cell("d_accuracy", "{:.3f}"), cell("frechet", "{:.2f}"),
                      cell("precision", "{:.3f}"), cell("recall", "{:.3f}"), mean_and_spread(seconds, "{:.1f}")});
  }
  return t;
}

// The study's table beside ours: a row an epoch of either.
Table published_table(const ImageResults& results) {
  Table t{.head = {"epoch"},
          .rows = {},
          .caption =
              "Validation loss of the classifier: published (strong classifier, one "
              "run each), and ours (mean ± standard deviation over seeds)."};
  std::map<std::int64_t, std::vector<std::string>> rows;
  for (const ImageArmResult& arm : results.arms) {
    t.head.push_back(arm.title + ", published");
    t.head.push_back(arm.title + ", ours");
    for (const Published& p : arm.published) rows[p.epoch];
  }
  for (const std::int64_t epoch : results.plan.epochs) rows[epoch];
  for (auto& [epoch, row] : rows) {
    row.push_back(std::to_string(epoch));
    for (const ImageArmResult& arm : results.arms) {
      std::string value = "";
      for (const Published& p : arm.published) {
        if (p.epoch == epoch) value = fmt::format("{:.4f}", p.value);
      }
      row.push_back(value);
      const auto ours = arm.values("val_loss", epoch);
      row.push_back(ours.empty() ? "" : mean_and_spread(ours));
    }
    t.rows.push_back(row);
  }
  return t;
}

std::string curve(const ImageResults& results, const char* score, const std::string& title) {
  picture::LinePlot plot{
      .title = title, .x_label = "epochs", .y_label = score, .series = {}, .width = 900, .height = 400};
  for (const ImageArmResult& arm : results.arms) {
    picture::Series series{.name = arm.title, .x = {}, .y = {}};
    for (const std::int64_t epoch : results.plan.epochs) {
      const auto values = arm.values(score, epoch);
      if (values.empty()) continue;
      series.x.push_back(static_cast<double>(epoch));
      series.y.push_back(measure::mean_of(values));
    }
    plot.series.push_back(std::move(series));
  }
  return picture::to_svg(plot);
}

// Losses of both players and how often D is right, one line a seed.
std::string losses(const ImageArmResult& arm) {
  picture::LinePlot plot{.title = "Losses of " + arm.title,
                         .x_label = "epochs",
                         .y_label = "loss",
                         .series = {},
                         .width = 900,
                         .height = 400};
  for (const ImageRunResult& run : arm.runs) {
    for (const auto& [name, what] :
         {std::pair{"D", &EpochLosses::discriminator_loss}, {"G", &EpochLosses::generator_loss}}) {
      picture::Series series{.name = fmt::format("{} {}", name, run.run), .x = {}, .y = {}};
      for (std::size_t e = 0; e < run.epochs.size(); ++e) {
        series.x.push_back(static_cast<double>(e + 1));
        series.y.push_back(run.epochs[e].*what);
      }
      plot.series.push_back(std::move(series));
    }
  }
  return picture::to_svg(plot);
}

std::string accuracy(const ImageArmResult& arm) {
  picture::LinePlot plot{.title = "How often D is right",
                         .x_label = "epochs",
                         .y_label = "share",
                         .series = {},
                         .width = 900,
                         .height = 320};
  for (const ImageRunResult& run : arm.runs) {
    picture::Series series{.name = run.run, .x = {}, .y = {}};
    for (std::size_t e = 0; e < run.epochs.size(); ++e) {
      series.x.push_back(static_cast<double>(e + 1));
      series.y.push_back((run.epochs[e].real_accuracy + run.epochs[e].fake_accuracy) / 2);
    }
    plot.series.push_back(std::move(series));
  }
  return picture::to_svg(plot);
}

void add_pictures(Page& page, const ImageResults& results, const std::filesystem::path& root, int threads) {
  page.heading("Pictures");
  for (const ImageArmResult& arm : results.arms) {
    page.subheading(arm.title);
    for (const ImageRunResult& one : arm.runs) {
      if (one.failed) continue;
      const run::RunDirectory run = run::RunDirectory::open(root / one.run);
      evaluate::TrainedGenerator generator(evaluate::load_weights(run).snapshot, run.path(), threads);
      page.image(train::sheet(generator.draw(train::kFixedSeed, kPictures), 16, 56),
                 fmt::format("{}, epoch {}", one.run, results.plan.epochs.back()));
    }
    page.svg(losses(arm), "");
    page.svg(accuracy(arm), "Mean over real and generated samples of the training batches.");
  }
}

}  // namespace

std::string image_report(const ImageResults& results, const std::filesystem::path& root, int threads) {
  const ImagePlan& plan = results.plan;
  Page page(plan.question);
  page.paragraph(fmt::format("Data: {}. {} models, {} seeds each, {} epochs; training took {} in all.{}", results.data,
                             plan.arms.size(), plan.seeds, plan.epochs.back(), human_duration(results.seconds),
                             plan.quick ? " This is the quick version: few epochs, a part of the data, and a weak "
                                          "classifier in the place of the study's strong one; what it cannot tell, the "
                                          "full one may."
                                        : ""));
  page.heading("What the study found, and what these runs say");
  for (const Finding& finding : judge_images(results)) {
    page.verdict(finding.verdict, finding.claim);
    page.paragraph(finding.evidence);
  }
  page.paragraph("Comparisons are over the seeds (Welch's t-test, 5 %, no correction for their number).");
  page.heading("Scores");
  page.table(score_table(results));
  bool published = false;
  for (const ImageArmResult& arm : results.arms) published = published || !arm.published.empty();
  if (published) {
    page.heading("Beside the published table");
    page.table(published_table(results));
  }
  if (plan.epochs.size() > 1) {
    page.heading("While training");
    page.svg(curve(results, "val_loss", "Validation loss of the classifier"), "Mean over seeds.");
    page.svg(curve(results, "frechet", "Fréchet distance"), "Mean over seeds.");
  }
  add_pictures(page, results, root, threads);
  page.heading("Every score");
  for (const ImageArmResult& arm : results.arms) {
    for (const ImageRunResult& run : arm.runs) {
      std::string text;
      for (const ImagePoint& point : run.points)
        text += fmt::format("epoch {}\n{}\n", point.epoch, measure::to_table(point.scores));
      page.details(run.run, run.failed ? "stopped by a guard" : text);
    }
  }
  page.heading("Settings");
  for (const ImageArm& arm : plan.arms) page.details("Recipe of " + arm.title, run::to_toml(arm.runs.front().recipe));
  return page.html();
}

std::string image_json(const ImageResults& results) {
  using Json = nlohmann::ordered_json;
  Json json = {{"schema", "ganymede.study/1"},
               {"study", results.plan.study},
               {"data", results.data},
               {"quick", results.plan.quick},
               {"seeds", results.plan.seeds},
               {"epochs", results.plan.epochs},
               {"classifier_error", results.classifier_error},
               {"models", Json::object()},
               {"findings", Json::array()}};
  for (const ImageArmResult& arm : results.arms) {
    Json runs = Json::array();
    for (const ImageRunResult& one : arm.runs) {
      Json run = {{"run", one.run}, {"failed", one.failed}, {"points", Json::array()}};
      for (const ImagePoint& point : one.points) {
        Json scores = Json::array();
        for (const measure::Score& score : point.scores) scores.push_back(measure::to_json(score));
        run["points"].push_back({{"epoch", point.epoch}, {"scores", scores}});
      }
      runs.push_back(std::move(run));
    }
    json["models"][arm.name] = {
        {"parameters", arm.parameters}, {"published", published_text(arm.published)}, {"runs", runs}};
  }
  for (const Finding& finding : judge_images(results))
    json["findings"].push_back(
        {{"claim", finding.claim}, {"verdict", finding.verdict}, {"evidence", finding.evidence}});
  return json.dump(1) + "\n";
}

}  // namespace ganymede::study
