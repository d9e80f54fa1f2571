#include "cli/gif_frames.hpp"
#include "cli/program.hpp"
#include "picture/png.hpp"

namespace ganymede::cli {
namespace {

struct Surfaces : Cli {
  void digits() const {
    const Result trained = run(train("a", {"--quiet", "--set", "train.epochs=4"}));
    ASSERT_EQ(trained.code, 0) << trained.err;
  }
  Result surface(std::vector<std::string> more) const {
    std::vector<std::string> arguments{"surface", "a", "--points", "3", "--batch", "16", "--quiet"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
};

TEST_F(Surfaces, OfEveryKindAreKeptInTheRun) {
  digits();
  const Result random = surface({"--json"});
  ASSERT_EQ(random.code, 0) << random.err;
  const auto json = random.json();
  EXPECT_EQ(json.at("schema"), "ganymede.surface/1");
  EXPECT_EQ(json.at("kind"), "random");
  EXPECT_EQ(json.at("of"), "generator");
  EXPECT_EQ(json.at("epoch"), 4);
  EXPECT_EQ(json.at("batch"), 16);
  EXPECT_EQ(json.at("generator_loss").size(), 3U);
  EXPECT_EQ(json.at("generator_loss").at(1).at(1), json.at("origin").at("generator_loss"));
  for (const char* ending : {"json", "png", "npy"})
    EXPECT_TRUE(fs::exists(run_path("a") / "surfaces" / (std::string("generator-random.") + ending)));
  const std::string before = read("runs/a/surfaces/generator-random.json");
  ASSERT_EQ(surface({"--threads", "2", "-o", "here.png"}).code, 0);
  EXPECT_EQ(read("runs/a/surfaces/generator-random.json"), before) << "the same whatever the threads";
  EXPECT_TRUE(fs::exists(at("here.png")));
  for (const char* option : {"--range", "--seed"}) {
    const Result other = surface({option, "2", "--name", "other", "--json"});
    EXPECT_NE(other.json().at("generator_loss"), json.at("generator_loss")) << option;
  }

  const Result path = surface({"--path", "--of", "discriminator", "--film", "path.gif", "--json"});
  ASSERT_EQ(path.code, 0) << path.err;
  EXPECT_EQ(path.json().at("of"), "discriminator");
  EXPECT_EQ(path.json().at("marks").size(), 5U) << "epochs 0 to 4";
  EXPECT_EQ(path.json().at("explained").size(), 2U);
  EXPECT_EQ(gif_frames(read("path.gif")), 5) << "the point on its way";
  EXPECT_TRUE(fs::exists(run_path("a") / "surfaces/discriminator-path.json"));

  const Result plane = surface({"--plane", "1,2,4", "--json", "--name", "mine"});
  ASSERT_EQ(plane.code, 0) << plane.err;
  EXPECT_EQ(plane.json().at("marks").at(1).at("epoch"), 2);
  EXPECT_EQ(plane.json().at("epoch"), 1) << "the first is the origin";
  EXPECT_TRUE(fs::exists(run_path("a") / "surfaces/mine.png"));

  ASSERT_EQ(surface({"--film", "epochs.gif", "--frames", "3", "--epoch", "3"}).code, 0);
  EXPECT_EQ(gif_frames(read("epochs.gif")), 3);
  EXPECT_TRUE(fs::exists(run_path("a") / "surfaces/generator-random-epoch-3.json"));
  const Result text = run({"surface", "a", "--points", "3", "--batch", "16"});
  EXPECT_TRUE(holds(text.out, "BatchNorm takes the statistics of the batch at each place anew")) << text.out;
}

TEST_F(Surfaces, WhatCannotBeSaysSoAndLeavesNothing) {
  digits();
  const auto refused = [&](const std::vector<std::string>& more, const std::string& why) {
    const Result result = surface(more);
    EXPECT_EQ(result.code, 2) << result.out;
    EXPECT_TRUE(holds(result.err, why)) << result.err;
  };
  refused({"--of", "both"}, "--of wants");
  refused({"--plane", "1,2"}, "--plane: wanted three epochs, as in 2,10,50, found 2");
  refused({"--plane", "1,2,x"}, "--plane wants a whole number");
  refused({"--plane", "1,2,2"}, "lie on a line");
  refused({"--plane", "1,2,99"}, "99");
  refused({"--plane", "1,2,4", "--path"}, "wanted one of both");
  refused({"--plane", "1,2,4", "--epoch", "2"}, "--epoch 2");
  refused({"--plane", "1,2,4", "--film", "x.gif"}, "does not move");
  refused({"--path", "--epoch", "1"}, "wanted three epochs or more that hold weights, found 2");
  refused({"--film", "x.txt"}, "wanted .gif");
  refused({"-o", "x.jpg"}, "wanted .png");
  refused({"--name", "a/b"}, "--name a/b: wanted letters");
  refused({"--range", "0"}, "--range");
  EXPECT_FALSE(fs::exists(run_path("a") / "surfaces"));
  for (const char* file : {"x.gif", "x.txt", "x.jpg"}) EXPECT_FALSE(fs::exists(at(file))) << file;
}

}  // namespace
}  // namespace ganymede::cli
