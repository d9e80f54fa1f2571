#include "net/traits.hpp"

#include <gtest/gtest.h>

#include "net/families.hpp"

namespace ganymede::net {
namespace {

// What a kind of layer does is held against its traits by tests/engine/layers_test.cpp.

Shape shape_of(const Network& network, const std::vector<Shape>& shapes, const char* node) {
  return shapes[static_cast<std::size_t>(network.index_of(node))];
}

TEST(ShapesAsImages, AreThoseThatVectorsAreReshapedToLater) {
  const Network generator = digits_generator({.latent_dim = 2, .width = 3});
  const std::vector<Shape> shapes = shapes_as_images(generator);
  EXPECT_EQ(shape_of(generator, shapes, "z"), Shape{2}) << "a product mixes what comes before it";
  for (const char* node : {"dense", "norm0", "act0", "reshape"}) {
    EXPECT_EQ(shape_of(generator, shapes, node), (Shape{12, 7, 7})) << node;
  }
  EXPECT_EQ(shape_of(generator, shapes, "image"), (Shape{1, 28, 28}));
}

TEST(ShapesAsImages, GoThroughProductsToBothFactors) {
  const Network network{.name = "generator",
                        .nodes = {{"z", {}, Input{.role = Role::latent, .shape = {12}}},
                                  {"a", {"z"}, Dense{.out = 12}},
                                  {"b", {"z"}, Dense{.out = 12}},
                                  {"product", {"a", "b"}, Multiply{}},
                                  {"image", {"product"}, Reshape{.shape = {3, 2, 2}}}},
                        .outputs = {"image"}};
  const std::vector<Shape> shapes = shapes_as_images(network);
  EXPECT_EQ(shape_of(network, shapes, "a"), (Shape{3, 2, 2}));
  EXPECT_EQ(shape_of(network, shapes, "b"), (Shape{3, 2, 2}));
}

TEST(ShapesAsImages, LeaveVectorsThatNobodyReshapes) {
  const Network discriminator = digits_discriminator({});
  const std::vector<Shape> shapes = shapes_as_images(discriminator);
  EXPECT_EQ(shape_of(discriminator, shapes, "flatten").size(), 1U);
  EXPECT_EQ(shape_of(discriminator, shapes, "dense"), Shape{1});
}

}  // namespace
}  // namespace ganymede::net
