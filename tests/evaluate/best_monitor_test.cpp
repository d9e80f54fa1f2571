#include "evaluate/best_monitor.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "evaluate/tiny.hpp"
#include "explore/weights.hpp"
#include "run/events.hpp"

namespace ganymede::evaluate {
namespace {

struct Best : ::testing::Test {
  Best() {
    tiny.recipe.train.epochs = 4;
    tiny.recipe.evaluate.frechet_every = 1;
    tiny.recipe.evaluate.frechet_count = 100;
    tiny.session.observers.push_back(
        [this](const train::ObserverContext& context) { return make_best_monitor(context, tiny.reference_options()); });
  }
  std::vector<nlohmann::json> told_by(const run::RunDirectory& run) const {
    std::vector<nlohmann::json> told;
    for (const auto& event : run::read_events(run.events_path())) {
      if (event.at("event") == "frechet") told.push_back(event);
    }
    return told;
  }
  testing::TinyRuns tiny;
};

TEST_F(Best, SnapshotIsThatOfTheEpochOfTheSmallestDistance) {
  const run::RunDirectory run = tiny.train("a");
  const auto told = told_by(run);
  ASSERT_EQ(told.size(), 4U);
  double best = told[0].at("value");
  std::uint64_t epoch = 1;
  for (std::size_t i = 1; i < 4; ++i) {
    EXPECT_EQ(told[i].at("best"), told[i].at("value") < best);
    if (told[i].at("value") < best) {
      best = told[i].at("value");
      epoch = i + 1;
    }
  }
  EXPECT_EQ(told[0].at("best"), true);
  const explore::Weights weights = explore::load_weights(run, {}, run::kBestSnapshot);
  EXPECT_EQ(weights.snapshot.epoch, epoch);
  EXPECT_EQ(weights.snapshot.tensors, run::load_snapshot(run::find_snapshot(run.snapshots(), epoch).path).tensors);
  EXPECT_EQ(run::list_snapshots(run.snapshots()).size(), 5U) << "it is none of the epochs";
}

TEST_F(Best, AResumedRunTellsTheSame) {
  const run::RunDirectory whole = tiny.train("whole");
  tiny.recipe.train.epochs = 2;
  tiny.train("halves");
  tiny.recipe.train.epochs = 4;
  const run::RunDirectory halves = tiny.resume("halves");
  auto a = told_by(whole), b = told_by(halves);
  for (auto* told : {&a, &b}) {
    for (auto& event : *told) event.erase("time_seconds");
  }
  EXPECT_EQ(a, b);
  EXPECT_EQ(run::load_snapshot(whole.snapshots() / run::kBestSnapshot).tensors,
            run::load_snapshot(halves.snapshots() / run::kBestSnapshot).tensors);
}

TEST_F(Best, WithoutItsKeyNothingIsKept) {
  tiny.recipe.evaluate.frechet_every = 0;
  tiny.recipe.train.epochs = 1;
  const run::RunDirectory run = tiny.train("a");
  EXPECT_TRUE(told_by(run).empty());
  EXPECT_FALSE(std::filesystem::exists(run.snapshots() / run::kBestSnapshot));
}

}  // namespace
}  // namespace ganymede::evaluate
