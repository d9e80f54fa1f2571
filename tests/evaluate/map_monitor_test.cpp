#include "evaluate/map_monitor.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "evaluate/tiny.hpp"
#include "explore/map_file.hpp"
#include "picture/png.hpp"
#include "run/events.hpp"
#include "run/recipe_file.hpp"

namespace ganymede::evaluate {
namespace {

namespace fs = std::filesystem;

struct Mapped : ::testing::Test {
  Mapped() {
    tiny.recipe.train.epochs = 5;
    tiny.recipe.evaluate.map_every = 2;
    tiny.recipe.evaluate.map_resolution = 8;
    tiny.session.observers.push_back(
        [this](const train::ObserverContext& context) { return make_map_monitor(context, tiny.reference_options()); });
  }
  std::vector<nlohmann::json> maps_of(const run::RunDirectory& run) const {
    std::vector<nlohmann::json> maps;
    for (const auto& event : run::read_events(run.events_path())) {
      if (event.at("event") == "map") maps.push_back(event);
    }
    return maps;
  }
  testing::TinyRuns tiny;
};

TEST_F(Mapped, TheBeginningAndEveryKEpochsAreMappedAndTold) {
  const run::RunDirectory run = tiny.train("a");
  const auto maps = maps_of(run);
  ASSERT_EQ(maps.size(), 3U);
  EXPECT_FALSE(maps[0].contains("changed_share"));
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(maps[i].at("epoch"), 2 * i);
    EXPECT_EQ(maps[i].at("points"), 64);
    EXPECT_GE(maps[i].at("classes"), 1);
    EXPECT_LE(maps[i].at("largest_share"), 1);
    const explore::KeptMap kept = explore::read_map(explore::map_path(run.path() / "maps", 2 * i));
    EXPECT_EQ(kept.map.side, 8);
    if (i > 0) {
      EXPECT_EQ(maps[i].at("since_epoch"), 2 * i - 2);
      EXPECT_DOUBLE_EQ(maps[i].at("changed_share"), kept.changed.value());
    }
  }
}

TEST(MappedWithClasses, TrainingTitlesItsMapsAsTheCommandDoes) {
  testing::TinyRuns tiny(true);
  tiny.recipe.evaluate.map_every = 1;
  tiny.recipe.evaluate.map_resolution = 6;
  tiny.session.observers.push_back(
      [&](const train::ObserverContext& context) { return make_map_monitor(context, tiny.reference_options()); });
  const run::RunDirectory run = tiny.train("a");
  const fs::path file = explore::map_path(run.path() / "maps", 1);
  const explore::KeptMap kept = explore::read_map(file);
  const std::string title = explore::title_of("a", kept);
  EXPECT_NE(title.find("of the pictures are what was asked for"), std::string::npos) << title;
  const ganymede::testing::FreshFolder other;
  explore::write_map(other.path(), kept, title);
  const auto picture = [](fs::path json) { return picture::read_png(json.replace_extension(".png")).image; };
  EXPECT_EQ(picture(file), picture(explore::map_path(other.path(), 1)));
}

TEST_F(Mapped, AMapThatHardlyChangesFinishesTheRun) {
  tiny.recipe.evaluate.map_stop = 1;  // less than all of it: always
  tiny.recipe.evaluate.map_stop_from = 3;
  tiny.recipe.train.epochs = 50;
  auto setup = train::prepare(tiny.recipe, tiny.session);
  auto directory = run::RunDirectory::create(tiny.root / "runs", "a", setup.recipe, {});
  const train::Outcome outcome = train::train(setup, directory, {}, tiny.session);
  EXPECT_EQ(outcome.position.epoch, 4) << "the first map from epoch 3 on";
  EXPECT_EQ(outcome.state, run::RunState::finished);
  EXPECT_EQ(directory.info().state, run::RunState::finished);
  EXPECT_EQ(maps_of(directory).back().at("settled"), true);
}

TEST_F(Mapped, WithoutItsKeyThereIsNoMap) {
  tiny.recipe.evaluate.map_every = 0;
  tiny.recipe.train.epochs = 1;
  EXPECT_TRUE(maps_of(tiny.train("a")).empty());
}

TEST_F(Mapped, RecipesWhoseMapsCannotBeAreRefused) {
  tiny.recipe.latent.dim = 5;
  EXPECT_THROW(run::check(tiny.recipe), ConfigError);
  tiny.recipe.latent.dim = 4;
  EXPECT_NO_THROW(run::check(tiny.recipe));
  tiny.recipe.evaluate.map_every = 0;
  tiny.recipe.evaluate.map_stop = 0.1;
  EXPECT_THROW(run::check(tiny.recipe), ConfigError);
}

}  // namespace
}  // namespace ganymede::evaluate
