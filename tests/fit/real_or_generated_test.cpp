#include "fit/real_or_generated.hpp"

#include "base/error.hpp"
#include "fit/tiny.hpp"

namespace ganymede::fit {
namespace {

Tensor some_bars(std::int64_t count, std::uint64_t seed) {
  return bars(count, 4, seed).images;
}

RealOrGeneratedProtocol weak(const Shape& sample) {
  RealOrGeneratedProtocol protocol = real_or_generated_protocol("nk_weak_v1", sample);
  protocol.fit.threads = 1;
  return protocol;
}

TEST(RealOrGenerated, TellsNoiseFromPictures) {
  const Tensor real = some_bars(400, 1), real_test = some_bars(200, 2);
  Tensor fake(DType::f32, {400, 1, 12, 12}), fake_test(DType::f32, {150, 1, 12, 12});
  Random(1, "fake").uniform(0, fake.values<float>());
  Random(1, "fake").uniform(1, fake_test.values<float>());
  const auto result = real_or_generated(backend(), {real, fake, real_test, fake_test}, weak({1, 12, 12}));
  EXPECT_EQ(result.protocol, "nk_weak_v1");
  EXPECT_EQ(result.real_train, 400);
  EXPECT_EQ(result.real_count, 200);
  EXPECT_EQ(result.fake_count, 150);
  EXPECT_EQ(result.errors(), 0);
  EXPECT_LT(result.val_loss, 0.05);
  std::vector<std::int64_t> steps;
  for (const CurvePoint& point : result.fit.curve) steps.push_back(point.step);
  EXPECT_EQ(steps, (std::vector<std::int64_t>{1, 2, 4, 8, 16, 32, 50, 100, 150, 200, 250, 300}));
  EXPECT_LT(result.fit.curve.back().train_loss, result.fit.curve.front().train_loss);
}

// Both sides from one source: no classifier can do better than chance, whose loss is at least log 2.
TEST(RealOrGenerated, CannotTellEqualsFromEquals) {
  const Tensor real = some_bars(400, 1), fake = some_bars(400, 3), real_test = some_bars(400, 2),
               fake_test = some_bars(400, 4);
  const auto result = real_or_generated(backend(), {real, fake, real_test, fake_test}, weak({1, 12, 12}));
  EXPECT_NEAR(result.error_rate(), 0.5, 4 * 0.5 / std::sqrt(800));
  EXPECT_GT(result.val_loss, std::log(2) - 0.03);
}

TEST(RealOrGenerated, CountsMistakesOnTheirOwnSide) {
  const Tensor real = some_bars(200, 1);
  Tensor fake(DType::u8, {200, 1, 12, 12});  // black
  // In validation the sides are exchanged: everything is a mistake.
  const Tensor black(DType::u8, {30, 1, 12, 12}), bright = some_bars(50, 2);
  const auto result = real_or_generated(backend(), {real, fake, black, bright}, weak({1, 12, 12}));
  EXPECT_EQ(result.real_errors, 30);
  EXPECT_EQ(result.real_count, 30);
  EXPECT_EQ(result.fake_errors, 50);
  EXPECT_EQ(result.fake_count, 50);
  EXPECT_EQ(result.error_rate(), 1);
}

// Real pictures are whole levels; fakes that are off by a hundredth of a level are told by that alone.
TEST(RealOrGenerated, RoundingHidesWhatNobodySees) {
  const auto off_by_little = [](const Tensor& bytes) {
    Tensor floats(DType::f32, bytes.shape());
    data::to_unit_range(bytes.values<std::uint8_t>(), floats.values<float>());
    for (float& v : floats.values<float>()) v += v < 0 ? 0.001F : -0.001F;
    return floats;
  };
  const Tensor real = some_bars(50, 1);
  const Tensor fake = off_by_little(real);
  const Samples rounded = real_and_fake(real, fake, true), raw = real_and_fake(real, fake, false);
  std::vector<float> a(144), b(144);
  rounded.copy(3, a);
  rounded.copy(53, b);
  EXPECT_EQ(a, b);
  raw.copy(53, b);
  EXPECT_NE(a, b);
}

TEST(RealOrGenerated, WorksOnInk) {
  const Tensor real = strokes(300, 3, 1).images, real_test = strokes(90, 3, 2).images;
  Tensor fake(DType::f32, {300, 10, 3}), fake_test(DType::f32, {90, 10, 3});
  Random(1, "fake").normal(0, fake.values<float>());
  Random(1, "fake").normal(1, fake_test.values<float>());
  const RealOrGeneratedProtocol protocol = weak({10, 3});
  EXPECT_FALSE(protocol.rounded);
  EXPECT_LE(real_or_generated(backend(), {real, fake, real_test, fake_test}, protocol).errors(), 3);
}

TEST(RealOrGenerated, GoesOnWhereItWasStopped) {
  const Tensor real = some_bars(200, 1), fake = some_bars(200, 3);
  RealOrGeneratedProtocol protocol = weak({1, 12, 12});
  protocol.fit.steps = 20;
  const RealOrGeneratedData data{real, fake, real, fake};
  const auto whole = real_or_generated(backend(), data, protocol);
  const auto half = real_or_generated(backend(), data, protocol, [](const FitProgress& p) { return p.step < 9; });
  EXPECT_FALSE(half.fit.finished);
  EXPECT_EQ(half.count(), 0);
  const auto rest = real_or_generated(backend(), data, protocol, {}, &half.fit.state);
  EXPECT_EQ(rest.fit.parameters, whole.fit.parameters);
  EXPECT_EQ(rest.val_loss, whole.val_loss);
  EXPECT_EQ(rest.errors(), whole.errors());
}

TEST(RealOrGenerated, EarlyPointsJudgeTheFirstOfBothSidesAndChangeNoWeight) {
  const Tensor real = some_bars(200, 1);
  Tensor fake(DType::u8, {200, 1, 12, 12});  // black
  // Of the reals to validate with, the first five are black: mistakes; of the fakes the first five are bright.
  Tensor real_test = some_bars(20, 2), fake_test(DType::u8, {20, 1, 12, 12});
  std::ranges::fill(real_test.values<std::uint8_t>().first(std::size_t{5} * 144), std::uint8_t{0});
  std::ranges::copy(some_bars(5, 3).values<std::uint8_t>(), fake_test.values<std::uint8_t>().begin());
  RealOrGeneratedProtocol protocol = weak({1, 12, 12});
  protocol.early_each = 5;
  const auto with = real_or_generated(backend(), {real, fake, real_test, fake_test}, protocol);
  const CurvePoint& early = with.fit.curve[5];
  EXPECT_EQ(early.step, 32);
  EXPECT_EQ(early.validation.class_counts, (std::vector<std::int64_t>{5, 5}));
  EXPECT_EQ(early.validation.errors, 10);
  EXPECT_EQ(with.errors(), 10);
  EXPECT_EQ(with.count(), 40);
  protocol.early_each = 0;
  const auto without = real_or_generated(backend(), {real, fake, real_test, fake_test}, protocol);
  EXPECT_EQ(without.fit.curve.size(), 6U);
  EXPECT_EQ(without.fit.parameters, with.fit.parameters);
  EXPECT_EQ(without.fit.curve.back().train_loss, with.fit.curve.back().train_loss);
}

TEST(RealOrGenerated, AStopLosesNoEarlyPoint) {
  const Tensor real = some_bars(200, 1), fake = some_bars(200, 3);
  RealOrGeneratedProtocol protocol = weak({1, 12, 12});
  protocol.fit.steps = 20;
  const RealOrGeneratedData data{real, fake, real, fake};
  const auto whole = real_or_generated(backend(), data, protocol);
  for (const std::int64_t at : {1, 3, 8}) {
    const auto half = real_or_generated(backend(), data, protocol, [&](const FitProgress& p) { return p.step < at; });
    EXPECT_EQ(half.fit.steps, at);
    const auto rest = real_or_generated(backend(), data, protocol, {}, &half.fit.state);
    ASSERT_EQ(rest.fit.curve.size(), whole.fit.curve.size());
    for (std::size_t i = 0; i < whole.fit.curve.size(); ++i) {
      EXPECT_EQ(rest.fit.curve[i].step, whole.fit.curve[i].step);
      EXPECT_EQ(rest.fit.curve[i].train_loss, whole.fit.curve[i].train_loss);
      EXPECT_EQ(rest.fit.curve[i].validation.loss, whole.fit.curve[i].validation.loss);
    }
  }
}

TEST(RealOrGeneratedProtocol, FixesTheStrongOnes) {
  const RealOrGeneratedProtocol strong = real_or_generated_protocol("nk_strong_v1", {1, 28, 28});
  EXPECT_EQ(strong.train_each, 60000);
  EXPECT_EQ(strong.validation_each, 10000);
  EXPECT_EQ(strong.fit.epochs, 50);
  EXPECT_TRUE(strong.rounded);
  const RealOrGeneratedProtocol raw = real_or_generated_protocol("nk_strong_raw_v1", {1, 28, 28});
  EXPECT_FALSE(raw.rounded);
  EXPECT_EQ(raw.network, strong.network);
  EXPECT_NE(message_of<ConfigError>([] {
              real_or_generated_protocol("nk", {1, 28, 28});
            }).find("nk_strong_raw_v1"),
            std::string::npos);
  const Tensor few = some_bars(10, 1);
  EXPECT_NE(
      message_of<DataError>([&] {
        real_or_generated(backend(), {few, few, few, few}, real_or_generated_protocol("nk_strong_v1", {1, 12, 12}));
      }).find("60000 real training samples, found 10"),
      std::string::npos);
}

}  // namespace
}  // namespace ganymede::fit
