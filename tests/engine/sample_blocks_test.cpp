#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "base/philox.hpp"
#include "engine/matches.hpp"
#include "engine/plan/program.hpp"
#include "engine/player.hpp"
#include "engine/reference/reference_game.hpp"
#include "engine/tangent_trial.hpp"
#include "kernels/level.hpp"
#include "net/traits.hpp"
#include "play/check.hpp"

namespace ganymede::engine {
namespace {

using Blocks = Program::Options::Blocks;

/// Everything that goes block by block: classes, a fork, a join, a product, a norm, two draws, two outputs.
net::Network everything() {
  const net::Activation elu{.kind = net::ActivationKind::elu}, rrelu{.kind = net::ActivationKind::rrelu};
  return {.name = "discriminator",
          .nodes = {{"x", {}, net::Input{.role = net::Role::image, .shape = {3, 1, 1}}},
                    {"class", {}, net::Input{.role = net::Role::class_index, .classes = 3}},
                    {"flat", {"x"}, net::Reshape{{3}}},
                    {"dense", {"flat"}, net::Dense{24}},
                    {"norm", {"dense"}, net::LayerNorm{}},
                    {"act", {"norm"}, elu},
                    {"drop", {"act"}, net::Dropout{0.3F}},
                    {"table", {"class"}, net::Embedding{.dim = 24}},
                    {"product", {"drop", "table"}, net::Multiply{}},
                    {"which", {"class"}, net::OneHot{}},
                    {"both", {"product", "which"}, net::Concat{}},
                    {"wide", {"both"}, net::Dense{40}},
                    {"bent", {"wide"}, rrelu},
                    {"logit", {"bent"}, net::Dense{1}},
                    {"classes", {"bent"}, net::Dense{3}}},
          .outputs = {"logit", "classes"}};
}

/// The same with a vector that is given with each sample.
net::Network conditioned() {
  net::Network network = everything();
  for (net::Node& node : network.nodes) {
    if (node.name == "wide") node.inputs = {"all"};
  }
  const auto wide = std::ranges::find(network.nodes, "wide", &net::Node::name);
  network.nodes.insert(wide, {"all", {"both", "given"}, net::Concat{}});
  network.nodes.insert(network.nodes.begin() + 2,
                       {"given", {}, net::Input{.role = net::Role::condition, .shape = {2}}});
  return network;
}

constexpr std::int64_t kCount = 300;  // two blocks and a part of one

/// A training pass there and back, and what it gives, by name.
class Pass300 {
 public:
  Pass300(const net::Network& network, Blocks blocks, int threads, bool sweep = false)
      : layout_(make_layout(network)), parameters_(network, layout_), pool_(threads) {
    parameters_.load(net::initialise(network, 1), network.name + ".");
    for (Parameter& p : parameters_.all()) p.gradient = Buffer(p.size);
    Program program(network, layout_, parameters_,
                    {.max_samples = kCount, .training = true, .input_gradients = true, .blocks = blocks});
    program.describe(plan);
    program.parameters_changed();
    std::vector<std::int32_t> classes;
    for (std::int64_t i = 0; i < kCount; ++i) classes.push_back(static_cast<std::int32_t>(i * 7 % 3));
    Step step{.pool = pool_, .samples = kCount, .training = true, .seed = 5, .number = 3, .classes = classes};
    std::vector<float> conditions(static_cast<std::size_t>(kCount * net::condition_length(network)));
    Random(6, "c").normal(0, conditions);
    step.conditions = conditions;
    step.backward_samples = kCount;
    step.input_samples = kCount;
    const std::string input = net::value_input(network).name;
    std::vector<float> x(static_cast<std::size_t>(kCount * program.field(input).features()));
    Random(3, "x").normal(0, x);
    scatter_samples(program.field(input), program.field(input).value, kCount, 0, kCount, x.data());
    const auto gradients = [&](SampleRange range) {
      std::uint32_t index = 0;
      for (const std::string& output : network.outputs) {
        const Field& field = program.field(output);
        std::vector<float> g(static_cast<std::size_t>(kCount * field.features()));
        Random(4, "g").normal(index++, g);
        scatter_samples(field, field.gradient, kCount, range.first, range.count,
                        g.data() + range.first * field.features());
      }
    };
    if (sweep) {
      program.sweep({.step = step, .gradients = gradients});
    } else {
      program.forward(step);
      gradients({.count = kCount});
      program.backward(step);
    }
    for (const std::string& output : network.outputs)
      values[output] = read_samples(program.field(output), kCount, 0, kCount);
    values["gradient of x"].resize(x.size());
    gather_samples(program.field(input), program.field(input).gradient, kCount, 0, kCount,
                   values["gradient of x"].data());
    for (const Parameter& p : parameters_.all()) gradients_of[network.name + "." + p.name] = p.store(p.gradient);
    program.noise(step, noise);
  }

