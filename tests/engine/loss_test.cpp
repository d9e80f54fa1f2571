#include "engine/loss.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <string>
#include <vector>

namespace ganymede::engine {
namespace {

// Each that has a name; that each has one is tests/play/names_test.cpp's.
std::vector<Loss> all() {
  std::vector<Loss> losses;
  for (const auto& entry : play::table_of<Loss>()) losses.push_back(entry.value);
  return losses;
}
const std::vector<Loss> kAll = all();

const std::vector<double> kReal = {0.7, -1.3, 2.4};
const std::vector<double> kFake = {-0.4, 1.9, -2.2};

Game game_of(Loss loss, double smoothing = 0) {
  Game game;
  game.loss = loss;
  game.label_smoothing = smoothing;
  return game;
}

DiscriminatorHead<double> d_head(const Game& game, const std::vector<double>& real, const std::vector<double>& fake) {
  return discriminator_head<double>(game, real, fake);
}

// Central differences of f at x against `gradient`. The loss is smooth there: error h^2 f'''/6 plus rounding 1e-16 / h.
void expect_gradient(const std::function<double(const std::vector<double>&)>& f, std::vector<double> x,
                     const std::vector<double>& gradient) {
  constexpr double h = 1e-5;
  ASSERT_EQ(x.size(), gradient.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double middle = x[i];
    x[i] = middle + h;
    const double above = f(x);
    x[i] = middle - h;
    const double below = f(x);
    x[i] = middle;
    EXPECT_NEAR(gradient[i], (above - below) / (2 * h), 1e-9) << "logit " << i;
  }
}

// A loss that the switches of loss.cpp forgot comes out as NaN.
TEST(EveryLoss, HasAValueAndASlopeForBothPlayers) {
  for (const Loss loss : kAll) {
    SCOPED_TRACE(play::name_of(loss));
    const auto d = d_head(game_of(loss), kReal, kFake);
    const auto g = generator_head<double>(game_of(loss), kFake);
    EXPECT_TRUE(std::isfinite(d.real_loss) && std::isfinite(d.fake_loss) && std::isfinite(g.loss));
    for (const auto* slopes : {&d.real_gradient, &d.fake_gradient, &g.gradient}) {
      for (const double slope : *slopes) EXPECT_TRUE(std::isfinite(slope));
    }
    EXPECT_TRUE(std::ranges::any_of(g.gradient, [](double slope) { return slope != 0; })) << "nothing to learn from";
  }
}

struct Slopes {
  std::vector<double> slopes, curvatures;
};

// By pieces of two: each is a logit's own.
Slopes slopes_of(const Game& game, Judged judged, const std::vector<double>& logits) {
  Slopes found{std::vector<double>(logits.size()), std::vector<double>(logits.size())};
  for (std::size_t first = 0; first < logits.size(); first += 2) {
    const std::size_t count = std::min<std::size_t>(2, logits.size() - first);
    logit_slopes<double>(game, judged, std::ssize(logits), std::span(logits).subspan(first, count),
                         std::span(found.slopes).subspan(first, count),
                         std::span(found.curvatures).subspan(first, count));
  }
  return found;
}

TEST(LogitSlopes, AreThoseOfTheHeadBitForBitAndChangeAsDifferencesSay) {
  constexpr double h = 1e-5;
  for (const Loss loss : kAll) {
    for (const double smoothing : {0.0, 0.1}) {
      SCOPED_TRACE(play::name_of(loss));
      const Game game = game_of(loss, smoothing);
      const auto expect = [&](Judged judged, const std::vector<double>& logits, const std::vector<double>& of_head) {
        const auto slopes_at = [&](double t) {
          std::vector<double> moved = logits;
          for (double& s : moved) s += t;
          return slopes_of(game, judged, moved);
        };
        const Slopes found = slopes_at(0), above = slopes_at(h), below = slopes_at(-h);
        EXPECT_EQ(found.slopes, of_head);
        for (std::size_t i = 0; i < logits.size(); ++i)
          EXPECT_NEAR(found.curvatures[i], (above.slopes[i] - below.slopes[i]) / (2 * h), 1e-9);
      };
      const auto head = d_head(game, kReal, kFake);
      expect(Judged::real, kReal, head.real_gradient);
      expect(Judged::fake, kFake, head.fake_gradient);
      expect(Judged::generator, kFake, generator_head<double>(game, kFake).gradient);
    }
  }
}

TEST(ClassHead, MovesWithItsLogitsAsDifferencesSay) {
  constexpr double h = 1e-5;
  const std::vector<double> along = {0.3, -1, 0.5, 2, 0.1, -0.7};
  const std::vector<std::int32_t> classes = {2, 0};
  const auto gradient_at = [&](double t) {
    std::vector<double> logits = {0.7, -1.3, 2.4, -0.4, 1.9, -2.2};
    for (std::size_t i = 0; i < logits.size(); ++i) logits[i] += t * along[i];
    return class_head<double>({.auxiliary_weight = 0.7}, logits, classes).gradient;
  };
  const std::vector<double> logits = {0.7, -1.3, 2.4, -0.4, 1.9, -2.2};
  const auto found = class_head_tangent<double>({.auxiliary_weight = 0.7}, logits, along, 2);
  const auto above = gradient_at(h), below = gradient_at(-h);
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], (above[i] - below[i]) / (2 * h), 1e-9);
}

