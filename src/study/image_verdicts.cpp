#include <fmt/format.h>

#include <cmath>

#include "study/image_report.hpp"

namespace ganymede::study {
namespace {

Contrast compare(const ImageResults& results, const std::string& candidate, const std::string& baseline,
                 const std::string& score) {
  const ImageArmResult& a = results.arm(candidate);
  const ImageArmResult& b = results.arm(baseline);
  return contrast(score, a.title, a.values(score), b.title, b.values(score));
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

void judge_dims(const ImageResults& results, std::vector<Finding>& findings) {
  const std::vector<std::pair<std::string, std::string>> pairs = {{"digits-3d", "digits-2d"},
                                                                  {"digits-4d", "digits-3d"}};
  findings.push_back(judge_pairs(
      results, "At equal epochs more dimensions are better: the classifier's loss rises from 2-D to 3-D to 4-D.", pairs,
      "val_loss", true));
  findings.push_back(judge_pairs(results, "The same by the Fréchet distance: it falls from 2-D to 3-D to 4-D.", pairs,
                                 "frechet", false));
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
  findings.push_back(judge_pairs(results, "The order is ReLU, LeakyReLU, ELU, PReLU by the largest loss (Table 3.4).",
                                 reverse, "val_loss", true));
  const std::int64_t last = results.plan.epochs.back();
  const std::int64_t needed = results.plan.study == "landscapes" ? 1000 : 500;
  if (last < needed) {
    findings.push_back({fmt::format("All worsen together late in training (the study: epoch {}).",
                                    results.plan.study == "landscapes" ? "550 and later" : "400"),
                        kCannotTell, fmt::format("these runs end at epoch {}", last)});
  } else {
    std::vector<const char*> words;
    std::string evidence;
    const std::int64_t before = results.plan.study == "landscapes" ? 550 : 300;
    const std::int64_t after = results.plan.study == "landscapes" ? 1000 : 400;
    for (const ImageArmResult& arm : results.arms) {
      const Contrast c =
          contrast("val_loss of " + arm.title, fmt::format("epoch {}", after), arm.values("val_loss", after),
                   fmt::format("epoch {}", before), arm.values("val_loss", before));
      words.push_back(c.word(false));
      evidence += (evidence.empty() ? "" : "; ") + c.text();
    }
    findings.push_back({"All worsen together late in training.", all_of(words), evidence});
  }
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
