#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "data/batches.hpp"
#include "data/dataset.hpp"
#include "play/executor.hpp"
#include "run/networks.hpp"
#include "run/recipe.hpp"
#include "train/noise.hpp"

namespace ganymede::train {

/// How far a run is. Everything random in it is a function of these numbers and the seed.
struct Position {
  std::int64_t step = 0;    ///< finished steps: updates of G
  std::int64_t tick = 0;    ///< calls of the executor: the `step` of the random streams
  std::int64_t epoch = 0;   ///< finished epochs
  std::int64_t batch = 0;   ///< batches of real images used in the current epoch
  std::int64_t images = 0;  ///< real images seen
  friend bool operator==(const Position&, const Position&) = default;
};

/// What the networks must know of a data set.
run::ImageFacts facts_of(const data::Dataset& dataset);

/// Fills the executor's batches. Without state: a batch is a function of seed, position and phase.
/// The data set must outlive it.
class Feed {
 public:
  Feed(const data::Dataset& dataset, const run::Recipe& recipe, const run::Networks& networks,
       const std::optional<latent::Partition>& partition = {});
  Feed(data::Dataset&&, const run::Recipe&, const run::Networks&,
       const std::optional<latent::Partition>& = {}) = delete;

  /// Batches and images of an epoch.
  std::int64_t batches() const { return batches_.batches(); }
  std::int64_t images_per_epoch() const { return images_per_epoch_; }
  /// Images of batch `b` of an epoch.
  std::int64_t size_of(std::int64_t b) const { return batches_.size_of(b); }

  /// The batch of the next call. D sees real images: batch `position.batch` of the epoch. An update of G alone takes
  /// fresh noise, and number, classes and conditions of the last batch that D saw. An unrolled D that is to see fresh
  /// batches has the next of the epoch, from its end on those of its beginning, each with noise of its own. The spans
  /// live until the next call. Noise is drawn on these threads, if any.
  play::Batch fill(const Position& position, play::Phase phase, ThreadPool* threads = nullptr);
  /// Draws from the prior that the z of the last batch needed.
  const latent::Draws& draws() const { return draws_; }

 private:
  /// Mirrors each picture of batch `b`, left and right, or not: a function of the seed, the epoch and its place there.
  void flip_some(std::int64_t epoch, std::int64_t b, std::span<float> images) const;

  data::Batches batches_;
  /// The k-th of the fresh batches for an update at batch b of `count` images: the shorter last one only where it is no
  /// shorter.
  std::int64_t fresh(std::int64_t b, std::int64_t count, std::int64_t k) const;

  std::int64_t images_per_epoch_;
  int unrolled_;  ///< batches of an update: 1, or as many as an unrolled D is to see
  Noise noise_;
  latent::Draws draws_;
  std::uint64_t seed_;
  bool classes_;
  std::size_t conditions_;  ///< numbers of a sample's condition, where a network takes it; else 0
  std::int64_t pixels_;
  bool flip_;
  int width_;
  std::vector<float> real_;
  std::vector<float> z_;
  std::vector<std::int32_t> labels_;
  std::vector<float> condition_values_;
};

}  // namespace ganymede::train
