#include <gtest/gtest.h>

#include "base/error.hpp"
#include "play/game.hpp"

namespace ganymede::play {
namespace {

std::string fault_of_codes(const std::string& text) {
  try {
    codes_from(text);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

TEST(Codes, AreReadInTheirOrder) {
  EXPECT_TRUE(codes_from("none").empty());
  EXPECT_EQ(codes_from("10,uniform,uniform"), (std::vector<int>{10, kUniformCode, kUniformCode}));
  EXPECT_EQ(codes_from("uniform, 3"), (std::vector<int>{kUniformCode, 3}));
  EXPECT_EQ(width_of({10, 1, 3}), 14);
  EXPECT_EQ(place_of({10, 1, 3}, 0), 0);
  EXPECT_EQ(place_of({10, 1, 3}, 2), 11);
}

TEST(Codes, OfNoMeaningAreRefused) {
  for (const char* text :
       {"", "1", "0", "-3", "10,", ",10", "ten", "2.5", "1001", "10 uniform", "none,3", "99999999999"}) {
    EXPECT_NE(fault_of_codes(text).find("as in 10,uniform,uniform"), std::string::npos) << text;
  }
  std::string many = "2";
  for (int i = 0; i < 64; ++i) many += ",2";
  EXPECT_NE(fault_of_codes(many).find("at most 64 codes, found 65"), std::string::npos);
}

}  // namespace
}  // namespace ganymede::play
