#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "engine/matches.hpp"

namespace ganymede::engine {
namespace {

/// Weights of a generator, nothing at its trivial value, running statistics among them.
NamedTensors busy_weights(const net::Network& network) {
  NamedTensors weights = net::initialise(network, 1);
  std::uint32_t index = 0;
  for (auto& [name, tensor] : weights) {
    const auto values = tensor.values<float>();
    std::vector<float> noise(values.size());
    Random(5, "pull_back").uniform(index++, noise);
    const bool variance = name.ends_with("running_var");
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = variance ? 0.5F + noise[i] : values[i] + 0.3F * (noise[i] - 0.4F);
  }
  return weights;
}

std::vector<float> normals(std::size_t count, const char* stream) {
  std::vector<float> z(count);
  Random(6, stream).normal(0, z);
  return z;
}

/// L = sum of w y over all outputs, another w for each sample and value.
struct Weighted {
  std::vector<float> w;
  std::size_t values;
  OutputSlopes slopes() const {
    return [this](std::int64_t first, std::span<const float> outputs, std::span<float> into) {
      std::copy_n(w.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(first) * values), outputs.size(),
                  into.begin());
    };
  }
  double loss(const Tensor& output) const {
    double sum = 0;
    for (std::size_t i = 0; i < w.size(); ++i) sum += static_cast<double>(w[i]) * output.values<float>()[i];
    return sum;
  }
};

net::Network linear(int z, int out) {
  return {.name = "generator",
          .nodes = {{"z", {}, net::Input{.role = net::Role::latent, .shape = {z}}},
                    {"dense", {"z"}, net::Dense{.out = out}},
                    {"image", {"dense"}, net::Reshape{{1, 1, out}}}},
          .outputs = {"image"}};
}

TEST(PullBack, OfALinearNetworkIsTheTransposedWeightTimesTheSlopes) {
  NamedTensors weights;
  weights["generator.dense.weight"] = Tensor::of<float>({3, 2}, std::vector<float>{1, 2, -3, 4, 5, -6});
  weights["generator.dense.bias"] = Tensor::of<float>({3}, std::vector<float>{1, 0, 2});
  Model model(linear(2, 3), 4, 1);
  model.load(weights);
  const std::vector<float> z{1, 1, 2, -1};
  const PulledBack back =
      model.pull_back({.count = 2, .values = z}, [](std::int64_t first, std::span<const float> y, std::span<float> g) {
        EXPECT_EQ(first, 0);
        std::copy(y.begin(), y.end(), g.begin());  // L = |y|^2 / 2
      });
  EXPECT_EQ(back.output.shape(), (Shape{2, 1, 1, 3}));
  EXPECT_EQ(back.output, Tensor::of<float>({2, 1, 1, 3}, std::vector<float>{4, 1, 1, 1, -10, 18}));
  // W'y: of (4, 1, 1) and (1, -10, 18).
  EXPECT_EQ(back.gradient, Tensor::of<float>({2, 2}, std::vector<float>{6, 6, 121, -146}));
}

// Every norm and most layers of generators, conditional ones too: through BatchNorm's running statistics, in pieces.
TEST(PullBack, IsTheFiniteDifferenceOfWhatInferenceGives) {
  for (const net::Norm norm : {net::Norm::none, net::Norm::batch, net::Norm::layer}) {
    for (const int classes : {0, 3}) {
      net::GeneratorConfig config = small_generator();
      config.norm = norm;
      config.activation = {.kind = net::ActivationKind::elu};
      config.classes = classes;
      const net::Network network = net::digits_generator(config);
      Model model(network, 3, 2);
      model.load(busy_weights(network));
      const std::int64_t count = 5;
      const std::vector<float> z = normals(static_cast<std::size_t>(count) * 4, "z");
      std::vector<std::int32_t> labels;
      for (std::int64_t i = 0; classes > 0 && i < count; ++i) labels.push_back(static_cast<std::int32_t>(i % classes));
      const Weighted weighted{normals(static_cast<std::size_t>(count) * 144, "w"), 144};
      const Inputs inputs{.count = count, .values = z, .classes = labels};
      const PulledBack back = model.pull_back(inputs, weighted.slopes());
      const Tensor plain = model.infer(inputs).output;
      ASSERT_EQ(back.output.shape(), plain.shape());
      for (std::int64_t i = 0; i < plain.count(); ++i)
        EXPECT_NEAR(back.output.values<float>()[i], plain.values<float>()[i], 2e-6);
      for (std::size_t k = 0; k < z.size(); ++k) {
        const auto loss_with = [&](float change) {
          std::vector<float> moved = z;
          moved[k] += change;
          return weighted.loss(model.infer({.count = count, .values = moved, .classes = labels}).output);
        };
        constexpr float kStep = 1.0F / 128;
        const double difference = (loss_with(kStep) - loss_with(-kStep)) / (2.0 * kStep);
        EXPECT_NEAR(back.gradient.values<float>()[k], difference, 5e-3 * (1 + std::fabs(difference)))
            << "norm " << static_cast<int>(norm) << ", classes " << classes << ", z " << k;
      }
    }
  }
}

TEST(PullBack, HasTheSameBitsWhateverTheThreadsAndNeighboursAndChangesNothing) {
  net::GeneratorConfig config = small_generator();
  const net::Network network = net::digits_generator(config);
  Model one(network, 8, 1), two(network, 8, 2);
  const NamedTensors weights = busy_weights(network);
  one.load(weights);
  two.load(weights);
  const std::vector<float> z = normals(11 * 4, "z");
  const Weighted weighted{normals(11 * 144, "w"), 144};
  const Tensor before = one.infer({.count = 11, .values = z}).output;
  const PulledBack back = one.pull_back({.count = 11, .values = z}, weighted.slopes());
  const PulledBack other = two.pull_back({.count = 11, .values = z}, weighted.slopes());
  EXPECT_EQ(back.gradient, other.gradient);
  EXPECT_EQ(back.output, other.output);
  EXPECT_EQ(one.infer({.count = 11, .values = z}).output, before) << "running statistics stay";
  const Weighted last{{weighted.w.end() - 144, weighted.w.end()}, 144};
  const PulledBack alone = one.pull_back({.count = 1, .values = std::span(z).last(4)}, last.slopes());
  for (std::size_t k = 0; k < 4; ++k)
    EXPECT_EQ(alone.gradient.values<float>()[k], back.gradient.values<float>()[40 + k]) << k;
}

TEST(PullBack, FollowsTheWeights) {
  const net::Network network = linear(2, 3);
  Model model(network, 4, 1);
  NamedTensors weights = busy_weights(network);
  model.load(weights);
  const std::vector<float> z{1, 2};
  const Weighted weighted{{1, 2, 3}, 3};
  const PulledBack first = model.pull_back({.count = 1, .values = z}, weighted.slopes());
  for (float& v : weights.at("generator.dense.weight").values<float>()) v *= -2;
  model.load(weights);
  const PulledBack second = model.pull_back({.count = 1, .values = z}, weighted.slopes());
  for (std::size_t k = 0; k < 2; ++k)
    EXPECT_NEAR(second.gradient.values<float>()[k], -2 * first.gradient.values<float>()[k], 1e-5);
}

TEST(PullBack, RefusesWhatDoesNotFit) {
  Model model(linear(2, 3), 4, 1);
  const std::vector<float> z{1, 2, 3};
  const auto nothing = [](std::int64_t, std::span<const float>, std::span<float>) {};
  EXPECT_THROW(model.pull_back({.count = 2, .values = z}, nothing), ShapeError);
  net::Network coupled = linear(2, 3);
  coupled.nodes.insert(coupled.nodes.begin() + 1, {"minibatch", {"z"}, net::MinibatchStd{}});
  coupled.nodes[2].inputs = {"minibatch"};
  Model refused(coupled, 4, 1);
  EXPECT_THROW(refused.pull_back({.count = 1, .values = std::span(z).first(2)}, nothing), ConfigError);
}

}  // namespace
}  // namespace ganymede::engine
