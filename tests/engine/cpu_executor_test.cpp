#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>

#include "base/enumerators.hpp"
#include "base/philox.hpp"
#include "engine/matches.hpp"
#include "engine/reference/reference_game.hpp"
#include "kernels/level.hpp"
#include "net/description.hpp"
#include "net/families.hpp"

namespace ganymede::engine {
namespace {

// f32 against the double reference. Gradients of deep sums lose a few digits to rounding; the moments' squares double
// that.
constexpr double kGradientBound = 2e-5;
constexpr double kStateBound = 5e-5;

void expect_matches_reference(const Match& m, const std::vector<Phase>& phases, std::int64_t count = 5, int steps = 2,
                              int batch = 8) {
  auto fast = make_fast(m, batch, 2);
  ReferenceGame<double> slow(m.generator, m.discriminator, {.game = m.game, .batch = batch});
  slow.set_state(start(m));
  std::uint32_t number = 0;
  for (int i = 0; i < steps; ++i) {
    for (const Phase phase : phases) {
      const Data data = make_data(m, count, number);
      const StepResult a = fast->step(data.batch(count, number), phase);
      const StepResult b = slow.step(data.batch(count, number), phase);
      EXPECT_NEAR(a.generator_loss, b.generator_loss, 5e-6 * (1 + std::fabs(b.generator_loss)));
      EXPECT_NEAR(a.discriminator_loss, b.discriminator_loss, 5e-6 * (1 + std::fabs(b.discriminator_loss)));
      EXPECT_EQ(a.real_accuracy, b.real_accuracy);
      EXPECT_EQ(a.fake_accuracy, b.fake_accuracy);
      expect_close(fast->gradients(), slow.gradients(), kGradientBound, "gradient");
      ++number;
    }
  }
  expect_close(fast->state(), slow.state(), kStateBound, "state");
  const Data data = make_data(m, count, 77);
  for (const std::string player : {"generator", "discriminator"}) {
    const Inputs inputs{.count = count, .values = player == "generator" ? data.z : data.real, .classes = data.classes};
    expect_close({{player, fast->infer(player, inputs).output}},
                 {{player, slow.infer(player, inputs, false, {}, {}).output}}, 1e-5, "inference");
  }
}

TEST(CpuExecutor, MatchesReferenceOnTheDigitsFamily) {
  expect_matches_reference(family(small_generator(), small_discriminator()), {Phase::both});
  expect_matches_reference(family(small_generator(), small_discriminator()),
                           {Phase::discriminator, Phase::discriminator, Phase::generator}, 3);
  // One sample alone: BatchNorm would leave no gradient of the dense layer at all.
  auto g = small_generator();
  g.norm = net::Norm::none;
  expect_matches_reference(family(g, small_discriminator()), {Phase::both}, 1);
}

TEST(CpuExecutor, MatchesReferenceOnWideNetworksAndColour) {
  auto g = small_generator();
  auto d = small_discriminator();
  g.width = 20;
  d.width = 36;
  g.channels = d.channels = 3;
  expect_matches_reference(family(g, d), {Phase::both}, 7, 1);
}

// A plan for 32 samples and more convolves by transform: lengths 8 and 9, whole and partial images, channels that are
// no multiple of 16 or 64.
TEST(CpuExecutor, MatchesReferenceWithTransformConvolutions) {
  for (const int image_size : {12, 28}) {
    for (const int width : {16, 36}) {
      auto g = small_generator();
      auto d = small_discriminator();
      g.image_size = d.image_size = image_size;
      g.width = d.width = width;
      Match m = family(g, d);
      const auto plan = make_fast(m, 32, 1)->plan();
      const auto transforms =
          std::count_if(plan.begin(), plan.end(), [](const PassInfo& p) { return p.kernel.starts_with("transform"); });
      EXPECT_EQ(transforms, 9);  // three layers, three passes each
      expect_matches_reference(m, {Phase::both}, 4, 1, 32);
    }
  }
}

TEST(CpuExecutor, MatchesReferenceOnConditionalNetworks) {
  for (const net::Condition condition : {net::Condition::embedding, net::Condition::concat}) {
    auto g = small_generator();
    auto d = small_discriminator();
    g.classes = d.classes = 3;
    g.condition = d.condition = condition;
    expect_matches_reference(family(g, d), {Phase::both});
  }
}

TEST(CpuExecutor, MatchesReferenceWithAnAuxiliaryClassHead) {
  auto g = small_generator();
  auto d = small_discriminator();
  g.classes = d.classes = 3;
  g.condition = net::Condition::concat;
  d.auxiliary = true;
  Match m = family(g, d);
  m.game.auxiliary_weight = 0.7;
  expect_matches_reference(m, {Phase::both});
  expect_matches_reference(m, {Phase::discriminator, Phase::generator});
}

TEST(CpuExecutor, MatchesReferenceWithEveryNormInBothPlayers) {
  for (const net::Norm norm : {net::Norm::none, net::Norm::batch, net::Norm::layer}) {
    auto g = small_generator();
    auto d = small_discriminator();
    g.norm = d.norm = norm;
    expect_matches_reference(family(g, d), {Phase::both});
    expect_matches_reference(family(g, d), {Phase::discriminator, Phase::generator});
  }
}

TEST(CpuExecutor, MatchesReferenceWithEveryActivation) {
  using Kind = net::ActivationKind;
  std::vector<net::Activation> activations{
      {.kind = Kind::relu}, {.kind = Kind::relu, .negative_slope = 0.1F, .max_value = 0.5F, .threshold = 0.05F}};
  for (const auto& [kind, name] : ganymede::testing::enumerators<Kind>()) {
    // rrelu's slopes are drawn: from a range of one number, so that the reference knows them.
    activations.push_back({.kind = kind, .negative_slope = 0.2F, .lower = 0.25F, .upper = 0.25F});
  }
  for (const net::Activation& activation : activations) {
    auto g = small_generator();
    auto d = small_discriminator();
    g.activation = d.activation = activation;
    SCOPED_TRACE(net::name_of(activation.kind));
    expect_matches_reference(family(g, d), {Phase::both}, 5, 1);
  }
}

TEST(CpuExecutor, MatchesReferenceWithEveryLossAndOptimiser) {
  for (const auto& [loss, loss_name] : play::table_of<Loss>()) {
    for (const auto& [kind, rule_name] : play::table_of<OptimizerKind>()) {
      Match m = family(small_generator(), small_discriminator());
      m.game.loss = loss;
      m.game.label_smoothing = loss == Loss::non_saturating ? 0.1 : 0;
      m.game.weight_clip = loss == Loss::wasserstein ? 0.05 : 0;
      m.game.ema_decay = 0.9;
      m.game.generator = {.kind = kind, .learning_rate = 1e-3, .momentum = 0.5, .clip_norm = 0.01};
      m.game.discriminator = {.kind = kind, .learning_rate = 1e-3};
      SCOPED_TRACE(std::string(loss_name) + " " + rule_name);
      expect_matches_reference(m, {Phase::both}, 4, 2);
    }
  }
}

TEST(CpuExecutor, MatchesReferenceWithEveryScheduleAndGoesOnWithIt) {
  for (const auto& [schedule, name] : play::table_of<Schedule>()) {
    SCOPED_TRACE(name);
    Match m = noisy_match();
    for (Optimizer* rule : {&m.game.generator, &m.game.discriminator}) {
      *rule = {.learning_rate = 1e-2,
               .schedule = schedule,
               .schedule_updates = 3,
               .schedule_end = 0.1,
               .schedule_factor = 0.3};
    }
    m.game.generator.kind = OptimizerKind::sgd;
    auto whole = make_fast(m, 8, 1), first = make_fast(m, 8, 1), second = make_fast(m, 8, 1);
    for (std::uint32_t i = 0; i < 6; ++i) {
      const StepResult r = whole->step(make_data(m, 8, i).batch(8, i), Phase::both);
      EXPECT_EQ(r.generator_rate, play::learning_rate(m.game.generator, i));
      EXPECT_EQ(r.discriminator_rate, play::learning_rate(m.game.discriminator, i));
    }
    for (std::uint32_t i = 0; i < 4; ++i) first->step(make_data(m, 8, i).batch(8, i), Phase::both);
    second->set_state(first->state());
    for (std::uint32_t i = 4; i < 6; ++i) second->step(make_data(m, 8, i).batch(8, i), Phase::both);
    EXPECT_EQ(second->state(), whole->state());
    Match quiet = family(small_generator(), small_discriminator());
    for (Optimizer* rule : {&quiet.game.generator, &quiet.game.discriminator})
      *rule = {.learning_rate = 1e-3, .schedule = schedule, .schedule_updates = 1, .schedule_factor = 0.3};
    expect_matches_reference(quiet, {Phase::both}, 4, 3);
  }
}

// A graph with forks, explicit padding, odd strides, pooling, a dense image and layers that the engine cannot fuse.
Match odd_networks() {
  Match m;
  m.latent = 5;
  m.classes = 3;
  m.generator = {.name = "generator",
                 .nodes = {{"z", {}, net::Input{.role = net::Role::latent, .shape = {5}}},
                           {"class", {}, net::Input{.role = net::Role::class_index, .shape = {}, .classes = 3}},
                           {"label", {"class"}, net::Embedding{.dim = 5}},
                           {"joined", {"z", "label"}, net::Concat{}},
                           {"dense", {"joined"}, net::Dense{.out = 3 * 4 * 5}},
                           {"act0", {"dense"}, net::Activation{.kind = net::ActivationKind::elu}},
                           {"reshape", {"act0"}, net::Reshape{.shape = {3, 4, 5}}},
                           {"left",
                            {"reshape"},
                            net::ConvTranspose{.out = 6,
                                               .kernel = {3, 2},
                                               .stride = {2, 1},
                                               .padding = {.same = false, .top = 1, .left = 1},
                                               .bias = false}},
                           {"norm", {"left"}, net::BatchNorm{}},
                           {"image", {"norm"}, net::Conv{.out = 2, .kernel = {3, 3}}}},
                 .outputs = {"image"}};
  const Shape image = net::infer_shapes(m.generator).back();
  m.discriminator = {
      .name = "discriminator",
      .nodes = {{"image", {}, net::Input{.role = net::Role::image, .shape = image}},
                {"conv1",
                 {"image"},
                 net::Conv{
                     .out = 5, .kernel = {3, 2}, .stride = {2, 2}, .padding = {.same = false, .top = 1, .bottom = 0}}},
                {"act1", {"conv1"}, net::Activation{.kind = net::ActivationKind::prelu}},
                {"gate", {"act1"}, net::Conv{.out = 5, .kernel = {1, 1}}},
                {"open", {"gate"}, net::Activation{.kind = net::ActivationKind::sigmoid}},
                {"gated", {"act1", "open"}, net::Multiply{}},
                {"pool", {"gated"}, net::Pool{.kind = net::PoolKind::average, .kernel = {2, 1}, .stride = {1, 1}}},
                {"norm", {"pool"}, net::LayerNorm{.over = net::LayerNorm::Over::sample}},
                {"flatten", {"norm"}, net::Reshape{.shape = {-1}}},
                {"hidden", {"flatten"}, net::Dense{.out = 7}},
                {"act2", {"hidden"}, net::Activation{.kind = net::ActivationKind::tanh}},
                {"logit", {"act2"}, net::Dense{.out = 1}}},
      .outputs = {"logit"}};
  m.classes = 3;
  return m;
}

TEST(CpuExecutor, MatchesReferenceOnAGraphOfOddLayers) {
  expect_matches_reference(odd_networks(), {Phase::both});
  expect_matches_reference(odd_networks(), {Phase::discriminator, Phase::generator});
}

// An activation on top of another must leave it the output that its own backward pass reads, also through a free
// reshape.
TEST(CpuExecutor, MatchesReferenceOnActivationsThatFollowEachOther) {
  using Kind = net::ActivationKind;
  Match m = family(small_generator(), small_discriminator());
  const auto insert_behind = [](net::Network& network, const std::string& name, Kind kind) {
    const int index = network.index_of(name);
    for (Node& node : network.nodes) std::replace(node.inputs.begin(), node.inputs.end(), name, name + "_more");
    network.nodes.insert(network.nodes.begin() + index + 1, {name + "_more", {name}, net::Activation{.kind = kind}});
  };
  for (net::Network* network : {&m.generator, &m.discriminator}) {
    std::get<net::Activation>(network->nodes[network->index_of("act1")].layer).kind = Kind::tanh;
    insert_behind(*network, "act1", Kind::sigmoid);
    std::get<net::Activation>(network->nodes[network->index_of("act2")].layer).kind = Kind::elu;
    insert_behind(*network, "act2", Kind::tanh);
  }
  insert_behind(m.generator, "reshape", Kind::elu);
  expect_matches_reference(m, {Phase::both});
}

// The dense layer's values are no activation's output: only their being kept stands between them and the activation
// behind the reshape.
TEST(CpuExecutor, TapsAreNotOverwrittenBehindAFreeReshape) {
  Match m = family(small_generator(), small_discriminator());
  m.generator = {.name = "generator",
                 .nodes = {{"z", {}, net::Input{.role = net::Role::latent, .shape = {4}}},
                           {"dense", {"z"}, net::Dense{.out = 16 * 6 * 6, .bias = false}},
                           {"reshape", {"dense"}, net::Reshape{.shape = {16, 6, 6}}},
                           {"act", {"reshape"}, net::Activation{.kind = net::ActivationKind::sigmoid}},
                           {"image", {"act"}, net::ConvTranspose{.out = 1, .stride = {2, 2}}}},
                 .outputs = {"image"}};
  auto executor = make_fast(m, 4, 2);
  ReferenceGame<float> slow(m.generator, m.discriminator, {.game = m.game, .batch = 4});
  slow.set_state(start(m));
  const Data data = make_data(m, 4, 0);
  const Inputs inputs{.count = 4, .values = data.z, .classes = {}};
  const Inference found = executor->infer("generator", inputs, false, {"dense"});
  const Inference wanted = slow.infer("generator", inputs, false, {"dense"}, {});
  expect_close({{"dense", found.taps.at("dense")}}, {{"dense", wanted.taps.at("dense")}}, 1e-5, "tap");
}

TEST(CpuExecutor, GivesTheSameBitsForEveryNumberOfThreads) {
  for (const int width : {8, 16}) {  // direct and transformed convolutions
    const NamedTensors one = train_a_little(noisy_match(width), 1);
    for (const int threads : {2, 3, 5}) EXPECT_EQ(train_a_little(noisy_match(width), threads), one) << threads;
  }
}

TEST(CpuExecutor, GivesTheSameBitsAtEveryVectorLevel) {
  const std::string before = kernels::level();  // NOLINT(performance-unnecessary-copy-initialization): it changes
  for (const int width : {8, 16}) {
    kernels::set_level(before);
    const NamedTensors best = train_a_little(noisy_match(width), 2);
    for (const std::string& level : kernels::available_levels()) {
      kernels::set_level(level);
      EXPECT_EQ(train_a_little(noisy_match(width), 2), best) << level;
    }
  }
  kernels::set_level(before);
}

// With dropout and random slopes the masks are those of the step number, so losses are functions of the parameters.
TEST(CpuExecutor, GradientsWithDropoutAndRandomSlopesMatchFiniteDifferences) {
  const Match m = noisy_match();
  const Data data = make_data(m, 16, 0);
  auto executor = make_fast(m, 16, 2);
  executor->step(data.batch(16, 4), Phase::both);
  const NamedTensors gradients = executor->gradients();
  for (const std::string name :
       {"generator.dense.weight", "generator.conv2.weight", "generator.norm1.weight", "discriminator.conv1.weight",
        "discriminator.conv2.bias", "discriminator.dense.weight", "discriminator.embedding.weight"}) {
    const bool of_generator = name.starts_with("generator");
    // Along the gradient the loss falls by epsilon |g| to first order.
    const double norm = norm_of(gradients.at(name));
    const double epsilon = 2e-3 / norm;
    double losses[2];
    for (int side = 0; side < 2; ++side) {
      NamedTensors state = start(m);
      for (std::int64_t i = 0; i < state.at(name).count(); ++i) {
        state.at(name).values<float>()[i] +=
            static_cast<float>((side == 0 ? -epsilon : epsilon) * gradients.at(name).values<float>()[i]);
      }
      auto moved = make_fast(m, 16, 2);
      moved->set_state(state);
      const StepResult r = moved->step(data.batch(16, 4), Phase::both);
      losses[side] = of_generator ? r.generator_loss : r.discriminator_loss;
    }
    EXPECT_NEAR((losses[1] - losses[0]) / (2 * epsilon * norm * norm), 1.0, 0.03) << name;
  }
}

TEST(CpuExecutor, ResumesFromItsStateBitForBit) {
  const Match m = noisy_match();
  auto whole = make_fast(m, 16, 2);
  for (std::uint32_t i = 0; i < 4; ++i) whole->step(make_data(m, 16, i).batch(16, i), Phase::both);
  auto first = make_fast(m, 16, 2);
  for (std::uint32_t i = 0; i < 2; ++i) first->step(make_data(m, 16, i).batch(16, i), Phase::both);
  auto second = make_fast(m, 16, 1);
  second->set_state(first->state());
  for (std::uint32_t i = 2; i < 4; ++i) second->step(make_data(m, 16, i).batch(16, i), Phase::both);
  EXPECT_EQ(second->state(), whole->state());
}

TEST(CpuExecutor, StopsBeforeTheUpdateOnNonFiniteGradients) {
  const Match m = family(small_generator(), small_discriminator());
  auto executor = make_fast(m, 8, 1);
  NamedTensors state = executor->state();
  state.at("discriminator.conv2.weight").values<float>()[3] = std::nanf("");
  executor->set_state(state);
  const auto before = executor->state();
  try {
    executor->step(make_data(m, 8, 0).batch(8, 0), Phase::both);
    FAIL() << "no error";
  } catch (const NonFiniteError& e) {
    EXPECT_EQ(e.tensor(), "loss of discriminator");
    EXPECT_EQ(e.exit_code(), 3);
  }
  const auto after = executor->state();
  for (const auto& [name, tensor] : before) {
    if (name == "discriminator.conv2.weight") continue;  // NaN != NaN
    EXPECT_EQ(after.at(name), tensor) << name;
  }
}

TEST(CpuExecutor, TapsAndOverridesShowAndChangeInnerNodes) {
  const Match m = odd_networks();
  auto executor = make_fast(m, 4, 2);
  ReferenceGame<float> slow(m.generator, m.discriminator, {.game = m.game, .batch = 4});
  slow.set_state(start(m));
  const Data data = make_data(m, 6, 0);
  const Inputs inputs{.count = 6, .values = data.z, .classes = data.classes};
  const std::vector<std::string> taps = {"dense", "act0", "left", "norm", "joined"};
  const std::vector<Override> overrides = {{.node = "left", .channel = 2, .row = 1, .value = 0.5F}};
  for (const auto& over : {std::vector<Override>{}, overrides}) {
    const Inference found = executor->infer("generator", inputs, false, taps, over);
    const Inference wanted = slow.infer("generator", inputs, false, taps, over);
    expect_close({{"generator.image", found.output}}, {{"generator.image", wanted.output}}, 1e-5, "output");
    for (const std::string& tap : taps)
      expect_close({{tap, found.taps.at(tap)}}, {{tap, wanted.taps.at(tap)}}, 1e-5, "tap");
  }
}

TEST(CpuExecutor, RefusesWhatDoesNotFit) {
  const Match m = family(small_generator(), small_discriminator());
  auto executor = make_fast(m, 8, 1);
  const Data data = make_data(m, 8, 0);
  Batch batch = data.batch(9, 0);
  EXPECT_THROW(executor->step(batch, Phase::both), ShapeError);
  batch = data.batch(8, 0);
  batch.z = batch.z.first(3);
  EXPECT_THROW(executor->step(batch, Phase::both), ShapeError);
  NamedTensors state = executor->state();
  state["generator.conv9.weight"] = Tensor(DType::f32, {2});
  EXPECT_THROW(executor->set_state(state), DataError);
  state = executor->state();
  state.erase("generator.conv1.weight");
  EXPECT_THROW(executor->set_state(state), DataError);
}

TEST(Model, AgreesWithTheExecutorWhateverTheBatch) {
  const Match m = noisy_match(16);
  const Data data = make_data(m, 11, 0);
  const Inputs inputs{.count = 11, .values = data.z, .classes = data.classes};
  // Plans for fewer than 8 samples convolve directly, others by transform: two families of the same bits.
  std::vector<Tensor> families;
  for (const auto& batches : {std::vector<int>{7, 1, 3, 4}, std::vector<int>{8, 11, 40, 64}}) {
    auto executor = make_fast(m, batches[0], 2);
    families.push_back(executor->infer("generator", inputs).output);
    for (const int batch : batches) {
      Model model(m.generator, batch, 1);
      model.load(executor->state());
      EXPECT_EQ(model.infer(inputs).output, families.back()) << batch;
    }
  }
  expect_close({{"generator", families[0]}}, {{"generator", families[1]}}, 1e-5, "families");
}

TEST(Model, TakesForOneSampleByItselfAPlanMadeForOne) {
  const Match m = noisy_match(16);
  const Data data = make_data(m, 2, 0);
  const NamedTensors weights = make_fast(m, 1, 1)->state();
  const auto of_batch = [&](int batch, Inputs inputs) {
    Model model(m.generator, batch, 1);
    model.load(weights);
    return model.infer(inputs, {"act1"});
  };
  Inputs one{.count = 1, .values = std::span(data.z).first(data.z.size() / 2), .classes = data.classes};
  if (!one.classes.empty()) one.classes = one.classes.first(1);
  const Inference in_a_batch = of_batch(64, one), alone = of_batch(1, one);
  one.by_itself = true;
  const Inference by_itself = of_batch(64, one);
  EXPECT_EQ(by_itself.output, alone.output);
  EXPECT_EQ(by_itself.taps, alone.taps);
  EXPECT_NE(by_itself.output, in_a_batch.output) << "this network convolves directly in any batch: take a wider one";
  // Two samples are a batch, whatever is said.
  Inputs two{.count = 2, .values = data.z, .classes = data.classes};
  const Tensor both = of_batch(64, two).output;
  two.by_itself = true;
  EXPECT_EQ(of_batch(64, two).output, both);
}

TEST(Model, LoadsNewWeightsIntoThePlanForOneToo) {
  const Match m = noisy_match(16);
  const Data data = make_data(m, 1, 0);
  const Inputs one{.count = 1, .values = data.z, .classes = data.classes, .by_itself = true};
  auto executor = make_fast(m, 8, 1);
  Model model(m.generator, 8, 1);
  model.load(executor->state());
  const Tensor before = model.infer(one).output;
  for (std::int64_t i = 0; i < 3; ++i) executor->step(make_data(m, 8, static_cast<int>(i)).batch(8, 0), Phase::both);
  model.load(executor->state());
  Model fresh(m.generator, 8, 1);
  fresh.load(executor->state());
  EXPECT_EQ(model.infer(one).output, fresh.infer(one).output);
  EXPECT_NE(model.infer(one).output, before);
}

}  // namespace
}  // namespace ganymede::engine
