#include "cli/program.hpp"
#include "latent/partition.hpp"
#include "picture/png.hpp"
#include "tensor/npy.hpp"

namespace ganymede::cli {
namespace {

/// A tiny ConvGRU GAN on the built-in symbols.
struct Ink : Cli {
  void SetUp() override {
    write("ink.toml",
          "schema = 1\n"
          "[data]\nsource = \"builtin-ink\"\nbuiltin_count = 120\ncopies = 2\nper_class = 3\n"
          "[latent]\ndim = 6\n"
          "[generator]\nfamily = \"ink\"\ncondition = \"concat\"\nwidth = 8\ncells = 2\nrecurrent_layers = 2\n"
          "[discriminator]\nfamily = \"ink\"\ncondition = \"concat\"\nwidth = 16\n"
          "[train]\nbatch = 32\nepochs = 2\nsample_grid = 78\n");
  }
  std::vector<std::string> train_ink(const std::string& name, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"train", "ink.toml", "--run", name, "--threads", "1"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
};

TEST_F(Ink, TrainsDrawsAndSamplesWithEverySampler) {
  for (const std::string sampler : {"gaussian", "centroid", "rejection", "partition"}) {
    const Result result = run(train_ink(sampler, {"--set", "latent.sampler=" + sampler}));
    ASSERT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(fs::exists(run_path(sampler) / "partition.safetensors"), sampler != "gaussian");
    const picture::Image alphabet = picture::read_png(run_path(sampler) / "samples/epoch-0002.png").image;
    EXPECT_GT(alphabet.width(), 3 * alphabet.height());  // thirteen by three
    ASSERT_EQ(run({"sample", sampler, "--n", "39", "-o", "x.npz"}).code, 0);
    EXPECT_EQ(read_npz(at("x.npz")).at("images").shape(), (Shape{39, 1, 10, 3}));
    ASSERT_EQ(run({"sample", sampler, "--n", "39", "-o", "x.svg"}).code, 0);
    EXPECT_TRUE(holds(read("x.svg"), "<svg"));
  }
  EXPECT_TRUE(holds(read("runs/rejection/events.jsonl"), "draws_per_sample"));
  EXPECT_EQ(run(train("digits", {"--epochs", "1"})).code, 0);
  const Result svg = run({"sample", "digits", "-o", "x.svg"});
  EXPECT_EQ(svg.code, 2);
  EXPECT_TRUE(holds(svg.err, "only symbols of ink"));
}

TEST_F(Ink, TwoRunsOnOnePartitionFileHoldTheSameCentroids) {
  ASSERT_EQ(run({"partition", "create", "shared.safetensors", "--classes", "39", "--dim", "6", "--seed", "5"}).code, 0);
  for (const std::string name : {"a", "b"}) {
    const Result result =
        run(train_ink(name, {"--set", "latent.sampler=partition", "--set", "latent.partition=shared.safetensors",
                             "--seed", name == "a" ? "1" : "2"}));
    ASSERT_EQ(result.code, 0) << result.err;
  }
  const latent::Partition shared = latent::read_partition(at("shared.safetensors"));
  EXPECT_EQ(latent::read_partition(run_path("a") / "partition.safetensors"), shared);
  EXPECT_EQ(latent::read_partition(run_path("b") / "partition.safetensors"), shared);
}

// The run keeps its own copy: the file that it came from may go.
TEST_F(Ink, ResumesWithItsOwnPartition) {
  ASSERT_EQ(run({"partition", "create", "p.safetensors", "--classes", "39", "--dim", "6", "--seed", "9"}).code, 0);
  const std::vector<std::string> set = {"--set", "latent.sampler=rejection", "--set", "latent.partition=p.safetensors"};
  auto longer = set;
  longer.insert(longer.end(), {"--epochs", "3"});
  ASSERT_EQ(run(train_ink("whole", longer)).code, 0);
  ASSERT_EQ(run(train_ink("cut", set)).code, 0);
  fs::remove(at("p.safetensors"));
  const Result resumed = run({"resume", "cut", "--epochs", "3"});
  ASSERT_EQ(resumed.code, 0) << resumed.err;
  expect_equal("cut", "whole");
}

TEST_F(Ink, MistakesAreSaidInOneLine) {
  const auto expect_fault = [&](const std::vector<std::string>& more, const std::string& part) {
    const Result result = run(train_ink("x", more));
    EXPECT_EQ(result.code, 2);
    EXPECT_TRUE(holds(result.err, part));
    EXPECT_FALSE(fs::exists(run_path("x")));
  };
  expect_fault({"--set", "data.source=builtin-digits"}, "symbols of ink");
  expect_fault({"--set", "latent.sampler=cell"}, "latent.sampler");
  expect_fault({"--set", "latent.sampler=partition", "--set", "latent.partition=none.safetensors"}, "none.safetensors");
  ASSERT_EQ(run({"partition", "create", "small.safetensors", "--classes", "3", "--dim", "6"}).code, 0);
  expect_fault({"--set", "latent.sampler=partition", "--set", "latent.partition=small.safetensors"}, "3 classes");
}

// From a model of the 39 built-in classes to three symbols of one's own, one of which it knows.
TEST_F(Ink, BeginsWithTheWeightsOfOtherClassesByTheirNames) {
  std::string symbols;
  for (const char* label : {"heart", "A", "star"}) {
    for (int i = 0; i < 5; ++i) {
      symbols += std::string(symbols.empty() ? "" : ",") + R"({"label": ")" + label + R"(", "strokes": [{"x": [)" +
                 std::to_string(i) + R"(, 10, 4], "y": [0, 5, 9]}]})";
    }
  }
  write("mine.json",
        R"({"schema": "ganymede.ink/1", "classes": ["heart", "A", "star"], "symbols": [)" + symbols + "]}");
  ASSERT_EQ(run(train_ink("first")).code, 0);
  const std::vector<std::string> own = {"--source",       "mine.json", "--set",
                                        "train.batch=15", "--set",     "train.sample_grid=4"};
  const auto mine = [&](const std::string& name, const std::vector<std::string>& more) {
    std::vector<std::string> all = own;
    all.insert(all.end(), more.begin(), more.end());
    return train_ink(name, all);
  };
  const Result refused = run(mine("x", {"--from", "first"}));
  EXPECT_EQ(refused.code, 2);
  EXPECT_TRUE(holds(refused.err, "generator.dense.weight is [160, 9] here and [160, 45] there"));
  EXPECT_TRUE(holds(refused.err, "from_fitting"));
  EXPECT_FALSE(fs::exists(run_path("x")));
  const Result begun = run(mine("second", {"--from", "first", "--fitting", "--epochs", "3"}));
  ASSERT_EQ(begun.code, 0) << begun.err;
  EXPECT_TRUE(holds(begun.err,
                    "class by class: generator.dense, discriminator.dense1, with what was learnt of A; "
                    "new classes: heart, star"));
  EXPECT_TRUE(holds(begun.out, "write second 'A{heart}' -o text.svg")) << begun.out;
  const Result same = run(mine("same", {"--from", "second", "--fitting", "--epochs", "1"}));
  ASSERT_EQ(same.code, 0) << same.err;
  EXPECT_TRUE(holds(same.err, "; all layers taken, classes heart, A, star")) << same.err;
  // Epoch 0 is what it began with: z and A of the other run, A now the second class and there the first.
  const run::Snapshot begin = run::load_snapshot(run::find_snapshot(run_path("second") / "snapshots", 0).path);
  const Tensor now = begin.tensors.at("generator.dense.weight");
  const Tensor then =
      run::load_latest_checkpoint(run_path("first") / "checkpoints").checkpoint.tensors.at("generator.dense.weight");
  const auto here = now.values<float>(), there = then.values<float>();
  for (std::size_t row = 0; row < 160; ++row) {
    for (std::size_t z = 0; z < 6; ++z) EXPECT_EQ(here[9 * row + z], there[45 * row + z]);
    EXPECT_EQ(here[9 * row + 7], there[45 * row + 6]);
  }
  // It goes on bit for bit, without the other run.
  ASSERT_EQ(run(mine("cut", {"--from", "first", "--fitting", "--epochs", "2"})).code, 0);
  fs::rename(run_path("first"), at("moved"));
  const Result resumed = run({"resume", "cut", "--epochs", "3"});
  ASSERT_EQ(resumed.code, 0) << resumed.err;
  expect_equal("cut", "second");
}

}  // namespace
}  // namespace ganymede::cli
