#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "engine/reference/reference_game.hpp"
#include "engine/step_matches.hpp"
#include "net/traits.hpp"

namespace ganymede::engine {
namespace {

// Conditions that are vectors (role condition): joined to z and to what D sees.

Match of_points() {
  return {.generator = net::mlp_generator({.latent_dim = 4, .condition_length = 2, .coordinates = 3, .widths = {16}}),
          .discriminator = net::mlp_discriminator({.condition_length = 2,
                                                   .coordinates = 3,
                                                   .widths = {16},
                                                   .activation = {.kind = net::ActivationKind::tanh}})};
}

Match of_pictures() {
  auto g = small_generator();
  auto d = small_discriminator();
  g.condition = d.condition = net::Condition::vector;
  g.condition_length = d.condition_length = 3;
  d.activation = {.kind = net::ActivationKind::tanh};
  return family(g, d);
}

TEST(VectorCondition, StepsMatchTheReference) {
  for (const Match& m : {of_points(), of_pictures()}) {
    ASSERT_EQ(net::condition_length(m.generator), net::condition_length(m.discriminator));
    expect_steps_match(m, 6, {Phase::both, Phase::discriminator, Phase::generator, Phase::both});
  }
}

TEST(VectorCondition, SecondOrderMatchesTheReference) {
  for (Match m : {of_points(), of_pictures()}) {
    for (const Penalty kind : {Penalty::r1, Penalty::r2, Penalty::wgan_gp}) {
      SCOPED_TRACE(name_of(kind));
      m.game.penalty = kind;
      expect_steps_match(m, 6, {Phase::both, Phase::discriminator});
    }
    m.game.penalty = Penalty::none;
    m.game.unroll = 2;
    expect_steps_match(m, 6, {Phase::both, Phase::both});
  }
}

// One dense layer of G on [z, c]: the point is W [z, c] + b.
TEST(VectorCondition, IsWhatTheLayerBehindItSees) {
  const net::Network g = net::mlp_generator({.latent_dim = 2, .condition_length = 1, .coordinates = 1, .widths = {}});
  Model model(g, 2, 1);
  model.load({{"generator.dense.weight", Tensor::of<float>({1, 3}, std::vector<float>{2, 3, 10})},
              {"generator.dense.bias", Tensor::of<float>({1}, std::vector<float>{0.5F})}});
  const std::vector<float> z{1, 0, 0, 1, 1, 1}, c{1, 2, -1};
  const Tensor made = model.infer({.count = 3, .values = z, .conditions = c}, {}, {}).output;
  EXPECT_EQ(std::vector<float>(made.values<float>().begin(), made.values<float>().end()),
            (std::vector<float>{12.5F, 23.5F, -4.5F}));
}

// Planes of a constant: with weights of one, a convolution adds the numbers up where its kernel lies within.
TEST(VectorCondition, StandsBesideAPictureAsPlanes) {
  const net::Network d{.name = "discriminator",
                       .nodes = {{"image", {}, net::Input{.role = net::Role::image, .shape = {1, 2, 2}}},
                                 {"vector", {}, net::Input{.role = net::Role::condition, .shape = {2}}},
                                 {"condition", {"image", "vector"}, net::Concat{}},
                                 {"conv", {"condition"}, net::Conv{.out = 1, .kernel = {1, 1}, .bias = false}}},
                       .outputs = {"conv"}};
  Model model(d, 4, 1);
  model.load({{"discriminator.conv.weight", Tensor::of<float>({1, 3, 1, 1}, std::vector<float>{1, 10, 100})}});
  const std::vector<float> image{1, 2, 3, 4}, c{5, 6};
  const Tensor seen = model.infer({.count = 1, .values = image, .conditions = c}, {}, {}).output;
  EXPECT_EQ(std::vector<float>(seen.values<float>().begin(), seen.values<float>().end()),
            (std::vector<float>{651, 652, 653, 654}));
}

TEST(VectorCondition, OfASampleDoesNotDependOnItsNeighbours) {
  const Match m = of_pictures();
  auto executor = make_fast(m, 8, 2);
  const Data data = make_data(m, 8, 0);
  const std::span<const float> c = std::span<const float>(data.conditions).first(24);
  const Tensor all = executor->infer("generator", {.count = 8, .values = data.z, .conditions = c}).output;
  const Tensor one = executor
                         ->infer("generator", {.count = 1,
                                               .values = std::span<const float>(data.z).subspan(5 * 4, 4),
                                               .conditions = c.subspan(5 * 3, 3)})
                         .output;
  EXPECT_TRUE(std::ranges::equal(one.values<float>(), all.values<float>().subspan(5 * 144, 144)));
}

TEST(VectorCondition, ThatIsMissingOrNotFiniteIsRefused) {
  const Match m = of_points();
  auto executor = make_fast(m, 4, 1);
  const Data data = make_data(m, 4, 0);
  const auto fault = [&](const Batch& batch) -> std::string {
    try {
      executor->step(batch, Phase::both);
    } catch (const DataError& error) {
      return error.what();
    }
    return "none";
  };
  Batch batch = data.batch(4, 0);
  batch.fake_conditions = batch.fake_conditions.first(6);
  EXPECT_NE(fault(batch).find("wants a condition of 2 numbers for each of 4 samples, found 6"), std::string::npos);
  batch = data.batch(4, 0);
  batch.real_conditions = {};
  EXPECT_NE(fault(batch).find("discriminator wants a condition"), std::string::npos);
  std::vector<float> bad(8, NAN);
  batch = data.batch(4, 0);
  batch.real_conditions = bad;
  EXPECT_NE(fault(batch).find("not finite"), std::string::npos);
  EXPECT_THROW(executor->infer("generator", {.count = 4, .values = data.z}), DataError);
  EXPECT_EQ(fault(data.batch(4, 0)), "none");
}

// Each sample's push is that of its own condition: as if it had been asked alone.
TEST(VectorCondition, GoesIntoThePushOfEverySample) {
  const Match m = of_points();
  Model model(m.discriminator, 2, 1);
  model.load(start(m));
  const Data data = make_data(m, 3, 0);
  const std::span<const float> x = data.real, c = std::span<const float>(data.conditions).first(6);
  const Tensor all = model.push({.count = 3, .values = x, .conditions = c}, Loss::non_saturating);
  for (std::size_t i = 0; i < 3; ++i) {
    const Tensor one = model.push({.count = 1, .values = x.subspan(3 * i, 3), .conditions = c.subspan(2 * i, 2)},
                                  Loss::non_saturating);
    for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(one.values<float>()[k], all.values<float>()[3 * i + k], 1e-6F);
  }
}

}  // namespace
}  // namespace ganymede::engine
