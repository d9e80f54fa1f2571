#include "explore/inversion/inversion.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "explore/inversion/inversion_set.hpp"
#include "explore/tiny.hpp"
#include "explore/weights.hpp"

namespace ganymede::explore {
namespace {

/// G(z) = W z + b, [1, 1, P].
run::Snapshot linear_snapshot(std::int64_t z, std::int64_t values, const std::vector<float>& weight,
                              const std::vector<float>& bias) {
  run::Snapshot snapshot;
  snapshot.recipe.latent.dim = static_cast<int>(z);
  snapshot.generator = {.name = "generator",
                        .nodes = {{"z", {}, net::Input{.role = net::Role::latent, .shape = {z}}},
                                  {"dense", {"z"}, net::Dense{.out = static_cast<int>(values)}},
                                  {"image", {"dense"}, net::Reshape{{1, 1, values}}}},
                        .outputs = {"image"}};
  snapshot.tensors["generator.dense.weight"] = Tensor::of<float>({values, z}, weight);
  snapshot.tensors["generator.dense.bias"] = Tensor::of<float>({values}, bias);
  return snapshot;
}

// L is |W z + b - x|^2 / P + w |z|^2 / Z: ridge regression, (W'W / P + w / Z) z = W'(x - b) / P.
TEST(Inversion, OfALinearGeneratorIsRidgeRegression) {
  const std::vector<float> w{1, 0.5F, -1, 2, 0.25F, 1, 0, -1}, b{0.1F, -0.2F, 0.3F, 0}, x{0.9F, -0.4F, 0.5F, 0.2F};
  TrainedGenerator generator(engine::cpu_backend(), linear_snapshot(2, 4, w, b), {}, 1);
  for (const double prior : {0.0, 0.1, 1.0}) {
    const InversionTargets targets{.pictures = Tensor::of<float>({1, 1, 1, 4}, x)};
    const std::vector<Inversion> found =
        invert(generator, targets, {.starts = 3, .candidates = 16, .steps = 1500, .rate = 0.05, .prior = prior});
    double a = prior / 2, c = 0, d = prior / 2, r0 = 0, r1 = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      a += w[2 * i] * w[2 * i] / 4.0;
      c += w[2 * i] * w[2 * i + 1] / 4.0;
      d += w[2 * i + 1] * w[2 * i + 1] / 4.0;
      r0 += w[2 * i] * (x[i] - b[i]) / 4.0;
      r1 += w[2 * i + 1] * (x[i] - b[i]) / 4.0;
    }
    const double det = a * d - c * c, z0 = (d * r0 - c * r1) / det, z1 = (a * r1 - c * r0) / det;
    ASSERT_EQ(found.size(), 1U);
    const Descent& best = found[0].best();
    EXPECT_NEAR(best.z[0], z0, 1e-4) << prior;
    EXPECT_NEAR(best.z[1], z1, 1e-4) << prior;
    double error = 0;
    for (std::size_t i = 0; i < 4; ++i) error += std::pow(w[2 * i] * z0 + w[2 * i + 1] * z1 + b[i] - x[i], 2) / 4;
    EXPECT_NEAR(best.error, error, 1e-5);
    EXPECT_NEAR(best.loss, error + prior * (z0 * z0 + z1 * z1) / 2, 1e-5);
    EXPECT_EQ(found[0].agree, 3) << "one valley: all starts end in it";
    EXPECT_EQ(found[0].same_z, 3);
    EXPECT_TRUE(found[0].flat());
    EXPECT_EQ(best.curve.size(), 1501U);
    for (std::size_t i = 1; i < best.curve.size(); ++i) EXPECT_LE(best.curve[i], best.curve[i - 1]);
    EXPECT_FALSE(best.label.has_value());
  }
}

TEST(Inversion, StartsAreTheNearestOfTheSamplesThatSeedsName) {
  const std::vector<float> w{1, 0, 0, 1}, b{0, 0};
  TrainedGenerator generator(engine::cpu_backend(), linear_snapshot(2, 2, w, b), {}, 1);
  const train::NamedSamples samples = generator.samples(40, 30);
  const InversionTargets targets{.pictures = Tensor::of<float>({1, 1, 1, 2}, std::vector<float>{0.3F, -0.7F})};
  double nearest = 1e9;
  for (std::size_t i = 0; i < 30; ++i)
    nearest = std::min(nearest, (std::pow(samples.z[2 * i] - 0.3F, 2) + std::pow(samples.z[2 * i + 1] + 0.7F, 2)) / 2);
  const auto found = invert(generator, targets, {.starts = 30, .candidates = 30, .steps = 1, .seed = 40});
  double least = 1e9;
  for (const Descent& d : found[0].descents) least = std::min(least, d.start_error);
  EXPECT_NEAR(least, nearest, 1e-6);
  const auto one = invert(generator, targets, {.starts = 1, .candidates = 30, .steps = 1, .seed = 40});
  EXPECT_NEAR(one[0].best().start_error, nearest, 1e-6);
}

// What a generator with BatchNorm drew itself is found again.
TEST(Inversion, FindsTheZOfItsOwnPictures) {
  const testing::TinyRuns runs;
  const run::RunDirectory directory = runs.train("a");
  TrainedGenerator generator(engine::cpu_backend(), load_weights(directory).snapshot, directory.path(), 1);
  const train::NamedSamples own = generator.samples(900, 3);
  const InversionTargets targets{.pictures = generator.draw(own)};
  const InversionOptions options{.starts = 4, .candidates = 64, .steps = 500, .prior = 0};
  const std::vector<Inversion> found = invert(generator, targets, options);
  ASSERT_EQ(found.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_LT(found[i].best().error, 1e-5);
    for (std::size_t k = 0; k < 2; ++k) EXPECT_NEAR(found[i].best().z[k], own.z[2 * i + k], 0.03) << i;
  }
  const Tensor again = generator.draw(samples_at(generator, found));
  for (std::int64_t p = 0; p < again.count(); ++p)
    ASSERT_NEAR(again.values<float>()[p], targets.pictures.values<float>()[p], 0.05);
}

TEST(Inversion, HasTheSameBitsWhateverTheThreadsAndTheOtherPictures) {
  const testing::TinyRuns runs;
  const run::RunDirectory directory = runs.train("a");
  const run::Snapshot snapshot = load_weights(directory).snapshot;
  TrainedGenerator one(engine::cpu_backend(), snapshot, directory.path(), 1),
      two(engine::cpu_backend(), snapshot, directory.path(), 2);
  const Tensor pictures = one.draw(50, 40);
  const InversionOptions options{.starts = 8, .candidates = 20, .steps = 20};
  const auto found = invert(one, {.pictures = pictures}, options), other = invert(two, {.pictures = pictures}, options);
  ASSERT_EQ(found.size(), 40U);
  for (std::size_t i = 0; i < 40; ++i) {
    EXPECT_EQ(found[i].best().z, other[i].best().z) << i;
    EXPECT_EQ(found[i].best().curve, other[i].best().curve) << i;
  }
  const auto values = pictures.values<float>().subspan(39 * 64, 64);
  const auto alone = invert(one, {.pictures = Tensor::of<float>({1, 1, 8, 8}, values)}, options);
  EXPECT_EQ(alone[0].best().z, found[39].best().z);
}

// Where the class is joined to z: where z is multiplied by a class's vector, every class may reach every picture.
TEST(Inversion, OfAConditionalModelFindsTheClass) {
  testing::TinyRuns runs(true);
  runs.recipe.generator.condition = "concat";
  const run::RunDirectory directory = runs.train("c");
  TrainedGenerator generator(engine::cpu_backend(), load_weights(directory).snapshot, directory.path(), 1);
  const train::NamedSamples own = generator.samples(900, 6);
  const Tensor pictures = generator.draw(own);
  const InversionOptions options{.starts = 3, .candidates = 32, .steps = 300, .prior = 0};
  const auto found = invert(generator, {.pictures = pictures}, options);
  int right = 0;
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(found[i].descents.size(), 9U) << "three starts of three classes";
    right += found[i].best().label == own.classes[i];
  }
  EXPECT_GE(right, 5);
  const auto given = invert(generator, {.pictures = pictures, .classes = own.classes}, options);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(given[i].descents.size(), 3U);
    EXPECT_EQ(given[i].best().label, own.classes[i]);
  }
  EXPECT_EQ(samples_at(generator, given).classes, own.classes);
  EXPECT_THROW(invert(generator, {.pictures = pictures, .classes = {0, 1, 2, 0, 1, 3}}, options), ConfigError);
}

