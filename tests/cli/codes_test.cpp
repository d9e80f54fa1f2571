#include <array>
#include <cmath>

#include "cli/program.hpp"
#include "picture/png.hpp"
#include "tensor/npy.hpp"

namespace ganymede::cli {
namespace {

// InfoGAN's codes, as a user meets them.
struct Coded : Cli {
  Coded() {
    write("codes.toml",
          "schema = 1\n"
          "[data]\nsource = \"ring\"\nmodes = 4\nradius = 2\ndeviation = 0.1\nbuiltin_count = 5120\n"
          "[latent]\ndim = 8\ncodes = \"4,uniform\"\n"
          "[generator]\nfamily = \"mlp\"\nwidths = [64, 64]\nnorm = \"none\"\n"
          "[generator.optimizer]\nlearning_rate = 1e-3\nbeta1 = 0.5\n"
          "[discriminator]\nfamily = \"mlp\"\nwidths = [64, 64]\n"
          "[discriminator.optimizer]\nlearning_rate = 1e-3\nbeta1 = 0.5\n"
          "[train]\nbatch = 128\nepochs = 2\n");
  }
  Result train_codes(const std::string& name, const std::vector<std::string>& more = {},
                     const std::string& threads = "1") const {
    std::vector<std::string> arguments{"train", "codes.toml", "--run", name, "--threads", threads, "--quiet"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
  void refused(const std::vector<std::string>& arguments, const std::string& why) const {
    const Result result = run(arguments);
    EXPECT_EQ(result.code, 2) << arguments.front() << ": " << result.out << result.err;
    EXPECT_TRUE(holds(result.err, why));
  }
};

// Of the four clumps each has a value of the code: their mutual information, by the nearest clump, is log 4.
TEST_F(Coded, TellWhichClumpAPointIsOf) {
  ASSERT_EQ(train_codes("a", {"--epochs", "30"}).code, 0);
  const Result swept = run({"sample", "a", "--sweep", "1", "--n", "300", "-o", "s.npz", "--json"});
  ASSERT_EQ(swept.code, 0) << swept.err;
  EXPECT_EQ(swept.json().at("values"), nlohmann::json({"0", "1", "2", "3"}));
  const auto drawn = read_npz(at("s.npz"));
  const auto points = drawn.at("points").values<float>(), z = drawn.at("z").values<float>();
  std::array<std::array<double, 4>, 4> joint{};
  for (std::size_t i = 0; i < 1200; ++i) {
    const double angle = std::atan2(points[2 * i + 1], points[2 * i]) / (2 * M_PI);
    const auto clump = static_cast<std::size_t>(std::lround(4 * (angle + 1))) % 4;
    const auto code = static_cast<std::size_t>(std::max_element(&z[8 * i + 3], &z[8 * i + 7]) - &z[8 * i + 3]);
    EXPECT_EQ(code, i % 4) << "columns are values";
    joint[code][clump] += 1 / 1200.0;
  }
  double information = 0;
  for (std::size_t c = 0; c < 4; ++c) {
    for (std::size_t k = 0; k < 4; ++k) {
      double share = 0;
      for (std::size_t other = 0; other < 4; ++other) share += joint[other][k];
      if (joint[c][k] > 0) information += joint[c][k] * std::log(joint[c][k] / (0.25 * share));
    }
  }
  EXPECT_GT(information, 0.85 * std::log(4));
  EXPECT_TRUE(holds(read("runs/a/events.jsonl"), "\"information\": "));
}

TEST_F(Coded, ARunThatWasPausedEqualsTheWholeOneBitForBit) {
  ASSERT_EQ(train_codes("whole").code, 0);
  ASSERT_EQ(train_codes("parts", {"--epochs", "1"}).code, 0);
  ASSERT_EQ(run({"resume", "parts", "--epochs", "2"}).code, 0);
  expect_equal("parts", "whole");
  ASSERT_EQ(train_codes("threads", {}, "2").code, 0);
  expect_equal("threads", "whole");
}

TEST_F(Coded, AreSweptDrawnCheckedAndScored) {
  ASSERT_EQ(train_codes("a").code, 0);
  ASSERT_EQ(run({"sample", "a", "--sweep", "2", "--n", "50", "-o", "two.png"}).code, 0);
  EXPECT_GT(picture::read_png(at("two.png")).image.width(), 100);
  EXPECT_EQ(run({"sample", "a", "-o", "a.png"}).code, 0);
  EXPECT_EQ(run({"film", "a", "-o", "a.gif", "--n", "20"}).code, 0);
  EXPECT_EQ(run({"interpolate", "a", "--from", "1", "--to", "2", "-o", "walk.png"}).code, 0);
  EXPECT_EQ(run({"evaluate", "a", "--n", "200"}).code, 0);
  const Result checked = run({"check", "a", "--steps", "2"});
  EXPECT_EQ(checked.code, 0) << checked.out << checked.err;
  // Of pictures a table with the values above it.
  ASSERT_EQ(run(train("p", {"--set", "latent.dim=6", "--set", "latent.codes=3,uniform"})).code, 0);
  ASSERT_EQ(run({"sample", "p", "--sweep", "1", "--n", "2", "-o", "p.png"}).code, 0);
  const auto table = picture::read_png(at("p.png")).image;
  EXPECT_GT(table.width(), table.height());
  EXPECT_EQ(run({"export", "p", "--html", "p.html"}).code, 0);
}

TEST_F(Coded, AreSweptInTheReport) {
  ASSERT_EQ(train_codes("a", {"--epochs", "1"}).code, 0);
  ASSERT_EQ(run({"report", "a"}).code, 0);
  EXPECT_TRUE(holds(read("runs/a/report.html"), "samples/sweep-2.png"));
  ASSERT_EQ(run({"sample", "a", "--sweep", "2", "-o", "two.png"}).code, 0);
  EXPECT_EQ(picture::read_png(at("runs/a/samples/sweep-2.png")).image, picture::read_png(at("two.png")).image);
  // A report is made whatever the weights are.
  for (const char* folder : {"runs/a/checkpoints", "runs/a/snapshots"}) fs::remove_all(at(folder));
  const Result bare = run({"report", "a"});
  EXPECT_EQ(bare.code, 0) << bare.err;
  EXPECT_TRUE(holds(bare.err, "no sweep of the codes is drawn"));
}

TEST_F(Coded, WhatCannotTakeThemSaysSo) {
  const auto dry = [&](const std::vector<std::string>& sets, const std::string& why) {
    std::vector<std::string> arguments{"train", "codes.toml", "--dry-run"};
    for (const std::string& set : sets) arguments.insert(arguments.end(), {"--set", set});
    refused(arguments, why);
  };
  dry({"latent.codes=4,unifrom"}, "as in 10,uniform,uniform");
  dry({"latent.dim=4"}, "latent.dim must be as many or more");
  dry({"game.unroll=2"}, "needs game.unroll = 0");
  dry({"game.pack=2", "data.last_batch=drop"}, "needs game.pack = 1");
  dry({"evaluate.map_every=1"}, "needs evaluate.map_every = 0");
  dry({"latent.codes=none", "game.info_weight=2"}, "game.info_weight = 2 needs latent.codes other than");
  refused({"train", "ink-quick", "--dry-run", "--set", "latent.codes=4"}, "latent.codes");
  ASSERT_EQ(train_codes("a", {"--epochs", "1"}).code, 0);
  refused({"sample", "a", "--sweep", "3", "-o", "x.png"}, "the codes 1 to 2");
  refused({"sample", "a", "-o", "x.png", "--manifold"}, "without codes");
  ASSERT_EQ(run(train("b", {"--epochs", "1", "--quiet"})).code, 0);
  refused({"sample", "b", "--sweep", "1", "-o", "x.png"}, "this generator has none");
  EXPECT_FALSE(fs::exists(at("x.png")));
}

}  // namespace
}  // namespace ganymede::cli
