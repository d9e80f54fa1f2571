#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "evaluate/doctor/diagnosis.hpp"
#include "run/recipe_file.hpp"
#include "study/doctor/doctor_report.hpp"

namespace ganymede::study {
namespace {

DoctorRow row_of(const DoctorCase& one, const std::vector<std::vector<std::string>>& told) {
  DoctorRow row{.of = &one, .runs = {}};
  for (const auto& names : told)
    row.runs.push_back({.run = "a", .told = names, .checkups = 10, .checkup_seconds = 0.5, .seconds = 100});
  return row;
}

TEST(DoctorPlan, HasARowForEveryFailureAndForHealthyRuns) {
  const DoctorPlan plan = plan_doctor({});
  for (const evaluate::Failure& failure : evaluate::failures()) {
    EXPECT_TRUE(std::ranges::any_of(plan.cases, [&](const DoctorCase& one) {
      return one.wanted == std::vector<std::string>{failure.name};
    })) << failure.name;
  }
  EXPECT_GT(std::ranges::count_if(plan.cases, &DoctorCase::healthy), 5);
  for (const DoctorCase& one : plan.cases) {
    EXPECT_EQ(one.runs.size(), 10U);
    for (const std::string& name : one.wanted) {
      EXPECT_TRUE(std::ranges::any_of(evaluate::failures(), [&](const evaluate::Failure& f) { return f.name == name; }))
          << name;
    }
  }
}

TEST(DoctorPlan, TakesOtherDigitsForThoseOfMnistAlone) {
  const DoctorPlan plan = plan_doctor({.source = "builtin-digits"});
  for (const DoctorCase& one : plan.cases) {
    const run::Recipe shipped = run::find_recipe(one.recipe);
    EXPECT_EQ(one.runs.front().recipe.data.source,
              shipped.data.source == "mnist" ? "builtin-digits" : shipped.data.source);
  }
}

TEST(DoctorRow, IsRightWhereAWantedFailureIsAmongThoseThatWereNamed) {
  const DoctorCase fails{.name = "a", .recipe = "ring", .wanted = {"collapse"}};
  const DoctorRow row = row_of(fails, {{"collapse"}, {"divergence", "collapse"}, {"divergence"}, {}});
  EXPECT_EQ(row.right(), 2);
  EXPECT_EQ(row.told(), (std::map<std::string, std::int64_t>{{"collapse", 2}, {"divergence", 2}}));
  EXPECT_DOUBLE_EQ(row.cost(), 0.005);
  const DoctorCase healthy{.name = "b", .recipe = "grid", .wanted = {}};
  EXPECT_EQ(row_of(healthy, {{}, {"plateau"}, {}}).right(), 2);
}

TEST(DoctorRow, IsRightOfACureWhereWhatItCuresIsNotNamed) {
  const DoctorCase cure{.name = "c", .recipe = "fail-collapse", .wanted = {}, .cured = "collapse"};
  EXPECT_EQ(row_of(cure, {{}, {"plateau"}, {"divergence", "collapse"}}).right(), 2);
  EXPECT_EQ(cure.wanted_words(), "no collapse");
}

TEST(JudgeDoctor, WantsNineOfTen) {
  const DoctorCase one{.name = "a", .recipe = "grid", .wanted = {}};
  std::vector<std::vector<std::string>> told(10);
  told[3] = {"plateau"};
  DoctorResults results{.plan = {}, .rows = {row_of(one, told)}};
  EXPECT_EQ(judge_doctor(results).findings.at(0).verdict, kConfirmed);
  told[4] = {"collapse"};
  results.rows = {row_of(one, told)};
  const Judgement judgement = judge_doctor(results);
  EXPECT_EQ(judgement.findings.at(0).verdict, kRefuted);
  EXPECT_EQ(judgement.findings.at(0).evidence, "in 8 of 10 seeds; told: collapse 1, plateau 1");
  const auto json = nlohmann::json::parse(doctor_json(results, judgement));
  EXPECT_EQ(json.at("schema"), kDoctorSchema);
  EXPECT_EQ(json.at("cases").at(0).at("right"), 8);
}

// The table in the docs has every row, with what differs from the recipe and what is wanted.
TEST(DoctorPlan, StandsInTheDocs) {
  const std::string page = read_file(std::filesystem::path(GANYMEDE_SOURCE_DIR) / "docs/doctor.md");
  for (const DoctorCase& one : plan_doctor({}).cases) {
    const std::string row =
        fmt::format("| `{}` | `{}` | {} | {} |", one.name, one.recipe, one.changes(), one.wanted_words());
    EXPECT_NE(page.find(row), std::string::npos) << row;
  }
}

}  // namespace
}  // namespace ganymede::study
