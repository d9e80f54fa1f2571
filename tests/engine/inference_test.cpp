#include "engine/matches.hpp"
#include "engine/reference/interpreter.hpp"
#include "engine/reference/reference_game.hpp"
#include "kernels/level.hpp"
#include "kernels/unit.hpp"
#include "net/description.hpp"

namespace ganymede::engine {
namespace {

using kernels::Unit;

// bf16 keeps 8 bits: operands are off by up to 2^-9, in each of four layers. Measured: 0.2 to 0.6 % of a picture's
// norm.
constexpr double kMixedBound = 1.5e-2;

class InferencePlans : public testing::Test {
 protected:
  void SetUp() override {
    level_ = kernels::level();
    unit_ = kernels::unit();
  }
  void TearDown() override {
    kernels::set_level(level_);
    kernels::set_unit(unit_);
  }

  static std::vector<Unit> units() {
    std::vector<Unit> units = kernels::hardware_units();
    units.push_back(Unit::emulated_dot);
    units.push_back(Unit::emulated_tiles);
    return units;
  }

 private:
  std::string level_;
  Unit unit_ = Unit::none;
};

struct Subject {
  net::Network network;
  NamedTensors weights;
  std::vector<float> z;
  std::vector<std::int32_t> classes;
  std::int64_t count = 5;

