#include "study/finding.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "base/error.hpp"
#include "base/wording.hpp"
#include "measure/distributions.hpp"
#include "measure/p_values.hpp"

namespace ganymede::study {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// Student's t of values against a fixed one; without spread the p of equal signs, 2 / 2^n.
double one_sample_p(const std::vector<double>& values, double value) {
  const auto n = static_cast<double>(values.size());
  const double difference = measure::mean_of(values) - value;
  const double error = measure::deviation_of(values, 1) / std::sqrt(n);
  if (difference == 0) return 1;
  if (error == 0) return std::exp2(1 - n);
  return 2 * measure::student_cdf(-std::abs(difference) / error, n - 1);
}

std::string why_not_settled(std::size_t tests, std::size_t above, bool corrected) {
  const char* p = corrected ? "corrected p" : "p";
  if (tests == 1) return fmt::format("not settled: {}{} is not below {}", corrected ? "the " : "", p, kAlpha);
  if (above == tests) return fmt::format("not settled: none of {} comparisons has a {} below {}", tests, p, kAlpha);
  return fmt::format("not settled: {} of {} comparisons {} no {} below {}", above, tests, above == 1 ? "has" : "have",
                     p, kAlpha);
}

}  // namespace

std::string failed_text(const std::vector<FailedSeeds>& arms) {
  std::string text;
  for (const auto& [arm, failed, seeds] : arms) {
    if (failed > 0) text += fmt::format("{}{} {} of {} seeds", text.empty() ? "" : ", ", arm, failed, seeds);
  }
  return text.empty() ? "" : fmt::format(" Failed (stopped by a guard), and without values here: {}.", text);
}

bool Test::possible() const {
  return !std::isnan(p);
}

const char* Test::word(double corrected) const {
  if (!possible() || !(corrected < kAlpha)) return kCannotTell;
  return supports ? kConfirmed : kRefuted;
}

std::size_t settle(std::vector<Finding>& findings) {
  std::vector<double> p;
  for (const Finding& finding : findings) {
    for (const Test& test : finding.tests) p.push_back(test.p);
  }
  const std::vector<double> corrected = measure::holm(p);
  const auto possible = std::ranges::count_if(p, [](double v) { return !std::isnan(v); });
  std::size_t at = 0;
  for (Finding& finding : findings) {
    std::vector<const char*> words;
    std::vector<std::string> texts;
    std::size_t above = 0;  // tests that are possible and do not reach the level
    for (const Test& test : finding.tests) {
      const double one = corrected[at++];
      words.push_back(test.word(one));
      if (test.possible() && !(one < kAlpha)) ++above;
      std::string text = test.text;
      if (test.possible()) {
        text += ", " + measure::p_text(test.p);
        if (possible > 1) text += ", corrected " + measure::p_text(one);
      }
      texts.push_back(text + test.more);
    }
    if (!finding.tests.empty()) finding.verdict = all_of(words);
    if (!finding.cannot.empty()) {
      finding.verdict = kCannotTell;
      texts.push_back(finding.cannot);
    }
    if (!finding.note.empty()) texts.push_back(finding.note);
    if (finding.verdict == kCannotTell && finding.cannot.empty() && above > 0)
      texts.insert(texts.begin(), why_not_settled(finding.tests.size(), above, possible > 1));
    finding.points = texts;
    if (!texts.empty()) finding.evidence = fmt::format("{}", fmt::join(texts, "; "));
  }
  return static_cast<std::size_t>(possible);
}

std::string correction_text(std::size_t tests) {
  if (tests == 0) return "No verdict of this page rests on a test: for that the runs are too few or too short.";
  return fmt::format(
      "The verdicts rest on {} over the seeds. They are corrected together (Holm), so that the chance of one "
      "false verdict on this page is at most {:.0f} %: the corrected p must lie below {}. Differences are judged by "
      "Welch's t-test, which takes the values of seeds as normally distributed; of two or three seeds that cannot be "
      "checked, and where the permutation test could not reach the level with so few, the evidence says that it rests "
      "on normality. Counts are judged by the permutation test alone. Seeds that failed have no values: they are "
      "counted, and what is compared is the rest.",
      counted(static_cast<std::int64_t>(tests), "test"), 100 * kAlpha, kAlpha);
}

std::string seeds_text(const Arm& arm) {
  if (arm.seeds == arm.values.size()) return fmt::format("{} seed{}", arm.seeds, arm.seeds == 1 ? "" : "s");
  return fmt::format("{} of {} seeds", arm.values.size(), arm.seeds);
}

