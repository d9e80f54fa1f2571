#pragma once

#include <cstdint>

#include "kernels/activation.hpp"

namespace ganymede::kernels {

// The end of a perceptron that gives one number a sample: bias, curve, and a product with a single column, in one pass
// over memory each way. With pre = x + shift and a = f(pre), row by row:
//   y = sum over columns of a w
// What activate, dot_lanes, sum_scaled_rows, scale_rows and activate_backward (and their tangents) give one after the
// other, the same finite numbers (a 0 in gx may have another sign; sums over it have not), without a and its gradient
// ever being written. The same bits at every vector level.

/// What all of them read. Curves are max(pre, 0) or leaky_relu: of straight lines, so that a second look costs nothing.
struct NarrowHead {
  Activation f;
  const float* x = nullptr;  ///< [rows][row]
  std::int64_t row = 0;      ///< floats from one row to the next
  std::int64_t rows = 0;
  int columns = 0;               ///< a multiple of 16
  const float* shift = nullptr;  ///< [columns], the bias
  const float* w = nullptr;      ///< [columns]
};

/// Whether there is such a pass with this curve.
bool has_narrow_head(const Activation& f);

/// y[r * stride].
void narrow_head(const NarrowHead& h, float* y, std::int64_t stride);

/// Gradients, from g[r * stride] with respect to y.
struct NarrowHeadBackward {
  NarrowHead head;
  const float* g = nullptr;
  std::int64_t stride = 0;
  bool from_output = false;  ///< the curve's slope is that at a: what is exactly 0 lies below
  float* gx = nullptr;       ///< [rows][row]: g w f'(pre)
  // [columns] each, or null, both at once:
  float* sum_shift = nullptr;  ///< of gx over rows, in order
  float* sum_w = nullptr;      ///< of g a
};
/// Columns from `first` to `last` alone, both multiples of 16.
void narrow_head_backward(const NarrowHeadBackward& b, int first, int last);

/// Tangents along x', shift' and w'; a null shift or w stands still.
struct NarrowHeadTangent {
  NarrowHead head;
  const float* x = nullptr;  ///< x', laid out as x
  const float* shift = nullptr;
  const float* w = nullptr;
};
/// y'[r * stride] = sum of a' w + sum of a w', a' = f'(pre) (x' + shift').
void narrow_head_tangent(const NarrowHeadTangent& t, float* y, std::int64_t stride);

struct NarrowHeadBackwardTangent {
  NarrowHeadTangent tangent;
  const float* g = nullptr;          ///< with respect to y
  const float* g_tangent = nullptr;  ///< g', by stride as g
  std::int64_t stride = 0;
  float* gx = nullptr;         ///< f'(pre) (g' w + g w')
  float* sum_shift = nullptr;  ///< as in NarrowHeadBackward, of that
  float* sum_w = nullptr;      ///< sum of g' a + sum of g a'
};
void narrow_head_backward_tangent(const NarrowHeadBackwardTangent& b, int first, int last);

}  // namespace ganymede::kernels
