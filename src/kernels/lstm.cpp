#include "kernels/lstm.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/lstm.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ganymede::kernels {
namespace HWY_NAMESPACE {

// d x (1 - x): through a sigmoid that came out as x.
HWY_INLINE Floats through_sigmoid(Floats d, Floats x) {
  return hn::Mul(hn::Mul(d, x), hn::Sub(set(1.0F), x));
}

// 1 - x^2, the slope of a tanh that came out as x.
HWY_INLINE Floats tanh_slope(Floats x) {
  return neg_mul_add(x, x, set(1.0F));
}

HWY_INLINE Floats sum_at(const float* sums, const float* bias, int column) {
  return hn::Add(load(sums + column), load(bias + column));
}

void lstm_state_any(const LstmCell& cell) {
  const int hidden = cell.hidden;
  for (std::int64_t row = 0; row < cell.rows; ++row) {
    float* gates = cell.gates + row * 4 * hidden;
    for (int c = 0; c < hidden; c += kLanes) {
      const Floats i = vector_sigmoid(sum_at(gates, cell.bias, c));
      const Floats f = vector_sigmoid(sum_at(gates, cell.bias, hidden + c));
      const Floats g = vector_tanh(sum_at(gates, cell.bias, 2 * hidden + c));
      const Floats o = vector_sigmoid(sum_at(gates, cell.bias, 3 * hidden + c));
      store(gates + c, i);
      store(gates + hidden + c, f);
      store(gates + 2 * hidden + c, g);
      store(gates + 3 * hidden + c, o);
      const std::int64_t at = row * hidden + c;
      const Floats before = cell.before == nullptr ? hn::Zero(kFloats) : load(cell.before + at);
      const Floats now = mul_add(f, before, hn::Mul(i, g));
      store(cell.cell + at, now);
      store(cell.state + at, hn::Mul(o, vector_tanh(now)));
    }
  }
}

void lstm_state_backward_any(const LstmCellBackward& cell) {
  const int hidden = cell.hidden;
  for (std::int64_t row = 0; row < cell.rows; ++row) {
    const float* gates = cell.gates + row * 4 * hidden;
    float* d_gates = cell.gate_gradients + row * 4 * hidden;
    for (int c = 0; c < hidden; c += kLanes) {
      const std::int64_t at = row * hidden + c;
      const Floats i = load(gates + c);
      const Floats f = load(gates + hidden + c);
      const Floats g = load(gates + 2 * hidden + c);
      const Floats o = load(gates + 3 * hidden + c);
      const Floats dh = load(cell.state_gradient + at);
      const Floats seen = vector_tanh(load(cell.cell + at));
      const Floats later = cell.cell_gradient == nullptr ? hn::Zero(kFloats) : load(cell.cell_gradient + at);
      const Floats dc = mul_add(hn::Mul(dh, o), tanh_slope(seen), later);
      store(d_gates + c, through_sigmoid(hn::Mul(dc, g), i));
      store(d_gates + 2 * hidden + c, hn::Mul(hn::Mul(dc, i), tanh_slope(g)));
      store(d_gates + 3 * hidden + c, through_sigmoid(hn::Mul(dh, seen), o));
      if (cell.before == nullptr) {
        store(d_gates + hidden + c, hn::Zero(kFloats));
        continue;
      }
      store(d_gates + hidden + c, through_sigmoid(hn::Mul(dc, load(cell.before + at)), f));
      store(cell.before_gradient + at, hn::Mul(dc, f));
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace ganymede::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <cmath>

namespace ganymede::kernels {

HWY_EXPORT(lstm_state_any);
HWY_EXPORT(lstm_state_backward_any);

void lstm_state(const LstmCell& cell) {
  HWY_DYNAMIC_DISPATCH(lstm_state_any)(cell);
}
void lstm_state_backward(const LstmCellBackward& cell) {
  HWY_DYNAMIC_DISPATCH(lstm_state_backward_any)(cell);
}

namespace plain {
namespace {

float logistic(double x) {
  return static_cast<float>(1 / (1 + std::exp(-x)));
}

// Calls visit(place in a row of cells, its i in a row of gates, column) for every element.
template <class Cell, class F>
void for_each_unit(const Cell& cell, F visit) {
  for (std::int64_t e = 0; e < cell.rows * cell.hidden; ++e) {
    const std::int64_t c = e % cell.hidden;
    visit(e, e / cell.hidden * 4 * cell.hidden + c, c);
  }
}

}  // namespace

void lstm_state(const LstmCell& cell) {
  const std::int64_t h = cell.hidden;
  for_each_unit(cell, [&](auto e, auto at, auto c) {
    float* gate = cell.gates + at;
    for (const std::int64_t which : {0, 1, 2, 3}) {
      const double sum = double{gate[which * h]} + cell.bias[which * h + c];
      gate[which * h] = which == 2 ? static_cast<float>(std::tanh(sum)) : logistic(sum);
    }
    const double before = cell.before == nullptr ? 0 : cell.before[e];
    cell.cell[e] = static_cast<float>(gate[h] * before + double{gate[0]} * gate[2 * h]);
    cell.state[e] = static_cast<float>(gate[3 * h] * std::tanh(double{cell.cell[e]}));
  });
}

void lstm_state_backward(const LstmCellBackward& cell) {
  const std::int64_t h = cell.hidden;
  for_each_unit(cell, [&](auto e, auto at, auto) {
    const double i = cell.gates[at], f = cell.gates[at + h], g = cell.gates[at + 2 * h], o = cell.gates[at + 3 * h];
    const double before = cell.before == nullptr ? 0 : cell.before[e];
    const double later = cell.cell_gradient == nullptr ? 0 : cell.cell_gradient[e];
    const double dh = cell.state_gradient[e];
    const double seen = std::tanh(double{cell.cell[e]});
    const double dc = later + dh * o * (1 - seen * seen);
    cell.gate_gradients[at] = static_cast<float>(dc * g * i * (1 - i));
    cell.gate_gradients[at + h] = static_cast<float>(dc * before * f * (1 - f));
    cell.gate_gradients[at + 2 * h] = static_cast<float>(dc * i * (1 - g * g));
    cell.gate_gradients[at + 3 * h] = static_cast<float>(dh * seen * o * (1 - o));
    if (cell.before != nullptr) cell.before_gradient[e] = static_cast<float>(dc * f);
  });
}

}  // namespace plain
}  // namespace ganymede::kernels
#endif
