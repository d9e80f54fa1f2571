#pragma once

#include <cstdint>

#include "play/executor.hpp"

namespace ganymede::train {

/// What training is judged by while it runs; losses are those before each update.
struct Means {
  double generator_loss = 0;
  double generator_gradient_norm = 0;  ///< L2 norm of all of G's gradients together, before clipping
  double discriminator_loss = 0;       ///< real + fake (+ class head)
  double discriminator_real_loss = 0;
  double discriminator_fake_loss = 0;
  double discriminator_gradient_norm = 0;
  double real_accuracy = 0;  ///< share of real images that D takes for real
  double fake_accuracy = 0;  ///< share of fake images that D takes for fake
  double penalty = 0;        ///< on D's slopes, over the updates that had one
  double information = 0;    ///< bound on what the fakes tell of their codes, in nats, where there are codes
  friend bool operator==(const Means&, const Means&) = default;
};

/// Means over several updates, each weighted by its images; a player's numbers over the updates that moved it.
class Meter {
 public:
  struct Sums {
    Means weighted;  ///< sum of value * images
    double generator_images = 0;
    double discriminator_images = 0;
    double penalty_images = 0;
    double information_images = 0;
    friend bool operator==(const Sums&, const Sums&) = default;
  };

  void add(play::Phase phase, std::int64_t images, const play::StepResult& result);
  /// 0 where nothing was added.
  Means means() const;
  /// Whether some update had a penalty.
  bool has_penalty() const { return sums_.penalty_images > 0; }

  /// Whether the game has codes.
  bool has_information() const { return sums_.information_images > 0; }

  const Sums& sums() const { return sums_; }
  void restore(const Sums& sums) { sums_ = sums; }
  void reset() { sums_ = {}; }

 private:
  Sums sums_;
};

}  // namespace ganymede::train