  Inputs inputs() const { return {.count = count, .values = z, .classes = classes}; }
  Tensor draw(int batch, int threads, Precision precision = Precision::f32) const {
    Model model(network, batch, threads, precision);
    model.load(weights);
    return model.infer(inputs()).output;
  }
  Tensor exact() const {
    Interpreter<double> interpreter(network);
    interpreter.set_parameters(weights);
    const std::vector<double> values(z.begin(), z.end());
    interpreter.forward(named_inputs<double>(network, count, values, classes));
    return interpreter.tensor(network.outputs[0]);
  }
};

// A dense layer, two convolutions of either kind between wide images (or sequences), a thin image.
net::Network odd_network(RandomSequence& random) {
  for (;;) {
    const auto upto = [&](int low, int high) { return low + static_cast<int>(random.below(high - low + 1)); };
    const bool sequence = random.below(5) == 0;
    const int channels = upto(9, 40);
    const int height = sequence ? 1 : upto(1, 6);
    const int width = upto(1, 7);
    const auto any_conv = [&](int out) -> net::Layer {
      const net::Pair kernel{sequence ? 1 : upto(1, 5), upto(1, 5)};
      const net::Pair stride{sequence ? 1 : upto(1, 3), upto(1, 3)};
      net::Padding padding;
      if (random.below(2) == 0) {
        padding = {.same = false, .left = upto(0, 3), .right = upto(0, 3)};
        if (!sequence) padding.top = upto(0, 3);
        if (!sequence) padding.bottom = upto(0, 3);
      }
      if (random.below(2) == 0)
        return net::Conv{.out = out, .kernel = kernel, .stride = stride, .padding = padding, .bias = upto(0, 1) == 1};
      return net::ConvTranspose{
          .out = out, .kernel = kernel, .stride = stride, .padding = padding, .bias = upto(0, 1) == 1};
    };
    const Shape shape = sequence ? Shape{channels, width} : Shape{channels, height, width};
    net::Network network{.name = "generator",
                         .nodes = {{"z", {}, net::Input{.role = net::Role::latent, .shape = {4}}},
                                   {"dense", {"z"}, net::Dense{.out = channels * height * width}},
                                   {"reshape", {"dense"}, net::Reshape{.shape = shape}},
                                   {"act", {"reshape"}, net::Activation{.kind = net::ActivationKind::elu}},
                                   {"one", {"act"}, any_conv(upto(9, 90))},
                                   {"two", {"one"}, any_conv(upto(9, 40))},
                                   {"image", {"two"}, any_conv(upto(1, 3))}},
                         .outputs = {"image"}};
    try {
      if (element_count(net::infer_shapes(network).back()) <= 2000) return network;
    } catch (const UserError&) {  // the paddings leave nothing
    }
  }
}

std::vector<Subject> odd_subjects() {
  std::vector<Subject> subjects;
  RandomSequence random(Random(7, "geometry"), 0);
  for (std::uint32_t i = 0; i < 16; ++i) {
    Subject s{.network = odd_network(random), .weights = {}, .z = std::vector<float>(4 * 5), .classes = {}};
    s.weights = net::initialise(s.network, i);
    for (auto& [name, tensor] : s.weights) {
      if (name.ends_with(".bias")) Random(9, name).uniform(i, tensor.values<float>());
    }
    Random(8, "z").normal(i, s.z);
    subjects.push_back(std::move(s));
  }
  return subjects;
}

Subject digits(net::Condition condition) {
  net::GeneratorConfig config{.latent_dim = 20, .width = 16, .image_size = 12};
  config.condition = condition;
  config.classes = condition == net::Condition::none ? 0 : 3;
  Subject s{.network = net::digits_generator(config), .weights = {}, .z = std::vector<float>(20 * 5), .classes = {}};
  s.weights = net::initialise(s.network, 3);
  Random(8, "z").normal(100, s.z);
  if (config.classes > 0) s.classes = {0, 2, 1, 1, 0};
  return s;
}

double distance(const Tensor& found, const Tensor& wanted) {
  const Tensor w = as_float(wanted);
  double squares = 0;
  for (std::int64_t i = 0; i < w.count(); ++i)
    squares += std::pow(found.values<float>()[i] - double{w.values<float>()[i]}, 2);
  return std::sqrt(squares) / std::max(norm_of(w), 1e-2);  // a kernel may meet nothing but padding
}

// One sample has plans of its own, and few rows have products of their own; seven have the general ones.
TEST_F(InferencePlans, FewSamplesTakeTheBitsOfManyOnOddGeometries) {
  for (const Subject& s : odd_subjects()) {
    SCOPED_TRACE(net::describe(s.network));
    const Tensor many = s.draw(7, 1);
    EXPECT_LE(distance(many, s.exact()), 1e-5);
    for (const std::string& level : kernels::available_levels()) {
      if (level == "scalar") continue;
      kernels::set_level(level);
      for (const int threads : {1, 2, 3}) EXPECT_EQ(s.draw(1, threads), many) << level << " " << threads;
      EXPECT_EQ(s.draw(2, 2), many) << level;
    }
    kernels::set_level(kernels::available_levels()[0]);
  }
}

TEST_F(InferencePlans, FewSamplesTakeTheBitsOfManyInMixedPrecisionOnOddGeometries) {
  for (const Unit unit : units()) {
    kernels::set_unit(unit);
    double largest = 0;
    for (const Subject& s : odd_subjects()) {
      SCOPED_TRACE(std::string(kernels::name_of(unit)) + " " + net::describe(s.network));
      const Tensor many = s.draw(17, 1, Precision::mixed);
      const double error = distance(many, s.exact());
      EXPECT_LE(error, kMixedBound);
      largest = std::max(largest, error);
      for (const int threads : {1, 2, 3}) EXPECT_EQ(s.draw(1, threads, Precision::mixed), many) << threads;
      EXPECT_EQ(s.draw(2, 2, Precision::mixed), many);
    }
    EXPECT_GT(largest, 1e-4) << "this is not bf16";
  }
}

TEST_F(InferencePlans, MixedPicturesAreThoseOfDoubleWithinTheBoundOfBf16) {
  for (const net::Condition condition : {net::Condition::none, net::Condition::embedding, net::Condition::concat}) {
    const Subject s = digits(condition);
    for (const Unit unit : units()) {
      kernels::set_unit(unit);
      SCOPED_TRACE(kernels::name_of(unit));
      const Tensor few = s.draw(1, 2, Precision::mixed);
      EXPECT_LE(distance(few, s.exact()), kMixedBound);
      EXPECT_GT(distance(few, s.exact()), 1e-4) << "this is not bf16";
      for (const int batch : {2, 5, 9, 17, 40, 64})
        EXPECT_EQ(s.draw(batch, 1 + batch % 3, Precision::mixed), few) << batch;
    }
  }
}

TEST_F(InferencePlans, EmulationsDrawThePicturesOfTheHardware) {
  const Subject s = digits(net::Condition::embedding);
  for (const Unit unit : kernels::hardware_units()) {
    for (const int batch : {1, 17, 32}) {
      kernels::set_unit(unit);
      const Tensor real = s.draw(batch, 2, Precision::mixed);
      kernels::set_unit(kernels::is_dot(unit) ? Unit::emulated_dot : Unit::emulated_tiles);
      EXPECT_EQ(s.draw(batch, 2, Precision::mixed), real) << kernels::name_of(unit) << " " << batch;
    }
  }
}

TEST_F(InferencePlans, MixedIsF32WhereTheCpuHasNoUnitForIt) {
  const Subject s = digits(net::Condition::none);
  kernels::set_unit(Unit::none);
  EXPECT_EQ(s.draw(1, 1, Precision::mixed), s.draw(1, 1));
  EXPECT_EQ(s.draw(64, 1, Precision::automatic), s.draw(64, 1));
  kernels::set_unit(Unit::emulated_dot);
  EXPECT_NE(s.draw(1, 1, Precision::automatic), s.draw(1, 1));
}

// A piece of few samples between larger ones, and other weights: grids and packed weights of before must not show.
TEST_F(InferencePlans, ASampleDoesNotDependOnItsNeighboursOrOnWhatCameBefore) {
  for (const Precision precision : {Precision::f32, Precision::mixed}) {
    kernels::set_unit(Unit::emulated_tiles);
    const Subject s = digits(net::Condition::embedding);
    Subject other = s;
    for (auto& [name, tensor] : other.weights) {
      for (float& v : tensor.values<float>()) v = 0.5F * v + 0.1F;
    }
    Model model(s.network, 4, 2, precision);
    model.load(other.weights);
    model.infer(s.inputs());
    model.load(s.weights);
    const Tensor all = model.infer(s.inputs()).output;
    EXPECT_EQ(all, s.draw(1, 1, precision));
    const std::int64_t features = all.count() / s.count;
    for (std::int64_t i = 0; i < s.count; ++i) {
      const Tensor alone =
          model.infer({.count = 1, .values = std::span(s.z).subspan(i * 20, 20), .classes = {&s.classes[i], 1}}).output;
      EXPECT_TRUE(std::equal(alone.values<float>().begin(), alone.values<float>().end(),
                             all.values<float>().begin() + i * features))
          << i;
    }
  }
}

// Five samples from one class to another, and what they are at both ends.
struct Between {
  Subject subject;
  std::vector<std::int32_t> toward{2, 0, 1, 2, 1};
  std::vector<float> shares{0.25F, 0.5F, 0.3F, 0.9F, 0.001F};

