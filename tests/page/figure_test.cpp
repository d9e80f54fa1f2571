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

TEST(FigureWriter, WritesAFilmThatHoldsItsLastFrame) {
  const ganymede::testing::FreshFolder folder;
  const std::vector<picture::Image> frames = {picture::Image(3, 4, 3, picture::Colour{250, 0, 0}),
                                              picture::Image(3, 4, 3, picture::Colour{0, 0, 250})};
  const Figure film = FigureWriter(folder.path()).gif("descent", frames, 100, "it falls");
  EXPECT_EQ(film.file, "figures/descent.gif");
  const std::string bytes = read_figure(folder.path(), film);
  EXPECT_EQ(bytes.substr(0, 6), "GIF89a");
  // Delays of the graphic control blocks, in hundredths of a second.
  std::vector<int> delays;
  for (std::size_t i = 0; i + 7 < bytes.size(); ++i) {
    if (bytes.compare(i, 3, "\x21\xF9\x04") == 0)
      delays.push_back(static_cast<unsigned char>(bytes[i + 4]) + 256 * static_cast<unsigned char>(bytes[i + 5]));
  }
  EXPECT_EQ(delays, (std::vector<int>{10, 210}));
  EXPECT_THROW(FigureWriter(folder.path()).gif("a/b", frames, 100, ""), Error);
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
