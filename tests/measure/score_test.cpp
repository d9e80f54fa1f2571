#include "measure/score.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/mutate.hpp"

namespace ganymede::measure {
namespace {

Score sample() {
  return {.name = "frechet10k_digits_v1",
          .value = 12.3456,
          .low = 11.9,
          .high = 12.8,
          .count_real = 10000,
          .count_fake = 10000,
          .floor = .8512,
          .count_floor = 5000,
          .better = Better::lower,
          .protocol = "features digits_v1"};
}

TEST(Score, IsOneLine) {
  EXPECT_EQ(to_line(sample()),
            "frechet10k_digits_v1  12.35 [11.9, 12.8]  floor 0.8512 (5,000 + 5,000)  10,000 real, 10,000 fake");
  EXPECT_EQ(to_line({.name = "separability1k_digits", .value = 1.5, .low = NAN, .high = NAN, .count_fake = 1000}),
            "separability1k_digits  1.5  1,000 fake");
}

TEST(Score, TablesAlignTheirColumns) {
  Score small = sample();
  small.name = "kernel10k_digits_v1";
  small.value = -0.00012346;
  EXPECT_EQ(to_table(std::vector<Score>{sample(), small}),
            "frechet10k_digits_v1       12.35  [11.9, 12.8]  floor 0.8512 (5,000 + 5,000)  10,000 real, 10,000 fake\n"
            "kernel10k_digits_v1   -0.0001235  [11.9, 12.8]  floor 0.8512 (5,000 + 5,000)  10,000 real, 10,000 fake\n");
}

TEST(Score, ComesBackFromJson) {
  const Score written = sample(), read = parse_score(to_json(written).dump(), "score.json");
  EXPECT_EQ(to_json(written)["schema"], "ganymede.score/1");
  EXPECT_EQ(to_json(read), to_json(written));
  EXPECT_EQ(read.floor, written.floor);
  EXPECT_EQ(read.better, written.better);

  Score bare = sample();
  bare.low = bare.high = NAN;
  bare.floor.reset();
  bare.better = Better::half;
  EXPECT_TRUE(to_json(bare)["low"].is_null());
  EXPECT_TRUE(to_json(bare)["floor"].is_null());
  const Score again = parse_score(to_json(bare).dump(), "score.json");
  EXPECT_TRUE(std::isnan(again.low));
  EXPECT_FALSE(again.floor);
  EXPECT_EQ(again.better, Better::half);
}

TEST(Score, NamesWhatIsWrongWithIt) {
  const auto message = [](auto&& change) {
    auto json = to_json(sample());
    change(json);
    try {
      score_from_json(json, "score.json");
    } catch (const DataError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(message([](auto& j) { j["schema"] = "x"; }),
            "score.json: wanted the schema \"ganymede.score/1\", found \"x\"");
  EXPECT_EQ(message([](auto& j) { j.erase("value"); }), "score.json: no score: \"value\" is missing");
  EXPECT_EQ(message([](auto& j) { j["value"] = "1"; }), "score.json: value: wanted a number or null, found string");
  EXPECT_EQ(message([](auto& j) { j["count_real"] = -1; }),
            "score.json: count_real: wanted a whole number of 0 or more");
  EXPECT_EQ(message([](auto& j) { j["better"] = "more"; }),
            "score.json: better: wanted lower, higher, half or neither, found \"more\"");
  EXPECT_EQ(message([](auto&) {}), "");
}

TEST(Score, DamageIsADataErrorOrAScore) {
  const std::string bytes = to_json(sample()).dump();
  int refused = 0;
  for (std::uint32_t i = 0; i < 2000; ++i) {
    RandomSequence random(Random(8, "test.mutate"), i);
    try {
      (void)to_line(parse_score(ganymede::testing::mutate(bytes, random), "score.json"));
    } catch (const DataError&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 1000);
  EXPECT_LT(refused, 2000);
}

TEST(ShortCount, WritesThousands) {
  EXPECT_EQ(short_count(10000), "10k");
  EXPECT_EQ(short_count(2500), "2500");
  EXPECT_EQ(short_count(2000000), "2m");
  EXPECT_EQ(short_count(0), "0");
}

}  // namespace
}  // namespace ganymede::measure
