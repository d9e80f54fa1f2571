#include "train/class_parts.hpp"

#include <gtest/gtest.h>

#include "net/families.hpp"

namespace ganymede::train {
namespace {

Tensor tensor(const Shape& shape, const std::vector<float>& values) {
  return Tensor::of<float>(shape, values);
}

std::vector<float> values_of(const std::optional<Tensor>& found) {
  if (!found) return {};
  const auto values = found->values<float>();
  return {values.begin(), values.end()};
}

TEST(ClassParts, AreFoundWhereTheClassIsRead) {
  net::InkGeneratorConfig ink;
  ink.latent_dim = 7;
  ink.classes = 3;
  ink.condition = net::Condition::concat;
  EXPECT_EQ(class_axes(net::ink_generator(ink)),
            (std::map<std::string, ClassAxis>{{"dense.weight", {.axis = 1, .first = 7}}}));
  ink.condition = net::Condition::embedding;
  EXPECT_EQ(class_axes(net::ink_generator(ink)), (std::map<std::string, ClassAxis>{{"embedding.weight", {}}}));
  ink.condition = net::Condition::none;
  EXPECT_TRUE(class_axes(net::ink_generator(ink)).empty());
  net::InkDiscriminatorConfig discriminator;
  discriminator.classes = 3;
  discriminator.condition = net::Condition::concat;
  discriminator.auxiliary = true;
  const auto axes = class_axes(net::ink_discriminator(discriminator));
  EXPECT_EQ(axes.at("dense1.weight"), (ClassAxis{.axis = 1, .first = 30}));
  EXPECT_EQ(axes.at("class_dense.weight"), (ClassAxis{}));
  EXPECT_FALSE(axes.contains("dense2.weight"));
}

TEST(ClassParts, PlacesAreThoseOfTheSameName) {
  const std::vector<std::string> here = {"B", "heart", "A"}, there = {"A", "B", "C"};
  EXPECT_EQ(places_of_classes(here, there), (std::vector<int>{1, -1, 0}));
}

// Two rows; two values, then the classes A B C there and B heart A here.
TEST(ClassParts, ColumnsOfKnownClassesMoveAndNewOnesStayFresh) {
  const Tensor source = tensor({2, 5}, {1, 2, 10, 20, 30, 3, 4, 40, 50, 60});
  const Tensor fresh = tensor({2, 5}, {-1, -2, -3, -4, -5, -6, -7, -8, -9, -10});
  const ClassAxis columns{.axis = 1, .first = 2};
  EXPECT_EQ(values_of(with_known_classes(fresh, columns, source, columns, std::vector<int>{1, -1, 0}, 3)),
            (std::vector<float>{1, 2, 20, -4, 10, 3, 4, 50, -9, 40}));
  // One class alone here.
  EXPECT_EQ(values_of(with_known_classes(tensor({2, 3}, {-1, -2, -3, -4, -5, -6}), columns, source, columns,
                                         std::vector<int>{2}, 3)),
            (std::vector<float>{1, 2, 30, 3, 4, 60}));
}

TEST(ClassParts, RowsOfKnownClassesMoveWhole) {
  const Tensor source = tensor({2, 2}, {1, 2, 3, 4}), fresh = tensor({3, 2}, {-1, -2, -3, -4, -5, -6});
  EXPECT_EQ(values_of(with_known_classes(fresh, {}, source, {}, std::vector<int>{1, -1, 0}, 2)),
            (std::vector<float>{3, 4, -3, -4, 1, 2}));
}

TEST(ClassParts, WhatDiffersInMoreIsNotTaken) {
  const Tensor source = tensor({2, 4}, std::vector<float>(8)), fresh = tensor({2, 5}, std::vector<float>(10));
  const ClassAxis columns{.axis = 1, .first = 2};
  const std::vector<int> places = {0, 1, -1};
  EXPECT_TRUE(with_known_classes(fresh, columns, source, columns, places, 2).has_value());
  EXPECT_FALSE(with_known_classes(fresh, columns, source, columns, places, 3).has_value());
  EXPECT_FALSE(with_known_classes(fresh, columns, source, {.axis = 1, .first = 1}, places, 2).has_value());
  EXPECT_FALSE(with_known_classes(fresh, columns, tensor({3, 4}, std::vector<float>(12)), columns, places, 2));
  EXPECT_FALSE(with_known_classes(fresh, columns, tensor({8}, std::vector<float>(8)), columns, places, 2));
}

}  // namespace
}  // namespace ganymede::train
