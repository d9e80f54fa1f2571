#include "data/dataset.hpp"

#include <numeric>

#include "base/error.hpp"
#include "data/helpers.hpp"

namespace ganymede::data {
namespace {

TEST(UnitRange, MapsHandNumbers) {
  const std::vector<std::uint8_t> pixels{0, 51, 127, 128, 255};
  std::vector<float> out(5);
  to_unit_range(pixels, out);
  // 51 / 127.5 - 1 = -0.6; 127 and 128 lie half a level beside 0: 1 / 255.
  EXPECT_EQ(out, (std::vector<float>{-1.0f, -0.6f, -1.0f / 255, 1.0f / 255, 1.0f}));
}

TEST(UnitRange, IsOddAroundTheMiddleAndRises) {
  std::vector<std::uint8_t> pixels(256);
  std::iota(pixels.begin(), pixels.end(), 0);
  std::vector<float> out(256);
  to_unit_range(pixels, out);
  for (int x = 0; x < 256; ++x) {
    EXPECT_EQ(out[x], -out[255 - x]);
    if (x > 0) {
      EXPECT_LT(out[x - 1], out[x]);
    }
  }
}

TEST(Dataset, NamesItsClassesByNumberUpToTheLargestLabel) {
  Dataset d;
  d.images = counting({3, 1, 2, 2});
  d.labels = {0, 4, 2};
  d = checked(std::move(d));
  EXPECT_EQ(d.class_names, (std::vector<std::string>{"0", "1", "2", "3", "4"}));
  EXPECT_EQ(d.class_count(), 5);
}

TEST(Dataset, LendsOneImage) {
  Dataset d;
  d.images = counting({3, 3, 2, 2});
  d = checked(std::move(d));
  const auto image = d.image(1);
  ASSERT_EQ(image.size(), 12u);
  EXPECT_EQ(image[0], 12);
  EXPECT_EQ(image[11], 23);
}

TEST(Dataset, RefusesWhatIsNotImages) {
  const auto message = [](Tensor images, std::vector<std::int32_t> labels) {
    Dataset d;
    d.provenance.name = "set";
    d.images = std::move(images);
    d.labels = std::move(labels);
    return message_of<DataError>([&] { checked(std::move(d)); });
  };
  EXPECT_TRUE(says(message(counting({4, 2, 2}), {}), "set: wanted images u8 [N, C, H, W], found u8 [4, 2, 2]"));
  EXPECT_TRUE(says(message(Tensor(DType::f32, {4, 1, 2, 2}), {}), "found f32"));
  EXPECT_TRUE(says(message(counting({4, 2, 2, 2}), {}), "1 or 3 channels, found 2"));
  EXPECT_TRUE(says(message(counting({0, 1, 2, 2}), {}), "no images"));
  EXPECT_TRUE(says(message(counting({2, 1, 2, 2}), {0, 1, 2}), "2 images but 3 labels"));
  EXPECT_TRUE(says(message(counting({2, 1, 2, 2}), {0, -1}), "found -1 to 0"));
}

TEST(Dataset, LimitTakesTheFirstImagesAndKeepsTheClasses) {
  const Dataset all = numbered(30);
  const Dataset few = first_images(all, 3);
  EXPECT_EQ(few.size(), 3);
  EXPECT_EQ(few.labels, (std::vector<std::int32_t>{0, 1, 2}));
  EXPECT_EQ(few.class_count(), 10);
  EXPECT_EQ(few.image(2)[0], 2);
  EXPECT_EQ(first_images(all, 0).size(), 30);
  EXPECT_EQ(first_images(all, 31).size(), 30);
  EXPECT_THROW(first_images(all, -1), ConfigError);
}

TEST(Dataset, HashSeesPixelsLabelsAndShape) {
  const Dataset base = numbered(20);
  EXPECT_EQ(content_hash(base), content_hash(numbered(20)));
  Dataset pixel = base;
  pixel.images.values<std::uint8_t>()[17] ^= 1;
  EXPECT_NE(content_hash(base), content_hash(pixel));
  Dataset label = base;
  label.labels[3] = 4;
  EXPECT_NE(content_hash(base), content_hash(label));
  Dataset shape = base;
  shape.images = base.images.reshaped({20, 1, 4, 1});
  EXPECT_NE(content_hash(base), content_hash(shape));
}

}  // namespace
}  // namespace ganymede::data
