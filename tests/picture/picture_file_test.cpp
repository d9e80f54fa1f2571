#include "picture/picture_file.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/fresh_folder.hpp"
#include "base/mutate.hpp"
#include "base/philox.hpp"
#include "picture/jpeg_bytes.hpp"
#include "picture/png.hpp"

namespace ganymede::picture {
namespace {

TEST(PictureSize, IsThatOfTheDecodedPicture) {
  const ganymede::testing::FreshFolder folder;
  for (int i = 1; i < 30; ++i) {
    const Image image(1 + 7 * i % 40, 1 + 11 * i % 600, 3, Colour{1, 2, 3});
    const std::string bytes = i % 3 == 0   ? encode_png(image)
                              : i % 3 == 1 ? ganymede::testing::jpeg_bytes(image)
                                           : ganymede::testing::jpeg_bytes(image, {.progressive = true});
    write_file_atomically(folder / "x", bytes);
    const auto size = picture_size(folder / "x");
    ASSERT_TRUE(size.has_value()) << i;
    EXPECT_EQ(static_cast<int>(size->width), image.width()) << i;
    EXPECT_EQ(static_cast<int>(size->height), image.height()) << i;
  }
}

TEST(PictureSize, IsNoneOfOtherFilesAndBearsAnyBytes) {
  const ganymede::testing::FreshFolder folder;
  EXPECT_FALSE(picture_size(folder / "missing"));
  const std::string png = encode_png(Image(9, 14, 3)), jpeg = ganymede::testing::jpeg_bytes(Image(21, 9, 3));
  for (const std::string& text : {std::string(), std::string("GIF89a"), png.substr(0, 20), jpeg.substr(0, 12)}) {
    write_file_atomically(folder / "x", text);
    EXPECT_FALSE(picture_size(folder / "x")) << text.size();
  }
  RandomSequence random(Random(5, "fuzz"), 0);
  for (int i = 0; i < 200; ++i) {
    write_file_atomically(folder / "x", ganymede::testing::mutate(i % 2 == 0 ? png : jpeg, random));
    EXPECT_NO_THROW(picture_size(folder / "x"));
  }
}

}  // namespace
}  // namespace ganymede::picture
