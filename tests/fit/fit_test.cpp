#include "fit/fit.hpp"

#include "base/error.hpp"
#include "engine/loss.hpp"
#include "fit/tiny.hpp"

namespace ganymede::fit {
namespace {

FitOptions quick() {
  return {.epochs = 3, .batch = 32, .shift = 1, .noise = 0.01, .seed = 4, .threads = 1};
}

void expect_same_curve(const std::vector<CurvePoint>& a, const std::vector<CurvePoint>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].step, b[i].step);
    EXPECT_EQ(a[i].train_loss, b[i].train_loss);
    EXPECT_EQ(a[i].train_accuracy, b[i].train_accuracy);
    EXPECT_EQ(a[i].validation.loss, b[i].validation.loss);
    EXPECT_EQ(a[i].validation.errors, b[i].validation.errors);
  }
}

TEST(Fit, LearnsToClassifyOthersThanItSaw) {
  const data::Dataset train = bars(300, 4, 1), test = bars(200, 4, 2);
  const FitResult result = fit(backend(), tiny_network(4), samples_of(train), samples_of(test),
                               {.epochs = 8, .batch = 32, .seed = 4, .threads = 1});
  ASSERT_EQ(result.curve.size(), 8U);
  EXPECT_TRUE(result.finished);
  EXPECT_EQ(result.steps, 8 * 10);
  EXPECT_EQ(result.curve.back().validation.count, 200);
  EXPECT_LE(result.curve.back().validation.error_rate(), 0.02);
  EXPECT_LT(result.curve.back().train_loss, 0.3 * result.curve.front().train_loss);
}

// Labels that have nothing to do with the samples: nobody can do better than chance on others.
TEST(Fit, LearnsNothingWhereThereIsNothingToLearn) {
  data::Dataset train = bars(300, 2, 1), test = bars(400, 2, 2);
  RandomSequence coin(Random(1, "coin"), 0);
  for (data::Dataset* d : {&train, &test}) {
    for (std::int32_t& label : d->labels) label = static_cast<std::int32_t>(coin.below(2));
  }
  const FitResult result = fit(backend(), tiny_network(1), samples_of(train), samples_of(test), quick());
  EXPECT_NEAR(result.curve.back().validation.error_rate(), 0.5, 4 * 0.5 / std::sqrt(400));
}

TEST(Fit, GivesTheSameBitsForAnyNumberOfThreads) {
  const data::Dataset train = bars(150, 3, 1), test = bars(60, 3, 2);
  FitOptions options = quick();
  const FitResult one = fit(backend(), tiny_network(3), samples_of(train), samples_of(test), options);
  for (const int threads : {2, 3}) {
    options.threads = threads;
    const FitResult more = fit(backend(), tiny_network(3), samples_of(train), samples_of(test), options);
    EXPECT_EQ(one.parameters, more.parameters);
    expect_same_curve(one.curve, more.curve);
  }
}

TEST(Fit, GoesOnWhereItWasStoppedWithTheSameBits) {
  const data::Dataset train = bars(150, 3, 1), test = bars(60, 3, 2);
  const Samples a = samples_of(train), b = samples_of(test);
  const FitResult whole = fit(backend(), tiny_network(3), a, b, quick());
  const FitResult half =
      fit(backend(), tiny_network(3), a, b, quick(), [](const FitProgress& p) { return p.step < 7; });
  EXPECT_FALSE(half.finished);
  EXPECT_EQ(half.steps, 7);
  const FitResult rest = fit(backend(), tiny_network(3), a, b, quick(), {}, &half.state);
  EXPECT_TRUE(rest.finished);
  EXPECT_EQ(whole.parameters, rest.parameters);
  expect_same_curve(whole.curve, rest.curve);
}

TEST(Fit, AnotherSeedIsAnotherFit) {
  const data::Dataset train = bars(64, 3, 1);
  FitOptions options = quick();
  const FitResult first = fit(backend(), tiny_network(3), samples_of(train), {}, options);
  options.seed = 5;
  EXPECT_NE(first.parameters, fit(backend(), tiny_network(3), samples_of(train), {}, options).parameters);
  EXPECT_EQ(first.curve.back().validation.count, 0);
}

