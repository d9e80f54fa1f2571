#include <cmath>

#include "engine/reference/interpreter_layers.hpp"

namespace ganymede::engine {
namespace {

using net::Activation;
using net::ActivationKind;

// f(x); `slope` is that of the negative side where the kind has one.
template <class T>
T activate(const Activation& layer, T x, T slope) {
  using std::exp, std::expm1, std::tanh;
  switch (layer.kind) {
    case ActivationKind::linear:
      return x;
    case ActivationKind::relu:
      if (x >= static_cast<T>(layer.max_value)) return static_cast<T>(layer.max_value);
      return x >= static_cast<T>(layer.threshold) ? x : slope * (x - static_cast<T>(layer.threshold));
    case ActivationKind::leaky_relu:
    case ActivationKind::prelu:
    case ActivationKind::rrelu:
      return x > 0 ? x : slope * x;
    case ActivationKind::elu:
      return x > 0 ? x : static_cast<T>(layer.alpha) * expm1(x);
    case ActivationKind::tanh:
      return tanh(x);
    case ActivationKind::sigmoid:
      return 1 / (1 + exp(-x));
  }
  return x;
}

// f'(x); y = f(x). At a kink the slope of the left side, at max_value 0.
template <class T>
T derivative(const Activation& layer, T x, T y, T slope) {
  using std::exp;
  switch (layer.kind) {
    case ActivationKind::linear:
      return 1;
    case ActivationKind::relu:
      if (x >= static_cast<T>(layer.max_value)) return 0;
      return x > static_cast<T>(layer.threshold) ? 1 : slope;
    case ActivationKind::leaky_relu:
    case ActivationKind::prelu:
    case ActivationKind::rrelu:
      return x > 0 ? 1 : slope;
    case ActivationKind::elu:
      return x > 0 ? 1 : static_cast<T>(layer.alpha) * exp(x);
    case ActivationKind::tanh:
      return 1 - y * y;
    case ActivationKind::sigmoid:
      return y * (1 - y);
  }
  return 1;
}

// The slope of the channel that an element is in: a flat axis counts as `weights` channels of equal parts.
template <class T>
std::size_t channel_of(const NodeState<T>& s, std::size_t i) {
  const auto sample = static_cast<std::size_t>(element_count(s.shape));
  return i % sample / (sample / s.weight->value.size());
}

template <class T>
T slope_of(const Activation& layer, const NodeState<T>& s, std::size_t i) {
  if (layer.kind == ActivationKind::prelu) return s.weight->value[channel_of(s, i)];
  if (layer.kind != ActivationKind::rrelu) return static_cast<T>(layer.negative_slope);
  return s.noise.empty() ? (static_cast<T>(layer.lower) + static_cast<T>(layer.upper)) / 2 : s.noise[i];
}

// Calls visit(from, to) for the places of every element of a sample of `in` and of the windows [C, H, W] it is in.
template <class F>
void for_each_in_window(const net::Pool& layer, const Extents& in, const Extents& out, std::int64_t count, F visit) {
  for (std::int64_t plane = 0; plane < count * out.c; ++plane) {
    for (std::int64_t y = 0; y < out.h; ++y) {
      for (std::int64_t x = 0; x < out.w; ++x) {
        const std::int64_t to = (plane * out.h + y) * out.w + x;
        for (std::int64_t ky = 0; ky < layer.kernel.h; ++ky) {
          for (std::int64_t kx = 0; kx < layer.kernel.w; ++kx) {
            const std::int64_t from_y = y * layer.stride.h + ky, from_x = x * layer.stride.w + kx;
            visit(static_cast<std::size_t>((plane * in.h + from_y) * in.w + from_x), static_cast<std::size_t>(to));
          }
        }
      }
    }
  }
}

// For each window the place of its largest element, the first of equals.
template <class T>
std::vector<std::size_t> largest(const net::Pool& layer, const NodeState<T>& s, std::int64_t count) {
  const std::vector<T>& x = s.inputs[0]->value;
  constexpr auto kNone = static_cast<std::size_t>(-1);
  std::vector<std::size_t> best(static_cast<std::size_t>(count * element_count(s.shape)), kNone);
  for_each_in_window(layer, Extents(s.inputs[0]->shape), Extents(s.shape), count, [&](auto from, auto to) {
    if (best[to] == kNone || x[from] > x[best[to]]) best[to] = from;
  });
  return best;
}

// Calls visit(input, from, to) for every element of the joined output: a vector beside an image is one value for a
// whole plane.
template <class T, class F>
void for_each_joined(const NodeState<T>& s, std::int64_t count, F visit) {
  const ChannelPlanes out(s.shape);
  std::int64_t first = 0;
  for (NodeState<T>* input : s.inputs) {
    const ChannelPlanes in(input->shape);
    for (std::int64_t n = 0; n < count; ++n) {
      for (std::int64_t c = 0; c < in.channels; ++c) {
        for (std::int64_t i = 0; i < out.positions; ++i) {
          const std::int64_t from = (n * in.channels + c) * in.positions + (in.positions == 1 ? 0 : i);
          const std::int64_t to = (n * out.channels + first + c) * out.positions + i;
          visit(*input, static_cast<std::size_t>(from), static_cast<std::size_t>(to));
        }
      }
    }
    first += in.channels;
  }
}

// Calls visit(from, to) for every element of a permuted image.
template <class T, class F>
void for_each_permuted(const net::Permute& layer, const NodeState<T>& s, std::int64_t count, F visit) {
  const Shape& in = s.inputs[0]->shape;
  const std::int64_t strides[3] = {in[1] * in[2], in[2], 1};
  const auto stride = [&](int axis) { return strides[layer.order[static_cast<std::size_t>(axis)]]; };
  const std::int64_t size = element_count(s.shape);
  std::int64_t to = 0;
  for (std::int64_t n = 0; n < count; ++n) {
    for (std::int64_t a = 0; a < s.shape[0]; ++a) {
      for (std::int64_t b = 0; b < s.shape[1]; ++b) {
        for (std::int64_t c = 0; c < s.shape[2]; ++c) {
          const std::int64_t from = n * size + a * stride(0) + b * stride(1) + c * stride(2);
          visit(static_cast<std::size_t>(from), static_cast<std::size_t>(to++));
        }
      }
    }
  }
}

}  // namespace

template <class T>
void forward(const net::Activation& layer, NodeState<T>& s, PassMode) {
  const std::vector<T>& x = s.inputs[0]->value;
  s.value.resize(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) s.value[i] = activate(layer, x[i], slope_of(layer, s, i));
}

template <class T>
void backward(const net::Activation& layer, NodeState<T>& s, PassMode) {
  const std::vector<T>& x = s.inputs[0]->value;
  for (std::size_t i = 0; i < x.size(); ++i) {
    s.inputs[0]->gradient[i] += s.gradient[i] * derivative(layer, x[i], s.value[i], slope_of(layer, s, i));
    if (layer.kind == ActivationKind::prelu && x[i] <= 0) s.weight->gradient[channel_of(s, i)] += s.gradient[i] * x[i];
  }
}

template <class T>
void forward(const net::Dropout&, NodeState<T>& s, PassMode) {
  s.value = s.inputs[0]->value;
  for (std::size_t i = 0; i < s.noise.size(); ++i) s.value[i] *= s.noise[i];
}

template <class T>
void backward(const net::Dropout&, NodeState<T>& s, PassMode) {
  for (std::size_t i = 0; i < s.gradient.size(); ++i) {
    s.inputs[0]->gradient[i] += s.gradient[i] * (s.noise.empty() ? T(1) : s.noise[i]);
  }
}

template <class T>
void forward(const net::Multiply&, NodeState<T>& s, PassMode) {
  s.value = s.inputs[0]->value;
  for (std::size_t i = 0; i < s.value.size(); ++i) s.value[i] *= s.inputs[1]->value[i];
}

template <class T>
void backward(const net::Multiply&, NodeState<T>& s, PassMode) {
  for (std::size_t i = 0; i < s.gradient.size(); ++i) {
    s.inputs[0]->gradient[i] += s.gradient[i] * s.inputs[1]->value[i];
    s.inputs[1]->gradient[i] += s.gradient[i] * s.inputs[0]->value[i];
  }
}

template <class T>
void forward(const net::Concat&, NodeState<T>& s, PassMode mode) {
  s.value.resize(static_cast<std::size_t>(mode.count * element_count(s.shape)));
  for_each_joined(s, mode.count, [&](auto& input, auto from, auto to) { s.value[to] = input.value[from]; });
}

template <class T>
void backward(const net::Concat&, NodeState<T>& s, PassMode mode) {
  for_each_joined(s, mode.count, [&](auto& input, auto from, auto to) { input.gradient[from] += s.gradient[to]; });
}

template <class T>
void forward(const net::Reshape&, NodeState<T>& s, PassMode) {
  s.value = s.inputs[0]->value;
}

template <class T>
void backward(const net::Reshape&, NodeState<T>& s, PassMode) {
  for (std::size_t i = 0; i < s.gradient.size(); ++i) s.inputs[0]->gradient[i] += s.gradient[i];
}

template <class T>
void forward(const net::Permute& layer, NodeState<T>& s, PassMode mode) {
  s.value.resize(static_cast<std::size_t>(mode.count * element_count(s.shape)));
  for_each_permuted(layer, s, mode.count, [&](auto from, auto to) { s.value[to] = s.inputs[0]->value[from]; });
}

template <class T>
void backward(const net::Permute& layer, NodeState<T>& s, PassMode mode) {
  for_each_permuted(layer, s, mode.count, [&](auto from, auto to) { s.inputs[0]->gradient[from] += s.gradient[to]; });
}

template <class T>
void forward(const net::Pool& layer, NodeState<T>& s, PassMode mode) {
  const std::vector<T>& x = s.inputs[0]->value;
  s.value.assign(static_cast<std::size_t>(mode.count * element_count(s.shape)), T(0));
  if (layer.kind == net::PoolKind::max) {
    const std::vector<std::size_t> best = largest(layer, s, mode.count);
    for (std::size_t i = 0; i < best.size(); ++i) s.value[i] = x[best[i]];
    return;
  }
  const T share = T(1) / static_cast<T>(layer.kernel.h * layer.kernel.w);
  for_each_in_window(layer, Extents(s.inputs[0]->shape), Extents(s.shape), mode.count,
                     [&](auto from, auto to) { s.value[to] += share * x[from]; });
}

template <class T>
void backward(const net::Pool& layer, NodeState<T>& s, PassMode mode) {
  std::vector<T>& dx = s.inputs[0]->gradient;
  if (layer.kind == net::PoolKind::max) {
    const std::vector<std::size_t> best = largest(layer, s, mode.count);
    for (std::size_t i = 0; i < best.size(); ++i) dx[best[i]] += s.gradient[i];
    return;
  }
  const T share = T(1) / static_cast<T>(layer.kernel.h * layer.kernel.w);
  for_each_in_window(layer, Extents(s.inputs[0]->shape), Extents(s.shape), mode.count,
                     [&](auto from, auto to) { dx[from] += share * s.gradient[to]; });
}

GANYMEDE_INSTANTIATE_LAYER(Activation);
GANYMEDE_INSTANTIATE_LAYER(Dropout);
GANYMEDE_INSTANTIATE_LAYER(Multiply);
GANYMEDE_INSTANTIATE_LAYER(Concat);
GANYMEDE_INSTANTIATE_LAYER(Reshape);
GANYMEDE_INSTANTIATE_LAYER(Pool);
GANYMEDE_INSTANTIATE_LAYER(Permute);

}  // namespace ganymede::engine
