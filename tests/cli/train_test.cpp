#include "cli/program.hpp"

namespace ganymede::cli {
namespace {

using Train = Cli;

TEST_F(Train, WritesARunAndNamesThePicturesAndTheNextCommands) {
  const Result result = run(train("a"));
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_TRUE(holds(result.out, "finished"));
  EXPECT_TRUE(holds(result.out, "runs/a/samples/latest.png"));
  for (const char* next : {"sample a", "film a", "resume a"}) EXPECT_TRUE(holds(result.out, next));
  EXPECT_TRUE(holds(result.err, "disk"));
  for (const char* file :
       {"recipe.toml", "run.json", "run.lock", "events.jsonl", "losses.png", "samples/epoch-0000.png",
        "samples/epoch-0002.png", "samples/grid-0002.png", "checkpoints/step-0000000014.safetensors",
        "snapshots/epoch-00001.safetensors", "snapshots/epoch-00002.safetensors"}) {
    EXPECT_TRUE(fs::exists(run_path("a") / file)) << file;
  }
  EXPECT_EQ(state("a"), "finished");
}

TEST_F(Train, JsonAloneStandsOnStdout) {
  const auto json = run(train("a", {"--json"})).json();
  EXPECT_EQ(json.at("schema"), "ganymede.train/1");
  EXPECT_EQ(json.at("state"), "finished");
  EXPECT_EQ(json.at("step"), 14);
  EXPECT_EQ(json.at("images"), 400);
  EXPECT_GT(json.at("images_per_second").get<double>(), 0);
}

TEST_F(Train, QuietSaysNothing) {
  const Result result = run(train("a", {"--quiet"}));
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(result.out + result.err, "");
}

TEST_F(Train, DryRunPrintsARecipeThatTrainsTheSame) {
  const Result dry =
      run({"train", "tiny.toml", "--dry-run", "--seed", "5", "--set", "game.loss=hinge", "--steps", "3"});
  EXPECT_EQ(dry.code, 0) << dry.err;
  EXPECT_FALSE(fs::exists(at("runs")));
  EXPECT_TRUE(holds(dry.out, "loss = \"hinge\""));
  write("resolved.toml", dry.out);
  EXPECT_EQ(run({"train", "resolved.toml", "--dry-run"}).out, dry.out);
  const auto json = run({"train", "resolved.toml", "--dry-run", "--json"}).json();
  EXPECT_EQ(json.at("options").at("train.seed"), 5);
  EXPECT_EQ(json.at("options").at("train.steps"), 3);
  EXPECT_EQ(json.at("options").at("train.epochs"), 0);
}

TEST_F(Train, TheSameSeedGivesTheSameRunWhateverTheThreads) {
  ASSERT_EQ(run(train("a")).code, 0);
  ASSERT_EQ(run({"train", "tiny.toml", "--run", "b", "--threads", "3"}).code, 0);
  expect_equal("b", "a");
  ASSERT_EQ(run(train("c", {"--seed", "2"})).code, 0);
  EXPECT_NE(results("c").at("checkpoint"), results("a").at("checkpoint"));
}

TEST_F(Train, NamesCountUpAndATakenNameIsRefused) {
  ASSERT_EQ(run({"train", "tiny.toml", "--steps", "1"}).code, 0);
  ASSERT_EQ(run({"train", "tiny.toml", "--steps", "1"}).code, 0);
  EXPECT_TRUE(fs::exists(run_path("tiny-001")));
  EXPECT_TRUE(fs::exists(run_path("tiny-002")));
  const Result taken = run(train("tiny-001"));
  EXPECT_EQ(taken.code, 2);
  EXPECT_TRUE(holds(taken.err, "tiny-001"));
}

TEST_F(Train, RunsAreListedMeasuredAndRemoved) {
  ASSERT_EQ(run(train("a")).code, 0);
  ASSERT_EQ(run(train("b", {"--steps", "1"})).code, 0);
  const Result list = run({"runs"});
  EXPECT_TRUE(holds(list.out, "finished"));
  const auto json = run({"runs", "list", "--json"}).json();
  EXPECT_EQ(json.at("schema"), "ganymede.runs/1");
  ASSERT_EQ(json.at("runs").size(), 2U);
  EXPECT_EQ(json.at("runs")[0].at("name"), "a");
  EXPECT_GT(run({"runs", "du", "--json"}).json().at("runs")[0].at("checkpoints").get<int>(), 1000);
  EXPECT_EQ(run({"runs", "rm", "a", "c"}).code, 2);
  EXPECT_TRUE(fs::exists(run_path("a")));  // nothing is removed when one name is wrong
  EXPECT_EQ(run({"runs", "rm", "a"}).code, 0);
  EXPECT_FALSE(fs::exists(run_path("a")));
  EXPECT_TRUE(fs::exists(run_path("b")));
}

TEST_F(Train, RunsFolderIsTakenFromOptionThenEnvironment) {
  EXPECT_EQ(run(train("a", {"--steps", "1", "--runs", "here"})).code, 0);
  EXPECT_TRUE(fs::exists(at("here/a")));
  EXPECT_EQ(run(train("b", {"--steps", "1"}), [] { setenv("GANYMEDE_RUNS", "there", 1); }).code, 0);
  EXPECT_TRUE(fs::exists(at("there/b")));
  EXPECT_EQ(run({"resume", "here/a"}).code, 0);
}

TEST_F(Train, EveryKindOfGameRuns) {
  const std::vector<std::vector<std::string>> games = {
      {"game.update=alternating", "game.d_steps=2"},
      {"game.update=converge", "game.converge_max_steps=3"},
      {"game.loss=wasserstein", "game.weight_clip=0.05", "generator.optimizer.kind=rmsprop"},
      {"game.ema_decay=0.9", "game.label_smoothing=0.1"},
      {"generator.condition=embedding", "discriminator.condition=embedding"},
      {"generator.condition=concat", "discriminator.auxiliary=true"},
      {"latent.prior=uniform", "generator.activation=prelu", "generator.norm=layer"}};
  for (std::size_t i = 0; i < games.size(); ++i) {
    std::vector<std::string> sets{"--steps", "2", "--quiet"};
    for (const std::string& set : games[i]) sets.insert(sets.end(), {"--set", set});
    const Result result = run(train("game" + std::to_string(i), sets));
    EXPECT_EQ(result.code, 0) << games[i][0] << ": " << result.err;
  }
}

}  // namespace
}  // namespace ganymede::cli
