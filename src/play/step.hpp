#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace ganymede::play {

/// Which player is updated. `both`: simultaneous, from one forward pass of each network (S-DCGAN D3).
enum class Phase { both, discriminator, generator };

struct Batch {
  std::int64_t count = 0;
  std::span<const float> real;                 ///< [N, C, H, W] in [-1, 1]; may be empty in Phase::generator
  std::span<const float> z;                    ///< [N, Z]
  std::span<const std::int32_t> real_classes;  ///< [N] where a network takes or predicts a class
  std::span<const std::int32_t> fake_classes;  ///< [N]; Keras-faithful: the same as real_classes
  std::span<const float> real_conditions{};    ///< [N, K] where a network has an input of role condition
  std::span<const float> fake_conditions{};    ///< [N, K]; the same as real_conditions
  std::uint32_t step = 0;                      ///< number of this call within the run: the `step` of the random streams
  /// What the updates of an unrolled D after its first see, of `count` samples each; none: this batch again.
  std::vector<Batch> unrolled{};
};

struct GradientNorm {
  std::string name;  ///< "generator.conv1.weight"
  double norm = 0;   ///< L2, before clipping
};

struct StepResult {
  /// Before the update; in Phase::discriminator what G's loss would be. Of an unrolled game that which G descends:
  /// against the D that has moved on.
  double generator_loss = 0;
  double discriminator_loss = 0;  ///< real + fake (+ auxiliary); 0 in Phase::generator
  double discriminator_real_loss = 0;
  double discriminator_fake_loss = 0;
  std::optional<double> penalty;  ///< on D's slopes, weight included, beside discriminator_loss; none in most updates
                                  ///< where it has an interval
  std::optional<double> information;  ///< L_I of the fakes' codes in nats (Game::codes), where the game has them
  double real_accuracy = 0;  ///< share of real images with logit > 0 (least squares: 1/2, wasserstein: mean of both)
  double fake_accuracy = 0;  ///< share of fake images with logit <= that
  std::vector<GradientNorm> gradient_norms;  ///< of the updated players
  double generator_rate = 0;                 ///< learning rate of each player's last update, or of its first to come
  double discriminator_rate = 0;
};

/// A loss or gradient is NaN or infinite. Thrown before the update: parameters and moments are those of the step
/// before.
class NonFiniteError : public GuardError {
 public:
  NonFiniteError(const std::string& tensor, double value);
  const std::string& tensor() const { return tensor_; }

 private:
  std::string tensor_;
};

}  // namespace ganymede::play
