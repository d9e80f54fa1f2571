#include <gtest/gtest.h>

#include <cmath>

#include "net/families.hpp"

namespace ganymede::net {
namespace {

Network small(int latent_dim = 5) {
  return digits_generator({.latent_dim = latent_dim, .width = 8, .image_size = 8});
}

const Parameter& find(const std::vector<Parameter>& list, const std::string& name) {
  for (const Parameter& p : list) {
    if (p.name == name) return p;
  }
  throw std::out_of_range(name);
}

struct Moments {
  double mean = 0, deviation = 0, largest = 0;
};

Moments moments(const Tensor& tensor) {
  Moments m;
  double squares = 0;
  for (const float value : tensor.values<float>()) {
    m.mean += value;
    squares += static_cast<double>(value) * value;
    m.largest = std::max(m.largest, std::fabs(static_cast<double>(value)));
  }
  m.mean /= static_cast<double>(tensor.count());
  m.deviation = std::sqrt(squares / static_cast<double>(tensor.count()) - m.mean * m.mean);
  return m;
}

TEST(Parameters, CountFansAsKeras) {
  const std::vector<Parameter> g = parameters(digits_generator({.latent_dim = 2}));
  EXPECT_EQ(find(g, "dense.weight").fan_in, 2);
  EXPECT_EQ(find(g, "dense.weight").fan_out, 12544);
  EXPECT_EQ(find(g, "conv1.weight").fan_in, 128 * 25);  // read off [kh, kw, out, in]
  EXPECT_EQ(find(g, "conv1.weight").fan_out, 256 * 25);
  const std::vector<Parameter> d = parameters(digits_discriminator({}));
  EXPECT_EQ(find(d, "conv1.weight").fan_in, 25);
  EXPECT_EQ(find(d, "conv1.weight").fan_out, 64 * 25);
  EXPECT_EQ(find(d, "dense.weight").shape, (Shape{1, 6272}));
}

TEST(Parameters, KeepPyTorchsNamesAndOrder) {
  std::vector<std::string> names;
  for (const Parameter& p : parameters(digits_generator({}))) names.push_back(p.name);
  EXPECT_EQ(names, (std::vector<std::string>{"dense.weight", "norm0.weight", "norm0.bias", "norm0.running_mean",
                                             "norm0.running_var", "conv1.weight", "norm1.weight", "norm1.bias",
                                             "norm1.running_mean", "norm1.running_var", "conv2.weight", "norm2.weight",
                                             "norm2.bias", "norm2.running_mean", "norm2.running_var", "conv3.weight"}));
  EXPECT_EQ(find(parameters(digits_generator({})), "conv1.weight").shape, (Shape{256, 128, 5, 5}));
}

TEST(Initialise, GlorotUniformStaysInItsBoundsWithItsDeviation) {
  const Moments m = moments(initialise(small(), 1).at("generator.conv1.weight"));
  const double bound = std::sqrt(6.0 / (25 * (32 + 16)));
  EXPECT_LE(m.largest, bound);
  EXPECT_GT(m.largest, 0.99 * bound);
  // 12,800 numbers: the mean has a deviation of bound/sqrt(3)/113, the deviation one of about 0.5 %.
  EXPECT_NEAR(m.mean, 0, 4 * bound / std::sqrt(3.0) / 113);
  EXPECT_NEAR(m.deviation, bound / std::sqrt(3.0), 0.02 * bound);
}

TEST(Initialise, HeUniformReadsTheFanIn) {
  const Moments m = moments(initialise(small(), 1, Init::he_uniform).at("generator.conv1.weight"));
  const double bound = std::sqrt(6.0 / (25 * 16));
  EXPECT_LE(m.largest, bound);
  EXPECT_GT(m.largest, 0.99 * bound);
}

TEST(Initialise, NormalVariantsAreCutAtTwoDeviationsOfTheUncut) {
  const Moments m = moments(initialise(small(), 1, Init::glorot_normal).at("generator.conv1.weight"));
  const double deviation = std::sqrt(2.0 / (25 * (32 + 16)));
  EXPECT_NEAR(m.deviation, deviation, 0.03 * deviation);
  EXPECT_LE(m.largest, 2 * deviation / 0.8796256610342398);
  const Moments he = moments(initialise(small(), 1, Init::he_normal, 2).at("generator.conv1.weight"));
  EXPECT_NEAR(he.deviation, 2 * std::sqrt(2.0 / (25 * 16)), 0.03 * 2 * std::sqrt(2.0 / (25 * 16)));
}

TEST(Initialise, NormalIsNotCut) {
  const Moments m = moments(initialise(small(), 1, Init::normal, 0.02).at("generator.conv1.weight"));
  EXPECT_NEAR(m.deviation, 0.02, 0.0006);
  EXPECT_GT(m.largest, 3 * 0.02);
}

TEST(Initialise, OrthogonalRowsOrColumnsAreOrthonormal) {
  const NamedTensors tensors = initialise(small(), 1, Init::orthogonal, 2);
  for (const auto& [name, first] : {std::pair{"generator.conv1.weight", 32}, {"generator.dense.weight", 128}}) {
    const Tensor& tensor = tensors.at(name);
    const auto values = tensor.values<float>();
    const auto rows = static_cast<std::size_t>(first);
    const std::size_t columns = values.size() / rows;
    const bool by_row = rows <= columns;
    const std::size_t vectors = std::min(rows, columns);
    for (std::size_t a = 0; a < vectors; ++a) {
      for (std::size_t b = 0; b <= a; ++b) {
        double dot = 0;
        for (std::size_t k = 0; k < std::max(rows, columns); ++k) {
          dot += by_row ? static_cast<double>(values[a * columns + k]) * values[b * columns + k]
                        : static_cast<double>(values[k * columns + a]) * values[k * columns + b];
        }
        ASSERT_NEAR(dot, a == b ? 4 : 0, 1e-6) << name;  // rounding of the stored floats
      }
    }
  }
}

TEST(Initialise, TakesKerasDefaultsForTheRest) {
  const Network network = digits_generator({.latent_dim = 2,
                                            .classes = 3,
                                            .condition = Condition::embedding,
                                            .width = 2,
                                            .image_size = 8,
                                            .activation = {.kind = ActivationKind::prelu}});
  const NamedTensors tensors = initialise(network, 1, Init::constant, 0.25);
  EXPECT_EQ(moments(tensors.at("generator.conv1.weight")).mean, 0.25);
  EXPECT_EQ(moments(tensors.at("generator.norm0.weight")).mean, 1);
  EXPECT_EQ(moments(tensors.at("generator.norm0.running_var")).mean, 1);
  EXPECT_EQ(moments(tensors.at("generator.norm0.bias")).largest, 0);
  EXPECT_EQ(moments(tensors.at("generator.act0.weight")).largest, 0);
  EXPECT_LE(moments(tensors.at("generator.embedding.weight")).largest, 0.05);
  EXPECT_GT(moments(tensors.at("generator.embedding.weight")).largest, 0);
}

TEST(Initialise, DependsOnSeedAndNameAlone) {
  const NamedTensors a = initialise(small(5), 1);
  EXPECT_EQ(a, initialise(small(5), 1));
  EXPECT_NE(a.at("generator.conv1.weight"), initialise(small(5), 2).at("generator.conv1.weight"));
  EXPECT_EQ(a.at("generator.conv1.weight"), initialise(small(6), 1).at("generator.conv1.weight"));
}

}  // namespace
}  // namespace ganymede::net
