#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "play/game.hpp"
#include "tensor/tensor.hpp"

namespace ganymede::engine {

/// What the augmentations of one picture [C, H, W] do.
struct AugmentDraw {
  static constexpr std::int64_t kNumbers = 7;
  float brightness = 0;     ///< added to every value: U(-1/2, 1/2)
  int down = 0, right = 0;  ///< the picture is moved by so many pixels, zeros come in: up to an eighth of the side
  int top = 0, left = 0;    ///< middle of the square of half the sides, rounded, whose values become 0; it may lie over
                            ///< the edge
  float saturation = 1;     ///< factor of each pixel's distances from its mean over the channels: U(0, 2)
  float contrast = 1;       ///< of the distances from the picture's mean: U(1/2, 3/2)
  friend bool operator==(const AugmentDraw&, const AugmentDraw&) = default;
};

/// Who is augmented: each has a stream of its own, "augment.fake" and "augment.real".
enum class Side { fake, real };

/// Those of the first `count` pictures of a step, key `seed`, index the picture.
std::vector<AugmentDraw> draw_augmentations(std::uint64_t seed, std::uint32_t step, Side side, std::int64_t count,
                                            const Shape& image);

/// The picture as D sees it: `policy` in its order. T is float or double.
template <class T>
void augment(std::span<const play::Augmentation> policy, const AugmentDraw& draw, const Shape& image,
             std::span<T> values);
/// From the gradient of the loss by the augmented picture to that by the picture: the adjoint, in place.
template <class T>
void augment_backward(std::span<const play::Augmentation> policy, const AugmentDraw& draw, const Shape& image,
                      std::span<T> gradient);

/// f32 [N, kNumbers], in the order of the fields: what play::Noise holds of them.
Tensor to_tensor(const std::vector<AugmentDraw>& draws);
/// The inverse. @throws DataError for another shape or type
std::vector<AugmentDraw> augmentations_from(const Tensor& tensor);

}  // namespace ganymede::engine
