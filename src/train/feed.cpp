#include "train/feed.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/philox.hpp"

namespace ganymede::train {

run::ImageFacts facts_of(const data::Dataset& dataset) {
  return {.channels = dataset.channels(),
          .height = dataset.height(),
          .width = dataset.width(),
          .classes = dataset.class_count()};
}

Feed::Feed(const data::Dataset& dataset, const run::Recipe& recipe, const run::Networks& networks,
           const std::optional<latent::Partition>& partition)
    : batches_(dataset, recipe.train.batch, data::last_batch_from(recipe.data.last_batch), recipe.train.seed),
      images_per_epoch_(0),
      noise_(recipe, partition),
      seed_(recipe.train.seed),
      classes_(run::takes_class(networks.generator) || run::takes_class(networks.discriminator) ||
               run::predicts_class(networks.discriminator)),
      pixels_(dataset.pixels_per_image()),
      flip_(recipe.data.flip),
      width_(dataset.width()) {
  if (flip_ && (dataset.is_points() || dataset.is_ink()))
    fail<ConfigError>("data.flip = true mirrors pictures, the data ({}) are {}", recipe.data.source,
                      dataset.is_points() ? "points" : "ink");
  for (std::int64_t b = 0; b < batches_.batches(); ++b) images_per_epoch_ += batches_.size_of(b);
  const std::size_t most = static_cast<std::size_t>(batches_.size_of(0));  // only the last one may be shorter
  real_.resize(most * static_cast<std::size_t>(pixels_));
  z_.resize(most * static_cast<std::size_t>(noise_.dim()));
  labels_.resize(most);
}

void Feed::flip_some(std::int64_t epoch, std::int64_t b, std::int64_t count) {
  const Random random(seed_, "data.flip", static_cast<std::uint32_t>(epoch));
  for (std::int64_t i = 0; i < count; ++i) {
    if (RandomSequence(random, static_cast<std::uint32_t>(b * batches_.size_of(0) + i)).below(2) == 0) continue;
    const auto image =
        std::span(real_).subspan(static_cast<std::size_t>(i * pixels_), static_cast<std::size_t>(pixels_));
    for (auto row = image.begin(); row != image.end(); row += width_) std::reverse(row, row + width_);
  }
}

play::Batch Feed::fill(const Position& position, play::Phase phase) {
  const bool real = phase != play::Phase::generator;
  const std::int64_t b = real ? position.batch : position.batch - 1;
  if (b < 0 || b >= batches()) {
    fail<Error>("train: there is no batch {} in an epoch of {}", b, batches());
  }
  play::Batch batch;
  batch.count = batches_.fill(position.epoch, b, real_, labels_);
  batch.step = static_cast<std::uint32_t>(position.tick);
  const auto n = static_cast<std::size_t>(batch.count);
  if (real && flip_) flip_some(position.epoch, b, batch.count);
  if (real) batch.real = std::span(real_).first(n * static_cast<std::size_t>(pixels_));
  const auto z = std::span(z_).first(n * static_cast<std::size_t>(noise_.dim()));
  draws_ = noise_.fill_training(seed_, batch.step, std::span<const std::int32_t>(labels_).first(classes_ ? n : 0), z);
  batch.z = z;
  if (classes_) {
    batch.real_classes = std::span<const std::int32_t>(labels_).first(n);
    batch.fake_classes = batch.real_classes;
  }
  return batch;
}

}  // namespace ganymede::train
