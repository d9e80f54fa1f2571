#include <gtest/gtest.h>

#include "base/error.hpp"
#include "net/network.hpp"

namespace ganymede::net {
namespace {

const Input kImage{.role = Role::image, .shape = {3, 9, 6}};
const Input kSequence{.role = Role::vector, .shape = {3, 10}};
const Input kClass{.role = Role::class_index, .shape = {}, .classes = 10};

// One layer on one input; its shape.
Shape shape_of(const Input& input, const Layer& layer) {
  return infer_shapes({.name = "n", .nodes = {{"in", {}, input}, {"out", {"in"}, layer}}, .outputs = {"out"}}).back();
}

std::string message_of(const Network& network) {
  try {
    infer_shapes(network);
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

std::string message_of(const Input& input, const Layer& layer) {
  return message_of({.name = "n", .nodes = {{"in", {}, input}, {"out", {"in"}, layer}}, .outputs = {"out"}});
}

TEST(InferShapes, SamePaddingDividesByTheStrideRoundingUp) {
  EXPECT_EQ(shape_of(kImage, Conv{.out = 4, .stride = {2, 2}, .padding = {}}), (Shape{4, 5, 3}));
  EXPECT_EQ(shape_of(kImage, Conv{.out = 4, .stride = {4, 1}, .padding = {}}), (Shape{4, 3, 6}));
}

TEST(InferShapes, ExplicitPaddingCountsTheKernelsThatFit) {
  const Padding none{.same = false};
  EXPECT_EQ(shape_of(kImage, Conv{.out = 4, .kernel = {3, 2}, .padding = none}), (Shape{4, 7, 5}));
  const Padding pad{.same = false, .top = 1, .bottom = 0, .left = 2, .right = 1};
  EXPECT_EQ(shape_of(kImage, Conv{.out = 4, .kernel = {3, 4}, .stride = {2, 2}, .padding = pad}), (Shape{4, 4, 3}));
}

TEST(InferShapes, TransposedConvolutionMultipliesByTheStride) {
  EXPECT_EQ(shape_of(kImage, ConvTranspose{.out = 2, .stride = {2, 3}, .padding = {}}), (Shape{2, 18, 18}));
  const Padding pad{.same = false, .top = 1, .bottom = 1, .left = 0, .right = 1};
  EXPECT_EQ(shape_of(kImage, ConvTranspose{.out = 2, .kernel = {4, 4}, .stride = {2, 2}, .padding = pad}),
            (Shape{2, 18, 13}));
}

TEST(InferShapes, SequencesTakeKernelsOfOneRow) {
  EXPECT_EQ(shape_of(kSequence, Conv{.out = 5, .kernel = {1, 3}, .padding = {}}), (Shape{5, 10}));
  EXPECT_EQ(shape_of(kSequence, ConvTranspose{.out = 5, .kernel = {1, 3}, .stride = {1, 2}, .padding = {}}),
            (Shape{5, 20}));
  EXPECT_NE(message_of(kSequence, Conv{.out = 5, .kernel = {3, 3}, .padding = {}}).find("one row"), std::string::npos);
}

TEST(InferShapes, PoolingDropsWindowsThatDoNotFit) {
  EXPECT_EQ(shape_of(kImage, Pool{}), (Shape{3, 4, 3}));
  EXPECT_EQ(shape_of(kImage, Pool{.kernel = {3, 2}, .stride = {3, 1}}), (Shape{3, 3, 5}));
  EXPECT_EQ(shape_of(kSequence, Pool{.kernel = {1, 3}, .stride = {1, 3}}), (Shape{3, 3}));
}

TEST(InferShapes, ReshapeFillsOneOpenExtent) {
  EXPECT_EQ(shape_of(kImage, Reshape{{-1}}), (Shape{162}));
  EXPECT_EQ(shape_of(kImage, Reshape{{2, -1, 3}}), (Shape{2, 27, 3}));
  EXPECT_EQ(message_of(kImage, Reshape{{5, -1}}), "n, layer out (reshape): [3, 9, 6] does not reshape to [5, -1]");
}

TEST(InferShapes, ConcatMakesPlanesOfAVector) {
  const Network network{.name = "n",
                        .nodes = {{"image", {}, kImage},
                                  {"class", {}, kClass},
                                  {"one_hot", {"class"}, OneHot{}},
                                  {"join", {"image", "one_hot"}, Concat{}},
                                  {"twice", {"one_hot", "one_hot"}, Concat{}}},
                        .outputs = {"join", "twice"}};
  const std::vector<Shape> shapes = infer_shapes(network);
  EXPECT_EQ(shapes[3], (Shape{13, 9, 6}));
  EXPECT_EQ(shapes[4], (Shape{20}));
}

TEST(InferShapes, NamesLayerWantedAndFound) {
  EXPECT_EQ(message_of({.name = "generator",
                        .nodes = {{"a", {}, kImage}, {"b", {}, kSequence}, {"c", {"a", "b"}, Multiply{}}},
                        .outputs = {"c"}}),
            "generator, layer c (multiply): wanted two inputs of one shape, found [3, 9, 6] and [3, 10]");
  EXPECT_EQ(message_of(kClass, Dense{4}),
            "n, layer out (dense): wanted values, found the class index 'in': put an embedding or one_hot between");
  EXPECT_EQ(message_of(kImage, Embedding{4}),
            "n, layer out (embedding): wanted an input of role class_index, found 'in' (input)");
  EXPECT_EQ(message_of(kImage, Dense{0}), "n, layer out (dense): out must be between 1 and 16777216 (got 0)");
  EXPECT_EQ(message_of(kImage, Conv{.kernel = {12, 1}, .padding = {.same = false}}),
            "n, layer out (conv): a kernel of 12 rows does not fit into 9 with padding");
}

TEST(InferShapes, RejectsGraphsThatAreNotInOrder) {
  const auto chain = [](std::vector<Node> nodes, std::vector<std::string> outputs) {
    return message_of({.name = "n", .nodes = std::move(nodes), .outputs = std::move(outputs)});
  };
  EXPECT_NE(chain({{"a", {"b"}, Dense{2}}, {"b", {}, kImage}}, {"a"}).find("no earlier layer 'b'"), std::string::npos);
  EXPECT_NE(chain({{"a", {}, kImage}, {"a", {"a"}, Dense{2}}}, {"a"}).find("taken"), std::string::npos);
  EXPECT_NE(chain({{"a", {}, kImage}, {"B", {"a"}, Dense{2}}}, {"B"}).find("lower-case"), std::string::npos);
  EXPECT_NE(chain({{"a", {}, kImage}, {"b", {"a", "a"}, Dense{2}}}, {"b"}).find("wanted 1 inputs"), std::string::npos);
  EXPECT_NE(chain({{"a", {}, kImage}, {"b", {"a"}, Dense{2}}}, {"c"}).find("no node 'c'; there are a, b"),
            std::string::npos);
  EXPECT_NE(chain({{"a", {}, kImage}, {"b", {"a"}, Dense{2}}}, {}).find("at least one output"), std::string::npos);
  EXPECT_NE(chain({{"a", {}, kImage}, {"b", {"a"}, Dense{2}}, {"c", {"a"}, Dense{2}}}, {"c"}).find("goes nowhere"),
            std::string::npos);
}

TEST(InferShapes, RejectsAttributesOutOfRange) {
  EXPECT_NE(message_of(kImage, Dropout{1.0F}), "");
  EXPECT_NE(message_of(kImage, BatchNorm{.epsilon = 0}), "");
  EXPECT_NE(message_of(kImage, BatchNorm{.momentum = 1.5}), "");
  EXPECT_NE(message_of(kImage, Activation{.kind = ActivationKind::relu, .max_value = 1, .threshold = 2}), "");
  EXPECT_NE(message_of(kImage, Activation{.kind = ActivationKind::rrelu, .lower = 1, .upper = 0}), "");
  EXPECT_NE(message_of(kImage, Activation{.kind = ActivationKind::prelu, .channels = 2}), "");
  EXPECT_NE(message_of(kImage, Conv{.padding = {.same = true, .left = 1}}), "");
  EXPECT_THROW(
      parameters({.name = "n", .nodes = {{"in", {}, kImage}, {"out", {"in"}, Dense{1 << 24}}}, .outputs = {"out"}}),
      ConfigError);
  EXPECT_NE(message_of({.role = Role::image, .shape = {3}}, Dense{1}), "");
  EXPECT_NE(message_of({.role = Role::vector, .shape = {1 << 20, 1 << 20}}, Dense{1}), "");
}

TEST(PaddingBefore, PutsTheOddPixelAfter) {
  EXPECT_EQ(padding_before(true, 0, 28, 5, 2), 1);  // 3 in all: 1 before, 2 after
  EXPECT_EQ(padding_before(true, 0, 7, 5, 1), 2);
  EXPECT_EQ(padding_before(true, 0, 7, 5, 2), 2);  // odd extents: 4 in all
  EXPECT_EQ(padding_before(true, 0, 7, 1, 3), 0);
  EXPECT_EQ(padding_before(false, 4, 7, 5, 2), 4);
}

}  // namespace
}  // namespace ganymede::net
