#include "page/report_film.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "base/error.hpp"
#include "base/fresh_folder.hpp"
#include "base/philox.hpp"
#include "picture/png.hpp"

namespace ganymede::page {
namespace {

struct Film : ::testing::Test {
  /// Noise of a size, as samples/epoch-<epoch>.png.
  void add(int epoch, int size = 20) {
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(size) * static_cast<std::size_t>(size));
    RandomSequence random(Random(1, "film"), static_cast<std::uint32_t>(epoch));
    for (std::uint8_t& pixel : pixels) pixel = static_cast<std::uint8_t>(random.below(256));
    files.push_back(folder / ("epoch-000" + std::to_string(epoch) + ".png"));
    picture::write_png(files.back(), picture::Image(size, size, 1, std::move(pixels)));
  }
  /// Frames of a GIF: image descriptors follow a graphics control block, which ends in a zero.
  static std::size_t frames(const std::string& gif) {
    std::size_t n = 0;
    for (std::size_t i = 0; i + 7 < gif.size(); ++i) n += gif.compare(i, 3, "\x21\xF9\x04", 3) == 0 ? 1 : 0;
    return n;
  }
  ganymede::testing::FreshFolder folder;
  std::vector<std::filesystem::path> files;
};

TEST_F(Film, ShowsEveryPictureOfAFewAndLoops) {
  for (int epoch = 0; epoch < 5; ++epoch) add(epoch);
  const ReportFilm film = film_of(files).value_or(ReportFilm{});
  EXPECT_EQ(film.gif.substr(0, 6), "GIF89a");
  EXPECT_NE(film.gif.find("NETSCAPE2.0"), std::string::npos);
  EXPECT_EQ(film.frames, 5U);
  EXPECT_EQ(film.of, 5U);
  EXPECT_EQ(frames(film.gif), 5U);
}

TEST_F(Film, IsThinnedToItsFramesAndBytes) {
  for (int epoch = 0; epoch < 40; ++epoch) add(epoch);
  const ReportFilm some = film_of(files, 10).value_or(ReportFilm{});
  EXPECT_EQ(some.frames, 10U);
  EXPECT_EQ(some.of, 40U);
  const ReportFilm fewer = film_of(files, 10, some.gif.size() - 1).value_or(ReportFilm{});
  EXPECT_EQ(fewer.frames, 5U);
  EXPECT_LT(fewer.gif.size(), some.gif.size());
  EXPECT_FALSE(film_of(files, 10, 100));  // two frames are more
}

TEST_F(Film, NeedsTwoPicturesOfOneSize) {
  EXPECT_FALSE(film_of(files));
  add(0, 30);
  EXPECT_FALSE(film_of(files));
  add(1);
  EXPECT_FALSE(film_of(files));
  add(2);
  EXPECT_EQ(film_of(files).value_or(ReportFilm{}).frames, 2U);
}

TEST_F(Film, NamesADamagedPicture) {
  add(0);
  add(1);
  std::ofstream(files[0]) << "no picture";
  try {
    film_of(files);
    FAIL() << "no error";
  } catch (const DataError& error) {
    EXPECT_NE(std::string(error.what()).find("epoch-0000.png"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace ganymede::page
