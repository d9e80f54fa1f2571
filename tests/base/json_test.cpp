#include "base/json.hpp"

#include <gtest/gtest.h>
#include <limits>

#include <nlohmann/json.hpp>

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

TEST(Json, SaysFaultsWithoutTheLibrarysTag) {
  try {
    parse_json("[1, 2", "x.json");
    FAIL() << "no error";
  } catch (const DataError& error) {
    EXPECT_TRUE(std::string_view(error.what()).starts_with("x.json: no JSON; the file is damaged: line 1, column 6: "))
        << error.what();
  }
  EXPECT_EQ(json_fault("[json.exception.parse_error.101] parse error at line 3, column 7: odd: thing", false),
            "odd: thing");
  EXPECT_EQ(json_fault(std::string(1000, 'x')).size(), 200U);
}

TEST(NumberOrNull, IsNullWhereJsonHasNoNumber) {
  EXPECT_EQ(number_or_null(-0.5), -0.5);
  for (const double none : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()})
    EXPECT_TRUE(number_or_null(none).is_null());
}

}  // namespace
}  // namespace ganymede
