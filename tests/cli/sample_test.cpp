#include "cli/gif_frames.hpp"
#include "cli/program.hpp"
#include "engine/executor.hpp"
#include "explore/gallery.hpp"
#include "picture/png.hpp"
#include "tensor/npy.hpp"

namespace ganymede::cli {
namespace {

struct Sample : Cli {
  void SetUp() override {
    const Result result = run(train(
        "a", {"--quiet", "--set", "generator.condition=embedding", "--set", "discriminator.condition=embedding"}));
    ASSERT_EQ(result.code, 0) << result.err;
  }

  NamedTensors sampled(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"sample", "a", "-o", "x.npz"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Result result = run(arguments);
    EXPECT_EQ(result.code, 0) << result.err;
    return read_npz(at("x.npz"));
  }
};

/// Row i of the first axis.
std::vector<float> row(const Tensor& tensor, std::int64_t i) {
  const auto size = static_cast<std::size_t>(tensor.count() / tensor.shape()[0]);
  const auto values = tensor.values<float>().subspan(static_cast<std::size_t>(i) * size, size);
  return {values.begin(), values.end()};
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
  std::ranges::sort(names);
  return names;
}

TEST_F(Sample, AFolderHoldsAPictureASampleInItsOwnSize) {
  const NamedTensors wanted = sampled({"--n", "3", "--seed", "9"});
  ASSERT_EQ(run({"sample", "a", "--n", "3", "--seed", "9", "-o", "out/"}).code, 0);
  const std::vector<std::string> names = names_in(at("out"));
  EXPECT_EQ(names, (std::vector<std::string>{"seed-00000009-class-9.png", "seed-00000010-class-0.png",
                                             "seed-00000011-class-1.png"}));
  for (int i = 0; i < 3; ++i) {
    const picture::Image image = picture::read_png(at("out") / names[static_cast<std::size_t>(i)]).image;
    EXPECT_EQ(image.height(), 28);
    EXPECT_EQ(image.width(), 28);
    const std::vector<float> values = row(wanted.at("images"), i);
    for (std::size_t p = 0; p < values.size(); ++p) ASSERT_EQ(image.pixels()[p], picture::level_of(values[p]));
  }
}

TEST_F(Sample, AFolderIsNewOrEmptyAndWhole) {
  fs::create_directories(at("empty"));
  ASSERT_EQ(run({"sample", "a", "--z", "1,0,0", "--class", "2", "-o", "empty"}).code, 0);
  EXPECT_EQ(names_in(at("empty")), std::vector<std::string>{"z-0001-class-2.png"});
  const Result again = run({"sample", "a", "--n", "2", "-o", "empty/"});
  EXPECT_EQ(again.code, 2);
  EXPECT_TRUE(holds(again.err, "wanted a folder that is new or empty"));
  EXPECT_EQ(names_in(at("empty")).size(), 1U);
  EXPECT_EQ(run({"sample", "a", "--n", "2", "--grid", "2", "-o", "grid/"}).code, 2);
  write("file", "x");
  EXPECT_EQ(run({"sample", "a", "--n", "2", "-o", "file/"}).code, 2);
  EXPECT_EQ(read("file"), "x");
  for (const std::string& name : names_in(folder())) EXPECT_EQ(name.find(".partial"), std::string::npos) << name;
}

TEST_F(Sample, ASampleIsNamedByItsSeed) {
  const NamedTensors many = sampled({"--n", "5", "--seed", "100"});
  EXPECT_EQ(many.at("images").shape(), (Shape{5, 1, 28, 28}));
  for (int i = 0; i < 5; ++i) {
    const NamedTensors one = sampled({"--n", "1", "--seed", std::to_string(100 + i)});
    EXPECT_EQ(row(one.at("images"), 0), row(many.at("images"), i));
    EXPECT_EQ(row(one.at("z"), 0), row(many.at("z"), i));
  }
}

// Whoever draws with the exact plan, a server say, draws what the command draws.
TEST_F(Sample, AreTheBitsOfTheExactPlan) {
  explore::Gallery gallery(engine::cpu_backend(), {.threads = 1});
  const auto opened = gallery.open(run::RunDirectory::open(at("runs/a")));
  std::vector<std::int32_t> classes;
  EXPECT_EQ(opened->generator.draw(7, 20, &classes), sampled({"--n", "20", "--seed", "7"}).at("images"));
  EXPECT_EQ(classes[3], 0);
}

TEST_F(Sample, TruncationDrawsAgainWhatLiesBeyondAndNothingElse) {
  const NamedTensors plain = sampled({"--n", "8"}), truncated = sampled({"--n", "8", "--truncation", "0.6"});
  const auto a = plain.at("z").values<float>(), b = truncated.at("z").values<float>();
  int changed = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_LE(std::abs(b[i]), 0.6F);
    if (std::abs(a[i]) <= 0.6F) {
      EXPECT_EQ(a[i], b[i]);
    } else {
      ++changed;
    }
  }
  EXPECT_GT(changed, 0);
  EXPECT_EQ(row(sampled({"--n", "1", "--seed", "3", "--truncation", "0.6"}).at("images"), 0),
            row(truncated.at("images"), 3));
  for (const std::vector<std::string>& refused :
       {std::vector<std::string>{"sample", "a", "--z", "0,0,0", "--truncation", "1"},
        {"interpolate", "a", "--from", "0,0,0", "--to", "1,1,1", "-o", "w.png", "--truncation", "1"}})
    EXPECT_EQ(run(refused).code, 2);
  ASSERT_EQ(run(train("u", {"--quiet", "--epochs", "1", "--set", "latent.prior=uniform"})).code, 0);
  const Result uniform = run({"sample", "u", "-o", "x.npz", "--truncation", "1"});
  EXPECT_EQ(uniform.code, 2);
  EXPECT_TRUE(holds(uniform.err, "uniform")) << uniform.err;
}

TEST_F(Sample, TheClassDoesNotChangeZ) {
  const NamedTensors free = sampled({"--n", "3"});
  const NamedTensors sevens = sampled({"--n", "3", "--class", "7"});
  EXPECT_EQ(free.at("z"), sevens.at("z"));
  EXPECT_EQ(sevens.at("labels"), Tensor::of<std::int32_t>({3}, std::vector<std::int32_t>(3, 7)));
  const Result wrong = run({"sample", "a", "-o", "x.npz", "--class", "10"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_TRUE(holds(wrong.err, "0 to 9"));
}

TEST_F(Sample, SixteenOfSeedZeroAreThePictureOfTheEpoch) {
  ASSERT_EQ(run({"sample", "a", "-o", "x.png", "--epoch", "1"}).code, 0);
  EXPECT_EQ(picture::read_png(at("x.png")).image, picture::read_png(run_path("a") / "samples/epoch-0001.png").image);
  ASSERT_EQ(run({"sample", "a", "-o", "x.png"}).code, 0);
  EXPECT_EQ(picture::read_png(at("x.png")).image, picture::read_png(run_path("a") / "samples/epoch-0002.png").image);
}

TEST_F(Sample, WeightsOfACheckpointOrEpochCanBeChosen) {
  const auto json = run({"sample", "a", "-o", "x.png", "--checkpoint", "step-0000000007.safetensors", "--json"}).json();
  EXPECT_EQ(json.at("schema"), "ganymede.sample/1");
  EXPECT_EQ(json.at("epoch"), 1);
  const Result wrong = run({"sample", "a", "-o", "x.png", "--epoch", "9"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_EQ(run({"sample", "a", "-o", "x.jpg"}).code, 2);
}

TEST_F(Sample, AFilmHasOneFrameForEachSnapshot) {
  const auto json = run({"film", "a", "-o", "x.gif", "--n", "4", "--json"}).json();
  EXPECT_EQ(json.at("schema"), "ganymede.film/1");
  EXPECT_EQ(json.at("frames"), 3);  // epochs 0, 1, 2
  EXPECT_EQ(gif_frames(read("x.gif")), 3);
  const Result wrong = run({"film", "a", "-o", "x.avi"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_FALSE(fs::exists(at("x.avi")));
}

/// Hundredths of a second that each frame stays: behind the marks of the graphic control extensions.
std::vector<int> delays_of(const std::string& gif) {
  std::vector<int> delays;
  for (std::size_t at = 0; (at = gif.find("\x21\xF9\x04", at)) != std::string::npos; at += 8)
    delays.push_back(static_cast<unsigned char>(gif[at + 4]) + 256 * static_cast<unsigned char>(gif[at + 5]));
  return delays;
}

TEST_F(Sample, AFilmOfFewEpochsHoldsEachForASecond) {
  ASSERT_EQ(run({"film", "a", "-o", "x.gif", "--n", "4", "--quiet"}).code, 0);
  EXPECT_EQ(delays_of(read("x.gif")), (std::vector<int>{100, 100, 200}));
  ASSERT_EQ(run({"film", "a", "-o", "x.gif", "--n", "4", "--quiet", "--fps", "5"}).code, 0);
  EXPECT_EQ(delays_of(read("x.gif")), (std::vector<int>{20, 20, 120}));
}

TEST_F(Sample, FramesASecondHaveOneRuleInEveryFilm) {
  for (const std::vector<std::string>& film : {std::vector<std::string>{"film", "a", "-o", "x.gif"},
                                               {"interpolate", "a", "--from", "1", "--to", "2", "-o", "x.gif"},
                                               {"map", "a", "--film", "x.gif"}}) {
    std::vector<std::string> fast = film;
    fast.insert(fast.end(), {"--fps", "100"});
    const Result result = run(fast);
    EXPECT_EQ(result.code, 2);
    EXPECT_TRUE(holds(result.err, "--fps wants a number from 0.1 to 50, found \"100\""));
  }
  EXPECT_FALSE(fs::exists(at("x.gif")));
}

// Readers of floats would have to guess what is black and what is white.
TEST_F(Sample, AFileNamesItsRange) {
  const NamedTensors file = sampled({});
  EXPECT_EQ(row(file.at("range").reshaped({1, 2}), 0), (std::vector<float>{-1, 1}));
}

}  // namespace
}  // namespace ganymede::cli
