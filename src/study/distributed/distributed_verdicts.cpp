#include <fmt/format.h>

#include "study/distributed/distributed_report.hpp"

namespace ganymede::study {
namespace {

using OfATeam = double (*)(const TeamMeasures&);

double steps_it_took(const TeamMeasures& m) {
  return m.steps_until;
}
double recognised_at_end(const TeamMeasures& m) {
  return m.result.accuracy;
}
double same_symbols(const TeamMeasures& m) {
  return m.symbols;
}
double alike(const TeamMeasures& m) {
  return m.likeness;
}
double mean_above_parts(const TeamMeasures& m) {
  return m.result.accuracy - m.mean_of_parts.accuracy;
}

// Findings on one way of cutting the data; a test for each size of teams.
struct Cut {
  const DistributedResults& results;
  const std::string& by;

  // One kind of sharing against another.
  Test compare(int workers, const char* measure, OfATeam of, Sharing baseline, bool averaged, bool higher) const {
    return contrast(measure, results.arm(workers, by, Sharing::shared, averaged).arm(of),
                    results.arm(workers, by, baseline, averaged).arm(of), higher);
  }
  // All kinds of sharing together: what is asked is not which. Those of one seed begin with the same weights and see
  // the same data, so they count as one value, their mean.
  Arm over_sharing(int workers, bool averaged, const std::string& name, OfATeam of) const {
    Arm all{.name = name, .values = {}, .seeds = static_cast<std::size_t>(results.plan.seeds)};
    for (std::size_t seed = 0; seed < all.seeds; ++seed) {
      double sum = 0;
      bool failed = false;
      for (const Sharing sharing : {Sharing::shared, Sharing::own, Sharing::none}) {
        const TeamResult& team = results.arm(workers, by, sharing, averaged).teams[seed];
        failed = failed || team.failed;
        sum += of(team.measures);
      }
      if (!failed) all.values.push_back(sum / 3);
    }
    return all;
  }
  template <class AddTests>
  Finding finding(const std::string& claim, AddTests add_tests) const {
    Finding finding{.claim = fmt::format("Parts by {}: {}", by, claim), .verdict = {}, .evidence = {}};
    for (const int workers : results.plan.team_sizes) add_tests(workers, finding.tests);
    return finding;
  }
};

// Teams that never recognised enough count with all their steps: say how many.
std::string never_reached(const DistributedResults& results, const std::string& by, Sharing baseline) {
  std::string text;
  for (const int workers : results.plan.team_sizes) {
    for (const Sharing sharing : {Sharing::shared, baseline}) {
      const DistributedArmResult& arm = results.arm(workers, by, sharing, true);
      std::size_t never = 0;
      for (const TeamResult& team : arm.teams) never += !team.failed && !team.measures.reached ? 1 : 0;
      if (never == 0) continue;
      text += fmt::format("{}{} of {} seeds of \"{}\" did not reach it and count with all their steps",
                          text.empty() ? "" : "; ", never, arm.teams.size(), arm.plan->title);
    }
  }
  return text;
}

void add_sharing(const Cut& cut, Sharing baseline, const char* than, std::vector<Finding>& findings) {
  const std::string until = fmt::format("steps until {:.0f} % are recognised", 100 * cut.results.plan.recognised);
  Finding sooner =
      cut.finding(fmt::format("a team that shares one partition learns sooner than {}.", than),
                  [&](int workers, std::vector<Test>& tests) {
                    tests.push_back(cut.compare(workers, until.c_str(), steps_it_took, baseline, true, false));
                  });
  sooner.note = never_reached(cut.results, cut.by, baseline);
  findings.push_back(std::move(sooner));
  findings.push_back(cut.finding(fmt::format("in the end its model is recognised oftener than {}.", than),
                                 [&](int workers, std::vector<Test>& tests) {
                                   tests.push_back(cut.compare(workers, "accuracy of the classifier", recognised_at_end,
                                                               baseline, true, true));
                                 }));
}

void add_findings_of(const Cut& cut, std::vector<Finding>& findings) {
  add_sharing(cut, Sharing::own, "one with a partition for each worker", findings);
  add_sharing(cut, Sharing::none, "one without a partition", findings);
  findings.push_back(cut.finding(
      "workers that share the partition agree, the same z gives the same symbol oftener than with a partition each, "
      "alone and averaged (I9).",
      [&](int workers, std::vector<Test>& tests) {
        tests.push_back(cut.compare(workers, "share of z, workers alone", same_symbols, Sharing::own, false, true));
        tests.push_back(cut.compare(workers, "share of z, averaged", same_symbols, Sharing::own, true, true));
      }));
  findings.push_back(cut.finding(
      "workers that share a partition draw a symbol of given z and class more alike than without a partition, alone "
      "and averaged.",
      [&](int workers, std::vector<Test>& tests) {
        tests.push_back(cut.compare(workers, "likeness, workers alone", alike, Sharing::none, false, true));
        tests.push_back(cut.compare(workers, "likeness, averaged", alike, Sharing::none, true, true));
      }));
  Finding better = cut.finding(
      "the mean of the workers' models is better than they are before it is taken.",
      [&](int workers, std::vector<Test>& tests) {
        tests.push_back(against(cut.over_sharing(workers, true,
                                                 fmt::format("accuracy of the mean above that of its {} parts, "
                                                             "wanted above 0",
                                                             workers),
                                                 mean_above_parts),
                                0, true, "{:+.4f}"));
      });
  better.note = "of each seed the mean over the three ways of drawing z";
  findings.push_back(std::move(better));
  Finding helps =
      cut.finding("a team that takes means knows all symbols better than its workers would alone.",
                  [&](int workers, std::vector<Test>& tests) {
                    tests.push_back(contrast(
                        "accuracy over all classes",
                        cut.over_sharing(workers, true, fmt::format("{} averaged", workers), recognised_at_end),
                        cut.over_sharing(workers, false, fmt::format("{} alone", workers), recognised_at_end), true));
                  });
  helps.note = "of each seed the mean over the three ways of drawing z";
  findings.push_back(std::move(helps));
}

}  // namespace

Judgement judge_distributed(const DistributedResults& results) {
  Judgement judgement;
  for (const std::string& by : distributed_cuts()) add_findings_of({results, by}, judgement.findings);
  judgement.tests = settle(judgement.findings);
  return judgement;
}

}  // namespace ganymede::study
