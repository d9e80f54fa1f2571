#include "train/session.hpp"

#include <map>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/fresh_folder.hpp"
#include "base/signal.hpp"
#include "run/events.hpp"
#include "run/snapshot.hpp"
#include "tensor/npy.hpp"
#include "train/fake_executor.hpp"
#include "train/tiny.hpp"

namespace ganymede::train {
namespace {

namespace fs = std::filesystem;

/// Fails or asks to stop at a tick, as a signal would.
class StoppingExecutor : public FakeExecutor {
 public:
  using FakeExecutor::FakeExecutor;
  play::StepResult step(const play::Batch& batch, play::Phase phase) override {
    if (batch.step + 1 == stop_after_ticks) request_stop();
    return FakeExecutor::step(batch, phase);
  }
  std::uint32_t stop_after_ticks = 0;
};

struct Session : ::testing::Test {
  void SetUp() override {
    clear_stop_request();
    options.backend = &backend;
    options.progress = ProgressStyle::quiet;
    options.say = [this](const std::string& line) { said += line + "\n"; };
    options.version = "test";
  }
  void TearDown() override { clear_stop_request(); }

  /// Trains a new run, or goes on with an old one.
  Outcome go(const std::string& name, const run::Recipe& recipe, std::uint32_t stop_after_ticks = 0,
             std::uint32_t fail_at_tick = std::numeric_limits<std::uint32_t>::max()) {
    clear_stop_request();
    backend.make = [=](const auto& g, const auto& d, const auto& config) {
      auto executor = std::make_unique<StoppingExecutor>(g, d, config);
      executor->stop_after_ticks = stop_after_ticks;
      executor->fail_at_tick = fail_at_tick;
      return executor;
    };
    auto setup = prepare(recipe, options);
    const bool exists = fs::exists(root / name);
    run::RunDirectory directory =
        exists ? run::RunDirectory::open(root / name) : run::RunDirectory::create(root, name, recipe, {});
    if (exists) directory.lock();
    return train(setup, directory, starting_point(directory, options), options);
  }

  NamedTensors final_tensors(const std::string& name) {
    return run::load_latest_checkpoint(root / name / "checkpoints").checkpoint.tensors;
  }

  /// Everything that must be equal between a run and its resumed twin, by file name.
  std::map<std::string, std::string> results(const std::string& name) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(root / name)) {
      const std::string path = fs::relative(entry.path(), root / name).string();
      if (entry.path().extension() == ".png") files[path] = read_file(entry.path());
    }
    for (const auto& snapshot : run::list_snapshots(root / name / "snapshots")) {
      files[snapshot.path.filename()] = read_file(snapshot.path);
    }
    for (const std::string& line : run::read_event_lines(root / name / "events.jsonl")) {
      files["events"] += run::without_times(line) + "\n";
    }
    return files;
  }

  ganymede::testing::FreshFolder root;
  FakeBackend backend;
  SessionOptions options;
  std::string said;
};

TEST_F(Session, WritesWhatARunShallHold) {
  const Outcome outcome = go("a", tiny_recipe());
  EXPECT_EQ(outcome.state, run::RunState::finished);
  EXPECT_EQ(outcome.position.step, 6);
  for (const char* file : {"samples/epoch-0000.png", "samples/epoch-0002.png", "samples/grid-0001.png", "losses.png",
                           "samples/latest.png", "checkpoints/step-0000000006.safetensors",
                           "snapshots/epoch-00000.safetensors", "snapshots/epoch-00002.safetensors"}) {
    EXPECT_TRUE(fs::exists(root / "a" / file)) << file;
  }
  const run::RunInfo info = run::RunDirectory::open(root / "a").info();
  EXPECT_EQ(info.state, run::RunState::finished);
  EXPECT_EQ(info.epoch, 2U);
  EXPECT_EQ(info.step, 6U);
  EXPECT_EQ(info.images, 20U);
  EXPECT_EQ(info.plan, "fake f32");
}

