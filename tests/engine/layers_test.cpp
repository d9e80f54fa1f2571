#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/philox.hpp"
#include "engine/executor.hpp"
#include "engine/matches.hpp"
#include "engine/reference/interpreter.hpp"
#include "engine/reference/reference_game.hpp"
#include "engine/tangent_trial.hpp"
#include "net/description.hpp"
#include "net/traits.hpp"

namespace ganymede::engine {
namespace {

// Whoever adds a layer adds an example here; the tests below then tell which of its places was forgotten. (A layer
// without a pass does not compile: plan/compiler.hpp.)
struct Example {
  net::Layer layer;
  Shape in;  ///< of its inputs; [] for a class index
  int inputs = 1;
  bool class_too = false;  ///< besides those of values
};

const std::vector<Example>& examples() {
  static const std::vector<Example> all{
      {net::Input{.role = net::Role::image, .shape = {3, 4, 4}}, {}, 0},
      {net::Dense{.out = 5}, {7}},
      {net::Conv{.out = 6, .kernel = {3, 3}, .stride = {2, 2}}, {5, 6, 6}},
      {net::ConvTranspose{.out = 6, .kernel = {3, 3}, .stride = {2, 2}}, {5, 4, 4}},
      {net::BatchNorm{}, {6, 3, 3}},
      {net::LayerNorm{}, {6, 3, 3}},
      {net::Activation{.kind = net::ActivationKind::elu}, {6, 3, 3}},
      {net::Dropout{}, {6, 3, 3}},
      {net::Embedding{.dim = 4}, {}},
      {net::OneHot{}, {}},
      {net::Multiply{}, {6, 3, 3}, 2},
      {net::Concat{}, {6, 3, 3}, 2},
      {net::Reshape{.shape = {-1}}, {6, 3, 3}},
      {net::Pool{}, {6, 4, 4}},
      {net::Permute{.order = {1, 0, 2}}, {6, 3, 4}},
      {net::ConvGru{.out = 5}, {6, 3, 4}},
      {net::Lstm{.out = 5}, {6, 4}},
      {net::MinibatchStd{}, {6, 3, 3}},
      {net::Projection{}, {6, 3, 3}, 1, true},
  };
  return all;
}

constexpr int kClasses = 3;
constexpr std::int64_t kSamples = 4;

// What feeds the layer: values "x0", "x1" or a class. An engine takes one input of values: the second is made of it.
net::Network network_of(const Example& example) {
  net::Network n{.name = "generator", .nodes = {}, .outputs = {"layer"}};
  const bool of_class = example.in.empty() && example.inputs > 0;
  if (example.inputs == 0) {
    n.nodes = {{"x0", {}, example.layer}, {"layer", {"x0"}, net::Activation{.kind = net::ActivationKind::tanh}}};
    return n;
  }
  const Shape in = of_class ? Shape{2} : example.in;
  n.nodes.push_back({"x0", {}, net::Input{.role = in.size() == 3 ? net::Role::image : net::Role::vector, .shape = in}});
  net::Node node{"layer", {"x0"}, example.layer};
  if (of_class) {
    n.nodes.push_back({"class", {}, net::Input{.role = net::Role::class_index, .shape = {}, .classes = kClasses}});
    node.inputs = {"class"};
    n.nodes.push_back({"beside", {"x0"}, net::Activation{.kind = net::ActivationKind::tanh}});
    n.outputs.push_back("beside");
  } else if (example.class_too) {
    n.nodes.push_back({"class", {}, net::Input{.role = net::Role::class_index, .shape = {}, .classes = kClasses}});
    node.inputs = {"x0", "class"};
  } else if (example.inputs == 2) {
    n.nodes.push_back({"x1", {"x0"}, net::Activation{.kind = net::ActivationKind::tanh}});
    node.inputs = {"x0", "x1"};
  }
  n.nodes.push_back(node);
  return n;
}

const Example* example_of(std::size_t alternative) {
  for (const Example& e : examples()) {
    if (e.layer.index() == alternative) return &e;
  }
  return nullptr;
}

template <class F>
void for_each_layer(const F& f) {
  for (std::size_t i = 0; i < std::variant_size_v<net::Layer>; ++i) {
    const Example* example = example_of(i);
    ASSERT_NE(example, nullptr) << "alternative " << i << " of net::Layer has no example here";
    SCOPED_TRACE(net::kind_of(example->layer));
    f(*example, network_of(*example));
  }
}

TEST(EveryLayer, HasANameOfItsOwnAndAPlaceInDescriptions) {
  std::set<std::string> names;
  for_each_layer([&](const Example& example, const net::Network& network) {
    EXPECT_TRUE(names.insert(net::kind_of(example.layer)).second);
    EXPECT_EQ(net::from_json(net::to_json(network)), network);
  });
}

TEST(EveryLayer, ComputesInTheEngineWhatTheInterpreterSays) {
  for_each_layer([&](const Example&, const net::Network& network) {
    NamedTensors weights = net::initialise(network, 1);
    std::uint32_t index = 0;
    for (auto& [name, tensor] : weights) {  // nothing at its trivial initial value
      std::vector<float> noise(static_cast<std::size_t>(tensor.count()));
      Random(2, "weights").uniform(index++, noise);
      const auto values = tensor.values<float>();
      for (std::size_t i = 0; i < noise.size(); ++i) values[i] += 0.3F * noise[i];
    }
    const Shape in = std::get<net::Input>(net::value_input(network).layer).shape;
    std::vector<float> x(static_cast<std::size_t>(kSamples * element_count(in)));
    Random(3, "x").normal(0, x);
    std::vector<std::int32_t> classes;
    for (std::int64_t i = 0; i < kSamples && net::class_count(network) > 0; ++i)
      classes.push_back(static_cast<std::int32_t>(i % kClasses));

    Interpreter<double> interpreter(network);
    interpreter.set_parameters(weights);
    interpreter.forward(named_inputs<double>(network, kSamples, std::vector<double>(x.begin(), x.end()), classes));
    const std::vector<double>& wanted = interpreter.value("layer");
    Model model(network, kSamples, 1);
    model.load(weights);
    const Tensor found = model.infer({.count = kSamples, .values = x, .classes = classes}).output;
    ASSERT_EQ(static_cast<std::size_t>(found.count()), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i)
      ASSERT_NEAR(found.values<float>()[i], wanted[i], 1e-4 * (1 + std::abs(wanted[i]))) << i;

    std::vector<double> ones(wanted.size(), 1);
    EXPECT_NO_THROW(interpreter.backward({{"layer", ones}}));
    for (const net::Parameter& p : net::parameters(network)) {
      EXPECT_EQ(weights.at("generator." + p.name).shape(), p.shape);
      if (p.trainable) {
        EXPECT_TRUE(interpreter.gradients().contains("generator." + p.name)) << p.name;
      }
    }
  });
}

// The layer in a discriminator behind a generator that makes its input, so that the generator's gradients are those
// that the layer passes on to it.
Match game_of(const Example& example, net::Network network) {
  Match m{.generator = {.name = "generator", .nodes = {}, .outputs = {"made"}}, .discriminator = std::move(network)};
  net::Network& d = m.discriminator;
  const Shape in = std::get<net::Input>(net::value_input(d).layer).shape;
  m.generator.nodes = {{"z", {}, net::Input{.role = net::Role::latent, .shape = {m.latent}}},
                       {"dense", {"z"}, net::Dense{.out = static_cast<int>(element_count(in))}},
                       {"made", {"dense"}, net::Reshape{.shape = in}}};
  d.name = "discriminator";
  d.nodes.push_back({"flat", {"layer"}, net::Reshape{.shape = {-1}}});
  std::string last = "flat";
  if (net::reads_class(example.layer)) m.classes = kClasses;
  if (net::reads_class(example.layer) && !example.class_too) {
    d.nodes.push_back({"joined", {"flat", "beside"}, net::Concat{}});
    last = "joined";
  }
  d.nodes.push_back({"logit", {last}, net::Dense{.out = 1}});
  d.outputs = {"logit"};
  return m;
}

TEST(EveryLayer, PassesBackInTheEngineWhatTheInterpreterSays) {
  for_each_layer([&](const Example& example, const net::Network& network) {
    const Match m = game_of(example, network);
    const auto fast = make_fast(m, kSamples, 2);
    ReferenceGame<double> slow(m.generator, m.discriminator, {.game = m.game, .batch = kSamples});
    slow.set_state(start(m));
    const Data data = make_data(m, kSamples, 0);
    fast->step(data.batch(kSamples, 0), Phase::both);
    EXPECT_EQ(fast->noise().at("discriminator").contains("layer"), net::draws(example.layer));
    slow.set_noise(fast->noise());
    slow.step(data.batch(kSamples, 0), Phase::both);
    const NamedTensors wanted = slow.gradients();
    std::size_t trainable = 0;
    for (const net::Network* player : {&m.generator, &m.discriminator}) {
      for (const net::Parameter& p : net::parameters(*player)) trainable += p.trainable ? 1 : 0;
    }
    EXPECT_EQ(wanted.size(), trainable);
    expect_close(fast->gradients(), wanted, 2e-5, "gradient");
  });
}

TEST(EveryLayer, HasTheTangentsThatDualNumbersHaveOrIsRefused) {
  for_each_layer([&](const Example& example, const net::Network& network) {
    const net::Network d = game_of(example, network).discriminator;
    if (std::holds_alternative<net::BatchNorm>(example.layer) || std::holds_alternative<net::ConvGru>(example.layer) ||
        std::holds_alternative<net::Lstm>(example.layer) || net::is_of_discriminators(example.layer)) {
      EXPECT_THROW(TangentTrial(d, kSamples, {true, true}).by_engine(1), ConfigError);
    } else {
      expect_right_tangents(d, kSamples);
    }
  });
}

// What the traits say is what the layers do; so a layer that traits.cpp forgot fails here.

/// The example's layer on values, by the interpreter.
class Trial {
 public:
  explicit Trial(const net::Network& network) : network_(network), interpreter_(network) {
    interpreter_.set_parameters(net::initialise(network, 1));
    const Shape in = std::get<net::Input>(net::value_input(network).layer).shape;
    x.resize(static_cast<std::size_t>(2 * element_count(in)));
    for (std::size_t i = 0; i < x.size(); ++i)
      x[i] = 0.1 * static_cast<double>(i % 23) - 0.95;  // no two neighbours equal
  }

