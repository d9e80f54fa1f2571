#pragma once

#include <cstdint>

namespace ganymede::kernels {

/// One cell of a gated recurrent unit at one time, for a block of samples: rows of gates [r | u | n], each `hidden`
/// wide (a multiple of 16), and rows of the state. With h' = the state before (null: zero):
///   r = sigmoid(r + bias), u = sigmoid(u + bias), m = r h';   then, once n holds what m makes of it,
///   n = tanh(n + bias), h = h' + u (n - h').
struct GruCell {
  float* gates = nullptr;         ///< [rows][3 hidden]: sums in, gates out
  const float* before = nullptr;  ///< [rows][hidden] h', or null
  float* reset = nullptr;         ///< [rows][hidden] m; not written where `before` is null
  float* state = nullptr;         ///< [rows][hidden] h
  const float* bias = nullptr;    ///< [3 hidden]
  std::int64_t rows = 0;
  int hidden = 0;
};
/// r, u and m.
void gru_gates(const GruCell& cell);
/// n and h.
void gru_state(const GruCell& cell);

/// The way back. From g = d loss / d h: the gradients of the sums under u and n, and g (1 - u) is added to
/// `before_gradient`; then, once m's gradient is known, that of the sum under r, and its r-fold is added too.
struct GruCellBackward {
  const float* gates = nullptr;           ///< [rows][3 hidden] r, u, n
  const float* before = nullptr;          ///< [rows][hidden] h', or null
  const float* state_gradient = nullptr;  ///< [rows][hidden] g
  const float* reset_gradient = nullptr;  ///< [rows][hidden] of m; unused where `before` is null
  float* gate_gradients = nullptr;        ///< [rows][3 hidden]
  float* before_gradient = nullptr;       ///< [rows][hidden], added to; unused where `before` is null
  std::int64_t rows = 0;
  int hidden = 0;
};
/// Of u and n.
void gru_state_backward(const GruCellBackward& cell);
/// Of r (zero where `before` is null).
void gru_gates_backward(const GruCellBackward& cell);

/// sum[c] += x[0][c] + x[1][c] + ..., row by row. columns: a multiple of 16.
void add_rows(float* sum, const float* x, std::int64_t rows, int columns);

namespace plain {
void gru_gates(const GruCell& cell);
void gru_state(const GruCell& cell);
void gru_state_backward(const GruCellBackward& cell);
void gru_gates_backward(const GruCellBackward& cell);
}  // namespace plain

}  // namespace ganymede::kernels