/// Looks at run.json when the run ends, after all others.
struct LastLook : Observer {
  LastLook(fs::path run, std::vector<run::RunState>& to) : path(std::move(run)), states(to) {}
  void on_end(const Moment&, Ending) override { states.push_back(run::RunDirectory::open(path).info().state); }
  fs::path path;
  std::vector<run::RunState>& states;
};

// Whatever dies before the last picture and the last event are written must go on where it is called again.
TEST_F(Session, SaysFinishedAfterEverythingElse) {
  std::vector<run::RunState> states;
  options.observers.push_back(
      [&](const ObserverContext& context) { return std::make_unique<LastLook>(context.directory.path(), states); });
  go("a", tiny_recipe(), 2);
  EXPECT_EQ(run::RunDirectory::open(root / "a").info().state, run::RunState::paused);
  go("a", tiny_recipe());
  EXPECT_EQ(run::RunDirectory::open(root / "a").info().state, run::RunState::finished);
  EXPECT_EQ(states, (std::vector<run::RunState>{run::RunState::running, run::RunState::running}));
}

// What fails before the first update leaves no run behind, but never takes one away that was there.
TEST_F(Session, ARunThatCannotBeginTakesNoName) {
  const ObserverFactory broken = [](const ObserverContext&) -> std::unique_ptr<Observer> {
    fail<DataError>("no classifier to be had");
  };
  options.observers = {broken};
  EXPECT_THROW(go("a", tiny_recipe()), DataError);
  EXPECT_FALSE(fs::exists(root / "a"));
  options.observers.clear();
  go("a", tiny_recipe(), 2);
  options.observers = {broken};
  EXPECT_THROW(go("a", tiny_recipe()), DataError);
  EXPECT_TRUE(fs::exists(root / "a" / "run.json"));
}

TEST_F(Session, EventsTellTheStory) {
  go("a", tiny_recipe());
  std::string kinds;
  for (const auto& event : run::read_events(root / "a" / "events.jsonl")) {
    kinds += event.at("event").get<std::string>() + " ";
  }
  EXPECT_EQ(kinds, "start step step step epoch checkpoint step step step epoch checkpoint end ");
  const auto events = run::read_events(root / "a" / "events.jsonl");
  const auto& epoch = events[4];
  EXPECT_EQ(epoch.at("epoch"), 1);
  EXPECT_EQ(epoch.at("images"), 10);
  const double weighted =
      (4 * events[1].at("generator_loss").get<double>() + 4 * events[2].at("generator_loss").get<double>() +
       2 * events[3].at("generator_loss").get<double>()) /
      10;
  EXPECT_NEAR(epoch.at("generator_loss").get<double>(), weighted, 1e-12);
  EXPECT_EQ(epoch.at("real_accuracy"), 0.75);
  EXPECT_TRUE(epoch.contains("time_images_per_second"));
}

TEST_F(Session, PausedAfterAnyUpdateAndResumedItEqualsTheWholeRun) {
  for (const auto order : {play::UpdateOrder::simultaneous, play::UpdateOrder::alternating}) {
    const bool alternating = order == play::UpdateOrder::alternating;
    const std::string update = play::name_of(order);
    run::Recipe recipe = tiny_recipe();
    recipe.game.update = order;
    recipe.game.d_steps = alternating ? 2 : 1;
    recipe.game.ema_decay = 0.9;
    const std::string whole = "whole-" + update;
    const Outcome outcome = go(whole, recipe);
    const auto wanted = results(whole);
    const std::uint32_t stride = alternating ? 2 : 1;  // in turn after DD, D and G
    for (std::uint32_t ticks = stride; ticks < outcome.position.tick; ticks += stride) {
      const std::string name = update + std::to_string(ticks);
      SCOPED_TRACE(name);
      EXPECT_EQ(go(name, recipe, ticks).state, run::RunState::paused);
      EXPECT_EQ(run::RunDirectory::open(root / name).info().state, run::RunState::paused);
      const auto paused = run::read_events(root / name / "events.jsonl");
      EXPECT_EQ(paused.back().at("event"), "pause");
      EXPECT_EQ(go(name, recipe).state, run::RunState::finished);
      EXPECT_EQ(final_tensors(name), final_tensors(whole));
      EXPECT_EQ(results(name), wanted);
    }
  }
}

