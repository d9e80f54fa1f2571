#include "kernels/bf16.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>

#include "kernels/levels.hpp"

namespace ganymede::kernels {
namespace {

TEST(Bf16, RoundsToNearestEven) {
  EXPECT_EQ(rounded(1.0F), 0x3F80);
  EXPECT_EQ(rounded(-2.5F), 0xC020);
  EXPECT_EQ(widened(0x3F81), 1.0F + 1.0F / 128);
  EXPECT_EQ(rounded(1.0F + 1.0F / 256), 0x3F80);                  // a tie: down to even
  EXPECT_EQ(rounded(1.0F + 3.0F / 256), 0x3F82);                  // a tie: up to even
  EXPECT_EQ(rounded(1.0F + 1.0F / 256 + 1e-6F), 0x3F81);          // above the tie
  EXPECT_EQ(rounded(std::numeric_limits<float>::max()), 0x7F80);  // past the largest bf16: infinity
  EXPECT_EQ(rounded(std::numeric_limits<float>::infinity()), 0x7F80);
  EXPECT_EQ(rounded(-0.0F), 0x8000);
  EXPECT_EQ(rounded(std::bit_cast<float>(0x00018000U)), 2);  // denormals too
  EXPECT_TRUE(std::isnan(widened(rounded(std::numeric_limits<float>::quiet_NaN()))));
  EXPECT_TRUE(std::isnan(widened(rounded(std::bit_cast<float>(0x7F800001U)))));  // not cut to infinity
}

TEST(Bf16, IsWithinHalfAUnitInTheLastPlace) {
  for (const float x : random_values(10000, 1)) EXPECT_LE(std::fabs(widened(rounded(x)) - x), std::fabs(x) / 256);
}

TEST(Bf16, WidensAndRoundsBackEveryNumber) {
  std::vector<Bf16> all;
  for (int i = 0; i < 0x10000; ++i) {
    if (!std::isnan(widened(static_cast<Bf16>(i)))) all.push_back(static_cast<Bf16>(i));
  }
  at_every_level([&](const std::string&) {
    const auto count = static_cast<std::int64_t>(all.size()) - 1;  // odd: a tail
    std::vector<float> wide(all.size());
    std::vector<Bf16> back(all.size());
    for (std::int64_t i = 0; i < count; ++i) wide[i] = widened(all[i]);
    for (std::int64_t i = 0; i < count; ++i) ASSERT_EQ(std::bit_cast<std::uint32_t>(wide[i]), all[i] * 0x10000U);
    EXPECT_EQ(wide[count], 0);
    round_rows(wide.data(), count, 1, count, back.data(), count);
    back[count] = all[count];
    EXPECT_EQ(back, all);
  });
}

struct Shape {
  std::int64_t rows, columns;
};
const Shape kShapes[] = {{1, 1},  {1, 16},  {2, 3},   {3, 17},  {5, 32}, {16, 16},
                         {17, 7}, {31, 33}, {32, 64}, {50, 20}, {67, 41}};
constexpr Bf16 kUntouched = 0x1234;

// Ordinary numbers, and now and then a special one.
std::vector<float> numbers(std::int64_t count, std::uint64_t seed) {
  auto values = random_values(static_cast<std::size_t>(count), seed);
  const float special[] = {
      0.0F,       -0.0F, 1e-40F, 3.4e38F, std::numeric_limits<float>::infinity(), std::bit_cast<float>(0xFF800001U),
      1.00390625F};
  for (std::int64_t i = 0; i < count; i += 11) values[i] = special[i / 11 % 7];
  return values;
}

using Pack = void (*)(const float*, std::int64_t, std::int64_t, std::int64_t, Bf16*, std::int64_t);
struct Packing {
  const char* name;
  Pack pack;
  std::int64_t (*row)(const Shape&);                                           // length of a row of the result
  std::int64_t (*at)(std::int64_t r, std::int64_t c, std::int64_t to_row);     // where from[r][c] goes
  std::int64_t (*padded_rows)(const Shape&), (*padded_columns)(const Shape&);  // with the zeros
};
const std::int64_t kGap = 6;
const Packing kPackings[] = {
    {"rows", round_rows, [](const Shape& s) { return s.columns + kGap; },
     [](std::int64_t r, std::int64_t c, std::int64_t to_row) { return r * to_row + c; },
     [](const Shape& s) { return s.rows; }, [](const Shape& s) { return s.columns; }},
    {"pairs", round_pairs, [](const Shape& s) { return 2 * s.columns + kGap; },
     [](std::int64_t r, std::int64_t c, std::int64_t to_row) { return r / 2 * to_row + 2 * c + r % 2; },
     [](const Shape& s) { return s.rows + s.rows % 2; }, [](const Shape& s) { return s.columns; }},
    {"transposed", round_transposed, [](const Shape& s) { return s.rows + kGap; },
     [](std::int64_t r, std::int64_t c, std::int64_t to_row) { return c * to_row + r; },
     [](const Shape& s) { return s.rows; }, [](const Shape& s) { return s.columns; }},
    {"transposed pairs", round_transposed_pairs, [](const Shape& s) { return 2 * s.rows + kGap; },
     [](std::int64_t r, std::int64_t c, std::int64_t to_row) { return c / 2 * to_row + 2 * r + c % 2; },
     [](const Shape& s) { return s.rows; }, [](const Shape& s) { return s.columns + s.columns % 2; }},
};

TEST(Bf16, PacksEveryNumberWhereItsLayoutSaysAndNothingElse) {
  at_every_level([](const std::string&) {
    for (const Packing& packing : kPackings) {
      for (const Shape& s : kShapes) {
        SCOPED_TRACE(testing::Message() << packing.name << " " << s.rows << " x " << s.columns);
        const std::int64_t from_row = s.columns + 3;
        const auto from = numbers(s.rows * from_row, 2);
        const std::int64_t to_row = packing.row(s);
        std::vector<Bf16> to(static_cast<std::size_t>((std::max(s.rows, s.columns) + 1) * to_row), kUntouched);
        auto wanted = to;
        for (std::int64_t r = 0; r < packing.padded_rows(s); ++r) {
          for (std::int64_t c = 0; c < packing.padded_columns(s); ++c) {
            const bool inside = r < s.rows && c < s.columns;
            wanted[packing.at(r, c, to_row)] = inside ? rounded(from[r * from_row + c]) : Bf16{0};
          }
        }
        packing.pack(from.data(), from_row, s.rows, s.columns, to.data(), to_row);
        ASSERT_EQ(to, wanted);
      }
    }
  });
}

}  // namespace
}  // namespace ganymede::kernels
