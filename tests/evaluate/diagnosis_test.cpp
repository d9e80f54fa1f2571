#include "evaluate/doctor/diagnosis.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>

#include "evaluate/doctor/rules.hpp"

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
  int lag = 0;  ///< check-ups more, where a mean over several has to follow
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
             c.moved = 1.8;
             c.told_apart = 0.94;
           },
           3},
          {"entanglement", [](Checkup& c) { c.best_axis = 0.3; }},
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
    const int row = failure(one.name).for_checkups + one.lag;
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
  EXPECT_EQ(found[0].evidence, "fakes lie 10 % as far from one another as reals do; 10 of 10 classes or modes are met");
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
    const auto found = diagnose(ill(failure(one.name).for_checkups + one.lag, one.change), {});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_NE(found[0].remedy.find('.'), std::string::npos) << found[0].remedy;
  }
}

TEST(Diagnose, AdvisesNoKeyThatTheNetworksDoNotKnow) {
  run::Recipe points;
  points.discriminator.family = points.generator.family = "mlp";
  points.discriminator.dropout = 0.3;  // the default, without a meaning here
  for (const Case& one : cases()) {
    const auto history = ill(failure(one.name).for_checkups + one.lag, one.change);
    EXPECT_EQ(diagnose(history, points)[0].remedy.find("dropout"), std::string::npos) << one.name;
    EXPECT_EQ(diagnose(history, points)[0].remedy.find("augment"), std::string::npos) << one.name;
  }
  const auto beaten = ill(4, cases()[4].change);  // vanishing
  run::Recipe digits;
  EXPECT_EQ(diagnose(beaten, digits)[0].remedy.find("dropout"), std::string::npos) << "it has some";
  digits.discriminator.dropout = 0;
  EXPECT_NE(diagnose(beaten, digits)[0].remedy.find("dropout above 0"), std::string::npos);
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

// Check-ups of a healthy run whose last ones have these energy distances.
std::vector<Checkup> with_energies(const std::vector<double>& energies) {
  std::vector<Checkup> history = healthy(10 + static_cast<std::int64_t>(energies.size()));
  for (std::size_t i = 0; i < energies.size(); ++i) history[10 + i].energy = energies[i];
  return history;
}

TEST(HeldEnergy, IsTheBestThatLastedThreeCheckups) {
  const auto held = [](const std::vector<double>& energies) {
    std::vector<Checkup> checkups;
    for (const double energy : energies) checkups.push_back({.energy = energy, .moved = {}});
    return held_energy(checkups);
  };
  EXPECT_EQ(held({5, 0.1, 4, 3, 2, 0.1, 0.2}), 2);
  EXPECT_EQ(held({5, 0.1, 0.2, 0.3, 7}), 0.3);
  EXPECT_TRUE(std::isinf(held({0.1, 0.1})));
}

TEST(TurnsOfEnergy, CountWaysUpAndDownThatAreLargeEnough) {
  const auto turns = [](const std::vector<double>& energies) {
    std::vector<Checkup> checkups;
    for (const double energy : energies) checkups.push_back({.energy = energy, .moved = {}});
    const Checkup last = checkups.back();
    checkups.pop_back();
    return turns_of_energy(checkups, last);
  };
  EXPECT_EQ(turns({1}), 0);
  EXPECT_EQ(turns({5, 4, 3, 2, 1, 0.5, 0.1}), 0) << "a way down";
  EXPECT_EQ(turns({5, 3, 1, 2, 4, 6}), 1);
  EXPECT_EQ(turns({5, 1, 4, 1, 4, 1}), 4);
  EXPECT_EQ(turns({5, 1, 1.5, 1, 1.5, 1}), 0) << "less than twice";
  EXPECT_EQ(turns({0.3, 0.05, 0.2, 0.05, 0.2, 0.05}), 0) << "less than 0.2";
  std::vector<double> old = {5, 1, 5, 1, 5, 1};
  old.resize(6 + kSwingWindow, 1);
  EXPECT_EQ(turns(old), 0) << "long ago";
}

TEST(Diagnose, TellsSwingsAsOscillationAndNotAsDivergence) {
  std::vector<double> swings;
  for (int i = 0; i < 6; ++i) swings.insert(swings.end(), {2.0, 4.0, 2.0, 0.1});
  std::vector<Checkup> history = with_energies(swings);
  for (std::size_t i = 0; i < 10; ++i) history[i].energy = 4;  // never near for long
  EXPECT_EQ(names(history), std::vector<std::string>{"oscillation"});
}

TEST(Diagnose, TellsSwingsThatGrowAsDivergence) {
  std::vector<double> swings;
  double size = 1;
  for (int i = 0; i < 8; ++i, size *= 1.5) swings.insert(swings.end(), {2 * size, 4 * size, 2 * size, 0.1});
  swings.resize(swings.size() - 1);
  EXPECT_EQ(names(with_energies(swings)), (std::vector<std::string>{"divergence", "oscillation"}));
}

TEST(Diagnose, TakesACollapseForNoDivergence) {
  const auto clump = [](double energy) {
    return [energy](Checkup& c) {
      c.diversity = 0.1;
      c.energy = energy;
    };
  };
  EXPECT_EQ(names(ill(4, clump(0.6))), std::vector<std::string>{"collapse"});
  EXPECT_EQ(names(ill(4, clump(1.6))), (std::vector<std::string>{"divergence", "collapse"})) << "away from the data";
}

TEST(Diagnose, TellsHoppingThatRestsNowAndThen) {
  std::int64_t at = 0;
  const auto history = ill(12, [&](Checkup& c) {
    c.moved = ++at % 4 == 0 ? 0.1 : 2.2;
    c.told_apart = at % 4 == 0 ? 0.85 : 0.97;
  });
  EXPECT_EQ(names(history), std::vector<std::string>{"oscillation"});
}

TEST(Diagnose, TakesSamplesThatChangePlacesForNoHopping) {
  const auto history = ill(12, [](Checkup& c) {
    c.moved = 0.9;  // as far as fakes lie from one another
    c.told_apart = 0.94;
  });
  EXPECT_EQ(names(history), std::vector<std::string>());
}

TEST(Diagnose, TellsEntanglementOnlyOfPointsThatLieWell) {
  const auto far = [](Checkup& c) {
    c.best_axis = 0.3;
    c.energy = 0.2;
  };
  EXPECT_EQ(names(ill(6, far)), std::vector<std::string>());
  EXPECT_EQ(names(ill(6, [](Checkup& c) { c.best_axis = 0.9; })), std::vector<std::string>());
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
  std::vector<Checkup> checkups = healthy(2);
  checkups[1].best_axis = 0.25;
  for (const Checkup& c : checkups) EXPECT_EQ(checkup_of(nlohmann::json::parse(event_of(c).line())), c);
}

}  // namespace
}  // namespace ganymede::evaluate
