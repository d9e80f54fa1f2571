#include "playground/scene.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "data/points/point_sets.hpp"
#include "measure/distributions.hpp"
#include "measure/histogram.hpp"
#include "measure/modes.hpp"
#include "train/point_painter.hpp"
#include "train/session.hpp"
#include "train/sources.hpp"

namespace ganymede::playground {
namespace {

constexpr int kBinsOfALine = 100, kBinsOfAPlane = 30;  // as of the score density_js
constexpr std::int64_t kLine = 121, kSide = 21;        // of the lattice of noise
constexpr double kWithin = 3;

std::vector<double> histogram_of(std::span<const float> points, const measure::HistogramBox& box) {
  std::vector<double> counts(static_cast<std::size_t>(box.cells()), 0);
  const measure::Features features{points, std::ssize(box.low)};
  for (const std::int32_t cell : measure::cells_of(features, box)) ++counts[static_cast<std::size_t>(cell)];
  return counts;
}

// Numbers between neighbours of which the prior has equal mass.
std::vector<float> even_in(const run::Recipe::Latent& latent, std::int64_t count) {
  std::vector<float> values;
  for (std::int64_t i = 0; i < count; ++i) {
    const double share = (static_cast<double>(i) + 0.5) / static_cast<double>(count);
    values.push_back(static_cast<float>(latent.prior == "normal" ? measure::normal_quantile(share) : 2 * share - 1));
  }
  return values;
}

struct Noises {
  std::vector<float> z{};
  std::int64_t side = 0;
};

// Of z of one number a row of them, of two a square, the second going down; of more there is no lattice to see.
Noises lattice_of(const run::Recipe::Latent& latent) {
  Noises lattice;
  if (latent.dim > 2) return lattice;
  lattice.side = latent.dim == 1 ? kLine : kSide;
  const std::vector<float> axis = even_in(latent, lattice.side);
  if (latent.dim == 1) return {axis, kLine};
  for (const float second : axis) {
    for (const float first : axis) lattice.z.insert(lattice.z.end(), {first, second});
  }
  return lattice;
}

}  // namespace

struct Stage::Kept {
  int beginnings = 0;
  data::PointFrame frame;
  std::vector<float> reals, places, z;
  Noises lattice;
  measure::HistogramBox box;
  std::vector<double> real_counts;
  std::optional<data::Mixture> mixture;
  std::unique_ptr<play::Model> discriminator;  // for arrows
  std::unique_ptr<play::Executor> ahead;       // of the game that it was made for
  run::Recipe ahead_of;
  std::int64_t floor_count = -1;
  double floor = 0;
};

Stage::Stage(const play::Backend& backend, LiveGame& game) : backend_(backend), game_(game) {}
Stage::~Stage() = default;

Stage::Kept& Stage::kept() {
  if (kept_ && kept_->beginnings == game_.beginnings()) return *kept_;
  kept_ = std::make_unique<Kept>();
  Kept& k = *kept_;
  k.beginnings = game_.beginnings();
  const run::Recipe& recipe = game_.recipe();
  const int dim = game_.dim();
  const auto all = game_.setup().dataset.images.values<float>();
  const auto shown = all.first(std::min(all.size(), static_cast<std::size_t>(train::kPointsShown * dim)));
  k.reals.assign(shown.begin(), shown.end());
  train::Noise noise(recipe, game_.setup().partition);
  k.z.resize(static_cast<std::size_t>(kMostFakes * recipe.latent.dim));
  noise.fill_samples(train::kFixedSeed, {}, k.z);
  // Reals and fakes of the beginning are within the frame, which then stays.
  const std::int64_t first = train::kPointsShown;
  const Tensor fakes =
      game_.executor()
          .infer("generator",
                 {.count = first, .values = std::span(k.z).first(static_cast<std::size_t>(first * recipe.latent.dim))})
          .output;
  std::vector<float> seen = k.reals;
  seen.insert(seen.end(), fakes.values<float>().begin(), fakes.values<float>().end());
  k.frame = data::frame_of(seen, dim);
  k.places = data::places_to_ask(k.frame, dim);
  k.lattice = lattice_of(recipe.latent);
  k.box = measure::box_around({all, dim}, dim == 1 ? kBinsOfALine : kBinsOfAPlane);
  k.real_counts = histogram_of(all, k.box);
  if (!game_.is_drawn()) k.mixture = data::mixture_of(recipe.data.source, train::open_options(recipe).points);
  return k;
}

const data::PointFrame& Stage::frame() {
  return kept().frame;
}

const std::vector<float>& Stage::reals() {
  return kept().reals;
}

double Stage::js_floor(std::int64_t count) {
  Kept& k = kept();
  if (k.floor_count == count) return k.floor;
  const auto all = game_.setup().dataset.images.values<float>();
  if (game_.is_drawn()) {
    std::vector<float> halves[2];
    const auto dim = static_cast<std::size_t>(game_.dim());
    for (std::size_t i = 0; i + dim <= all.size(); i += dim) {
      halves[i / dim % 2].insert(halves[i / dim % 2].end(), all.begin() + static_cast<std::ptrdiff_t>(i),
                                 all.begin() + static_cast<std::ptrdiff_t>(i + dim));
    }
    k.floor = measure::js_divergence(histogram_of(halves[0], k.box), histogram_of(halves[1], k.box));
  } else {
    const run::Recipe& recipe = game_.recipe();
    const data::Dataset others = data::draw_points(*data::find_point_set(recipe.data.source), data::Split::test, count,
                                                   train::open_options(recipe).points);
    k.floor = measure::js_divergence(k.real_counts, histogram_of(others.images.values<float>(), k.box));
  }
  k.floor_count = count;
  return k.floor;
}

Judged Stage::judge(play::Executor& executor, std::span<const float> fakes, const SceneWish& wish,
                    std::string* no_arrows) {
  Kept& k = kept();
  const int dim = game_.dim();
  const play::Loss loss = game_.recipe().game.loss;
  Judged judged;
  if (wish.surface) {
    const Tensor logits =
        executor.infer("discriminator", {.count = std::ssize(k.places) / dim, .values = k.places}).output;
    judged.shares = train::shares_of_real(logits.values<float>(), loss);
  }
  if (!wish.arrows) return judged;
  const net::Network& network = game_.setup().networks.discriminator;
  try {
    if (!k.discriminator) k.discriminator = backend_.make_model(network, {.batch = 64, .threads = 1});
    NamedTensors weights = executor.state();
    std::erase_if(weights, [](const auto& one) { return !one.first.starts_with("discriminator."); });
    k.discriminator->load(weights);
    const auto pushed = fakes.first(std::min(fakes.size(), static_cast<std::size_t>(kArrows * dim)));
    const Tensor pushes = k.discriminator->push({.count = std::ssize(pushed) / dim, .values = pushed}, loss);
    judged.pushes.assign(pushes.values<float>().begin(), pushes.values<float>().end());
  } catch (const ConfigError& error) {  // a D that couples samples pushes none by itself
    if (no_arrows != nullptr) *no_arrows = error.what();
  }
  return judged;
}

// The updates that G's loss looks ahead, made by a second executor on the batches that the next step has.
Judged Stage::look_ahead(std::span<const float> fakes, const SceneWish& wish) {
  Kept& k = kept();
  const run::Recipe& recipe = game_.recipe();
  const run::Networks& networks = game_.setup().networks;
  if (!k.ahead || k.ahead_of != recipe) {
    play::ExecutorConfig config = train::executor_config(recipe, 1);
    config.game.unroll = 0;
    if (recipe.game.unroll > 0 && recipe.game.unroll_rate > 0)
      config.game.discriminator.learning_rate = recipe.game.unroll_rate;
    k.ahead = backend_.make_executor(networks.generator, networks.discriminator, config);
    k.ahead_of = recipe;
  }
  k.ahead->set_state(game_.executor().state());
  const int updates = recipe.game.unroll > 0 ? recipe.game.unroll : kAhead;
  const play::Batch batch = game_.feed().fill(game_.course().from_next_batch(), play::Phase::discriminator);
  for (int i = 0; i < updates; ++i) {
    const bool own = i == 0 || batch.unrolled.empty();
    k.ahead->step(own ? batch : batch.unrolled.at(static_cast<std::size_t>(i) - 1), play::Phase::discriminator);
  }
  return judge(*k.ahead, fakes, wish, nullptr);
}

Scene Stage::scene(const SceneWish& wish) {
  Kept& k = kept();
  const int dim = game_.dim();
  const auto latent = static_cast<std::size_t>(game_.recipe().latent.dim);
  play::Executor& executor = game_.executor();
  const auto make = [&](std::span<const float> z) {
    const Tensor made =
        executor.infer("generator", {.count = static_cast<std::int64_t>(z.size() / latent), .values = z}).output;
    return std::vector<float>(made.values<float>().begin(), made.values<float>().end());
  };
  Scene scene;
  scene.fakes = make(std::span(k.z).first(static_cast<std::size_t>(wish.fakes) * latent));
  const auto places = std::ssize(k.places) / dim;
  scene.rows = dim == 1 ? 1 : std::llround(std::sqrt(static_cast<double>(places)));
  scene.columns = places / scene.rows;
  if (wish.manifold && k.lattice.side > 0) {
    scene.side = k.lattice.side;
    scene.manifold = make(k.lattice.z);
    scene.manifold_z = k.lattice.z;
  }
  scene.now = judge(executor, scene.fakes, wish, &scene.no_arrows);
  if (wish.ahead) {
    try {
      scene.ahead = look_ahead(scene.fakes, wish);
    } catch (const play::NonFiniteError&) {  // it would diverge: there is none to show
      k.ahead.reset();
    }
  }
  scene.js = measure::js_divergence(k.real_counts, histogram_of(scene.fakes, k.box));
  if (k.mixture) {
    const measure::MixtureCoverage found = measure::mixture_coverage({scene.fakes, dim}, *k.mixture, kWithin, 1);
    scene.modes = found.modes.modes;
    scene.of_modes = k.mixture->modes();
    scene.near_mode = found.high_quality_share;
  }
  return scene;
}

std::int64_t Stage::bytes() const {
  if (!kept_) return 0;
  return static_cast<std::int64_t>(sizeof(float) * (kept_->z.size() + kept_->reals.size() + kept_->places.size())) +
         (kept_->discriminator ? kept_->discriminator->memory_bytes() : 0) +
         (kept_->ahead ? kept_->ahead->memory_bytes() : 0);
}

}  // namespace ganymede::playground