TEST(DiscriminatorHead, MatchesHandNumbersAtZero) {
  const std::vector<double> zero = {0, 0};
  const auto at_zero = [&](Loss loss) { return d_head(game_of(loss), zero, zero); };
  EXPECT_NEAR(at_zero(Loss::non_saturating).real_loss, std::log(2), 1e-15);
  EXPECT_NEAR(at_zero(Loss::saturating).fake_loss, std::log(2), 1e-15);
  EXPECT_DOUBLE_EQ(at_zero(Loss::least_squares).real_loss, 1);
  EXPECT_DOUBLE_EQ(at_zero(Loss::least_squares).fake_loss, 0);
  EXPECT_DOUBLE_EQ(at_zero(Loss::absolute).loss(), 1);
  EXPECT_DOUBLE_EQ(at_zero(Loss::hinge).loss(), 2);
  EXPECT_DOUBLE_EQ(at_zero(Loss::wasserstein).loss(), 0);
  EXPECT_EQ(at_zero(Loss::non_saturating).real_gradient, (std::vector<double>{-0.25, -0.25}));
  EXPECT_EQ(at_zero(Loss::non_saturating).fake_gradient, (std::vector<double>{0.25, 0.25}));
}

TEST(DiscriminatorHead, MatchesHandNumbers) {
  const auto hinge = d_head(game_of(Loss::hinge), {2, 0.5}, {-3, 0.5});
  EXPECT_DOUBLE_EQ(hinge.real_loss, 0.25);
  EXPECT_DOUBLE_EQ(hinge.fake_loss, 0.75);
  EXPECT_EQ(hinge.real_gradient, (std::vector<double>{0, -0.5}));
  EXPECT_EQ(hinge.fake_gradient, (std::vector<double>{0, 0.5}));
  const auto squares = d_head(game_of(Loss::least_squares), {3}, {2});
  EXPECT_DOUBLE_EQ(squares.real_loss, 4);
  EXPECT_DOUBLE_EQ(squares.fake_loss, 4);
  const auto critic = d_head(game_of(Loss::wasserstein), {3, 4}, {-1, 0});
  EXPECT_DOUBLE_EQ(critic.loss(), -0.5 - 3.5);
  EXPECT_NEAR(d_head(game_of(Loss::non_saturating), {1}, {1}).real_loss, 0.31326168751822286, 1e-15);
  EXPECT_NEAR(d_head(game_of(Loss::non_saturating), {1}, {1}).fake_loss, 1.3132616875182228, 1e-15);
}

TEST(DiscriminatorHead, GradientsMatchFiniteDifferences) {
  for (const Loss loss : kAll) {
    for (const double smoothing : {0.0, 0.1}) {
      SCOPED_TRACE(static_cast<int>(loss));
      const Game game = game_of(loss, smoothing);
      const auto head = d_head(game, kReal, kFake);
      expect_gradient([&](const auto& x) { return d_head(game, x, kFake).loss(); }, kReal, head.real_gradient);
      expect_gradient([&](const auto& x) { return d_head(game, kReal, x).loss(); }, kFake, head.fake_gradient);
    }
  }
}

TEST(GeneratorHead, GradientsMatchFiniteDifferences) {
  for (const Loss loss : kAll) {
    SCOPED_TRACE(static_cast<int>(loss));
    const Game game = game_of(loss, 0.1);
    expect_gradient([&](const auto& x) { return generator_head<double>(game, x).loss; }, kFake,
                    generator_head<double>(game, kFake).gradient);
  }
}

