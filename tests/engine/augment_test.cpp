#include "engine/augment.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "base/error.hpp"
#include "base/philox.hpp"
#include "engine/matches.hpp"
#include "engine/reference/reference_game.hpp"

namespace ganymede::engine {
namespace {

using enum play::Augmentation;

std::vector<double> ramp(std::int64_t count) {
  std::vector<double> values(static_cast<std::size_t>(count));
  std::iota(values.begin(), values.end(), 1.0);
  return values;
}

std::vector<double> augmented(const std::vector<play::Augmentation>& policy, const AugmentDraw& draw,
                              const Shape& image) {
  std::vector<double> values = ramp(element_count(image));
  augment<double>(policy, draw, image, values);
  return values;
}

TEST(Augment, BrightnessIsAddedToEveryValue) {
  EXPECT_EQ(augmented({brightness}, {.brightness = 0.25F}, {1, 2, 2}), (std::vector<double>{1.25, 2.25, 3.25, 4.25}));
}

TEST(Augment, TranslationMovesThePictureAndZerosComeIn) {
  EXPECT_EQ(augmented({translation}, {.down = 1, .right = -1}, {1, 2, 3}), (std::vector<double>{0, 0, 0, 2, 3, 0}));
  EXPECT_EQ(augmented({translation}, {.down = -1}, {2, 2, 2}), (std::vector<double>{3, 4, 0, 0, 7, 8, 0, 0}));
}

TEST(Augment, CutoutLeavesASquareOfHalfTheSidesEmptyAlsoOverTheEdge) {
  EXPECT_EQ(augmented({cutout}, {.top = 2, .left = 2}, {1, 4, 4}),
            (std::vector<double>{1, 2, 3, 4, 5, 0, 0, 8, 9, 0, 0, 12, 13, 14, 15, 16}));
  EXPECT_EQ(augmented({cutout}, {.top = 0, .left = 4}, {1, 4, 4}),
            (std::vector<double>{1, 2, 3, 0, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}));
}

TEST(Augment, SaturationSpreadsTheColoursOfEachPixelAboutTheirMean) {
  // Two pixels of three channels: (1, 3, 5) about 3 and (2, 4, 6) about 4.
  EXPECT_EQ(augmented({saturation}, {.saturation = 0.5F}, {3, 1, 2}), (std::vector<double>{2, 3, 3, 4, 4, 5}));
  EXPECT_EQ(augmented({saturation}, {.saturation = 0}, {3, 1, 2}), (std::vector<double>{3, 4, 3, 4, 3, 4}));
}

TEST(Augment, ContrastSpreadsAllValuesAboutThePicturesMean) {
  EXPECT_EQ(augmented({contrast}, {.contrast = 1.5F}, {1, 2, 2}), (std::vector<double>{0.25, 1.75, 3.25, 4.75}));
  EXPECT_EQ(augmented({contrast}, {.contrast = 0.5F}, {2, 1, 2}), (std::vector<double>{1.75, 2.25, 2.75, 3.25}));
}

TEST(Augment, GoesInTheOrderOfThePolicy) {
  const AugmentDraw draw{.brightness = 0.5F, .top = 2, .left = 2};
  EXPECT_EQ(augmented({cutout, brightness}, draw, {1, 4, 4})[5], 0.5);
  EXPECT_EQ(augmented({brightness, cutout}, draw, {1, 4, 4})[5], 0);
}

// <A x, y> = <x, A' y> of the part that is linear.
TEST(Augment, BackwardIsTheAdjoint) {
  const Shape image{2, 9, 11};
  // All there are, those with a square cut out in between.
  const std::vector<play::Augmentation> policy{translation, saturation, cutout, brightness, contrast};
  ASSERT_EQ(policy.size(), play::table_of<play::Augmentation>().size());
  for (AugmentDraw draw : draw_augmentations(5, 3, Side::fake, 30, image)) {
    draw.brightness = 0;
    std::vector<double> x = ramp(element_count(image)), y(x.rbegin(), x.rend());
    for (std::size_t i = 0; i < y.size(); i += 3) y[i] = -y[i];
    std::vector<double> ax = x, aty = y;
    augment<double>(policy, draw, image, ax);
    augment_backward<double>(policy, draw, image, aty);
    const double forward = std::inner_product(ax.begin(), ax.end(), y.begin(), 0.0);
    EXPECT_NEAR(forward, std::inner_product(x.begin(), x.end(), aty.begin(), 0.0), 1e-9 * (1 + std::abs(forward)));
  }
}

TEST(Augment, DrawsOfTheStatedRangesByStepSideAndPicture) {
  const Shape image{1, 28, 28};
  const auto draws = draw_augmentations(1, 2, Side::real, 4000, image);
  std::set<int> shifts, middles;
  double sum = 0, squares = 0, saturations = 0, contrasts = 0;
  for (const AugmentDraw& d : draws) {
    shifts.insert({d.down, d.right});
    middles.insert({d.top, d.left});
    EXPECT_LE(std::abs(d.brightness), 0.5F);
    sum += d.brightness;
    squares += double{d.brightness} * d.brightness;
    EXPECT_TRUE(d.saturation >= 0 && d.saturation <= 2 && d.contrast >= 0.5F && d.contrast <= 1.5F);
    saturations += d.saturation;
    contrasts += d.contrast;
  }
  EXPECT_EQ(std::pair(*shifts.begin(), *shifts.rbegin()), std::pair(-4, 4));  // 28 / 8 rounded
  EXPECT_EQ(shifts.size(), 9U);
  EXPECT_EQ(std::pair(*middles.begin(), *middles.rbegin()), std::pair(0, 28));
  EXPECT_NEAR(sum / 4000, 0, 0.02);
  EXPECT_NEAR(squares / 4000, 1.0 / 12, 0.005);
  EXPECT_NEAR(saturations / 4000, 1, 0.04);
  EXPECT_NEAR(contrasts / 4000, 1, 0.02);
  EXPECT_EQ(draw_augmentations(1, 2, Side::real, 10, image),
            std::vector<AugmentDraw>(draws.begin(), draws.begin() + 10));
  EXPECT_NE(draw_augmentations(1, 2, Side::fake, 1, image)[0], draws[0]);
  EXPECT_NE(draw_augmentations(1, 3, Side::real, 1, image)[0], draws[0]);
  EXPECT_EQ(augmentations_from(to_tensor(draws)), draws);
}

Match augmented_match(int pack = 1) {
  auto g = small_generator();
  auto d = small_discriminator();
  d.channels = g.channels * pack;
  Match m = family(g, d);
  m.game.augment = {translation, cutout, brightness, saturation, contrast};
  m.game.pack = pack;
  return m;
}

// Of a game with packs the reals are batches of pictures, not of packs.
Data data_of(const Match& m, std::int64_t count, std::uint32_t step) {
  Data data = make_data(m, count, step);
  data.real.resize(data.real.size() / static_cast<std::size_t>(m.game.pack));
  return data;
}

void expect_matches(const Match& m, const std::vector<Phase>& phases, std::int64_t count) {
  auto fast = make_fast(m, 8, 2);
  ReferenceGame<double> slow(m.generator, m.discriminator, {.game = m.game, .batch = 8});
  slow.set_state(start(m));
  std::uint32_t number = 0;
  for (const Phase phase : phases) {
    const Data data = data_of(m, count, number);
    const StepResult a = fast->step(data.batch(count, number), phase);
    slow.set_noise(fast->noise());
    const StepResult b = slow.step(data.batch(count, number), phase);
    EXPECT_NEAR(a.generator_loss, b.generator_loss, 5e-6 * (1 + std::fabs(b.generator_loss)));
    EXPECT_NEAR(a.discriminator_loss, b.discriminator_loss, 5e-6 * (1 + std::fabs(b.discriminator_loss)));
    expect_close(fast->gradients(), slow.gradients(), 2e-5, "gradient");
    ++number;
  }
  expect_close(fast->state(), slow.state(), 5e-5, "state");
}

TEST(AugmentedGame, MatchesTheReferenceThatReplaysItsDraws) {
  expect_matches(augmented_match(), {Phase::both, Phase::both}, 6);
  expect_matches(augmented_match(), {Phase::discriminator, Phase::generator, Phase::discriminator}, 5);
}

TEST(AugmentedGame, IsAnotherGame) {
  Match plain = augmented_match();
  plain.game.augment.clear();
  EXPECT_NE(train_a_little(augmented_match(), 1), train_a_little(plain, 1));
}

TEST(AugmentedGame, GivesTheSameBitsForEveryNumberOfThreadsAndFromItsState) {
  const Match m = augmented_match();
  EXPECT_EQ(train_a_little(m, 3), train_a_little(m, 1));
  auto whole = make_fast(m, 8, 2), first = make_fast(m, 8, 1), second = make_fast(m, 8, 2);
  for (std::uint32_t i = 0; i < 4; ++i) whole->step(make_data(m, 8, i).batch(8, i), Phase::both);
  for (std::uint32_t i = 0; i < 2; ++i) first->step(make_data(m, 8, i).batch(8, i), Phase::both);
  second->set_state(first->state());
  for (std::uint32_t i = 2; i < 4; ++i) second->step(make_data(m, 8, i).batch(8, i), Phase::both);
  EXPECT_EQ(second->state(), whole->state());
}

TEST(PackedGame, MatchesTheReference) {
  Match m = augmented_match(2);
  expect_matches(m, {Phase::both, Phase::both}, 6);
  expect_matches(m, {Phase::discriminator, Phase::generator}, 4);
  m.game.augment.clear();
  expect_matches(m, {Phase::both}, 8);
  m.discriminator = net::digits_discriminator(
      {.width = 8, .image_size = 12, .channels = 2, .norm = net::Norm::batch, .dropout = 0.3F});
  expect_matches(m, {Phase::both, Phase::generator}, 8);
}

// D sees picture 2 i and 2 i + 1 as channels of one sample: the same D on such a sample says the same.
TEST(PackedGame, JoinsNeighboursAlongTheChannels) {
  Match m = augmented_match(2);
  m.game.augment.clear();
  auto executor = make_fast(m, 4, 1);
  const Data data = data_of(m, 4, 0);
  const Inference packs = executor->infer("discriminator", {.count = 2, .values = data.real});
  const auto logits = packs.output.values<float>();
  const StepResult result = executor->step(data.batch(4, 0), Phase::discriminator);
  const double wanted = (std::log1p(std::exp(-double{logits[0]})) + std::log1p(std::exp(-double{logits[1]}))) / 2;
  EXPECT_NEAR(result.discriminator_real_loss, wanted, 1e-5);
}

TEST(PackedGame, RefusesWhatMakesNoPacksOrHasAClass) {
  Match m = augmented_match(2);
  auto executor = make_fast(m, 8, 1);
  const Data data = data_of(m, 6, 0);
  Batch odd = data.batch(6, 0);
  odd.count = 5;
  odd.z = odd.z.first(5 * static_cast<std::size_t>(m.latent));
  odd.real = odd.real.first(odd.real.size() / 6 * 5);
  EXPECT_THROW(executor->step(odd, Phase::both), ShapeError);
  m.game.pack = 1;
  EXPECT_THROW(make_fast(m, 8, 1), ShapeError);
  auto g = small_generator();
  auto d = small_discriminator();
  d.channels = 2;
  g.classes = d.classes = 3;
  g.condition = d.condition = net::Condition::concat;
  Match conditional = family(g, d);
  conditional.game.pack = 2;
  EXPECT_THROW(make_fast(conditional, 8, 1), ConfigError);
}

}  // namespace
}  // namespace ganymede::engine
