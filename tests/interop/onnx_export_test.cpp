#include "interop/onnx_export.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/proto_message.hpp"
#include "interop/onnx_graph.hpp"
#include "interop/parsed_proto.hpp"
#include "interop/tiny_networks.hpp"

// That ONNX Runtime draws the same pictures shows bench/peers/read_exports; here is what needs no runtime.

namespace ganymede::interop {
namespace {

using Strings = std::vector<std::string>;

const OnnxWords kWords{.version = "1.2", .sentence = "a sentence", .metadata = {{"run", "r"}}};

ParsedProto model_of(const net::Network& network) {
  return ParsedProto(to_onnx(frozen(network), kWords));
}
ParsedProto graph_of(const net::Network& network) {
  return model_of(network).messages(7).at(0);
}

Strings ops_of(const ParsedProto& graph) {
  Strings ops;
  for (const ParsedProto& node : graph.messages(1)) ops.push_back(node.text(4));
  return ops;
}

/// The integers of an operator's attribute.
std::vector<std::uint64_t> ints_of(const ParsedProto& graph, const std::string& output, const std::string& attribute) {
  for (const ParsedProto& node : graph.messages(1)) {
    if (node.text(2) != output) continue;
    for (const ParsedProto& a : node.messages(5))
      if (a.text(1) == attribute) return a.numbers.contains(8) ? a.numbers.at(8) : a.numbers.at(3);
  }
  ADD_FAILURE() << output << " has no " << attribute;
  return {};
}

/// "z float N 3"
std::string signature(const ParsedProto& info) {
  const ParsedProto tensor = info.messages(2).at(0).messages(1).at(0);
  std::string text = info.text(1) + (tensor.number(1) == 7 ? " int64" : " float");
  for (const ParsedProto& dim : tensor.messages(2).at(0).messages(1))
    text += dim.texts.contains(2) ? " " + dim.text(2) : " " + std::to_string(dim.number(1));
  return text;
}

std::string hex(const std::string& bytes) {
  std::string text;
  for (const char c : bytes) text += "0123456789abcdef"[(c >> 4) & 15], text += "0123456789abcdef"[c & 15];
  return text;
}

// The examples of protobuf.dev/programming-guides/encoding.
TEST(Protobuf, EncodesTheExamplesOfItsSpecification) {
  ProtoMessage number, text, whole, single, negative;
  number.add_integer(1, 150);
  EXPECT_EQ(hex(number.bytes()), "089601");
  text.add_bytes(2, "testing");
  EXPECT_EQ(hex(text.bytes()), "120774657374696e67");
  whole.add_message(3, number);
  EXPECT_EQ(hex(whole.bytes()), "1a03089601");
  single.add_float(1, 1);
  EXPECT_EQ(hex(single.bytes()), "0d0000803f");
  negative.add_integer(20, -2);
  EXPECT_EQ(hex(negative.bytes()), "a001feffffffffffffffff01");
}

TEST(OnnxExport, SaysOpsetProducerAndWords) {
  const ParsedProto model = model_of(tiny_generator());
  EXPECT_EQ(model.number(1), 8U);
  EXPECT_EQ(model.text(2), "ganymede");
  EXPECT_EQ(model.text(3), "1.2");
  EXPECT_EQ(model.text(6), "a sentence");
  EXPECT_EQ(model.messages(8).at(0).number(2), 17U);
  EXPECT_EQ(model.messages(14).at(0).text(1), "run");
  EXPECT_EQ(model.messages(14).at(0).text(2), "r");
}

TEST(OnnxExport, NamesInputsAndHeadsOfAnyBatch) {
  const ParsedProto g = graph_of(net::digits_generator(
      {.latent_dim = 3, .classes = 4, .condition = net::Condition::embedding, .width = 2, .image_size = 8}));
  ASSERT_EQ(g.messages(11).size(), 2U);
  EXPECT_EQ(signature(g.messages(11)[0]), "z float N 3");
  EXPECT_EQ(signature(g.messages(11)[1]), "class int64 N");
  ASSERT_EQ(g.messages(12).size(), 1U);
  EXPECT_EQ(signature(g.messages(12)[0]), "image float N 1 8 8");
  const ParsedProto d = graph_of(net::digits_discriminator(
      {.classes = 4, .condition = net::Condition::none, .auxiliary = true, .width = 2, .image_size = 8}));
  EXPECT_EQ(signature(d.messages(11).at(0)), "image float N 1 8 8");
  EXPECT_EQ(signature(d.messages(12).at(0)), "logit float N 1");
  EXPECT_EQ(signature(d.messages(12).at(1)), "class_logits float N 4");
}

TEST(OnnxExport, HoldsTheWeightsBitForBit) {
  const FrozenNetwork network = frozen(tiny_generator());
  const ParsedProto graph = ParsedProto(to_onnx(network, kWords)).messages(7).at(0);
  std::size_t seen = 0;
  for (const ParsedProto& constant : graph.messages(5)) {
    const auto found = network.tensors.find(constant.text(8));
    if (found == network.tensors.end()) continue;
    ++seen;
    const auto bytes = found->second.bytes();
    EXPECT_EQ(constant.text(9), std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    EXPECT_EQ(Shape(constant.numbers.at(1).begin(), constant.numbers.at(1).end()), found->second.shape());
  }
  EXPECT_EQ(seen, network.tensors.size());
}

TEST(OnnxExport, ComputesInInference) {
  EXPECT_EQ(ops_of(graph_of(tiny_generator())),
            (Strings{"Gemm", "BatchNormalization", "LeakyRelu", "Reshape", "ConvTranspose", "BatchNormalization",
                     "LeakyRelu", "ConvTranspose", "BatchNormalization", "LeakyRelu", "ConvTranspose", "Tanh"}));
  const ParsedProto d = graph_of(net::digits_discriminator({.width = 2, .image_size = 8, .dropout = 0.3F}));
  EXPECT_EQ(ops_of(d), (Strings{"Conv", "LeakyRelu", "Conv", "LeakyRelu", "Reshape", "Gemm"})) << "no dropout";
}

TEST(OnnxExport, PadsAsKerasDoes) {
  using Numbers = std::vector<std::uint64_t>;
  const ParsedProto g = graph_of(tiny_generator());
  EXPECT_EQ(ints_of(g, "conv1", "pads"), (Numbers{2, 2, 2, 2}));  // top, left, bottom, right
  EXPECT_EQ(ints_of(g, "conv2", "pads"), (Numbers{1, 1, 2, 2}));
  EXPECT_EQ(ints_of(g, "conv2", "strides"), (Numbers{2, 2}));
  const ParsedProto wide = graph_of(chain_of({.role = net::Role::image, .shape = {1, 3, 3}},
                                             {{"up", net::ConvTranspose{.kernel = {2, 5}, .stride = {4, 2}}}}));
  EXPECT_EQ(ints_of(wide, "image", "pads"), (Numbers{0, 1, 0, 2}));
  EXPECT_EQ(ints_of(wide, "image", "output_padding"), (Numbers{2, 0}));
}

TEST(OnnxExport, KnowsEveryActivation) {
  using net::ActivationKind;
  const auto ops = [](const net::Activation& activation) {
    return ops_of(graph_of(chain_of({.role = net::Role::latent, .shape = {4}}, {{"a", activation}})));
  };
  EXPECT_EQ(ops({.kind = ActivationKind::linear}), Strings{"Identity"});  // the head has a name of its own
  EXPECT_EQ(ops({.kind = ActivationKind::relu}), Strings{"Relu"});
  EXPECT_EQ(ops({.kind = ActivationKind::relu, .max_value = 6}), Strings{"Clip"});
  EXPECT_EQ(ops({.kind = ActivationKind::relu, .negative_slope = 0.1F, .max_value = 6, .threshold = 1}),
            (Strings{"Sub", "Mul", "GreaterOrEqual", "Where", "Min"}));
  EXPECT_EQ(ops({.kind = ActivationKind::leaky_relu}), Strings{"LeakyRelu"});
  EXPECT_EQ(ops({.kind = ActivationKind::rrelu}), Strings{"LeakyRelu"});
  EXPECT_EQ(ops({.kind = ActivationKind::prelu}), Strings{"PRelu"});
  EXPECT_EQ(ops({.kind = ActivationKind::elu}), Strings{"Elu"});
  EXPECT_EQ(ops({.kind = ActivationKind::tanh}), Strings{"Tanh"});
  EXPECT_EQ(ops({.kind = ActivationKind::sigmoid}), Strings{"Sigmoid"});
}

// Three equal steps: the first has no state yet, so two products less.
TEST(OnnxExport, WritesAGruStepByStep) {
  const ParsedProto graph = graph_of(
      chain_of({.role = net::Role::image, .shape = {2, 3, 4}}, {{"gru", net::ConvGru{.out = 5, .kernel = 3}}}));
  const Strings ops = ops_of(graph);
  EXPECT_EQ(std::ranges::count(ops, "Conv"), 2 + 2 * 2);
  EXPECT_EQ(std::ranges::count(ops, "Tanh"), 3);
  EXPECT_EQ(ops.back(), "Concat");
}

// ONNX orders the gates i, o, f, c; here it is i, f, g, o. forget_bias becomes part of f's.
TEST(OnnxExport, OrdersTheGatesOfAnLstm) {
  const net::Network network =
      chain_of({.role = net::Role::vector, .shape = {2, 3}}, {{"lstm", net::Lstm{.out = 1, .forget_bias = 0.5F}}});
  NamedTensors weights = some_weights(network);
  const float bias[] = {1, 2, 3, 4};
  weights["generator.lstm.bias"] = Tensor::of<float>({4}, std::span<const float>(bias));
  const ParsedProto graph = ParsedProto(to_onnx(freeze(network, weights), kWords)).messages(7).at(0);
  for (const ParsedProto& constant : graph.messages(5)) {
    if (constant.text(8) != "image/bias") continue;
    const float wanted[] = {1, 4, 2.5F, 3, 0, 0, 0, 0};
    EXPECT_EQ(constant.text(9), std::string(reinterpret_cast<const char*>(wanted), sizeof(wanted)));
    return;
  }
  FAIL() << "no bias";
}

TEST(OnnxExport, KeepsNamesApart) {
  net::Network network =
      chain_of({.role = net::Role::latent, .shape = {2}},
               {{"image", net::Dense{.out = 2}}, {"end", net::Activation{net::ActivationKind::tanh}}});
  const ParsedProto graph = graph_of(network);
  EXPECT_EQ(graph.messages(1).at(0).text(2), "image_");
  EXPECT_EQ(graph.messages(1).at(1).text(2), "image");
}

}  // namespace
}  // namespace ganymede::interop
