#include "tensor/tensor.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "base/error.hpp"

namespace ganymede {
namespace {

TEST(Tensor, StartsAsZeros) {
  const Tensor tensor(DType::f64, {2, 3});
  EXPECT_EQ(tensor.count(), 6);
  EXPECT_EQ(tensor.bytes().size(), 48u);
  for (const double value : tensor.values<double>()) EXPECT_EQ(value, 0);
}

TEST(Tensor, DefaultIsEmpty) {
  const Tensor tensor;
  EXPECT_EQ(tensor.count(), 0);
  EXPECT_TRUE(tensor.bytes().empty());
}

TEST(Tensor, ScalarHasOneElement) {
  const Tensor tensor(DType::f32, {});
  EXPECT_EQ(tensor.count(), 1);
  EXPECT_EQ(tensor.bytes().size(), 4u);
}

TEST(Tensor, RefusesAnotherType) {
  Tensor tensor(DType::f32, {4});
  EXPECT_NO_THROW(tensor.values<float>());
  EXPECT_THROW(tensor.values<std::int32_t>(), ShapeError);
  EXPECT_THROW(tensor.values<double>(), ShapeError);
}

TEST(Tensor, RefusesImpossibleShapes) {
  EXPECT_THROW(Tensor(DType::f32, {2, -1}), ShapeError);
  const std::int64_t huge = std::numeric_limits<std::int64_t>::max() / 2;
  EXPECT_THROW(Tensor(DType::f32, {huge}), ShapeError);
  EXPECT_THROW(Tensor(DType::u8, {huge, huge}), ShapeError);
}

TEST(Tensor, OfTakesExactlyItsValues) {
  const int values[] = {1, 2, 3, 4, 5, 6};
  const auto tensor = Tensor::of<std::int32_t>({2, 3}, values);
  EXPECT_EQ(tensor.dtype(), DType::i32);
  EXPECT_EQ(tensor.values<std::int32_t>()[5], 6);
  EXPECT_THROW(Tensor::of<std::int32_t>({7}, values), ShapeError);
}

TEST(Tensor, ReshapeKeepsTheElementsAndTheirCount) {
  const int values[] = {1, 2, 3, 4, 5, 6};
  const auto tensor = Tensor::of<std::int32_t>({2, 3}, values);
  const Tensor other = tensor.reshaped({3, 1, 2});
  EXPECT_EQ(other.shape(), (Shape{3, 1, 2}));
  EXPECT_EQ(other.values<std::int32_t>()[4], 5);
  try {
    tensor.reshaped({4});
    FAIL();
  } catch (const ShapeError& error) {
    EXPECT_STREQ(error.what(), "6 elements of shape [2, 3] cannot take the shape [4]");
  }
}

TEST(Tensor, EqualityLooksAtTypeShapeAndElements) {
  const float values[] = {1, 2, 3, 4};
  const auto tensor = Tensor::of<float>({2, 2}, values);
  EXPECT_EQ(tensor, Tensor::of<float>({2, 2}, values));
  EXPECT_NE(tensor, tensor.reshaped({4}));
  Tensor other = tensor;
  other.values<float>()[3] = 5;
  EXPECT_NE(tensor, other);
  EXPECT_NE(Tensor(DType::f32, {1}), Tensor(DType::i32, {1}));
}

TEST(DType, HasNamesAndSizes) {
  EXPECT_STREQ(name_of(DType::u8), "u8");
  EXPECT_STREQ(name_of(DType::f64), "f64");
  EXPECT_EQ(size_of(DType::u8), 1u);
  EXPECT_EQ(size_of(DType::i32), 4u);
  EXPECT_EQ(size_of(DType::f32), 4u);
  EXPECT_EQ(size_of(DType::i64), 8u);
  EXPECT_EQ(size_of(DType::f64), 8u);
  EXPECT_EQ(to_string(Shape{60000, 1, 28, 28}), "[60000, 1, 28, 28]");
  EXPECT_EQ(to_string(Shape{}), "[]");
}

TEST(Tensor, ChannelsLastIsTheOrderOfPictureFiles) {
  const std::vector<std::uint8_t> planes = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};  // 2 samples, 3 channels, 1 x 2
  const Tensor moved = channels_last(Tensor::of<std::uint8_t>({2, 3, 1, 2}, planes));
  EXPECT_EQ(moved.shape(), (Shape{2, 1, 2, 3}));
  const auto values = moved.values<std::uint8_t>();
  EXPECT_EQ(std::vector<std::uint8_t>(values.begin(), values.end()),
            (std::vector<std::uint8_t>{1, 3, 5, 2, 4, 6, 7, 9, 11, 8, 10, 12}));
  EXPECT_THROW(channels_last(Tensor(DType::u8, {2, 3})), ShapeError);
}

}  // namespace
}  // namespace ganymede