  Inputs inputs() const {
    Inputs inputs = subject.inputs();
    inputs.toward = toward;
    inputs.shares = shares;
    return inputs;
  }
  Tensor draw(int batch, int threads, Precision precision = Precision::f32) const {
    Model model(subject.network, batch, threads, precision);
    model.load(subject.weights);
    return model.infer(inputs()).output;
  }
};

TEST_F(InferencePlans, BetweenTwoClassesTheNetworkGetsTheMixtureOfBoth) {
  for (const net::Condition condition : {net::Condition::embedding, net::Condition::concat}) {
    const Between between{.subject = digits(condition)};
    const Subject& s = between.subject;
    Interpreter<double> interpreter(s.network);
    interpreter.set_parameters(s.weights);
    interpreter.forward(named_inputs<double>(s.network, s.count, std::vector<double>(s.z.begin(), s.z.end()), s.classes,
                                             between.toward, between.shares));
    const std::vector<double>& wanted = interpreter.value(s.network.outputs[0]);
    for (const int batch : {1, 64}) {  // plans of their own
      const Tensor drawn = between.draw(batch, 1);
      ASSERT_EQ(static_cast<std::size_t>(drawn.count()), wanted.size());
      for (std::size_t i = 0; i < wanted.size(); ++i) ASSERT_NEAR(drawn.values<float>()[i], wanted[i], 1e-5) << i;
      EXPECT_NE(drawn, s.draw(batch, 1));
      for (const int threads : {2, 5}) EXPECT_EQ(between.draw(batch, threads), drawn) << batch << ' ' << threads;
    }
    EXPECT_EQ(between.draw(2, 2), between.draw(1, 1)) << "in pieces";
  }
}

TEST_F(InferencePlans, TheEndsBetweenTwoClassesAreTheBitsOfTheClasses) {
  for (const Precision precision : {Precision::f32, Precision::mixed}) {
    kernels::set_unit(Unit::emulated_dot);
    for (const net::Condition condition : {net::Condition::embedding, net::Condition::concat}) {
      Between between{.subject = digits(condition)};
      const Tensor first = between.subject.draw(64, 2, precision);
      between.shares.assign(5, 0);
      EXPECT_EQ(between.draw(64, 2, precision), first);
      between.shares = {0.1F, 0.5F, 1.0F / 3, 0.7F, 1};
      between.toward = between.subject.classes;
      EXPECT_EQ(between.draw(64, 2, precision), first) << "from a class to itself";
      between.toward = {1, 1, 2, 0, 2};
      between.shares.assign(5, 1);
      Subject second = between.subject;
      second.classes = between.toward;
      EXPECT_EQ(between.draw(64, 2, precision), second.draw(64, 2, precision));
    }
  }
}

TEST_F(InferencePlans, OneSampleByItselfBetweenTwoClassesIsAsInABatch) {
  const Between between{.subject = digits(net::Condition::embedding)};
  const Subject& s = between.subject;
  Model model(s.network, 64, 2);
  model.load(s.weights);
  const Tensor all = model.infer(between.inputs()).output;
  const std::int64_t features = all.count() / s.count;
  for (std::int64_t i = 0; i < s.count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    Inputs one{.count = 1,
               .values = std::span(s.z).subspan(at * 20, 20),
               .classes = {&s.classes[at], 1},
               .toward = {&between.toward[at], 1},
               .shares = {&between.shares[at], 1}};
    const Tensor alone = model.infer(one).output;
    one.by_itself = true;
    const Tensor by_itself = model.infer(one).output;
    for (std::int64_t f = 0; f < features; ++f) {
      ASSERT_EQ(alone.values<float>()[f], all.values<float>()[i * features + f]) << i;
      ASSERT_NEAR(by_itself.values<float>()[f], all.values<float>()[i * features + f], 1e-5) << i;
    }
  }
}

TEST_F(InferencePlans, AMixtureThatDoesNotFitIsRefused) {
  const Between good{.subject = digits(net::Condition::concat)};
  const auto fault = [&](const auto& spoil) {
    Between bad = good;
    spoil(bad);
    EXPECT_THROW(bad.draw(64, 1), DataError);
  };
  fault([](Between& b) { b.toward[3] = 3; });
  fault([](Between& b) { b.toward[0] = -1; });
  fault([](Between& b) { b.toward.pop_back(); });
  fault([](Between& b) { b.shares.pop_back(); });
  fault([](Between& b) { b.shares.clear(); });
  fault([](Between& b) { b.shares[1] = 1.5F; });
  fault([](Between& b) { b.shares[1] = -0.1F; });
  fault([](Between& b) { b.shares[1] = std::nanf(""); });
}

// A step of one player moves the running statistics of both.
TEST_F(InferencePlans, SeesTheRunningStatisticsThatAStepHasMoved) {
  const Match m = family(small_generator(), small_discriminator());
  auto fast = make_fast(m, 8, 2);
  ReferenceGame<double> slow(m.generator, m.discriminator, {.game = m.game, .batch = 8});
  slow.set_state(start(m));
  const Data data = make_data(m, 8, 0);
  const Inputs inputs{.count = 8, .values = data.z, .classes = {}};
  const Tensor before = fast->infer("generator", inputs).output;
  fast->step(data.batch(8, 0), Phase::discriminator);
  slow.step(data.batch(8, 0), Phase::discriminator);
  const Tensor after = fast->infer("generator", inputs).output;
  EXPECT_NE(after, before);
  expect_close({{"generator", after}}, {{"generator", slow.infer("generator", inputs, false, {}, {}).output}}, 1e-5,
               "inference");
}

}  // namespace
}  // namespace ganymede::engine
