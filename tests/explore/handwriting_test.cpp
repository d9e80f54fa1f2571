#include <gtest/gtest.h>

#include "base/error.hpp"
#include "data/ink/ink_json.hpp"
#include "engine/executor.hpp"
#include "explore/gallery.hpp"
#include "explore/handwriting/hand.hpp"
#include "explore/tiny.hpp"
#include "run/recipe_file.hpp"

namespace ganymede::explore {
namespace {

const std::vector<std::string> kNames = {"A", "B", "Č", "heart", "a"};

std::vector<int> labels_of(std::string_view text, LetterCase letter_case = LetterCase::as_is) {
  std::vector<int> labels;
  for (const TextPiece& piece : read_text(text, kNames, letter_case).pieces) labels.push_back(piece.label);
  return labels;
}

TEST(HandText, CharactersAreLettersAndBlanksLieBetween) {
  constexpr int kSpace = TextPiece::kSpace, kLine = TextPiece::kNewLine;
  EXPECT_EQ(labels_of("AB Č\nA"), (std::vector<int>{0, 1, kSpace, 2, kLine, 0}));
  EXPECT_EQ(labels_of("A\r\nB\tA"), (std::vector<int>{0, kLine, 1, kSpace, 0}));
  EXPECT_EQ(labels_of("A{heart}A"), (std::vector<int>{0, 3, 0}));
  EXPECT_EQ(read_text("A{heart}", kNames, LetterCase::as_is).pieces[1].letter, "{heart}");
  EXPECT_EQ(labels_of(""), (std::vector<int>{}));
}

TEST(HandText, NamesEachUnknownCharacterOnce) {
  const HandText text = read_text("Xß{A}xßX", kNames, LetterCase::as_is);
  EXPECT_EQ(text.unknown, (std::vector<std::string>{"X", "ß", "x"}));
  ASSERT_EQ(text.pieces.size(), 1u);
  EXPECT_EQ(read_text("{star} {", kNames, LetterCase::as_is).unknown,
            (std::vector<std::string>{"{", "s", "t", "r", "}"}));
  EXPECT_THROW(read_text("A\xff", kNames, LetterCase::as_is), ConfigError);
}

TEST(HandText, CaseChangesOnlyWhenAsked) {
  EXPECT_EQ(labels_of("aA"), (std::vector<int>{4, 0}));
  EXPECT_EQ(read_text("bč", kNames, LetterCase::as_is).unknown, (std::vector<std::string>{"b", "č"}));
  EXPECT_EQ(labels_of("abč", LetterCase::upper), (std::vector<int>{0, 1, 2}));
  EXPECT_EQ(labels_of("aA", LetterCase::lower), (std::vector<int>{4, 4}));
  EXPECT_EQ(labels_of("abčB", LetterCase::either), (std::vector<int>{4, 1, 2, 1}));
}

TEST(HandText, KnowsTheOtherCaseOfEuropeanLetters) {
  const std::pair<const char*, const char*> kPairs[] = {{"a", "A"}, {"z", "Z"}, {"é", "É"}, {"þ", "Þ"}, {"š", "Š"},
                                                        {"ž", "Ž"}, {"č", "Č"}, {"ł", "Ł"}, {"ŷ", "Ŷ"}, {"ω", "Ω"},
                                                        {"α", "Α"}, {"ж", "Ж"}, {"ё", "Ё"}};
  for (const auto& [small, capital] : kPairs) {
    EXPECT_EQ(upper_case_letter(small), capital);
    EXPECT_EQ(lower_case_letter(capital), small);
    EXPECT_EQ(upper_case_letter(capital), capital);
    EXPECT_EQ(lower_case_letter(small), small);
  }
  for (const char* other : {"1", " ", "÷", "×", "ß", "ı", "€", "漢", "😀"}) {
    EXPECT_EQ(upper_case_letter(other), other);
    EXPECT_EQ(lower_case_letter(other), other);
  }
}

TEST(UsualSize, LettersReachTheirLinesUnlessTooWide) {
  const auto box = [](double width, double height) { return ink::Ink{{{0, 0}, {width, height}}}; };
  const auto expect = [](const data::LetterSize& size, double longer, double drop) {
    EXPECT_NEAR(size.longer, longer, 1e-12);
    EXPECT_NEAR(size.drop, drop, 1e-12);
  };
  expect(usual_size("A", box(1, 2)), 1, 0);
  expect(usual_size("M", box(1.2, 1)), 1.2, 0);  // as high as a capital, and wider
  expect(usual_size("M", box(2.8, 1)), 1.4, 0);  // half as high
  expect(usual_size("x", box(1, 1)), 0.62, 0);
  expect(usual_size("g", box(0.5, 1)), 1, 0.38);
  expect(usual_size("-", box(1, 0)), 0.56, -0.2);
  expect(usual_size("Č", box(1, 2)), 1.3, 0);
  expect(usual_size("č", box(1, 2)), 0.95, 0);
  expect(usual_size("heart", box(1, 1)), 1, 0);
  expect(usual_size("漢", box(1, 1)), 1, 0);
  expect(usual_size("A", ink::Ink{{{3, 3}}}), 0, 0);
}

/// A tiny ink model on three symbols of one's own, drawn between lines.
struct Hand : ::testing::Test {
  Hand() {
    data::InkSet set;
    set.class_names = {"I", "o", "-"};
    set.writers = {""};
    set.lines = data::InkLines{.top = 20, .baseline = 70};
    for (int i = 0; i < 8; ++i) {
      set.symbols.push_back({.ink = {{{i + 0.0, 20}, {i + 1.0, 70}}}, .times = {}, .label = 0});
      set.symbols.push_back({.ink = {{{0, 45}, {25, 45}, {25, 70}, {0, 70}, {0, 46.0 + i}}}, .times = {}, .label = 1});
      set.symbols.push_back({.ink = {{{0, 50}, {20, 50}}}, .times = {}, .label = 2});
    }
    std::filesystem::create_directories(tiny.root / "data" / "mine");
    data::write_ink_json(tiny.root / "data" / "mine" / "ink.json", set);
    tiny.session.places = {{tiny.root / "data", "--data"}};
    tiny.recipe = run::find_recipe("ink-quick");
    run::apply_sets(tiny.recipe, {"data.source=mine", "train.batch=12", "train.epochs=20", "game.ema_decay=0",
                                  "generator.optimizer.learning_rate=0.01", "generator.width=4", "generator.cells=2",
                                  "discriminator.width=8", "latent.dim=6", "train.sample_grid=4"});
    gallery = std::make_unique<Gallery>(*tiny.session.backend, GalleryOptions{.threads = 1});
    exhibit = gallery->open(tiny.train("ink"));
  }
  TrainedGenerator& generator() const { return exhibit->generator; }

