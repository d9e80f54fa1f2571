#include "base/json.hpp"

#include <gtest/gtest.h>

#include "base/fresh_folder.hpp"

namespace ganymede {
namespace {

std::string nested(int depth) {
  return std::string(static_cast<std::size_t>(depth), '[') + std::string(static_cast<std::size_t>(depth), ']');
}

TEST(Json, BoundsTheDepthOfBrackets) {
  EXPECT_NO_THROW(parse_json(nested(kDeepestJson), "x"));
  EXPECT_THROW(parse_json(nested(kDeepestJson + 1), "x"), DataError);
  EXPECT_THROW(parse_json(nested(100'000), "x"), DataError);
  EXPECT_THROW(parse_json(std::string(100'000, '{'), "x"), DataError);
}

TEST(Json, CountsNoBracketsWithinTexts) {
  const nlohmann::json value = {"\\\"" + std::string(1000, '['), nested(500)};
  EXPECT_EQ(parse_json(value.dump(), "x"), value);
}

TEST(Json, BoundsTheSizeOfAFileBeforeItIsRead) {
  const testing::FreshFolder folder;
  write_file_atomically(folder / "a.json", "[1, 2]");
  EXPECT_EQ(read_json(folder / "a.json", 6).size(), 2U);
  EXPECT_THROW(read_json(folder / "a.json", 5), DataError);
}

TEST(Json, ReplacesBytesThatAreNoUtf8) {
  EXPECT_EQ(json_text(nlohmann::json("a\xff")), "\"a\xEF\xBF\xBD\"");
}

}  // namespace
}  // namespace ganymede
