#include <chrono>

#include "cli/program.hpp"
#include "picture/png.hpp"
#include "tensor/npy.hpp"

namespace ganymede::cli {
namespace {

struct Points : Cli {
  static std::vector<std::string> train_points(const std::string& recipe, const std::string& name,
                                               const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{
        "train", recipe,          "--run", name, "--threads", "1", "--quiet", "--set", "data.builtin_count=512",
        "--set", "train.batch=64"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
};

TEST_F(Points, EveryRecipeOfThemTrainsAndIsDrawn) {
  for (const std::string recipe : {"ring", "ring-unrolled", "grid", "normal-1d"}) {
    const Result trained = run(train_points(recipe, recipe, {"--epochs", "1"}));
    ASSERT_EQ(trained.code, 0) << trained.err;
    EXPECT_EQ(state(recipe), "finished");
    const Result sampled = run({"sample", recipe, "-o", "x.png"});
    ASSERT_EQ(sampled.code, 0) << sampled.err;
    EXPECT_TRUE(holds(sampled.out, "1,000 samples")) << sampled.out;
    EXPECT_EQ(picture::read_png(at("x.png")).image,
              picture::read_png(run_path(recipe) / "samples" / "latest.png").image);
  }
}

TEST_F(Points, ARunThatWasPausedEqualsTheWholeOneBitForBit) {
  ASSERT_EQ(run(train_points("ring", "whole", {"--epochs", "2"})).code, 0);
  ASSERT_EQ(run(train_points("ring", "parts", {"--epochs", "1"})).code, 0);
  ASSERT_EQ(run({"resume", "parts", "--epochs", "2"}).code, 0);
  expect_equal("parts", "whole");
}

TEST_F(Points, AreFilmedScoredAndWritten) {
  ASSERT_EQ(run(train_points("ring", "a", {"--epochs", "2"})).code, 0);
  EXPECT_EQ(run({"film", "a", "-o", "a.gif", "--n", "50"}).code, 0);
  ASSERT_EQ(run({"sample", "a", "-o", "a.npz", "--n", "7"}).code, 0);
  EXPECT_EQ(read_npz(at("a.npz")).at("points").shape(), (Shape{7, 2}));
  const Result scored = run({"evaluate", "a", "--n", "500", "--json"});
  ASSERT_EQ(scored.code, 0) << scored.err;
  EXPECT_TRUE(holds(scored.out, "mixture_modes500_ring_v1"));
  EXPECT_TRUE(holds(scored.out, "density_js500_ring_v1"));
  const Result report = run({"report", "a"});
  EXPECT_EQ(report.code, 0) << report.err;
}

TEST_F(Points, TellTheirModesWhileTheyTrain) {
  const Result trained = run({"train", "ring", "--run", "a", "--threads", "1", "--epochs", "2", "--set",
                              "data.builtin_count=512", "--set", "train.batch=64"});
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_TRUE(holds(trained.err, " of 8 modes, ")) << trained.err;
  EXPECT_TRUE(holds(read_file(run_path("a") / "events.jsonl"), "\"event\": \"mixture\""));
  const Result refused = run({"train", "quick", "--set", "evaluate.mixture_count=200", "--dry-run"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_TRUE(holds(refused.err, "evaluate.mixture_count")) << refused.err;
}

TEST_F(Points, AreDrawnWithTheManifoldAndWhereDPushes) {
  ASSERT_EQ(run(train_points("grid", "a", {"--epochs", "2"})).code, 0);
  const Result drawn = run({"sample", "a", "-o", "lines.png", "--manifold", "--arrows", "grid"});
  ASSERT_EQ(drawn.code, 0) << drawn.err;
  EXPECT_NE(picture::read_png(at("lines.png")).image, picture::read_png(run_path("a") / "samples/latest.png").image);
  EXPECT_EQ(run({"film", "a", "-o", "a.gif", "--manifold", "--arrows", "samples"}).code, 0);
  ASSERT_EQ(run({"report", "a", "--manifold"}).code, 0);
  EXPECT_TRUE(holds(read_file(run_path("a") / "report.html"), "samples/points.png"));
  namespace fs = std::filesystem;
  const fs::path samples = run_path("a") / "samples";
  fs::last_write_time(samples / "points.png", fs::last_write_time(samples / "epoch-0002.png") - std::chrono::hours(1));
  ASSERT_EQ(run({"report", "a"}).code, 0);
  EXPECT_FALSE(holds(read_file(run_path("a") / "report.html"), "samples/points.png")) << "of an older epoch";
  // What cannot show it says so.
  EXPECT_EQ(run({"sample", "a", "-o", "a.npz", "--manifold"}).code, 2);
  ASSERT_EQ(run(train_points("ring", "b", {"--epochs", "1"})).code, 0);
  const Result deep = run({"sample", "b", "-o", "b.png", "--manifold"});
  EXPECT_EQ(deep.code, 2);
  EXPECT_TRUE(holds(deep.err, "one or two dimensions, found 256")) << deep.err;
  EXPECT_FALSE(std::filesystem::exists(at("b.png")));
}

TEST_F(Points, AreExaminedByTheDoctor) {
  ASSERT_EQ(run(train_points("ring", "ill", {"--epochs", "50", "--set", "data.builtin_count=10240"})).code, 0);
  const Result found = run({"doctor", "ill"});
  ASSERT_EQ(found.code, 0) << found.err;
  EXPECT_TRUE(holds(found.out, "collapse: G makes too few kinds of samples")) << found.out;
  EXPECT_TRUE(holds(found.out, "game.unroll")) << found.out;
  EXPECT_TRUE(holds(found.out, "newest of 50 check-ups, epoch 50")) << found.out;
  const Result json = run({"doctor", "ill", "--json"});
  EXPECT_EQ(json.json().at("warnings")[0].at("event"), "warning");
  EXPECT_EQ(json.json().at("checkup").at("groups_of"), 8);
  EXPECT_TRUE(holds(run({"runs"}).out, "collapse"));
  ASSERT_EQ(run({"report", "ill"}).code, 0);
  EXPECT_TRUE(holds(read_file(run_path("ill") / "report.html"), "What the doctor found"));
  EXPECT_EQ(run({"doctor", "nobody"}).code, 2);
}

TEST_F(Points, ComeFromAFileOfTheUsers) {
  write("mine.csv", "x,y\n0,100\n1,101\n2,99\n3,100\n");
  ASSERT_EQ(
      run({"train", "ring", "--source", "mine.csv", "--run", "b", "--quiet", "--epochs", "1", "--set", "train.batch=4"})
          .code,
      0);
  const Result shown = run({"data", "show", "mine.csv", "-o", "mine.png"});
  EXPECT_EQ(shown.code, 0);
  EXPECT_TRUE(holds(shown.out, "2 coordinates")) << shown.out;
}

TEST_F(Points, WhatIsOfPicturesSaysSo) {
  ASSERT_EQ(run(train_points("ring", "a", {"--epochs", "1"})).code, 0);
  const auto refused = [&](const std::vector<std::string>& arguments, const std::string& why) {
    const Result result = run(arguments);
    EXPECT_EQ(result.code, 2) << arguments.front() << ": " << result.out;
    EXPECT_TRUE(holds(result.err, why)) << result.err;
  };
  refused({"export", "a", "--html", "a.html"}, "points");
  refused({"evaluate", "a", "--measures", "weak"}, "not for points");
  refused({"sample", "a", "-o", "a.png", "--grid", "3"}, "points are drawn in one plot");
  refused({"map", "a"}, "class");
  refused({"describe", "quick", "--source", "ring"}, "the data are points");
  refused(train_points("ring", "b", {"--epochs", "1", "--set", "evaluate.every=1"}), "points");
}

}  // namespace
}  // namespace ganymede::cli