TEST_F(Session, DiedAnywhereAndResumedItEqualsTheWholeRun) {
  run::Recipe recipe = tiny_recipe();
  recipe.checkpoint.every_steps = 2;
  go("whole", recipe);
  const auto wanted = results("whole");
  for (std::uint32_t tick = 0; tick < 6; ++tick) {
    const std::string name = "died" + std::to_string(tick);
    SCOPED_TRACE(name);
    EXPECT_THROW(go(name, recipe, 0, tick), GuardError);
    EXPECT_EQ(go(name, recipe).state, run::RunState::finished);
    EXPECT_EQ(final_tensors(name), final_tensors("whole"));
    EXPECT_EQ(results(name), wanted);
  }
}

TEST_F(Session, ALongerRunEqualsAShorterOneResumed) {
  run::Recipe recipe = tiny_recipe();
  go("short", recipe);
  recipe.train.epochs = 3;
  go("short", recipe);
  go("long", recipe);
  EXPECT_EQ(final_tensors("short"), final_tensors("long"));
  EXPECT_EQ(results("short").at("events"), results("long").at("events"));
}

// A run that died at the removal of an old checkpoint has one too many: called again, it has as many as any other.
TEST_F(Session, CalledAgainItRemovesCheckpointsThatWereLeft) {
  go("a", tiny_recipe());
  const fs::path folder = root / "a" / "checkpoints";
  ASSERT_EQ(run::list_checkpoints(folder).size(), 2U);
  fs::copy_file(folder / "step-0000000003.safetensors", folder / "step-0000000001.safetensors");
  go("a", tiny_recipe());
  EXPECT_FALSE(fs::exists(folder / "step-0000000001.safetensors"));
  EXPECT_EQ(run::list_checkpoints(folder).size(), 2U);
}

TEST_F(Session, CheckpointsComeBySteps) {
  run::Recipe recipe = tiny_recipe();
  recipe.checkpoint.every_steps = 4;
  go("a", recipe);
  const auto files = run::list_checkpoints(root / "a" / "checkpoints");
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].filename(), "step-0000000004.safetensors");
  EXPECT_EQ(files[1].filename(), "step-0000000006.safetensors");
}

TEST_F(Session, NonFiniteNumbersStopTheRunAndNameTensorStepAndCheckpoint) {
  try {
    go("a", tiny_recipe(), 0, 4);
    FAIL() << "no error";
  } catch (const GuardError& error) {
    EXPECT_EQ(error.exit_code(), 3);
    const std::string message = error.what();
    EXPECT_NE(message.find("step 5"), std::string::npos) << message;
    EXPECT_NE(message.find("discriminator.conv1.weight"), std::string::npos) << message;
    EXPECT_NE(message.find("step-0000000003.safetensors"), std::string::npos) << message;
  }
  const run::RunInfo info = run::RunDirectory::open(root / "a").info();
  EXPECT_EQ(info.state, run::RunState::diverged);
  EXPECT_NE(info.reason.find("step 5"), std::string::npos);
  EXPECT_EQ(run::list_checkpoints(root / "a" / "checkpoints").size(), 1U);
}

TEST_F(Session, GoesBackToTheCheckpointBeforeADamagedOne) {
  run::Recipe recipe = tiny_recipe();
  recipe.train.epochs = 3;
  go("whole", recipe);
  go("a", recipe, 7);
  const auto files = run::list_checkpoints(root / "a" / "checkpoints");
  fs::resize_file(files.back(), fs::file_size(files.back()) / 2);
  go("a", recipe);
  EXPECT_NE(said.find(files.back().filename().string()), std::string::npos) << said;
  EXPECT_EQ(results("a"), results("whole"));
}

