#include "ink/prepare.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "ink/simplify.hpp"
#include "random_ink.hpp"

namespace ganymede::ink {
namespace {

const Ink kLine = {{{10, 100}, {30, 140}}};
constexpr PrepareOptions kAnyTolerance{.most_tolerance = 10};

void expect_equal_inks(const Ink& a, const Ink& b, double bound, std::uint64_t seed) {
  ASSERT_EQ(a.size(), b.size()) << "seed " << seed;
  for (std::size_t s = 0; s < a.size(); ++s) {
    ASSERT_EQ(a[s].size(), b[s].size()) << "seed " << seed << ", stroke " << s;
    for (std::size_t i = 0; i < a[s].size(); ++i) {
      EXPECT_NEAR(a[s][i].x, b[s][i].x, bound) << "seed " << seed;
      EXPECT_NEAR(a[s][i].y, b[s][i].y, bound) << "seed " << seed;
    }
  }
}

TEST(Normalised, DividesByTheLongerSideAndKeepsTheAspect) {
  EXPECT_EQ(normalised(kLine), (Ink{{{0, 0}, {0.5, 1}}}));
  EXPECT_EQ(normalised(kLine, Range::symmetric), (Ink{{{-1, -1}, {0, 1}}}));
}

TEST(Normalised, RefusesAPoint) {
  EXPECT_THROW(normalised(Ink{{{3, 3}, {3, 3}}}), DataError);
  EXPECT_THROW(normalised(Ink{}), DataError);
}

TEST(Prepare, DecodeOfEncodeIsTheSimplifiedSymbol) {
  int kept = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    for (const Simplification way : {Simplification::plain, Simplification::consistent}) {
      PrepareOptions options = kAnyTolerance;
      options.simplification = way;
      options.range = seed % 2 == 0 ? Range::unit : Range::symmetric;
      const Prepared p = prepare(random_ink(seed, 1 + static_cast<int>(seed % 5)), options);
      if (p.fate != Fate::kept) continue;
      ++kept;
      // Ten moves of at most 2, each rounded to f32 by at most 2^-24 of itself.
      expect_equal_inks(decode(p.moves, p.simplified[0][0]), p.simplified, 20 * std::ldexp(1, -24), seed);
    }
  }
  EXPECT_GT(kept, 3500);
}

TEST(Prepare, UsesTheSmallestToleranceThatFits) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const Ink ink = random_ink(seed, 2);
    const Prepared p = prepare(ink, kAnyTolerance);
    ASSERT_EQ(p.fate, Fate::kept);
    EXPECT_LE(p.moves_used, kMoves);
    EXPECT_GE(p.tolerance, kAnyTolerance.tolerance);
    if (p.tolerance == kAnyTolerance.tolerance) continue;
    const Ink finer = simplified(normalised(without_repeats(ink)), p.tolerance * (1 - 1e-9));
    EXPECT_GT(count_moves(finer), kMoves) << "seed " << seed;
  }
}

TEST(Prepare, DropsWithAReason) {
  EXPECT_EQ(prepare(Ink{}).fate, Fate::no_extent);
  EXPECT_EQ(prepare(Ink{{{5, 5}, {5, 5}}}).fate, Fate::no_extent);
  EXPECT_EQ(prepare(Ink(6, Stroke{{0, 0}, {1, 1}})).fate, Fate::too_many_strokes);
  Stroke saw;
  for (int i = 0; i < 30; ++i) saw.push_back({i / 30.0, i % 2 * 0.8});
  const Prepared p = prepare(Ink{saw});
  EXPECT_EQ(p.fate, Fate::too_detailed);
  EXPECT_GT(p.tolerance, 0.2);
  EXPECT_TRUE(p.simplified.empty());
}

TEST(Prepare, DoesNotDependOnPlaceAndSize) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Ink ink = random_ink(seed, 2);
    const Prepared a = prepare(ink, kAnyTolerance);
    ink::apply(then(Affine::scaling(8, 8), Affine::translation(1024, -4096)), ink);
    const Prepared b = prepare(ink, kAnyTolerance);
    ASSERT_EQ(a.fate, b.fate);
    for (int i = 0; i < kMoves; ++i) {
      EXPECT_NEAR(a.moves[i].dx, b.moves[i].dx, 1e-6) << "seed " << seed;
      EXPECT_NEAR(a.moves[i].dy, b.moves[i].dy, 1e-6) << "seed " << seed;
    }
  }
}

TEST(Prepare, MovesOfAUnitSymbolLieWithinOne) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    for (const Move& m : prepare(random_ink(seed, 3), kAnyTolerance).moves) {
      EXPECT_LE(std::max(std::abs(m.dx), std::abs(m.dy)), 1) << "seed " << seed;
      EXPECT_TRUE(m.pen == 0 || m.pen == 1);
    }
  }
}

TEST(Prepare, ConsistentMakesNoNewCrossings) {
  PrepareOptions options = kAnyTolerance;
  options.simplification = Simplification::consistent;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const Ink ink = random_ink(seed, 2);
    if (count_crossings(ink) > 0) continue;
    const Prepared p = prepare(ink, options);
    if (p.fate == Fate::kept) {
      EXPECT_EQ(count_crossings(p.simplified), 0) << "seed " << seed;
    }
  }
}

TEST(Prepare, SubdividedSymbolsUseAllMoves) {
  PrepareOptions options = kAnyTolerance;
  options.padding = Padding::subdivide;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Prepared p = prepare(random_ink(seed, 1), options);
    if (p.fate == Fate::kept) {
      EXPECT_EQ(used_moves(p.moves), kMoves) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace ganymede::ink
