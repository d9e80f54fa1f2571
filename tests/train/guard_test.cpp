#include "train/guard.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/fresh_folder.hpp"
#include "train/meter.hpp"

namespace ganymede::train {
namespace {

struct GuardTest : ::testing::Test {
  void step(Guard& guard, double g, double d, play::Phase phase = play::Phase::both) {
    ++position.step;
    play::StepResult result;
    result.generator_loss = g;
    result.discriminator_loss = d;
    guard.on_step({position, phase, 4, result, true, false, meter, 0});
  }
  Guard guard(double stop_above) {
    return Guard(stop_above, events, holds_warning(path), [this](const std::string& line) { said += line + "\n"; });
  }

  ganymede::testing::FreshFolder folder;
  std::filesystem::path path = std::filesystem::path(folder.path()) / "events.jsonl";
  run::EventWriter events{path};
  Position position;
  Meter meter;
  std::string said;
};

TEST_F(GuardTest, WarnsOnceOfAnExplodingLossInWordsAndEventsEvenAfterAResume) {
  Guard first = guard(0);
  step(first, 3, 9999);
  EXPECT_EQ(said, "");
  step(first, 3, -1e15);
  step(first, 1e16, 0);
  Guard resumed = guard(0);
  step(resumed, 1e16, 0);
  EXPECT_TRUE(said.starts_with("warning: step 2: the discriminator's loss is 1.000e+15")) << said;
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1);
  EXPECT_EQ(run::read_event_lines(path).size(), 1U);
}

TEST_F(GuardTest, TakesNoOtherWarningForItsOwn) {
  EXPECT_FALSE(holds_warning(path));
  events.write(run::Event("warning").set("reason", "disk"));
  events.write(run::Event("step").set("reason", "loss").set("note", "warning"));
  EXPECT_FALSE(holds_warning(path));
  events.write(run::Event("warning").set("step", std::uint64_t{3}).set("reason", "loss"));
  EXPECT_TRUE(holds_warning(path));
}

TEST_F(GuardTest, StopsAboveTheKeyAndLooksAtThePlayerThatMoved) {
  Guard strict = guard(50);
  step(strict, 50, -50);
  step(strict, 60, 0, play::Phase::discriminator);
  EXPECT_THROW(step(strict, 0, -51), GuardError);
}

}  // namespace
}  // namespace ganymede::train
