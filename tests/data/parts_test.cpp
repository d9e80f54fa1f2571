#include "data/parts.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include "base/error.hpp"
#include "data/helpers.hpp"
#include "data/ink/ink_source.hpp"

namespace ganymede::data {
namespace {

using Counts = std::vector<std::int64_t>;

// Twelve points 0, 1 ... of three classes and five writers, the last of whom wrote nothing.
Dataset twelve() {
  Dataset d;
  std::vector<float> values(12);
  std::iota(values.begin(), values.end(), 0.0f);
  d.images = Tensor::of<float>({12, 1}, std::span<const float>(values));
  d.labels = {0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 0, 0};
  d.class_names = {"a", "b", "c"};
  d.writers = {0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3};  // 5, 3, 3, 1
  d.writer_names = {"ann", "bob", "cid", "dora", "nobody"};
  d.provenance.name = "twelve";
  return checked(std::move(d));
}

std::vector<int> numbers_in(const Dataset& d) {
  std::vector<int> numbers;
  for (std::int64_t i = 0; i < d.size(); ++i) numbers.push_back(static_cast<int>(d.values(i)[0]));
  return numbers;
}

TEST(Dealt, GivesTheLargestGroupToTheSmallestPart) {
  // 7 to part 0; 5 to 1; 4 to 1 (5 < 7): 9; 3 to 0: 10; 2 to 1: 11; nothing to nobody.
  EXPECT_EQ(dealt(Counts{3, 7, 0, 4, 5, 2}, 2), (std::vector<int>{0, 0, -1, 1, 1, 1}));
  EXPECT_EQ(dealt(Counts{1, 1, 1, 1, 1}, 2), (std::vector<int>{0, 1, 0, 1, 0})) << "equal groups in turn";
  // 4 1 1 beside 3 3: six each, of three groups and of two; the last goes to the two.
  EXPECT_EQ(dealt(Counts{4, 3, 3, 1, 1, 1}, 2), (std::vector<int>{0, 1, 1, 0, 0, 1}));
  EXPECT_EQ(dealt(Counts{1, 1}, 3), (std::vector<int>{0, 1}));
}

TEST(PartFrom, ReadsNumberAndCount) {
  EXPECT_EQ(part_from("", "writer"), (Part{1, 1, PartBy::writer}));
  EXPECT_EQ(part_from("2/4", "class"), (Part{2, 4, PartBy::label}));
  EXPECT_EQ(part_from("1000/1000", "sample"), (Part{1000, 1000, PartBy::sample}));
  for (const char* text : {"0/2", "3/2", "2", "/2", "1/", "-1/2", "1/2/3", "1 /2", "1/1001", "a/b", "99999999999/2"}) {
    try {
      part_from(text, "writer");
      ADD_FAILURE() << text;
    } catch (const ConfigError& error) {
      EXPECT_NE(std::string(error.what()).find(std::string("found \"") + text + "\""), std::string::npos)
          << error.what();
    }
  }
  EXPECT_THROW(part_from("1/2", "size"), ConfigError);
}

TEST(PartOf, ByWriterGivesEachWriterToOneWorker) {
  // 5 to part 0, 3 and 3 to part 1, 1 to part 0.
  const Dataset first = part_of(twelve(), {1, 2, PartBy::writer}), second = part_of(twelve(), {2, 2, PartBy::writer});
  EXPECT_EQ(numbers_in(first), (std::vector<int>{0, 1, 2, 3, 4, 11}));
  EXPECT_EQ(numbers_in(second), (std::vector<int>{5, 6, 7, 8, 9, 10}));
  EXPECT_EQ(first.labels, (std::vector<std::int32_t>{0, 1, 2, 0, 1, 0}));
  EXPECT_EQ(second.writers, (std::vector<std::int32_t>{1, 1, 1, 2, 2, 2}));
  EXPECT_EQ(second.writer_names, twelve().writer_names);
  EXPECT_NE(second.provenance.description.find("part 2 of 2 by writer: 6 of 12 samples"), std::string::npos);
}

TEST(PartOf, ByClassKeepsTheNumbersOfAllClasses) {
  // 6 of a to part 0; 3 of b and 3 of c to part 1.
  const Dataset second = part_of(twelve(), {2, 2, PartBy::label});
  EXPECT_EQ(numbers_in(second), (std::vector<int>{1, 2, 4, 5, 7, 8}));
  EXPECT_EQ(second.class_names, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(second.labels, (std::vector<std::int32_t>{1, 2, 1, 2, 1, 2}));
}

TEST(PartOf, BySampleGivesEveryPartOfEveryClass) {
  EXPECT_EQ(numbers_in(part_of(twelve(), {1, 3, PartBy::sample})), (std::vector<int>{0, 5, 7, 9}));
  Dataset plain = twelve();
  plain.labels.clear();
  plain.class_names.clear();
  EXPECT_EQ(numbers_in(part_of(plain, {2, 3, PartBy::sample})), (std::vector<int>{1, 4, 7, 10}));
}

TEST(PartOf, PartsTogetherAreTheSetAndNoneTwice) {
  for (const PartBy by : {PartBy::writer, PartBy::label, PartBy::sample}) {
    for (const int parts : {1, 2, 3}) {
      std::vector<int> all;
      for (int k = 1; k <= parts; ++k) {
        const std::vector<int> one = numbers_in(part_of(twelve(), {k, parts, by}));
        EXPECT_FALSE(one.empty());
        all.insert(all.end(), one.begin(), one.end());
      }
      std::ranges::sort(all);
      EXPECT_EQ(all, numbers_in(twelve())) << name_of(by) << " " << parts;
    }
  }
}

TEST(PartOf, RefusesWhatCannotBeCut) {
  Dataset unknown = twelve();
  unknown.writers.clear();
  EXPECT_THROW(part_of(unknown, {1, 2, PartBy::writer}), DataError);
  EXPECT_THROW(part_of(twelve(), {1, 5, PartBy::writer}), DataError) << "four writers wrote something";
  EXPECT_THROW(part_of(twelve(), {1, 4, PartBy::label}), DataError);
  EXPECT_THROW(part_of(twelve(), {1, 13, PartBy::sample}), DataError);
  Dataset plain = twelve();
  plain.labels.clear();
  plain.class_names.clear();
  EXPECT_THROW(part_of(plain, {1, 2, PartBy::label}), DataError);
  EXPECT_EQ(numbers_in(part_of(unknown, {1, 1, PartBy::writer})), numbers_in(twelve())) << "the whole needs nothing";
}

TEST(PartOf, DealsTheWritersOfBuiltinInk) {
  OpenOptions options;
  options.builtin_count = 78 * 5;  // five writers
  options.ink.copies = 2;
  const Dataset all = open_ink_dataset(kBuiltinInk, Split::train, {}, options);
  std::set<std::int32_t> seen;
  for (int k = 1; k <= 2; ++k) {
    const Dataset one = part_of(all, {k, 2, PartBy::writer});
    const std::set<std::int32_t> writers(one.writers.begin(), one.writers.end());
    EXPECT_EQ(writers.size(), k == 1 ? 3U : 2U);
    for (const std::int32_t writer : writers) EXPECT_TRUE(seen.insert(writer).second) << writer;
    EXPECT_EQ(occurring_classes(one).size(), 39U);
  }
  EXPECT_EQ(seen.size(), 5U);
}

}  // namespace
}  // namespace ganymede::data
