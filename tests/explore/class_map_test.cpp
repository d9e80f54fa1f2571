#include "explore/class_map.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "base/error.hpp"
#include "explore/class_map_picture.hpp"

namespace ganymede::explore {
namespace {

/// "Pictures" that are z (and the class) themselves, classified by a rule on them.
MapSource rule(int dim, int classes, int known, const std::function<int(const float* z, int wanted)>& label) {
  std::vector<std::string> names;
  for (int k = 0; k < known; ++k) names.push_back(std::string(1, static_cast<char>('a' + k)));
  return {.prior = {.dim = dim},
          .classes = classes,
          .class_names = names,
          .generate =
              [dim](std::span<const float> z, std::span<const std::int32_t> wanted) {
                const auto n = static_cast<std::int64_t>(z.size()) / dim;
                Tensor values(DType::f32, {n, dim + 1});
                for (std::int64_t i = 0; i < n; ++i) {
                  std::copy_n(z.begin() + i * dim, dim, values.values<float>().begin() + i * (dim + 1));
                  values.values<float>()[static_cast<std::size_t>(i * (dim + 1) + dim)] =
                      wanted.empty() ? -1.0F : static_cast<float>(wanted[static_cast<std::size_t>(i)]);
                }
                return values;
              },
          .classify =
              [dim, label](const Tensor& pictures) {
                std::vector<std::int32_t> labels;
                for (std::int64_t i = 0; i < pictures.shape()[0]; ++i) {
                  const float* row = pictures.values<float>().data() + i * (dim + 1);
                  labels.push_back(label(row, static_cast<int>(row[dim])));
                }
                return labels;
              }};
}

MapSource halves() {
  return rule(2, 0, 2, [](const float* z, int) { return z[0] > 0 ? 1 : 0; });
}

TEST(ClassMap, SeesEveryPointOfThePlaneAtItsPlace) {
  // Class by which of nine squares z lies in: the first axis runs slowest.
  const auto third = [](float v) { return v < -0.5F ? 0 : v > 0.5F ? 2 : 1; };
  const ClassMap map =
      make_class_map(rule(2, 0, 9, [&](const float* z, int) { return 3 * third(z[0]) + third(z[1]); }), {.side = 3});
  EXPECT_EQ(map.axis, (std::vector<float>{-1, 0, 1}));
  ASSERT_EQ(map.parts.size(), 1U);
  EXPECT_EQ(map.parts[0].labels, (std::vector<std::int32_t>{0, 1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(map.points(), 9);
}

TEST(ClassMap, IsATenThousandPointPlaneByDefault) {
  const ClassMap map = make_class_map(halves(), {});
  EXPECT_EQ(map.points(), 10000);
  EXPECT_FLOAT_EQ(map.axis.front(), -1);
  EXPECT_FLOAT_EQ(map.axis.back(), 1);
  const std::vector<double> shares = area_shares(map);
  EXPECT_DOUBLE_EQ(shares[0], 0.5);
  EXPECT_DOUBLE_EQ(shares[1], 0.5);
  EXPECT_FALSE(wanted_share(map).has_value());
}

TEST(ClassMap, OrdersACubeByItsAxes) {
  const ClassMap map = make_class_map(
      rule(3, 0, 8, [](const float* z, int) { return 4 * (z[0] > 0) + 2 * (z[1] > 0) + (z[2] > 0); }), {.side = 2});
  EXPECT_EQ(map.parts[0].labels, (std::vector<std::int32_t>{0, 1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(make_class_map(rule(3, 0, 8, [](const float*, int) { return 0; }), {}).points(), 32 * 32 * 32);
}

TEST(ClassMap, HasACubeForEachFourthCoordinate) {
  const ClassMap map =
      make_class_map(rule(4, 0, 3, [](const float* z, int) { return z[3] < -0.5F  ? 0
                                                                    : z[3] > 0.5F ? 2
                                                                                  : 1; }),
                     {.side = 2, .fourth = {-1, 0, 1}});
  ASSERT_EQ(map.parts.size(), 3U);
  for (std::int32_t p = 0; p < 3; ++p) {
    EXPECT_EQ(map.parts[static_cast<std::size_t>(p)].fourth, p - 1.0);
    EXPECT_EQ(map.parts[static_cast<std::size_t>(p)].labels, std::vector<std::int32_t>(8, p));
  }
}

TEST(ClassMap, TellsHowOftenTheWantedClassCame) {
  // The generator obeys, except for class 2 where z3 > 0.
  const auto obeys = [](const float* z, int wanted) { return wanted == 2 && z[2] > 0 ? 0 : wanted; };
  const ClassMap map = make_class_map(rule(3, 4, 4, obeys), {.side = 4});
  ASSERT_EQ(map.parts.size(), 4U);
  EXPECT_EQ(map.parts[2].wanted, 2);
  EXPECT_DOUBLE_EQ(area_shares(map.parts[2].labels, 4)[2], 0.5);
  EXPECT_DOUBLE_EQ(area_shares(map.parts[1].labels, 4)[1], 1);
  EXPECT_DOUBLE_EQ(wanted_share(map).value(), 7 / 8.0);
  EXPECT_EQ(make_class_map(rule(3, 4, 4, obeys), {.wanted = {3}}).points(), 22 * 22 * 22);
}

TEST(ClassMap, ChangeIsTheShareOfPointsThatDiffer) {
  const ClassMap a = make_class_map(halves(), {.side = 10});
  ClassMap b = a;
  EXPECT_EQ(changed_share(a, b), 0);
  for (const std::size_t i : {0, 17, 99}) b.parts[0].labels[i] = 1 - b.parts[0].labels[i];
  EXPECT_DOUBLE_EQ(changed_share(a, b), 0.03);
  EXPECT_DOUBLE_EQ(changed_share(b, a), 0.03);
  EXPECT_THROW(changed_share(a, make_class_map(halves(), {.side = 11})), ConfigError);
  EXPECT_THROW(changed_share(a, make_class_map(halves(), {.side = 10, .range = 2})), ConfigError);
}

TEST(CoveredMass, IsThatOfTheStudysRanges) {
  // [-1, 1]^d holds 47, 32, 22 % of N(0, I).
  EXPECT_NEAR(covered_mass({.dim = 2}, 1), 0.466, 0.0005);
  EXPECT_NEAR(covered_mass({.dim = 3}, 1), 0.318, 0.0005);
  EXPECT_NEAR(covered_mass({.dim = 4}, 1), 0.217, 0.0005);
  EXPECT_DOUBLE_EQ(covered_mass({.dim = 3, .kind = latent::PriorKind::uniform}, 0.5), 0.125);
  EXPECT_DOUBLE_EQ(covered_mass({.dim = 3, .kind = latent::PriorKind::uniform}, 2), 1);
}

TEST(MapAxes, QuantilesStandForEqualMass) {
  const MapOptions options{.axis = MapAxis::quantile};
  const std::vector<float> normal = map_axis({.dim = 2}, options, 4);
  // Quantiles of N(0, 1) at 1/8, 3/8: -1.15035, -0.31864.
  EXPECT_NEAR(normal[0], -1.15035, 1e-5);
  EXPECT_NEAR(normal[1], -0.31864, 1e-5);
  EXPECT_NEAR(normal[3], 1.15035, 1e-5);
  EXPECT_EQ(map_axis({.dim = 2, .kind = latent::PriorKind::uniform}, options, 4),
            (std::vector<float>{-0.75, -0.25, 0.25, 0.75}));
  EXPECT_EQ(make_class_map(halves(), options).mass, 1);
}

TEST(ClassMap, WorksInPiecesAndCanBeStopped) {
  std::int64_t last = 0;
  make_class_map(halves(), {.side = 50}, [&](const MapPiece& piece) {
    EXPECT_GT(piece.done, last);
    EXPECT_EQ(piece.total, 2500);
    last = piece.done;
    return true;
  });
  EXPECT_EQ(last, 2500);
  EXPECT_THROW(make_class_map(halves(), {}, [](const MapPiece&) { return false; }), Error);
}

TEST(FirstSpacing, LeavesEightPointsAlongAnAxis) {
  EXPECT_EQ(first_spacing(2), 1);
  EXPECT_EQ(first_spacing(15), 1);
  EXPECT_EQ(first_spacing(16), 2);
  EXPECT_EQ(first_spacing(100), 8);
  EXPECT_EQ(first_spacing(1000), 64);
}

/// What the pieces of a map say, put together as whoever gets them would.
struct Pieces {
  std::vector<std::vector<std::int32_t>> parts;  // -1: not known yet
  std::vector<int> spacings;
  std::size_t largest = 0;

  explicit Pieces(std::size_t count, std::size_t each) : parts(count, std::vector<std::int32_t>(each, -1)) {}
  void take(const MapPiece& piece) {
    ASSERT_EQ(piece.points.size(), piece.labels.size());
    largest = std::max(largest, piece.points.size());
    if (spacings.empty() || spacings.back() != piece.spacing) spacings.push_back(piece.spacing);
    for (std::size_t i = 0; i < piece.points.size(); ++i) {
      std::int32_t& at = parts[piece.part][static_cast<std::size_t>(piece.points[i])];
      EXPECT_EQ(at, -1) << "twice: part " << piece.part << ", point " << piece.points[i];
      at = piece.labels[i];
    }
  }
  /// Whether exactly the points whose indices are multiples of `spacing` are known, in every part.
  bool is_grid(int spacing, std::int64_t side, int dims) const {
    for (const auto& part : parts) {
      for (std::size_t p = 0; p < part.size(); ++p) {
        bool on = true;
        auto rest = static_cast<std::int64_t>(p);
        for (int axis = 0; axis < dims; ++axis, rest /= side) on &= rest % side % spacing == 0;
        if (on != (part[p] >= 0)) return false;
      }
    }
    return true;
  }
};

TEST(ClassMap, CoarseGridsAreWholeBeforeFinerOnes) {
  const MapSource source =
      rule(3, 2, 2, [](const float* z, int wanted) { return (z[0] + 0.3F * z[1] > z[2] ? 1 : 0) ^ (wanted & 1); });
  Pieces pieces(2, 20 * 20 * 20);
  const ClassMap map = make_class_map(source, {.side = 20}, [&](const MapPiece& piece) {
    if (!pieces.spacings.empty() && piece.spacing != pieces.spacings.back()) {
      EXPECT_TRUE(pieces.is_grid(pieces.spacings.back(), 20, 3)) << pieces.spacings.back();
    }
    pieces.take(piece);
    return true;
  });
  EXPECT_EQ(pieces.spacings, (std::vector<int>{2, 1}));
  for (std::size_t p = 0; p < 2; ++p) EXPECT_EQ(pieces.parts[p], map.parts[p].labels);
}

TEST(ClassMap, PiecesCoverEveryPointOnceAndEndAsTheWhole) {
  for (const int side : {2, 7, 16, 33, 70}) {
    Pieces pieces(1, static_cast<std::size_t>(side * side));
    const MapSource source =
        rule(2, 0, 9, [](const float* z, int) { return static_cast<int>(4.5F + 2 * z[0] + 2 * z[1]); });
    const ClassMap map = make_class_map(source, {.side = side}, [&](const MapPiece& piece) {
      pieces.take(piece);
      return true;
    });
    EXPECT_EQ(pieces.spacings.front(), first_spacing(side));
    EXPECT_EQ(pieces.spacings.back(), 1);
    EXPECT_LE(pieces.largest, 1024U);
    EXPECT_EQ(pieces.parts[0], map.parts[0].labels);
    // In one go, in the order of the elements.
    std::vector<float> z;
    for (const float a : map.axis) {
      for (const float b : map.axis) z.insert(z.end(), {a, b});
    }
    EXPECT_EQ(map.parts[0].labels, source.classify(source.generate(z, {}))) << side;
  }
}

TEST(ClassMap, RefusesWhatCannotBeMapped) {
  const auto nothing = [](const float*, int) { return 0; };
  EXPECT_THROW(make_class_map(rule(1, 0, 2, nothing), {}), ConfigError);
  EXPECT_THROW(make_class_map(rule(5, 0, 2, nothing), {}), ConfigError);
  EXPECT_THROW(make_class_map(rule(2, 3, 2, nothing), {}), ConfigError) << "another number of classes";
  EXPECT_THROW(make_class_map(rule(2, 2, 2, nothing), {.wanted = {2}}), ConfigError);
  EXPECT_THROW(make_class_map(rule(2, 0, 2, nothing), {.wanted = {0}}), ConfigError);
  EXPECT_THROW(make_class_map(rule(2, 0, 2, nothing), {.side = 1}), ConfigError);
  EXPECT_THROW(make_class_map(rule(3, 0, 2, nothing), {.side = 129}), ConfigError);
  EXPECT_THROW(make_class_map(rule(2, 0, 2, nothing), {.range = 0}), ConfigError);
  EXPECT_THROW(make_class_map(rule(4, 0, 2, nothing), {.fourth = {}}), ConfigError);
}

TEST(MapPicture, PutsTheFirstAxisRightAndTheSecondUp) {
  // Only the point z = (1, 1) is of class 1: the top right square of the plane.
  const ClassMap map =
      make_class_map(rule(2, 0, 2, [](const float* z, int) { return z[0] > 0.9F && z[1] > 0.9F; }), {.side = 10});
  const picture::Image image = draw_class_map(map);
  const int left = 16 + 44, top = 16, square = 50;  // margin and ticks, margin, 500 / 10
  EXPECT_EQ(image.colour_at(top + 5, left + 9 * square + 5), map_colour(1));
  EXPECT_EQ(image.colour_at(top + 5, left + 8 * square + 5), map_colour(0));
  EXPECT_EQ(image.colour_at(top + square + 5, left + 9 * square + 5), map_colour(0));
}

TEST(MapPicture, DrawsTheLineOfAWalk) {
  const ClassMap map = make_class_map(rule(2, 0, 1, [](const float*, int) { return 0; }), {.side = 10});
  const std::vector<float> path{-1, -1, 1, 1};
  const picture::Image image = draw_class_map(map, "", path);
  EXPECT_EQ(image.colour_at(16 + 475, 60 + 25), picture::kBlack) << "the end at the bottom left";
  EXPECT_EQ(image.colour_at(16 + 25, 60 + 475), picture::kBlack) << "the end at the top right";
  EXPECT_EQ(image.colour_at(16 + 25, 60 + 25), map_colour(0));
}

// The middles of the texts in a line of ticks under the plane: where a column of pixels is not white.
std::vector<double> tick_places(const picture::Image& image) {
  constexpr int kLeft = 16 + 44, kBelow = 16 + 500;
  std::vector<double> middles;
  int first = -1, last = -100;
  const auto end = [&] {
    if (first >= 0) middles.push_back((first + last) / 2.0 - kLeft);
  };
  for (int x = kLeft - 30; x < kLeft + 530; ++x) {
    bool ink = false;
    for (int y = kBelow + 5; y < kBelow + 17; ++y) ink |= image.colour_at(y, x) != picture::kWhite;
    if (!ink) continue;
    if (x - last > 12) end(), first = x;
    last = x;
  }
  end();
  return middles;
}

TEST(MapPicture, TicksOfQuantilesShowThatTheAxisIsNotStraight) {
  const auto one = [](const float*, int) { return 0; };
  const auto ticks =
      tick_places(draw_class_map(make_class_map(rule(2, 0, 1, one), {.side = 100, .axis = MapAxis::quantile})));
  ASSERT_EQ(ticks.size(), 7U) << "-2 -1 -0.5 0 0.5 1 2";
  // The normal law below -2, -1 and -0.5: 0.0228, 0.1587 and 0.3085 of 500 pixels.
  const double wanted[] = {0.02275 * 500, 0.15866 * 500, 0.30854 * 500, 250,
                           0.69146 * 500, 0.84134 * 500, 0.97725 * 500};
  for (std::size_t i = 0; i < 7; ++i) EXPECT_NEAR(ticks[i], wanted[i], 9) << "tick " << i;
  EXPECT_GT(ticks[4] - ticks[3], ticks[6] - ticks[5]) << "half a unit in the middle is longer than one at the edge";
  const auto straight = tick_places(draw_class_map(make_class_map(rule(2, 0, 1, one), {.side = 100})));
  ASSERT_EQ(straight.size(), 4U) << "-1, 0, the axis' name, 1";
  EXPECT_NEAR(straight[1], 250, 5);
}

TEST(MapPicture, KeepsItsSizeWhateverTheShares) {
  const auto size = [](int k) {
    const picture::Image image =
        draw_class_map(make_class_map(rule(2, 0, 3, [k](const float*, int) { return k; }), {.side = 20}));
    return std::pair(image.height(), image.width());
  };
  EXPECT_EQ(size(0), size(2));
}

/// Pixels of a class's colour.
std::int64_t coloured(const picture::Image& image, int k) {
  std::int64_t count = 0;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) count += image.colour_at(y, x) == map_colour(k);
  }
  return count;
}

TEST(MapPicture, DrawsCubesOfEveryKind) {
  const auto one = [](const float*, int) { return 1; };
  const picture::Image cube = draw_class_map(make_class_map(rule(3, 0, 2, one), {.side = 16}), "title");
  const ClassMap four = make_class_map(rule(4, 0, 2, one), {.side = 16});
  const picture::Image cubes = draw_class_map(four);
  EXPECT_GT(cubes.height(), 4 * (cube.height() - 60));
  EXPECT_GE(coloured(cube, 1), 16 * 16 * 16) << "a pixel or more for each point";
  EXPECT_GE(coloured(cubes, 1), static_cast<std::int64_t>(four.parts.size()) * 16 * 16 * 16);
}

TEST(MapPicture, DrawsAMapForEachClassInItsColour) {
  const auto wanted = [](const float*, int k) { return k; };
  const auto other = [](const float*, int) { return 0; };
  for (const auto& [dim, classes, side] : {std::tuple(3, 12, 3), std::tuple(2, 5, 9)}) {
    const int points = dim == 3 ? side * side * side : side * side;
    const picture::Image own = draw_class_map(make_class_map(rule(dim, classes, classes, wanted), {.side = side}));
    const picture::Image zero = draw_class_map(make_class_map(rule(dim, classes, classes, other), {.side = side}));
    for (int k = 1; k < classes; ++k)
      EXPECT_GE(coloured(own, k) - coloured(zero, k), points) << dim << " dimensions, class " << k;
    EXPECT_GE(coloured(zero, 0) - coloured(own, 0), (classes - 1) * points);
  }
}

TEST(Slices, AreTheMiddlesOfEqualParts) {
  EXPECT_EQ(slices_of(16), (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}));
  EXPECT_EQ(slices_of(32).front(), 1);
  EXPECT_EQ(slices_of(32).back(), 31);
  EXPECT_EQ(slices_of(6, 3), (std::vector<int>{1, 3, 5}));
  EXPECT_EQ(slices_of(4).size(), 4U);
}

TEST(MiddleOf, IsTheInnermostPoint) {
  // A 3 x 3 block of ones in the corner of zeros, and a single one elsewhere.
  std::vector<std::int32_t> labels(64, 0);
  for (int i = 2; i < 5; ++i) {
    for (int j = 4; j < 7; ++j) labels[static_cast<std::size_t>(8 * i + j)] = 1;
  }
  labels[63] = 1;
  const Spot spot = middle_of(labels, 8, 1);
  EXPECT_EQ(spot.i, 3);
  EXPECT_EQ(spot.j, 5);
  EXPECT_EQ(spot.distance, 2);
  EXPECT_EQ(middle_of(labels, 8, 7).distance, 0);
  EXPECT_EQ(middle_of(std::vector<std::int32_t>(25, 3), 5, 3).distance, 3) << "the edge counts as outside";
}

TEST(MapColours, AreDistinct) {
  for (int a = 0; a < 39; ++a) {
    for (int b = 0; b < a; ++b)
      EXPECT_NE(picture::to_hex(map_colour(a)), picture::to_hex(map_colour(b))) << a << " " << b;
  }
}

}  // namespace
}  // namespace ganymede::explore
