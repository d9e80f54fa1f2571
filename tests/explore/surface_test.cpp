#include "explore/surface/surface.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "explore/surface/loss_field.hpp"
#include "explore/tiny.hpp"
#include "explore/weights.hpp"
#include "net/families.hpp"
#include "picture/png.hpp"
#include "tensor/npy.hpp"

namespace ganymede::explore {
namespace {

namespace fs = std::filesystem;

/// A game whose G is dense (2 to 3) and whose D is dense (3 to 1).
run::Snapshot small_snapshot(std::uint64_t epoch, const std::vector<float>& weight, const std::vector<float>& bias) {
  run::Snapshot s;
  s.epoch = epoch;
  s.generator = {.name = "generator",
                 .nodes = {{"z", {}, net::Input{.role = net::Role::latent, .shape = {2}}},
                           {"dense", {"z"}, net::Dense{.out = 3}},
                           {"image", {"dense"}, net::Reshape{{1, 1, 3}}}},
                 .outputs = {"image"}};
  s.discriminator = {.name = "discriminator",
                     .nodes = {{"x", {}, net::Input{.role = net::Role::image, .shape = {1, 1, 3}}},
                               {"flat", {"x"}, net::Reshape{{-1}}},
                               {"logit", {"flat"}, net::Dense{1}}},
                     .outputs = {"logit"}};
  s.tensors["generator.dense.weight"] = Tensor::of<float>({3, 2}, weight);
  s.tensors["generator.dense.bias"] = Tensor::of<float>({3}, bias);
  s.tensors["discriminator.logit.weight"] = Tensor::of<float>({1, 3}, std::vector<float>{1, 2, 3});
  s.tensors["discriminator.logit.bias"] = Tensor::of<float>({1}, std::vector<float>{0.5F});
  return s;
}

std::vector<double> flat(const NamedTensors& tensors, const std::string& of) {
  std::vector<double> values;
  for (const auto& [name, tensor] : tensors) {
    if (!name.starts_with(of)) continue;
    for (const float v : tensor.values<float>()) values.push_back(v);
  }
  return values;
}

double product(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

TEST(RandomPlane, MovesEveryFilterByItsOwnLengthAndNoBias) {
  run::Snapshot snapshot;
  snapshot.generator = net::digits_generator({.latent_dim = 4, .width = 8, .image_size = 12});
  snapshot.discriminator = net::digits_discriminator({.width = 8, .image_size = 12});
  snapshot.tensors = net::initialise(snapshot.generator, 1);
  for (auto& [name, tensor] : net::initialise(snapshot.discriminator, 2)) snapshot.tensors[name] = tensor;
  for (const SurfaceOf of : {SurfaceOf::generator, SurfaceOf::discriminator}) {
    const ParameterPlane plane = random_plane(snapshot, of, 7, 0.5);
    EXPECT_EQ(plane.x.low, -0.5);
    EXPECT_EQ(plane.y.high, 0.5);
    int filters_seen = 0;
    for (const auto& [name, d] : plane.right) {
      EXPECT_TRUE(name.starts_with(name_of(of))) << name;
      EXPECT_EQ(name.find("running"), std::string::npos) << name;
      const Tensor& w = snapshot.tensors.at(name);
      if (w.shape().size() < 2) {
        for (const float v : d.values<float>()) EXPECT_EQ(v, 0) << name;
        continue;
      }
      // [out, in, ...] of dense and convolution, [in, out, kh, kw] of transposed convolution: those of the generator.
      const bool transposed = of == SurfaceOf::generator && name.find("conv") != std::string::npos;
      const Shape& s = w.shape();
      const std::int64_t behind = transposed ? s[2] * s[3] : w.count() / s[0], filters = transposed ? s[1] : s[0];
      for (std::int64_t f = 0; f < filters; ++f) {
        double of_d = 0, of_w = 0;
        for (std::int64_t i = 0; i < w.count(); ++i) {
          if (i / behind % filters != f) continue;
          of_d += std::pow(d.values<float>()[i], 2);
          of_w += std::pow(w.values<float>()[i], 2);
        }
        EXPECT_NEAR(std::sqrt(of_d), std::sqrt(of_w), 1e-5 * std::sqrt(of_w)) << name << " " << f;
        ++filters_seen;
      }
    }
    EXPECT_GT(filters_seen, 20);
    EXPECT_NE(plane.right, plane.up);
    EXPECT_LT(std::fabs(plane.cosine), 0.1);
    EXPECT_NE(random_plane(snapshot, of, 8).right, plane.right);
    EXPECT_EQ(random_plane(snapshot, of, 7).right, plane.right);
  }
}

// A loss that is a square of the weights is a paraboloid on every plane, whose numbers are known.
TEST(MakeSurface, OfAQuadraticLossHasItsClosedForm) {
  const run::Snapshot snapshot = small_snapshot(3, {1, 2, 3, 4, 5, 6}, {0.1F, 0.2F, 0.3F});
  const ParameterPlane plane = random_plane(snapshot, SurfaceOf::generator, 1, 2);
  const auto squares = [](const NamedTensors& weights) {
    const auto g = flat(weights, "generator"), d = flat(weights, "discriminator");
    play::StepResult result;
    result.generator_loss = product(g, g);
    result.discriminator_loss = product(d, d);
    return result;
  };
  std::int64_t calls = 0;
  const Surface surface = make_surface(plane, {}, 5, squares, [&](std::int64_t done, std::int64_t all) {
    EXPECT_EQ(done, ++calls);
    return all == 26;
  });
  EXPECT_EQ(calls, 26);
  const auto w = flat(plane.origin, "generator"), r = flat(plane.right, "generator"), u = flat(plane.up, "generator");
  for (int row = 0; row < 5; ++row) {
    for (int column = 0; column < 5; ++column) {
      const double x = column - 2.0, y = row - 2.0;
      EXPECT_EQ(surface.x_at(column), x);
      const double wanted = product(w, w) + x * x * product(r, r) + y * y * product(u, u) +
                            2 * (x * product(w, r) + y * product(w, u) + x * y * product(r, u));
      EXPECT_NEAR(surface.generator[static_cast<std::size_t>(5 * row + column)], wanted, 1e-4 * (1 + wanted));
      EXPECT_EQ(surface.discriminator[static_cast<std::size_t>(5 * row + column)], 14.25) << "D's weights stay";
    }
  }
  EXPECT_EQ(surface.at_origin.generator, surface.generator[12]);
  EXPECT_NEAR(surface.at_origin.generator, 91.14, 1e-4);
  EXPECT_THROW(make_surface(plane, {}, 1, squares), ConfigError);
  EXPECT_THROW(make_surface(plane, {{}}, 3, squares), ShapeError);
  EXPECT_THROW(make_surface(plane, {}, 5, squares, [](std::int64_t done, std::int64_t) { return done < 3; }),
               UserError);
}

TEST(PlaneOfThree, HoldsItsThreeCheckpoints) {
  const std::vector<run::Snapshot> three{small_snapshot(2, {1, 2, 3, 4, 5, 6}, {0, 0, 0}),
                                         small_snapshot(5, {2, 2, 3, 4, 5, 9}, {1, 0, 0}),
                                         small_snapshot(9, {1, 0, 3, 4, 7, 6}, {0, 0, 2})};
  const ParameterPlane plane = plane_of_three(three, SurfaceOf::generator);
  const auto r = flat(plane.right, "generator"), u = flat(plane.up, "generator");
  EXPECT_NEAR(product(r, r), 1, 1e-6);
  EXPECT_NEAR(product(u, u), 1, 1e-6);
  EXPECT_NEAR(product(r, u), 0, 1e-6);
  ASSERT_EQ(plane.marks.size(), 3U);
  EXPECT_EQ(plane.marks[0].x, 0);
  EXPECT_NEAR(plane.marks[1].x, std::sqrt(11.0), 1e-5);  // 1 + 9 + 1
  EXPECT_NEAR(plane.marks[1].y, 0, 1e-5);
  for (std::size_t i = 0; i < 3; ++i) {
    const PlaneMark& mark = plane.marks[i];
    EXPECT_EQ(mark.epoch, three[i].epoch);
    EXPECT_NEAR(mark.away, 0, 2e-3);
    const auto there = flat(weights_at(plane, mark.x, mark.y), "generator"),
               wanted = flat(three[i].tensors, "generator");
    for (std::size_t k = 0; k < wanted.size(); ++k) EXPECT_NEAR(there[k], wanted[k], 1e-5);
    EXPECT_GT(mark.x, plane.x.low);
    EXPECT_LT(mark.x, plane.x.high);
    EXPECT_GT(mark.y, plane.y.low);
    EXPECT_LT(mark.y, plane.y.high);
  }
  EXPECT_THROW(plane_of_three(std::vector{three[0], three[1], three[1]}, SurfaceOf::generator), ConfigError);
  EXPECT_THROW(plane_of_three(std::vector{three[0], three[0], three[1]}, SurfaceOf::generator), ConfigError);
  EXPECT_THROW(plane_of_three(three, SurfaceOf::discriminator), ConfigError) << "D is the same in all";
}

TEST(PathPlane, HoldsAPathThatLiesInAPlane) {
  // a (1, 0, 0 ...) + b (0, 1, 1, 0 ...), wide along a.
  std::vector<run::Snapshot> path;
  const std::pair<float, float> places[] = {{-8, 1}, {-5, -1}, {-3, -1.5F}, {-1, 0.5F}, {0, 0}};
  for (std::size_t i = 0; i < 5; ++i) {
    const auto [a, b] = places[i];
    path.push_back(small_snapshot(i + 1, {1 + a, 2 + b, 3 + b, 4, 5, 6}, {0.1F, 0.2F, 0.3F}));
  }
  const ParameterPlane plane = path_plane(path, SurfaceOf::generator);
  ASSERT_EQ(plane.marks.size(), 5U);
  EXPECT_EQ(plane.marks.back().x, 0);
  EXPECT_EQ(plane.marks.back().y, 0);
  EXPECT_EQ(plane.marks.back().epoch, 5U);
  EXPECT_LT(plane.marks[0].x, -7);
  EXPECT_LE(plane.marks[0].y, 0);
  EXPECT_NEAR(plane.explained[0] + plane.explained[1], 1, 1e-6);
  EXPECT_GT(plane.explained[0], 0.9);
  EXPECT_NEAR(plane.cosine, 0, 1e-6);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_NEAR(plane.marks[i].away, 0, 5e-3);
    const auto there = flat(weights_at(plane, plane.marks[i].x, plane.marks[i].y), "generator");
    const auto wanted = flat(path[i].tensors, "generator");
    for (std::size_t k = 0; k < wanted.size(); ++k) EXPECT_NEAR(there[k], wanted[k], 1e-4) << i << " " << k;
  }
}

TEST(PathPlane, RefusesWhatHasNoSecondDirection) {
  std::vector<run::Snapshot> line;
  for (const float a : {0.0F, 1.0F, 2.0F, 4.0F}) line.push_back(small_snapshot(1, {a, a, 0, 0, 0, 0}, {0, 0, 0}));
  EXPECT_THROW(path_plane(line, SurfaceOf::generator), ConfigError);
  EXPECT_THROW(path_plane(std::span(line).first(2), SurfaceOf::generator), ConfigError);
}

struct SurfaceOfRun : public ::testing::Test {
  testing::TinyRuns runs;
  run::RunDirectory directory = (runs.recipe.train.epochs = 3, runs.train("a"));
  run::Snapshot snapshot = load_weights(directory).snapshot;

