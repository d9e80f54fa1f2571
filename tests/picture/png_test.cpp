#include "picture/png.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <initializer_list>

#include "base/checksum.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/fresh_folder.hpp"
#include "base/mutate.hpp"
#include "base/philox.hpp"
#include "picture/jpeg_bytes.hpp"

namespace ganymede::picture {
namespace {

using testing::FreshFolder;

Image random_pixels(int height, int width, int channels) {
  Image image(height, width, channels);
  RandomSequence random(Random(5, "test"), static_cast<std::uint32_t>(height * 1000 + width * 10 + channels));
  for (std::uint8_t& p : image.pixels()) p = static_cast<std::uint8_t>(random.below(256));
  return image;
}

// Hand-made PNG files of kinds that encode_png does not write.
std::string big_endian(std::uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
          static_cast<char>(value)};
}

std::string chunk(const std::string& kind, const std::string& content) {
  return big_endian(static_cast<std::uint32_t>(content.size())) + kind + content + big_endian(crc32(kind + content));
}

// A zlib stream of one stored block.
std::string stored(const std::string& bytes) {
  std::uint32_t a = 1, b = 0;
  for (const char ch : bytes) {
    a = (a + static_cast<unsigned char>(ch)) % 65521;
    b = (b + a) % 65521;
  }
  const auto n = static_cast<std::uint16_t>(bytes.size());
  std::string out = "\x78\x01\x01";
  for (const int v : {n & 255, n >> 8, ~n & 255, (~n >> 8) & 255}) out += static_cast<char>(v);
  return out + bytes + big_endian(b << 16 | a);
}

std::string bytes_of(std::initializer_list<int> values) {
  std::string out;
  for (const int v : values) out += static_cast<char>(v);
  return out;
}

std::string hand_made(int width, int height, int depth, int colour_type, const std::string& before_data,
                      const std::string& rows) {
  return bytes_of({0x89, 'P', 'N', 'G', 13, 10, 26, 10}) +
         chunk("IHDR", big_endian(static_cast<std::uint32_t>(width)) + big_endian(static_cast<std::uint32_t>(height)) +
                           bytes_of({depth, colour_type, 0, 0, 0})) +
         before_data + chunk("IDAT", stored(rows)) + chunk("IEND", "");
}

TEST(Png, ReadsBackWhatItWrites) {
  for (const int channels : {1, 3}) {
    for (const auto& [height, width] : {std::pair{1, 1}, {1, 17}, {33, 2}, {28, 28}, {120, 97}}) {
      const Image image = random_pixels(height, width, channels);
      EXPECT_EQ(decode_png(encode_png(image)).image, image) << height << " " << width << " " << channels;
    }
  }
}

TEST(Png, KeepsItsText) {
  const PngText text{{"Title", "Gänymede"}, {"recipe", "line one\nline two"}, {"seed", "7"}};
  EXPECT_EQ(decode_png(encode_png(random_pixels(3, 4, 1), text)).text, text);
}

TEST(Png, SameImageGivesSameBytes) {
  const Image image = random_pixels(40, 50, 3);
  EXPECT_EQ(encode_png(image, {{"a", "b"}}), encode_png(image, {{"a", "b"}}));
  EXPECT_EQ(encode_png(image).find("tIME"), std::string::npos);
}

TEST(Png, ReadsAPaletteImage) {
  const std::string palette = chunk("PLTE", bytes_of({255, 0, 0, 0, 0, 255, 9, 8, 7}));
  const Png png = decode_png(hand_made(3, 1, 8, 3, palette, bytes_of({0, 2, 0, 1})));
  EXPECT_EQ(png.image, Image(1, 3, 3, std::vector<std::uint8_t>{9, 8, 7, 255, 0, 0, 0, 0, 255}));
}

TEST(Png, ReadsOneBitAndSixteenBitGrey) {
  const Png one = decode_png(hand_made(5, 1, 1, 0, "", bytes_of({0, 0b10110000})));
  EXPECT_EQ(one.image, Image(1, 5, 1, std::vector<std::uint8_t>{255, 0, 255, 255, 0}));
  const Png sixteen = decode_png(hand_made(2, 1, 16, 0, "", bytes_of({0, 0xff, 0xff, 0x80, 0x10})));
  EXPECT_EQ(sixteen.image, Image(1, 2, 1, std::vector<std::uint8_t>{255, 128}));
}

TEST(Png, LaysTransparencyOverWhite) {
  const Png rgba = decode_png(hand_made(2, 1, 8, 6, "", bytes_of({0, 10, 20, 30, 255, 10, 20, 30, 0})));
  EXPECT_EQ(rgba.image, Image(1, 2, 3, std::vector<std::uint8_t>{10, 20, 30, 255, 255, 255}));
  const Png half = decode_png(hand_made(1, 1, 8, 4, "", bytes_of({0, 0, 51})));
  EXPECT_EQ(half.image.pixels()[0], 204);  // 255 * (1 - 51 / 255)
}

TEST(Png, TakesSamplesAsStoredWhateverTheirGamma) {
  const std::string rows = bytes_of({0, 10, 20, 30, 128, 200, 100, 0, 64});
  const Image plain = decode_png(hand_made(2, 1, 8, 6, "", rows)).image;
  EXPECT_EQ(plain.pixels()[0], 132);  // (10 * 128 + 255 * 127) / 255 = 132.02
  const std::string srgb = chunk("sRGB", bytes_of({0})), gamma = chunk("gAMA", big_endian(45455)),
                    linear = chunk("gAMA", big_endian(100000)),
                    white =
                        chunk("cHRM", big_endian(31270) + big_endian(32900) + big_endian(64000) + big_endian(33000) +
                                          big_endian(30000) + big_endian(60000) + big_endian(15000) + big_endian(6000));
  for (const std::string& chunks : {srgb, gamma, linear, gamma + srgb, white + gamma})
    EXPECT_EQ(decode_png(hand_made(2, 1, 8, 6, chunks, rows)).image, plain);
}

TEST(Png, IsTurnedUprightAsExifSays) {
  const std::string tiff = testing::exif_bytes(6, true).substr(6);
  const Image upright(2, 1, 1, std::vector<std::uint8_t>{7, 9});
  const std::string rows = bytes_of({0, 7, 9});
  EXPECT_EQ(decode_png(hand_made(2, 1, 8, 0, chunk("eXIf", tiff), rows)).image, upright);
  EXPECT_EQ(decode_png(hand_made(2, 1, 8, 0, chunk("eXIf", testing::exif_bytes(6, false).substr(6)), rows)).image,
            upright);
  std::string behind = hand_made(2, 1, 8, 0, "", rows);  // the chunk may stand behind the pixels too
  behind.insert(behind.size() - 12, chunk("eXIf", tiff));
  EXPECT_EQ(decode_png(behind).image, upright);
  std::string digits;
  for (const char ch : testing::exif_bytes(6, true)) {
    for (const int digit : {(ch >> 4) & 15, ch & 15}) digits += "0123456789abcdef"[digit];
  }
  using namespace std::string_literals;
  const std::string text = chunk("tEXt", "Raw profile type exif\0\nexif\n    32\n"s + digits);
  EXPECT_EQ(decode_png(hand_made(2, 1, 8, 0, text, rows)).image, upright);
}

TEST(Png, SaysTheLimitOfItsSize) {
  for (const auto& [width, height] : {std::pair{20000, 1}, {1, 16385}, {16384, 16384}}) {
    try {
      decode_png(hand_made(width, height, 8, 0, "", "x"), "wide.png");
      FAIL();
    } catch (const DataError& e) {
      EXPECT_EQ(std::string(e.what()), "wide.png: a picture of " + std::to_string(width) + " x " +
                                           std::to_string(height) +
                                           " pixels (width x height); the limit is 16384 a side and 64 Mi pixels in "
                                           "all: reduce it first");
    }
  }
}

TEST(Png, NamesTheFileThatIsNone) {
  try {
    decode_png("GIF89a and more", "cat.png");
    FAIL();
  } catch (const DataError& e) {
    EXPECT_NE(std::string(e.what()).find("cat.png: wanted a PNG file"), std::string::npos) << e.what();
  }
  EXPECT_THROW(decode_png(""), DataError);
}

TEST(Png, RejectsEveryTruncation) {
  const std::string bytes = encode_png(random_pixels(6, 5, 3), {{"a", "b"}});
  for (std::size_t n = 0; n < bytes.size(); ++n)
    EXPECT_THROW(decode_png(std::string_view(bytes).substr(0, n)), DataError) << n;
}

TEST(Png, RejectsAbsurdSizesWithoutTakingTheMemory) {
  EXPECT_THROW(decode_png(hand_made(16384, 16384, 8, 2, "", "x")), DataError);
  EXPECT_THROW(decode_png(hand_made(8000, 8000, 8, 2, "", "x")), DataError);
  EXPECT_THROW(decode_png(hand_made(2000000, 1, 8, 2, "", "x")), DataError);
}

TEST(Png, SurvivesMutation) {
  const std::string whole[] = {
      encode_png(random_pixels(9, 7, 1), {{"key", "value"}}), encode_png(random_pixels(5, 6, 3)),
      hand_made(3, 1, 8, 3, chunk("PLTE", bytes_of({255, 0, 0, 0, 0, 255, 9, 8, 7})), bytes_of({0, 2, 0, 1})),
      hand_made(2, 1, 8, 0, chunk("eXIf", testing::exif_bytes(6, true).substr(6)), bytes_of({0, 7, 9}))};
  RandomSequence random(Random(11, "fuzz"), 0);
  int read = 0;
  for (int i = 0; i < 6000; ++i) {
    try {
      const Png png = decode_png(testing::mutate(whole[i % 4], random));
      EXPECT_LE(png.image.pixels().size(), std::size_t{3} << 26);
      ++read;
    } catch (const DataError&) {
    }
  }
  EXPECT_LT(read, 3000);  // the checksums catch most
}

TEST(Png, RejectsKeywordsThatTheFormatForbids) {
  const Image image(1, 1, 1);
  for (const std::string& key :
       {std::string(), std::string(80, 'a'), std::string(" a"), std::string("a  b"), std::string("\n")}) {
    EXPECT_THROW(encode_png(image, {{key, "text"}}), DataError) << key;
  }
  EXPECT_THROW(encode_png(image, {{"a", std::string("x\0y", 3)}}), DataError);
  EXPECT_THROW(encode_png(Image()), DataError);
}

TEST(Png, WritesWholeFilesAndLeavesNothingBeside) {
  const FreshFolder folder;
  const Image image = random_pixels(12, 13, 3);
  write_png(folder / "a.png", image, {{"k", "v"}});
  const Png png = read_png(folder / "a.png");
  EXPECT_EQ(png.image, image);
  EXPECT_EQ(png.text.at("k"), "v");
  const auto entries = std::filesystem::directory_iterator(folder.path());
  EXPECT_EQ(std::distance(begin(entries), end(entries)), 1);
}

TEST(Png, SaysWhichFileIsMissing) {
  const FreshFolder folder;
  try {
    read_png(folder / "none.png");
    FAIL();
  } catch (const DataError& e) {
    EXPECT_NE(std::string(e.what()).find("none.png"), std::string::npos);
  }
  EXPECT_THROW(write_png(folder / "no_such_folder" / "a.png", Image(1, 1, 1)), DataError);
}

}  // namespace
}  // namespace ganymede::picture
