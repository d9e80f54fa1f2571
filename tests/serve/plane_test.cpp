#include <cmath>

#include "data/points/point_picture.hpp"
#include "explore/point_pictures.hpp"
#include "explore/weights.hpp"
#include "serve/models.hpp"
#include "train/sources.hpp"

namespace ganymede::serve {
namespace {

/// A run on a ring, beside one of pictures.
struct Plane : ModelsServed {
  Plane() {
    pictures = tiny.train("pictures");
    tiny.train_on_points("ring", 128);
    tiny.recipe.train.epochs = 2;
  }
  Frame plane(const std::string& query = {}) const {
    const Answer answer = get("runs/a/plane" + query);
    EXPECT_EQ(answer.status, 200) << answer.body;
    const std::vector<Frame> frames = frames_of(answer.body);
    EXPECT_EQ(frames.size(), 1U);
    return frames.empty() ? Frame{} : frames.front();
  }
  std::optional<run::RunDirectory> pictures;
};

TEST_F(Plane, HoldsWhatTheRunsPicturesShow) {
  const run::RunDirectory run = tiny.train("a");
  start();
  const Frame newest = plane();
  EXPECT_EQ(newest.head.at("schema"), "ganymede.api.plane/1");
  EXPECT_EQ(newest.head.at("epoch"), 2);
  EXPECT_EQ(newest.head.at("dim"), 2);
  const data::Dataset ring = train::open_training_data(tiny.recipe, {});
  const auto reals = newest.values<float>("reals");
  EXPECT_TRUE(std::ranges::equal(reals, ring.images.values<float>()));
  const data::PointFrame frame = data::frame_of(reals, 2);
  EXPECT_EQ(newest.head.at("frame").at("x"), (nlohmann::json{frame.x.low, frame.x.high}));
  EXPECT_EQ(newest.head.at("frame").at("y"), (nlohmann::json{frame.y.low, frame.y.high}));
  const explore::Weights weights = explore::load_weights(run);
  explore::TrainedGenerator generator(engine::cpu_backend(), weights.snapshot, run.path(), 1);
  EXPECT_TRUE(std::ranges::equal(newest.values<float>("fakes"), generator.draw(0, 1000).values<float>()));
  ASSERT_EQ(newest.shape("shares"), (Shape{55, 55}));
  explore::PointPictures pictures_of(engine::cpu_backend(), weights.snapshot.recipe, 1);
  EXPECT_EQ(newest.values<float>("shares"), pictures_of.ground(weights.snapshot).shares);
  // Of another epoch D and G are others, the reals are not.
  const Frame first = plane("?epoch=1");
  EXPECT_EQ(first.head.at("epoch"), 1);
  EXPECT_EQ(first.arrays.at("reals"), newest.arrays.at("reals"));
  EXPECT_NE(first.arrays.at("fakes"), newest.arrays.at("fakes"));
  EXPECT_NE(first.arrays.at("shares"), newest.arrays.at("shares"));
}

TEST_F(Plane, OfALineIsACurve) {
  tiny.recipe.data.source = "normal-1d";
  tiny.train("a");
  start();
  EXPECT_EQ(plane().shape("shares"), (Shape{1, 201}));
  EXPECT_EQ(plane().shape("reals"), (Shape{128, 1}));
}

TEST_F(Plane, GeneratorAndLookSayPoints) {
  const run::RunDirectory run = tiny.train("a");
  start();
  const nlohmann::json facts = get("runs/a/generator").json();
  EXPECT_EQ(facts.at("kind"), "points");
  EXPECT_EQ(facts.at("shape"), nlohmann::json::array({2}));
  EXPECT_EQ(facts.at("screen"), "2d");
  EXPECT_EQ(get("runs/a/classifier").json().at("state"), "impossible") << "it waits for the data";
  const Frame seen = look({{"run", "a"}, {"seed", 3}, {"count", 2}});
  ASSERT_EQ(seen.shape("points"), (Shape{2, 2}));
  explore::TrainedGenerator generator(engine::cpu_backend(), explore::load_weights(run).snapshot, run.path(), 1);
  EXPECT_TRUE(std::ranges::equal(seen.values<float>("points"), generator.draw(3, 2).values<float>()));
  const Frame set = look({{"run", "a"}, {"z", {0.5, 1}}, {"set", {"dense1"}}});
  EXPECT_EQ(set.shape("before"), (Shape{1, 2}));
  EXPECT_NE(set.arrays.at("before"), set.arrays.at("points"));
}

TEST_F(Plane, IsOfPointsAloneAndMapsAndWalksAreNot) {
  tiny.train("a");
  start();
  EXPECT_EQ(get("runs/pictures/plane").status, 409);
  EXPECT_EQ(get("runs/nobody/plane").status, 404);
  EXPECT_EQ(get("runs/a/plane?epoch=77").status, 404);
  EXPECT_EQ(get("runs/a/plane?epoch=x").status, 400);
  EXPECT_EQ(post("map", {{"run", "a"}}).status, 409);
  EXPECT_EQ(post("walk", {{"run", "a"}, {"from", {0, 0}}, {"to", {1, 1}}}).status, 409);
}

}  // namespace
}  // namespace ganymede::serve