Test contrast(const std::string& measure, const Arm& candidate, const Arm& baseline, bool higher, Scale scale) {
  if (candidate.values.size() < 2 || baseline.values.size() < 2) {
    return {.text = fmt::format("{}: {} has values of {}, {} of {}: two each are needed", measure, candidate.name,
                                seeds_text(candidate), baseline.name, seeds_text(baseline)),
            .p = kNone};
  }
  const measure::Comparison c =
      measure::compare_over_seeds({.candidate = candidate.values, .baseline = baseline.values},
                                  {.better = measure::Better::higher, .alpha = kAlpha});
  Test test;
  test.text =
      fmt::format("{}: {} {:.4g} ({}), {} {:.4g} ({}), difference {:+.4g}", measure, candidate.name, c.candidate_mean,
                  seeds_text(candidate), baseline.name, c.baseline_mean, seeds_text(baseline), c.difference);
  test.supports = (c.difference > 0) == higher && c.difference != 0;
  const bool permuted = scale == Scale::counted || c.test == measure::SeedTest::permutation;
  test.p = permuted ? c.permutation_p : c.p_value;
  if (permuted) {
    test.more = fmt::format(" (permutation test; the least that these seeds allow is {:.2g})", c.least_permutation_p);
  } else {
    test.text += fmt::format(" [{:.4g}, {:.4g}]", c.interval.low, c.interval.high);
    test.more = fmt::format(" (Welch; permutation {}{})", measure::p_text(c.permutation_p),
                            c.rests_on_normality ? "; rests on normality" : "");
  }
  return test;
}

Test against(const Arm& arm, double value, bool above, const char* form, double unit) {
  const auto number = [&](double v) { return fmt::format(fmt::runtime(form), unit * v); };
  if (arm.values.size() < 2)
    return {.text = fmt::format("{}: values of {}, two are needed", arm.name, seeds_text(arm)), .p = kNone};
  const double mean = measure::mean_of(arm.values);
  measure::Interval interval = measure::mean_interval(arm.values);
  if (unit == 100) interval = {std::max(interval.low, 0.0), std::min(interval.high, 1.0)};
  Test test{.text = fmt::format("{}: {} [{}, {}] ({})", arm.name, number(mean), number(interval.low),
                                number(interval.high), seeds_text(arm)),
            .p = one_sample_p(arm.values, value),
            .supports = above ? mean > value : mean < value};
  // Signs alone could not reach the level with fewer than six seeds.
  if (test.p < kAlpha && std::exp2(1 - static_cast<double>(arm.values.size())) > kAlpha)
    test.more = " (Student; rests on normality)";
  return test;
}

Test against_chance(const std::string& what, std::int64_t hits, std::int64_t trials, double chance) {
  if (trials == 0) return {.text = what + ": no run", .p = kNone};
  const measure::Interval share = measure::clopper_pearson(static_cast<double>(hits), trials);
  const double at_least = measure::binomial_at_least(hits, trials, chance);
  const double at_most = 1 - (hits < trials ? measure::binomial_at_least(hits + 1, trials, chance) : 0);
  return {.text = fmt::format("{}: {} of {}, {:.0f} % [{:.0f}, {:.0f}], chance {:.0f} %", what, hits, trials,
                              100 * static_cast<double>(hits) / static_cast<double>(trials), 100 * share.low,
                              100 * share.high, 100 * chance),
          .p = std::min(1.0, 2 * std::min(at_least, at_most)),
          .supports = static_cast<double>(hits) > chance * static_cast<double>(trials),
          .more = " (exact)"};
}

const char* all_of(const std::vector<const char*>& words) {
  const auto is = [](const char* wanted) {
    return [wanted](const char* word) { return std::string_view(word) == wanted; };
  };
  if (std::any_of(words.begin(), words.end(), is(kRefuted))) return kRefuted;
  return !words.empty() && std::all_of(words.begin(), words.end(), is(kConfirmed)) ? kConfirmed : kCannotTell;
}

std::vector<double> seeds_of_pairs(std::span<const double> pairs) {
  std::size_t k = 0;
  while (k * (k - 1) / 2 < pairs.size()) ++k;
  if (pairs.size() != k * (k - 1) / 2)
    fail<Error>("internal: {} pairs are not those of any number of seeds", pairs.size());
  if (k < 3) return {};
  const auto n = static_cast<double>(k);
  double all = 0;
  std::vector<double> with(k);  // sums over the pairs of a seed
  std::size_t at = 0;
  for (std::size_t a = 0; a < k; ++a) {
    for (std::size_t b = a + 1; b < k; ++b, ++at) {
      all += pairs[at];
      with[a] += pairs[at];
      with[b] += pairs[at];
    }
  }
  std::vector<double> values;
  for (const double own : with)
    values.push_back(n * all / (n * (n - 1) / 2) - (n - 1) * (all - own) / ((n - 1) * (n - 2) / 2));
  return values;
}

std::string mean_and_spread(const std::vector<double>& values, const char* form) {
  // Not finite: a division by a spread of zero.
  if (values.empty() || !std::ranges::all_of(values, [](double v) { return std::isfinite(v); })) return "-";
  const auto text = [&](double v) { return fmt::format(fmt::runtime(form), v); };
  if (values.size() < 2) return text(measure::mean_of(values));
  return text(measure::mean_of(values)) + " ± " + text(measure::deviation_of(values, 1));
}

}  // namespace ganymede::study