TEST(Inversion, KeepsUniformLatentsWithinTheirCube) {
  run::Snapshot snapshot = linear_snapshot(2, 2, {1, 0, 0, 1}, {0, 0});
  snapshot.recipe.latent.prior = "uniform";
  TrainedGenerator generator(engine::cpu_backend(), snapshot, {}, 1);
  const InversionTargets targets{.pictures = Tensor::of<float>({1, 1, 1, 2}, std::vector<float>{3, 0.25F})};
  const auto found = invert(generator, targets, {.starts = 2, .candidates = 4, .steps = 400, .prior = 5});
  EXPECT_EQ(found[0].best().z[0], 1);
  EXPECT_NEAR(found[0].best().z[1], 0.25, 1e-3) << "no prior pulls it to the middle";
  EXPECT_EQ(found[0].best().loss, found[0].best().error);
}

TEST(Inversion, RefusesWhatDoesNotFitAndStopsWhenItIsAsked) {
  TrainedGenerator generator(engine::cpu_backend(), linear_snapshot(2, 2, {1, 0, 0, 1}, {0, 0}), {}, 1);
  EXPECT_THROW(invert(generator, {.pictures = Tensor(DType::f32, {1, 1, 1, 3})}, {}), ShapeError);
  const InversionTargets targets{.pictures = Tensor(DType::f32, {1, 1, 1, 2})};
  EXPECT_THROW(invert(generator, {.pictures = targets.pictures, .classes = {0}}, {}), ConfigError);
  EXPECT_THROW(invert(generator, targets, {.starts = 5, .candidates = 4}), ConfigError);
  std::int64_t calls = 0;
  EXPECT_THROW(invert(generator, targets, {.starts = 1, .candidates = 2, .steps = 50},
                      [&](std::int64_t done, std::int64_t all) {
                        EXPECT_EQ(done, ++calls);
                        EXPECT_EQ(all, 51);
                        return done < 7;
                      }),
               UserError);
  EXPECT_EQ(calls, 7);
  EXPECT_TRUE(invert(generator, {.pictures = Tensor(DType::f32, {0, 1, 1, 2})}, {}).empty());
}

