#include "picture/jpeg.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/fresh_folder.hpp"
#include "base/mutate.hpp"
#include "base/philox.hpp"
#include "picture/exif.hpp"
#include "picture/jpeg_bytes.hpp"
#include "picture/picture_file.hpp"
#include "picture/png.hpp"

namespace ganymede::picture {
namespace {

using testing::exif_bytes;
using testing::FreshFolder;
using testing::jpeg_bytes;

/// Smooth in both directions, so that compression hardly changes it.
Image gradient(int height, int width, int channels) {
  Image image(height, width, channels);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const auto along = static_cast<std::uint8_t>(40 + 160 * x / width),
                 down = static_cast<std::uint8_t>(30 + 180 * y / height);
      image.set(y, x, {along, down, static_cast<std::uint8_t>((along + down) / 2)});
    }
  }
  return image;
}

int largest_difference(const Image& a, const Image& b) {
  if (a.height() != b.height() || a.width() != b.width() || a.channels() != b.channels()) return 256;
  int largest = 0;
  for (std::size_t i = 0; i < a.pixels().size(); ++i)
    largest = std::max(largest, std::abs(int{a.pixels()[i]} - int{b.pixels()[i]}));
  return largest;
}

std::string app1(const std::string& content) {
  const std::size_t size = content.size() + 2;
  return "\xff\xe1" + std::string{static_cast<char>(size >> 8), static_cast<char>(size)} + content;
}

std::string fault_of(std::string_view bytes) {
  try {
    decode_jpeg(bytes, "cat.jpg");
  } catch (const DataError& error) {
    return error.what();
  }
  return {};
}

TEST(Jpeg, ReadsGreyAndColourOfAnySize) {
  for (const bool progressive : {false, true}) {
    for (const int channels : {1, 3}) {
      for (const auto& [height, width] : {std::pair{1, 1}, {3, 17}, {40, 9}, {64, 64}}) {
        const Image image = gradient(height, width, channels);
        const Image read = decode_jpeg(jpeg_bytes(image, {.quality = 100, .progressive = progressive}));
        EXPECT_LE(largest_difference(read, image), 6) << height << " " << width << " " << channels;
      }
    }
  }
}

TEST(Jpeg, ReadsInvertedCmykAsAdobeWritesIt) {
  const Image image(16, 16, 3, Colour{200, 100, 40});
  EXPECT_LE(largest_difference(decode_jpeg(jpeg_bytes(image, {.quality = 100, .cmyk = true})), image), 2);
}

TEST(Jpeg, ComesOutSmallerWhereItMay) {
  const Image image = gradient(160, 320, 3);
  const std::string bytes = jpeg_bytes(image);
  EXPECT_EQ(decode_jpeg(bytes, "x", 0).height(), 160);
  EXPECT_EQ(decode_jpeg(bytes, "x", 81).height(), 160);
  EXPECT_EQ(decode_jpeg(bytes, "x", 80).height(), 80);
  EXPECT_EQ(decode_jpeg(bytes, "x", 20).height(), 20);
  EXPECT_EQ(decode_jpeg(bytes, "x", 1).width(), 40);
  EXPECT_LE(largest_difference(decode_jpeg(bytes, "x", 80), gradient(80, 160, 3)), 6);
}

TEST(Exif, TurnsAPictureAsItsTableShows) {
  // The picture of EXIF's own table: 2 x 3 pixels, all different.
  const Image image(2, 3, 1, std::vector<std::uint8_t>{1, 2, 3, 4, 5, 6});
  const auto shown = [&](int orientation) { return upright(image, orientation); };
  const auto grey = [](int h, int w, std::vector<std::uint8_t> pixels) { return Image(h, w, 1, std::move(pixels)); };
  EXPECT_EQ(shown(1), image);
  EXPECT_EQ(shown(2), grey(2, 3, {3, 2, 1, 6, 5, 4}));
  EXPECT_EQ(shown(3), grey(2, 3, {6, 5, 4, 3, 2, 1}));
  EXPECT_EQ(shown(4), grey(2, 3, {4, 5, 6, 1, 2, 3}));
  EXPECT_EQ(shown(5), grey(3, 2, {1, 4, 2, 5, 3, 6}));
  EXPECT_EQ(shown(6), grey(3, 2, {4, 1, 5, 2, 6, 3}));
  EXPECT_EQ(shown(7), grey(3, 2, {6, 3, 5, 2, 4, 1}));
  EXPECT_EQ(shown(8), grey(3, 2, {3, 6, 2, 5, 1, 4}));
  EXPECT_EQ(shown(9), image);
}

TEST(Jpeg, IsTurnedUprightAsExifSays) {
  const Image photo = gradient(24, 40, 3);
  for (const bool little : {false, true}) {
    for (int o = 1; o <= 8; ++o) {
      EXPECT_EQ(exif_orientation(exif_bytes(o, little)), o);
      const std::string bytes = jpeg_bytes(photo, {.quality = 100, .exif = exif_bytes(o, little)});
      EXPECT_LE(largest_difference(decode_jpeg(bytes), upright(photo, o)), 6) << o;
    }
  }
}

