#include "cli/bars.hpp"
#include "picture/png.hpp"
#include "tensor/npy.hpp"

namespace ganymede::cli {
namespace {

/// Looking into latent spaces: map, interpolate, dissect.
struct Latent : Cli {
  void SetUp() override {
    write_bars(at("bars"), 90, 60);
    const Result result = run(train("a", {"--quiet", "--set", "data.source=./bars", "--set", "latent.dim=2"}));
    ASSERT_EQ(result.code, 0) << result.err;
  }
};

TEST_F(Latent, MapsEveryEpochAndTellsWhatChanged) {
  share_classifiers();
  const Result result = run({"map", "a", "--film", "map.gif", "--resolution", "12", "--json", "--quiet"});
  ASSERT_EQ(result.code, 0) << result.err;
  const auto json = result.json();
  EXPECT_EQ(json.at("schema"), "ganymede.map_command/1");
  ASSERT_EQ(json.at("maps").size(), 3U);  // epochs 0, 1, 2
  EXPECT_TRUE(json.at("maps").at(0).at("changed_share").is_null());
  EXPECT_EQ(json.at("maps").at(2).at("since_epoch"), 1);
  EXPECT_TRUE(fs::exists(at("map.gif")));
  const Tensor labels = read_npy(run_path("a") / "maps/epoch-00002-12.npy");  // a grid of its own, so a name of its own
  EXPECT_EQ(labels.shape(), (Shape{1, 12, 12}));
  EXPECT_TRUE(fs::exists(run_path("a") / "maps/epoch-00002-12.png"));
  double sum = 0;
  for (const double share : json.at("maps").at(2).at("shares")) sum += share;
  EXPECT_NEAR(sum, 1, 1e-9);

  const Result one = run({"map", "a", "--epoch", "1", "--quantiles"});
  EXPECT_EQ(one.code, 0) << one.err;
  EXPECT_TRUE(holds(one.out, "10,000 points"));
  EXPECT_TRUE(holds(one.out, "100.0 % of the prior's mass"));
  EXPECT_TRUE(fs::exists(run_path("a") / "maps/epoch-00001-quantiles.png"));
  EXPECT_FALSE(fs::exists(run_path("a") / "maps/epoch-00001.png")) << "the ordinary map was never asked for";
  EXPECT_EQ(run({"map", "a", "--epoch", "9"}).code, 2);
  EXPECT_EQ(run({"map", "a", "--class", "1"}).code, 2);
}

TEST_F(Latent, WhatCannotBeMappedIsSaidBeforeAClassifierIsFittedAndItsFitIsAnnounced) {
  ASSERT_EQ(run(train("high", {"--quiet", "--set", "data.source=./bars", "--set", "latent.dim=5"})).code, 0);
  const Result refused = run({"map", "high"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_TRUE(holds(refused.err, "wanted a latent space of 2, 3 or 4 dimensions, found 5")) << refused.err;
  EXPECT_EQ(run({"map", "a", "--resolution", "1"}).code, 2);
  EXPECT_FALSE(fs::exists(at(".cache"))) << "no classifier was fitted";
  const Result first = run({"map", "a", "--resolution", "5"});
  EXPECT_TRUE(holds(first.err, "first a classifier of ")) << first.err;
  EXPECT_TRUE(fs::exists(at(".cache")));
  EXPECT_FALSE(holds(run({"map", "a", "--resolution", "5"}).err, "first a classifier of ")) << "it is kept";
}

TEST_F(Latent, FitsAClassifierByItselfAndShowsIt) {
  const Result first = run({"classifier", "a", "--json", "--quiet"});
  ASSERT_EQ(first.code, 0) << first.err;
  EXPECT_EQ(first.json().at("schema"), "ganymede.classifier_command/1");
  EXPECT_TRUE(first.json().at("fitted"));
  EXPECT_TRUE(fs::exists(at(first.json().at("file"))));
  EXPECT_FALSE(fs::exists(first.json().at("file").get<std::string>() + ".fit")) << "its mark goes with the fit";
  const auto again = run({"classifier", "a", "--json"}).json();
  EXPECT_FALSE(again.at("fitted"));
  EXPECT_EQ(again.at("file"), first.json().at("file"));
  EXPECT_EQ(again.at("validation_error"), first.json().at("validation_error"));
  const Result text = run({"classifier", "a"});
  EXPECT_TRUE(holds(text.out, "validation error") && holds(text.out, "fitted before")) << text.out;
}

TEST_F(Latent, TrainingMapsAndAResumedRunTellsTheSame) {
  const std::vector<std::string> maps{"--quiet",
                                      "--set",
                                      "data.source=./bars",
                                      "--set",
                                      "latent.dim=2",
                                      "--set",
                                      "evaluate.map_every=1",
                                      "--set",
                                      "evaluate.map_resolution=9"};
  ASSERT_EQ(run(train("whole", maps)).code, 0);
  auto first = maps;
  first.insert(first.end(), {"--epochs", "1"});
  ASSERT_EQ(run(train("halves", first)).code, 0);
  const Result resumed = run({"resume", "halves", "--epochs", "2", "--threads", "1", "--quiet"});
  ASSERT_EQ(resumed.code, 0) << resumed.err;
  const auto told = [&](const std::string& name) {
    std::vector<std::string> lines;
    for (const std::string& line : run::read_event_lines(run_path(name) / "events.jsonl")) {
      if (line.find("\"map\"") != std::string::npos) lines.push_back(run::without_times(line));
    }
    return lines;
  };
  EXPECT_EQ(told("whole").size(), 3U);
  EXPECT_EQ(told("halves"), told("whole"));
  EXPECT_TRUE(fs::exists(run_path("whole") / "maps/epoch-00002.png"));
}

TEST_F(Latent, WalksInAStripAFilmAndOnTheMap) {
  const auto json = run({"interpolate", "a", "--from", "0", "--to", "0.5,-1.5", "--steps", "5", "-o", "strip.png",
                         "--map", "walk.png", "--json", "--quiet"})
                        .json();
  EXPECT_EQ(json.at("schema"), "ganymede.interpolate/1");
  EXPECT_EQ(json.at("classes").size(), 5U);
  EXPECT_EQ(json.at("to"), (std::vector<double>{0.5, -1.5}));
  EXPECT_DOUBLE_EQ(json.at("areas").back().at("to"), 1);
  const picture::Image strip = picture::read_png(at("strip.png")).image;
  EXPECT_GT(strip.width(), 4 * strip.height() / 2);
  EXPECT_TRUE(fs::exists(at("walk.png")));
  const Result film = run({"interpolate", "a", "--from", "1", "--to", "2", "--path", "slerp", "-o", "walk.gif"});
  EXPECT_EQ(film.code, 0) << film.err;
  EXPECT_TRUE(holds(film.out, "classes along the way: "));
  EXPECT_EQ(run({"interpolate", "a", "--from", "1", "--to", "1,2,3", "-o", "x.png"}).code, 2);
  EXPECT_EQ(run({"interpolate", "a", "--from", "1", "--to", "2", "-o", "x.jpg"}).code, 2);
}

TEST_F(Latent, DissectsRunsSideBySide) {
  ASSERT_EQ(run(train("b", {"--quiet", "--set", "data.source=./bars", "--set", "latent.dim=2", "--set",
                            "generator.activation=relu"}))
                .code,
            0);
  const Result result =
      run({"dissect", "a", "b", "--seed", "4", "--ablate", "act2:channel=1", "-o", "inside", "--npz", "--json"});
  ASSERT_EQ(result.code, 0) << result.err;
  const auto json = result.json();
  EXPECT_EQ(json.at("schema"), "ganymede.dissect/1");
  ASSERT_EQ(json.at("runs").size(), 2U);
  const auto& leaky = json.at("runs").at(0).at("layers").at(2);
  const auto& relu = json.at("runs").at(1).at("layers").at(2);
  EXPECT_EQ(relu.at("kind"), "relu");
  EXPECT_GT(relu.at("zero"), 0.2);
  EXPECT_LT(leaky.at("zero"), 0.1);
  EXPECT_GT(json.at("ablation").at(0).at("mean_change"), 0);
  for (const char* file : {"overview.png", "layer-03-act0.png", "ablation.png", "activations.npz"})
    EXPECT_TRUE(fs::exists(at("inside") / file)) << file;
  EXPECT_EQ(read_npz(at("inside/activations.npz")).at("a.act2").shape()[1], 4);
  const Result z = run({"dissect", "a", "--z", "0.1,0.2", "--layer", "act1"});
  EXPECT_EQ(z.code, 0) << z.err;
  EXPECT_TRUE(fs::exists(run_path("a") / "dissection/layer-01-act1.png"));
  EXPECT_EQ(run({"dissect", "a", "--layer", "act7"}).code, 2);
  EXPECT_EQ(run({"dissect", "a", "--ablate", "act2:channel=99"}).code, 2);
}

TEST_F(Latent, PhotographsCanBeTrainedOnButNotMapped) {
  fs::create_directories(at("photos"));
  for (int i = 0; i < 40; ++i) {
    std::vector<std::uint8_t> pixels(std::size_t{3} * 24 * 20, static_cast<std::uint8_t>(6 * i));
    picture::write_png(at("photos") / (std::to_string(i) + ".png"), picture::Image(24, 20, 3, std::move(pixels)));
  }
  const Result result =
      run(train("land", {"--quiet", "--set", "data.source=" + at("photos").string(), "--set", "data.image_size=16",
                         "--set", "generator.family=photo", "--set", "discriminator.family=photo", "--set",
                         "latent.dim=2", "--set", "data.limit=0", "--epochs", "1"}));
  ASSERT_EQ(result.code, 0) << result.err;
  const Result walk = run({"interpolate", "land", "--from", "1", "--to", "2", "-o", "strip.png", "--json"});
  ASSERT_EQ(walk.code, 0) << walk.err;
  EXPECT_TRUE(walk.json().at("classes").empty());
  const Result map = run({"map", "land"});
  EXPECT_EQ(map.code, 2);
  EXPECT_TRUE(holds(map.err, "no classes"));
  const auto shown =
      run({"data", "show", "builtin-landscapes", "--limit", "9", "--image-size", "32", "-o", "s.png", "--json"}).json();
  EXPECT_EQ(shown.at("width"), 32);
  EXPECT_EQ(shown.at("channels"), 3);
}

}  // namespace
}  // namespace ganymede::cli
