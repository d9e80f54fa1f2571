#include "evaluate/monitor.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "evaluate/tiny.hpp"
#include "run/events.hpp"

namespace ganymede::evaluate {
namespace {

struct Watched : ::testing::Test {
  Watched() {
    tiny.recipe.train.epochs = 4;
    tiny.session.observers.push_back([this](const train::ObserverContext& context) {
      auto monitor = make_monitor(context, *tiny.session.backend, tiny.session.places, 1);
      made = monitor != nullptr;
      return monitor;
    });
  }
  testing::TinyRuns tiny;
  bool made = false;
};

TEST_F(Watched, EveryKEpochsThereIsAnEventBeforeTheCheckpoint) {
  tiny.recipe.evaluate.every = 2;
  const run::RunDirectory run = tiny.train("a");
  std::vector<std::int64_t> epochs;
  std::string before;
  for (const auto& event : run::read_events(run.events_path())) {
    const std::string kind = event.at("event");
    EXPECT_TRUE(before != "weak" || kind == "checkpoint") << kind;
    before = kind;
    if (kind != "weak") continue;
    epochs.push_back(event.at("epoch"));
    EXPECT_EQ(event.at("protocol"), "nk_weak_v1");
    EXPECT_EQ(event.at("count"), 480);  // the held-out bars and as many fakes
    EXPECT_EQ(event.at("trained_each"), 300);
    EXPECT_NEAR(event.at("error_rate").get<double>(),
                (event.at("real_errors").get<double>() + event.at("fake_errors").get<double>()) / 480, 1e-12);
    EXPECT_LT(event.at("error_rate"), 0.1);  // nobody takes noise for bars
    EXPECT_LT(event.at("p_value"), 1e-6);
  }
  EXPECT_EQ(epochs, (std::vector<std::int64_t>{2, 4}));
}

TEST_F(Watched, WithoutItsKeyThereIsNoMonitor) {
  tiny.recipe.train.epochs = 1;
  tiny.train("a");
  EXPECT_FALSE(made);
}

}  // namespace
}  // namespace ganymede::evaluate