TEST(Jpeg, FindsExifAmongOtherSegments) {
  using namespace std::string_literals;
  const Image photo = gradient(24, 40, 3);
  const std::string plain = jpeg_bytes(photo, {.quality = 100});
  const std::string xmp = app1("http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>"s), empty = app1("Exif\0\0"s),
                    none = app1(exif_bytes(0, true)), turned = app1(exif_bytes(6, false));
  const auto first = plain.find("\xff\xdb");  // the quantisation tables stand behind JFIF's segment
  for (const std::string& segments :
       {turned, xmp + turned, turned + xmp, empty + turned, none + xmp + turned, turned + app1(exif_bytes(3, true))}) {
    for (const std::size_t at : {std::size_t{2}, first, plain.find("\xff\xc0"), plain.find("\xff\xda")}) {
      const Image read = decode_jpeg(std::string(plain).insert(at, segments));
      EXPECT_LE(largest_difference(read, upright(photo, 6)), 6) << at;
    }
  }
}

TEST(Jpeg, NamesTheFileThatIsNone) {
  EXPECT_NE(fault_of("GIF89a and more").find("cat.jpg: wanted a JPEG file, found a GIF picture"), std::string::npos);
  EXPECT_NE(fault_of("").find("found nothing"), std::string::npos);
  EXPECT_NE(fault_of(std::string("\xff\xd8\xff\xd9", 4)).find("cat.jpg: this JPEG file is damaged"), std::string::npos);
}

TEST(Jpeg, RejectsEveryTruncation) {
  for (const bool progressive : {false, true}) {
    const std::string bytes = jpeg_bytes(gradient(19, 23, 3), {.progressive = progressive});
    // Without the two bytes of the end marker the picture itself may be whole.
    for (std::size_t n = 0; n + 2 < bytes.size(); ++n) EXPECT_NE(fault_of(bytes.substr(0, n)), "") << n;
  }
}

TEST(Jpeg, RejectsAbsurdSizesWithoutTakingTheMemory) {
  std::string bytes = jpeg_bytes(gradient(16, 16, 3));
  const std::size_t frame = bytes.find("\xff\xc0") + 5;
  bytes.replace(frame, 4, "\x40\x00\x40\x00", 4);
  EXPECT_NE(fault_of(bytes).find("a picture of 16384 x 16384 pixels (width x height); the limit is"), std::string::npos)
      << fault_of(bytes);
  bytes.replace(frame, 4, "\x1f\x00\x20\x00", 4);
  EXPECT_NE(fault_of(bytes).find("more pixels than the file can hold"), std::string::npos) << fault_of(bytes);
}

TEST(Jpeg, SurvivesMutation) {
  const std::string whole[] = {jpeg_bytes(gradient(17, 15, 1)), jpeg_bytes(gradient(12, 30, 3), {.quality = 60}),
                               jpeg_bytes(gradient(33, 18, 3), {.progressive = true, .exif = exif_bytes(6, true)}),
                               jpeg_bytes(gradient(9, 9, 3), {.cmyk = true})};
  RandomSequence random(Random(12, "fuzz"), 0);
  int read = 0;
  for (int i = 0; i < 8000; ++i) {
    try {
      const Image image = decode_jpeg(testing::mutate(whole[i % 4], random), "x", i % 3 == 0 ? 8 : 0);
      EXPECT_LE(image.pixels().size(), std::size_t{3} << 26);
      ++read;
    } catch (const DataError&) {
    }
  }
  EXPECT_GT(read, 400);  // a byte of a quantisation table or of a thumbnail does no harm
  EXPECT_LT(read, 6500);
}

TEST(PictureFile, IsToldByItsFirstBytes) {
  const FreshFolder folder;
  write_png(folder / "really.jpg", gradient(8, 8, 3));
  EXPECT_EQ(read_picture(folder / "really.jpg"), gradient(8, 8, 3));
  write_file_atomically(folder / "a.png", jpeg_bytes(gradient(8, 8, 1), {.quality = 100}));
  EXPECT_LE(largest_difference(read_picture(folder / "a.png"), gradient(8, 8, 1)), 6);
  write_file_atomically(folder / "text.png", "hello");
  EXPECT_THROW(read_picture(folder / "text.png"), DataError);
  EXPECT_THROW(read_picture(folder / "none.png"), DataError);
}

TEST(PictureFile, KnowsItsEndingsInAnyCase) {
  for (const char* name : {"a.png", "b.JPG", "c.d.Jpeg", "e.jpe", "f.JFIF"}) EXPECT_TRUE(is_picture_name(name)) << name;
  for (const char* name : {"png", "a.gif", "a.png.txt", "jpg/a"}) EXPECT_FALSE(is_picture_name(name)) << name;
  for (const char* name : {"a.webp", "b.TIFF", "c.d.Gif"}) EXPECT_TRUE(is_unread_picture_name(name)) << name;
  for (const char* name : {"a.png", "b.txt", "webp"}) EXPECT_FALSE(is_unread_picture_name(name)) << name;
}

}  // namespace
}  // namespace ganymede::picture