TEST(GeneratorHead, WantsHigherLogitsWhateverTheLoss) {
  for (const Loss loss : kAll) {
    for (const double slope : generator_head<double>(game_of(loss), std::vector<double>{-3, -1, 0.5}).gradient) {
      EXPECT_LT(slope, 0) << static_cast<int>(loss);
    }
  }
}

TEST(DiscriminatorHead, WantsRealUpAndFakeDown) {
  for (const Loss loss : kAll) {
    const auto head = d_head(game_of(loss), {0.2, -0.5}, {0.2, 0.5});
    for (const double slope : head.real_gradient) EXPECT_LT(slope, 0) << static_cast<int>(loss);
    for (const double slope : head.fake_gradient) EXPECT_GT(slope, 0) << static_cast<int>(loss);
  }
}

TEST(GeneratorHead, SaturatingVanishesWhereNonSaturatingDoesNot) {
  const std::vector<double> losing = {-20};
  EXPECT_NEAR(generator_head<double>(game_of(Loss::non_saturating), losing).gradient[0], -1, 1e-8);
  EXPECT_NEAR(generator_head<double>(game_of(Loss::saturating), losing).gradient[0], 0, 1e-8);
  // At D = 1/2 both have the slope -1/2.
  EXPECT_DOUBLE_EQ(generator_head<double>(game_of(Loss::saturating), std::vector<double>{0}).gradient[0], -0.5);
  EXPECT_DOUBLE_EQ(generator_head<double>(game_of(Loss::non_saturating), std::vector<double>{0}).gradient[0], -0.5);
}

TEST(DiscriminatorHead, SmoothingTouchesRealLabelsAlone) {
  const Game game = game_of(Loss::non_saturating, 0.1);
  const Game plain = game_of(Loss::non_saturating);
  EXPECT_EQ(d_head(game, kReal, kFake).fake_loss, d_head(plain, kReal, kFake).fake_loss);
  EXPECT_NE(d_head(game, kReal, kFake).real_loss, d_head(plain, kReal, kFake).real_loss);
  // The minimum is at sigmoid(s) = 0.9.
  EXPECT_NEAR(d_head(game, {std::log(9)}, kFake).real_gradient[0], 0, 1e-15);
  EXPECT_EQ(generator_head<double>(game, kFake).loss, generator_head<double>(plain, kFake).loss);
}

TEST(DiscriminatorHead, KeepsDigitsInTheTails) {
  const auto head = d_head(game_of(Loss::non_saturating), {600, -600}, {-600, 600});
  EXPECT_NEAR(head.real_loss, 300, 1e-12);
  EXPECT_NEAR(head.fake_loss, 300, 1e-12);
  EXPECT_LT(head.real_gradient[0], 0);  // e^-600, not rounded to zero
  EXPECT_DOUBLE_EQ(head.real_gradient[1], -0.5);
}

TEST(DiscriminatorHead, CountsWhatItJudgesRight) {
  const auto head = d_head(game_of(Loss::non_saturating), {1, 0, -1, 2}, {-1, 0, 1, 2});
  EXPECT_DOUBLE_EQ(head.real_accuracy, 0.5);  // a logit of 0 counts as fake
  EXPECT_DOUBLE_EQ(head.fake_accuracy, 0.5);
  const auto squares = d_head(game_of(Loss::least_squares), {0.4, 0.6}, {0.4, 0.6});
  EXPECT_DOUBLE_EQ(squares.real_accuracy, 0.5);
  EXPECT_DOUBLE_EQ(squares.fake_accuracy, 0.5);
  // The mean of both is 11: where the zero of a critic lies says nothing.
  const auto critic = d_head(game_of(Loss::wasserstein), {12, 14}, {8, 10});
  EXPECT_DOUBLE_EQ(critic.real_accuracy, 1);
  EXPECT_DOUBLE_EQ(critic.fake_accuracy, 1);
  EXPECT_DOUBLE_EQ(generator_head<double>(game_of(Loss::hinge), kFake).fake_accuracy, 2.0 / 3);
}

TEST(LossHeads, FloatAndDoubleAgree) {
  const std::vector<float> real = {0.5F, -1.25F}, fake = {0.75F, -2};
  for (const Loss loss : kAll) {
    const auto narrow = discriminator_head<float>(game_of(loss), real, fake);
    const auto wide = d_head(game_of(loss), {0.5, -1.25}, {0.75, -2});
    EXPECT_EQ(narrow.loss(), wide.loss());
    EXPECT_EQ(narrow.real_gradient[1], static_cast<float>(wide.real_gradient[1]));
  }
}

