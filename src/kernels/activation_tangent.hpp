#pragma once

#include "kernels/activation.hpp"

namespace ganymede::kernels {

// Derivatives along a direction of what activate and activate_backward compute (without `scale`): blocks laid out as
// there. With pre = x + shift, pre' = x' + shift' and d = drop, which keeps the elements that it kept:

/// y' = d(f'(pre) pre'); prelu: + d(slope' min(pre, 0)).
struct ActivateTangent {
  Activation f;
  const float* x = nullptr;
  const float* y = nullptr;  ///< as activate left it
  const float* x_tangent = nullptr;
  float* y_tangent = nullptr;
  std::int64_t count = 0;
  int period = 16;
  const float* shift = nullptr;  ///< null: 0
  const float* slope = nullptr;  ///< prelu
  const float* shift_tangent = nullptr;
  const float* slope_tangent = nullptr;
  float rate = 0;
  const std::uint16_t* kept = nullptr;
};
void activate_tangent(const ActivateTangent& a);

/// The gradient's tangent g' with respect to y becomes that with respect to pre:
///   g' <- f'(pre) d(g') + f''(pre) pre' d(g); prelu: + slope' d(g) where pre is not above 0;
/// f'' is 0 almost everywhere for curves of straight lines. Sums over rows as in activate_backward.
struct ActivateBackwardTangent {
  ActivateTangent forward;   ///< y_tangent is unused
  const float* g = nullptr;  ///< gradient with respect to y
  float* g_tangent = nullptr;
  const float* from = nullptr;  ///< g' with respect to y; null: g_tangent
  float* sum = nullptr;         ///< [period] of the new g', or null
  float* sum_slope = nullptr;   ///< [period] prelu: tangent of the slope's gradient, or null
};
void activate_backward_tangent(const ActivateBackwardTangent& a);

/// The plain loops that say so; for tests.
namespace plain {
void activate_tangent(const ActivateTangent& a);
void activate_backward_tangent(const ActivateBackwardTangent& a);
}  // namespace plain

}  // namespace ganymede::kernels
