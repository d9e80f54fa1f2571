#include "data/contact_sheet.hpp"

#include "data/helpers.hpp"

namespace ganymede::data {
namespace {

TEST(ContactSheet, TurnsChannelsLast) {
  Dataset d;
  d.images = counting({2, 3, 1, 2});  // image 1: red 6 7, green 8 9, blue 10 11
  d = checked(std::move(d));
  const picture::Image image = picture_of(d, 1);
  EXPECT_EQ(image.channels(), 3);
  EXPECT_EQ(image.colour_at(0, 0), (picture::Colour{6, 8, 10}));
  EXPECT_EQ(image.colour_at(0, 1), (picture::Colour{7, 9, 11}));
}

TEST(ContactSheet, HasARowAClassInOrder) {
  const Dataset d = numbered(100);  // image i is grey i, class i mod 10
  const picture::Image sheet = contact_sheet(d, {.columns = 3, .upscale = 10});
  // Cells of 20 pixels, 2 apart, right of the names: the last cell of row k is the third image of class k, grey k + 20.
  for (int k = 0; k < 10; ++k) {
    EXPECT_EQ(sheet.colour_at(2 + 22 * k + 10, sheet.width() - 12).g, k + 20) << k;
    EXPECT_EQ(sheet.colour_at(2 + 22 * k + 10, sheet.width() - 34).g, k + 10) << k;
  }
}

TEST(ContactSheet, LeavesRoomForClassesWithFewImages) {
  Dataset d = numbered(12);
  d.labels.assign(12, 0);
  d.labels[11] = 2;
  d.class_names.clear();
  d = checked(std::move(d));
  const picture::Image sheet = contact_sheet(d, {.columns = 4, .upscale = 10});
  EXPECT_EQ(sheet.height(), 2 + 3 * 22);
  EXPECT_EQ(sheet.colour_at(2 + 22 + 10, sheet.width() - 12).g, 40);  // class 1 is empty: background
}

TEST(ContactSheet, DoesWithoutClasses) {
  Dataset d;
  d.images = counting({50, 1, 4, 4});
  d = checked(std::move(d));
  const picture::Image sheet = contact_sheet(d, {.columns = 5, .rows = 2, .upscale = 1});
  EXPECT_EQ(sheet.height(), 2 + 2 * 6);
  EXPECT_EQ(sheet.width(), 2 + 5 * 6);
}

}  // namespace
}  // namespace ganymede::data
