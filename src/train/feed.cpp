#include "train/feed.hpp"

#include "base/error.hpp"

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
      pixels_(dataset.pixels_per_image()) {
  for (std::int64_t b = 0; b < batches_.batches(); ++b) images_per_epoch_ += batches_.size_of(b);
  const std::size_t most = static_cast<std::size_t>(batches_.size_of(0));  // only the last one may be shorter
  real_.resize(most * static_cast<std::size_t>(pixels_));
  z_.resize(most * static_cast<std::size_t>(noise_.dim()));
  labels_.resize(most);
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
