#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "measure/distributions.hpp"
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
  return score == "val_loss" ? "log10 of val loss" : score;
}

Contrast compare(const ImageResults& results, const std::string& candidate, const std::string& baseline,
                 const std::string& score) {
  const ImageArmResult& a = results.arm(candidate);
  const ImageArmResult& b = results.arm(baseline);
  const std::int64_t epoch = common_epoch(a, b);
  if (epoch == 0) return {.measure = words_of(score), .candidate = a.title, .baseline = b.title, .comparison = {}};
  return contrast(fmt::format("{} at epoch {}", words_of(score), epoch), a.title,
                  comparable(score, a.values(score, epoch)), b.title, comparable(score, b.values(score, epoch)));
}

// A claim that orders several pairs of arms by one score.
Finding judge_pairs(const ImageResults& results, const std::string& claim,
                    const std::vector<std::pair<std::string, std::string>>& pairs, const char* score, bool higher) {
  Finding finding{.claim = claim, .verdict = {}, .evidence = {}};
  std::vector<const char*> words;
  for (const auto& [candidate, baseline] : pairs) {
    const Contrast c = compare(results, candidate, baseline, score);
    words.push_back(c.word(higher));
    finding.evidence += (finding.evidence.empty() ? "" : "; ") + c.text();
  }
  finding.verdict = all_of(words);
  return finding;
}

// The known finding of L6: the picture at z = 0 is a 1. Against chance, one in as many as there are classes.
Finding judge_centre(const ImageResults& results) {
  Finding finding{.claim = "Class 1 sits in the centre of the latent space.", .verdict = kCannotTell, .evidence = {}};
  std::int64_t ones = 0, all = 0;
  for (const ImageArmResult& arm : results.arms) {
    std::string classes;
    for (const ImageRunResult& run : arm.runs) {
      if (!run.centre) continue;
      const std::string& name = results.class_names.at(static_cast<std::size_t>(*run.centre));
      classes += (classes.empty() ? "" : " ") + name;
      ones += name == "1" ? 1 : 0;
      ++all;
    }
    if (!classes.empty())
      finding.evidence += fmt::format("{}{}: {}", finding.evidence.empty() ? "" : "; ", arm.title, classes);
  }
  if (all == 0) {
    finding.evidence = "no map was made";
    return finding;
  }
  const measure::Interval share = measure::clopper_pearson(static_cast<double>(ones), all);
  const double chance = 1.0 / static_cast<double>(results.class_names.size());
  if (share.low > chance) finding.verdict = kConfirmed;
  if (share.high < 0.5) finding.verdict = kRefuted;
  finding.evidence = fmt::format("class at z = 0, a run each: {}; 1 in {} of {} ({:.0f} to {:.0f} %, chance {:.0f} %)",
                                 finding.evidence, ones, all, 100 * share.low, 100 * share.high, 100 * chance);
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
  findings.push_back(judge_centre(results));
}

// L9: every activation function drives values to near zero, against what normally distributed values have.
Finding judge_sparsity(const ImageResults& results) {
  constexpr double kNormal = evaluate::kNormalNearZero;
  Finding finding{.claim = "Every activation function drives values to near zero.", .verdict = {}, .evidence = {}};
  std::vector<const char*> words;
  for (const ImageArmResult& arm : results.arms) {
    std::vector<double> shares;
    for (const ImageRunResult& run : arm.runs) {
      double sum = 0;
      int layers = 0;
      for (const LayerActivity& layer : run.layers) {
        if (layer.layer.kind != arm.name) continue;  // the activations are named as their function is
        sum += layer.activity.near_zero;
        ++layers;
      }
      if (layers > 0) shares.push_back(sum / layers);
    }
    if (shares.size() < 2) {
      words.push_back(kCannotTell);
      continue;
    }
    const measure::Interval i = measure::mean_interval(shares);
    words.push_back(i.low > kNormal ? kConfirmed : i.high < kNormal ? kRefuted : kCannotTell);
    finding.evidence += fmt::format("{}{}: {:.1f} % [{:.1f}, {:.1f}]", finding.evidence.empty() ? "" : "; ", arm.title,
                                    100 * measure::mean_of(shares), 100 * i.low, 100 * i.high);
  }
  finding.verdict = all_of(words);
  finding.evidence = fmt::format(
      "values below a tenth of their layer's root mean square, mean over G's activations: {}; "
      "of normally distributed values {:.1f} %",
      finding.evidence, 100 * kNormal);
  return finding;
}

