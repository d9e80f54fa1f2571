#include "playground/scene.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/executor.hpp"
#include "playground/drawn.hpp"
#include "run/recipe_file.hpp"
#include "train/session.hpp"

namespace ganymede::playground {
namespace {

struct Played {
  explicit Played(const std::string& name, std::vector<std::string> sets = {}, int steps = 5,
                  std::optional<data::Dataset> drawn = {})
      : game(engine::cpu_backend(), recipe(name, std::move(sets)), std::move(drawn)) {
    for (int i = 0; i < steps; ++i) game.move(Move::step);
  }
  static run::Recipe recipe(const std::string& name, std::vector<std::string> sets) {
    run::Recipe recipe = run::find_recipe(name);
    sets.insert(sets.end(), {"data.builtin_count=600", "train.batch=64"});
    run::apply_sets(recipe, sets);
    return recipe;
  }
  std::vector<float> logits(std::span<const float> points) {
    const Tensor out =
        game.executor().infer("discriminator", {.count = std::ssize(points) / game.dim(), .values = points}).output;
    return {out.values<float>().begin(), out.values<float>().end()};
  }
  LiveGame game;
  Stage stage{engine::cpu_backend(), game};
};

TEST(Scene, LookingChangesNothing) {
  Played looked("ring-unrolled", {"game.unroll=2"}), alone("ring-unrolled", {"game.unroll=2"});
  looked.stage.scene({.ahead = true});
  looked.game.move(Move::step);
  alone.game.move(Move::step);
  looked.stage.scene({.ahead = true});
  const NamedTensors a = looked.game.executor().state(), b = alone.game.executor().state();
  for (const auto& [name, tensor] : a) EXPECT_TRUE(std::ranges::equal(tensor.bytes(), b.at(name).bytes())) << name;
}

TEST(Scene, FakesAreThoseThatSeedsNameWhateverTheirNumber) {
  Played played("grid");
  const Scene few = played.stage.scene({.fakes = 10}), many = played.stage.scene({.fakes = 300});
  EXPECT_EQ(few.fakes.size(), 20U);
  EXPECT_TRUE(std::equal(few.fakes.begin(), few.fakes.end(), many.fakes.begin()));
  std::vector<float> z(2);
  latent::sample_z({.dim = 2}, 7, z);
  const Tensor made = played.game.executor().infer("generator", {.count = 1, .values = z}).output;
  EXPECT_EQ(made.values<float>()[0], few.fakes[14]);
  EXPECT_EQ(made.values<float>()[1], few.fakes[15]);
}

// Of the non-saturating loss L = log(1 + e^-s) the push is sigmoid(-s) ds/dx.
TEST(Scene, ArrowsAreTheSlopeOfGsLoss) {
  Played played("normal-1d", {}, 30);
  const Scene scene = played.stage.scene({.fakes = 20});
  ASSERT_EQ(scene.now.pushes.size(), 20U);
  constexpr float kStep = 1e-2F;
  for (std::size_t i = 0; i < 20; ++i) {
    const float x = scene.fakes[i];
    const std::vector<float> s = played.logits(std::vector<float>{x - kStep, x, x + kStep});
    const double slope = (s[2] - s[0]) / (2 * kStep);
    const double wanted = slope / (1 + std::exp(double{s[1]}));
    EXPECT_NEAR(scene.now.pushes[i], wanted, 1e-3 * std::max(1.0, std::abs(wanted))) << x;
  }
}

TEST(Scene, SurfaceIsDOverTheFrame) {
  Played played("normal-1d");
  const Scene scene = played.stage.scene({});
  ASSERT_EQ(scene.now.shares.size(), 201U);
  EXPECT_EQ(scene.rows, 1);
  EXPECT_EQ(scene.columns, 201);
  const data::PointFrame& frame = played.stage.frame();
  const auto low = static_cast<float>(frame.x.low);
  EXPECT_NEAR(scene.now.shares[0], 1 / (1 + std::exp(-played.logits(std::vector<float>{low})[0])), 1e-6);
}

TEST(Scene, TheFrameHoldsTheFirstFakesAndStays) {
  Played played("fail-vanishing", {}, 0);  // reals about 10, fakes about 0
  const data::PointFrame before = played.stage.frame();
  EXPECT_LT(before.x.low, 0);
  EXPECT_GT(before.x.high, 10);
  for (int i = 0; i < 5; ++i) played.game.move(Move::step);
  EXPECT_EQ(played.stage.frame().x.low, before.x.low);
  played.game.turn({"data.mean=20"});
  EXPECT_GT(played.stage.frame().x.high, 20) << "another beginning has another frame";
}

TEST(Scene, AheadIsDAfterSoManyUpdatesOnTheNextBatch) {
  Played played("ring", {"game.unroll=3"});
  const Scene scene = played.stage.scene({.ahead = true});
  ASSERT_TRUE(scene.ahead.has_value());
  play::ExecutorConfig config = train::executor_config(played.game.recipe(), 1);
  config.game.unroll = 0;
  const auto executor = engine::cpu_backend().make_executor(played.game.setup().networks.generator,
                                                            played.game.setup().networks.discriminator, config);
  executor->set_state(played.game.executor().state());
  const play::Batch batch = played.game.feed().fill(played.game.course().position(), play::Phase::discriminator);
  for (int i = 0; i < 3; ++i) executor->step(batch, play::Phase::discriminator);
  const std::vector<float> places = data::places_to_ask(played.stage.frame(), 2);
  const Tensor logits = executor->infer("discriminator", {.count = std::ssize(places) / 2, .values = places}).output;
  for (std::size_t i = 0; i < scene.ahead->shares.size(); i += 97)
    EXPECT_NEAR(scene.ahead->shares[i], 1 / (1 + std::exp(-logits.values<float>()[i])), 1e-5);
  EXPECT_NE(scene.ahead->shares, scene.now.shares);
  EXPECT_NE(scene.ahead->pushes, scene.now.pushes);
}

TEST(Scene, ManifoldIsGsImageOfALatticeOfEqualMass) {
  Played line("normal-1d"), plane("grid"), uniform("grid", {"latent.prior=uniform"}), many("ring");
  const Scene one = line.stage.scene({}), two = plane.stage.scene({}), even = uniform.stage.scene({});
  EXPECT_EQ(one.manifold_z[60], 0) << "the median";
  EXPECT_EQ(two.side * two.side * 2, std::ssize(two.manifold));
  EXPECT_FLOAT_EQ(even.manifold_z[0], -1 + 1.0F / static_cast<float>(even.side));
  const auto z = std::span(two.manifold_z).subspan(10, 2);
  const Tensor made = plane.game.executor().infer("generator", {.count = 1, .values = z}).output;
  EXPECT_EQ(made.values<float>()[1], two.manifold[11]);
  EXPECT_EQ(many.stage.scene({}).side, 0) << "of 256 numbers there is no lattice";
}

TEST(Scene, ADThatCouplesSamplesHasNoArrowsAndSaysWhy) {
  Played played("ring", {"discriminator.norm=batch"}, 1);
  const Scene scene = played.stage.scene({});
  EXPECT_TRUE(scene.now.pushes.empty());
  EXPECT_NE(scene.no_arrows, "");
  EXPECT_FALSE(scene.now.shares.empty());
}

TEST(Scene, NearnessIsMeasuredAgainstWhatAPerfectGeneratorHas) {
  Played far("fail-vanishing");
  const Scene scene = far.stage.scene({});
  EXPECT_NEAR(scene.js, std::log(2.0), 1e-12) << "they do not meet";
  EXPECT_EQ(scene.modes, 0);
  EXPECT_EQ(scene.of_modes, 1);
  EXPECT_LT(far.stage.js_floor(1000), 0.05);
  EXPECT_GT(far.stage.js_floor(1000), 0);
  std::vector<float> points;
  for (int i = 0; i < 200; ++i) points.insert(points.end(), {static_cast<float>(i % 2), static_cast<float>(i % 4)});
  Played drawn("grid", {}, 1, drawn_points(points, 2));
  EXPECT_FALSE(drawn.stage.scene({}).modes.has_value());
  EXPECT_GE(drawn.stage.js_floor(1000), 0);
}

}  // namespace
}  // namespace ganymede::playground
