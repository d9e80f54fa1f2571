#include "study/studies.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <set>

#include "base/error.hpp"
#include "base/file.hpp"
#include "run/recipe_file.hpp"

namespace ganymede::study {

void PrintTo(const StudyEntry& entry, std::ostream* out) {
  *out << entry.name;
}

namespace {

class EveryStudy : public ::testing::TestWithParam<StudyEntry> {};

TEST_P(EveryStudy, SaysWhatItOffers) {
  const StudyEntry& entry = GetParam();
  for (const std::string& text : {entry.sentence, entry.source, entry.seeds, entry.unit, entry.example})
    EXPECT_FALSE(text.empty());
  EXPECT_NE(entry.steps.empty(), entry.epochs.empty()) << "runs are counted in one of both";
  EXPECT_NE(entry.example.find("ganymede study " + entry.name), std::string::npos);
}

TEST_P(EveryStudy, PlansRunsWithNamesOfTheirOwnThatCanBeTrained) {
  for (const bool quick : {true, false}) {
    const auto study = GetParam().make({.quick = quick});
    EXPECT_TRUE(study->folder().starts_with(GetParam().name)) << study->folder();
    EXPECT_EQ(study->folder().ends_with("-quick"), quick);
    EXPECT_GT(study->points(), 0);
    std::set<std::string> names;
    for (const train::PlannedRun& planned : study->runs()) {
      EXPECT_TRUE(names.insert(planned.name).second) << planned.name;
      EXPECT_NO_THROW(run::check(planned.recipe)) << planned.name;
    }
    EXPECT_GT(names.size(), 1U);
  }
}

TEST_P(EveryStudy, TakesTheSeedsAndTheLengthThatAreAskedFor) {
  const auto study = GetParam().make({.quick = true, .seeds = 2, .steps = 7, .epochs = 3});
  std::set<std::uint64_t> seeds;
  for (const train::PlannedRun& planned : study->runs()) {
    seeds.insert(planned.recipe.train.seed);
    const bool in_epochs = GetParam().steps.empty();
    EXPECT_EQ(in_epochs ? planned.recipe.train.epochs : planned.recipe.train.steps, in_epochs ? 3 : 7);
  }
  EXPECT_EQ(seeds.size(), 2U);
}

TEST_P(EveryStudy, IsInTheDocs) {
  const std::string page = read_file(std::filesystem::path(GANYMEDE_SOURCE_DIR) / "docs/reproducing.md");
  EXPECT_NE(page.find("study " + GetParam().name), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Table, EveryStudy, ::testing::ValuesIn(studies()),
                         [](const auto& entry) { return entry.param.name; });

}  // namespace
}  // namespace ganymede::study