TEST_F(Session, RefusesToGoOnWithOtherData) {
  const fs::path images = root / "images.npz";
  const auto write = [&](std::uint8_t level) {
    Tensor pixels(DType::u8, {10, 28, 28});
    std::ranges::fill(pixels.values<std::uint8_t>(), level);
    write_npz(images, {{"images", pixels}});
  };
  run::Recipe recipe = tiny_recipe();
  recipe.data.source = images.string();
  write(10);
  go("a", recipe, 2);
  write(20);
  EXPECT_THROW(go("a", recipe), DataError);
}

TEST_F(Session, AnnouncesAnotherArithmeticPlan) {
  go("a", tiny_recipe(), 2);
  backend.make = [](const auto& g, const auto& d, const auto& config) {
    auto executor = std::make_unique<FakeExecutor>(g, d, config);
    executor->plan_text = "fake bf16";
    return executor;
  };
  clear_stop_request();
  auto setup = prepare(tiny_recipe(), options);
  run::RunDirectory directory = run::RunDirectory::open(root / "a");
  directory.lock();
  train(setup, directory, starting_point(directory, options), options);
  EXPECT_NE(said.find("fake bf16"), std::string::npos) << said;
}

TEST_F(Session, BeginsTheEpochAgainWhenTheBatchesChanged) {
  run::Recipe recipe = tiny_recipe();
  go("a", recipe, 2);
  recipe.train.batch = 5;
  const Outcome outcome = go("a", recipe);
  EXPECT_NE(said.find("epoch 1 begins again"), std::string::npos) << said;
  EXPECT_EQ(outcome.position.images, 8 + 20);
}

TEST_F(Session, WarnsOnceOfBatchesOfOneImageWhereBatchesAreNormalised) {
  const auto warnings = [&](const run::Recipe& recipe) {
    said.clear();
    prepare(recipe, options);
    std::size_t count = 0;
    for (std::size_t at = said.find("batch normalisation"); at != std::string::npos;
         at = said.find("batch normalisation", at + 1))
      ++count;
    return count;
  };
  run::Recipe recipe = tiny_recipe();
  EXPECT_EQ(warnings(recipe), 0U);
  recipe.train.batch = 3;  // 3, 3, 3, 1
  EXPECT_EQ(warnings(recipe), 1U);
  EXPECT_NE(said.find("the last batch of an epoch is of one image"), std::string::npos) << said;
  recipe.train.batch = 1;
  EXPECT_EQ(warnings(recipe), 1U);
  recipe.generator.norm = recipe.discriminator.norm = "layer";
  EXPECT_EQ(warnings(recipe), 0U);
}

TEST_F(Session, WarnsOfAWassersteinLossWithoutABound) {
  run::Recipe recipe = tiny_recipe();
  recipe.game.loss = play::Loss::wasserstein;
  recipe.game.weight_clip = 0.01;
  prepare(recipe, options);
  EXPECT_EQ(said, "");
  recipe.game.weight_clip = 0;
  prepare(recipe, options);
  EXPECT_NE(said.find("wasserstein"), std::string::npos) << said;
}

TEST_F(Session, MinutesPauseTheRun) {
  options.minutes = 1e-9;
  const Outcome outcome = go("a", tiny_recipe());
  EXPECT_EQ(outcome.state, run::RunState::paused);
  EXPECT_EQ(outcome.position.tick, 1);
  EXPECT_EQ(outcome.checkpoint.filename(), "step-0000000001.safetensors");
}

TEST_F(Session, PausesAtTheEndOfSoManyFurtherEpochs) {
  run::Recipe recipe = tiny_recipe();
  recipe.train.epochs = 5;
  go("a", recipe, 2);  // paused within the first
  options.pause_after = 1;
  EXPECT_EQ(go("a", recipe).position.epoch, 1);
  options.pause_after = 2;
  const Outcome outcome = go("a", recipe);
  EXPECT_EQ(outcome.state, run::RunState::paused);
  EXPECT_EQ(outcome.position.epoch, 3);
  EXPECT_EQ(outcome.position.batch, 0);
  EXPECT_EQ(go("a", recipe).state, run::RunState::finished);
}

