#include "train/run_set.hpp"

#include "base/claim.hpp"
#include "base/fresh_folder.hpp"
#include "base/signal.hpp"
#include "run/recipe_file.hpp"
#include "train/fake_executor.hpp"
#include "train/tiny.hpp"

namespace ganymede::train {
namespace {

struct TrainSet : ::testing::Test {
  void SetUp() override {
    clear_stop_request();
    options.session.backend = &backend;
    backend.make = [this](const auto& g, const auto& d, const auto& config) {
      auto executor = std::make_unique<FakeExecutor>(g, d, config);
      if (config.seed == diverging_seed) executor->fail_at_tick = 2;
      return executor;
    };
    options.session.progress = ProgressStyle::quiet;
    options.on_run = [this](std::size_t, const PlannedRun& planned) { begun.push_back(planned.name); };
  }
  void TearDown() override { clear_stop_request(); }

  ganymede::testing::FreshFolder root;
  FakeBackend backend;
  RunSetOptions options;
  std::vector<std::string> begun;
  std::uint64_t diverging_seed = 99;
};

TEST_F(TrainSet, TrainsWhatIsMissingAndNothingTwice) {
  const auto plan = seeds_of("tiny", tiny_recipe(), 3);
  EXPECT_EQ(plan[2].name, "tiny-s3");
  EXPECT_EQ(plan[2].recipe.train.seed, 3U);
  const RunSet first = train_set(root, {plan[0], plan[1]}, options);
  EXPECT_TRUE(first.complete);
  const RunSet second = train_set(root, plan, options);
  EXPECT_TRUE(second.complete);
  EXPECT_EQ(begun, (std::vector<std::string>{"tiny-s1", "tiny-s2", "tiny-s3"}));
  EXPECT_EQ(second.states, std::vector<run::RunState>(3, run::RunState::finished));
}

TEST_F(TrainSet, LeavesADivergedRunAsItIs) {
  diverging_seed = 2;
  const auto plan = seeds_of("tiny", tiny_recipe(), 3);
  for (int call = 0; call < 2; ++call) {
    const RunSet set = train_set(root, plan, options);
    EXPECT_TRUE(set.complete);
    EXPECT_EQ(set.states[1], run::RunState::diverged);
    EXPECT_EQ(set.states[2], run::RunState::finished);
  }
  EXPECT_EQ(begun.size(), 3U);
  EXPECT_TRUE(is_settled(root, plan[1]));
  EXPECT_FALSE(is_settled(root, {.name = "tiny-s4", .recipe = plan[1].recipe}));
}

TEST_F(TrainSet, StopsOnASignalAndGoesOn) {
  const auto plan = seeds_of("tiny", tiny_recipe(), 2);
  request_stop();
  const RunSet set = train_set(root, plan, options);
  EXPECT_FALSE(set.complete);
  clear_stop_request();
  EXPECT_TRUE(train_set(root, plan, options).complete);
}

// Divergence is a state: no words of the reason are read.
TEST_F(TrainSet, KnowsADivergedRunByItsState) {
  const auto plan = seeds_of("tiny", tiny_recipe(), 1);
  train_set(root, plan, options);
  run::RunDirectory run = run::RunDirectory::open(root / "tiny-s1");
  run.lock();
  run::RunInfo info = run.info();
  info.reason = "step 3: nothing to do with it";
  info.state = run::RunState::stopped;
  run.write_info(info);
  EXPECT_FALSE(is_settled(root, plan[0]));
  info.reason = "in other words";
  info.state = run::RunState::diverged;
  run.write_info(info);
  EXPECT_TRUE(is_settled(root, plan[0]));
}

TEST_F(TrainSet, GoesOnWithAShorterRunAndNoOther) {
  auto plan = seeds_of("tiny", tiny_recipe(), 1);
  train_set(root, plan, options);
  const std::uint64_t before = run::RunDirectory::open(root / "tiny-s1").info().step;
  plan[0].recipe.train.epochs += 2;
  EXPECT_FALSE(is_settled(root, plan[0]));
  EXPECT_TRUE(train_set(root, plan, options).complete);
  EXPECT_GT(run::RunDirectory::open(root / "tiny-s1").info().step, before);
  EXPECT_TRUE(is_settled(root, plan[0]));
  plan[0].recipe.train.epochs -= 1;
  EXPECT_THROW(check_set(root, plan), ConfigError);
}

TEST_F(TrainSet, RefusesAFolderOfAnotherRecipe) {
  auto plan = seeds_of("tiny", tiny_recipe(), 1);
  train_set(root, plan, options);
  plan[0].recipe.train.batch = 2;
  EXPECT_THROW(train_set(root, plan, options), ConfigError);
}

TEST_F(TrainSet, LeavesARunThatSomebodyElseIsAt) {
  const auto plan = seeds_of("tiny", tiny_recipe(), 2);
  options.shared = true;
  {
    const auto theirs = Claim::take(root / ".claims" / "tiny-s1");
    ASSERT_TRUE(theirs);
    const RunSet set = train_set(root, plan, options);
    EXPECT_FALSE(set.complete);
    EXPECT_EQ(set.elsewhere, 1U);
    EXPECT_EQ(begun, std::vector<std::string>{"tiny-s2"});
  }
  EXPECT_TRUE(train_set(root, plan, options).complete);
  EXPECT_EQ(begun.size(), 2U);
  EXPECT_TRUE(std::filesystem::is_empty(root / ".claims"));
}

TEST_F(TrainSet, TakesTheOrderThatItIsGiven) {
  const auto plan = seeds_of("tiny", tiny_recipe(), 3);
  options.order = std::vector<std::size_t>{2, 0};
  EXPECT_FALSE(train_set(root, plan, options).complete);
  EXPECT_EQ(begun, (std::vector<std::string>{"tiny-s3", "tiny-s1"}));
}

TEST(ShareOf, DealsTheLongestFirstAndEachRunOnce) {
  const std::vector<double> efforts{1, 5, 2, 5, 3};
  EXPECT_EQ(share_of(efforts, 1, 1), (std::vector<std::size_t>{1, 3, 4, 2, 0}));
  EXPECT_EQ(share_of(efforts, 1, 2), (std::vector<std::size_t>{1, 4, 0}));
  EXPECT_EQ(share_of(efforts, 2, 2), (std::vector<std::size_t>{3, 2}));
  EXPECT_TRUE(share_of(efforts, 7, 7).empty());
}

TEST(EffortOf, CountsWeightsAtEveryPosition) {
  run::Recipe recipe = tiny_recipe();
  const run::ImageFacts facts{.channels = 1, .height = 28, .width = 28, .classes = 0};
  const double one = effort_of(recipe, facts, 100);
  EXPECT_DOUBLE_EQ(effort_of(recipe, facts, 300), 3 * one);
  recipe.generator.width = recipe.discriminator.width = 2;
  EXPECT_GT(effort_of(recipe, facts, 100), 2 * one) << "products grow with the square of the width";
  EXPECT_LT(effort_of(recipe, facts, 100), 4.5 * one);
}

}  // namespace
}  // namespace ganymede::train
