#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "study/image_report.hpp"

namespace ganymede::study {
namespace {

// The last epoch at which both are measured; 0: none.
std::int64_t common_epoch(const ImageArmResult& a, const ImageArmResult& b) {
  for (auto e = a.epochs.rbegin(); e != a.epochs.rend(); ++e) {
    if (std::ranges::find(b.epochs, *e) != b.epochs.end()) return *e;
  }
  return 0;
}

// Validation losses spread over orders of magnitude: their logarithms are compared.
std::vector<double> comparable(const std::string& score, std::vector<double> values) {
  if (score != "val_loss") return values;
  for (double& v : values) v = std::log10(std::max(v, 1e-12));
  return values;
}
std::string words_of(const std::string& score) {
  return score == "val_loss" ? "log10 of val loss" : score == "frechet" ? "Fréchet distance" : score;
}

// At one epoch, or the largest over all of them.
enum class When { last_common, largest };

Arm arm_of(const ImageArmResult& arm, const std::string& score, std::vector<double> values) {
  return {arm.title, comparable(score, std::move(values)), arm.runs.size()};
}

Test compare(const ImageResults& results, const std::string& candidate, const std::string& baseline,
             const std::string& score, bool higher, When when) {
  const ImageArmResult& a = results.arm(candidate);
  const ImageArmResult& b = results.arm(baseline);
  if (when == When::largest) {
    return contrast("largest " + words_of(score) + " over the epochs", arm_of(a, score, a.largest(score)),
                    arm_of(b, score, b.largest(score)), higher);
  }
  const std::int64_t epoch = common_epoch(a, b);
  if (epoch == 0)
    return contrast(words_of(score) + " at no common epoch", {.name = a.title}, {.name = b.title}, higher);
  return contrast(fmt::format("{} at epoch {}", words_of(score), epoch), arm_of(a, score, a.values(score, epoch)),
                  arm_of(b, score, b.values(score, epoch)), higher);
}

// A claim that orders several pairs of arms by one score.
Finding judge_pairs(const ImageResults& results, const std::string& claim,
                    const std::vector<std::pair<std::string, std::string>>& pairs, const char* score, bool higher,
                    When when = When::last_common) {
  Finding finding{.claim = claim, .verdict = {}, .evidence = {}};
  for (const auto& [candidate, baseline] : pairs)
    finding.tests.push_back(compare(results, candidate, baseline, score, higher, when));
  return finding;
}

// The known finding of L6: the picture at z = 0 is a 1, oftener or more rarely than one in as many as there are
// classes.
Finding judge_centre(const ImageResults& results, const ImageArmResult& arm) {
  Finding finding{.claim = fmt::format("Class 1 sits in the centre of the latent space ({}).", arm.title),
                  .verdict = kCannotTell,
                  .evidence = {}};
  std::int64_t ones = 0, all = 0;
  std::string classes;
  for (const ImageRunResult& run : arm.runs) {
    if (!run.centre) continue;
    const std::string& name = results.class_names.at(static_cast<std::size_t>(*run.centre));
    classes += (classes.empty() ? "" : " ") + name;
    ones += name == "1" ? 1 : 0;
    ++all;
  }
  if (std::ranges::find(results.class_names, "1") == results.class_names.end()) {
    finding.cannot = "these data have no class 1";
    return finding;
  }
  finding.tests = {against_chance(all == static_cast<std::int64_t>(arm.runs.size())
                                      ? "class 1 at z = 0"
                                      : fmt::format("class 1 at z = 0, {} of {} seeds", all, arm.runs.size()),
                                  ones, all, 1.0 / static_cast<double>(results.class_names.size()))};
  if (all > 0) finding.note = "classes at z = 0: " + classes;
  return finding;
}

void judge_dims(const ImageResults& results, std::vector<Finding>& findings) {
  const std::vector<std::pair<std::string, std::string>> pairs = {{"digits-3d", "digits-2d"},
                                                                  {"digits-4d", "digits-3d"}};
  findings.push_back(judge_pairs(
      results, "At equal epochs more dimensions are better: the classifier's loss rises from 2-D to 3-D to 4-D.", pairs,
      "val_loss", true));
  findings.push_back(judge_pairs(results, "The same by the Fréchet distance: it falls from 2-D to 3-D to 4-D.", pairs,
                                 "frechet", false));
  findings.push_back(judge_pairs(results, "From 2-D to 4-D alone, by the Fréchet distance: it falls.",
                                 {{"digits-4d", "digits-2d"}}, "frechet", false));
  for (const char* name : {"digits-2d", "digits-3d", "digits-4d"})
    findings.push_back(judge_centre(results, results.arm(name)));
}

// L9: every activation function drives values to near zero, against what normally distributed values have.
Finding judge_sparsity(const ImageResults& results) {
  constexpr double kNormal = explore::kNormalNearZero;
  Finding finding{.claim = "Every activation function drives values to near zero.", .verdict = {}, .evidence = {}};
  for (const ImageArmResult& arm : results.arms) {
    Arm shares{arm.title, {}, arm.runs.size()};
    for (const ImageRunResult& run : arm.runs) {
      double sum = 0;
      int layers = 0;
      for (const LayerActivity& layer : run.layers) {
        if (layer.layer.kind != arm.name) continue;  // the activations are named as their function is
        sum += layer.activity.near_zero;
        ++layers;
      }
      if (layers > 0) shares.values.push_back(sum / layers);
    }
    finding.tests.push_back(against(shares, kNormal, true, "{:.1f} %", 100));
  }
  finding.note = fmt::format(
      "values below a tenth of their layer's root mean square, mean over G's activations; of normally distributed "
      "values {:.1f} %",
      100 * kNormal);
  return finding;
}

Finding judge_late_worsening(const ImageResults& results) {
  const bool landscapes = results.plan.study == "landscapes";
  const std::int64_t before = landscapes ? 550 : 300, after = landscapes ? 1000 : 400;
  Finding finding{.claim = fmt::format("All worsen together late in training ({}).",
                                       landscapes ? "after epoch 550" : "at epoch 400"),
                  .verdict = kCannotTell,
                  .evidence = {}};
  for (const ImageArmResult& arm : results.arms) {
    if (arm.epochs.back() < after) {
      finding.tests.clear();
      finding.cannot = fmt::format("these runs end at epoch {}", arm.epochs.back());
      return finding;
    }
    const auto at = [&](std::int64_t epoch) {
      return Arm{fmt::format("epoch {}", epoch), comparable("val_loss", arm.values("val_loss", epoch)),
                 arm.runs.size()};
    };
    finding.tests.push_back(contrast("log10 of val loss of " + arm.title, at(after), at(before), false));
  }
  return finding;
}

// The arms by what the study published of them, the largest loss first.
std::vector<const ImageArmResult*> published_order(const ImageResults& results) {
  std::vector<const ImageArmResult*> order;
  for (const ImageArmResult& arm : results.arms) order.push_back(&arm);
  std::ranges::stable_sort(order, std::greater{}, [](const auto* arm) { return largest_of(arm->published).value; });
  return order;
}

// What the study does not compare, to be read beside what it does.
std::string last_epochs(const ImageResults& results) {
  std::string text;
  for (const ImageArmResult& arm : results.arms) {
    text +=
        fmt::format("{}{} {}", text.empty() ? "" : ", ", arm.title, mean_and_spread(arm.values("val_loss"), "{:.3g}"));
  }
  return fmt::format("beside it, val loss at the last epoch ({}): {}", results.arms.front().epochs.back(), text);
}

void judge_activations(const ImageResults& results, std::vector<Finding>& findings) {
  std::vector<std::pair<std::string, std::string>> relu_first;
  for (const char* other : {"leaky_relu", "prelu", "elu"}) relu_first.emplace_back("relu", other);
  findings.push_back(judge_pairs(
      results, "ReLU comes out best: the largest loss of the classifier over the epochs is the highest with it.",
      relu_first, "val_loss", true, When::largest));
  findings.back().note = last_epochs(results);
  findings.push_back(
      judge_pairs(results, "The same by the Fréchet distance: the lowest with ReLU.", relu_first, "frechet", false));
  const auto order = published_order(results);
  std::vector<std::pair<std::string, std::string>> pairs;
  std::string names;
  for (std::size_t i = 0; i < order.size(); ++i) {
    names += (i == 0 ? "" : ", ") + order[i]->title;
    if (i > 0) pairs.emplace_back(order[i - 1]->name, order[i]->name);
  }
  findings.push_back(judge_pairs(results,
                                 fmt::format("The order is {} by the largest loss over the epochs (Table 3.4).", names),
                                 pairs, "val_loss", true, When::largest));
  findings.back().note = last_epochs(results);
  findings.push_back(judge_late_worsening(results));
  findings.push_back(judge_sparsity(results));
}

// The slope of a loss over epochs, least squares, from the second epoch on.
double slope(const std::vector<EpochLosses>& epochs, double EpochLosses::*what) {
  double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (std::size_t e = 1; e < epochs.size(); ++e) {
    const auto x = static_cast<double>(e + 1);
    const double y = epochs[e].*what;
    n += 1, sx += x, sy += y, sxx += x * x, sxy += x * y;
  }
  const double spread = n * sxx - sx * sx;
  return spread > 0 ? (n * sxy - sx * sy) / spread : 0;
}

Finding judge_slope(const ImageArmResult& arm, const char* claim, double EpochLosses::*what, bool rises) {
  Arm slopes{"slope an epoch, from the second on", {}, arm.runs.size()};
  for (const ImageRunResult& run : arm.runs) {
    if (!run.failed && run.epochs.size() > 2) slopes.values.push_back(slope(run.epochs, what));
  }
  return {.claim = claim, .verdict = {}, .evidence = {}, .tests = {against(slopes, 0, rises, "{:+.4g}")}};
}

// "Half of the time" can be refuted by a test, and confirmed by an interval that lies within two points of it.
Finding judge_half(const ImageArmResult& arm) {
  constexpr std::int64_t kEnd = 50;  // D3
  constexpr double kHalf = 0.02;
  Finding finding{
      .claim = "In the end D is right half of the time (the ideal).", .verdict = kCannotTell, .evidence = {}};
  Arm right{"pictures of the last epoch's batches that D told rightly", {}, arm.runs.size()};
  for (const ImageRunResult& run : arm.runs) {
    if (!run.failed && !run.epochs.empty())
      right.values.push_back((run.epochs.back().real_accuracy + run.epochs.back().fake_accuracy) / 2);
  }
  Test differs = against(right, 0.5, true, "{:.1f} %", 100);
  differs.supports = false;
  if (right.values.size() >= 2) {
    const measure::Interval i = measure::mean_interval(right.values);
    if (i.low > 0.5 - kHalf && i.high < 0.5 + kHalf) {
      finding.verdict = kConfirmed;
      finding.evidence = fmt::format("{}: the interval lies within {:.0f} points of a half", differs.text, 100 * kHalf);
    }
  }
  if (finding.verdict != kConfirmed) finding.tests = {differs};
  if (arm.epochs.back() < kEnd) {
    finding.verdict = kCannotTell;
    finding.tests.clear();
    finding.evidence = fmt::format("{}; these runs end at epoch {} of {}", differs.text, arm.epochs.back(), kEnd);
  }
  return finding;
}

void judge_dcgan(const ImageResults& results, std::vector<Finding>& findings) {
  const ImageArmResult& arm = results.arms.front();
  findings.push_back(judge_slope(arm, "D's loss slowly rises.", &EpochLosses::discriminator_loss, true));
  findings.push_back(judge_slope(arm, "G's loss falls.", &EpochLosses::generator_loss, false));
  findings.push_back(judge_half(arm));
}

}  // namespace

Judgement judge_images(const ImageResults& results) {
  Judgement judgement;
  std::vector<Finding>& findings = judgement.findings;
  if (results.plan.study == "dims") judge_dims(results, findings);
  if (results.plan.study == "activations" || results.plan.study == "landscapes") judge_activations(results, findings);
  if (results.plan.study == "dcgan") judge_dcgan(results, findings);
  judgement.tests = settle(findings);
  return judgement;
}

}  // namespace ganymede::study
