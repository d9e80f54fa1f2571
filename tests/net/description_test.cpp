#include "net/description.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/enumerators.hpp"
#include "base/error.hpp"
#include "base/philox.hpp"
#include "net/families.hpp"

namespace ganymede::net {
namespace {

// Every kind of layer with attributes that are not the defaults.
Network zoo() {
  return {
      .name = "zoo",
      .nodes = {{"in", {}, Input{.role = Role::image, .shape = {4, 9, 7}}},
                {"class", {}, Input{.role = Role::class_index, .shape = {}, .classes = 5}},
                {"embedding", {"class"}, Embedding{6}},
                {"one_hot", {"class"}, OneHot{}},
                {"conv", {"in"}, Conv{.out = 6, .kernel = {3, 2}, .stride = {1, 2}, .padding = {}, .bias = false}},
                {"up",
                 {"conv"},
                 ConvTranspose{.out = 6,
                               .kernel = {2, 3},
                               .stride = {2, 1},
                               .padding = {.same = false, .top = 1, .bottom = 0, .left = 0, .right = 2}}},
                {"batch", {"up"}, BatchNorm{.epsilon = 1e-5, .momentum = 0.9}},
                {"layer", {"batch"}, LayerNorm{.over = LayerNorm::Over::sample, .epsilon = 1e-6}},
                {"relu",
                 {"layer"},
                 Activation{.kind = ActivationKind::relu, .negative_slope = 0.1F, .max_value = 6, .threshold = 0.5F}},
                {"elu", {"relu"}, Activation{.kind = ActivationKind::elu, .alpha = 0.7F}},
                {"rrelu", {"elu"}, Activation{.kind = ActivationKind::rrelu, .lower = 0.2F, .upper = 0.4F}},
                {"prelu", {"rrelu"}, Activation{.kind = ActivationKind::prelu, .channels = 6}},
                {"pool", {"prelu"}, Pool{.kind = PoolKind::average, .kernel = {3, 1}, .stride = {2, 1}}},
                {"flat", {"pool"}, Reshape{{-1}}},
                {"drop", {"flat"}, Dropout{0.3F}},
                {"dense", {"drop"}, Dense{6, false}},
                {"times", {"dense", "embedding"}, Multiply{}},
                {"join", {"times", "one_hot"}, Concat{}}},
      .outputs = {"join"}};
}

std::string message_of(const std::string& json) {
  try {
    from_json(json);
  } catch (const DataError& error) {
    return error.what();
  }
  return "";
}

TEST(Description, RoundTripsEveryLayer) {
  for (const Network& network :
       {zoo(), digits_generator({}), digits_discriminator({.classes = 10, .auxiliary = true})}) {
    infer_shapes(network);
    EXPECT_EQ(from_json(to_json(network)), network);
    EXPECT_EQ(to_json(from_json(to_json(network))), to_json(network));
  }
}

TEST(Description, WritesShortNumbers) {
  EXPECT_NE(to_json(zoo()).find("\"rate\":0.3"), std::string::npos);
  EXPECT_NE(to_json(digits_generator({})).find("\"max_value\":null"), std::string::npos);
}

TEST(Description, FillsDefaults) {
  const Network network = from_json(R"({"schema": "ganymede.network/1", "name": "d", "outputs": ["c"], "nodes": [
    {"name": "x", "kind": "input", "role": "image", "shape": [1, 8, 8]},
    {"name": "c", "kind": "conv", "inputs": ["x"], "out": 3, "kernel": 4, "stride": [2, 1], "padding": "valid"}]})");
  EXPECT_EQ(std::get<Conv>(network.nodes[1].layer),
            (Conv{.out = 3, .kernel = {4, 4}, .stride = {2, 1}, .padding = {.same = false}, .bias = true}));
}

