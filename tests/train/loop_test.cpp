#include "train/loop.hpp"

#include <functional>

#include "train/fake_executor.hpp"
#include "train/tiny.hpp"

namespace ganymede::train {
namespace {

using play::Phase;

/// Writes down what it is told: s after an update, S if that ended a step, E epoch, . settled.
class Scribe : public Observer {
 public:
  void on_start(const Moment&) override { log += '<'; }
  void on_step(const Moment& m) override { log += m.step_ended ? 'S' : 's'; }
  void on_epoch(const Moment& m) override {
    log += 'E';
    epoch_images.push_back(m.epoch_meter.sums().discriminator_images);
  }
  void on_settled(const Moment&) override { log += '.'; }
  bool may_stop(const Moment& m) override { return stop_at_tick > 0 && m.position.tick == stop_at_tick; }
  bool may_finish(const Moment& m) override { return finish_at_tick > 0 && m.position.tick == finish_at_tick; }
  void on_end(const Moment&, Ending ending) override { log += ending == Ending::finished ? '>' : '|'; }

  std::string log;
  std::vector<double> epoch_images;
  std::int64_t stop_at_tick = 0;
  std::int64_t finish_at_tick = 0;
};

struct Rig {
  explicit Rig(const run::Recipe& r) : recipe(r) { loop.add(scribe); }

  run::Recipe recipe;
  data::Dataset dataset = numbered_images(10);
  run::Networks networks = networks_for(recipe, dataset);
  Feed feed{dataset, recipe, networks};
  FakeExecutor executor{networks.generator, networks.discriminator, {}};
  Loop loop{recipe, feed, executor};
  Scribe scribe;

