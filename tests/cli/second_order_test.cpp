#include "cli/program.hpp"

// Games with second derivatives, from a recipe to the end of a run.
namespace ganymede::cli {
namespace {

struct SecondOrder : Cli {
  static std::vector<std::string> small(const std::string& recipe, const std::string& name,
                                        const std::vector<std::string>& sets) {
    std::vector<std::string> arguments{"train", recipe, "--run", name, "--threads", "1", "--quiet"};
    std::vector<std::string> all{"train.batch=16", "data.builtin_count=96"};
    if (recipe == "quick") all.insert(all.end(), {"generator.width=2", "discriminator.width=2", "train.sample_grid=4"});
    all.insert(all.end(), sets.begin(), sets.end());
    for (const std::string& set : all) arguments.insert(arguments.end(), {"--set", set});
    return arguments;
  }
  Result train_for(int epochs, const std::string& recipe, const std::string& name,
                   const std::vector<std::string>& sets) const {
    std::vector<std::string> arguments = small(recipe, name, sets);
    arguments.insert(arguments.end(), {"--epochs", std::to_string(epochs)});
    return run(arguments);
  }
};

TEST_F(SecondOrder, RunsThatWerePausedEqualWholeOnesAndWhatTheReferenceSays) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> games{
      {"ring-unrolled", {"game.unroll=3"}},
      {"ring-unrolled", {"game.unroll=3", "game.unroll_rate=1e-3", "game.unroll_batches=fresh"}},
      {"quick", {"game.penalty=r1", "game.penalty_interval=4"}},
      {"quick", {"game.penalty=wgan-gp", "game.loss=wasserstein"}}};
  int number = 0;
  for (const auto& [recipe, sets] : games) {
    const std::string whole = "whole" + std::to_string(number), parts = "parts" + std::to_string(number++);
    SCOPED_TRACE(recipe + " " + sets.front());
    const Result first = train_for(2, recipe, whole, sets);
    ASSERT_EQ(first.code, 0) << first.err;
    ASSERT_EQ(train_for(1, recipe, parts, sets).code, 0);
    ASSERT_EQ(run({"resume", parts, "--epochs", "2", "--threads", "2"}).code, 0);
    expect_equal(parts, whole);
    const Result checked = run({"check", whole, "--threads", "1"});
    EXPECT_EQ(checked.code, 0) << checked.out << checked.err;
  }
}

TEST_F(SecondOrder, EventsHoldThePenaltyOfTheUpdatesThatHadOne) {
  ASSERT_EQ(train_for(1, "quick", "a", {"game.penalty=r1", "game.penalty_interval=4"}).code, 0);
  int with = 0, without = 0;
  for (const nlohmann::json& event : run::read_events(run_path("a") / "events.jsonl")) {
    if (event.at("event") == "epoch") {
      EXPECT_GT(event.at("penalty"), 0);
    }
    if (event.at("event") == "step") ++(event.contains("penalty") ? with : without);
  }
  EXPECT_EQ(with, 2) << "of updates 0 to 5";
  EXPECT_EQ(without, 4);
  EXPECT_EQ(run({"report", "a"}).code, 0);
}

TEST_F(SecondOrder, WhatTheyCannotTakeIsRefusedByName) {
  const auto refusal = [&](const std::vector<std::string>& sets, const std::string& recipe = "quick") {
    const Result result = train_for(1, recipe, "refused", sets);
    EXPECT_EQ(result.code, 2) << result.out;
    EXPECT_FALSE(fs::exists(run_path("refused")));
    return result.err;
  };
  EXPECT_TRUE(holds(refusal({"game.penalty=r1", "discriminator.norm=batch"}),
                    "game.penalty = \"r1\": layer 'norm1' of the discriminator (batch_norm)"));
  EXPECT_TRUE(holds(refusal({"game.unroll=2", "discriminator.norm=batch"}), "game.unroll = 2: layer 'norm1'"));
  EXPECT_TRUE(holds(refusal({"game.unroll=2", "game.penalty=r1"}), "game.unroll = 2 goes through no penalty"));
  EXPECT_TRUE(holds(refusal({"game.unroll=2", "discriminator.optimizer.clip_norm=1"}),
                    "game.unroll = 2 goes through no clipped gradients"));
  EXPECT_TRUE(holds(refusal({"game.unroll=2", "game.update=alternating"}), "game.unroll = 2"));
  EXPECT_TRUE(holds(refusal({"game.penalty_weight=2"}), "game.penalty_weight = 2 needs game.penalty"));
  EXPECT_TRUE(holds(refusal({"game.unroll_rate=0.1"}), "game.unroll_rate = 0.1 needs game.unroll"));
}

}  // namespace
}  // namespace ganymede::cli
