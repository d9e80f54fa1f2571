#pragma once

#include <cstdint>

namespace ganymede::kernels {

// Element-wise passes over a block of `count` floats laid out [row][column]: element e has column e % period. period is
// a multiple of 16; blocks may be read and written up to the next multiple of 16 elements. Parameter arrays (scale,
// shift, ...) hold `period` values.

enum class Curve { linear, relu, leaky_relu, prelu, elu, rrelu, tanh, sigmoid };

/// The formulas of net::Activation.
struct Activation {
  Curve curve = Curve::linear;
  float negative_slope = 0;
  float max_value = 3.4e38F;
  float threshold = 0;
  float alpha = 1;
  float lower = 0;
  float upper = 0;
};

/// True if the derivative follows from the output alone, so that the output may take the input's place.
bool derivative_from_output(const Activation& f);

/// Random bits of one block: group g of 128 elements takes the Philox counters (16 (first + g) + lane, step, stream,
/// block), lane < 16, word q, half h for its element 32 q + 16 h + lane.
struct RandomBits {
  std::uint64_t seed = 0;
  std::uint32_t stream = 0;
  std::uint32_t step = 0;
  std::uint32_t block = 0;
  std::uint32_t first = 0;  ///< groups before it, where it is a later part of a block
};

/// y = drop(f(scale x + shift)); drop(v) = v / (1 - rate) with probability 1 - rate, else 0.
struct Activate {
  Activation f;
  const float* x = nullptr;
  float* y = nullptr;
  std::int64_t count = 0;
  int period = 16;
  const float* scale = nullptr;  ///< null: 1
  const float* shift = nullptr;  ///< null: 0
  const float* slope = nullptr;  ///< prelu
  float rate = 0;                ///< 0: no dropout. In steps of 1/65536.
  RandomBits dropout = {};
  std::uint16_t* kept = nullptr;  ///< dropout: one bit an element, sixteen elements a word
  bool random_slope = false;      ///< rrelu: training; otherwise the mean slope
  RandomBits slopes = {};
};
void activate(const Activate& a);

/// g <- gradient with respect to scale x + shift, from g, or `from`, the gradient with respect to y; sums over rows,
/// column by column, in row order.
struct ActivateBackward {
  Activation f;
  const float* x = nullptr;  ///< unused where derivative_from_output and no `centre`
  const float* y = nullptr;
  float* g = nullptr;
  const float* from = nullptr;  ///< null: g
  std::int64_t count = 0;
  int period = 16;
  const float* scale = nullptr;
  const float* shift = nullptr;
  const float* slope = nullptr;
  float rate = 0;
  const std::uint16_t* kept = nullptr;
  const float* centre = nullptr;  ///< with inverse_deviation: x^ = (x - centre) inverse_deviation
  const float* inverse_deviation = nullptr;
  float* sum = nullptr;         ///< [period] sum of the new g, or null
  float* sum_scaled = nullptr;  ///< [period] sum of g x^, or null
  float* sum_slope = nullptr;   ///< [period] prelu: gradient of the slope, or null
};
void activate_backward(const ActivateBackward& a);

/// The plain loops that say what the two above compute (rates and random bits included); for tests.
namespace plain {
void activate(const Activate& a);
void activate_backward(const ActivateBackward& a);
}  // namespace plain

}  // namespace ganymede::kernels
