#include "ink/moves.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "ink/prepare.hpp"

namespace ganymede::ink {
namespace {

const Ink kSeven = {{{0, 0}, {1, 0}, {0.25, 1}}, {{0.25, 0.5}, {0.75, 0.5}}};

TEST(Encode, WritesMovesAndLiftsByHand) {
  const Moves moves = encode(kSeven);
  EXPECT_EQ(moves[0], (Move{1, 0, 1}));
  EXPECT_EQ(moves[1], (Move{-0.75f, 1, 1}));
  EXPECT_EQ(moves[2], (Move{0, -0.5f, 0}));
  EXPECT_EQ(moves[3], (Move{0.5f, 0, 1}));
  for (int i = 4; i < kMoves; ++i) EXPECT_EQ(moves[i], Move{}) << i;
  EXPECT_EQ(used_moves(moves), 4);
  EXPECT_EQ(count_moves(kSeven), 4);
}

TEST(Encode, SubdividesTheLongestMoveInsteadOfPadding) {
  const Moves moves = encode({{{0, 0}, {8, 0}, {9, 0}}}, Padding::subdivide);
  EXPECT_EQ(used_moves(moves), 10);
  EXPECT_EQ(moves[9], (Move{1, 0, 1}));
  for (int i = 0; i < 9; ++i) EXPECT_LE(moves[i].dx, 1) << i;
  const Ink drawn = decode(moves);
  ASSERT_EQ(drawn.size(), 1u);
  EXPECT_EQ(drawn[0].back(), (Point{9, 0}));
}

TEST(Encode, WritesADotAsAMoveOfNoLength) {
  const Ink dotted = {{{0, 0}, {0, 1}}, {{0, -0.5}}};
  EXPECT_EQ(encode(dotted)[2], (Move{0, 0, 1}));
  EXPECT_EQ(decode(encode(dotted)), dotted);
}

TEST(Encode, RefusesMoreThanTenMovesAndNone) {
  Ink long_one{{}};
  for (int i = 0; i < 12; ++i) long_one[0].push_back({1.0 * i, 1.0 * (i % 2)});
  EXPECT_THROW(encode(long_one), DataError);
  EXPECT_THROW(encode({}), DataError);
  EXPECT_THROW(encode({{{0, 0}}, {}}), DataError);
}

TEST(Encode, TakesFiveStrokesAndNotSix) {
  Ink dots;
  for (int i = 0; i < kMostStrokes; ++i) dots.push_back({{1.0 * i, 0}});
  EXPECT_EQ(decode(encode(dots)), dots);
  dots.push_back({{9, 9}});
  EXPECT_THROW(encode(dots), DataError);
}

TEST(Decode, JoinsLiftsAndIgnoresTrailingOnes) {
  const Moves moves = {{{1, 0, 0.9f}, {1, 0, 0.1f}, {1, 0, 0.4f}, {0, 1, 0.6f}, {5, 5, 0}}};
  EXPECT_EQ(decode(moves), (Ink{{{0, 0}, {1, 0}}, {{3, 0}, {3, 1}}}));
}

TEST(Decode, StartsWhereItIsTold) {
  EXPECT_EQ(decode(encode(kSeven), {2, 3})[0][0], (Point{2, 3}));
}

TEST(MovesOf, ReadsTheValuesInMemoryOrder) {
  const Moves moves = encode(kSeven);
  EXPECT_EQ(moves_of({&moves[0].dx, 30}), moves);
  EXPECT_THROW(moves_of({&moves[0].dx, 29}), ShapeError);
}

TEST(WithNoise, LeavesPensAndPaddingAlone) {
  RandomSequence random(Random(1, "test.noise"), 0);
  const Moves moves = encode(kSeven), noisy = with_noise(moves, 0.1, 1, random);
  for (int i = 0; i < kMoves; ++i) EXPECT_EQ(noisy[i].pen, moves[i].pen);
  for (int i = 4; i < kMoves; ++i) EXPECT_EQ(noisy[i], Move{});
  EXPECT_NE(noisy[0], moves[0]);
}

TEST(WithNoise, HasTheStatedDeviationAndStaysWithinTheLimit) {
  const Moves moves = encode({{{0, 0}, {0.5, 0}}});
  double sum = 0, squares = 0;
  constexpr int kCopies = 4000;
  for (int i = 0; i < kCopies; ++i) {
    RandomSequence random(Random(1, "test.noise"), static_cast<std::uint32_t>(i));
    const double d = static_cast<double>(with_noise(moves, 0.05, 1, random)[0].dx) - 0.5;
    sum += d, squares += d * d;
  }
  EXPECT_NEAR(sum / kCopies, 0, 4 * 0.05 / std::sqrt(kCopies));  // four standard errors
  EXPECT_NEAR(std::sqrt(squares / kCopies), 0.05, 4 * 0.05 / std::sqrt(2.0 * kCopies));
  RandomSequence random(Random(1, "test.noise"), 0);
  for (const Move& m : with_noise(moves, 50, 1, random)) {
    EXPECT_LE(std::abs(m.dx), 1);
    EXPECT_LE(std::abs(m.dy), 1);
  }
}

}  // namespace
}  // namespace ganymede::ink
