#include <algorithm>
#include <cmath>

#include "cli/bars.hpp"
#include "picture/png.hpp"

namespace ganymede::cli {
namespace {

struct Invert : Cli {
  void digits(const std::string& name = "a", const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"--quiet"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Result trained = run(train(name, arguments));
    ASSERT_EQ(trained.code, 0) << trained.err;
  }
};

TEST_F(Invert, FindsAPictureAndGivesTheCommandThatEditsIt) {
  digits();
  ASSERT_EQ(run({"sample", "a", "--n", "1", "--seed", "77", "-o", "own.png"}).code, 0);
  const std::vector<std::string> asked{"invert", "a",       "own.png",  "--train", "0",
                                       "--test", "0,5",     "--starts", "3",       "--candidates",
                                       "20",     "--steps", "60",       "-o",      "found.png"};
  const Result text = run(asked);
  ASSERT_EQ(text.code, 0) << text.err;
  for (const char* name : {"own.png: error", "training 0: error", "held out 0: error", "held out 5: error"})
    EXPECT_TRUE(holds(text.out, name));
  EXPECT_TRUE(holds(text.out, "of 3 starts agree"));
  EXPECT_GT(picture::read_png(at("found.png")).image.height(), 4 * 112);
  std::vector<std::string> as_json = asked;
  as_json.insert(as_json.end(), {"--json", "--quiet", "--threads", "2"});
  const auto json = run(as_json).json();
  EXPECT_EQ(json.at("schema"), "ganymede.inversion/1");
  ASSERT_EQ(json.at("pictures").size(), 4U);
  const auto& one = json.at("pictures").at(1);
  EXPECT_EQ(one.at("z").size(), 3U);
  EXPECT_EQ(one.at("curve").size(), 61U);
  EXPECT_EQ(one.at("starts").size(), 3U);
  EXPECT_LE(one.at("error"), one.at("start_error"));
  EXPECT_NE(one.at("z"), json.at("pictures").at(2).at("z")) << "the held-out sample 0 is another than the training one";
  EXPECT_TRUE(holds(text.out, one.at("edit"))) << "the same whatever the threads";
  // The command that is printed is taken.
  std::string z = one.at("edit");
  z = z.substr(z.find("--z="));
  z = z.substr(0, z.find(' '));
  const Result edited = run({"edit", "a", z, "--along", "z1", "-o", "edited.png"});
  EXPECT_EQ(edited.code, 0) << edited.err;
  EXPECT_TRUE(fs::exists(at("edited.png")));
}

TEST_F(Invert, OfASetKeepsTheDistributionsInTheRun) {
  digits();
  const Result found =
      run({"invert", "a", "--set", "12", "--starts", "2", "--candidates", "20", "--steps", "30", "--json", "--quiet"});
  ASSERT_EQ(found.code, 0) << found.err;
  const auto json = found.json();
  EXPECT_EQ(json.at("schema"), "ganymede.inversion_set/1");
  for (const char* group : {"training", "held_out", "generated"}) EXPECT_EQ(json.at(group).at("errors").size(), 12U);
  EXPECT_NE(json.at("training").at("errors"), json.at("held_out").at("errors")) << "two splits";
  EXPECT_LT(json.at("generated").at("median").at("value"), json.at("held_out").at("median").at("value"));
  const std::string before = read("runs/a/inversions/set.json");
  EXPECT_TRUE(fs::exists(run_path("a") / "inversions/set.png"));
  const Result text = run({"invert", "a", "--set", "12", "--starts", "2", "--candidates", "20", "--steps", "30",
                           "--threads", "2", "-o", "set.png"});
  ASSERT_EQ(text.code, 0) << text.err;
  EXPECT_EQ(read("runs/a/inversions/set.json"), before);
  EXPECT_TRUE(holds(text.out, std::string(json.at("memorising"))));
  EXPECT_TRUE(fs::exists(at("set.png")));
}

TEST_F(Invert, OfASetTakesSamplesFromAllOverTheSplitAndNoStartThatIsTheAnswer) {
  digits();
  const std::vector<std::string> few{"--starts", "1", "--candidates", "20",     "--steps", "1",
                                     "--prior",  "0", "--json",       "--quiet"};
  const auto with = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), few.begin(), few.end());
    return run(arguments).json();
  };
  const auto set = with({"invert", "a", "--set", "12"});
  for (const double error : set.at("generated").at("errors")) EXPECT_GT(error, 0) << "a candidate is the answer";
  std::vector<double> found = set.at("training").at("errors"), first;
  const auto of_first = with({"invert", "a", "--train", "0,1,2,3,4,5,6,7,8,9,10,11"});
  for (const auto& one : of_first.at("pictures")) first.push_back(one.at("error"));
  std::ranges::sort(found);
  std::ranges::sort(first);
  double apart = 0;
  for (std::size_t i = 0; i < first.size(); ++i) apart = std::max(apart, std::fabs(found.at(i) - first[i]));
  EXPECT_GT(apart, 1e-4) << "the first of the split alone";
}

