#include "interop/import_weights.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "interop/tiny_networks.hpp"
#include "interop/weight_layers.hpp"
#include "net/keras_import.hpp"

namespace ganymede::interop {
namespace {

const net::Network kNetwork = tiny_generator();

/// The weights of the tiny generator under other names of its layers.
NamedTensors renamed(const std::map<std::string, std::string>& layers, const std::string& prefix = "") {
  NamedTensors result;
  for (const auto& [name, tensor] : frozen(kNetwork).tensors) {
    const std::size_t dot = name.find('.');
    result[prefix + layers.at(name.substr(0, dot)) + name.substr(dot)] = tensor;
  }
  return result;
}
const std::map<std::string, std::string> kOwn = {{"dense", "dense"}, {"norm0", "norm0"}, {"conv1", "conv1"},
                                                 {"norm1", "norm1"}, {"conv2", "conv2"}, {"norm2", "norm2"},
                                                 {"conv3", "conv3"}};
// As nn.Sequential counts: activations and the reshape have numbers too, and 10 comes after 9.
const std::map<std::string, std::string> kSequential = {{"dense", "main.0"}, {"norm0", "main.1"}, {"conv1", "main.4"},
                                                        {"norm1", "main.5"}, {"conv2", "main.7"}, {"norm2", "main.8"},
                                                        {"conv3", "main.10"}};

NamedTensors wanted() {
  return some_weights(kNetwork);
}

std::string fault_of(const NamedTensors& tensors, const ImportOptions& options = {}) {
  try {
    import_weights(kNetwork, tensors, options);
  } catch (const DataError& error) {
    return error.what();
  }
  return "";
}

#define EXPECT_HOLDS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)

TEST(ImportWeights, CountsNumbersInNames) {
  EXPECT_TRUE(counts_before("net.2", "net.10"));
  EXPECT_FALSE(counts_before("net.10", "net.2"));
  EXPECT_TRUE(counts_before("dense", "dense_1"));
  EXPECT_TRUE(counts_before("a9b", "a10b"));
  EXPECT_TRUE(counts_before("a1.9", "a01.10"));
  EXPECT_FALSE(counts_before("x", "x"));
  EXPECT_TRUE(counts_before("a", "b"));
}

TEST(ImportWeights, FindsLayersByName) {
  const ImportedWeights found = import_weights(kNetwork, renamed(kOwn));
  EXPECT_EQ(found.tensors, wanted());
  EXPECT_EQ(found.way, "by name");
  EXPECT_EQ(found.taken.front().ours, "dense.weight");
}

TEST(ImportWeights, FindsThemUnderAPrefixAndLeavesOtherNetworksOut) {
  NamedTensors model = renamed(kOwn, "module.generator.");
  model["module.discriminator.dense.weight"] = Tensor(DType::f32, {1, 4});
  const ImportedWeights found = import_weights(kNetwork, model);
  EXPECT_EQ(found.tensors, wanted());
  EXPECT_EQ(found.way, "by name under module.generator.");
  EXPECT_EQ(found.left_out, std::vector<std::string>{"module.discriminator.dense.weight"});
}

TEST(ImportWeights, AsksWhichOfTwoIsMeant) {
  NamedTensors model = renamed(kOwn, "generator.");
  for (auto& [name, tensor] : renamed(kOwn, "ema.generator.")) {
    model[name] = tensor;
    model[name].values<float>()[0] = 5;
  }
  EXPECT_HOLDS(fault_of(model), "there 2 times, under ema.generator., generator.: which are meant? (--prefix)");
  EXPECT_EQ(import_weights(kNetwork, model, {.prefix = "generator."}).tensors, wanted());
  const ImportedWeights average = import_weights(kNetwork, model, {.prefix = "ema.generator."});
  EXPECT_EQ(average.tensors.at("generator.conv1.weight").values<float>()[0], 5);
  EXPECT_EQ(average.left_out.size(), wanted().size());
}

TEST(ImportWeights, PairsLayersOfEachKindInOrder) {
  NamedTensors tensors = renamed(kSequential);
  const std::int64_t batches = 7;
  tensors["main.1.num_batches_tracked"] = Tensor::of<std::int64_t>({}, std::span<const std::int64_t>(&batches, 1));
  const ImportedWeights found = import_weights(kNetwork, tensors);
  EXPECT_EQ(found.tensors, wanted());
  EXPECT_EQ(found.way, "in order");
  EXPECT_EQ(found.taken.back().theirs, "main.10.weight");
  EXPECT_EQ(found.left_out, std::vector<std::string>{"main.1.num_batches_tracked"});
}

TEST(ImportWeights, PairsByATableOfLayersAndTensors) {
  auto odd = kOwn;
  odd["conv1"] = "last";  // which order would take for the third
  odd["conv3"] = "begin";
  NamedTensors tensors = renamed(odd);
  tensors["shift"] = tensors.at("norm2.bias");
  tensors.erase("norm2.bias");
  tensors["head.weight"] = Tensor(DType::f32, {9});
  const NameTable table = {
      {"last", "conv1"}, {"begin", "conv3"}, {"shift", "norm2.bias"}, {"norm2", "norm2"}, {"head", ""}};
  const ImportedWeights found = import_weights(kNetwork, tensors, {.table = table});
  EXPECT_EQ(found.tensors, wanted());
  EXPECT_EQ(found.left_out, std::vector<std::string>{"head.weight"});
  EXPECT_HOLDS(fault_of(tensors, {.table = {{"nowhere", "conv1"}}}), "\"nowhere\" is neither a layer nor a tensor");
  EXPECT_HOLDS(fault_of(tensors, {.table = {{"last", "conv9"}}}), "\"conv9\" is no layer of the network with weights");
  EXPECT_HOLDS(fault_of(tensors, {.table = {{"last", "conv1"}, {"begin", "conv1"}}}), "two names lead to \"conv1\"");
}

TEST(ImportWeights, ListsEverythingThatDoesNotFit) {
  NamedTensors tensors = renamed(kSequential);
  tensors["main.4.weight"] = Tensor(DType::f32, {8, 4, 3, 3});
  tensors.erase("main.5.bias");
  tensors["main.8.extra"] = Tensor(DType::f32, {2});
  const std::string fault = fault_of(tensors);
  EXPECT_HOLDS(fault, "the weights do not fit the generator (in order, 14 of 16 tensors):\n");
  EXPECT_HOLDS(fault, "\n  conv1.weight: wanted [8, 4, 5, 5], found [8, 4, 3, 3] (main.4.weight)");
  EXPECT_HOLDS(fault, "\n  norm1.bias: wanted [4], found nothing (main.5 has no bias)");
  EXPECT_HOLDS(fault, "\n  main.8.extra [2]: nothing in the network takes it");
}

TEST(ImportWeights, RefusesValuesThatAreNoNumbers) {
  NamedTensors tensors = renamed(kOwn);
  tensors.at("conv2.weight").values<float>()[3] = NAN;
  EXPECT_HOLDS(fault_of(tensors), "conv2.weight holds values that are no numbers");
  tensors.at("conv2.weight") = Tensor(DType::i64, {4, 2, 5, 5});
  EXPECT_HOLDS(fault_of(tensors), "conv2.weight: wanted floating-point values, found i64");
}

TEST(ImportWeights, TakesDoubles) {
  NamedTensors tensors = renamed(kOwn);
  Tensor wide(DType::f64, {4});
  for (std::size_t i = 0; i < 4; ++i) wide.values<double>()[i] = tensors.at("norm1.bias").values<float>()[i];
  tensors["norm1.bias"] = wide;
  EXPECT_EQ(import_weights(kNetwork, tensors).tensors, wanted());
}

// Keras' names of a model made layer by layer, and tensors that tell their places.
NamedTensors keras_tensors(const std::string& prefix) {
  NamedTensors t;
  const auto add = [&](const std::string& name, const Shape& shape) {
    Tensor tensor(DType::f32, shape);
    std::iota(tensor.values<float>().begin(), tensor.values<float>().end(), static_cast<float>(t.size()));
    t[prefix + name] = tensor;
  };
  add("dense/kernel", {3, 32});
  const char* norms[] = {"batch_normalization", "batch_normalization_1", "batch_normalization_2"};
  const std::int64_t channels[] = {32, 4, 2};
  for (std::size_t i = 0; i < 3; ++i) {
    for (const char* of : {"/gamma", "/beta", "/moving_mean", "/moving_variance"})
      add(norms[i] + std::string(of), {channels[i]});
  }
  add("conv2d_transpose/kernel", {5, 5, 4, 8});
  add("conv2d_transpose_1/kernel", {5, 5, 2, 4});
  add("conv2d_transpose_2/kernel", {5, 5, 2, 2});
  return t;
}

TEST(ImportWeights, ReadsKerasNamesAndLayouts) {
  const ImportedWeights found = import_weights(kNetwork, keras_tensors("sequential/"), {.layout = WeightLayout::keras});
  const NamedTensors theirs = keras_tensors("");
  const NamedTensors by_importer =
      net::from_keras(kNetwork, {{"dense.kernel", theirs.at("dense/kernel")},
                                 {"norm0.gamma", theirs.at("batch_normalization/gamma")},
                                 {"conv2.kernel", theirs.at("conv2d_transpose_1/kernel")}});
  for (const auto& [name, tensor] : by_importer) EXPECT_EQ(found.tensors.at("generator." + name), tensor) << name;
  EXPECT_EQ(found.tensors.size(), wanted().size());
  EXPECT_EQ(found.way, "in order");
}

TEST(ImportWeights, HoldsKerasShapesToTheirLayout) {
  NamedTensors tensors = keras_tensors("");
  tensors["conv2d_transpose/kernel"] =
      Tensor(DType::f32, {5, 5, 8, 4});  // as PyTorch's order would be: as many elements
  EXPECT_HOLDS(fault_of(tensors, {.layout = WeightLayout::keras}),
               "conv1.weight: wanted [5, 5, 4, 8], found [5, 5, 8, 4] (conv2d_transpose/kernel)");
}

TEST(ImportWeights, ReadsConvolutionsOfSequences) {
  const net::Network network =
      chain_of({.role = net::Role::vector, .shape = {2, 6}}, {{"conv", net::Conv{.out = 3, .kernel = {1, 5}}}});
  Tensor weight(DType::f32, {3, 2, 5}), kernel(DType::f32, {5, 2, 3});
  std::iota(weight.values<float>().begin(), weight.values<float>().end(), 0.0F);
  const Tensor bias(DType::f32, {3});
  EXPECT_EQ(import_weights(network, {{"0.weight", weight}, {"0.bias", bias}}).tensors.at("generator.conv.weight"),
            weight.reshaped({3, 2, 1, 5}));
  const auto keras =
      import_weights(network, {{"conv1d/kernel", kernel}, {"conv1d/bias", bias}}, {.layout = WeightLayout::keras});
  EXPECT_EQ(keras.tensors.at("generator.conv.weight").shape(), (Shape{3, 2, 1, 5}));
}

}  // namespace
}  // namespace ganymede::interop