TEST(Description, NamesThePlaceOfAFault) {
  const auto with_node = [](const std::string& node) {
    return message_of(R"({"schema": "ganymede.network/1", "name": "d", "outputs": [], "nodes": [)" + node + "]}");
  };
  EXPECT_EQ(with_node(R"({"name": "x", "kind": "dense", "outs": 3})"),
            "network description, node 0: unknown key 'outs'; known are name, inputs, kind, out, bias, spectral");
  EXPECT_EQ(with_node(R"({"name": "x", "kind": "dens"})"),
            "network description, node 0: there is no layer kind 'dens'");
  EXPECT_EQ(with_node(R"({"name": "x", "kind": "dense", "out": 1.5})"),
            "network description, node 0: 'out' must be an integer of 32 bits (got 1.5)");
  EXPECT_EQ(with_node(R"({"name": "x", "kind": "activation", "function": "gelu"})"),
            "network description, node 0: 'function' must be one of linear, relu, leaky_relu, prelu, elu, rrelu, tanh, "
            "sigmoid (got \"gelu\")");
  EXPECT_EQ(with_node(R"({"kind": "dense"})"), "network description, node 0: 'name' is missing");
  EXPECT_EQ(message_of("[]"), "network description: wanted an object, found []");
  EXPECT_EQ(message_of(R"({"schema": "ganymede.network/2"})"),
            "network description: wanted schema ganymede.network/1, found ganymede.network/2");
  EXPECT_NE(message_of("{"), "");
}

// A damaged description is a DataError, or a network that the checks judge without harm.
TEST(Description, SurvivesRandomDamage) {
  const std::string good = to_json(zoo());
  const std::string bits = "{}[]\",:-.0123456789eE trufalsn\\\n\x80";
  int read = 0;
  for (std::uint32_t round = 0; round < 3000; ++round) {
    RandomSequence random(Random(7, "test.fuzz"), round);
    std::string text = good;
    const std::uint32_t edits = 1 + random.below(3);
    for (std::uint32_t i = 0; i < edits; ++i) {
      const std::size_t at = random.below(static_cast<std::uint32_t>(text.size()));
      const char byte = bits[random.below(static_cast<std::uint32_t>(bits.size()))];
      switch (random.below(4)) {
        case 0:
          text.erase(at, 1 + random.below(20));
          break;
        case 1:
          text.insert(at, 1, byte);
          break;
        default:
          text[at] = byte;
      }
      if (text.empty()) text = " ";
    }
    try {
      const Network network = from_json(text);
      EXPECT_EQ(from_json(to_json(network)), network) << text;
      ++read;
      describe(network);
    } catch (const UserError&) {
    }
  }
  EXPECT_GT(read, 100);  // the damage is small enough to get past the parser
}

TEST(Describe, ShowsLayersAndTotals) {
  const std::string text = describe(digits_generator({.latent_dim = 2}));
  EXPECT_NE(text.find("generator\n"), std::string::npos);
  EXPECT_NE(text.find("  conv2    conv_transpose  [64, 14, 14]     204,800  5x5 stride 2 no bias\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("  1,101,632 parameters: 1,076,160 trainable, 25,472 not\n"), std::string::npos) << text;
}

/// That the description of a layer made of each enumerator says `key`: its spelling in the code, and leads back to it.
template <class E, class F>
void expect_spelled(const std::string& key, const F& layer_of) {
  for (const auto& [value, spelling] : ganymede::testing::enumerators<E>()) {
    SCOPED_TRACE(spelling);
    const Network network{.name = "n", .nodes = {{"layer", {}, layer_of(value)}}, .outputs = {"layer"}};
    const std::string text = to_json(network);
    EXPECT_NE(text.find(fmt::format("\"{}\":\"{}\"", key, spelling)), std::string::npos) << text;
    EXPECT_EQ(from_json(text), network);
  }
}

TEST(Description, SpellsEveryEnumeratorAsTheCodeDoes) {
  expect_spelled<ActivationKind>("function", [](ActivationKind kind) { return Activation{.kind = kind}; });
  expect_spelled<PoolKind>("function", [](PoolKind kind) { return Pool{.kind = kind}; });
  expect_spelled<LayerNorm::Over>("over", [](LayerNorm::Over over) { return LayerNorm{.over = over}; });
  expect_spelled<Role>("role", [](Role role) { return Input{.role = role, .shape = {}}; });
}

}  // namespace
}  // namespace ganymede::net
