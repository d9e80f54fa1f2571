#include "evaluate/folder.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "base/error.hpp"
#include "base/fresh_folder.hpp"
#include "picture/png.hpp"

namespace ganymede::evaluate {
namespace {

namespace fs = std::filesystem;

picture::Image grey(int side, std::uint8_t level) {
  return {side, side, 1, std::vector<std::uint8_t>(static_cast<std::size_t>(side) * side, level)};
}

TEST(ReadPictures, TakesThoseOfTheSizeAndNamesTheOthers) {
  const ganymede::testing::FreshFolder folder;
  fs::create_directories(folder / "below");
  picture::write_png(folder / "b.png", grey(4, 9));
  picture::write_png(folder / "below/a.PNG", grey(4, 7));
  picture::write_png(folder / "large.png", grey(5, 1));
  std::ofstream(folder / "broken.png") << "no picture";
  std::ofstream(folder / "text.txt") << "not looked at";
  const PictureFolder found = read_pictures(folder, {1, 4, 4});
  ASSERT_EQ(found.pictures.shape(), (Shape{2, 1, 4, 4}));
  EXPECT_EQ(found.pictures.values<std::uint8_t>()[0], 9);
  EXPECT_EQ(found.pictures.values<std::uint8_t>()[16], 7);
  ASSERT_EQ(found.skipped.size(), 2U);
  EXPECT_NE(found.skipped[0].find("broken.png"), std::string::npos);
  EXPECT_NE(found.skipped[1].find("wanted 4 x 4 pixels (H x W), found 5 x 5"), std::string::npos);
}

TEST(ReadPictures, BringsChannelsIntoPlanes) {
  const ganymede::testing::FreshFolder folder;
  picture::write_png(folder / "a.png", picture::Image(1, 2, 3, {1, 2, 3, 4, 5, 6}));
  const PictureFolder colour = read_pictures(folder, {3, 1, 2});
  EXPECT_EQ(colour.pictures, Tensor::of<std::uint8_t>({1, 3, 1, 2}, std::vector<std::uint8_t>{1, 4, 2, 5, 3, 6}));
  EXPECT_EQ(read_pictures(folder, {1, 1, 2}).pictures.shape(), (Shape{1, 1, 1, 2}));
}

TEST(ReadPictures, NothingToReadIsAnError) {
  const ganymede::testing::FreshFolder folder;
  EXPECT_THROW(read_pictures(folder / "missing", {1, 4, 4}), DataError);
  EXPECT_THROW(read_pictures(folder, {1, 4, 4}), DataError);
  std::ofstream(folder / "broken.png") << "no picture";
  try {
    read_pictures(folder, {1, 4, 4});
    FAIL() << "no error";
  } catch (const DataError& error) {
    EXPECT_NE(std::string(error.what()).find("broken.png"), std::string::npos) << error.what();
  }
}

TEST(ReadPictures, SurvivesDamagedFiles) {
  const ganymede::testing::FreshFolder folder;
  const std::string whole = picture::encode_png(grey(4, 100));
  picture::write_png(folder / "good.png", grey(4, 1));
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x5A);
    std::ofstream(folder / "damaged.png", std::ios::binary) << bytes;
    const PictureFolder found = read_pictures(folder, {1, 4, 4});
    EXPECT_EQ(found.files.size() + found.skipped.size(), 2U) << at;
  }
}

}  // namespace
}  // namespace ganymede::evaluate
