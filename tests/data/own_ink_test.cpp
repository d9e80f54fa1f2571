#include "data/ink/own_ink.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "data/catalogue.hpp"
#include "data/helpers.hpp"
#include "data/ink/ink_json.hpp"
#include "data/ink/ink_source.hpp"
#include "data/ink/letter_sizes.hpp"

namespace ganymede::data {
namespace {

namespace fs = std::filesystem;

Symbol bar(std::int32_t label, double x0, double y0, double x1, double y1) {
  return {.ink = {{{x0, y0}, {x1, y1}}}, .times = {}, .label = label, .writer = 0};
}

InkSet two_classes() {
  InkSet set;
  set.class_names = {"I", "heart"};
  set.writers = {"ann"};
  set.symbols = {bar(0, 1, 20, 1, 70), bar(1, 0, 0, 5, 5), bar(0, 2, 20, 2, 70)};
  return set;
}

struct OwnInk : ::testing::Test {
  FreshFolder folder;
  std::vector<SearchPlace> places{{folder / "first", "--data"}, {folder / "second", "GANYMEDE_DATA"}};

  void put(const std::string& place, const std::string& name, const InkSet& set) const {
    make_folder(folder / place / name);
    write_ink_json(folder / place / name / kInkFile, set);
  }
};

TEST_F(OwnInk, IsASetByItsNameAndByItsFolder) {
  put("second", "mine", two_classes());
  EXPECT_TRUE(is_ink_source("mine", places));
  EXPECT_FALSE(is_ink_source("mine"));
  const Dataset d = open_dataset("mine", Split::train, places);
  EXPECT_EQ(d.size(), 3);
  EXPECT_EQ(d.class_names, (std::vector<std::string>{"I", "heart"}));
  EXPECT_EQ(d.provenance.name, "mine");
  EXPECT_EQ(open_dataset((folder / "second" / "mine").string(), Split::test, {}).size(), 3);
}

TEST_F(OwnInk, WithoutADrawingSaysWhereToDraw) {
  InkSet none = two_classes();
  none.symbols.clear();
  put("first", "mine", none);
  try {
    open_dataset("mine", Split::train, places);
    FAIL() << "an empty set was taken";
  } catch (const DataError& error) {
    EXPECT_EQ(std::string(error.what()).find("mine has no drawings yet: draw some on the page Draw"), 0U)
        << error.what();
  }
}

TEST_F(OwnInk, TheFirstPlaceThatHasItWins) {
  put("second", "mine", two_classes());
  InkSet one = two_classes();
  one.symbols.resize(1);
  put("first", "mine", one);
  EXPECT_EQ(open_dataset("mine", Split::train, places).size(), 1);
  EXPECT_EQ(names_of_own_ink(places), (std::vector<std::string>{"mine"}));
}

TEST_F(OwnInk, IsListedWithWhatItHoldsOrWhyItCannotBeRead) {
  put("first", "mine", two_classes());
  make_folder(folder / "second" / "broken");
  write_file_atomically(folder / "second" / "broken" / kInkFile, "{\"schema\": 1}");
  const auto entries = list_datasets(places);
  ASSERT_EQ(entries.size(), source_names().size() + 2);
  const CatalogueEntry &broken = entries[entries.size() - 2], &mine = entries.back();
  EXPECT_EQ(mine.name, "mine");
  EXPECT_TRUE(mine.available);
  EXPECT_TRUE(says(mine.description, "3 symbols", "2 classes"));
  EXPECT_EQ(mine.found, folder / "first" / "mine");
  EXPECT_EQ(broken.name, "broken");
  EXPECT_FALSE(broken.available);
  EXPECT_TRUE(says(broken.description, "schema", "wanted a text"));
}

TEST_F(OwnInk, AnUnknownNameIsToldTheNearestOne) {
  put("first", "my-letters", two_classes());
  EXPECT_TRUE(says(message_of<ConfigError>([&] { open_dataset("my-leters", Split::train, places); }),
                   "did you mean \"my-letters\""));
}

TEST(OwnInkName, StaysWithinItsFolder) {
  for (const char* name : {"mine", "A-1_b", "0"}) EXPECT_TRUE(is_own_ink_name(name)) << name;
  for (const char* name : {"", ".", "..", "a/b", "../a", "a\\b", ".mine", "-x", "a b", "a.json", "mnist", "unipen",
                           "builtin-ink", "\xc5\xbd"})
    EXPECT_FALSE(is_own_ink_name(name)) << name;
  EXPECT_FALSE(is_own_ink_name(std::string("a\0b", 3)));
  EXPECT_TRUE(is_own_ink_name(std::string(60, 'a')));
  EXPECT_FALSE(is_own_ink_name(std::string(61, 'a')));
}

TEST(OwnInkEdit, PutsInThePlaceOfOneOrBehindTheLast) {
  InkSet set = two_classes();
  put_symbol(set, bar(0, 9, 9, 10, 10), 1);  // the third of the file
  EXPECT_EQ(set.symbols[2].ink, bar(0, 9, 9, 10, 10).ink);
  EXPECT_EQ(set.symbols.size(), 3u);
  put_symbol(set, bar(0, 7, 7, 8, 8), 2);
  EXPECT_EQ(set.symbols.size(), 4u);
  EXPECT_TRUE(says(message_of<ConfigError>([&] { put_symbol(set, bar(0, 0, 0, 1, 1), 4); }), "3 symbols of \"I\"",
                   "0 to 3", "found 4"));
  EXPECT_TRUE(says(message_of<ConfigError>([&] { put_symbol(set, Symbol{}, 0); }), "1 to 64 strokes"));
  Symbol large = bar(0, 0, 0, 1, 1);
  large.ink[0].resize(kMostPointsDrawn + 1);
  EXPECT_TRUE(says(message_of<ConfigError>([&] { put_symbol(set, large, 0); }), "8192", "8193"));
}

TEST(OwnInkEdit, ErasedSymbolsMakeRoomAndErasedClassesTakeTheirs) {
  InkSet set = two_classes();
  erase_symbol(set, 0, 0);
  EXPECT_EQ(set.symbols.size(), 2u);
  EXPECT_EQ(set.symbols[1].ink, bar(0, 2, 20, 2, 70).ink);
  EXPECT_THROW(erase_symbol(set, 0, 1), ConfigError);
  remove_class(set, "I");
  EXPECT_EQ(set.class_names, (std::vector<std::string>{"heart"}));
  ASSERT_EQ(set.symbols.size(), 1u);
  EXPECT_EQ(set.symbols[0].label, 0);
  EXPECT_TRUE(says(message_of<ConfigError>([&] { remove_class(set, "I"); }), "no class \"I\"", "heart"));
}

TEST(OwnInkEdit, ClassNamesAreTextOfSomeBytes) {
  InkSet set = two_classes();
  add_class(set, "Ž");
  EXPECT_EQ(label_of(set, "Ž"), 2);
  EXPECT_TRUE(says(message_of<ConfigError>([&] { add_class(set, "I"); }), "already"));
  for (const std::string& name : {std::string(), std::string("a\nb"), std::string("\xff"), std::string(" a"),
                                  std::string("{a}"), std::string(33, 'x'), std::string("a\0", 2)})
    EXPECT_THROW(add_class(set, name), ConfigError) << name;
  for (std::size_t i = set.class_names.size(); i < kMostInkClasses; ++i) add_class(set, "c" + std::to_string(i));
  EXPECT_TRUE(says(message_of<ConfigError>([&] { add_class(set, "more"); }), "at most 200"));
}

// A capital of 50 units between the lines 20 and 70.
TEST(LetterSizes, AreMediansInCapitals) {
  InkSet set = two_classes();
  EXPECT_FALSE(letter_sizes(set)[0].has_value());
  set.lines = InkLines{.top = 20, .baseline = 70};
  set.class_names.emplace_back("none");
  set.symbols = {bar(0, 0, 20, 10, 70),  // as high as a capital, on the line
                 bar(0, 0, 45, 5, 70),   // half of it
                 bar(0, 0, 30, 0, 80),   // hangs by a fifth
                 bar(1, 10, 50, 110, 60), bar(1, 0, 40, 50, 40)};
  const auto sizes = letter_sizes(set);
  EXPECT_DOUBLE_EQ(sizes[0]->longer, 1);
  EXPECT_DOUBLE_EQ(sizes[0]->drop, 0);
  EXPECT_DOUBLE_EQ(sizes[1]->longer, 1.5);  // 100 and 50 units
  EXPECT_DOUBLE_EQ(sizes[1]->drop, -0.4);   // 10 and 30 units above
  EXPECT_FALSE(sizes[2].has_value());
}

}  // namespace
}  // namespace ganymede::data
