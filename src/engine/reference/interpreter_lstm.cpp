#include <cmath>

#include "engine/reference/interpreter_layers.hpp"

namespace ganymede::engine {
namespace {

template <class T>
T logistic(T x) {
  using std::exp;
  return 1 / (1 + exp(-x));
}

// The extents of one Lstm and where its elements lie: all of its arrays are [N, channels, T].
struct LstmShape {
  std::int64_t in, hidden, steps;
  bool starts;  // its input is the state that it begins with

  template <class T>
  LstmShape(const net::Lstm& layer, const NodeState<T>& s)
      : in(s.inputs[0]->shape[0]), hidden(layer.out), steps(s.shape[1]), starts(layer.steps > 0) {}

  std::size_t at(std::int64_t n, std::int64_t h, std::int64_t t) const {
    return static_cast<std::size_t>((n * hidden + h) * steps + t);
  }
  std::size_t input(std::int64_t n, std::int64_t c, std::int64_t t) const {
    return static_cast<std::size_t>(starts ? n * in + c : (n * in + c) * steps + t);
  }
};

// What gates, cells and states of the layer are, and those of a step earlier.
template <class T>
struct LstmView {
  const LstmShape& l;
  NodeState<T>& s;
  T *i, *f, *g, *o, *c;

  LstmView(const LstmShape& shape, NodeState<T>& state, std::int64_t count) : l(shape), s(state) {
    const std::int64_t all = count * l.hidden * l.steps;
    i = s.gates.data();
    f = i + all;
    g = f + all;
    o = g + all;
    c = o + all;
  }
  T before(const T* values, std::int64_t n, std::int64_t h, std::int64_t t) const {
    if (t > 0) return values[l.at(n, h, t - 1)];
    return l.starts ? s.inputs[0]->value[l.input(n, h, 0)] : T(0);
  }
};

}  // namespace

template <class T>
void forward(const net::Lstm& layer, NodeState<T>& s, PassMode mode) {
  using std::tanh;
  const LstmShape l(layer, s);
  const auto all = static_cast<std::size_t>(mode.count * l.hidden * l.steps);
  s.value.assign(all, T(0));
  s.gates.assign(5 * all, T(0));
  const LstmView<T> v(l, s, mode.count);
  T* gate[4] = {v.i, v.f, v.g, v.o};
  for (std::int64_t n = 0; n < mode.count; ++n) {
    for (std::int64_t t = 0; t < l.steps; ++t) {
      for (std::int64_t row = 0; row < 4 * l.hidden; ++row) {
        const std::int64_t which = row / l.hidden;
        T sum = s.bias == nullptr ? T(0) : s.bias->value[static_cast<std::size_t>(row)];
        if (which == 1) sum += T(layer.forget_bias);
        for (std::int64_t c = 0; !l.starts && c < l.in; ++c)
          sum += s.weight_ih->value[static_cast<std::size_t>(row * l.in + c)] * s.inputs[0]->value[l.input(n, c, t)];
        for (std::int64_t h = 0; h < l.hidden; ++h)
          sum += s.weight_hh->value[static_cast<std::size_t>(row * l.hidden + h)] * v.before(s.value.data(), n, h, t);
        gate[which][l.at(n, row % l.hidden, t)] = which == 2 ? tanh(sum) : logistic(sum);
      }
      for (std::int64_t h = 0; h < l.hidden; ++h) {
        const std::size_t k = l.at(n, h, t);
        v.c[k] = v.f[k] * v.before(v.c, n, h, t) + v.i[k] * v.g[k];
        s.value[k] = v.o[k] * tanh(v.c[k]);
      }
    }
  }
}

template <class T>
void backward(const net::Lstm& layer, NodeState<T>& s, PassMode mode) {
  using std::tanh;
  const LstmShape l(layer, s);
  const LstmView<T> v(l, s, mode.count);
  NodeState<T>& input = *s.inputs[0];
  std::vector<T> dh = s.gradient;  // grows by what later steps send back
  std::vector<T> dc(dh.size(), T(0));
  for (std::int64_t n = 0; n < mode.count; ++n) {
    const auto add_before = [&](std::vector<T>& gradient, std::int64_t h, std::int64_t t, T d) {
      if (t > 0) {
        gradient[l.at(n, h, t - 1)] += d;
      } else if (l.starts) {
        input.gradient[l.input(n, h, 0)] += d;
      }
    };
    const auto into = [&](std::int64_t which, std::int64_t h, std::int64_t t, T d) {
      const std::int64_t row = which * l.hidden + h;
      if (s.bias != nullptr) s.bias->gradient[static_cast<std::size_t>(row)] += d;
      for (std::int64_t c = 0; !l.starts && c < l.in; ++c) {
        const auto k = static_cast<std::size_t>(row * l.in + c);
        s.weight_ih->gradient[k] += d * input.value[l.input(n, c, t)];
        input.gradient[l.input(n, c, t)] += d * s.weight_ih->value[k];
      }
      for (std::int64_t from = 0; from < l.hidden; ++from) {
        const auto k = static_cast<std::size_t>(row * l.hidden + from);
        s.weight_hh->gradient[k] += d * v.before(s.value.data(), n, from, t);
        add_before(dh, from, t, d * s.weight_hh->value[k]);
      }
    };
    for (std::int64_t t = l.steps - 1; t >= 0; --t) {
      for (std::int64_t h = 0; h < l.hidden; ++h) {
        const std::size_t k = l.at(n, h, t);
        const T seen = tanh(v.c[k]);
        const T d = dc[k] + dh[k] * v.o[k] * (1 - seen * seen);
        add_before(dc, h, t, d * v.f[k]);
        into(0, h, t, d * v.g[k] * v.i[k] * (1 - v.i[k]));
        into(1, h, t, d * v.before(v.c, n, h, t) * v.f[k] * (1 - v.f[k]));
        into(2, h, t, d * v.i[k] * (1 - v.g[k] * v.g[k]));
        into(3, h, t, dh[k] * seen * v.o[k] * (1 - v.o[k]));
      }
    }
  }
}

GANYMEDE_INSTANTIATE_LAYER(Lstm);

}  // namespace ganymede::engine
