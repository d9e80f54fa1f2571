#include <gtest/gtest.h>

#include <filesystem>

#include "engine/matches.hpp"
#include "engine/reference/reference_game.hpp"
#include "tensor/safetensors.hpp"

// Against PyTorch's double backward: tests/engine/torch/README.md.
namespace ganymede::engine {
namespace {

const NamedTensors& file() {
  static const NamedTensors tensors =
      read_safetensors(std::filesystem::path(GANYMEDE_SOURCE_DIR) / "tests/engine/torch/second-order.safetensors")
          .tensors;
  return tensors;
}

net::Conv halving(int out) {
  return {.out = out,
          .kernel = {3, 3},
          .stride = {2, 2},
          .padding = {.same = false, .top = 1, .bottom = 1, .left = 1, .right = 1}};
}

Match pictures() {
  const net::Activation tanh{.kind = net::ActivationKind::tanh};
  return {
      .generator = {.name = "generator",
                    .nodes = {{"z", {}, net::Input{.role = net::Role::latent, .shape = {4}}},
                              {"dense", {"z"}, net::Dense{64}},
                              {"act", {"dense"}, tanh},
                              {"image", {"act"}, net::Reshape{{1, 8, 8}}}},
                    .outputs = {"image"}},
      .discriminator = {.name = "discriminator",
                        .nodes = {{"image", {}, net::Input{.role = net::Role::image, .shape = {1, 8, 8}}},
                                  {"conv1", {"image"}, halving(6)},
                                  {"act1",
                                   {"conv1"},
                                   net::Activation{.kind = net::ActivationKind::leaky_relu, .negative_slope = 0.2F}},
                                  {"conv2", {"act1"}, halving(8)},
                                  {"act2", {"conv2"}, net::Activation{.kind = net::ActivationKind::elu}},
                                  {"flatten", {"act2"}, net::Reshape{{-1}}},
                                  {"dense", {"flatten"}, net::Dense{1}}},
                        .outputs = {"dense"}}};
}

Match points() {
  const net::Activation tanh{.kind = net::ActivationKind::tanh};
  Match m{.generator = net::mlp_generator({.latent_dim = 4, .widths = {12}, .activation = tanh}),
          .discriminator = net::mlp_discriminator({.widths = {16}, .activation = tanh})};
  m.game.unroll_rate = 0.005;
  m.game.discriminator = {.learning_rate = 0.1, .beta1 = 0.5, .beta2 = 63.0 / 64};
  return m;
}

/// The tensors of the file that begin with "<group>.", without it.
NamedTensors of(const std::string& group) {
  NamedTensors found;
  for (const auto& [name, tensor] : file()) {
    if (name.starts_with(group + ".")) found[name.substr(group.size() + 1)] = tensor;
  }
  return found;
}

NamedTensors players_of(const std::string& group) {
  NamedTensors found = of(group);
  std::erase_if(found, [](const auto& entry) { return entry.first.find('.') == std::string::npos; });
  return found;
}

/// The gradients of the player that the game is about.
void expect_gradients(const Executor& executor, const std::string& game, double bound) {
  NamedTensors found = executor.gradients();
  const NamedTensors wanted = players_of(game);
  ASSERT_FALSE(wanted.empty());
  for (auto& [name, tensor] : found) tensor = as_float(tensor);
  expect_close(found, wanted, bound, game);
}

double value_of(const std::string& game) {
  return file().at(game + ".value").values<float>()[0];
}

constexpr double kRounding = 3e-7;  // of the file's float32
constexpr double kEngine = 1e-5;

TEST(SecondOrderTorch, AgreesOnEveryPenalty) {
  const NamedTensors seen = of("pictures");
  const Batch batch{.count = 5, .real = seen.at("real").values<float>(), .z = seen.at("z").values<float>()};
  for (const auto& [kind, name] : play::table_of<Penalty>()) {
    if (kind == Penalty::none) continue;
    SCOPED_TRACE(name);
    Match m = pictures();
    m.game.penalty = kind;
    m.game.penalty_weight = 5;
    ReferenceGame<double> slow(m.generator, m.discriminator, {.game = m.game});
    slow.set_state(players_of("pictures"));
    Noise noise;
    if (kind == Penalty::wgan_gp || kind == Penalty::dragan) noise["penalty"]["shares"] = seen.at("shares");
    if (kind == Penalty::dragan) noise["penalty"]["offsets"] = seen.at("offsets");
    slow.set_noise(noise);
    EXPECT_NEAR(slow.step(batch, Phase::discriminator).penalty.value(), value_of(name), kRounding * value_of(name));
    expect_gradients(slow, name, kRounding);
    if (!noise.empty()) continue;  // the engine draws its own
    auto fast = make_cpu_executor(m.generator, m.discriminator, {.game = m.game, .batch = 5, .threads = 2});
    fast->set_state(players_of("pictures"));
    EXPECT_NEAR(fast->step(batch, Phase::discriminator).penalty.value(), value_of(name), kEngine * value_of(name));
    expect_gradients(*fast, name, kEngine);
  }
}

TEST(SecondOrderTorch, AgreesOnUnrolledGames) {
  const NamedTensors seen = of("points");
  const auto part = [&](std::size_t k) {
    return Batch{.count = 8,
                 .real = seen.at("real").values<float>().subspan(16 * k, 16),
                 .z = seen.at("z").values<float>().subspan(32 * k, 32)};
  };
  for (const bool fresh : {false, true}) {
    const std::string name = fresh ? "unroll-fresh" : "unroll-same";
    SCOPED_TRACE(name);
    Match m = points();
    m.game.unroll = fresh ? 3 : 4;
    Batch batch = part(0);
    if (fresh) batch.unrolled = {part(1), part(2)};
    ReferenceGame<double> slow(m.generator, m.discriminator, {.game = m.game});
    slow.set_state(players_of("points"));
    EXPECT_NEAR(slow.step(batch, Phase::both).generator_loss, value_of(name), kRounding);
    expect_gradients(slow, name, kRounding);
    auto fast = make_cpu_executor(m.generator, m.discriminator, {.game = m.game, .batch = 8, .threads = 2});
    fast->set_state(players_of("points"));
    EXPECT_NEAR(fast->step(batch, Phase::both).generator_loss, value_of(name), kEngine);
    expect_gradients(*fast, name, kEngine);
  }
}

}  // namespace
}  // namespace ganymede::engine