InversionSet set_of(std::vector<double> training, std::vector<double> held_out, std::vector<double> generated) {
  return {.name = "set",
          .run = "a",
          .data = "mnist",
          .options = {},
          .training = std::move(training),
          .held_out = std::move(held_out),
          .generated = std::move(generated)};
}

std::vector<double> spread(double from, int count, double step = 0.001) {
  std::vector<double> values;
  for (int i = 0; i < count; ++i) values.push_back(from + step * i);
  return values;
}

TEST(InversionSet, SaysMemorisingWhereTrainingPicturesAreFoundBetter) {
  const InversionVerdict memorised = judge_inversions(set_of(spread(0.01, 50), spread(0.2, 50), spread(0.001, 50)));
  EXPECT_NEAR(memorised.median_difference.value, 0.19, 1e-9);
  EXPECT_NEAR(memorised.mean_difference.value, 0.19, 1e-9);
  EXPECT_GT(memorised.median_difference.interval.low, 0.15);
  EXPECT_TRUE(memorised.memorising.starts_with("Training pictures are found better")) << memorised.memorising;
  const InversionVerdict alike = judge_inversions(set_of(spread(0.2, 50), spread(0.2, 50), spread(0.001, 50)));
  EXPECT_TRUE(alike.memorising.starts_with("No sign of memorising")) << alike.memorising;
  EXPECT_LT(alike.median_difference.interval.low, 0);
  EXPECT_GT(alike.median_difference.interval.high, 0);
  const InversionVerdict turned = judge_inversions(set_of(spread(0.2, 50), spread(0.01, 50), spread(0.001, 50)));
  EXPECT_TRUE(turned.memorising.starts_with("Held-out pictures are found better")) << turned.memorising;
}

TEST(InversionSet, CoverageIsTheShareThatIsFoundAsWellAsItsOwnPictures) {
  // Its own errors are 0.00 to 1.00: the 95 % quantile is 0.95. Of the held-out ones 30 of 40 lie below.
  std::vector<double> held_out = spread(0.1, 30);
  for (const double e : spread(2, 10)) held_out.push_back(e);
  const InversionVerdict verdict = judge_inversions(set_of(spread(2, 20), held_out, spread(0, 101, 0.01)));
  EXPECT_NEAR(verdict.floor, 0.95, 1e-12);
  EXPECT_EQ(verdict.covered_held_out.value, 0.75);
  EXPECT_LT(verdict.covered_held_out.interval.low, 0.65);
  EXPECT_GT(verdict.covered_held_out.interval.high, 0.85);
  EXPECT_EQ(verdict.covered_training.value, 0);
  EXPECT_THROW(judge_inversions(set_of({0.1}, held_out, held_out)), ConfigError);
}

namespace fs = std::filesystem;

TEST(InversionSet, IsKeptAsJsonWithItsPicture) {
  const ganymede::testing::FreshFolder folder;
  InversionSet set = set_of(spread(0.1, 20), spread(0.2, 20), spread(0.001, 20));
  set.epoch = 7;
  const InversionVerdict verdict = judge_inversions(set);
  const auto file = write_inversions(folder / "inversions", set, verdict);
  EXPECT_EQ(file, folder / "inversions/set.json");
  const auto json = nlohmann::json::parse(read_file(file));
  EXPECT_EQ(json.at("schema"), "ganymede.inversion_set/1");
  EXPECT_EQ(json.at("epoch"), 7);
  EXPECT_EQ(json.at("training").at("errors"), set.training);
  EXPECT_EQ(json.at("memorising"), verdict.memorising);
  EXPECT_EQ(json.at("covered_held_out").at("value"), 0);
  EXPECT_TRUE(fs::exists(folder / "inversions/set.png"));
}

}  // namespace
}  // namespace ganymede::explore
