#pragma once

#include <cstdint>

namespace ganymede::kernels {

/// One cell of a long short-term memory at one time, for a block of samples: rows of gates [i | f | g | o], each
/// `hidden` wide (a multiple of 16), and rows of the cell c and of the state h. With c' = the cell before (null: zero):
///   i, f, o = sigmoid(sum + bias), g = tanh(sum + bias), c = f c' + i g, h = o tanh(c).
struct LstmCell {
  float* gates = nullptr;         ///< [rows][4 hidden]: sums in, gates out
  const float* before = nullptr;  ///< [rows][hidden] c', or null
  float* cell = nullptr;          ///< [rows][hidden] c
  float* state = nullptr;         ///< [rows][hidden] h
  const float* bias = nullptr;    ///< [4 hidden]
  std::int64_t rows = 0;
  int hidden = 0;
};
void lstm_state(const LstmCell& cell);

/// The way back, from the gradients of h and of c (what later steps send back to it): those of the sums under the
/// gates, and of c', which is written where `before` is not null.
struct LstmCellBackward {
  const float* gates = nullptr;           ///< [rows][4 hidden] i, f, g, o
  const float* before = nullptr;          ///< [rows][hidden] c', or null
  const float* cell = nullptr;            ///< [rows][hidden] c
  const float* state_gradient = nullptr;  ///< [rows][hidden] of h
  const float* cell_gradient = nullptr;   ///< [rows][hidden] of c, or null: zero
  float* gate_gradients = nullptr;        ///< [rows][4 hidden]
  float* before_gradient = nullptr;       ///< [rows][hidden] of c'; unused where `before` is null
  std::int64_t rows = 0;
  int hidden = 0;
};
void lstm_state_backward(const LstmCellBackward& cell);

namespace plain {
void lstm_state(const LstmCell& cell);
void lstm_state_backward(const LstmCellBackward& cell);
}  // namespace plain

}  // namespace ganymede::kernels
