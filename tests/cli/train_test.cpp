#include <algorithm>
#include <cmath>
#include <set>

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
  const Result du = run({"runs", "du"});
  const nlohmann::json use = run({"runs", "du", "--json"}).json().at("runs")[0];
  std::int64_t snapshots = 0;
  for (const auto& entry : fs::directory_iterator(run_path("a") / "snapshots"))
    snapshots += static_cast<std::int64_t>(entry.file_size());
  EXPECT_EQ(use.at("snapshots"), snapshots);
  const double share = static_cast<double>(snapshots) / use.at("total").get<double>();
  EXPECT_DOUBLE_EQ(use.at("snapshots_share").get<double>(), share);
  EXPECT_TRUE(holds(du.out, "(" + std::to_string(std::lround(100 * share)) + " %)"));
  EXPECT_TRUE(holds(du.out, "snapshot.every"));
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

/// What two steps of a game leave behind.
struct Played {
  run::Checkpoint checkpoint;
  bool has(const std::string& part) const {
    return std::ranges::any_of(checkpoint.tensors,
                               [&](const auto& entry) { return entry.first.find(part) != std::string::npos; });
  }
  float largest(const std::string& prefix) const {
    float most = 0;
    for (const auto& [name, tensor] : checkpoint.tensors) {
      if (name.starts_with(prefix) && name.ends_with(".weight"))
        for (const float value : tensor.values<float>()) most = std::max(most, std::abs(value));
    }
    return most;
  }
};

TEST_F(Train, BeginsWithTheWeightsOfAnotherRunByItsName) {
  ASSERT_EQ(run(train("first", {"--epochs", "1"})).code, 0);
  const Result second = run(train("second", {"--epochs", "1", "--set", "train.from=first"}));
  ASSERT_EQ(second.code, 0) << second.err;
  EXPECT_TRUE(holds(second.err, "weights from")) << second.err;
  const NamedTensors begun = run::load_snapshot(run::find_snapshot(run_path("second") / "snapshots", 0).path).tensors;
  const NamedTensors wanted = run::load_snapshot(run::latest_snapshot(run_path("first") / "snapshots").path).tensors;
  EXPECT_EQ(bytes_of(begun), bytes_of(wanted));
  const Result other = run(train("other", {"--set", "train.from=first", "--set", "latent.dim=4"}));
  EXPECT_EQ(other.code, 2);
  EXPECT_TRUE(holds(other.err, "generator.dense.weight")) << other.err;
  EXPECT_FALSE(fs::exists(run_path("other"))) << "nothing is left behind";
  const Result resumed = run({"resume", "second", "--set", "train.from=other", "--accept-changes"});
  EXPECT_EQ(resumed.code, 2);
  EXPECT_TRUE(holds(resumed.err, "has begun")) << resumed.err;
  EXPECT_EQ(run({"resume", "second", "--epochs", "2"}).code, 0) << "and the run is what it was";
  const Result nobody = run(train("nobodys", {"--set", "train.from=frist"}));
  EXPECT_EQ(nobody.code, 2);
  EXPECT_TRUE(holds(nobody.err, "first")) << nobody.err;
}

// A key that trained nothing differently would leave the default's weights; and each game shows what it is by a number
// or a tensor of its own.
TEST_F(Train, EveryKindOfGameTrainsInItsOwnWay) {
  struct Game {
    std::vector<std::string> sets;
    std::function<bool(const Played&)> shows;
  };
  const std::vector<Game> games = {
      {{}, [](const Played& p) { return p.checkpoint.images == 2 * 32 && !p.has("ema."); }},
      {{"game.update=alternating", "game.d_steps=2"},
       [](const Played& p) { return p.checkpoint.images == 4 * 32 && p.checkpoint.ticks == 6; }},
      {{"game.update=converge", "game.converge_max_steps=3"},
       [](const Played& p) { return p.checkpoint.ticks == p.checkpoint.images / 32 + 2; }},
      {{"game.loss=wasserstein", "game.weight_clip=0.005", "generator.optimizer.kind=rmsprop"},
       [](const Played& p) { return p.largest("discriminator.") <= 0.005F && p.largest("generator.") > 0.005F; }},
      {{"game.ema_decay=0.9", "game.label_smoothing=0.1"},
       [](const Played& p) { return p.has("ema.generator.") && !p.has("ema.discriminator."); }},
      {{"generator.condition=embedding", "discriminator.condition=embedding"},
       [](const Played& p) { return p.has("generator.embedding") || p.has("generator.embed"); }},
      {{"generator.condition=concat", "discriminator.auxiliary=true"},
       [](const Played& p) { return p.checkpoint.discriminator.outputs.size() == 2; }},
      {{"discriminator.norm=spectral"}, [](const Played& p) { return p.has("discriminator.conv1.weight_u"); }},
      {{"generator.condition=embedding", "discriminator.condition=projection"},
       [](const Played& p) { return p.has("discriminator.dense.class_weight"); }},
      {{"discriminator.minibatch_std=true"},
       [](const Played& p) { return p.has("discriminator.minibatch_std.running_mean"); }},
      {{"game.pack=2", "data.last_batch=drop"},
       [](const Played& p) {
         return p.checkpoint.tensors.at("discriminator.conv1.weight").shape()[1] == 2 && p.checkpoint.images == 2 * 32;
       }},
      {{"game.augment=translation,cutout,brightness"},
       [](const Played& p) { return p.checkpoint.recipe.game.augment == "translation,cutout,brightness"; }},
      {{"data.flip=true"}, [](const Played& p) { return p.checkpoint.recipe.data.flip; }},
      {{"generator.optimizer.schedule=steps", "generator.optimizer.schedule_updates=1"},
       [](const Played& p) { return p.checkpoint.recipe.generator.optimizer.schedule == play::Schedule::steps; }},
      {{"latent.prior=uniform", "generator.activation=prelu", "generator.norm=layer"},
       [](const Played& p) { return !p.has("generator.norm0.running_mean"); }}};
  std::set<std::string> ends;
  for (std::size_t i = 0; i < games.size(); ++i) {
    SCOPED_TRACE(i);
    const std::string name = "game" + std::to_string(i);
    std::vector<std::string> sets{"--steps", "2", "--quiet"};
    for (const std::string& set : games[i].sets) sets.insert(sets.end(), {"--set", set});
    const Result result = run(train(name, sets));
    ASSERT_EQ(result.code, 0) << result.err;
    const Played played{run::load_latest_checkpoint(run_path(name) / "checkpoints").checkpoint};
    EXPECT_EQ(played.checkpoint.step, 2U);
    EXPECT_TRUE(games[i].shows(played));
    EXPECT_TRUE(ends.insert(bytes_of(played.checkpoint.tensors)).second) << "ends with the weights of another game";
  }
}

}  // namespace
}  // namespace ganymede::cli
