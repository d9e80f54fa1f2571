#include "train/samples.hpp"

#include "train/tiny.hpp"

namespace ganymede::train {
namespace {

net::Network generator(const char* condition) {
  run::Recipe recipe = tiny_recipe();
  recipe.generator.condition = condition;
  recipe.discriminator.condition = condition;
  return networks_for(recipe, numbered_images(3)).generator;
}

Noise noise() {
  return Noise(tiny_recipe());
}

TEST(NamedSamples, PictureIOfASeedIsPictureZeroOfSeedPlusI) {
  const net::Network g = generator("embedding");
  Noise n = noise();
  const NamedSamples many = named_samples(n, g, 40, 6);
  for (std::uint64_t i = 0; i < 6; ++i) {
    const NamedSamples one = named_samples(n, g, 40 + i, 1);
    EXPECT_TRUE(std::equal(one.z.begin(), one.z.end(), many.z.begin() + static_cast<std::ptrdiff_t>(3 * i)));
    EXPECT_EQ(one.classes[0], many.classes[i]);
  }
}

TEST(NamedSamples, TheClassDoesNotChangeZ) {
  const net::Network g = generator("embedding");
  Noise n = noise();
  const NamedSamples free = named_samples(n, g, 7, 5);
  const NamedSamples fixed = named_samples(n, g, 7, 5, 2);
  EXPECT_EQ(free.z, fixed.z);
  EXPECT_EQ(free.classes, (std::vector<std::int32_t>{1, 2, 0, 1, 2}));
  EXPECT_EQ(fixed.classes, std::vector<std::int32_t>(5, 2));
}

TEST(NamedSamples, AppendedOnesStandBehindInEveryRow) {
  NamedSamples first{.seed = 4, .count = 1, .z = {1, 2}, .classes = {3}, .toward = {5}, .shares = {0.5F}};
  first.conditions = {7};
  NamedSamples second{.count = 2, .z = {3, 4, 5, 6}, .classes = {1, 2}, .toward = {0, 9}, .shares = {0, 1}};
  second.conditions = {8, 9};
  first.append(second);
  EXPECT_EQ(first.seed, 4U);
  EXPECT_EQ(first.count, 3);
  EXPECT_EQ(first.z, (std::vector<float>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(first.classes, (std::vector<std::int32_t>{3, 1, 2}));
  EXPECT_EQ(first.toward, (std::vector<std::int32_t>{5, 0, 9}));
  EXPECT_EQ(first.shares, (std::vector<float>{0.5F, 0, 1}));
  EXPECT_EQ(first.conditions, (std::vector<float>{7, 8, 9}));
}

TEST(NamedSamples, RefusesClassesThatTheGeneratorDoesNotKnow) {
  Noise n = noise();
  EXPECT_THROW(named_samples(n, generator("embedding"), 0, 1, 3), ConfigError);
  EXPECT_THROW(named_samples(n, generator("none"), 0, 1, 0), ConfigError);
  EXPECT_TRUE(named_samples(n, generator("none"), 0, 1).classes.empty());
}

TEST(ClassNamed, TheNameWinsOverTheNumber) {
  const std::vector<std::string> names{"0", "2", "10", "bee"};
  EXPECT_EQ(class_named("10", 4, names), 2);
  EXPECT_EQ(class_named("2", 4, names), 1) << "the class called 2, not number 2";
  EXPECT_EQ(class_named("bee", 4, names), 3);
  EXPECT_EQ(class_named("3", 4, names), 3) << "no class is called 3";
  EXPECT_EQ(class_named("3", 4, {}), 3) << "a run that did not keep its names";
  EXPECT_EQ(class_words(2, names), "2 (10)");
  EXPECT_EQ(class_words(0, names), "0");
  EXPECT_EQ(class_words(5, {}), "5");
}

TEST(ClassNamed, ListsTheClassesWhereItKnowsNone) {
  const auto fault = [](const std::string& text, int classes, std::vector<std::string> names) {
    try {
      class_named(text, classes, names);
    } catch (const ConfigError& error) {
      return std::string(error.what());
    }
    return std::string("none");
  };
  EXPECT_EQ(fault("wasp", 2, {"ant", "bee"}),
            "class wasp: there is no such name or number; this generator knows 0 (ant), 1 (bee)");
  for (const char* text : {"2", "-1", "", "1x", "99999999999999999999", " 1"})
    EXPECT_EQ(fault(text, 2, {"0", "1"}), std::string("class ") + text + ": this generator knows the classes 0 to 1");
  EXPECT_EQ(fault("0", 0, {}), "class 0: this generator takes no class");
}

TEST(InkSheet, DrawsAnAlphabetInRowsOfThirteen) {
  Tensor moves(DType::f32, {39, 1, 10, 3});
  const auto values = moves.values<float>();
  for (std::size_t i = 0; i < values.size(); i += 3) {
    values[i] = 0.1F;
    values[i + 1] = i % 2 == 0 ? 0.1F : -0.1F;
    values[i + 2] = 1;
  }
  ASSERT_TRUE(is_ink({1, 10, 3}));
  EXPECT_FALSE(is_ink({3, 10, 3}));
  EXPECT_FALSE(is_ink({1, 28, 28}));
  std::vector<ink::Ink> inks;
  const data::InkSheet rows = ink_sheet(moves, inks);
  ASSERT_EQ(rows.rows.size(), 3U);
  EXPECT_EQ(rows.rows[2].cells.size(), 13U);
  EXPECT_EQ(inks[0].size(), 1U);  // one stroke of ten moves
  EXPECT_EQ(inks[0][0].size(), 11U);
  const picture::Image image = sheet(moves);
  EXPECT_GT(image.width(), 3 * image.height());
}

TEST(Sheet, EnlargesSmallImages) {
  const picture::Image image = sheet(Tensor(DType::f32, {4, 1, 28, 28}), 2, 56);
  EXPECT_GE(image.width(), 2 * 56);
  EXPECT_LT(image.width(), 2 * 56 + 20);
}

}  // namespace
}  // namespace ganymede::train
