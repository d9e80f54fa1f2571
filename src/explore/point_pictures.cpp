#include "explore/point_pictures.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "net/traits.hpp"
#include "train/sources.hpp"

namespace ganymede::explore {
namespace {

constexpr std::ptrdiff_t kPushedSamples = 150;

// As many as are shown: those that are drawn do not depend on their number.
data::Dataset shown_reals(run::Recipe recipe) {
  recipe.data.builtin_count = std::min(recipe.data.builtin_count, train::kPointsShown);
  return train::open_training_data(recipe, {});
}

}  // namespace

bool draws_points(const net::Network& generator) {
  const int output = generator.index_of(generator.outputs.front());
  return train::is_points(net::infer_shapes(generator).at(static_cast<std::size_t>(output)));
}

PointPictures::PointPictures(const play::Backend& backend, const run::Recipe& recipe, int threads)
    : backend_(backend), threads_(threads), painter_(shown_reals(recipe), recipe.game.loss) {}

PointPictures::~PointPictures() = default;

play::Model& PointPictures::discriminator(const run::Snapshot& weights) {
  NamedTensors tensors;
  for (const auto& [key, tensor] : weights.tensors) {
    if (key.starts_with(weights.discriminator.name + ".")) tensors[key] = tensor;
  }
  if (!discriminator_) {
    constexpr int kPlacesAtATime = 512;
    discriminator_ = backend_.make_model(weights.discriminator, {.batch = kPlacesAtATime, .threads = threads_});
  }
  discriminator_->load(tensors);
  return *discriminator_;
}

picture::Image PointPictures::draw(const run::Snapshot& weights, const Tensor& points, const PointExtras& extras) {
  const bool plane = points.shape()[1] == 2;
  if (!extras.manifold.empty() && points.shape()[1] < 2)
    fail<ConfigError>("G's manifold is drawn in a plane: points of one dimension have none");
  const bool packs = weights.recipe.game.pack > 1;
  const bool conditional = net::condition_length(weights.discriminator) > 0;
  train::PointLines lines{.manifold = extras.manifold};
  if (extras.arrows != PointExtras::Arrows::none) {
    if (!plane)
      fail<ConfigError>("arrows show where D pushes points of a plane, found {} dimensions", points.shape()[1]);
    if (packs)
      fail<ConfigError>("arrows: this discriminator sees packs of points (game.pack), so it pushes none alone");
    if (conditional) {
      fail<ConfigError>(
          "arrows: this discriminator pushes a point by its condition (discriminator.condition = "
          "\"vector\"), and each point has another");
    }
    if (extras.arrows == PointExtras::Arrows::grid) {
      lines.pushed = data::places_of_arrows(painter_.frame());
    } else {
      const auto all = points.values<float>();
      lines.pushed.assign(all.begin(), all.begin() + std::min(kPushedSamples * 2, std::ssize(all)));
    }
    const Tensor pushes = discriminator(weights).push({.count = std::ssize(lines.pushed) / 2, .values = lines.pushed},
                                                      weights.recipe.game.loss);
    lines.pushes.assign(pushes.values<float>().begin(), pushes.values<float>().end());
  }
  if (packs || conditional) return painter_.draw(points, {}, lines);
  return painter_.draw(
      points, [&](const play::Inputs& inputs) { return discriminator(weights).infer(inputs).output; }, lines);
}

PointPictures::Ground PointPictures::ground(const run::Snapshot& weights) {
  Ground ground{.frame = painter_.frame(), .reals = painter_.reals(), .shares = {}, .columns = 0, .rows = 0};
  if (weights.recipe.game.pack > 1 || net::condition_length(weights.discriminator) > 0) return ground;
  ground.shares =
      painter_.shares([&](const play::Inputs& inputs) { return discriminator(weights).infer(inputs).output; });
  const bool line = train::is_points(net::infer_shapes(weights.discriminator).front()) &&
                    net::infer_shapes(weights.discriminator).front()[0] == 1;
  const auto count = std::ssize(ground.shares);
  ground.rows = line ? std::min<std::int64_t>(count, 1) : std::llround(std::sqrt(static_cast<double>(count)));
  ground.columns = ground.rows == 0 ? 0 : count / ground.rows;
  return ground;
}

std::int64_t PointPictures::bytes() const {
  return static_cast<std::int64_t>(sizeof(float) * painter_.reals().size()) +
         (discriminator_ ? discriminator_->memory_bytes() : 0);
}

}  // namespace ganymede::explore