TEST(LossHeads, PassNonFiniteLogitsOnAsNaN) {
  const double inf = std::numeric_limits<double>::infinity();
  for (const double bad : {inf, -inf, std::nan("")}) {
    for (const Loss loss : kAll) {
      const auto head = d_head(game_of(loss), {1, bad}, {1, 1});
      EXPECT_TRUE(std::isnan(head.loss()));
      EXPECT_TRUE(std::isnan(head.real_gradient[1]));
      EXPECT_TRUE(std::isnan(generator_head<double>(game_of(loss), std::vector<double>{bad}).loss));
    }
    const std::vector<std::int32_t> classes = {0};
    EXPECT_TRUE(std::isnan(class_head<double>({}, std::vector<double>{0, bad}, classes).loss));
  }
}

TEST(LossHeads, RejectEmptyBatches) {
  EXPECT_THROW(d_head({}, {}, {1}), ShapeError);
  EXPECT_THROW(d_head({}, {1}, {}), ShapeError);
  EXPECT_THROW(generator_head<double>({}, {}), ShapeError);
}

TEST(ClassHead, MatchesHandNumbers) {
  const std::vector<std::int32_t> classes = {2, 0};
  const std::vector<double> logits = {1, 1, 1, std::log(3), 0, 0};
  const auto head = class_head<double>({}, logits, classes);
  EXPECT_NEAR(head.loss, (std::log(3) + std::log(5.0 / 3)) / 2, 1e-15);
  EXPECT_DOUBLE_EQ(head.accuracy, 0.5);  // of equal logits the first wins
  EXPECT_NEAR(head.gradient[2], (1.0 / 3 - 1) / 2, 1e-15);
  EXPECT_NEAR(head.gradient[3], (0.6 - 1) / 2, 1e-15);
}

TEST(ClassHead, GradientsMatchFiniteDifferences) {
  const std::vector<std::int32_t> classes = {1, 2};
  const std::vector<double> logits = {0.3, -0.7, 1.1, 2.0, 0.1, -0.4};
  Game game;
  game.auxiliary_weight = 0.3;
  expect_gradient([&](const auto& x) { return class_head<double>(game, x, classes).loss; }, logits,
                  class_head<double>(game, logits, classes).gradient);
}

TEST(ClassHead, DoesNotOverflow) {
  const std::vector<std::int32_t> classes = {0};
  EXPECT_DOUBLE_EQ(class_head<double>({}, std::vector<double>{-1e4, 1e4}, classes).loss, 2e4);
}

TEST(ClassHead, RejectsWhatDoesNotFit) {
  const std::vector<double> logits = {0, 1, 2};
  EXPECT_THROW(class_head<double>({}, logits, std::vector<std::int32_t>{0, 1}), ShapeError);
  EXPECT_THROW(class_head<double>({}, logits, std::vector<std::int32_t>{3}), DataError);
  EXPECT_THROW(class_head<double>({}, logits, std::vector<std::int32_t>{-1}), DataError);
}

TEST(ClassifierHead, MatchesHandNumbers) {
  const std::vector<double> logits = {0, 2, -1};
  const std::vector<std::int32_t> classes = {1, 1, 1};
  const auto one = classifier_head<double>(logits, classes);
  EXPECT_NEAR(one.loss, (std::log(2) + std::log1p(std::exp(-2.0)) + std::log1p(std::exp(1.0))) / 3, 1e-15);
  EXPECT_NEAR(one.gradient[0], -0.5 / 3, 1e-15);
  EXPECT_DOUBLE_EQ(one.accuracy, 1.0 / 3);  // a logit of 0 says class 0
  const std::vector<double> pair = {1, 3, 0, 0};
  const auto two = classifier_head<double>(pair, std::vector<std::int32_t>{1, 0});
  EXPECT_NEAR(two.loss, (std::log1p(std::exp(-2.0)) + std::log(2)) / 2, 1e-15);
  EXPECT_DOUBLE_EQ(two.accuracy, 1);
}

TEST(ClassifierHead, GradientsMatchFiniteDifferences) {
  const std::vector<std::int32_t> binary = {0, 1, 1};
  expect_gradient([&](const auto& x) { return classifier_head<double>(x, binary).loss; }, kReal,
                  classifier_head<double>(kReal, binary).gradient);
  const std::vector<double> logits = {0.3, -1, 2, 0.1, 0.2, 0.3};
  const std::vector<std::int32_t> classes = {2, 0};
  expect_gradient([&](const auto& x) { return classifier_head<double>(x, classes).loss; }, logits,
                  classifier_head<double>(logits, classes).gradient);
}

