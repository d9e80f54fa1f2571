#include "explore/growing_map.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace ganymede::explore {
namespace {

/// "Pictures" that are z itself, of the class that a rule gives them.
MapSource ruled(int dim, std::int32_t (*rule)(std::span<const float> z)) {
  MapSource source{.prior = {.dim = dim, .kind = latent::PriorKind::normal},
                   .class_names = {"a", "b", "c"},
                   .generate = {},
                   .classify = {}};
  source.generate = [dim](std::span<const float> z, std::span<const std::int32_t>) {
    return Tensor::of<float>({std::ssize(z) / dim, 1, 1, dim}, z);
  };
  source.classify = [dim, rule](const Tensor& pictures) {
    std::vector<std::int32_t> labels;
    const auto values = pictures.values<float>();
    for (std::size_t i = 0; i < values.size(); i += static_cast<std::size_t>(dim))
      labels.push_back(rule(values.subspan(i, static_cast<std::size_t>(dim))));
    return labels;
  };
  return source;
}

std::int32_t by_sign(std::span<const float> z) {
  return z[0] < 0 ? 0 : z[1] < 0 ? 1 : 2;
}

TEST(GrowingMap, IsTheMapHoweverItIsDivided) {
  const MapSource source = ruled(3, by_sign);
  const ClassMap whole = make_class_map(source, {.side = 13});
  for (const std::int64_t most : {1, 7, 100, 100'000}) {
    GrowingMap growing(source, {.side = 13});
    std::int64_t done = 0;
    while (const auto piece = growing.next(most)) {
      EXPECT_LE(std::ssize(piece->points), most);
      EXPECT_EQ(piece->done, done += std::ssize(piece->points));
    }
    EXPECT_EQ(done, 13 * 13 * 13);
    EXPECT_EQ(growing.map(), whole);
    EXPECT_FALSE(growing.next());
  }
}

TEST(GrowingMap, BeginsCoarse) {
  GrowingMap growing(ruled(2, by_sign), {.side = 100});
  EXPECT_EQ(growing.next(1000)->spacing, 8);
  EXPECT_EQ(growing.next(1000)->spacing, 4);
}

TEST(Plane, OfBothAxesIsTheMapItself) {
  const MapSource source = ruled(2, by_sign);
  const ClassMap map = make_class_map(on_plane(source, {{0, 0}, {1, 0}, {0, 1}}), {.side = 20});
  EXPECT_EQ(map.parts, make_class_map(source, {.side = 20}).parts);
}

TEST(Plane, CutsASpaceOfAnyDimension) {
  // In five dimensions z = origin + a u + b v: a runs along the first, b along the second, moved by the origin.
  const Plane plane{{0.5F, -0.25F, 0, 0, 9}, {1, 0, 0, 0, 0}, {0, 1, 0, 0, 0}};
  EXPECT_EQ(points_on(plane, std::vector<float>{0, 0, 2, -1}),
            (std::vector<float>{0.5F, -0.25F, 0, 0, 9, 2.5F, -1.25F, 0, 0, 9}));
  const ClassMap map = make_class_map(on_plane(ruled(5, by_sign), plane), {.side = 21});
  EXPECT_EQ(map.dims(), 2);
  EXPECT_EQ(map.parts.front().labels.front(), 0);
  EXPECT_EQ(map.parts.front().labels.back(), 2);
  EXPECT_THROW(on_plane(ruled(5, by_sign), {{0, 0}, {1, 0}, {0, 1}}), ConfigError);
}

}  // namespace
}  // namespace ganymede::explore
