#include <numeric>

#include "cli/program.hpp"
#include "evaluate/tiny.hpp"
#include "tensor/npy.hpp"

namespace ganymede::cli {
namespace {

/// What a command needs is checked before its work: no classifier is fitted, no file written, no run begun.
struct EarlyCheck : Cli {
  EarlyCheck() { evaluate::testing::write_bars(at("bars")); }

  Result train_bars(const std::string& name, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments =
        train(name, {"--quiet", "--epochs", "1", "--set", "data.source=./bars", "--set", "latent.dim=2"});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
  /// The command is refused with these words, and nothing was fitted.
  void expect_refused(const std::vector<std::string>& arguments, const std::string& part) const {
    const Result result = run(arguments);
    EXPECT_EQ(result.code, 2) << arguments[0] << ": " << result.err;
    EXPECT_TRUE(holds(result.err, part)) << arguments[0];
    EXPECT_FALSE(holds(result.err, "is fitted")) << arguments[0];
    EXPECT_FALSE(fs::exists(at(".cache"))) << arguments[0];
  }
  /// Pictures [n, side, side] of two classes in an NPZ file.
  void write_squares(const std::string& file, std::int64_t n, std::int64_t side) const {
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(n * side * side)), labels;
    std::iota(pixels.begin(), pixels.end(), std::uint8_t{0});
    for (std::int64_t i = 0; i < n; ++i) labels.push_back(static_cast<std::uint8_t>(i % 2));
    write_npz(at(file), {{"images", Tensor::of<std::uint8_t>({n, side, side}, pixels)},
                         {"labels", Tensor::of<std::uint8_t>({n}, labels)}});
  }
};

TEST_F(EarlyCheck, OfMapComesBeforeTheFit) {
  ASSERT_EQ(train_bars("a").code, 0);
  ASSERT_EQ(train_bars("wide", {"--set", "latent.dim=64"}).code, 0);
  expect_refused({"map", "wide"}, "wanted a latent space of 2, 3 or 4 dimensions, found 64");
  expect_refused({"map", "a", "--film", "nowhere/x.gif"}, "nowhere/x.gif");
  expect_refused({"map", "a", "--film", "x.avi"}, ".gif");
  expect_refused({"map", "a", "--class", "1"}, "class");
  EXPECT_TRUE(fs::is_empty(run_path("a") / "maps"));
}

TEST_F(EarlyCheck, OfInterpolateComesBeforeTheFit) {
  ASSERT_EQ(train_bars("a").code, 0);
  const auto walk = [](const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"interpolate", "a", "--from", "1", "--to", "2"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  };
  expect_refused(walk({"-o", "nowhere/x.png"}), "nowhere/x.png");
  expect_refused(walk({"-o", "nowhere/x.gif"}), "nowhere/x.gif");
  expect_refused(walk({"-o", "x.png", "--map", "nowhere/y.png"}), "nowhere/y.png");
  EXPECT_FALSE(fs::exists(at("x.png")));
  for (const auto& entry : fs::directory_iterator(folder())) EXPECT_FALSE(holds(entry.path().string(), ".partial"));
}

TEST_F(EarlyCheck, OfEvaluateComesBeforeTheFitAndBeforeTheFirstOfTheRuns) {
  ASSERT_EQ(train_bars("a").code, 0);
  ASSERT_EQ(train_bars("b").code, 0);
  ASSERT_EQ(run({"resume", "b", "--epochs", "2", "--quiet"}).code, 0);
  write_squares("squares.npz", 200, 12);
  expect_refused({"evaluate", "a", "--features", "squares.npz"},
                 "--features squares.npz: its classifier takes samples");
  expect_refused({"evaluate", "a", "--measures", "frechet,strong"}, "nk_strong_v1: wants 60000 samples");
  expect_refused({"evaluate", "b", "a", "--epoch", "2"}, "epoch");
  expect_refused({"evaluate", "--real", "squares.npz", "--fake", "squares.npz", "--features", "bars"},
                 "wanted pictures of 8 x 8");
  EXPECT_TRUE(fs::is_empty(run_path("b") / "measures"));
  fs::remove_all(run_path("a") / "measures");
  write("runs/a/measures", "in the way");
  expect_refused({"evaluate", "b", "a", "--measures", "frechet", "--n", "100"}, "measures");
  EXPECT_TRUE(fs::is_empty(run_path("b") / "measures"));
}

// The data are others by now: pictures of 12 x 12, where the run learned from 8 x 8.
TEST_F(EarlyCheck, DataOfAnotherShapeAreNamedBeforeTheFit) {
  write_squares("set.npz", 200, 8);
  ASSERT_EQ(train_bars("a", {"--set", "data.source=set.npz"}).code, 0);
  write_squares("set.npz", 200, 12);
  const std::string part = "holds samples [1, 12, 12], the run's generator draws [1, 8, 8]";
  expect_refused({"map", "a"}, part);
  expect_refused({"interpolate", "a", "--from", "1", "--to", "2", "-o", "x.png", "--map", "y.png"}, part);
  expect_refused({"interpolate", "a", "--from", "1", "--to", "2", "-o", "x.png", "--classify"}, part);
  const Result strip = run({"interpolate", "a", "--from", "1", "--to", "2", "-o", "x.png"});
  EXPECT_EQ(strip.code, 0) << strip.err;  // a walk needs no data
  EXPECT_TRUE(holds(strip.out, "not told: ") && holds(strip.out, part)) << strip.out;
  expect_refused({"evaluate", "a", "--measures", "frechet", "--n", "100"}, part);
}

TEST_F(EarlyCheck, OfTrainComesBeforeTheFitAndLeavesTheNameFree) {
  const auto train_with = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = train("a", {"--set", "data.source=./bars", "--set", "evaluate.map_every=1"});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  };
  expect_refused(train_with({"--set", "latent.dim=3", "--set", "evaluate.map_resolution=500"}),
                 "evaluate.map_resolution = 500: a cube (latent.dim is 3) takes at most 128 points along an axis");
  expect_refused(train_with({"--set", "latent.dim=64"}), "evaluate.map_every = 1 needs a latent space of 2 to 4");
  EXPECT_FALSE(fs::exists(run_path("a")));
}

TEST_F(EarlyCheck, OfDissectComesBeforeAnyPicture) {
  ASSERT_EQ(train_bars("a").code, 0);
  expect_refused({"dissect", "a", "--ablate", "act2:channel=99"}, "act2");
  expect_refused({"dissect", "a", "--layer", "act7"}, "act7");
  EXPECT_FALSE(fs::exists(run_path("a") / "dissection"));
}

TEST_F(EarlyCheck, OfReportAndCompareComesBeforeAnyWord) {
  ASSERT_EQ(train_bars("a").code, 0);
  expect_refused({"report", "a", "-o", "nowhere/x.html"}, "nowhere/x.html");
  expect_refused({"film", "a", "-o", "nowhere/x.gif"}, "nowhere/x.gif");
  ASSERT_EQ(train_bars("b", {"--set", "train.batch=16"}).code, 0);
  ASSERT_EQ(train_bars("c", {"--set", "train.batch=64"}).code, 0);
  ASSERT_EQ(run({"evaluate", "a", "b", "--measures", "discriminator", "--n", "100", "--quiet"}).code, 0);
  const Result compared = run({"compare", "a", "b", "c"});  // c has no scores
  EXPECT_EQ(compared.code, 2);
  EXPECT_EQ(compared.out, "");
}

TEST_F(EarlyCheck, AStudyThatCannotBeMeasuredBeginsNoRun) {
  write_squares("few.npz", 90, 8);
  expect_refused({"study", "dcgan", "--quick", "--epochs", "1", "--seeds", "1", "--source", "few.npz"}, "100");
  write_squares("odd.npz", 200, 9);
  expect_refused({"study", "dcgan", "--quick", "--epochs", "1", "--seeds", "1", "--source", "odd.npz"}, "9 x 9");
  EXPECT_FALSE(fs::exists(at("studies")));
}

}  // namespace
}  // namespace ganymede::cli
