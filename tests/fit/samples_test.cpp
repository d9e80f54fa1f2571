#include "fit/samples.hpp"

#include <limits>

#include "base/error.hpp"
#include "fit/augment.hpp"
#include "fit/tiny.hpp"

namespace ganymede::fit {
namespace {

std::vector<float> sample(const Samples& samples, std::int64_t i) {
  std::vector<float> values(static_cast<std::size_t>(samples.values_per_sample()));
  samples.copy(i, values);
  return values;
}

TEST(Samples, OfADatasetAreItsImagesInTheUnitRange) {
  const data::Dataset d = bars(4, 2, 1);
  const Samples samples = samples_of(d);
  EXPECT_EQ(samples.count, 4);
  EXPECT_EQ(samples.shape, (Shape{1, 12, 12}));
  EXPECT_EQ(samples.labels, (std::vector<std::int32_t>{0, 1, 0, 1}));
  std::vector<float> wanted(144);
  data::to_unit_range(d.image(3), wanted);
  EXPECT_EQ(sample(samples, 3), wanted);
  EXPECT_EQ(sample(samples_of(d.images, d.labels), 3), wanted);
}

TEST(Samples, OfADatasetWithoutClassesAreRefused) {
  data::Dataset d = bars(4, 2, 1);
  d.labels.clear();
  d.class_names.clear();
  EXPECT_NE(message_of<DataError>([&] { samples_of(d); }).find("bars"), std::string::npos);
}

TEST(Samples, RefuseOtherShapesAndTypes) {
  EXPECT_THROW(samples_of(Tensor(DType::u8, {2, 10, 3}), {0, 1}), ShapeError);
  EXPECT_THROW(samples_of(Tensor(DType::f32, {2, 1, 2, 1, 9}), {0, 1}), ShapeError);
  EXPECT_THROW(samples_of(Tensor(DType::f64, {2, 1, 3, 3}), {0, 1}), ShapeError);
  EXPECT_THROW(samples_of(Tensor(DType::u8, {2, 9}), {0, 1}), ShapeError);
  EXPECT_THROW(samples_of(Tensor(DType::f32, {2, 1, 3, 3}), {0, 1, 2}), ShapeError);
}

TEST(RealAndFake, AreLabelledOneAndZero) {
  const std::vector<float> real = {0.5F, -0.5F}, fake = {0.25F};
  const Tensor reals = Tensor::of<float>({2, 1, 1, 1}, real), fakes = Tensor::of<float>({1, 1, 1, 1}, fake);
  const Samples samples = real_and_fake(reals, fakes, false);
  EXPECT_EQ(samples.labels, (std::vector<std::int32_t>{1, 1, 0}));
  EXPECT_EQ(sample(samples, 1), std::vector<float>{-0.5F});
  EXPECT_EQ(sample(samples, 2), std::vector<float>{0.25F});
}

// -0.9999 is -1 in eight bits; else a classifier would win by that alone.
TEST(RealAndFake, CannotBeToldByRoundingWhereBothAreRounded) {
  const std::vector<std::uint8_t> black = {0, 255, 128};
  const std::vector<float> nearly = {-0.9999F, 0.9999F, 0.0039F};
  const Tensor reals = Tensor::of<std::uint8_t>({1, 1, 1, 3}, black), fakes = Tensor::of<float>({1, 1, 1, 3}, nearly);
  const Samples rounded = real_and_fake(reals, fakes, true);
  EXPECT_EQ(sample(rounded, 0), sample(rounded, 1));
  const Samples raw = real_and_fake(reals, fakes, false);
  EXPECT_NE(sample(raw, 0), sample(raw, 1));
}

TEST(RealAndFake, TakeLevelsForRoundedFloats) {
  Tensor floats(DType::f32, {4, 1, 5, 5});
  Random(1, "floats").normal(0, floats.values<float>());  // some beyond -1 and 1
  const Tensor levels = to_levels(floats);
  const Samples a = real_and_fake(floats, levels, true);
  for (std::int64_t i = 0; i < 4; ++i) EXPECT_EQ(sample(a, i), sample(a, 4 + i));
}

TEST(RealAndFake, RefuseWhatCannotBeCompared) {
  const Tensor a(DType::f32, {2, 1, 3, 3}), b(DType::f32, {2, 1, 3, 4}), none(DType::f32, {0, 1, 3, 3});
  EXPECT_THROW(real_and_fake(a, b, true), ShapeError);
  EXPECT_THROW(real_and_fake(a, none, true), ShapeError);
  Tensor bad = a;
  bad.values<float>()[7] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_NE(message_of<DataError>([&] { real_and_fake(a, bad, false); }).find("fake samples: value 7"),
            std::string::npos);
}

TEST(ShiftPicture, MovesAndRepeatsTheEdge) {
  std::vector<float> p = {1, 2, 3, 4, 5, 6};
  shift_picture(p, {1, 2, 3}, {.rows = 0, .columns = 1});
  EXPECT_EQ(p, (std::vector<float>{1, 1, 2, 4, 4, 5}));
  shift_picture(p, {1, 2, 3}, {.rows = -1, .columns = 0});
  EXPECT_EQ(p, (std::vector<float>{4, 4, 5, 4, 4, 5}));
  std::vector<float> two = {1, 2, 3, 4};
  shift_picture(two, {2, 1, 2}, {.rows = 1, .columns = -1});
  EXPECT_EQ(two, (std::vector<float>{2, 2, 4, 4}));  // planes do not mix
}

TEST(ShiftOf, TakesEveryShiftEquallyOften) {
  constexpr int kDraws = 9000;
  std::vector<int> counts(9);
  for (std::uint32_t i = 0; i < kDraws; ++i) {
    const Shift s = shift_of(1, 5, 2, i);
    ASSERT_LE(std::abs(s.rows), 1);
    ASSERT_LE(std::abs(s.columns), 1);
    ++counts[static_cast<std::size_t>(3 * (s.rows + 1) + s.columns + 1)];
  }
  for (const int count : counts) EXPECT_NEAR(count, 1000, 5 * std::sqrt(1000 * 8.0 / 9));
}

TEST(AddNoise, HasTheWantedDeviationAndIsNewEachEpoch) {
  std::vector<float> first(20000), second(20000);
  add_noise(first, 0.5, 1, 0, 3);
  add_noise(second, 0.5, 1, 1, 3);
  EXPECT_NE(first, second);
  double sum = 0, squares = 0;
  for (const float v : first) {
    sum += v;
    squares += double{v} * v;
  }
  EXPECT_NEAR(sum / 20000, 0, 5 * 0.5 / std::sqrt(20000));
  EXPECT_NEAR(std::sqrt(squares / 20000), 0.5, 5 * 0.5 / std::sqrt(40000));
}

}  // namespace
}  // namespace ganymede::fit
