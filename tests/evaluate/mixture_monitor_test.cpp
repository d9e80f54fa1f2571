#include "evaluate/mixture_monitor.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "evaluate/measures.hpp"
#include "evaluate/tiny.hpp"
#include "explore/weights.hpp"
#include "run/events.hpp"

namespace ganymede::evaluate {
namespace {

struct Monitored : ::testing::Test {
  Monitored() {
    tiny.train_on_points("two-blobs", 256);
    tiny.recipe.train.epochs = 4;
    tiny.recipe.evaluate.mixture_every = 2;
    tiny.session.observers.emplace_back([this](train::ObserverContext context) {
      EXPECT_TRUE(context.note);
      context.note = [this](const std::string& text) { notes.push_back(text); };
      return make_mixture_monitor(context);
    });
  }
  static std::vector<nlohmann::json> told_by(const run::RunDirectory& run) {
    std::vector<nlohmann::json> told;
    for (auto event : run::read_events(run.events_path())) {
      event.erase("time_seconds");
      if (event.at("event") == "mixture") told.push_back(event);
    }
    return told;
  }
  testing::TinyRuns tiny;
  std::vector<std::string> notes;
};

TEST_F(Monitored, EpochsTellWhatTheMeasureSaysAtTheEnd) {
  tiny.recipe.evaluate.mixture_count = 500;
  const run::RunDirectory run = tiny.train("a");
  const auto told = told_by(run);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].at("epoch"), 2);
  EXPECT_EQ(told[1].at("epoch"), 4);
  EXPECT_EQ(told[1].at("of"), 2);
  EXPECT_EQ(told[1].at("count"), 500);
  Reference reference(tiny.recipe, tiny.reference_options());
  const RunScores scores = evaluate_run(explore::load_weights(run), run.path(), reference,
                                        {.count = 500, .measures = {"mixture"}, .threads = 1});
  ASSERT_EQ(scores.scores.size(), 3U);
  EXPECT_EQ(told[1].at("modes"), scores.scores[0].value);
  EXPECT_EQ(told[1].at("high_quality"), scores.scores[1].value);
  EXPECT_GT(scores.scores[1].value, 0) << "else nothing is compared";
  EXPECT_EQ(told[1].at("reverse_kl"), scores.scores[2].value);
  ASSERT_EQ(notes.size(), 2U);
  EXPECT_NE(notes[1].find("of 2 modes, "), std::string::npos) << notes[1];
}

TEST_F(Monitored, AResumedRunTellsTheSame) {
  const run::RunDirectory whole = tiny.train("whole");
  tiny.recipe.train.epochs = 2;
  tiny.train("halves");
  tiny.recipe.train.epochs = 4;
  const run::RunDirectory halves = tiny.resume("halves");
  EXPECT_EQ(told_by(whole), told_by(halves));
}

TEST_F(Monitored, NothingIsToldOfACurveOrWhereItIsNotWanted) {
  tiny.recipe.evaluate.mixture_every = 0;
  EXPECT_TRUE(told_by(tiny.train("never")).empty());
  tiny.recipe.evaluate.mixture_every = 1;
  tiny.recipe.data.source = "moons";
  EXPECT_TRUE(told_by(tiny.train("moons")).empty());
}

}  // namespace
}  // namespace ganymede::evaluate
