#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/executor.hpp"

namespace ganymede::engine {

// The loss heads: from D's logits to losses, accuracies and the gradient of the loss with respect to each logit. The
// formulas stand at `engine::Loss`. T is float or double; all arithmetic is in double with portable_math and sums run
// in the order of the samples, so the results have the same bits everywhere. A logit that is not finite makes its loss
// and its gradient NaN.

/// D's side: L = L_real + L_fake, each a mean over its images.
template <class T>
struct DiscriminatorHead {
  double real_loss = 0;
  double fake_loss = 0;
  double real_accuracy = 0;      ///< share of real images judged real: logit > threshold
  double fake_accuracy = 0;      ///< share of fake images judged fake: logit <= threshold
  std::vector<T> real_gradient;  ///< [N] dL / d logit, the 1 / N of the mean included
  std::vector<T> fake_gradient;  ///< [N]

  double loss() const { return real_loss + fake_loss; }
};

/// The threshold of the accuracies is 0; least_squares: 1/2; wasserstein: the mean of all logits given.
/// @throws ShapeError if a span is empty.
template <class T>
DiscriminatorHead<T> discriminator_head(const Game& game, std::span<const T> real_logits,
                                        std::span<const T> fake_logits);

/// Whose logits they are, and by whose loss they are judged.
enum class Judged { real, fake, generator };

/// What second derivatives need of a loss, without the loss: of some of `total` logits the slopes, in the bits of
/// DiscriminatorHead and GeneratorHead, and how they change, d2L / d logit2, with the 1 / total of the mean in both.
/// Each slope depends on its own logit alone; at a kink it does not change.
template <class T>
void logit_slopes(const Game& game, Judged judged, std::int64_t total, std::span<const T> logits, std::span<T> slopes,
                  std::span<T> curvatures);

/// G's side.
template <class T>
struct GeneratorHead {
  double loss = 0;
  double fake_accuracy = 0;  ///< as above; wasserstein: 0, for want of real logits
  std::vector<T> gradient;   ///< [N] dL / d logit of the fake images
};

/// @throws ShapeError if the span is empty.
template <class T>
GeneratorHead<T> generator_head(const Game& game, std::span<const T> fake_logits);

/// The auxiliary class head: game.auxiliary_weight times the mean cross-entropy of softmax(logits).
template <class T>
struct ClassHead {
  double loss = 0;          ///< weight included
  double accuracy = 0;      ///< share of images whose largest logit (the first of equals) is that of their class
  std::vector<T> gradient;  ///< [N, K] dL / d logit
};

/// @param logits   [N, K], K = logits.size() / classes.size()
/// @param classes  [N] in [0, K)
/// @param total    of how many samples the loss is a mean, where these are some of them; 0: of these
/// @throws ShapeError if the sizes do not fit, DataError for a class out of range.
template <class T>
ClassHead<T> class_head(const Game& game, std::span<const T> logits, std::span<const std::int32_t> classes,
                        std::int64_t total = 0);

/// The tangent of ClassHead::gradient while the logits move along `tangents` [N, K].
template <class T>
std::vector<T> class_head_tangent(const Game& game, std::span<const T> logits, std::span<const T> tangents,
                                  std::int64_t count, std::int64_t total = 0);

/// The head that tells the codes (play::Game::codes), [N, W]: of a categorical code logits q, of a uniform one the mean
/// m of a normal distribution of deviation 1. With the codes c of z and means over the batch:
///   loss         info_weight (sum over categorical codes -log softmax(q)_c + sum over uniform codes (c - m)^2 / 2)
///   information  L_I = sum over categorical codes log n + log softmax(q)_c
///                    + sum over uniform codes log 2 - log(2 pi) / 2 - (c - m)^2 / 2, in nats
template <class T>
struct CodeHead {
  double loss = 0;
  double information = 0;
  std::vector<T> gradient;  ///< [N, W] dloss / d value
};
/// @param values  [N, W] of the head
/// @param z       [N, Z], Z >= W: the codes are the last W numbers of each
/// @throws ShapeError if the sizes do not fit
template <class T>
CodeHead<T> code_head(const Game& game, std::span<const T> values, std::span<const float> z);

/// A supervised classifier's head, means over the batch.
///   K = 1: binary cross-entropy of sigmoid(logit) and the class, 0 or 1; logit > 0 says 1
///   K > 1: cross-entropy of softmax(logits), as class_head with weight 1
/// @param logits   [N, K], K = logits.size() / classes.size()
/// @param classes  [N] in [0, max(K, 2))
/// @throws ShapeError if the sizes do not fit, DataError for a class out of range.
template <class T>
ClassHead<T> classifier_head(std::span<const T> logits, std::span<const std::int32_t> classes);

}  // namespace ganymede::engine
