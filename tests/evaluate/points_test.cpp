#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "evaluate/measures.hpp"
#include "evaluate/tiny.hpp"
#include "explore/point_pictures.hpp"
#include "explore/trained_generator.hpp"
#include "measure/score_kinds.hpp"
#include "picture/png.hpp"

namespace ganymede::evaluate {
namespace {

/// A run on a ring that learns next to nothing.
struct PointRuns : testing::TinyRuns {
  PointRuns() {
    recipe = {};
    recipe.name = "points";
    recipe.data.source = "ring";
    recipe.data.builtin_count = 256;
    recipe.latent.dim = 3;
    for (run::Recipe::Player* player : {&recipe.generator, &recipe.discriminator}) {
      player->family = "mlp";
      player->norm = "none";
      player->widths = {8};
    }
    recipe.train.batch = 64;
    recipe.train.epochs = 1;
  }
};

const measure::Score& score_named(const std::vector<measure::Score>& scores, const std::string& beginning) {
  const auto found = std::ranges::find_if(scores, [&](const auto& s) { return s.name.starts_with(beginning); });
  if (found == scores.end()) fail<Error>("no score {}", beginning);
  return *found;
}

TEST(PointScores, StandBesideAPerfectSampler) {
  const PointRuns points;
  const run::RunDirectory run = points.train("a");
  Reference reference(points.recipe, points.reference_options());
  EXPECT_EQ(reference.name(), "ring_v1");
  const explore::Weights weights = explore::load_weights(run);
  const RunScores found = evaluate_run(weights, run.path(), reference, {.count = 2500, .threads = 1});
  const measure::Score& modes = score_named(found.scores, "mixture_modes2500_ring_v1");
  EXPECT_EQ(modes.floor, 8);
  const measure::Score& share = score_named(found.scores, "high_quality2500_ring_v1");
  EXPECT_NEAR(*share.floor, 0.988891, 4 * std::sqrt(0.0111 / 2500));
  EXPECT_NE(share.protocol.find("98.89 %"), std::string::npos) << share.protocol;
  EXPECT_LT(share.value, 0.1) << "it has learned nothing";
  EXPECT_LT(*score_named(found.scores, "reverse_kl2500_ring_v1").floor, 0.01);
  const measure::Score& js = score_named(found.scores, "density_js2500_ring_v1");
  EXPECT_GT(js.value, 0.5);
  EXPECT_LT(*js.floor, 0.02);
  EXPECT_NO_THROW(score_named(found.scores, "d_accuracy2500_ring"));
  const measure::Score& sliced = score_named(found.scores, "sliced_wasserstein2500_ring_v1");
  EXPECT_GT(sliced.value, 5 * *sliced.floor);
  EXPECT_LT(*sliced.floor, 0.3);
  EXPECT_NE(sliced.protocol.find("of 2 values"), std::string::npos) << "coordinates: " << sliced.protocol;
  EXPECT_EQ(found.scores.size(), 7U) << "nothing that needs pictures";
  for (const measure::Score& score : found.scores) EXPECT_NE(measure::kind_of(score.name), nullptr) << score.name;
}

TEST(PointScores, SayWhyAMeasureOfPicturesIsLeftOut) {
  const PointRuns points;
  const run::RunDirectory run = points.train("a");
  Reference reference(points.recipe, points.reference_options());
  const explore::Weights weights = explore::load_weights(run);
  const RunScores found = evaluate_run(weights, run.path(), reference,
                                       {.count = 100, .measures = {"msd", "frechet", "mixture"}, .threads = 1});
  EXPECT_EQ(found.scores.size(), 3U);
  ASSERT_EQ(found.notes.size(), 2U);
  EXPECT_NE(found.notes[0].find("the data are points"), std::string::npos) << found.notes[0];
  EXPECT_NE(found.notes[1].find("msd left out: it looks at pictures or asks a classifier: not for points"),
            std::string::npos)
      << found.notes[1];
  EXPECT_THROW(evaluate_run(weights, run.path(), reference, {.count = 100, .measures = {"weak"}, .threads = 1}),
               DataError);
  EXPECT_THROW(Reference(points.recipe, points.reference_options(), "builtin-digits"), DataError);
}

TEST(PointScores, SayNothingOfPictures) {
  const testing::TinyRuns tiny;
  const run::RunDirectory run = tiny.train("a");
  Reference reference(tiny.recipe, tiny.reference_options());
  const RunScores found = evaluate_run(explore::load_weights(run), run.path(), reference,
                                       {.count = 120, .measures = {"mixture", "density_js"}, .threads = 1});
  EXPECT_TRUE(found.scores.empty());
  ASSERT_EQ(found.notes.size(), 2U);
  EXPECT_EQ(found.notes[0], "mixture left out: only for points");
}

TEST(PointScores, OfACurveAreThoseThatNeedNoModes) {
  PointRuns points;
  points.recipe.data.source = "moons";
  const run::RunDirectory run = points.train("a");
  Reference reference(points.recipe, points.reference_options());
  const RunScores found = evaluate_run(explore::load_weights(run), run.path(), reference,
                                       {.count = 200, .measures = {"mixture", "density_js"}, .threads = 1});
  ASSERT_EQ(found.scores.size(), 1U);
  EXPECT_TRUE(found.scores[0].name.starts_with("density_js200_moons_v1"));
  EXPECT_NE(found.notes.back().find("known mixture"), std::string::npos);
}

TEST(PointReference, NamesASetByItsContentWhereItsKeysAreOthers) {
  PointRuns points;
  points.recipe.data.radius = 3;
  EXPECT_TRUE(Reference(points.recipe, points.reference_options()).name().starts_with("ring-"));
}

TEST(PointPictures, AreThoseOfTraining) {
  const PointRuns points;
  const run::RunDirectory run = points.train("a");
  const explore::Weights weights = explore::load_weights(run);
  explore::TrainedGenerator generator(*points.session.backend, weights.snapshot, run.path(), 1);
  EXPECT_TRUE(explore::draws_points(generator.network()));
  explore::PointPictures pictures(*points.session.backend, weights.snapshot.recipe, 1);
  const picture::Image image = pictures.draw(weights.snapshot, generator.draw(train::kFixedSeed, train::kPointsShown));
  EXPECT_EQ(image, picture::read_png(run.samples() / "latest.png").image);
  EXPECT_FALSE(std::filesystem::exists(run.samples() / "grid-0001.png"));
}

TEST(PointPictures, ShowTheManifoldAndWhereDPushes) {
  using Arrows = explore::PointExtras::Arrows;
  PointRuns points;
  const run::RunDirectory run = points.train("a");
  const explore::Weights weights = explore::load_weights(run);
  explore::TrainedGenerator generator(*points.session.backend, weights.snapshot, run.path(), 1);
  const Tensor drawn = generator.draw(train::kFixedSeed, 100);
  explore::PointPictures pictures(*points.session.backend, weights.snapshot.recipe, 1);
  const picture::Image plain = pictures.draw(weights.snapshot, drawn);
  const picture::Image lined = pictures.draw(weights.snapshot, drawn, {.manifold = {{-1, -1, 1, 1}}});
  EXPECT_GT(lined.height(), plain.height()) << "a row of the legend";
  const picture::Image at_samples = pictures.draw(weights.snapshot, drawn, {.arrows = Arrows::samples});
  EXPECT_NE(at_samples, pictures.draw(weights.snapshot, drawn, {.arrows = Arrows::grid}));
  EXPECT_EQ(pictures.draw(weights.snapshot, drawn), plain);

  points.recipe.data.source = "normal-1d";
  const run::RunDirectory line = points.train("line");
  const explore::Weights of_line = explore::load_weights(line);
  explore::TrainedGenerator other(*points.session.backend, of_line.snapshot, line.path(), 1);
  explore::PointPictures curves(*points.session.backend, of_line.snapshot.recipe, 1);
  const Tensor values = other.draw(train::kFixedSeed, 100);
  EXPECT_THROW(curves.draw(of_line.snapshot, values, {.arrows = Arrows::grid}), ConfigError);
  EXPECT_THROW(curves.draw(of_line.snapshot, values, {.manifold = {{0, 1}}}), ConfigError);
}

}  // namespace
}  // namespace ganymede::evaluate
