#include "evaluate/doctor/diagnosis.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>

namespace ganymede::evaluate {
namespace {

// Check-ups of a run that learns: fakes come nearer, G's gradient and D's lead shrink.
std::vector<Checkup> healthy(std::int64_t count) {
  std::vector<Checkup> history;
  for (std::int64_t i = 0; i < count; ++i) {
    const double left = std::pow(0.8, static_cast<double>(i));
    history.push_back({.epoch = i + 1,
                       .step = 200 * (i + 1),
                       .images = 200 * 64 * (i + 1),
                       .discriminator_loss = 1.2,
                       .generator_loss = 0.9,
                       .real_accuracy = 0.6 + 0.3 * left,
                       .fake_accuracy = 0.6 + 0.3 * left,
                       .gradient_norm = 0.5 + left,
                       .diversity = 0.95 - 0.5 * left,
                       .energy = 0.05 + left,
                       .told_apart = 0.6 + 0.4 * left,
                       .moved = 0.1 + 0.2 * left,
                       .nearest = 1 + left,
                       .groups = 10,
                       .groups_of = 10});
  }
  history.front().moved.reset();
  return history;
}

std::vector<Diagnosis> diagnose(const std::vector<Checkup>& history, const run::Recipe& recipe) {
  Patient patient(recipe);
  for (const Checkup& checkup : history) patient.add(checkup);
  return patient.diagnoses();
}

using Change = std::function<void(Checkup&)>;

// A healthy run whose last `count` check-ups are changed.
std::vector<Checkup> ill(std::int64_t count, const Change& change, std::int64_t all = 30) {
  std::vector<Checkup> history = healthy(all);
  for (auto c = history.end() - count; c != history.end(); ++c) change(*c);
  return history;
}

std::vector<std::string> names(const std::vector<Checkup>& history, const run::Recipe& recipe = {}) {
  std::vector<std::string> found;
  for (const Diagnosis& diagnosis : diagnose(history, recipe)) found.emplace_back(diagnosis.failure->name);
  return found;
}

const Failure& failure(const std::string& name) {
  return *std::ranges::find_if(failures(), [&](const Failure& f) { return f.name == name; });
}

struct Case {
  std::string name;
  Change change;
};

std::vector<Case> cases() {
  return {{"divergence", [](Checkup& c) { c.energy = 0.5; }},
          {"divergence", [](Checkup& c) { c.generator_loss = 40; }},
          {"collapse", [](Checkup& c) { c.diversity = 0.1; }},
          {"collapse",
           [](Checkup& c) {
             c.diversity = 0.6;
             c.groups = 5;
           }},
          {"vanishing",
           [](Checkup& c) {
             c.real_accuracy = c.fake_accuracy = 0.99;
             c.gradient_norm = 0.01;
             c.told_apart = 1;
           }},
          {"weak-discriminator",
           [](Checkup& c) {
             c.real_accuracy = 0.9;
             c.fake_accuracy = 0.1;
             c.told_apart = 0.99;
           }},
          {"memorisation", [](Checkup& c) { c.nearest = 0.1; }},
          {"oscillation",
           [](Checkup& c) {
             c.moved = 0.8;
             c.told_apart = 0.94;
           }},
          {"plateau", [](Checkup& c) {
             c.energy = 0.08;
             c.told_apart = 0.96;
           }}};
}

TEST(Diagnose, IsSilentWhileARunLearns) {
  for (std::int64_t count = 1; count < 40; ++count) EXPECT_EQ(names(healthy(count)), std::vector<std::string>());
}

TEST(Diagnose, NamesEachFailureAfterSoManyCheckupsInARow) {
  for (const Case& one : cases()) {
    const int row = failure(one.name).for_checkups;
    EXPECT_EQ(names(ill(row - 1, one.change)), std::vector<std::string>()) << one.name;
    EXPECT_EQ(names(ill(row, one.change)), std::vector<std::string>{one.name});
  }
}

TEST(Diagnose, EveryFailureHasACaseHere) {
  for (const Failure& f : failures())
    EXPECT_TRUE(std::ranges::any_of(cases(), [&](const Case& one) { return one.name == f.name; })) << f.name;
}

TEST(Diagnose, SaysSinceWhenAndByWhichFigures) {
  const auto found = diagnose(ill(4, [](Checkup& c) { c.diversity = 0.1; }), {});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].since_epoch, 27);
  EXPECT_EQ(found[0].since_step, 5400);
  EXPECT_EQ(found[0].evidence, "fakes lie 10 % as far from one another as reals do, 10 of 10 classes or modes are met");
}

TEST(Diagnose, AdvisesWhatTheRecipeDoesNotHaveYet) {
  const auto history = ill(4, [](Checkup& c) { c.diversity = 0.1; });
  run::Recipe recipe;
  EXPECT_NE(diagnose(history, recipe)[0].remedy.find("game.unroll"), std::string::npos);
  recipe.game.unroll = 5;
  EXPECT_EQ(diagnose(history, recipe)[0].remedy.find("game.unroll"), std::string::npos);
}

TEST(Diagnose, EveryRemedyNamesAKey) {
  for (const Case& one : cases()) {
    const auto found = diagnose(ill(failure(one.name).for_checkups, one.change), {});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_NE(found[0].remedy.find('.'), std::string::npos) << found[0].remedy;
  }
}

TEST(Diagnose, WaitsUntilAGanCanBeJudged) {
  std::vector<Checkup> history = healthy(8);
  for (Checkup& c : history) {
    c.diversity = 0;
    c.step /= 10;  // 20 ... 160
  }
  EXPECT_EQ(names(history), std::vector<std::string>());
}

TEST(Diagnose, IsPatientWithAGThatStillComesNearer) {
  std::vector<Checkup> history = healthy(12);
  for (Checkup& c : history) {
    c.diversity = 0.1;
    c.energy = 5 * std::pow(0.9, static_cast<double>(c.epoch));
  }
  EXPECT_EQ(names(history), std::vector<std::string>());
}

TEST(Diagnose, TellsAPlateauOnlyWhereNothingElseExplainsIt) {
  const auto stuck = [](Checkup& c) {
    c.energy = 0.08;
    c.told_apart = 0.96;
  };
  EXPECT_EQ(names(ill(12, stuck)), std::vector<std::string>{"plateau"});
  EXPECT_EQ(names(ill(12,
                      [&](Checkup& c) {
                        stuck(c);
                        c.diversity = 0.1;
                      })),
            std::vector<std::string>{"collapse"});
}

TEST(Diagnose, ForgetsWhatNoLongerShows) {
  auto history = ill(5, [](Checkup& c) { c.diversity = 0.1; });
  const std::vector<Checkup> well = healthy(33);
  for (std::size_t i = 30; i < 33; ++i) {
    EXPECT_EQ(names(history), std::vector<std::string>{"collapse"}) << "it takes as many to be over";
    history.push_back(well[i]);
  }
  EXPECT_EQ(names(history), std::vector<std::string>());
}

TEST(Checkup, IsReadBackFromItsEvent) {
  for (const Checkup& c : healthy(2)) EXPECT_EQ(checkup_of(nlohmann::json::parse(event_of(c).line())), c);
}

}  // namespace
}  // namespace ganymede::evaluate
