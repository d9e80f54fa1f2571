#include "kernels/gru.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/gru.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ganymede::kernels {
namespace HWY_NAMESPACE {

HWY_INLINE Floats one_minus(Floats x) {
  return hn::Sub(set(1.0F), x);
}

void gates_any(const GruCell& cell) {
  const int hidden = cell.hidden;
  for (std::int64_t row = 0; row < cell.rows; ++row) {
    float* r = cell.gates + row * 3 * hidden;
    float* u = r + hidden;
    for (int c = 0; c < hidden; c += kLanes) {
      const Floats reset = vector_sigmoid(hn::Add(load(r + c), load(cell.bias + c)));
      store(r + c, reset);
      store(u + c, vector_sigmoid(hn::Add(load(u + c), load(cell.bias + hidden + c))));
      if (cell.before != nullptr)
        store(cell.reset + row * hidden + c, hn::Mul(reset, load(cell.before + row * hidden + c)));
    }
  }
}

void state_any(const GruCell& cell) {
  const int hidden = cell.hidden;
  for (std::int64_t row = 0; row < cell.rows; ++row) {
    const float* u = cell.gates + row * 3 * hidden + hidden;
    float* n = cell.gates + row * 3 * hidden + 2 * hidden;
    for (int c = 0; c < hidden; c += kLanes) {
      const Floats candidate = vector_tanh(hn::Add(load(n + c), load(cell.bias + 2 * hidden + c)));
      store(n + c, candidate);
      const Floats before = cell.before == nullptr ? hn::Zero(kFloats) : load(cell.before + row * hidden + c);
      store(cell.state + row * hidden + c, mul_add(load(u + c), hn::Sub(candidate, before), before));
    }
  }
}

void state_backward_any(const GruCellBackward& cell) {
  const int hidden = cell.hidden;
  for (std::int64_t row = 0; row < cell.rows; ++row) {
    const float* u = cell.gates + row * 3 * hidden + hidden;
    float* du = cell.gate_gradients + row * 3 * hidden + hidden;
    for (int c = 0; c < hidden; c += kLanes) {
      const std::int64_t at = row * hidden + c;
      const Floats g = load(cell.state_gradient + at);
      const Floats update = load(u + c);
      const Floats candidate = load(u + hidden + c);
      const Floats before = cell.before == nullptr ? hn::Zero(kFloats) : load(cell.before + at);
      const Floats g_update = hn::Mul(g, update);
      store(du + c, hn::Mul(hn::Mul(g_update, one_minus(update)), hn::Sub(candidate, before)));
      store(du + hidden + c, hn::Mul(g_update, neg_mul_add(candidate, candidate, set(1.0F))));
      if (cell.before != nullptr)
        store(cell.before_gradient + at, hn::Add(load(cell.before_gradient + at), hn::Sub(g, g_update)));
    }
  }
}

void gates_backward_any(const GruCellBackward& cell) {
  const int hidden = cell.hidden;
  for (std::int64_t row = 0; row < cell.rows; ++row) {
    const float* r = cell.gates + row * 3 * hidden;
    float* dr = cell.gate_gradients + row * 3 * hidden;
    for (int c = 0; c < hidden; c += kLanes) {
      if (cell.before == nullptr) {
        store(dr + c, hn::Zero(kFloats));
        continue;
      }
      const std::int64_t at = row * hidden + c;
      const Floats reset = load(r + c);
      const Floats g_reset = hn::Mul(load(cell.reset_gradient + at), reset);
      store(dr + c, hn::Mul(hn::Mul(g_reset, one_minus(reset)), load(cell.before + at)));
      store(cell.before_gradient + at, hn::Add(load(cell.before_gradient + at), g_reset));
    }
  }
}

void add_rows_any(float* sum, const float* x, std::int64_t rows, int columns) {
  for (int c = 0; c < columns; c += kLanes) {
    Floats total = load(sum + c);
    for (std::int64_t row = 0; row < rows; ++row) total = hn::Add(total, load(x + row * columns + c));
    store(sum + c, total);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace ganymede::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <cmath>

namespace ganymede::kernels {

HWY_EXPORT(gates_any);
HWY_EXPORT(state_any);
HWY_EXPORT(state_backward_any);
HWY_EXPORT(gates_backward_any);
HWY_EXPORT(add_rows_any);

void gru_gates(const GruCell& cell) {
  HWY_DYNAMIC_DISPATCH(gates_any)(cell);
}
void gru_state(const GruCell& cell) {
  HWY_DYNAMIC_DISPATCH(state_any)(cell);
}
void gru_state_backward(const GruCellBackward& cell) {
  HWY_DYNAMIC_DISPATCH(state_backward_any)(cell);
}
void gru_gates_backward(const GruCellBackward& cell) {
  HWY_DYNAMIC_DISPATCH(gates_backward_any)(cell);
}
void add_rows(float* sum, const float* x, std::int64_t rows, int columns) {
  HWY_DYNAMIC_DISPATCH(add_rows_any)(sum, x, rows, columns);
}

namespace plain {
namespace {

float sigmoid(double x) {
  return static_cast<float>(1 / (1 + std::exp(-x)));
}

// Calls visit(place in a row of the state, in r, u and n, and of the column's bias) for every element.
template <class Cell, class F>
void for_each(const Cell& cell, F visit) {
  for (std::int64_t e = 0; e < cell.rows * cell.hidden; ++e) {
    const std::int64_t c = e % cell.hidden;
    const std::int64_t r = e / cell.hidden * 3 * cell.hidden + c;
    visit(e, r, r + cell.hidden, r + 2 * cell.hidden, c);
  }
}

}  // namespace

void gru_gates(const GruCell& cell) {
  for_each(cell, [&](auto e, auto r, auto u, auto, auto c) {
    cell.gates[r] = sigmoid(double{cell.gates[r]} + cell.bias[c]);
    cell.gates[u] = sigmoid(double{cell.gates[u]} + cell.bias[c + cell.hidden]);
    if (cell.before != nullptr) cell.reset[e] = cell.gates[r] * cell.before[e];
  });
}

void gru_state(const GruCell& cell) {
  for_each(cell, [&](auto e, auto, auto u, auto n, auto c) {
    const double before = cell.before == nullptr ? 0 : cell.before[e];
    cell.gates[n] = static_cast<float>(std::tanh(double{cell.gates[n]} + cell.bias[c + 2 * cell.hidden]));
    cell.state[e] = static_cast<float>((1 - double{cell.gates[u]}) * before + double{cell.gates[u]} * cell.gates[n]);
  });
}

void gru_state_backward(const GruCellBackward& cell) {
  for_each(cell, [&](auto e, auto, auto u, auto n, auto) {
    const double before = cell.before == nullptr ? 0 : cell.before[e];
    const double g = cell.state_gradient[e];
    const double update = cell.gates[u];
    const double candidate = cell.gates[n];
    cell.gate_gradients[u] = static_cast<float>(g * (candidate - before) * update * (1 - update));
    cell.gate_gradients[n] = static_cast<float>(g * update * (1 - candidate * candidate));
    if (cell.before != nullptr) cell.before_gradient[e] += static_cast<float>(g * (1 - update));
  });
}

void gru_gates_backward(const GruCellBackward& cell) {
  for_each(cell, [&](auto e, auto r, auto, auto, auto) {
    if (cell.before == nullptr) {
      cell.gate_gradients[r] = 0;
      return;
    }
    const double g = cell.reset_gradient[e];
    const double reset = cell.gates[r];
    cell.gate_gradients[r] = static_cast<float>(g * cell.before[e] * reset * (1 - reset));
    cell.before_gradient[e] += static_cast<float>(g * reset);
  });
}

}  // namespace plain
}  // namespace ganymede::kernels
#endif