  train::SessionOptions session(int threads) const {
    train::SessionOptions options = runs.session;
    options.threads = threads;
    options.run_folder = directory.path();
    return options;
  }
  Surface make(int threads, SurfaceOf of, int points = 3) const {
    LossField field(snapshot.recipe, session(threads), 32);
    return make_surface(random_plane(snapshot, of, 1), {}, points,
                        [&](const NamedTensors& weights) { return field.at(weights); });
  }
};

TEST_F(SurfaceOfRun, IsInItsOriginTheLossThatATrainingStepWouldTell) {
  const Surface surface = make(1, SurfaceOf::generator);
  EXPECT_EQ(surface.at_origin.generator, surface.generator[4]);
  EXPECT_EQ(surface.at_origin.discriminator, surface.discriminator[4]);
  run::Recipe recipe = snapshot.recipe;
  recipe.train.batch = 32;
  train::Setup setup = train::prepare(recipe, session(1));
  setup.executor->set_state(random_plane(snapshot, SurfaceOf::generator, 1).origin);
  train::Feed feed(setup.dataset, setup.recipe, setup.networks, setup.partition);
  const play::StepResult step = setup.executor->step(feed.fill({}, play::Phase::both), play::Phase::both);
  EXPECT_EQ(surface.at_origin.generator, step.generator_loss);
  EXPECT_EQ(surface.at_origin.discriminator, step.discriminator_loss);
  EXPECT_NE(surface.generator[0], surface.generator[4]);
}

TEST_F(SurfaceOfRun, HasTheSameBitsWhateverTheThreads) {
  for (const SurfaceOf of : {SurfaceOf::generator, SurfaceOf::discriminator}) {
    const Surface one = make(1, of), two = make(2, of);
    EXPECT_EQ(one.generator, two.generator);
    EXPECT_EQ(one.discriminator, two.discriminator);
  }
}

TEST_F(SurfaceOfRun, TakesNoRunningStatistics) {
  LossField field(snapshot.recipe, session(1), 32);
  EXPECT_EQ(field.batch(), 32);
  NamedTensors weights = random_plane(snapshot, SurfaceOf::generator, 1).origin;
  const play::StepResult before = field.at(weights);
  bool found = false;
  for (auto& [name, tensor] : weights) {
    if (!name.ends_with("running_mean")) continue;
    found = true;
    for (float& v : tensor.values<float>()) v += 3;
  }
  EXPECT_TRUE(found);
  EXPECT_EQ(field.at(weights).generator_loss, before.generator_loss);
  EXPECT_EQ(LossField(snapshot.recipe, session(1), 5000).batch(), 300) << "as many as the data have";
}

TEST_F(SurfaceOfRun, ThePathEndsInTheOrigin) {
  std::vector<run::Snapshot> path;
  for (const run::SnapshotFile& file : run::list_snapshots(directory.snapshots()))
    path.push_back(run::load_snapshot(file.path));
  ASSERT_EQ(path.size(), 4U);  // epochs 0 to 3
  const ParameterPlane plane = path_plane(path, SurfaceOf::discriminator);
  LossField field(snapshot.recipe, session(1), 32);
  std::vector<NamedTensors> marked;
  for (const run::Snapshot& one : path) marked.push_back(moving_weights(one, SurfaceOf::discriminator));
  const Surface surface =
      make_surface(plane, marked, 3, [&](const NamedTensors& weights) { return field.at(weights); });
  ASSERT_EQ(surface.at_marks.size(), 4U);
  EXPECT_EQ(surface.at_marks[3].discriminator, surface.at_origin.discriminator);
  EXPECT_NE(surface.at_marks[0].discriminator, surface.at_origin.discriminator);
  const auto last = flat(moving_weights(path[3], SurfaceOf::discriminator), "");
  for (std::size_t i = 0; i < 3; ++i) {
    auto one = flat(moving_weights(path[i], SurfaceOf::discriminator), "");
    for (std::size_t k = 0; k < one.size(); ++k) one[k] -= last[k];
    const PlaneMark& mark = plane.marks[i];
    const double squares = mark.x * mark.x + mark.y * mark.y + mark.away * mark.away;
    EXPECT_NEAR(product(one, one), squares, 1e-5 * squares);
  }
}

TEST_F(SurfaceOfRun, IsKeptAsJsonArrayAndPicture) {
  Surface surface = make(1, SurfaceOf::generator, 4);
  surface.name = "mine";
  surface.run = "a";
  surface.data = "bars";
  surface.loss = "non_saturating";
  surface.generator[3] = NAN;
  surface.discriminator[5] = INFINITY;
  const ganymede::testing::FreshFolder folder;
  EXPECT_EQ(write_surface(folder / "surfaces", surface), folder / "surfaces/mine.json");
  const auto json = nlohmann::json::parse(read_file(folder / "surfaces/mine.json"));
  EXPECT_EQ(json.at("schema"), "ganymede.surface/1");
  EXPECT_EQ(json.at("of"), "generator");
  EXPECT_EQ(json.at("generator_loss").size(), 4U);
  EXPECT_TRUE(json.at("generator_loss")[0][3].is_null());
  EXPECT_TRUE(json.at("discriminator_loss")[1][1].is_null());
  EXPECT_EQ(json.at("discriminator_loss")[3][2], surface.discriminator[14]);
  EXPECT_EQ(json.at("statistics"), kSurfaceStatistics);
  const Tensor array = read_npy(folder / "surfaces/mine.npy");
  EXPECT_EQ(array.shape(), (Shape{2, 4, 4}));
  EXPECT_EQ(array.values<double>()[16 + 14], surface.discriminator[14]);
  EXPECT_GT(picture::read_png(folder / "surfaces/mine.png").image.width(), 800);
}

TEST(SurfaceScale, GoesFromTheLeastToTheLargestAndBack) {
  Surface surface{
      .of = SurfaceOf::generator, .points = 2, .generator = {1, 2, 3, 101}, .discriminator = {5, 5, 5, NAN}};
  const SurfaceScale scale = scale_of({&surface}, SurfaceOf::generator);
  EXPECT_EQ(scale.place(1), 0);
  EXPECT_NEAR(scale.place(101), 1, 1e-12);
  EXPECT_NEAR(scale.value(scale.place(7)), 7, 1e-9);
  EXPECT_EQ(scale.knee, 1.5);  // the median 2.5 above the least
  EXPECT_GT(scale.place(3), 0.2) << "one place of huge loss does not take all colours";
  const SurfaceScale level = scale_of({&surface}, SurfaceOf::discriminator);
  EXPECT_TRUE(std::isfinite(level.place(5)));
}

}  // namespace
}  // namespace ganymede::explore
