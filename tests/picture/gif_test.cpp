#include "picture/gif.hpp"

#include <gif_lib.h>
#include <gtest/gtest.h>

#include <vector>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/fresh_folder.hpp"
#include "base/philox.hpp"

namespace ganymede::picture {
namespace {

using testing::FreshFolder;

struct Frame {
  std::vector<Colour> pixels;
  int delay = 0;  // in 10 ms
};

// Reads a GIF by giflib's own decoder.
std::vector<Frame> read(const std::filesystem::path& path, int* loops = nullptr) {
  int code = 0;
  GifFileType* gif = DGifOpenFileName(path.c_str(), &code);
  EXPECT_NE(gif, nullptr);
  EXPECT_EQ(DGifSlurp(gif), GIF_OK);
  std::vector<Frame> frames;
  if (loops != nullptr) *loops = -1;
  for (int i = 0; i < gif->ImageCount; ++i) {
    const SavedImage& image = gif->SavedImages[i];
    EXPECT_EQ(image.ImageDesc.Width, gif->SWidth);
    EXPECT_EQ(image.ImageDesc.Height, gif->SHeight);
    const ColorMapObject* map = image.ImageDesc.ColorMap != nullptr ? image.ImageDesc.ColorMap : gif->SColorMap;
    Frame frame;
    for (int p = 0; p < gif->SWidth * gif->SHeight; ++p) {
      const GifColorType c = map->Colors[image.RasterBits[p]];
      frame.pixels.push_back({c.Red, c.Green, c.Blue});
    }
    GraphicsControlBlock control;
    if (DGifSavedExtensionToGCB(gif, i, &control) == GIF_OK) frame.delay = control.DelayTime;
    for (int e = 0; loops != nullptr && e < image.ExtensionBlockCount; ++e) {
      const ExtensionBlock& block = image.ExtensionBlocks[e];
      if (block.Function == CONTINUE_EXT_FUNC_CODE && block.ByteCount == 3)
        *loops = block.Bytes[1] + 256 * block.Bytes[2];
    }
    frames.push_back(std::move(frame));
  }
  DGifCloseFile(gif, &code);
  return frames;
}

Image noise(int height, int width, int channels, std::uint32_t number, int levels) {
  Image image(height, width, channels);
  RandomSequence random(Random(8, "test"), number);
  for (std::uint8_t& p : image.pixels()) p = static_cast<std::uint8_t>(random.below(levels));
  return image;
}

std::vector<Colour> colours(const Image& image) {
  std::vector<Colour> out;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) out.push_back(image.colour_at(y, x));
  }
  return out;
}

TEST(GifWriter, KeepsGreyFramesExactly) {
  const FreshFolder folder;
  GifWriter gif(folder / "a.gif");
  for (std::uint32_t i = 0; i < 5; ++i) gif.add(noise(31, 57, 1, i, 256));
  gif.finish();
  const auto frames = read(folder / "a.gif");
  ASSERT_EQ(frames.size(), 5u);
  for (std::uint32_t i = 0; i < 5; ++i) EXPECT_EQ(frames[i].pixels, colours(noise(31, 57, 1, i, 256))) << i;
}

TEST(GifWriter, KeepsFewColoursExactly) {
  const FreshFolder folder;
  GifWriter gif(folder / "a.gif");
  const Image first = noise(9, 9, 3, 0, 6), second = noise(9, 9, 1, 1, 256), third(9, 9, 3, Colour{1, 2, 3});
  for (const Image* image : {&first, &second, &third}) gif.add(*image);
  gif.finish();
  const auto frames = read(folder / "a.gif");
  ASSERT_EQ(frames.size(), 3u);
  EXPECT_EQ(frames[0].pixels, colours(first));
  EXPECT_EQ(frames[1].pixels, colours(second));
  EXPECT_EQ(frames[2].pixels, colours(third));
}

TEST(GifWriter, ReducesManyColours) {
  const FreshFolder folder;
  const Image image = noise(60, 60, 3, 0, 256);
  GifWriter gif(folder / "a.gif");
  gif.add(image);
  gif.finish();
  const auto pixels = read(folder / "a.gif")[0].pixels;
  double sum = 0;
  for (int i = 0; i < 3600; ++i) sum += std::abs(pixels[i].g - image.colour_at(i / 60, i % 60).g);
  EXPECT_LT(sum / 3600, 16);
}

TEST(GifWriter, KeepsDelaysAndLoops) {
  const FreshFolder folder;
  for (const int loops : {0, 1, 3}) {
    GifWriter gif(folder / "a.gif", {.delay_ms = 70, .loops = loops});
    gif.add(Image(4, 4, 1));
    gif.add(Image(4, 4, 1), 2000);
    gif.finish();
    int repeats = 0;
    const auto frames = read(folder / "a.gif", &repeats);
    EXPECT_EQ(frames[0].delay, 7);
    EXPECT_EQ(frames[1].delay, 200);
    EXPECT_EQ(repeats, loops == 0 ? 0 : loops == 1 ? -1 : 2);
  }
}

TEST(GifWriter, LeavesNothingUnlessFinished) {
  const FreshFolder folder;
  {
    GifWriter gif(folder / "a.gif");
    gif.add(noise(50, 50, 1, 0, 256));
    EXPECT_FALSE(std::filesystem::exists(folder / "a.gif"));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(GifWriter, KeepsTheOldFileUntilFinished) {
  const FreshFolder folder;
  write_file_atomically(folder / "a.gif", "old");
  {
    GifWriter gif(folder / "a.gif");
    gif.add(Image(4, 4, 1));
  }
  EXPECT_EQ(read_file(folder / "a.gif"), "old");
}

TEST(GifWriter, RejectsFramesOfAnotherSizeAndNone) {
  const FreshFolder folder;
  GifWriter gif(folder / "a.gif");
  EXPECT_THROW(gif.finish(), DataError);
  gif.add(Image(4, 5, 1));
  EXPECT_THROW(gif.add(Image(5, 4, 1)), ShapeError);
  EXPECT_THROW(gif.add(Image()), ShapeError);
  gif.add(Image(4, 5, 3));
  gif.finish();
  EXPECT_EQ(read(folder / "a.gif").size(), 2u);
}

TEST(GifWriter, SaysWhereItCannotWrite) {
  const FreshFolder folder;
  EXPECT_THROW(GifWriter(folder / "none" / "a.gif"), DataError);
}

TEST(GifWriter, SameFramesGiveSameBytes) {
  const FreshFolder folder;
  for (const char* name : {"a.gif", "b.gif"}) {
    GifWriter gif(folder / name);
    gif.add(noise(40, 40, 3, 0, 256));
    gif.finish();
  }
  EXPECT_EQ(read_file(folder / "a.gif"), read_file(folder / "b.gif"));
}

}  // namespace
}  // namespace ganymede::picture
