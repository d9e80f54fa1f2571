#pragma once

#include <cstdint>
#include <string>

#include "fit/fit.hpp"

namespace ganymede::fit {

/// A network trained from scratch to tell real samples from generated ones (S-LATENT L5: "NK"). Its name fixes
/// everything but the samples' shape.
struct RealOrGeneratedProtocol {
  std::string name;
  bool rounded = true;          ///< both sides go through 8-bit levels first
  std::int64_t train_each = 0;  ///< samples of each side that it wants for training; 0: any number
  std::int64_t validation_each = 0;
  net::Network network;  ///< one logit, above 0: real
  FitOptions fit;
  /// Validation samples of each side, the first ones, that are judged after 1, 2, 4 ... steps below the first regular
  /// point of the curve: how soon it learns to tell. train_loss of these points is the mean since the beginning. 0: no
  /// such points. Changes no weight.
  std::int64_t early_each = 1000;
};

/// For samples of a shape, [C, H, W] or of ink [T, F]:
///   nk_strong_v1      60,000 + 60,000 to train with, 10,000 + 10,000 to validate; 50 epochs; rounded to 8 bits
///   nk_strong_raw_v1  the same without rounding (the study probably had none)
///   nk_weak_v1        half the width, 300 steps of 128; any number of samples; rounded; a point each 50 steps
/// Networks: classifier_for_shape without BatchNorm, one logit. Ink is never rounded. @throws ConfigError for another
/// name (naming these), ShapeError for another kind of sample.
RealOrGeneratedProtocol real_or_generated_protocol(const std::string& name, const Shape& sample);

/// Samples of both sides, u8 or f32 [N, C, H, W] or f32 [N, T, F] in [-1, 1]. Validation samples are others than those
/// trained with: held-out reals, fresh fakes.
struct RealOrGeneratedData {
  const Tensor& real_train;
  const Tensor& fake_train;
  const Tensor& real_validation;
  const Tensor& fake_validation;
};

struct RealOrGeneratedResult {
  std::string protocol;
  std::int64_t real_train = 0, fake_train = 0;  ///< samples trained with
  FitResult fit;                                ///< curves and weights
  /// The study's "error": mean binary cross-entropy on the validation samples, nats; chance log 2 where both sides are
  /// as many.
  double val_loss = 0;
  std::int64_t real_errors = 0, real_count = 0;  ///< real validation samples taken for fakes, of so many
  std::int64_t fake_errors = 0, fake_count = 0;  ///< fake validation samples taken for reals, of so many
  std::int64_t errors() const { return real_errors + fake_errors; }
  std::int64_t count() const { return real_count + fake_count; }
  double error_rate() const { return static_cast<double>(errors()) / static_cast<double>(count()); }
};

/// Trains the protocol's classifier and judges the validation samples with it, after the last step. A stopped fit
/// (result.fit.finished false) has counts of 0; `from` goes on from result.fit.state.
/// @throws DataError if the protocol wants other numbers of samples, and what fit throws
RealOrGeneratedResult real_or_generated(const play::Backend& backend, const RealOrGeneratedData& data,
                                        const RealOrGeneratedProtocol& protocol, const OnProgress& on_progress = {},
                                        const FitState* from = nullptr);

}  // namespace ganymede::fit