TEST(ClassifierHead, OneLogitIsTheDiscriminatorsCrossEntropy) {
  std::vector<double> all = kReal;
  all.insert(all.end(), kFake.begin(), kFake.end());
  const std::vector<std::int32_t> classes = {1, 1, 1, 0, 0, 0};
  EXPECT_NEAR(classifier_head<double>(all, classes).loss,
              d_head(game_of(Loss::non_saturating), kReal, kFake).loss() / 2, 1e-15);
}

// Validation adds up what play computes, training what the head does.
TEST(ClassifierHead, HasTheBitsOfTheMeanCrossEntropy) {
  const std::vector<float> logits = {0.3F, -1, 2, 0.1F, 0.2F, 0.3F};
  const std::vector<std::int32_t> three = {2, 0}, one = {1, 0, 0, 1, 1, 0};
  EXPECT_EQ(classifier_head<float>(logits, three).loss, play::mean_cross_entropy(logits, three));
  EXPECT_EQ(classifier_head<float>(logits, one).loss, play::mean_cross_entropy(logits, one));
}

TEST(ClassifierHead, RefusesClassesOutOfRange) {
  const std::vector<double> logits = {1, 2};
  EXPECT_THROW(classifier_head<double>(logits, std::vector<std::int32_t>{0, 2}), DataError);
  EXPECT_THROW(classifier_head<double>(logits, std::vector<std::int32_t>{2}), DataError);
  EXPECT_THROW(classifier_head<double>(logits, std::vector<std::int32_t>{}), ShapeError);
}

// Two categories told evenly, and a mean that is 0.5 off, of two samples whose codes are (1, -0.5) and (0, 0.25).
TEST(CodeHead, IsTheSurpriseOfEveryCode) {
  Game game;
  game.codes = {2, play::kUniformCode};
  game.info_weight = 3;
  const std::vector<float> z{9, 0, 1, -0.5F, 9, 1, 0, 0.25F};
  const auto head = code_head<double>(game, std::vector<double>{0, 0, 0, 7, 7, 0.25}, z);
  const double surprise = std::log(2) + 0.5 * 0.25 / 2;  // the means over both samples
  EXPECT_NEAR(head.loss, 3 * surprise, 1e-12);
  EXPECT_NEAR(head.information, std::log(2) + std::log(2) - 0.5 * std::log(2 * std::numbers::pi) - surprise, 1e-12);
  const std::vector<double> wanted{0.75, -0.75, 0.75, -0.75, 0.75, 0};  // 3 / 2 (p - c), 3 / 2 (m - c)
  for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(head.gradient[i], wanted[i], 1e-12) << i;
}

TEST(CodeHead, SlopesAreThoseOfItsLoss) {
  Game game;
  game.codes = {3, play::kUniformCode, 2, play::kUniformCode};
  game.info_weight = 0.7;
  std::vector<float> z{0.4F, 1, 0, 0, 0.2F, 0, 1, -0.9F, -3, 0, 0, 1, -0.6F, 1, 0, 0.1F};
  const std::vector<double> x{0.3, -1, 2, 0.5, 1, -0.2, 3, -1.5, 0, 0.7, -0.8, 2.5, 0.6, -0.1};
  const auto loss = [&](const std::vector<double>& at) { return code_head<double>(game, at, z).loss; };
  expect_gradient(loss, x, code_head<double>(game, x, z).gradient);
}

TEST(CodeHead, ThatKnowsAllTellsTheEntropyOfItsCategories) {
  Game game;
  game.codes = {4};
  const std::vector<float> z{0, 0, 1, 0};
  EXPECT_NEAR(code_head<double>(game, std::vector<double>{0, 0, 60, 0}, z).information, std::log(4), 1e-12);
  EXPECT_NEAR(code_head<double>(game, std::vector<double>{0, 0, 0, 0}, z).information, 0, 1e-12);
  EXPECT_TRUE(std::isnan(code_head<double>(game, std::vector<double>{0, NAN, 0, 0}, z).loss));
  EXPECT_THROW(code_head<double>(game, std::vector<double>{0, 0, 0}, z), ShapeError);
  EXPECT_THROW(code_head<double>(Game{}, std::vector<double>{0}, z), ShapeError);
}

}  // namespace
}  // namespace ganymede::engine
