#include "explore/point_pictures.hpp"

#include <algorithm>

#include "train/sources.hpp"

namespace ganymede::explore {
namespace {

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

picture::Image PointPictures::draw(const run::Snapshot& weights, const Tensor& points) {
  if (weights.recipe.game.pack > 1) return painter_.draw(points, {});
  NamedTensors tensors;
  for (const auto& [key, tensor] : weights.tensors) {
    if (key.starts_with(weights.discriminator.name + ".")) tensors[key] = tensor;
  }
  if (!discriminator_) {
    constexpr int kPlacesAtATime = 512;
    discriminator_ = backend_.make_model(weights.discriminator, {.batch = kPlacesAtATime, .threads = threads_});
  }
  discriminator_->load(tensors);
  return painter_.draw(points, [&](const play::Inputs& inputs) { return discriminator_->infer(inputs).output; });
}

}  // namespace ganymede::explore
