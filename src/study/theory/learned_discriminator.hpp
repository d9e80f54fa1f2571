#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "play/backend.hpp"
#include "theory/density.hpp"

namespace ganymede::study {

/// A discriminator of points, two hidden layers of 64 (ELU), that the engine trains to tell samples of p (real) from
/// samples of q (fake), both drawn anew for every step: what D does in a game whose G stands still. Its loss is the
/// mean over reals and fakes, half of the game's. Adam, batches of 256, a rate that falls from 3e-3 by a cosine.
class LearnedDiscriminator {
 public:
  LearnedDiscriminator(const play::Backend& backend, const theory::Density& p, const theory::Density& q, int threads,
                       std::uint64_t seed, std::int64_t steps);

  /// Trains on, until `step` of the steps are done.
  void train_to(std::int64_t step);
  std::int64_t step() const { return step_; }
  /// Logits at places [N, F].
  std::vector<float> logits(const std::vector<float>& places);
  /// Where it pushes fakes, -dL_G/dx of each (play::Model::push), [N, F].
  std::vector<float> push(const std::vector<float>& places, play::Loss loss) const;

 private:
  const play::Backend& backend_;
  theory::Density p_, q_;
  int threads_;
  std::uint64_t seed_;
  std::int64_t steps_, step_ = 0;
  net::Network network_;
  std::unique_ptr<play::ClassifierTrainer> trainer_;
};

}  // namespace ganymede::study
