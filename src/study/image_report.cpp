#include "study/image_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>

#include "base/json.hpp"
#include "base/text.hpp"
#include "base/wording.hpp"
#include "page/html.hpp"
#include "run/recipe_file.hpp"
#include "study/image_figures.hpp"

namespace ganymede::study {
namespace {

using Page = page::Page;
using Table = page::Table;

std::string published_text(const std::vector<Published>& points) {
  std::string text;
  for (const Published& p : points)
    text += fmt::format("{}epoch {}: {:.4f}", text.empty() ? "" : ", ", p.epoch, p.value);
  return text.empty() ? "-" : text;
}

// What chance alone gives: the score between two halves of the reals.
std::string floor_text(const ImageResults& results, const std::string& score) {
  for (const ImageArmResult& arm : results.arms) {
    for (const ImageRunResult& run : arm.runs) {
      for (const ImagePoint& point : run.points) {
        for (const measure::Score& one : point.scores) {
          if (one.name.starts_with(score) && one.floor) return fmt::format("{:.2f}", *one.floor);
        }
      }
    }
  }
  return "not known";
}

// Samples a side that were judged: fewer than planned where the data hold fewer.
std::int64_t judged_samples(const ImageResults& results) {
  std::int64_t most = 0;
  for (const ImageArmResult& arm : results.arms) {
    for (const ImageRunResult& run : arm.runs) {
      for (const ImagePoint& point : run.points) {
        for (const measure::Score& score : point.scores)
          most = std::max(most, std::min(score.count_real, score.count_fake));
      }
    }
  }
  return most > 0 ? most : results.plan.count;
}

// Every score over the seeds at each model's last epoch.
Table score_table(const ImageResults& results) {
  const bool strong = results.plan.judge == "nk_strong_v1";
  Table t{
      .head = {"model", "epoch", "val loss", "error rate", "D right", "Fréchet", "precision", "recall", "class right"},
      .rows = {},
      .caption = fmt::format(
          "Mean ± standard deviation over {}, {} a side.{} Val loss and error rate: of {} "
          "({}), trained from scratch to tell {} from generated; nats, chance 0.693, and chance 0.5; the "
          "higher, the better the GAN. D right: of the same samples, by the GAN's own discriminator. "
          "Fréchet distance: features of a classifier (error {:.2f} %); between halves of the reals it is "
          "{}. Class right: of conditional models, the share of pictures of the class that was asked for.",
          counted(results.plan.seeds, "seed"), counted(judged_samples(results), "sample"), results.failed_text(),
          results.plan.judge, strong ? "50 epochs of 60,000 + 60,000" : "300 steps: a weak one",
          results.one_split ? "real pictures (of the one split, trained on before)" : "held-out real",
          100 * results.classifier_error, floor_text(results, "frechet"))};
  const auto has = [&](const char* score) {
    return std::ranges::any_of(results.arms, [&](const auto& arm) { return !arm.values(score).empty(); });
  };
  const bool conditional = has("class_accuracy");
  if (!conditional) t.head.pop_back();
  for (const ImageArmResult& arm : results.arms) {
    const auto cell = [&](const char* score, const char* form) { return mean_and_spread(arm.values(score), form); };
    t.rows.push_back({arm.title, std::to_string(arm.epochs.back()), cell("val_loss", "{:.2g}"),
                      cell("error_rate", "{:.4f}"), cell("d_accuracy", "{:.2f}"), cell("frechet", "{:.1f}"),
                      cell("precision", "{:.2f}"), cell("recall", "{:.3f}")});
    if (conditional) t.rows.back().push_back(cell("class_accuracy", "{:.3f}"));
  }
  return t;
}

std::string or_dash(double value, const char* form) {
  return value > 0 ? fmt::format(fmt::runtime(form), value) : "-";
}

// Tables 3.3 and 3.4: what training costs, published and here.
Table cost_table(const ImageResults& results) {
  Table t{.head = {"model", "whose", "parameters of G", "trainable", "epochs", "s an epoch", "hours in all", "memory"},
          .rows = {},
          .caption =
              "Ours: means over seeds; an epoch is that of these runs' data; memory is that of both networks, "
              "their moments and activations while training." +
              results.failed_text() + (results.plan.cost_note.empty() ? "" : " " + results.plan.cost_note)};
  for (const ImageArmResult& arm : results.arms) {
    const PublishedCost& c = arm.cost;
    if (c.seconds_per_epoch > 0) {
      t.rows.push_back({arm.title, "published", c.parameters > 0 ? with_thousands(c.parameters) : "-", "-",
                        with_thousands(c.epochs), or_dash(c.seconds_per_epoch, "{:.4g}"), or_dash(c.hours, "{:g}"),
                        or_dash(c.gigabytes, "{:g} GB")});
    }
    std::vector<double> an_epoch, hours, memory;
    for (const ImageRunResult& run : arm.runs) {
      if (run.failed) continue;
      an_epoch.push_back(run.seconds_per_epoch);
      hours.push_back(run.seconds / 3600);
      memory.push_back(static_cast<double>(run.memory_bytes) / 1e9);
    }
    const auto mean = [](const std::vector<double>& v, const char* form) {
      return v.empty() ? "-" : fmt::format(fmt::runtime(form), measure::mean_of(v));
    };
    t.rows.push_back({arm.title, "ours", with_thousands(arm.parameters), with_thousands(arm.trainable),
                      with_thousands(arm.epochs.back()), mean(an_epoch, "{:.2f}"), mean(hours, "{:.2g}"),
                      mean(memory, "{:.2f} GB")});
  }
  return t;
}

// The study's table beside ours: a row an epoch of either.
Table published_table(const ImageResults& results) {
  Table t{.head = {"epoch"},
          .rows = {},
          .caption =
              "Validation loss of the classifier: published (strong classifier, one run each) / ours (mean ± standard "
              "deviation over seeds). What the study compares is the largest over the epochs." +
              results.failed_text()};
  std::map<std::int64_t, std::vector<std::string>> rows;
  for (const ImageArmResult& arm : results.arms) {
    t.head.push_back(arm.title);
    for (const Published& p : arm.published) rows[p.epoch];
    for (const std::int64_t epoch : arm.epochs) rows[epoch];
  }
  for (auto& [epoch, row] : rows) {
    row.push_back(with_thousands(epoch));
    for (const ImageArmResult& arm : results.arms) {
      std::string value = "-";
      for (const Published& p : arm.published) {
        if (p.epoch == epoch) value = fmt::format("{:.4f}", p.value);
      }
      const auto ours = arm.values("val_loss", epoch);
      row.push_back(value == "-" && ours.empty() ? "" : value + " / " + mean_and_spread(ours, "{:.2g}"));
    }
    t.rows.push_back(row);
  }
  std::vector<std::string> row{"largest"};
  for (const ImageArmResult& arm : results.arms) {
    row.push_back((arm.published.empty() ? "-" : fmt::format("{:.4f}", largest_of(arm.published).value)) + " / " +
                  mean_and_spread(arm.largest("val_loss"), "{:.2g}"));
  }
  t.rows.push_back(row);
  return t;
}

// How near the real classes lie to each other, the nearest first.
Table nearness_table(const ImageResults& results) {
  Table t{.head = {"class", "to pictures of others", "between mean pictures", "is the nearest of"},
          .rows = {},
          .caption =
              "Real pictures: root mean square difference of a pixel (values in [-1, 1]), mean over the other "
              "classes. The study explains the centre by it: class 1 is said to lie nearest to most others."};
  std::vector<std::size_t> order(results.nearness.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [&](std::size_t c) { return results.nearness[c].pictures; });
  for (const std::size_t c : order) {
    const ClassNearness& one = results.nearness[c];
    std::string names;
    for (const std::int32_t other : one.nearest_of)
      names += (names.empty() ? "" : " ") + results.class_names.at(static_cast<std::size_t>(other));
    t.rows.push_back({results.class_names.at(c), fmt::format("{:.3f}", one.pictures), fmt::format("{:.3f}", one.means),
                      names.empty() ? "-" : names});
  }
  return t;
}

}  // namespace

std::string image_report(const ImageResults& results, const std::filesystem::path& root, int threads) {
  const ImagePlan& plan = results.plan;
  Page page(plan.question);
  page.paragraph(fmt::format("Data: {}. {}, {} each; training took {} in all.", results.data,
                             counted(static_cast<std::int64_t>(plan.arms.size()), "model"), counted(plan.seeds, "seed"),
                             human_duration(results.seconds)));
  if (plan.quick) {
    page.paragraph(
        fmt::format("This is the quick version: {}. The classifier that judges is {}. What it cannot tell, the "
                    "full one may; what it finds, it finds for these settings.",
                    plan.settings, plan.judge == "nk_weak_v1" ? "a weak one" : "the strong one"));
  }
  if (const auto notes = results.notes(); !notes.empty())
    page.paragraph(fmt::format("To be known of all scores: {}.", fmt::join(notes, "; ")));
  page.heading("What the study found, and what these runs say");
  const Judgement judgement = judge_images(results);
  for (const Finding& finding : judgement.findings) {
    page.verdict(finding.verdict, finding.claim);
    page.evidence(finding.points.empty() ? std::vector{finding.evidence} : finding.points);
  }
  page.paragraph(correction_text(judgement.tests) + results.failed_text());
  if (const auto sentences = contradictions(plan.study); !sentences.empty()) {
    page.subheading("Where the study contradicts itself");
    for (const std::string& sentence : sentences) page.paragraph(sentence);
  }
  page.heading("Scores");
  page.table(score_table(results));
  page.heading("Cost");
  page.table(cost_table(results));
  bool published = false, curves = false;
  for (const ImageArmResult& arm : results.arms) {
    published = published || !arm.published.empty();
    curves = curves || arm.epochs.size() > 1;
  }
  if (published) {
    page.heading("Beside the published table");
    page.table(published_table(results));
  }
  if (curves) {
    page.heading("While training");
    add_curve(page, results, "val_loss", "Validation loss of the classifier", true);
    add_curve(page, results, "frechet", "Fréchet distance", false);
  }
  add_pictures(page, results, root, threads);
  if (plan.maps) add_maps(page, results, root);
  if (!results.nearness.empty() && results.nearness.size() == results.class_names.size()) {
    page.subheading("How near the classes lie to each other");
    page.table(nearness_table(results));
  }
  if (plan.dissects) add_dissections(page, results, root, threads);
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
  Json json = {{"schema", "ganymede.study_images/1"},
               {"study", results.plan.study},
               {"data", results.data},
               {"quick", results.plan.quick},
               {"seeds", results.plan.seeds},
               {"judge", results.plan.judge},
               {"settings", results.plan.settings},
               {"classifier_error", results.classifier_error},
               {"one_split", results.one_split},
               {"notes", results.notes()},
               {"models", Json::object()},
               {"findings", Json::array()}};
  for (const ImageArmResult& arm : results.arms) {
    Json runs = Json::array();
    for (const ImageRunResult& one : arm.runs) {
      Json run = {{"run", one.run},
                  {"failed", one.failed},
                  {"seconds", one.seconds},
                  {"memory_bytes", one.memory_bytes},
                  {"points", Json::array()}};
      if (one.centre) run["class_at_centre"] = results.class_names.at(static_cast<std::size_t>(*one.centre));
      for (const LayerActivity& layer : one.layers) run["near_zero"][layer.layer.node] = layer.activity.near_zero;
      for (const ImagePoint& point : one.points) {
        Json scores = Json::array();
        for (const measure::Score& score : point.scores) scores.push_back(measure::to_json(score));
        run["points"].push_back({{"epoch", point.epoch}, {"scores", scores}});
      }
      runs.push_back(std::move(run));
    }
    json["models"][arm.name] = {{"parameters", arm.parameters},
                                {"epochs", arm.epochs},
                                {"published", published_text(arm.published)},
                                {"runs", runs}};
  }
  const Judgement judgement = judge_images(results);
  json["tests"] = judgement.tests;
  json["correction"] = "Holm";
  for (const Finding& finding : judgement.findings)
    json["findings"].push_back(
        {{"claim", finding.claim}, {"verdict", finding.verdict}, {"evidence", finding.evidence}});
  return json_text(json, 1) + "\n";
}

}  // namespace ganymede::study
