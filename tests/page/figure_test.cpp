#include "page/figure.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/fresh_folder.hpp"
#include "picture/png.hpp"

namespace ganymede::page {
namespace {

TEST(FigureWriter, WritesFilesThatAreReadAgain) {
  const ganymede::testing::FreshFolder folder;
  const FigureWriter writer(folder.path());
  const picture::Image image(3, 4, 1);
  const Figure png = writer.png("map-a.b_1", image, "a map");
  EXPECT_EQ(png.file, "figures/map-a.b_1.png");
  EXPECT_EQ(png.caption, "a map");
  EXPECT_EQ(picture::decode_png(read_figure(folder.path(), png)).image, image);
  const Figure svg = writer.svg("sheet", "<svg></svg>", "");
  EXPECT_EQ(read_figure(folder.path(), svg), "<svg></svg>");
  writer.svg("sheet", "<svg/>", "");
  EXPECT_THROW(read_figure(folder.path(), svg), DataError) << "it is another one now";
}

TEST(FigureWriter, StaysInItsFolder) {
  const ganymede::testing::FreshFolder folder;
  const FigureWriter writer(folder.path());
  for (const char* name : {"", "../a", "a/b", ".a", "a b"}) EXPECT_THROW(writer.svg(name, "<svg/>", ""), Error) << name;
  std::filesystem::create_directories(folder / "else");
  std::filesystem::create_directory_symlink(folder / "else", folder / "figures2");
  std::filesystem::remove_all(folder / "figures");
  std::filesystem::rename(folder / "figures2", folder / "figures");
  EXPECT_THROW(FigureWriter(folder.path()), DataError) << "a link leads elsewhere";
}

}  // namespace
}  // namespace ganymede::page