  std::string phases() const {
    std::string letters;
    for (const auto& call : executor.calls) {
      letters += call.phase == Phase::both ? 'B' : call.phase == Phase::discriminator ? 'D' : 'G';
    }
    return letters;
  }
};

run::Recipe recipe_with(const std::function<void(run::Recipe&)>& change) {
  run::Recipe recipe = tiny_recipe();
  change(recipe);
  return recipe;
}

TEST(Loop, IsFinishedWhereAnObserverSaysSo) {
  Rig rig(tiny_recipe());
  rig.scribe.finish_at_tick = 2;
  EXPECT_EQ(rig.loop.run(), Ending::finished);
  EXPECT_EQ(rig.scribe.log, "<S.S.>");
}

// A checkpoint is made in on_settled: one that is killed just after it must not train on.
TEST(Loop, KnowsThatItIsDoneBeforeItsStateIsStored) {
  struct Storing : Observer {
    explicit Storing(const Loop& of) : loop(of) {}
    void on_settled(const Moment&) override { stored.push_back(loop.state()); }
    const Loop& loop;
    std::vector<Loop::State> stored;
  };
  Rig rig(tiny_recipe());
  Storing storing(rig.loop);
  rig.loop.add(storing);
  rig.scribe.finish_at_tick = 2;
  EXPECT_EQ(rig.loop.run(), Ending::finished);
  ASSERT_EQ(storing.stored.size(), 2U);
  EXPECT_FALSE(storing.stored[0].settled);
  EXPECT_TRUE(storing.stored[1].settled);
  Rig resumed(tiny_recipe());
  resumed.loop.restore(storing.stored[1]);
  EXPECT_EQ(resumed.loop.run(), Ending::finished);
  EXPECT_EQ(resumed.scribe.log, "<>");
}

TEST(Loop, TellsObserversInOrder) {
  Rig rig(tiny_recipe());
  EXPECT_EQ(rig.loop.run(), Ending::finished);
  EXPECT_EQ(rig.scribe.log, "<S.S.SE.S.S.SE.>");
  EXPECT_EQ(rig.scribe.epoch_images, (std::vector<double>{10, 10}));
  EXPECT_EQ(rig.loop.state().position, (Position{.step = 6, .tick = 6, .epoch = 2, .batch = 0, .images = 20}));
}

TEST(Loop, TicksCountTheExecutorsCalls) {
  Rig rig(recipe_with([](auto& r) { r.game.update = play::UpdateOrder::alternating; }));
  rig.loop.run();
  for (std::size_t i = 0; i < rig.executor.calls.size(); ++i) EXPECT_EQ(rig.executor.calls[i].tick, i);
  EXPECT_EQ(rig.loop.state().position.step, 6);
  EXPECT_EQ(rig.loop.state().position.tick, 12);
}

TEST(Loop, AnEpochEndsAfterTheUpdateOfGThatFollowsItsLastBatch) {
  Rig rig(recipe_with([](auto& r) {
    r.game.update = play::UpdateOrder::alternating;
    r.train.epochs = 1;
  }));
  rig.loop.run();
  EXPECT_EQ(rig.phases(), "DGDGDG");
  EXPECT_EQ(rig.scribe.log, "<s.S.s.S.s.SE.>");
}

TEST(Loop, AStepMayReachIntoTheNextEpoch) {
  Rig rig(recipe_with([](auto& r) {
    r.game.update = play::UpdateOrder::alternating;
    r.game.d_steps = 2;  // three batches an epoch: DDG D | DG DDG |
  }));
  rig.loop.run();
  EXPECT_EQ(rig.phases(), "DDGDDGDDG");
  EXPECT_EQ(rig.scribe.log, "<s.s.S.sE.s.S.s.s.SE.>");
}

TEST(Loop, EndsAfterSteps) {
  Rig rig(recipe_with([](auto& r) {
    r.train.epochs = 0;
    r.train.steps = 4;
  }));
  rig.loop.run();
  EXPECT_EQ(rig.scribe.log, "<S.S.SE.S.>");
}

TEST(Loop, EndsWithTheStepThatReachesTheImages) {
  Rig rig(recipe_with([](auto& r) {
    r.train.epochs = 0;
    r.train.images = 9;
    r.game.update = play::UpdateOrder::alternating;
  }));
  rig.loop.run();
  EXPECT_EQ(rig.phases(), "DGDGDG");  // 4, 8, 10 images
}

TEST(Loop, FinishedStateEndsAtOnce) {
  Rig rig(tiny_recipe());
  rig.loop.restore({.position = {.step = 6, .tick = 6, .epoch = 2, .images = 20}});
  EXPECT_EQ(rig.loop.run(), Ending::finished);
  EXPECT_EQ(rig.scribe.log, "<>");
}

TEST(Loop, InterruptedAfterAnyUpdateAndRestoredItMakesTheSameCalls) {
  for (const auto& [order, name] : play::table_of<play::UpdateOrder>()) {
    const run::Recipe recipe = recipe_with([&](auto& r) {
      r.game.update = order;
      r.game.d_steps = 2;
      r.game.converge_max_steps = 4;
    });
    Rig whole(recipe);
    whole.loop.run();
    const std::size_t ticks = whole.executor.calls.size();
    for (std::size_t k = 1; k < ticks; ++k) {
      SCOPED_TRACE(std::string(name) + ", stopped after update " + std::to_string(k));
      Rig first(recipe);
      first.scribe.stop_at_tick = static_cast<std::int64_t>(k);
      EXPECT_EQ(first.loop.run(), Ending::interrupted);
      EXPECT_EQ(first.scribe.log.back(), '|');
      Rig second(recipe);
      second.executor.set_state(first.executor.state());
      second.loop.restore(first.loop.state());
      EXPECT_EQ(second.loop.run(), Ending::finished);
      EXPECT_EQ(first.executor.calls.size() + second.executor.calls.size(), ticks);
      EXPECT_EQ(second.executor.state(), whole.executor.state());
      EXPECT_EQ(second.loop.state(), whole.loop.state());
    }
  }
}

TEST(Loop, AFailedUpdateLeavesTheStateBeforeIt) {
  Rig rig(tiny_recipe());
  rig.executor.fail_at_tick = 2;
  EXPECT_THROW(rig.loop.run(), play::NonFiniteError);
  EXPECT_EQ(rig.loop.state().position, (Position{.step = 2, .tick = 2, .batch = 2, .images = 8}));
}

TEST(Length, IsThatOfTheWholeRun) {
  run::Recipe recipe = tiny_recipe();
  EXPECT_EQ(length_of(recipe, 3, 10), (Length{20, 6}));
  recipe.train.epochs = 0;
  recipe.train.images = 23;
  EXPECT_EQ(length_of(recipe, 3, 10), (Length{23, 7}));
  recipe.train.images = 0;
  recipe.train.steps = 7;
  EXPECT_EQ(length_of(recipe, 3, 10), (Length{24, 7}));  // two epochs and a batch of 4
  recipe.game.update = play::UpdateOrder::alternating;
  recipe.game.d_steps = 3;
  EXPECT_EQ(length_of(recipe, 3, 10), (Length{70, 7}));
}

TEST(Length, IsNotKnownWhereDRunsToConvergence) {
  run::Recipe recipe = tiny_recipe();
  recipe.game.update = play::UpdateOrder::converge;
  EXPECT_EQ(length_of(recipe, 3, 10), (Length{20, 0}));
  recipe.train.epochs = 0;
  recipe.train.steps = 7;
  EXPECT_EQ(length_of(recipe, 3, 10), (Length{0, 7}));
}

TEST(StoredState, ComesBackFromJsonToTheBit) {
  StoredState state;
  state.schedule = {.d_updates = 3, .window_sum = 0.1 + 0.2, .mean_before = -1.0 / 3, .converged = true};
  state.epoch.weighted.generator_loss = 1e-310;
  state.epoch.discriminator_images = 4;
  state.window.weighted.real_accuracy = 2.0 / 3;
  state.data_crc = 0xFFFFFFFFU;
  EXPECT_EQ(stored_state_from_json(to_json(state), "test"), state);
}

TEST(StoredState, RejectsOtherText) {
  EXPECT_THROW(stored_state_from_json("", "test"), DataError);
  EXPECT_THROW(stored_state_from_json(R"({"schema": "ganymede.loop/2"})", "test"), DataError);
  EXPECT_THROW(stored_state_from_json(R"({"schema": "ganymede.loop/1"})", "test"), DataError);
}

}  // namespace
}  // namespace ganymede::train
