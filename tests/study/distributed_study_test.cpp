#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.hpp"
#include "run/recipe_file.hpp"
#include "study/distributed/distributed_report.hpp"

namespace ganymede::study {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(DistributedPlan, HasEveryTeamWithEverySeed) {
  const DistributedPlan plan = plan_distributed({.quick = true, .seeds = 2, .steps = 60});
  EXPECT_EQ(plan.arms.size(), 14U);
  EXPECT_EQ(plan.all_teams().size(), 28U);
  EXPECT_EQ(plan.all_runs().size(), 52U);
  EXPECT_EQ(plan.every, 10);
  for (const train::PlannedTeam& team : plan.all_teams()) {
    EXPECT_NO_THROW(train::check_team(team)) << team.name;
    for (const train::PlannedRun& worker : team.workers) EXPECT_NO_THROW(run::check(worker.recipe)) << team.name;
  }
  const DistributedPlan full = plan_distributed({});
  EXPECT_EQ(full.arms.size(), 26U);
  EXPECT_EQ(full.seeds, 3);
  EXPECT_EQ(full.all_teams().front().rounds(), 20);
  EXPECT_THROW(plan_distributed({.source = "mnist"}), ConfigError);
}

TEST(DistributedPlan, GivesEachWorkerItsPartAndItsPartition) {
  for (const DistributedArm& arm : plan_distributed({.seeds = 2}).arms) {
    std::set<std::string> parts;
    std::set<std::uint64_t> partitions;
    for (const train::PlannedTeam& team : arm.teams) {
      ASSERT_EQ(static_cast<int>(team.workers.size()), arm.workers);
      EXPECT_EQ(team.averaged, arm.averaged);
      for (const train::PlannedRun& worker : team.workers) {
        parts.insert(worker.recipe.data.part);
        partitions.insert(worker.recipe.latent.partition_seed);
        EXPECT_EQ(worker.recipe.latent.sampler, arm.sharing == Sharing::none ? "gaussian" : "partition");
        if (arm.workers > 1) {
          EXPECT_EQ(worker.recipe.data.part_by, arm.by);
        }
      }
    }
    EXPECT_EQ(static_cast<int>(parts.size()), arm.workers) << arm.name;
    EXPECT_EQ(parts.contains(""), arm.workers == 1);
    EXPECT_EQ(static_cast<int>(partitions.size()), arm.sharing == Sharing::own ? 2 * arm.workers : 1) << arm.name;
  }
}

TEST(StepsUntil, LiesOnStraightLinesBetweenTheRounds) {
  const std::vector<std::pair<std::int64_t, double>> curve = {{100, 0.2}, {200, 0.6}, {300, 0.5}, {400, 0.9}};
  EXPECT_DOUBLE_EQ(steps_until(curve, 0.1).value(), 50);
  EXPECT_DOUBLE_EQ(steps_until(curve, 0.2).value(), 100);
  EXPECT_DOUBLE_EQ(steps_until(curve, 0.5).value(), 175);
  EXPECT_DOUBLE_EQ(steps_until(curve, 0.7).value(), 350);
  EXPECT_FALSE(steps_until(curve, 0.95).has_value());
  EXPECT_FALSE(steps_until({}, 0.5).has_value());
}

TEST(TeamMeasures, ComeBackFromTheirFile) {
  TeamMeasures m;
  m.parts = {{.accuracy = 0.5, .taught = 0.7, .msd_ratio = 0.9, .frechet = 3, .learnt = 20, .collapsed = 1.5}, {}};
  m.mean_of_parts = m.parts[0];
  m.result.frechet = 0.1;
  m.curve = {{10, 0.25}, {20, 0.5}};
  m.steps_until = 20;
  m.reached = true;
  m.cells = kNaN;
  m.likeness = 0.3;
  const std::string text = to_json(m, "v1");
  const auto back = team_measures_from_json(text, "v1", "here");
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(to_json(*back, "v1"), text);
  EXPECT_EQ(back->parts.at(0).collapsed, 1.5);
  EXPECT_EQ(back->curve, m.curve);
  EXPECT_TRUE(std::isnan(back->cells));
  EXPECT_FALSE(team_measures_from_json(text, "v2", "here").has_value());
  EXPECT_THROW(team_measures_from_json("{}", "v1", "here"), DataError);
  nlohmann::json damaged = nlohmann::json::parse(text);
  damaged.erase("curve");
  EXPECT_THROW(team_measures_from_json(damaged.dump(), "v1", "here"), DataError);
}

// Made-up measures: the verdict words follow the numbers.
struct MadeUpTeams {
  MadeUpTeams() : results{.plan = plan_distributed({.quick = true, .seeds = 5})} {
    for (const DistributedArm& arm : results.plan.arms) {
      DistributedArmResult result{.plan = &arm, .teams = {}};
      for (int s = 0; s < 5; ++s) {
        TeamResult team{.team = arm.teams[static_cast<std::size_t>(s)].name};
        TeamMeasures& m = team.measures;
        const double spread = 0.002 * s;
        m.result.accuracy = m.result.taught = 0.6 + spread;
        // The difference to the parts spreads, too, about zero.
        m.mean_of_parts.accuracy = 0.6 + spread + 0.001 * (s - 2);
        m.steps_until = 900 + 5 * s;
        m.reached = true;
        m.curve = {{300, 0.1}, {1800, 0.6}};
        const bool partition = arm.sharing != Sharing::none;
        m.symbols = m.walks = partition ? 0.5 + spread : kNaN;
        m.likeness = 0.4 + spread;
        m.parts.resize(static_cast<std::size_t>(arm.workers), m.mean_of_parts);
        result.teams.push_back(std::move(team));
      }
      results.arms.push_back(std::move(result));
    }
  }
  std::vector<TeamResult>& teams(const std::string& by, Sharing sharing, bool averaged) {
    return const_cast<DistributedArmResult&>(results.arm(2, by, sharing, averaged)).teams;
  }
  Finding finding(const std::string& by, const std::string& part) const {
    for (const Finding& one : judge_distributed(results).findings) {
      if (one.claim.starts_with("Parts by " + by) && one.claim.find(part) != std::string::npos) return one;
    }
    ADD_FAILURE() << "no finding with " << part;
    return {};
  }
  DistributedResults results;
};

TEST(JudgeDistributed, CannotTellEqualTeamsApart) {
  const MadeUpTeams up;
  const Judgement judgement = judge_distributed(up.results);
  EXPECT_EQ(judgement.findings.size(), 16U);
  EXPECT_EQ(judgement.tests, 20U);
  for (const Finding& one : judgement.findings) EXPECT_EQ(one.verdict, kCannotTell) << one.claim << one.evidence;
}

TEST(JudgeDistributed, FollowsTheNumbersOfEachCut) {
  MadeUpTeams up;
  for (TeamResult& team : up.teams("class", Sharing::shared, true)) {
    team.measures.steps_until -= 400;
    team.measures.result.accuracy += 0.2;
    team.measures.mean_of_parts.accuracy += 0.2;
  }
  EXPECT_EQ(up.finding("class", "learns sooner than one with a partition for each").verdict, kConfirmed);
  EXPECT_EQ(up.finding("class", "learns sooner than one without").verdict, kConfirmed);
  EXPECT_EQ(up.finding("class", "recognised oftener than one with a partition").verdict, kConfirmed);
  EXPECT_EQ(up.finding("writer", "learns sooner than one with a partition for each").verdict, kCannotTell);
  for (TeamResult& team : up.teams("class", Sharing::none, true)) team.measures.steps_until -= 800;
  EXPECT_EQ(up.finding("class", "learns sooner than one without").verdict, kRefuted);
}

TEST(JudgeDistributed, HoldsTheMeanAgainstItsParts) {
  MadeUpTeams up;
  for (const Sharing sharing : {Sharing::shared, Sharing::own, Sharing::none}) {
    for (TeamResult& team : up.teams("writer", sharing, true)) team.measures.mean_of_parts.accuracy -= 0.1;
  }
  EXPECT_EQ(up.finding("writer", "better than they are before").verdict, kConfirmed);
  EXPECT_NE(up.finding("writer", "better than they are before").evidence.find("(5 seeds)"), std::string::npos)
      << "three teams of one seed are no three seeds";
  EXPECT_EQ(up.finding("writer", "than its workers would alone").verdict, kCannotTell);
  for (const Sharing sharing : {Sharing::shared, Sharing::own, Sharing::none}) {
    for (TeamResult& team : up.teams("writer", sharing, false)) team.measures.result.accuracy += 0.1;
  }
  EXPECT_EQ(up.finding("writer", "than its workers would alone").verdict, kRefuted);
}

TEST(JudgeDistributed, WantsAgreementAloneAndAveraged) {
  MadeUpTeams up;
  for (TeamResult& team : up.teams("writer", Sharing::shared, true)) team.measures.symbols += 0.3;
  EXPECT_EQ(up.finding("writer", "the same z gives the same symbol").verdict, kCannotTell);
  for (TeamResult& team : up.teams("writer", Sharing::shared, false)) team.measures.symbols += 0.3;
  EXPECT_EQ(up.finding("writer", "the same z gives the same symbol").verdict, kConfirmed);
  EXPECT_EQ(up.finding("writer", "more alike than without").verdict, kCannotTell);
  for (TeamResult& team : up.teams("writer", Sharing::shared, false)) team.measures.likeness -= 0.3;
  EXPECT_EQ(up.finding("writer", "more alike than without").verdict, kRefuted);
}

TEST(JudgeDistributed, TellsFailedSeedsAndThoseThatNeverLearnt) {
  MadeUpTeams up;
  up.teams("writer", Sharing::own, true)[1].failed = true;
  up.teams("writer", Sharing::shared, true)[0].measures.reached = false;
  const Finding sooner = up.finding("writer", "learns sooner than one with a partition for each");
  EXPECT_NE(sooner.evidence.find("4 of 5 seeds"), std::string::npos) << sooner.evidence;
  EXPECT_NE(sooner.evidence.find("1 of 5 seeds of \"2 by writer, averaged, one partition\" did not reach it"),
            std::string::npos)
      << sooner.evidence;
  EXPECT_NE(up.results.failed_text().find("1 of 5 seeds"), std::string::npos);
  const nlohmann::json json = nlohmann::json::parse(distributed_json(up.results, judge_distributed(up.results), {}));
  EXPECT_EQ(json.at("teams").at("w2-writer-own-averaged").at("seeds").at(1).at("failed"), true);
  EXPECT_FALSE(json.at("teams").at("w2-writer-own-averaged").at("seeds").at(1).contains("measures"));
  EXPECT_EQ(json.at("schema"), kDistributedSchema);
}

TEST(DistributedTables, HaveARowForEveryTeamThatTheyAreOf) {
  const MadeUpTeams up;
  EXPECT_EQ(distributed_quality_table(up.results).rows.size(), 14U);
  EXPECT_EQ(distributed_means_table(up.results).rows.size(), 6U);
  const page::Table agreement = distributed_agreement_table(up.results);
  ASSERT_EQ(agreement.rows.size(), 12U);
  for (const auto& row : agreement.rows) EXPECT_EQ(row.size(), agreement.head.size());
  EXPECT_EQ(agreement.rows.back().at(2), "-") << "z has no class without a partition";
}

}  // namespace
}  // namespace ganymede::study