TEST_F(Session, PausesWhenAStepHasEndedAndGoesOnAsIfItHadNot) {
  for (const play::UpdateOrder order : {play::UpdateOrder::simultaneous, play::UpdateOrder::alternating}) {
    run::Recipe recipe = tiny_recipe();
    recipe.game.update = order;
    recipe.game.d_steps = 2;
    recipe.train.epochs = 0;
    recipe.train.steps = 7;
    const std::string name = play::name_of(order);
    options.pause_at_step = 0;
    go("whole-" + name, recipe);
    for (const std::int64_t step : {3, 5, 7}) {
      options.pause_at_step = step;
      const Outcome outcome = go(name, recipe);
      EXPECT_EQ(outcome.position.step, step);
      EXPECT_EQ(outcome.position.tick, order == play::UpdateOrder::alternating ? 3 * step : step);
      EXPECT_EQ(outcome.state, step == 7 ? run::RunState::finished : run::RunState::paused);
    }
    EXPECT_EQ(results(name), results("whole-" + name));
    EXPECT_EQ(final_tensors(name), final_tensors("whole-" + name));
  }
}

TEST_F(Session, APartByClassNeedsNoExampleOfTheOtherClasses) {
  run::Recipe recipe = tiny_recipe();
  recipe.data.builtin_count = 20;
  recipe.generator.condition = "concat";
  recipe.discriminator.auxiliary = true;
  recipe.data.part = "2/2";
  recipe.data.part_by = "class";
  const auto setup = prepare(recipe, options);
  EXPECT_EQ(setup.dataset.size(), 10);
  EXPECT_EQ(setup.dataset.class_count(), 10);
  recipe.data.part_by = "sample";
  recipe.data.builtin_count = 10;  // one of each class: half of the classes are in the other part
  EXPECT_THROW(prepare(recipe, options), ConfigError);
}

TEST_F(Session, AnnouncementNamesSizesLengthAndDisk) {
  const std::string text = announcement(prepare(tiny_recipe(), options));
  for (const char* part : {"tiny", "10 images", "3 batches of 4", "2 epochs", "disk"}) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  }
}

TEST(ExecutorConfig, TranslatesTheRecipe) {
  run::Recipe recipe = tiny_recipe();
  recipe.game.loss = play::Loss::wasserstein;
  recipe.game.weight_clip = 0.01;
  recipe.generator.optimizer.kind = play::OptimizerKind::rmsprop;
  recipe.discriminator.optimizer.learning_rate = 0.5;
  const play::ExecutorConfig config = executor_config(recipe, 3);
  EXPECT_EQ(config.game.loss, play::Loss::wasserstein);
  EXPECT_EQ(config.game.weight_clip, 0.01);
  EXPECT_EQ(config.game.generator.kind, play::OptimizerKind::rmsprop);
  EXPECT_EQ(config.game.discriminator.learning_rate, 0.5);
  EXPECT_EQ(config.batch, 4);
  EXPECT_EQ(config.threads, 3);
  EXPECT_EQ(config.seed, recipe.train.seed);
}

// train.from: the weights of another run, and nothing else of it.
TEST_F(Session, ARunBeginsWithTheWeightsOfAnother) {
  go("first", tiny_recipe());
  run::Recipe recipe = tiny_recipe();
  recipe.train.seed = 7;
  recipe.train.from = (root / "first").string();
  go("second", recipe);
  const run::Snapshot begin = run::load_snapshot(run::find_snapshot(root / "second" / "snapshots", 0).path);
  const NamedTensors wanted = final_tensors("first");
  for (const auto& [name, tensor] : begin.tensors) EXPECT_EQ(tensor, wanted.at(name)) << name;
  EXPECT_EQ(run::load_latest_checkpoint(root / "second" / "checkpoints").checkpoint.step, 6U);
  EXPECT_NE(said.find("step-0000000006"), std::string::npos) << said;
  const auto events = run::read_event_lines(root / "second" / "events.jsonl");
  EXPECT_NE(events.front().find("\"from_step\": 6"), std::string::npos) << events.front();
}

