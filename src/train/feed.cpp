#include "train/feed.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/philox.hpp"
#include "net/traits.hpp"

namespace ganymede::train {

run::ImageFacts facts_of(const data::Dataset& dataset) {
  return {.channels = dataset.channels(),
          .height = dataset.height(),
          .width = dataset.width(),
          .classes = dataset.class_count(),
          .conditions = dataset.condition_length()};
}

Feed::Feed(const data::Dataset& dataset, const run::Recipe& recipe, const run::Networks& networks,
           const std::optional<latent::Partition>& partition)
    : batches_(dataset, recipe.train.batch, data::last_batch_from(recipe.data.last_batch), recipe.train.seed),
      images_per_epoch_(0),
      unrolled_(recipe.game.unroll_batches == play::UnrollBatches::fresh ? std::max(1, recipe.game.unroll) : 1),
      noise_(recipe, partition),
      seed_(recipe.train.seed),
      classes_(run::takes_class(networks.generator) || run::takes_class(networks.discriminator) ||
               run::predicts_class(networks.discriminator)),
      conditions_(static_cast<std::size_t>(
          std::max(net::condition_length(networks.generator), net::condition_length(networks.discriminator)))),
      pixels_(dataset.pixels_per_image()),
      flip_(recipe.data.flip),
      width_(dataset.width()) {
  if (flip_ && (dataset.is_points() || dataset.is_ink())) {
    fail<ConfigError>("data.flip = true mirrors pictures, the data ({}) are {}", recipe.data.source,
                      dataset.is_points() ? "points" : "ink");
  }
  for (std::int64_t b = 0; b < batches_.batches(); ++b) images_per_epoch_ += batches_.size_of(b);
  // Only the last one may be shorter.
  const std::size_t most = static_cast<std::size_t>(batches_.size_of(0)) * static_cast<std::size_t>(unrolled_);
  real_.resize(most * static_cast<std::size_t>(pixels_));
  z_.resize(most * static_cast<std::size_t>(noise_.dim()));
  labels_.resize(most);
  condition_values_.resize(most * conditions_);
}

void Feed::flip_some(std::int64_t epoch, std::int64_t b, std::span<float> images) const {
  const Random random(seed_, "data.flip", static_cast<std::uint32_t>(epoch));
  const auto pixels = static_cast<std::size_t>(pixels_);
  for (std::size_t i = 0; i * pixels < images.size(); ++i) {
    const std::int64_t place = b * batches_.size_of(0) + static_cast<std::int64_t>(i);
    if (RandomSequence(random, static_cast<std::uint32_t>(place)).below(2) == 0) continue;
    const auto image = images.subspan(i * pixels, pixels);
    for (auto row = image.begin(); row != image.end(); row += width_) std::reverse(row, row + width_);
  }
}

play::Batch Feed::fill(const Position& position, play::Phase phase, ThreadPool* threads) {
  const bool real = phase != play::Phase::generator;
  const std::int64_t b = real ? position.batch : position.batch - 1;
  if (b < 0 || b >= batches()) {
    fail<Error>("train: there is no batch {} in an epoch of {}", b, batches());
  }
  play::Batch batch;
  batch.count = batches_.fill(position.epoch, b, real_, labels_);
  if (conditions_ > 0) batches_.fill_conditions(position.epoch, b, condition_values_);
  batch.step = static_cast<std::uint32_t>(position.tick);
  const auto n = static_cast<std::size_t>(batch.count);
  const auto pixels = static_cast<std::size_t>(pixels_), dim = static_cast<std::size_t>(noise_.dim());
  const std::size_t all = real ? n * static_cast<std::size_t>(unrolled_) : n;
  if (real && flip_) flip_some(position.epoch, b, std::span(real_).first(n * pixels));
  for (std::size_t k = 1; k * n < all; ++k) {
    const std::int64_t other = fresh(b, batch.count, static_cast<std::int64_t>(k));
    batches_.fill(position.epoch, other, std::span(real_).subspan(k * n * pixels), std::span(labels_).subspan(k * n));
    if (conditions_ > 0)
      batches_.fill_conditions(position.epoch, other, std::span(condition_values_).subspan(k * n * conditions_));
    if (flip_) flip_some(position.epoch, other, std::span(real_).subspan(k * n * pixels, n * pixels));
  }
  const auto z = std::span(z_).first(all * dim);
  draws_ = noise_.fill_training(seed_, batch.step, std::span<const std::int32_t>(labels_).first(classes_ ? all : 0), z,
                                threads);
  const auto take = [&](play::Batch& into, std::size_t first) {
    if (real) into.real = std::span(real_).subspan(first * pixels, n * pixels);
    into.z = z.subspan(first * dim, n * dim);
    if (classes_) into.real_classes = into.fake_classes = std::span<const std::int32_t>(labels_).subspan(first, n);
    into.real_conditions = into.fake_conditions =
        std::span<const float>(condition_values_).subspan(first * conditions_, n * conditions_);
  };
  take(batch, 0);
  for (std::size_t k = 1; k * n < all; ++k) {
    play::Batch& more = batch.unrolled.emplace_back();
    more.count = batch.count;
    more.step = batch.step;
    take(more, k * n);
  }
  return batch;
}

std::int64_t Feed::fresh(std::int64_t b, std::int64_t count, std::int64_t k) const {
  const std::int64_t last = batches() - 1;
  return (b + k) % (batches_.size_of(last) < count ? last : batches());
}

}  // namespace ganymede::train
