#include "data/synthetic/synthetic_ink.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "base/error.hpp"
#include "ink/prepare.hpp"

namespace ganymede::data {
namespace {

TEST(SyntheticInk, IsDeterminedBySeedAndIndex) {
  const InkSet few = synthetic_symbols(50, 3), more = synthetic_symbols(100, 3), other = synthetic_symbols(50, 4);
  int equal = 0;
  for (std::size_t i = 0; i < 50; ++i) {
    EXPECT_EQ(few.symbols[i].ink, more.symbols[i].ink);
    EXPECT_EQ(few.symbols[i].label, more.symbols[i].label);
    equal += few.symbols[i].ink == other.symbols[i].ink;
  }
  EXPECT_EQ(equal, 0);
}

TEST(SyntheticInk, EveryBlockHoldsEveryClassOnce) {
  for (const std::uint64_t block : {0u, 1u, 77u}) {
    std::set<int> labels;
    for (std::uint64_t i = 0; i < kSymbolClasses; ++i)
      labels.insert(synthetic_symbol_label(1, block * kSymbolClasses + i));
    EXPECT_EQ(labels.size(), static_cast<std::size_t>(kSymbolClasses));
  }
}

TEST(SyntheticInk, EverySymbolFitsTenMoves) {
  for (const Symbol& s : synthetic_symbols(kSymbolClasses * 60, 5).symbols) {
    EXPECT_EQ(ink::prepare(s.ink).fate, ink::Fate::kept) << symbol_names()[static_cast<std::size_t>(s.label)];
  }
}

TEST(SyntheticInk, NoTwoSymbolsOfAClassAreAlike) {
  for (int label = 0; label < kSymbolClasses; ++label) {
    std::set<std::vector<double>> seen;
    for (std::uint64_t i = 0; i < 20; ++i) {
      std::vector<double> values;
      for (const ink::Move& m : ink::prepare(draw_symbol(1, i, label)).moves)
        values.insert(values.end(), {m.dx, m.dy, m.pen});
      seen.insert(values);
    }
    EXPECT_EQ(seen.size(), 20u) << symbol_names()[static_cast<std::size_t>(label)];
  }
}

TEST(SyntheticInk, LettersWithCaronHaveAStrokeAboveThem) {
  for (const char* name : {"Č", "Š", "Ž"}) {
    const ink::Ink ink = draw_symbol(1, 0, symbol_class(name));
    ASSERT_GE(ink.size(), 2u);
    EXPECT_LT(ink::bounding_box({ink.back()}).y1, ink::bounding_box({ink.front()}).y0 + 0.1) << name;
  }
}

// The simplest classifier: points at equal shares of the ink's length, nearest neighbour. 1 and I without serifs are
// one drawing, O and 0 nearly so; all else must be told apart.
std::vector<double> features_of(const ink::Ink& raw) {
  const ink::Ink ink = ink::normalised(raw);
  std::vector<ink::Point> points;
  std::vector<double> at{0};
  for (const ink::Stroke& stroke : ink) {
    for (const ink::Point& p : stroke) {
      if (!points.empty()) at.push_back(at.back() + std::hypot(p.x - points.back().x, p.y - points.back().y));
      points.push_back(p);
    }
  }
  std::vector<double> features;
  std::size_t i = 0;
  for (int k = 0; k < 16; ++k) {
    const double wanted = at.back() * k / 15;
    while (i + 1 < at.size() && at[i] < wanted) ++i;
    features.insert(features.end(), {points[i].x, points[i].y});
  }
  return features;
}

TEST(SyntheticInk, ClassesCanBeToldApart) {
  const InkSet train = synthetic_symbols(kSymbolClasses * 60, 1), test = synthetic_symbols(kSymbolClasses * 8, 2);
  std::vector<std::vector<double>> known;
  for (const Symbol& s : train.symbols) known.push_back(features_of(s.ink));
  int right = 0;
  for (const Symbol& s : test.symbols) {
    const std::vector<double> f = features_of(s.ink);
    double nearest = std::numeric_limits<double>::infinity();
    int label = -1;
    for (std::size_t j = 0; j < known.size(); ++j) {
      double d = 0;
      for (std::size_t k = 0; k < f.size(); ++k) d += (f[k] - known[j][k]) * (f[k] - known[j][k]);
      if (d < nearest) nearest = d, label = train.symbols[j].label;
    }
    right += label == s.label;
  }
  EXPECT_GT(right, 0.85 * static_cast<double>(test.symbols.size()));
}

TEST(SyntheticInk, RefusesLabelsAndCountsOutsideTheirRange) {
  EXPECT_THROW(draw_symbol(1, 0, kSymbolClasses), ShapeError);
  EXPECT_THROW(draw_symbol(1, 0, -1), ShapeError);
  EXPECT_THROW(synthetic_symbols(0, 1), ConfigError);
}

}  // namespace
}  // namespace ganymede::data