TEST(Fit, ValidatesWhenAskedAndAtTheEnd) {
  const data::Dataset train = bars(64, 2, 1);
  FitOptions options{.steps = 7, .batch = 32, .validate_every = 3, .threads = 1};
  std::vector<std::int64_t> seen;
  const FitResult result =
      fit(backend(), tiny_network(1), samples_of(train), samples_of(train), options, [&](const FitProgress& p) {
        EXPECT_EQ(p.steps, 7);
        seen.push_back(p.step);
        return true;
      });
  EXPECT_EQ(seen, (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7}));
  ASSERT_EQ(result.curve.size(), 3U);
  EXPECT_EQ(result.curve[0].step, 3);
  EXPECT_EQ(result.curve[1].step, 6);
  EXPECT_EQ(result.curve[2].step, 7);
  EXPECT_DOUBLE_EQ(result.curve[2].epoch, 3.5);
}

TEST(LearningRate, FollowsTheCosine) {
  const FitOptions options{.epochs = 1, .optimizer = {.learning_rate = 0.1}, .final_rate = 0.2};
  EXPECT_DOUBLE_EQ(learning_rate(options, 0, 11), 0.1);
  EXPECT_NEAR(learning_rate(options, 5, 11), 0.06, 1e-15);
  EXPECT_NEAR(learning_rate(options, 10, 11), 0.02, 1e-15);
  EXPECT_DOUBLE_EQ(learning_rate(options, 0, 1), 0.1);
  FitOptions constant = options;
  constant.schedule = LearningRateSchedule::constant;
  EXPECT_DOUBLE_EQ(learning_rate(constant, 10, 11), 0.1);
}

TEST(StepsOf, CountsTheShortLastBatch) {
  EXPECT_EQ(steps_of({.epochs = 3, .batch = 32}, 65), 9);
  EXPECT_EQ(steps_of({.steps = 5}, 65), 5);
  EXPECT_THROW(steps_of({.epochs = 3, .steps = 5}, 65), ConfigError);
  EXPECT_THROW(steps_of({}, 65), ConfigError);
}

TEST(Evaluate, CountsErrorsByClass) {
  const Tensor values(DType::f32, {5, 1, 1, 1});
  const Samples samples = samples_of(values, {0, 1, 2, 2, 1});
  // Rows for the classes 0, 1, 2, 0, 0; pieces of two must not matter.
  const std::vector<float> rows = {3, 0, 0, 0, 3, 0, 0, 0, 3, 3, 0, 0, 3, 0, 0};
  std::int64_t done = 0;
  const Evaluation e = evaluate(
      samples,
      [&](const play::Inputs& inputs) {
        Tensor logits = Tensor::of<float>(
            {inputs.count, 3},
            std::span(rows).subspan(static_cast<std::size_t>(3 * done), static_cast<std::size_t>(3 * inputs.count)));
        done += inputs.count;
        return logits;
      },
      2);
  EXPECT_EQ(e.count, 5);
  EXPECT_EQ(e.errors, 2);
  EXPECT_DOUBLE_EQ(e.error_rate(), 0.4);
  EXPECT_EQ(e.class_counts, (std::vector<std::int64_t>{1, 2, 2}));
  EXPECT_EQ(e.class_errors, (std::vector<std::int64_t>{0, 1, 1}));
  const double all = std::log(std::exp(3.0) + 2);
  EXPECT_NEAR(e.loss, (3 * (all - 3) + 2 * all) / 5, 1e-12);
}

TEST(LabelsOf, TakesTheLargestAndTheFirstOfEquals) {
  const std::vector<float> two = {1, 2, 2, 1, 1, 1}, one = {-1, 0, 1};
  EXPECT_EQ(labels_of(Tensor::of<float>({3, 2}, two)), (std::vector<std::int32_t>{1, 0, 0}));
  EXPECT_EQ(labels_of(Tensor::of<float>({3, 1}, one)), (std::vector<std::int32_t>{0, 0, 1}));
}

TEST(Fit, RefusesWhatDoesNotFit) {
  const data::Dataset train = bars(20, 2, 1), colour = bars(20, 2, 1, 3);
  EXPECT_THROW(fit(backend(), tiny_network(2, 3), samples_of(train), {}, quick()), ShapeError);
  EXPECT_THROW(fit(backend(), tiny_network(2), samples_of(train), samples_of(colour), quick()), ShapeError);
  FitOptions bad = quick();
  bad.shift = -1;
  EXPECT_THROW(fit(backend(), tiny_network(2), samples_of(train), {}, bad), ConfigError);
  EXPECT_THROW(fit(backend(), tiny_network(2), {}, {}, quick()), DataError);
}

}  // namespace
}  // namespace ganymede::fit