TEST_F(Session, ARunBeginsWithAGivenSnapshotOrCheckpoint) {
  go("first", tiny_recipe());
  run::Recipe recipe = tiny_recipe();
  recipe.train.from = run::find_snapshot(root / "first" / "snapshots", 1).path.string();
  const auto weights = prepare(recipe, options).executor->state();
  const run::Snapshot wanted = run::load_snapshot(recipe.train.from);
  for (const auto& [name, tensor] : wanted.tensors) EXPECT_EQ(weights.at(name), tensor) << name;
  recipe.train.from = (root / "first" / "checkpoints" / "step-0000000006.safetensors").string();
  EXPECT_EQ(prepare(recipe, options).executor->state().at("generator.dense.weight"),
            final_tensors("first").at("generator.dense.weight"));
}

TEST_F(Session, ARunThatGoesOnNeedsNotWhatItBeganWith) {
  go("first", tiny_recipe());
  run::Recipe recipe = tiny_recipe();
  recipe.train.from = (root / "first").string();
  go("whole", recipe);
  go("halted", recipe, 4);
  fs::rename(root / "first", root / "moved");
  options.run_folder = root / "halted";
  go("halted", recipe);
  EXPECT_EQ(results("halted"), results("whole"));
  options.run_folder.clear();
  EXPECT_THROW(prepare(recipe, options), DataError);
}

TEST_F(Session, WeightsThatDoNotFitAreRefusedByTheirFirstLayerUnlessWhatFitsIsWanted) {
  go("first", tiny_recipe());
  run::Recipe recipe = tiny_recipe();
  recipe.train.from = (root / "first").string();
  recipe.latent.dim = 5;
  recipe.discriminator.norm = "layer";
  try {
    prepare(recipe, options);
    FAIL() << "no error";
  } catch (const ConfigError& error) {
    const std::string text = error.what();
    for (const char* part : {"train.from", "generator.dense.weight", "[196, 5] here", "[196, 3] there", "from_fitting"})
      EXPECT_NE(text.find(part), std::string::npos) << text;
  }
  recipe.train.from_fitting = true;
  const train::Setup begun = prepare(recipe, options);
  EXPECT_EQ(begun.start->fresh.front(), "generator.dense");
  EXPECT_EQ(begun.executor->state().at("generator.conv1.weight"), final_tensors("first").at("generator.conv1.weight"));
  EXPECT_EQ(begun.executor->state().at("generator.dense.weight").shape(), (Shape{196, 5}));
  EXPECT_NE(said.find("fresh: generator.dense, discriminator.norm1"), std::string::npos) << said;
}

// A layer there that is none here is a difference too.
TEST_F(Session, ALayerWithoutACounterpartIsADifference) {
  run::Recipe normed = tiny_recipe();
  normed.discriminator.norm = "layer";
  normed.discriminator.width = 2;
  go("first", normed);
  run::Recipe recipe = normed;
  recipe.train.from = (root / "first").string();
  recipe.discriminator.norm = "none";
  EXPECT_THROW(prepare(recipe, options), ConfigError);
}

TEST_F(Session, TellsTheLearningRatesThatAScheduleMoves) {
  go("plain", tiny_recipe());
  run::Recipe recipe = tiny_recipe();
  recipe.discriminator.optimizer.schedule = play::Schedule::linear;
  go("moved", recipe);
  const auto told_in = [&](const std::string& run, const char* what) {
    int count = 0;
    for (const std::string& line : run::read_event_lines(root / run / "events.jsonl"))
      count += line.find(what) != std::string::npos ? 1 : 0;
    return count;
  };
  EXPECT_EQ(told_in("plain", "learning_rate"), 0);
  EXPECT_EQ(told_in("moved", "generator_learning_rate"), 0);
  EXPECT_EQ(told_in("moved", "discriminator_learning_rate"), 6 + 2);  // six steps, two epochs
}

}  // namespace
}  // namespace ganymede::train
