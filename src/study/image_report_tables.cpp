#include "study/image_report_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "base/text.hpp"
#include "base/wording.hpp"
#include "explore/dissection.hpp"
#include "measure/resample.hpp"
#include "study/finding.hpp"

namespace ganymede::study {
namespace {

// What chance alone gives: the score between two halves of the reals.
std::string floor_text(const ImageResults& results, const std::string& score) {
  for (const ImageArmResult& arm : results.arms) {
    for (const ImageRunResult& run : arm.runs) {
      for (const ScoredPoint& point : run.points) {
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
      for (const ScoredPoint& point : run.points) {
        for (const measure::Score& score : point.scores)
          most = std::max(most, std::min(score.count_real, score.count_fake));
      }
    }
  }
  return most > 0 ? most : results.plan.count;
}

std::string or_dash(double value, const char* form) {
  return value > 0 ? fmt::format(fmt::runtime(form), value) : "-";
}

}  // namespace

page::Table score_table(const ImageResults& results) {
  const bool strong = results.plan.judge == "nk_strong_v1";
  page::Table t{
      .head = {"model", "epoch", "val loss", "error rate", "D right", "Fréchet", "precision", "recall", "class right"},
      .rows = {},
      .caption = fmt::format(
          "Mean ± standard deviation over {}, {} a side.{} Val loss and error rate: of {} "
          "({}), trained from scratch to tell {} from generated; nats, chance 0.693, and chance 0.5; the "
          "higher, the better the GAN. D right: of the same samples, by the GAN's own discriminator. "
          "Fréchet distance: features of a classifier (error {:.2f} %); between halves of the reals it is "
          "{}.",
          counted(results.plan.seeds, "seed"), counted(judged_samples(results), "sample"), results.failed_text(),
          results.plan.judge, strong ? "50 epochs of 60,000 + 60,000" : "300 steps: a weak one",
          results.one_split ? "real pictures (of the one split, trained on before)" : "held-out real",
          100 * results.classifier_error, floor_text(results, "frechet"))};
  const auto has = [&](const char* score) {
    return std::ranges::any_of(results.arms, [&](const auto& arm) { return !arm.values(score).empty(); });
  };
  const bool conditional = has("class_accuracy");
  if (conditional) {
    t.caption += " Class right: of conditional models, the share of pictures of the class that was asked for.";
  } else {
    t.head.pop_back();
  }
  for (const ImageArmResult& arm : results.arms) {
    const auto cell = [&](const char* score, const char* form) { return mean_and_spread(arm.values(score), form); };
    t.rows.push_back({arm.title, std::to_string(arm.epochs.back()), cell("val_loss", "{:.2g}"),
                      cell("error_rate", "{:.4f}"), cell("d_accuracy", "{:.2f}"), cell("frechet", "{:.1f}"),
                      cell("precision", "{:.2f}"), cell("recall", "{:.3f}")});
    if (conditional) t.rows.back().push_back(cell("class_accuracy", "{:.3f}"));
  }
  return t;
}

page::Table cost_table(const ImageResults& results) {
  page::Table t{
      .head = {"model", "whose", "parameters of G", "trainable", "epochs", "s an epoch", "hours in all", "memory"},
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

page::Table published_table(const ImageResults& results) {
  page::Table t{
      .head = {"epoch"},
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

page::Table nearness_table(const ImageResults& results) {
  page::Table t{.head = {"class", "to pictures of others", "between mean pictures", "is the nearest of"},
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

page::Table sparsity_table(const ImageResults& results) {
  page::Table t{.head = {"model"},
                .rows = {},
                .caption = fmt::format(
                    "Share of values below a tenth of the root mean square of their layer's output, {} samples, "
                    "mean over seeds. Normally distributed values: {:.1f} %.{}",
                    kDissected, 100 * explore::kNormalNearZero, results.failed_text())};
  for (const ImageArmResult& arm : results.arms) {
    std::vector<std::string> row{arm.title};
    std::size_t counted = 0;
    std::vector<double> sums;
    for (const ImageRunResult& one : arm.runs) {
      if (one.layers.empty()) continue;
      sums.resize(one.layers.size());
      for (std::size_t k = 0; k < one.layers.size(); ++k) sums[k] += one.layers[k].activity.near_zero;
      ++counted;
      if (t.head.size() == 1) {
        for (const LayerActivity& layer : one.layers) t.head.push_back(layer.layer.node);
      }
    }
    for (const double sum : sums) row.push_back(fmt::format("{:.1f} %", 100 * sum / static_cast<double>(counted)));
    t.rows.push_back(row);
  }
  return t;
}

}  // namespace ganymede::study
