#include "web/files.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace ganymede::web {
namespace {

TEST(WebFiles, AreThoseOfTheFolderByteForByte) {
  ASSERT_FALSE(files().empty());
  for (const File& file : files()) {
    SCOPED_TRACE(file.path);
    std::ifstream stream(GANYMEDE_SOURCE_DIR "/web/dist/" + std::string(file.path), std::ios::binary);
    std::stringstream bytes;
    bytes << stream.rdbuf();
    EXPECT_TRUE(file.bytes == bytes.str());
    EXPECT_EQ(find(file.path), &file);
  }
}

TEST(WebFiles, HoldThePageAndNoOtherPaths) {
  ASSERT_NE(find("index.html"), nullptr);
  EXPECT_NE(find("index.html")->bytes.find("<div id=\"app\">"), std::string_view::npos);
  EXPECT_EQ(find("SOURCES"), nullptr);
  EXPECT_EQ(find(""), nullptr);
  EXPECT_EQ(find("assets"), nullptr);
}

TEST(WebFiles, NameNothingElsewhere) {
  // Scripts, styles, fonts and pictures come from the program alone; addresses in texts of libraries are no requests.
  const std::string_view page = find("index.html")->bytes;
  EXPECT_EQ(page.find("http"), std::string_view::npos) << page;
  for (const File& file : files()) {
    if (!file.path.ends_with(".css")) continue;
    EXPECT_EQ(file.bytes.find("url(http"), std::string_view::npos) << file.path;
    EXPECT_EQ(file.bytes.find("@import"), std::string_view::npos) << file.path;
  }
}

}  // namespace
}  // namespace ganymede::web
