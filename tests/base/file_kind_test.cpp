#include "base/file_kind.hpp"

#include <gtest/gtest.h>

#include "base/mutate.hpp"

namespace ganymede {
namespace {

using namespace std::string_literals;

TEST(KindOfFile, NamesPointersPagesAndTablesWithTheWayOut) {
  EXPECT_EQ(kind_of_file("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"),
            "a Git LFS pointer instead of the file: run `git lfs pull` where it was cloned");
  EXPECT_EQ(kind_of_file("\xef\xbb\xbf \n<!DOCTYPE HTML><html>"),
            "a web page (HTML) that was saved instead of the file: download the file itself");
  for (const char* table : {"label,pixel0,pixel1\n5,0,0\n", "5\t0\t0\r\n4\t0\t1\r\n", "0.5;1\n2;3\n4;5", "1,2,3"})
    EXPECT_TRUE(kind_of_file(table).starts_with("a text table (CSV): save its pictures as NPZ")) << table;
}

TEST(KindOfFile, TellsTextsFromTables) {
  EXPECT_EQ(kind_of_file("Hello, world\nand no more\nlines"), "a text");
  EXPECT_EQ(kind_of_file("hello"), "a text");
  EXPECT_EQ(kind_of_file("{\"a\": [1, 2]}"), "a JSON text");
}

TEST(KindOfFile, KnowsContainersAndPictures) {
  EXPECT_TRUE(kind_of_file("PK\3\4 and more").starts_with("a zip archive: unpack it"));
  EXPECT_TRUE(kind_of_file("\x80\4\x95 and more").starts_with("a Python pickle: save its pictures as NPZ"));
  EXPECT_TRUE(kind_of_file("RIFF\0\1\0\0WEBPVP8 "s).starts_with("a WebP picture: convert"));
  EXPECT_TRUE(kind_of_file("\0\0\0\x1c"
                           "ftypavif"s)
                  .starts_with("a HEIC or AVIF picture"));
  std::string tar(262, 'a');
  tar.replace(257, 5, "ustar");
  EXPECT_TRUE(kind_of_file(tar).starts_with("a tar archive"));
}

TEST(KindOfFile, AdmitsWhatItDoesNotKnow) {
  EXPECT_EQ(kind_of_file(""), "nothing");
  EXPECT_EQ(kind_of_file("\1\2\3"), "something else (other first bytes)");
}

TEST(KindOfFile, SurvivesMutation) {
  RandomSequence random(Random(7, "fuzz"), 0);
  const std::string seeds[] = {"label,a,b\n1,2,3\n", "RIFF\0\1\0\0WEBP"s, " <!doctype html>", "{\"a\":1}"};
  for (int i = 0; i < 4000; ++i) EXPECT_FALSE(kind_of_file(testing::mutate(seeds[i % 4], random)).empty());
}

}  // namespace
}  // namespace ganymede
