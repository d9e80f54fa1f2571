#include "data/ink/ink_dataset.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "data/batches.hpp"
#include "data/contact_sheet.hpp"
#include "data/helpers.hpp"
#include "data/ink/ink_source.hpp"
#include "data/ink/unipen.hpp"
#include "data/synthetic/synthetic_ink.hpp"

namespace ganymede::data {
namespace {

InkSet seven_and_dot() {
  InkSet set;
  set.provenance.name = "hand-made";
  set.class_names = {"7", "dot"};
  set.writers = {"a/1", "b/2"};
  set.symbols = {{.ink = {{{0, 0}, {1, 0}, {0.25, 1}}}, .label = 0, .writer = 1},
                 {.ink = {{{3, 3}}}, .label = 1, .writer = 0},
                 {.ink = {{{0, 0}, {10, 5}}}, .label = 1, .writer = 0}};
  return set;
}

TEST(InkDataset, HoldsMovesClassesAndWriters) {
  const Dataset d = ink_dataset(seven_and_dot());
  EXPECT_TRUE(d.is_ink());
  EXPECT_EQ(d.images.shape(), (Shape{2, 10, 3}));
  EXPECT_EQ(d.channels(), 1);
  EXPECT_EQ(d.height(), 10);
  EXPECT_EQ(d.width(), 3);
  EXPECT_EQ(d.labels, (std::vector<std::int32_t>{0, 1}));
  EXPECT_EQ(d.writers, (std::vector<std::int32_t>{1, 0}));
  const auto moves = d.values(0);
  EXPECT_EQ(std::vector<float>(moves.begin(), moves.begin() + 9), (std::vector<float>{1, 0, 1, -0.75f, 1, 1, 0, 0, 0}));
  EXPECT_TRUE(says(d.provenance.description, "1 that do not fit"));
}

TEST(InkDataset, MakesNoisyCopiesThatStandTogether) {
  const InkOptions options{.copies = 10, .noise = 0.02};
  const Dataset d = ink_dataset(seven_and_dot(), options, 5);
  ASSERT_EQ(d.size(), 20);
  double squares = 0;
  for (std::int64_t i = 0; i < 10; ++i) {
    EXPECT_EQ(d.labels[static_cast<std::size_t>(i)], 0);
    EXPECT_NE(d.values(i)[1], 0);
    EXPECT_EQ(d.values(i)[2], 1);
    EXPECT_EQ(d.values(i)[6], 0) << "padding has no noise";
    squares += d.values(i)[1] * d.values(i)[1];
  }
  EXPECT_NEAR(std::sqrt(squares / 10), 0.02, 0.014);  // three deviations of ten samples
  EXPECT_EQ(content_hash(d), content_hash(ink_dataset(seven_and_dot(), options, 5)));
  EXPECT_NE(content_hash(d), content_hash(ink_dataset(seven_and_dot(), options, 6)));
}

TEST(InkDataset, KeepsTheOriginalOnRequest) {
  const Dataset d = ink_dataset(seven_and_dot(), {.copies = 3, .keep_original = true});
  EXPECT_EQ(d.size(), 8);
  EXPECT_EQ(d.values(0)[0], 1);
  EXPECT_EQ(d.values(0)[1], 0);
}

TEST(InkDataset, CountsPerClassAmongSymbolsThatFit) {
  const Dataset d = ink_dataset(synthetic_symbols(kSymbolClasses * 5, 1), {.per_class = 2});
  EXPECT_EQ(d.size(), 2 * kSymbolClasses);
  EXPECT_EQ(ink_dataset(seven_and_dot(), {.per_class = 1}).size(), 2);
}

TEST(InkDataset, RefusesOptionsAndSetsThatCannotBe) {
  EXPECT_THROW(ink_dataset(seven_and_dot(), {.copies = -1}), ConfigError);
  EXPECT_THROW(ink_dataset(seven_and_dot(), {.noise = -1}), ConfigError);
  EXPECT_THROW(ink_dataset(seven_and_dot(), {.prepare = {.tolerance = 0.5}}), ConfigError);
  InkSet empty = seven_and_dot();
  empty.symbols.clear();
  EXPECT_TRUE(says(message_of<DataError>([&] { ink_dataset(empty); }), "hand-made has no drawings yet", "page Draw"));
}

TEST(InkDataset, SaysWhyNothingOfASetIsLeft) {
  InkSet dots = seven_and_dot();
  dots.symbols = {dots.symbols[1], dots.symbols[1], dots.symbols[1]};
  const auto said = [&] { return message_of<DataError>([&] { ink_dataset(dots); }); };
  EXPECT_TRUE(says(said(), "hand-made: 3 symbols, none of them with an extent: draw"));
  dots.symbols[0].ink.assign(6, {{0, 0}, {1, 1}});
  EXPECT_TRUE(says(said(), "3 symbols, of which the networks would be shown none", "2 without extent",
                   "1 more than 5 strokes"));
}

TEST(InkDataset, ServesBatchesAsTheyAre) {
  const Dataset d = ink_dataset(synthetic_symbols(50, 1));
  Batches batches(d, 20, LastBatch::keep, 1);
  std::vector<float> values(20 * 30);
  std::vector<std::int32_t> labels(20);
  ASSERT_EQ(batches.fill(0, 0, values, labels), 20);
  const std::int64_t row = batches.indices(0, 0)[7];
  const auto moves = d.values(row);
  EXPECT_TRUE(std::equal(moves.begin(), moves.end(), values.begin() + 7 * 30));
  EXPECT_EQ(labels[7], d.labels[static_cast<std::size_t>(row)]);
}

TEST(InkDataset, IsCutDrawnAndRefusedAsBytes) {
  const Dataset d = first_images(ink_dataset(synthetic_symbols(50, 1)), 12);
  EXPECT_EQ(d.size(), 12);
  EXPECT_EQ(d.writers.size(), 12u);
  EXPECT_GT(contact_sheet(d).height(), 56 * 30);
  EXPECT_EQ(picture_of(d, 0).channels(), 3);
  EXPECT_THROW(d.image(0), ShapeError);
}

TEST(InkDataset, ChecksShapeValuesAndWriters) {
  Dataset d = ink_dataset(seven_and_dot());
  Dataset wrong = d;
  wrong.images = Tensor(DType::f32, {2, 9, 3});
  EXPECT_TRUE(says(message_of<DataError>([&] { checked(wrong); }), "hand-made", "[2, 9, 3]"));
  wrong = d;
  wrong.images.values<float>()[4] = NAN;
  EXPECT_TRUE(says(message_of<DataError>([&] { checked(wrong); }), "value 4", "not finite"));
  wrong = d;
  wrong.writers = {0, 7};
  EXPECT_THROW(checked(wrong), DataError);
}

TEST(InkStatistics, CountsFatesMovesStrokesAndTolerances) {
  const InkStatistics s = ink_statistics(seven_and_dot());
  EXPECT_EQ(s.symbols, 3);
  EXPECT_EQ(s.kept(), 2);
  EXPECT_EQ(s.fates[1], 1);
  EXPECT_EQ(s.moves[1], 1);
  EXPECT_EQ(s.moves[2], 1);
  EXPECT_EQ(s.strokes[1], 2);
  EXPECT_EQ(s.dropped, (std::vector<std::int64_t>{0, 1}));
  EXPECT_EQ(s.at_least_tolerance, 2);
  EXPECT_EQ(s.tolerance_quantile(1), ink::PrepareOptions{}.tolerance);
}

TEST(InkSource, KnowsItsNames) {
  for (const char* ink : {"builtin-ink", "unipen", "mine.json", "a/b.tar.xz"}) EXPECT_TRUE(is_ink_source(ink)) << ink;
  for (const char* other : {"builtin-digits", "mnist", "x.npz", "a/b"}) EXPECT_FALSE(is_ink_source(other)) << other;
}

TEST(InkSource, OpensBuiltInInkThroughTheCatalogue) {
  const OpenOptions options{.builtin_count = 100, .ink = {.copies = 2}};
  const Dataset train = open_dataset("builtin-ink", Split::train, {}, options);
  const Dataset test = open_dataset("builtin-ink", Split::test, {}, options);
  EXPECT_EQ(train.size(), 200);
  EXPECT_EQ(test.size(), 100) << "noise is for training alone";
  EXPECT_EQ(train.class_count(), kSymbolClasses);
  EXPECT_NE(train.writer_names, test.writer_names);
}

TEST(InkSource, SaysWhereItLookedForUnipen) {
  const std::string message = message_of<DataError>([] {
    open_dataset("unipen", Split::train, {{"/nowhere", "--data"}});
  });
  EXPECT_TRUE(says(message, "/nowhere/unipen (--data)", "data list", "builtin-ink"));
}

TEST(InkSource, UnipenSplitsByWriterAndMixesContributors) {
  if (!shared_data() || find_unipen(*shared_data() / "unipen").empty()) GTEST_SKIP() << "no UniPen data";
  const std::vector<SearchPlace> places{{*shared_data(), "--data"}};
  const Dataset train = open_dataset("unipen", Split::train, places, {.limit = 4000});
  const Dataset test = open_dataset("unipen", Split::test, places);
  EXPECT_EQ(train.size(), 4000);
  std::vector<std::int64_t> classes(kSymbolClasses, 0);
  for (const std::int32_t label : train.labels) ++classes[static_cast<std::size_t>(label)];
  for (const std::int64_t n : classes) EXPECT_GT(n, 30);
  for (const std::int32_t w : test.writers) EXPECT_TRUE(is_test_writer(test.writer_names[static_cast<std::size_t>(w)]));
  for (const std::int32_t w : train.writers)
    EXPECT_FALSE(is_test_writer(train.writer_names[static_cast<std::size_t>(w)]));
  EXPECT_GT(test.size(), 4000);
}

}  // namespace
}  // namespace ganymede::data
