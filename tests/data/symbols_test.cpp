#include "data/ink/symbols.hpp"

#include <gtest/gtest.h>

#include <set>

#include "data/ink/caron.hpp"

namespace ganymede::data {
namespace {

Symbol symbol(const char* name, std::int32_t writer, ink::Ink ink = {{{0, 0}, {4, 10}, {8, 0}}}) {
  return {.ink = std::move(ink), .label = symbol_class(name), .writer = writer};
}

InkSet set_of(std::vector<Symbol> symbols) {
  InkSet set;
  set.class_names = symbol_names();
  set.writers = {"a/1", "b/1"};
  set.symbols = std::move(symbols);
  return set;
}

TEST(Symbols, AreThirtyNineDifferentOnes) {
  const std::set<std::string> names(symbol_names().begin(), symbol_names().end());
  EXPECT_EQ(names.size(), static_cast<std::size_t>(kSymbolClasses));
  EXPECT_EQ(symbol_class("Ž"), 24);
  EXPECT_EQ(symbol_class("9"), 38);
  EXPECT_EQ(symbol_class("a"), -1);
}

TEST(Symbols, NoWriterIsInBothSplits) {
  std::vector<Symbol> symbols;
  InkSet set = set_of({});
  set.writers.clear();
  for (int w = 0; w < 700; ++w) {
    set.writers.push_back("x/" + std::to_string(w));
    set.symbols.push_back(symbol("A", w));
  }
  const InkSet train = split_of(set, Split::train), test = split_of(set, Split::test);
  EXPECT_EQ(train.symbols.size() + test.symbols.size(), 700u);
  EXPECT_NEAR(static_cast<double>(test.symbols.size()), 100, 4 * 9.3);  // four deviations of a binomial
  for (const Symbol& s : test.symbols) EXPECT_TRUE(is_test_writer(test.writers[static_cast<std::size_t>(s.writer)]));
}

TEST(Symbols, KeepsTheFirstOfEachClass) {
  InkSet set = set_of({symbol("A", 0), symbol("A", 1), symbol("B", 0)});
  keep_first_of_each_class(set, 1);
  ASSERT_EQ(set.symbols.size(), 2u);
  EXPECT_EQ(set.symbols[0].writer, 0);
}

TEST(Symbols, ShuffleKeepsAllAndDependsOnTheSeedAlone) {
  std::vector<Symbol> symbols;
  for (int i = 0; i < 30; ++i) symbols.push_back(symbol("A", 0, {{{1.0 * i, 0}, {0, 1}}}));
  InkSet a = set_of(symbols), b = set_of(symbols), c = set_of(symbols);
  shuffle(a, 1), shuffle(b, 1), shuffle(c, 2);
  std::set<double> seen;
  bool differs = false;
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    EXPECT_EQ(a.symbols[i].ink, b.symbols[i].ink);
    differs = differs || a.symbols[i].ink != c.symbols[i].ink;
    seen.insert(a.symbols[i].ink[0][0].x);
  }
  EXPECT_EQ(seen.size(), symbols.size());
  EXPECT_TRUE(differs);
}

TEST(Caron, StandsAboveTheLetterAndIsSmall) {
  const ink::Ink letter = {{{10, 0}, {0, 20}, {10, 40}}};
  for (std::uint32_t i = 0; i < 200; ++i) {
    RandomSequence random(Random(1, "test.caron"), i);
    const ink::Ink composed = with_caron(letter, {{{0, 0}, {300, 500}, {600, 0}}}, random);
    ASSERT_EQ(composed.size(), 2u);
    EXPECT_EQ(composed[0], letter[0]);
    const ink::Box caron = ink::bounding_box({composed[1]});
    EXPECT_LT(caron.y1, 0);
    EXPECT_GT(caron.y1, -0.15 * 40);
    EXPECT_LE(caron.height(), 0.33 * 40);
    EXPECT_LE(caron.width(), 0.66 * 40);
    EXPECT_NEAR((caron.x0 + caron.x1) / 2, 5, 0.07 * 40);
    EXPECT_GT(composed[1][1].y, composed[1][0].y) << "the V's point looks down";
  }
}

TEST(Caron, TakesTheVOfTheSameWriter) {
  const ink::Ink wide = {{{0, 0}, {1, 1}, {9, 0}}};
  InkSet set = set_of({symbol("C", 0), symbol("V", 1), symbol("V", 0, wide), symbol("Z", 1), symbol("S", 0)});
  add_carons(set);
  ASSERT_EQ(set.symbols.size(), 8u);
  EXPECT_EQ(set.symbols[5].label, symbol_class("Č"));
  EXPECT_EQ(set.symbols[6].label, symbol_class("Ž"));
  EXPECT_EQ(set.symbols[7].label, symbol_class("Š"));
  const ink::Box own = ink::bounding_box({set.symbols[5].ink[1]});
  EXPECT_NEAR(own.width() / own.height(), 9, 1e-9);
  EXPECT_EQ(set.symbols[6].writer, 1);
}

TEST(Caron, CountsLettersWithoutAV) {
  InkSet set = set_of({symbol("C", 0), symbol("V", 1), symbol("V", 0, {{{0, 0}}})});
  add_carons(set);
  EXPECT_EQ(set.symbols.size(), 3u);
  EXPECT_EQ(set.skipped.begin()->second, 1);
}

}  // namespace
}  // namespace ganymede::data