  testing::TinyRuns tiny;
  std::unique_ptr<Gallery> gallery;
  std::shared_ptr<Exhibit> exhibit;
};

TEST_F(Hand, LettersAreTheClassesOfTheRun) {
  EXPECT_EQ(letters_of(generator()), (std::vector<std::string>{"I", "o", "-"}));
  const testing::TinyRuns digits(true);
  Gallery other(*digits.session.backend, GalleryOptions{.threads = 1});
  EXPECT_THROW(letters_of(other.open(digits.train("a"))->generator), ConfigError);
}

TEST_F(Hand, SizesAreThoseOfTheSetItWasTrainedOn) {
  const std::vector<std::string> names = letters_of(generator());
  const HandSizes sizes = sizes_of(generator().about().recipe, names, tiny.session.places);
  EXPECT_EQ(sizes.from, "mine");
  EXPECT_DOUBLE_EQ(sizes.of[0]->longer, 1);
  EXPECT_DOUBLE_EQ(sizes.of[1]->longer, 0.5);
  EXPECT_DOUBLE_EQ(sizes.of[2]->longer, 0.4);
  EXPECT_DOUBLE_EQ(sizes.of[2]->drop, -0.4);
  const HandSizes gone = sizes_of(generator().about().recipe, names, {});
  EXPECT_EQ(gone.from, "usual");
  EXPECT_FALSE(gone.of[0].has_value());
}

// Variation 0: the letters of sample `seed`; 1: each that of its own seed.
TEST_F(Hand, VariationGoesFromTheHandToLettersOfTheirOwn) {
  const std::vector<int> labels = {0, 1, 0};
  const auto ink_of = [&](std::uint64_t seed, int label) {
    const Tensor drawn = generator().draw(generator().samples(seed, 1, label));
    return ink::decode(ink::moves_of(drawn.values<float>()));
  };
  const auto same = draw_letters(generator(), labels, {.seed = 5, .variation = 0});
  ASSERT_EQ(same.size(), 3u);
  EXPECT_EQ(same[0], ink_of(5, 0));
  EXPECT_EQ(same[1], ink_of(5, 1));
  EXPECT_EQ(same[2], same[0]);
  const auto apart = draw_letters(generator(), labels, {.seed = 5, .variation = 1});
  EXPECT_EQ(apart[0], ink_of(6, 0));
  EXPECT_EQ(apart[1], ink_of(7, 1));
  EXPECT_EQ(apart[2], ink_of(8, 0));
  const auto between = draw_letters(generator(), labels, {.seed = 5, .variation = 0.5});
  EXPECT_NE(between[0], between[2]);
  EXPECT_EQ(between, draw_letters(generator(), labels, {.seed = 5, .variation = 0.5}));
}

TEST_F(Hand, PiecesKeepTheirPlacesInTheText) {
  const HandText text = read_text("I o\n-", letters_of(generator()), LetterCase::as_is);
  const auto pieces = line_pieces(generator(), text, {}, {});
  ASSERT_EQ(pieces.size(), 5u);
  EXPECT_EQ(pieces[1].kind, ink::LinePiece::Kind::space);
  EXPECT_EQ(pieces[3].kind, ink::LinePiece::Kind::new_line);
}

}  // namespace
}  // namespace ganymede::explore