  std::vector<double> run(const Mode<double>& mode = {}) {
    interpreter_.forward(named_inputs<double>(network_, 2, x, std::vector<std::int32_t>(2, 1)), mode);
    return interpreter_.value("layer");
  }
  void scale_parameters(double factor) {
    for (Variable<double>& v : interpreter_.variables()) {
      for (double& value : v.value) value *= v.trainable ? factor : 1;
    }
  }

  std::vector<double> x;  ///< of two samples

 private:
  const net::Network& network_;
  Interpreter<double> interpreter_;
};

/// Those fed with values.
template <class F>
void for_each_layer_of_values(const F& f) {
  for_each_layer([&](const Example& example, const net::Network& network) {
    if (example.inputs > 0 && !example.in.empty()) f(example.layer, Trial(network));
  });
}

std::vector<double> sorted(std::vector<double> values) {
  std::ranges::sort(values);
  return values;
}

TEST(EveryLayer, CouplesSamplesOnlyWhereTheTraitsSaySo) {
  for_each_layer_of_values([&](const net::Layer& layer, Trial trial) {
    const auto first = [&] {
      std::vector<double> values = trial.run({.training = true});
      values.resize(values.size() / 2);
      return values;
    };
    const std::vector<double> before = first();
    for (std::size_t i = trial.x.size() / 2; i < trial.x.size(); ++i) trial.x[i] += 1;  // the neighbour changes
    EXPECT_EQ(first() != before, net::couples_samples(layer));
  });
}

TEST(EveryLayer, KeepsTheAxesWhereTheTraitsSaySo) {
  for_each_layer([&](const Example& example, const net::Network& network) {
    if (!net::keeps_axes(example.layer)) return;
    EXPECT_EQ(net::infer_shapes(network).back(), example.in);
  });
}

TEST(EveryLayer, IsPointwiseWhereTheTraitsSaySo) {
  for_each_layer_of_values([&](const net::Layer& layer, Trial trial) {
    const std::vector<double> before = trial.run({.training = true});
    bool alone = before.size() == trial.x.size();
    for (std::size_t i = 0; alone && i < trial.x.size(); ++i) {
      trial.x[i] += 0.01;
      const std::vector<double> after = trial.run({.training = true});
      for (std::size_t k = 0; k < after.size(); ++k) alone = alone && (after[k] != before[k]) == (k == i);
      trial.x[i] -= 0.01;
    }
    EXPECT_EQ(alone && !net::moves_values(layer), net::is_pointwise(layer));
    EXPECT_TRUE(!net::is_pointwise(layer) || net::keeps_axes(layer));
  });
}

TEST(EveryLayer, MovesAndRenamesValuesWhereTheTraitsSaySo) {
  for_each_layer_of_values([&](const net::Layer& layer, Trial trial) {
    const std::vector<double> out = trial.run();
    EXPECT_EQ(out == trial.x, net::renames_values(layer));
    // A dropout moves nothing: it leaves values out, while training.
    EXPECT_EQ(sorted(out) == sorted(trial.x) && !net::draws(layer), net::moves_values(layer));
  });
}

TEST(EveryLayer, DrawsWhereTheTraitsSaySo) {
  for_each_layer_of_values([&](const net::Layer& layer, Trial trial) {
    const std::vector<double> low(trial.run().size(), 0.25), high(low.size(), 0.75);
    const auto with = [&](const std::vector<double>& noise) {
      return trial.run({.training = true, .noise = {{"layer", noise}}});
    };
    EXPECT_EQ(with(low) != with(high), net::draws(layer));
  });
  EXPECT_TRUE(net::draws(net::Activation{.kind = net::ActivationKind::rrelu}));
}

TEST(EveryLayer, ReadsTheClassWhereTheTraitsSaySo) {
  for_each_layer([&](const Example& example, const net::Network& network) {
    EXPECT_EQ(net::class_count(network) > 0, net::reads_class(example.layer));
  });
}

TEST(EveryLayer, IsUnboundedWhereTheTraitsSaySo) {
  for_each_layer_of_values([&](const net::Layer& layer, Trial trial) {
    const auto largest = [&] {
      double most = 0;
      for (const double v : trial.run()) most = std::max(most, std::abs(v));
      return most;
    };
    const double before = largest();
    trial.scale_parameters(1000);
    EXPECT_EQ(largest() > 100 * before, net::is_unbounded(layer));
  });
}

}  // namespace
}  // namespace ganymede::engine