TEST_F(Invert, OfAConditionalModelTellsTheClass) {
  write_bars(at("bars"), 90, 60);
  digits("c", {"--set", "data.source=./bars", "--set", "generator.condition=embedding", "--set",
               "discriminator.condition=embedding"});
  const std::vector<std::string> few{"--starts", "2", "--candidates", "10", "--steps", "10", "--json", "--quiet"};
  const auto with = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), few.begin(), few.end());
    return run(arguments);
  };
  const auto best = with({"invert", "c", "--test", "1"}).json();
  EXPECT_EQ(best.at("pictures").at(0).at("starts").size(), 6U) << "two of each class";
  const auto given = with({"invert", "c", "--test", "1", "--class", "2"}).json();
  EXPECT_EQ(given.at("pictures").at(0).at("class"), 2);
  EXPECT_TRUE(holds(given.at("pictures").at(0).at("edit"), "--class 2"));
  EXPECT_EQ(with({"invert", "c", "--set", "4"}).code, 0);
}

TEST_F(Invert, OfPointsTakesSamplesOfTheData) {
  ASSERT_EQ(run({"train", "ring", "--run", "p", "--threads", "1", "--quiet", "--epochs", "2", "--set",
                 "data.builtin_count=512", "--set", "train.batch=64", "--set", "latent.dim=4"})
                .code,
            0);
  const Result found = run({"invert", "p", "--train", "1,2", "--steps", "50", "-o", "points.png"});
  EXPECT_EQ(found.code, 0) << found.err;
  EXPECT_TRUE(fs::exists(at("points.png")));
  write("x.png", "no picture");
  const Result refused = run({"invert", "p", "x.png"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_TRUE(holds(refused.err, "draws points, no pictures")) << refused.err;
}

TEST_F(Invert, WhatCannotBeSaysSoAndLeavesNothing) {
  digits();
  write("x.png", "no picture");
  const auto refused = [&](const std::vector<std::string>& arguments, const std::string& why) {
    const Result result = run(arguments);
    EXPECT_EQ(result.code, 2) << result.out;
    EXPECT_TRUE(holds(result.err, why)) << result.err;
  };
  refused({"invert", "a"}, "wanted a PICTURE");
  refused({"invert", "a", "missing.png"}, "missing.png");
  refused({"invert", "a", "x.png"}, "x.png");
  refused({"invert", "a", "--train", "200"}, "--train wants a whole number from 0 to 199, found \"200\"");
  refused({"invert", "a", "--test", "two"}, "--test wants a whole number");
  refused({"invert", "a", "--test", "1", "--class", "3"}, "takes no class");
  refused({"invert", "a", "--test", "1", "--condition", "0.5"}, "takes no condition");
  refused({"invert", "a", "--set", "5", "--test", "1"}, "--set 5: wanted no PICTURE");
  refused({"invert", "a", "--test", "1", "--starts", "9", "--candidates", "8"}, "--candidates 8: wanted as many");
  refused({"invert", "a", "--test", "1", "-o", "found.gif"}, "wanted .png");
  refused({"invert", "a", "--set", "5", "--name", "../x"}, "--name ../x: wanted letters");
  refused({"invert", "a", "--test", "1", "--epoch", "77"}, "77");
  EXPECT_FALSE(fs::exists(run_path("a") / "inversions"));
  EXPECT_FALSE(fs::exists(at("found.gif")));
}

}  // namespace
}  // namespace ganymede::cli
