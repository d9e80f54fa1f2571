#include <cstdlib>

#include "base/file.hpp"
#include "picture/png.hpp"
#include "serve/models.hpp"
#include "tensor/npy.hpp"

namespace ganymede::serve {
namespace {

using Json = nlohmann::json;

/// The commands that answers give, run by a shell as they stand.
struct Commands : ModelsServed {
  explicit Commands(bool conditional = false) : ModelsServed(conditional) {}

  /// What `command` (and `more` behind it) prints; it must succeed.
  std::string printed(const std::string& command, const std::string& more = "") const {
    const fs::path out = tiny.root / "printed.txt";
    const std::string program = fs::path(GANYMEDE_PROGRAM).parent_path();
    const std::string line = "cd '" + tiny.root.path().string() + "' && PATH='" + program + "':$PATH GANYMEDE_RUNS='" +
                             (tiny.root / "runs").string() + "' " + command + more + " >'" + out.string() +
                             "' 2>printed-faults.txt";
    EXPECT_EQ(std::system(line.c_str()), 0) << command << "\n" << read_file(tiny.root / "printed-faults.txt");
    return read_file(out);
  }

  /// The grey levels of 8 x 8 pictures in a strip or grid of `columns`, each enlarged 14 times, `gap` pixels between.
  std::string levels_in(const fs::path& file, std::size_t count, int step, int margin) const {
    const picture::Image image = picture::read_png(tiny.root / file).image;
    std::string levels;
    for (int i = 0; i < static_cast<int>(count); ++i) {
      for (int p = 0; p < 64; ++p)
        levels += static_cast<char>(image.colour_at(margin + p / 8 * 14 + 7, i * step + margin + p % 8 * 14 + 7).r);
    }
    return levels;
  }

  void expect_walk(const Json& wanted) const {
    const std::vector<Frame> frames = stream("walk", wanted);
    const auto steps = frames.front().head.at("steps").get<std::size_t>();
    std::string levels(64 * steps, 0);
    for (const Frame& frame : frames) {
      if (!frame.arrays.contains("picture")) continue;
      const auto which = frame.head.at("pictures").get<std::vector<std::size_t>>();
      for (std::size_t i = 0; i < which.size(); ++i)
        levels.replace(64 * which[i], 64, frame.arrays.at("picture"), 64 * i, 64);
    }
    const std::string command = frames.back().head.at("command");
    printed(command);
    EXPECT_EQ(levels_in("walk.png", steps, 8 * 14 + 4, 2), levels) << command;
  }

  void expect_map(const Json& wanted) const {
    const std::vector<Frame> frames = stream("map", wanted);
    ASSERT_TRUE(frames.back().head.contains("command")) << frames.back().head;
    std::vector<int> labels(frames.at(1).head.at("total"), -1);
    for (const Frame& frame : frames) {
      if (!frame.arrays.contains("points")) continue;
      const auto points = frame.values<std::int32_t>("points");
      const auto found = frame.values<std::uint8_t>("labels");
      for (std::size_t i = 0; i < points.size(); ++i) labels.at(static_cast<std::size_t>(points[i])) = found[i];
    }
    const std::string command = frames.back().head.at("command");
    const Json told = Json::parse(printed(command, " --json"));
    fs::path file = told.at("maps").at(0).at("picture").get<std::string>();
    const Tensor drawn = read_npy(file.replace_extension(".npy"));
    const auto values = drawn.values<std::int32_t>();
    EXPECT_EQ(std::vector<int>(values.begin(), values.end()), labels) << command;
  }
};

struct ConditionalCommands : Commands {
  ConditionalCommands() : Commands(true) {}
};

TEST_F(Commands, OfWalksDrawTheSamePictures) {
  tiny.train("a");
  start();
  expect_walk({{"run", "a"}, {"from", {-1.25, 0.5}}, {"to", {1, -3}}, {"steps", 5}});
  expect_walk({{"run", "a"}, {"epoch", 0}, {"from", {-1, 0}}, {"to", {0, 1}}, {"path", "slerp"}, {"steps", 3}});
  expect_walk({{"run", "a"},
               {"from", {-1, 0}},
               {"to", {2, 1e-7}},
               {"set", {"act1:channel=1,value=0.5", "conv1:row=0"}},
               {"steps", 4}});
}

TEST_F(Commands, OfWalksInOneDimensionNameNoSeeds) {
  tiny.recipe.latent.dim = 1;
  tiny.train("line");
  start();
  expect_walk({{"run", "line"}, {"from", {3}}, {"to", {-2}}, {"steps", 3}});
}

TEST_F(ConditionalCommands, OfWalksDrawTheSamePictures) {
  tiny.train("it's a run");
  start();
  expect_walk({{"run", "it's a run"}, {"from", {-1, 1}}, {"to", {1, 1}}, {"class", 2}, {"steps", 3}});
  expect_walk({{"run", "it's a run"}, {"from", {-1, 1}}, {"to", {1, 1}}, {"class", 2}, {"to_class", 1}, {"steps", 6}});
}

TEST_F(Commands, OfMapsHaveTheSameLabels) {
  tiny.train("a");
  put_classifier();
  start();
  expect_map({{"run", "a"}, {"side", 20}, {"range", 2}});
  expect_map({{"run", "a"}, {"side", 20}, {"axis", "quantile"}, {"epoch", 0}});
  const Json set = {"act1:channel=1,value=0.5", "conv1:row=0"};
  const Json plane = {{"origin", {0.5, -1}}, {"u", {1, 0.25}}, {"v", {-0.125, 3}}};
  expect_map({{"run", "a"}, {"side", 20}, {"set", set}});
  expect_map({{"run", "a"}, {"side", 20}, {"plane", plane}, {"range", 3}});
  expect_map({{"run", "a"}, {"side", 20}, {"plane", plane}, {"set", set}});
}

TEST_F(ConditionalCommands, OfPlanesThroughLargerSpacesHaveTheSameLabels) {
  tiny.recipe.latent.dim = 5;
  tiny.train("five");
  put_classifier();
  start();
  const Json plane = {{"origin", {0.5, -1, 0, 0, 2}}, {"u", {1, 0.25, 0, 0, 0}}, {"v", {0, 0, 0, 0, 1}}};
  expect_map({{"run", "five"}, {"side", 12}, {"plane", plane}, {"class", 1}});
}

TEST_F(Commands, OfLooksDrawTheSamePictures) {
  tiny.train("a");
  start();
  const Frame one = look({{"run", "a"}, {"z", {0.5, -1.25}}, {"plan", "exact"}});
  printed(one.head.at("command"));
  EXPECT_EQ(levels_in("picture.png", 1, 0, 2), one.arrays.at("picture"));
  const Frame ablated = look({{"run", "a"}, {"seed", 3}, {"count", 2}, {"set", {"act1:channel=1"}}});
  const Json told = Json::parse(printed(ablated.head.at("command"), " --json"));
  EXPECT_EQ(told.at("ablation").at(0).at("samples"), ablated.head.at("change"));
}

}  // namespace
}  // namespace ganymede::serve
