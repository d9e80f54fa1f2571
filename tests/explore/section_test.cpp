#include "explore/section.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "explore/class_map_picture.hpp"
#include "explore/plane_picture.hpp"
#include "explore/section_picture.hpp"
#include "latent/paths.hpp"

namespace ganymede::explore {
namespace {

using Vector = std::vector<float>;

/// "Pictures" that are z itself, [n, dim]; class 1 where the rule holds.
MapSource source_of(int dim, const std::function<bool(const float* z)>& rule) {
  return {.prior = {.dim = dim},
          .classes = 0,
          .class_names = {"no", "a long name"},
          .generate =
              [dim](std::span<const float> z, std::span<const std::int32_t>) {
                return Tensor::of<float>({static_cast<std::int64_t>(z.size()) / dim, dim}, {z.begin(), z.end()});
              },
          .classify =
              [dim, rule](const Tensor& pictures) {
                std::vector<std::int32_t> labels;
                for (std::int64_t i = 0; i < pictures.shape()[0]; ++i)
                  labels.push_back(rule(pictures.values<float>().data() + i * dim) ? 1 : 0);
                return labels;
              }};
}

double dot(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * b[i];
  return sum;
}

TEST(Sections, GoThroughThePointAcrossEachAxis) {
  const Vector z{0.5F, -0.25F, 1.5F};
  const auto planes = sections_through(z);
  ASSERT_EQ(planes.size(), 3U);
  EXPECT_EQ(planes[0].title, "z1 = 0.5");
  EXPECT_EQ(planes[0].u_name + planes[0].v_name, "z2z3");
  EXPECT_EQ(planes[1].origin, (Vector{0, -0.25F, 0}));
  EXPECT_EQ(shadow_on(planes[1], z), (Vector{0.5F, 1.5F}));
  EXPECT_EQ(planes[2].title, "z3 = 1.5");
  EXPECT_EQ(sections_through(Vector{1, 2}).size(), 1U);
  EXPECT_EQ(sections_through(Vector{1, 2, 3, 0.25F})[1].title, "z2 = 2, z4 = 0.25");
  EXPECT_THROW(sections_through(Vector{1, 2, 3, 4, 5}), ConfigError);
  EXPECT_THROW(sections_through(Vector{1}), ConfigError);
}

// The map of a section is the plane of the cube there: a rule of z3 alone is seen in two of three sections.
TEST(Sections, AreColouredByWhatLiesInThem) {
  const MapSource source = source_of(3, [](const float* z) { return z[2] > 0.9F && z[0] > 0.4F; });
  const auto planes = sections_through(Vector{0.5F, 0, 1});
  const MapOptions options{.side = 11};
  const auto share = [&](int p) { return area_shares(make_plane_map(source, planes.at(p), options))[1]; };
  EXPECT_DOUBLE_EQ(share(0), 1 / 11.0) << "z3 = 1 alone, since z1 is 0.5 here";
  EXPECT_DOUBLE_EQ(share(1), 3 / 121.0) << "z1 = 0.6, 0.8 and 1, at z3 = 1";
  EXPECT_DOUBLE_EQ(share(2), 3 / 11.0) << "z1 alone, since z3 is 1 here";
}

TEST(PlaneOfWalk, HoldsEveryPointOfBothPaths) {
  const std::pair<Vector, Vector> walks[] = {
      {{1, 0.5F, -2}, {-0.3F, 2, 0.1F}}, {{1, 2, 3, 4, 5}, {-1, -2, -3, -4, -5}}, {{1, 2, 3}, {2, 4, 6}}};
  for (const auto& [a, b] : walks) {
    const Plane plane = plane_of_walk(a, b);
    EXPECT_NEAR(dot(plane.u, plane.u), 1, 1e-6);
    EXPECT_NEAR(dot(plane.v, plane.v), 1, 1e-6);
    EXPECT_NEAR(dot(plane.u, plane.v), 0, 1e-6);
    for (const auto kind : {latent::PathKind::lerp, latent::PathKind::slerp}) {
      const Vector line = latent::path(a, b, 9, kind);
      const Vector shadow = shadow_on(plane, line);
      for (std::size_t p = 0; p < 9; ++p) {
        for (std::size_t i = 0; i < a.size(); ++i) {
          const float back = shadow[2 * p] * plane.u[i] + shadow[2 * p + 1] * plane.v[i];
          EXPECT_NEAR(back, line[p * a.size() + i], 1e-5);
        }
      }
    }
  }
}

TEST(PlaneOfWalk, ShowsTheLineLevelWithItsEndToTheRightAndZeroBelow) {
  const Vector a{1, 2, 0}, b{4, 2, 4};
  const Vector shadow = shadow_on(plane_of_walk(a, b), latent::path(a, b, 2, latent::PathKind::lerp));
  EXPECT_NEAR(shadow[2] - shadow[0], 5, 1e-5);  // |b - a|
  EXPECT_NEAR(shadow[3], shadow[1], 1e-5);
  EXPECT_GT(shadow[1], 0);
}

TEST(PlaneOfWalk, IsThereForWalksThatGoNowhere) {
  for (const Vector& z : {Vector{0, 0, 0}, Vector{1, 2, 3}}) {
    const Plane plane = plane_of_walk(z, z);
    EXPECT_NEAR(dot(plane.u, plane.u), 1, 1e-6);
    EXPECT_NEAR(dot(plane.u, plane.v), 0, 1e-6);
  }
  EXPECT_THROW(plane_of_walk(Vector{1}, Vector{2}), ConfigError);
}

TEST(PlanePicture, NamesAreasByNumberWhereTheNameIsTooLong) {
  // A spot of 5 points at 8 pixels: no room for the name, but for its number.
  std::vector<std::int32_t> labels(400, 0);
  for (int i = 8; i < 12; ++i) {
    for (int j = 8; j < 12; ++j) labels[static_cast<std::size_t>(20 * i + j)] = 1;
  }
  const std::vector<std::string> names{"no", "a name that is much too long"}, numbers{"no", "1"};
  picture::Image named = draw_labels(labels, 20, 8), numbered = named, bare = named;
  name_areas(named, labels, names, 20, 8);
  name_areas(numbered, labels, numbers, 20, 8);
  EXPECT_EQ(named, numbered);
  EXPECT_NE(named, bare);
  EXPECT_EQ(numbered_name(1, names), "1 a name that is much too long");
  EXPECT_EQ(numbered_name(1, numbers), "1");
}

PointOnSections point_at(const Vector& z) {
  const MapSource source = source_of(static_cast<int>(z.size()), [](const float* at) { return at[0] > 0; });
  PointOnSections point{.title = "a run",
                        .z = z,
                        .sections = {},
                        .picture = picture::Image(28, 28, 1),
                        .seen = {.label = 1, .probabilities = {0.25F, 0.75F}}};
  for (const Plane& plane : sections_through(z))
    point.sections.push_back({plane, make_plane_map(source, plane, {.side = 20})});
  return point;
}

TEST(SectionPicture, DrawsThePointWhereItIs) {
  const PointOnSections point = point_at({0.5F, -0.5F});
  const picture::Image image = draw_point_on_sections(point);
  // The plane begins at (16 + 44, 38 + 20), 480 pixels wide: 20 points of 24; z = 0.5 is point 14.25.
  const int x = 60 + static_cast<int>((14.25 + 0.5) * 24), y = 58 + static_cast<int>((20 - 4.75 - 0.5) * 24);
  EXPECT_EQ(image.colour_at(y, x), map_colour(1)) << "its class is seen through the ring";
  EXPECT_LT(picture::grey_of(image.colour_at(y, x + 5)), 20);
  EXPECT_LT(picture::grey_of(image.colour_at(y, x - 5)), 20);
  EXPECT_EQ(draw_point_on_sections(point), image);
  EXPECT_GT(draw_point_on_sections(point_at({0.5F, 0, 0.2F})).width(), 3 * 300);
}

// The plane 0.8 z1 - 0.6 z2 = 0.1: its line holds the point (0.5, 0.5), the arrow leads to where z1 is larger.
TEST(SectionPicture, DrawsPlanesOfAttributesAsLines) {
  PointOnSections point = point_at({-0.9F, 0.9F});
  const picture::Image bare = draw_point_on_sections(point);
  point.planes = {{.name = "a", .normal = {0.8, -0.6}, .offset = -0.1}};
  const picture::Image image = draw_point_on_sections(point);
  const auto place = [](double z1, double z2) {
    const double i = (z1 + 1) * 19 / 2, j = (z2 + 1) * 19 / 2;
    return std::pair(58 + static_cast<int>((20 - j - 0.5) * 24), 60 + static_cast<int>((i + 0.5) * 24));
  };
  for (const double z2 : {-0.8, 0.0, 0.5, 0.9}) {
    const auto [y, x] = place((0.1 + 0.6 * z2) / 0.8, z2);
    EXPECT_EQ(image.colour_at(y, x), picture::series_colour(0)) << z2;
  }
  const auto [tip_y, tip_x] = place(0.08, -0.06);  // the line's point nearest to the middle: the arrow's foot
  int changed_right = 0, changed_left = 0;
  for (int step = 8; step < 26; ++step) {
    const int dx = static_cast<int>(0.8 * step), dy = static_cast<int>(0.6 * step);
    changed_right += image.colour_at(tip_y + dy, tip_x + dx) != bare.colour_at(tip_y + dy, tip_x + dx);
    changed_left += image.colour_at(tip_y - dy, tip_x - dx) != bare.colour_at(tip_y - dy, tip_x - dx);
  }
  EXPECT_GT(changed_right, 12);
  EXPECT_LT(changed_left, 3);
  point.planes[0].offset = 40;  // far beyond the map
  EXPECT_EQ(draw_point_on_sections(point), bare);
  point = point_at({0.5F, 0, 0.2F});
  const picture::Image cube = draw_point_on_sections(point);
  point.planes = {{.name = "a", .normal = {0, 0, 1}, .offset = 0}};  // the sections across z1 and z2 alone
  EXPECT_NE(draw_point_on_sections(point), cube);
}

TEST(SectionPicture, PalesWhatTheWalkDoesNotPass) {
  const Vector a{0.2F, 0.5F, 0}, b{0.8F, 0.5F, 0.5F};
  const MapSource source = source_of(3, [](const float* at) { return at[0] > 0; });
  const Plane plane = plane_of_walk(a, b);
  WalkOnSections walk{.title = "a walk",
                      .plane = {plane, make_plane_map(source, plane, {.side = 20})},
                      .a = a,
                      .b = b,
                      .at_a = {},
                      .at_b = {},
                      .line = latent::path(a, b, kWalkPoints, latent::PathKind::lerp),
                      .areas = {{1, 0, kWalkPoints - 1}},
                      .name_a = "seed 1",
                      .name_b = "seed 2",
                      .picture_a = picture::Image(28, 28, 1),
                      .picture_b = picture::Image(28, 28, 1)};
  const auto count = [](const picture::Image& image, picture::Colour colour) {
    int pixels = 0;
    for (int y = 0; y < image.height(); ++y) {
      for (int x = 0; x < image.width(); ++x) pixels += image.colour_at(y, x) == colour;
    }
    return pixels;
  };
  const picture::Image narrow = draw_walk_on_sections(walk);
  EXPECT_GT(count(narrow, map_colour(1)), 1000);
  EXPECT_LT(count(narrow, map_colour(0)), 100) << "no area of class 0 in full colour";
  EXPECT_GT(count(narrow, pale_colour(0)), 1000);
  for (const Plane& section : sections_through(a))
    walk.at_a.push_back({section, make_plane_map(source, section, {.side = 20})});
  for (const Plane& section : sections_through(b))
    walk.at_b.push_back({section, make_plane_map(source, section, {.side = 20})});
  EXPECT_GT(draw_walk_on_sections(walk).width(), narrow.width() + 3 * 200);
}

TEST(Seen, AreTheLikeliestClassesByName) {
  const std::vector<std::string> names{"sea", "sky", "sand", "snow"};
  const auto seen = seen_in(Tensor::of<float>({2, 4}, std::vector<float>{0.1F, 0.6F, 0.3F, 0, 1, 0, 0, 0}));
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].label, 1);
  EXPECT_EQ(words_of(seen[0], names), "sky (60.0 %), sand (30.0 %), sea (10.0 %)");
  EXPECT_EQ(words_of(seen[1], names), "sea (100.0 %)");
}

}  // namespace
}  // namespace ganymede::explore
