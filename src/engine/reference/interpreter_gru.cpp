#include <cmath>

#include "engine/reference/interpreter_layers.hpp"

namespace ganymede::engine {
namespace {

template <class T>
T sigmoid(T x) {
  using std::exp;
  return 1 / (1 + exp(-x));
}

// The extents of one ConvGru and where its elements lie.
struct GruShape {
  std::int64_t in, hidden, steps, cells, kernel, before;

  template <class T>
  GruShape(const net::ConvGru& layer, const NodeState<T>& s)
      : in(s.inputs[0]->shape[0]),
        hidden(layer.out),
        steps(s.shape[1]),
        cells(s.shape[2]),
        kernel(layer.kernel),
        before(net::padding_before(true, 0, static_cast<int>(cells), layer.kernel, 1)) {}

  std::int64_t size() const { return hidden * steps * cells; }
  std::size_t at(std::int64_t n, std::int64_t channels, std::int64_t c, std::int64_t t, std::int64_t w) const {
    return static_cast<std::size_t>(((n * channels + c) * steps + t) * cells + w);
  }
  /// Calls visit(column) with the columns that tap k joins to cell w, which is one or none.
  template <class F>
  void for_tap(std::int64_t w, std::int64_t k, F visit) const {
    const std::int64_t column = w + k - before;
    if (column >= 0 && column < cells) visit(column);
  }
  std::size_t weight(std::int64_t out, std::int64_t channels, std::int64_t c, std::int64_t k) const {
    return static_cast<std::size_t>((out * channels + c) * kernel + k);
  }
};

// sum over taps and channels of weight[gate * H + h] times source(c, column).
template <class T, class F>
T convolve(const GruShape& g, const std::vector<T>& weight, std::int64_t row, std::int64_t channels, std::int64_t w,
           F source) {
  T sum = 0;
  for (std::int64_t k = 0; k < g.kernel; ++k) {
    g.for_tap(w, k, [&](std::int64_t column) {
      for (std::int64_t c = 0; c < channels; ++c) sum += weight[g.weight(row, channels, c, k)] * source(c, column);
    });
  }
  return sum;
}

// The adjoint: adds d times the weights to the source's gradient and d times the source to the weights'.
template <class T, class F>
void spread(const GruShape& g, Variable<T>& weight, std::int64_t row, std::int64_t channels, std::int64_t w, T d,
            F visit) {
  for (std::int64_t k = 0; k < g.kernel; ++k) {
    g.for_tap(w, k, [&](std::int64_t column) {
      for (std::int64_t c = 0; c < channels; ++c) {
        const std::size_t i = g.weight(row, channels, c, k);
        weight.gradient[i] += d * visit(c, column, d * weight.value[i]);
      }
    });
  }
}

}  // namespace

template <class T>
void forward(const net::ConvGru& layer, NodeState<T>& s, PassMode mode) {
  using std::tanh;
  const GruShape g(layer, s);
  const std::vector<T>& x = s.inputs[0]->value;
  const auto total = static_cast<std::size_t>(mode.count * g.size());
  s.value.assign(total, T(0));
  s.gates.assign(3 * total, T(0));
  T* gate[3] = {s.gates.data(), s.gates.data() + total, s.gates.data() + 2 * total};
  for (std::int64_t n = 0; n < mode.count; ++n) {
    for (std::int64_t t = 0; t < g.steps; ++t) {
      const auto before = [&](std::int64_t c, std::int64_t w) {
        return t == 0 ? T(0) : s.value[g.at(n, g.hidden, c, t - 1, w)];
      };
      const auto reset = [&](std::int64_t c, std::int64_t w) {
        return gate[0][g.at(n, g.hidden, c, t, w)] * before(c, w);
      };
      for (int which = 0; which < 3; ++which) {
        for (std::int64_t h = 0; h < g.hidden; ++h) {
          for (std::int64_t w = 0; w < g.cells; ++w) {
            const std::int64_t row = which * g.hidden + h;
            T sum = s.bias == nullptr ? T(0) : s.bias->value[static_cast<std::size_t>(row)];
            sum += convolve(g, s.weight_ih->value, row, g.in, w,
                            [&](std::int64_t c, std::int64_t v) { return x[g.at(n, g.in, c, t, v)]; });
            sum += which < 2 ? convolve(g, s.weight_hh->value, row, g.hidden, w, before)
                             : convolve(g, s.weight_hh->value, row, g.hidden, w, reset);
            gate[which][g.at(n, g.hidden, h, t, w)] = which < 2 ? sigmoid(sum) : tanh(sum);
          }
        }
      }
      for (std::int64_t h = 0; h < g.hidden; ++h) {
        for (std::int64_t w = 0; w < g.cells; ++w) {
          const std::size_t i = g.at(n, g.hidden, h, t, w);
          s.value[i] = (1 - gate[1][i]) * before(h, w) + gate[1][i] * gate[2][i];
        }
      }
    }
  }
}

template <class T>
void backward(const net::ConvGru& layer, NodeState<T>& s, PassMode mode) {
  const GruShape g(layer, s);
  NodeState<T>& input = *s.inputs[0];
  const auto total = static_cast<std::size_t>(mode.count * g.size());
  const T* gate[3] = {s.gates.data(), s.gates.data() + total, s.gates.data() + 2 * total};
  std::vector<T> dh = s.gradient;  // grows by what later steps send back
  std::vector<T> dm(static_cast<std::size_t>(g.hidden * g.cells));
  for (std::int64_t n = 0; n < mode.count; ++n) {
    for (std::int64_t t = g.steps - 1; t >= 0; --t) {
      const auto before = [&](std::int64_t c, std::int64_t w) {
        return t == 0 ? T(0) : s.value[g.at(n, g.hidden, c, t - 1, w)];
      };
      const auto add_before = [&](std::int64_t c, std::int64_t w, T d) {
        if (t > 0) dh[g.at(n, g.hidden, c, t - 1, w)] += d;
      };
      const auto into = [&](int which, std::int64_t h, std::int64_t w, T d, auto visit) {
        const std::int64_t row = which * g.hidden + h;
        if (s.bias != nullptr) s.bias->gradient[static_cast<std::size_t>(row)] += d;
        spread(g, *s.weight_ih, row, g.in, w, d, [&](std::int64_t c, std::int64_t v, T dx) {
          input.gradient[g.at(n, g.in, c, t, v)] += dx;
          return input.value[g.at(n, g.in, c, t, v)];
        });
        spread(g, *s.weight_hh, row, g.hidden, w, d, visit);
      };
      const auto into_state = [&](std::int64_t c, std::int64_t v, T d) {
        add_before(c, v, d);
        return before(c, v);
      };
      dm.assign(dm.size(), T(0));
      for (std::int64_t h = 0; h < g.hidden; ++h) {
        for (std::int64_t w = 0; w < g.cells; ++w) {
          const std::size_t i = g.at(n, g.hidden, h, t, w);
          const T u = gate[1][i];
          const T c = gate[2][i];
          add_before(h, w, dh[i] * (1 - u));
          into(1, h, w, dh[i] * (c - before(h, w)) * u * (1 - u), into_state);
          into(2, h, w, dh[i] * u * (1 - c * c), [&](std::int64_t from, std::int64_t v, T d) {
            dm[static_cast<std::size_t>(from * g.cells + v)] += d;
            return gate[0][g.at(n, g.hidden, from, t, v)] * before(from, v);
          });
        }
      }
      for (std::int64_t h = 0; h < g.hidden; ++h) {
        for (std::int64_t w = 0; w < g.cells; ++w) {
          const T r = gate[0][g.at(n, g.hidden, h, t, w)];
          const T d = dm[static_cast<std::size_t>(h * g.cells + w)];
          add_before(h, w, d * r);
          into(0, h, w, d * before(h, w) * r * (1 - r), into_state);
        }
      }
    }
  }
}

GANYMEDE_INSTANTIATE_LAYER(ConvGru);

}  // namespace ganymede::engine