  std::map<std::string, std::vector<float>> values;
  NamedTensors gradients_of, noise;
  std::vector<PassInfo> plan;

 private:
  Layout layout_;
  ParameterSet parameters_;
  ThreadPool pool_;
};

bool goes_by_blocks(const std::vector<PassInfo>& plan) {
  return plan.size() == 2 && plan[0].kernel.starts_with("blocks of ");
}

// What is drawn is drawn by a sample's place in the batch; what a sample gives does not depend on the others.
TEST(SampleBlocks, GiveEachSampleTheBitsOfTheWholeAndSumsInAnotherOrder) {
  for (const net::Network& network : {everything(), conditioned()}) {
    const Pass300 whole(network, Blocks::none, 2), blocks(network, Blocks::kept, 2);
    EXPECT_FALSE(goes_by_blocks(whole.plan));
    ASSERT_TRUE(goes_by_blocks(blocks.plan));
    EXPECT_EQ(blocks.values, whole.values);
    EXPECT_EQ(blocks.noise, whole.noise);
    EXPECT_NE(blocks.gradients_of, whole.gradients_of);
    expect_close(blocks.gradients_of, whole.gradients_of, 1e-5, "gradient");
  }
}

// Else what clears or adds the whole of a block's input would write into the next block's.
TEST(SampleBlocks, EndWithTheirLastSample) {
  for (const int channels : {1, 2, 16, 40})
    EXPECT_EQ((Field{.channels = channels}.size(64)), 64 * Field{.channels = channels}.sample_stride()) << channels;
}

TEST(SampleBlocks, GiveTheSameBitsForEveryNumberOfThreadsAndAllAtOnce) {
  const net::Network network = everything();
  const Pass300 one(network, Blocks::kept, 1);
  for (const int threads : {1, 2, 3}) {
    for (const Blocks blocks : {Blocks::kept, Blocks::swept}) {
      for (const bool sweep : {false, true}) {
        if (blocks == Blocks::swept && !sweep) continue;
        const Pass300 other(network, blocks, threads, sweep);
        EXPECT_EQ(other.values, one.values) << threads;
        EXPECT_EQ(other.gradients_of, one.gradients_of) << threads;
      }
    }
  }
}

TEST(SampleBlocks, GiveTheSameBitsAtEveryVectorLevel) {
  const std::string before = kernels::level();  // NOLINT(performance-unnecessary-copy-initialization): it changes
  const Pass300 found(everything(), Blocks::kept, 2);
  for (const std::string& level : kernels::available_levels()) {
    kernels::set_level(level);
    const Pass300 other(everything(), Blocks::kept, 2);
    EXPECT_EQ(other.values, found.values) << level;
    EXPECT_EQ(other.gradients_of, found.gradients_of) << level;
  }
  kernels::set_level(before);
}

TEST(SampleBlocks, HaveTheTangentsOfDualNumbers) {
  expect_right_tangents(everything(), kCount, Blocks::kept);
  for (const std::vector<int>& widths : {std::vector{20, 36}, {20, 48}, {128}}) {  // the last two end in a narrow head
    expect_right_tangents(net::mlp_discriminator({.widths = widths}), kCount, Blocks::kept);
    expect_right_tangents(net::mlp_discriminator({.widths = widths}), kCount, Blocks::none);
  }
}

// Only where what lies between is nobody's: whole vectors of channels, straight lines, no draw, no other reader.
TEST(NarrowHead, IsTheEndOfAPerceptronThatGivesOneNumber) {
  const auto has_head = [](const net::Network& network) {
    const std::vector<PassInfo> plan = Pass300(network, Blocks::none, 1).plan;
    return std::ranges::any_of(plan, [](const PassInfo& p) { return p.kernel.starts_with("curve and single column"); });
  };
  const auto d = [](std::vector<int> widths) { return net::mlp_discriminator({.widths = std::move(widths)}); };
  EXPECT_TRUE(has_head(d({128})));
  EXPECT_TRUE(has_head(d({20, 48})));
  EXPECT_FALSE(has_head(d({20}))) << "padded channels";
  EXPECT_FALSE(has_head(net::mlp_generator({.widths = {48}}))) << "two numbers";
  net::Network other = d({48});
  for (net::Node& node : other.nodes) {
    if (auto* const curve = std::get_if<net::Activation>(&node.layer)) curve->kind = net::ActivationKind::tanh;
  }
  EXPECT_FALSE(has_head(other)) << "a bent curve";
  other = d({48});
  other.outputs.insert(other.outputs.begin(), other.nodes[other.nodes.size() - 2].name);
  EXPECT_FALSE(has_head(other)) << "the hidden layer is read";
}

TEST(SampleBlocks, CountTheUsefulWorkOfAllLayers) {
  const net::Network network = net::mlp_discriminator({.coordinates = 2, .widths = {128}});
  double whole = 0, blocks = 0;
  for (const PassInfo& line : Pass300(network, Blocks::none, 1).plan) whole += line.flops;
  for (const PassInfo& line : Pass300(network, Blocks::kept, 1).plan) blocks += line.flops;
  EXPECT_EQ(blocks, whole);
  EXPECT_GT(whole, 0);
}

// Pictures, layers that look at several samples, weights that are too many, and batches of one block.
TEST(SampleBlocks, AreForSmallNetworksOfFlatVectors) {
  const auto blocks = [](const net::Network& network, std::int64_t samples = kCount) {
    const Layout layout = make_layout(network);
    ParameterSet parameters(network, layout);
    Program program(network, layout, parameters, {.max_samples = samples, .training = true, .blocks = Blocks::kept});
    std::vector<PassInfo> plan;
    program.describe(plan);
    return goes_by_blocks(plan);
  };
  using net::Norm;
  EXPECT_TRUE(blocks(net::mlp_discriminator({})));
  EXPECT_TRUE(blocks(net::mlp_generator({})));
  EXPECT_FALSE(blocks(net::mlp_discriminator({}), 64));
  EXPECT_FALSE(blocks(net::mlp_discriminator({.norm = Norm::batch})));
  EXPECT_FALSE(blocks(net::mlp_discriminator({.norm = Norm::spectral})));
  EXPECT_FALSE(blocks(net::mlp_discriminator({.minibatch_std = true})));
  EXPECT_FALSE(blocks(net::mlp_discriminator({.widths = {512, 512}})));
  EXPECT_FALSE(blocks(net::digits_discriminator(small_discriminator())));
}

Match ring(Penalty penalty = Penalty::none) {
  Match m{.generator = net::mlp_generator({.latent_dim = 4, .widths = {24, 20}}),
          .discriminator = net::mlp_discriminator({.widths = {20}})};
  m.game.penalty = penalty;
  return m;
}

TEST(SampleBlocks, PlayTheGameOfTheReference) {
  for (const Penalty penalty : {Penalty::none, Penalty::r1, Penalty::wgan_gp}) {
    SCOPED_TRACE(play::name_of(penalty));
    const Match m = ring(penalty);
    auto fast = make_fast(m, 100, 2);
    EXPECT_TRUE(fast->plan_name().ends_with(" blocks/2")) << fast->plan_name();
    ReferenceGame<double> slow(m.generator, m.discriminator, {.game = m.game});
    slow.set_state(fast->state());
    const Data data = make_data(m, 100, 0);
    const play::StepCheck check = play::check_step(*fast, slow, data.batch(100, 0), Phase::both);
    for (const play::Deviation& d : check.losses) EXPECT_LE(d.difference, 1e-5) << d.name;
    for (const play::Deviation& d : check.gradients) EXPECT_LE(d.difference, 2e-5) << d.name;
  }
}

NamedTensors trained(const Match& m, int threads, bool resumed = false) {
  auto executor = make_fast(m, 100, threads);
  for (std::uint32_t i = 0; i < 4; ++i) {
    const std::int64_t count = i == 3 ? 77 : 100;
    if (resumed && i == 2) {
      const NamedTensors state = executor->state();
      executor = make_fast(m, 100, threads + 1);
      executor->set_state(state);
    }
    const Data data = make_data(m, count, i);
    executor->step(data.batch(count, i), Phase::both);
  }
  return executor->state();
}

TEST(SampleBlocks, TrainToTheSameBitsWhateverTheThreadsAndAfterAPause) {
  for (const bool unrolled : {false, true}) {
    Match m = ring(unrolled ? Penalty::none : Penalty::r1);
    m.game.unroll = unrolled ? 3 : 0;
    const NamedTensors one = trained(m, 1);
    for (const int threads : {2, 3}) EXPECT_EQ(trained(m, threads), one) << threads;
    EXPECT_EQ(trained(m, 2, true), one);
  }
}

}  // namespace
}  // namespace ganymede::engine
