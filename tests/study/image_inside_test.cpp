#include "study/image_inside.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/file.hpp"
#include "evaluate/tiny.hpp"
#include "explore/dissection_picture.hpp"
#include "explore/map_file.hpp"
#include "explore/trained_generator.hpp"
#include "explore/weights.hpp"
#include "page/study_page.hpp"
#include "picture/png.hpp"
#include "study/image_report.hpp"

namespace ganymede::study {
namespace {

using evaluate::testing::TinyRuns;

/// The page of a study's folder, whose runs are measured.
std::string page_of(const ImageResults& results, const std::filesystem::path& folder,
                    const train::SessionOptions& session) {
  write_file_atomically(folder / "results.json",
                        image_json(results, judge_images(results), draw_figures(results, folder, session)));
  return page::study_page(folder);
}

struct Inside : ::testing::Test {
  TinyRuns tiny;
  run::RunDirectory run = tiny.train("a");
  explore::Weights weights = explore::load_weights(run);
  explore::TrainedGenerator generator{*tiny.session.backend, weights.snapshot, run.path(), 1};
  evaluate::Reference reference{tiny.recipe, tiny.reference_options()};
};

TEST_F(Inside, TheCentreIsWhatTheClassifierSaysOfThePictureAtZero) {
  const auto centre = class_at_centre(generator, reference.classifier());
  const std::vector<float> zero(2, 0.0F);
  EXPECT_EQ(centre, reference.classifier().labels(generator.draw(zero, {})).front());
}

TEST_F(Inside, AConditionalModelHasNoCentre) {
  TinyRuns conditional(true);
  const run::RunDirectory other = conditional.train("c");
  explore::TrainedGenerator obeying(*tiny.session.backend, explore::load_weights(other).snapshot, other.path(), 1);
  EXPECT_FALSE(class_at_centre(obeying, reference.classifier()).has_value());
}

TEST_F(Inside, KeepsAMapOfTheEpoch) {
  keep_map(generator, run.path(), reference.classifier());
  const auto file = explore::map_path(run.path() / "maps", weights.snapshot.epoch);
  ASSERT_TRUE(std::filesystem::exists(file));
  const explore::KeptMap kept = explore::read_map(file);
  ASSERT_EQ(kept.map.parts.size(), 1U);
  EXPECT_EQ(kept.map.parts[0].labels.size(), 100U * 100U);
  EXPECT_NEAR(kept.map.mass, 0.466, 0.001);  // of N(0, I) in [-1, 1]^2: 0.6827^2
}

// The share of values below a tenth of the root mean square, by hand of the values that dissect shows.
TEST_F(Inside, SharesOfValuesNearZeroAreThoseOfTheLayersValues) {
  const auto activities = layer_activities(generator);
  const explore::Dissection values = dissect_fixed(generator, kDissected);
  ASSERT_EQ(activities.size(), values.layers.size());
  for (std::size_t k = 0; k < activities.size(); ++k) {
    double squares = 0, near = 0;
    const auto all = values.layers[k].values.values<float>();
    for (const float v : all) squares += double{v} * v;
    const double limit = 0.1 * std::sqrt(squares / static_cast<double>(all.size()));
    for (const float v : all) near += std::abs(v) < limit ? 1 : 0;
    EXPECT_NEAR(activities[k].activity.near_zero, near / static_cast<double>(all.size()), 1e-6)
        << activities[k].layer.node;
  }
}

// Middle rows and the strongest feature map of the activation before the last layer, for every sample that is asked
// for.
TEST_F(Inside, DrawsAblationsOfTheMiddleRowsAndTheStrongestMap) {
  for (const std::int64_t count : {2, 4}) {
    engine::Model model(weights.snapshot.generator, 16, 1);
    model.load(run::generator_weights(weights.snapshot));
    const train::NamedSamples samples = generator.samples(train::kFixedSeed, count);
    const auto before = explore::dissect(model, weights.snapshot.generator, samples.inputs(), {"act2"});
    const Tensor& values = before.layers.at(0).values;
    const std::int64_t channels = values.shape()[1], rows = values.shape()[2], area = rows * values.shape()[3];
    ASSERT_EQ(channels, 4);
    std::vector<double> sums(4, 0);
    for (std::int64_t i = 0; i < values.count(); ++i) {
      sums[static_cast<std::size_t>(i / area % channels)] +=
          std::abs(values.values<float>()[static_cast<std::size_t>(i)]);
    }
    const auto channel = static_cast<int>(std::ranges::max_element(sums) - sums.begin());
    const int first = static_cast<int>(3 * rows / 7), end = static_cast<int>(4 * rows / 7);
    ASSERT_LT(first, end);
    std::vector<play::Override> middle;
    for (int row = first; row < end; ++row) {
      play::Override change;
      change.node = "act2";
      change.row = row;
      middle.push_back(change);
    }
    play::Override strongest;
    strongest.node = "act2";
    strongest.channel = channel;
    const std::vector<explore::Ablated> wanted{
        {fmt::format("act2, rows {} to {} of {} set to 0", first, end - 1, rows), before.pictures,
         model.infer(samples.inputs(), {}, middle).output},
        {fmt::format("act2, feature map {} of 4 set to 0", channel), before.pictures,
         model.infer(samples.inputs(), {}, std::vector{strongest}).output}};
    for (const explore::Ablated& one : wanted) EXPECT_NE(one.before, one.after) << one.name;
    EXPECT_EQ(draw_ablations(generator, count), explore::draw_ablation(wanted)) << count;
  }
}

// One split: the reals were trained on. The page, the notes and every score's protocol say so.
TEST(MeasureImages, SaysWhereNothingIsHeldOut) {
  TinyRuns tiny;
  std::filesystem::create_directories(tiny.root / "one");
  for (const char* split : {"train", "t10k"}) {
    for (const char* kind : {"images-idx3-ubyte", "labels-idx1-ubyte"}) {
      std::filesystem::copy_file(tiny.root / "bars" / (std::string("train-") + kind),
                                 tiny.root / "one" / (std::string(split) + "-" + kind));
    }
  }
  ImagePlan plan = plan_dcgan({.quick = true, .seeds = 1, .epochs = 1, .source = (tiny.root / "one").string()});
  for (ImageArm& arm : plan.arms) {
    for (train::PlannedRun& planned : arm.runs) {
      planned.recipe.generator.width = planned.recipe.discriminator.width = 2;
    }
  }
  check_measurable(plan, tiny.session);
  ASSERT_TRUE(train::train_set(tiny.root / "set/runs", plan.all_runs(), {.session = tiny.session}).complete);
  plan.measures = {"discriminator"};
  const ImageResults results = measure_images(plan, tiny.root / "set/runs", tiny.session, {});
  EXPECT_TRUE(results.one_split);
  ASSERT_FALSE(results.notes().empty());
  const std::string page = page_of(results, tiny.root / "set", tiny.session);
  EXPECT_NE(page.find("the data have one split"), std::string::npos);
  EXPECT_EQ(page.find("held-out real"), std::string::npos);
  for (const measure::Score& score : results.arms[0].runs[0].points[0].scores)
    EXPECT_NE(score.protocol.find("trained on"), std::string::npos) << score.name;
  // Read again: the notes are kept with the scores.
  EXPECT_EQ(measure_images(plan, tiny.root / "set/runs", tiny.session, {}).notes(), results.notes());
}

// The whole of a tiny study of landscapes: photographs of any size without classes, features left out.
TEST(MeasureImages, OfLandscapesMakesTheWholePage) {
  TinyRuns tiny;
  const std::filesystem::path photos = tiny.root / "photos";
  std::filesystem::create_directories(photos);
  picture::Image photo(40, 36, 3);
  for (int i = 0; i < 110; ++i) {
    for (std::size_t p = 0; p < photo.pixels().size(); ++p) photo.pixels()[p] = static_cast<std::uint8_t>(37 * p + i);
    picture::write_png(photos / (std::to_string(i) + ".png"), photo);
  }
  ImagePlan plan = plan_landscapes({.quick = true, .seeds = 2, .epochs = 1, .source = photos.string()});
  EXPECT_NO_THROW(check_measurable(plan, tiny.session));  // features at the side of the photographs
  plan.features.clear();
  plan.measures = {"discriminator"};
  plan.count = 100;
  for (ImageArm& arm : plan.arms) {
    for (train::PlannedRun& planned : arm.runs) {
      planned.recipe.generator.width = planned.recipe.discriminator.width = 2;
      planned.recipe.train.sample_grid = 16;
    }
  }
  ASSERT_TRUE(train::train_set(tiny.root / "set/runs", plan.all_runs(), {.session = tiny.session}).complete);
  const ImageResults results = measure_images(plan, tiny.root / "set/runs", tiny.session, {});
  const std::string page = page_of(results, tiny.root / "set", tiny.session);
  for (const char* part : {"ReLU, ELU, LeakyReLU, PReLU", "480 hours", "Where the study contradicts itself", "0.1145",
                           "Ablation", "Inside the generators"})
    EXPECT_NE(page.find(part), std::string::npos) << part;
  // What the page says is in the results and figures: it needs no run.
  std::filesystem::remove_all(tiny.root / "set/runs");
  EXPECT_EQ(page::study_page(tiny.root / "set"), page);
  // The players have their colours, one name each, and as many lines as seeds.
  const std::size_t plot = page.find(">Losses of ReLU<");
  ASSERT_NE(plot, std::string::npos);
  const std::string losses = page.substr(plot, page.find("</svg>", plot) - plot);
  const std::size_t d = losses.find(">D</text>"), g = losses.find(">G</text>");
  ASSERT_NE(d, std::string::npos);
  ASSERT_NE(g, std::string::npos);
  EXPECT_EQ(losses.find(">D</text>", d + 1), std::string::npos);
  EXPECT_LT(losses.find("#d55e00"), d);
  EXPECT_LT(d, losses.find("#0072b2"));
  EXPECT_LT(losses.find("#0072b2"), g);
  for (const int other : {2, 3})
    EXPECT_EQ(losses.find(picture::to_hex(picture::series_colour(other))), std::string::npos);
}

TEST(CheckMeasurable, WantsEnoughPicturesAndFeaturesOfTheirShape) {
  TinyRuns tiny;
  ImagePlan plan = plan_dcgan({.quick = true, .source = tiny.recipe.data.source});
  EXPECT_NO_THROW(check_measurable(plan, tiny.session));
  plan.features = "builtin-landscapes";  // 3 x 64 x 64, and these are grey
  try {
    check_measurable(plan, tiny.session);
    FAIL() << "no error";
  } catch (const DataError& error) {
    EXPECT_NE(std::string(error.what()).find("builtin-landscapes"), std::string::npos) << error.what();
  }
  plan.features.clear();
  plan.judge = "nk_strong_v1";
  EXPECT_THROW(check_measurable(plan, tiny.session), DataError);
  plan.judge = "nk_weak_v1";
  for (ImageArm& arm : plan.arms) {
    for (train::PlannedRun& planned : arm.runs) planned.recipe.data.source = (tiny.root / "few").string();
  }
  for (const int count : {99, 100}) {
    std::filesystem::remove_all(tiny.root / "few");
    std::filesystem::create_directories(tiny.root / "few");
    for (const char* split : {"train", "t10k"}) {
      data::write_idx(tiny.root / "few" / (std::string(split) + "-images-idx3-ubyte"),
                      evaluate::testing::bars(count, 1).images.reshaped({count, 8, 8}));
    }
    if (count == 100) {
      EXPECT_NO_THROW(check_measurable(plan, tiny.session));
    } else {
      EXPECT_THROW(check_measurable(plan, tiny.session), DataError);
    }
  }
}

}  // namespace
}  // namespace ganymede::study