Finding judge_late_worsening(const ImageResults& results) {
  const bool landscapes = results.plan.study == "landscapes";
  const std::int64_t before = landscapes ? 550 : 300, after = landscapes ? 1000 : 400;
  const std::string claim =
      fmt::format("All worsen together late in training ({}).", landscapes ? "after epoch 550" : "at epoch 400");
  std::vector<const char*> words;
  std::string evidence;
  for (const ImageArmResult& arm : results.arms) {
    if (arm.epochs.back() < after)
      return {claim, kCannotTell, fmt::format("these runs end at epoch {}", arm.epochs.back())};
    const Contrast c = contrast("log10 of val loss of " + arm.title, fmt::format("epoch {}", after),
                                comparable("val_loss", arm.values("val_loss", after)), fmt::format("epoch {}", before),
                                comparable("val_loss", arm.values("val_loss", before)));
    words.push_back(c.word(false));
    evidence += (evidence.empty() ? "" : "; ") + c.text();
  }
  return {claim, all_of(words), evidence};
}

void judge_activations(const ImageResults& results, std::vector<Finding>& findings) {
  std::vector<std::pair<std::string, std::string>> relu_first;
  for (const char* other : {"leaky_relu", "prelu", "elu"}) relu_first.emplace_back("relu", other);
  findings.push_back(judge_pairs(results, "ReLU comes out best: the classifier's loss is the highest with it.",
                                 relu_first, "val_loss", true));
  findings.push_back(
      judge_pairs(results, "The same by the Fréchet distance: the lowest with ReLU.", relu_first, "frechet", false));
  const std::vector<std::pair<std::string, std::string>> reverse = {
      {"relu", "leaky_relu"}, {"leaky_relu", "elu"}, {"elu", "prelu"}};
  findings.push_back(judge_pairs(results, "The order is ReLU, LeakyReLU, ELU, PReLU by the loss (Table 3.4).", reverse,
                                 "val_loss", true));
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
  std::vector<double> slopes;
  for (const ImageRunResult& run : arm.runs) {
    if (!run.failed && run.epochs.size() > 2) slopes.push_back(slope(run.epochs, what));
  }
  if (slopes.size() < 2) return {claim, kCannotTell, "fewer than two seeds with three epochs or more"};
  const measure::Interval i = measure::mean_interval(slopes);
  const bool up = i.low > 0, down = i.high < 0;
  return {claim, up || down ? (up == rises ? kConfirmed : kRefuted) : kCannotTell,
          fmt::format("slope an epoch, from the second on, mean over {} seeds: {:+.4g} [{:.4g}, {:.4g}]", slopes.size(),
                      measure::mean_of(slopes), i.low, i.high)};
}

void judge_dcgan(const ImageResults& results, std::vector<Finding>& findings) {
  const ImageArmResult& arm = results.arms.front();
  findings.push_back(judge_slope(arm, "D's loss slowly rises.", &EpochLosses::discriminator_loss, true));
  findings.push_back(judge_slope(arm, "G's loss falls.", &EpochLosses::generator_loss, false));
  std::vector<double> right;
  for (const ImageRunResult& run : arm.runs) {
    if (!run.failed && !run.epochs.empty())
      right.push_back((run.epochs.back().real_accuracy + run.epochs.back().fake_accuracy) / 2);
  }
  Finding half{.claim = "In the end D is right half of the time (the ideal).", .verdict = kCannotTell, .evidence = {}};
  if (right.size() >= 2) {
    const measure::Interval i = measure::mean_interval(right);
    half.evidence = fmt::format("right in {:.1f} % [{:.1f}, {:.1f}] of its training batches in the last epoch",
                                100 * measure::mean_of(right), 100 * i.low, 100 * i.high);
    if (i.low > 0.5 || i.high < 0.5) half.verdict = kRefuted;
    if (std::fabs(measure::mean_of(right) - 0.5) < 0.02 && i.high - i.low < 0.05) half.verdict = kConfirmed;
    constexpr std::int64_t kEnd = 50;  // D3
    if (arm.epochs.back() < kEnd) {
      half.verdict = kCannotTell;
      half.evidence += fmt::format("; these runs end at epoch {} of {}", arm.epochs.back(), kEnd);
    }
  }
  findings.push_back(half);
}

}  // namespace

std::vector<Finding> judge_images(const ImageResults& results) {
  std::vector<Finding> findings;
  if (results.plan.study == "dims") judge_dims(results, findings);
  if (results.plan.study == "activations" || results.plan.study == "landscapes") judge_activations(results, findings);
  if (results.plan.study == "dcgan") judge_dcgan(results, findings);
  return findings;
}

}  // namespace ganymede::study
