#include "engine/reference/interpreter_layers.hpp"

namespace ganymede::engine {
namespace {

// A convolution joins a large image to a small one; the transposed convolution is the same join the other way round.
// In both the weight is [small channels, large channels, kh, kw].
struct Join {
  Extents large, small;
  net::Pair kernel, stride;
  std::int64_t top, left;
};

template <class L>
Join make_join(const L& layer, const Shape& large, const Shape& small) {
  const Extents image(large);
  return {image,
          Extents(small),
          layer.kernel,
          layer.stride,
          net::padding_before(layer.padding.same, layer.padding.top, static_cast<int>(image.h), layer.kernel.h,
                              layer.stride.h),
          net::padding_before(layer.padding.same, layer.padding.left, static_cast<int>(image.w), layer.kernel.w,
                              layer.stride.w)};
}

// The places of the small image, one axis, that tap k of the kernel joins to a place within the large one.
struct Range {
  std::int64_t begin, end;
};

Range joined(std::int64_t small, std::int64_t large, std::int64_t k, std::int64_t stride, std::int64_t before) {
  Range range{0, small};
  while (range.begin < range.end && range.begin * stride + k < before) ++range.begin;
  while (range.begin < range.end && (range.end - 1) * stride + k - before >= large) --range.end;
  return range;
}

// Calls visit(weight, small, large) for every product of the convolution: the places of its three factors.
template <class F>
void for_each_product(const Join& j, std::int64_t count, F visit) {
  for (std::int64_t n = 0; n < count; ++n) {
    for (std::int64_t s = 0; s < j.small.c; ++s) {
      for (std::int64_t l = 0; l < j.large.c; ++l) {
        for (std::int64_t ky = 0; ky < j.kernel.h; ++ky) {
          const Range rows = joined(j.small.h, j.large.h, ky, j.stride.h, j.top);
          for (std::int64_t kx = 0; kx < j.kernel.w; ++kx) {
            const Range columns = joined(j.small.w, j.large.w, kx, j.stride.w, j.left);
            const std::int64_t weight = ((s * j.large.c + l) * j.kernel.h + ky) * j.kernel.w + kx;
            for (std::int64_t y = rows.begin; y < rows.end; ++y) {
              const std::int64_t small = ((n * j.small.c + s) * j.small.h + y) * j.small.w;
              const std::int64_t large =
                  ((n * j.large.c + l) * j.large.h + y * j.stride.h + ky - j.top) * j.large.w + kx - j.left;
              for (std::int64_t x = columns.begin; x < columns.end; ++x) {
                visit(weight, small + x, large + x * j.stride.w);
              }
            }
          }
        }
      }
    }
  }
}

template <class T>
void to_small(const Join& j, std::int64_t count, const T* w, const T* large, T* small) {
  for_each_product(j, count, [=](auto wi, auto si, auto li) { small[si] += w[wi] * large[li]; });
}

template <class T>
void to_large(const Join& j, std::int64_t count, const T* w, const T* small, T* large) {
  for_each_product(j, count, [=](auto wi, auto si, auto li) { large[li] += w[wi] * small[si]; });
}

template <class T>
void to_weight(const Join& j, std::int64_t count, const T* small, const T* large, T* w) {
  for_each_product(j, count, [=](auto wi, auto si, auto li) { w[wi] += small[si] * large[li]; });
}

// s.value starts as the bias of each channel.
template <class T>
void forward_bias(NodeState<T>& s, std::int64_t count) {
  const ChannelPlanes planes(s.shape);
  s.value.assign(static_cast<std::size_t>(count * element_count(s.shape)), T(0));
  if (s.bias == nullptr) return;
  for (std::size_t i = 0; i < s.value.size(); ++i) {
    s.value[i] =
        s.bias->value[i / static_cast<std::size_t>(planes.positions) % static_cast<std::size_t>(planes.channels)];
  }
}

template <class T>
void backward_bias(NodeState<T>& s) {
  if (s.bias == nullptr) return;
  const ChannelPlanes planes(s.shape);
  for (std::size_t i = 0; i < s.gradient.size(); ++i) {
    s.bias->gradient[i / static_cast<std::size_t>(planes.positions) % static_cast<std::size_t>(planes.channels)] +=
        s.gradient[i];
  }
}

}  // namespace

template <class T>
void forward(const net::Conv& layer, NodeState<T>& s, PassMode mode) {
  const Join join = make_join(layer, s.inputs[0]->shape, s.shape);
  forward_bias(s, mode.count);
  to_small(join, mode.count, s.weight->value.data(), s.inputs[0]->value.data(), s.value.data());
}

template <class T>
void backward(const net::Conv& layer, NodeState<T>& s, PassMode mode) {
  const Join join = make_join(layer, s.inputs[0]->shape, s.shape);
  backward_bias(s);
  to_large(join, mode.count, s.weight->value.data(), s.gradient.data(), s.inputs[0]->gradient.data());
  to_weight(join, mode.count, s.gradient.data(), s.inputs[0]->value.data(), s.weight->gradient.data());
}

template <class T>
void forward(const net::ConvTranspose& layer, NodeState<T>& s, PassMode mode) {
  const Join join = make_join(layer, s.shape, s.inputs[0]->shape);
  forward_bias(s, mode.count);
  to_large(join, mode.count, s.weight->value.data(), s.inputs[0]->value.data(), s.value.data());
}

template <class T>
void backward(const net::ConvTranspose& layer, NodeState<T>& s, PassMode mode) {
  const Join join = make_join(layer, s.shape, s.inputs[0]->shape);
  backward_bias(s);
  to_small(join, mode.count, s.weight->value.data(), s.gradient.data(), s.inputs[0]->gradient.data());
  to_weight(join, mode.count, s.inputs[0]->value.data(), s.gradient.data(), s.weight->gradient.data());
}

template <class T>
void forward(const net::Dense& layer, NodeState<T>& s, PassMode mode) {
  const std::int64_t in = element_count(s.inputs[0]->shape);
  forward_bias(s, mode.count);
  for (std::int64_t n = 0; n < mode.count; ++n) {
    const T* x = &s.inputs[0]->value[static_cast<std::size_t>(n * in)];
    for (std::int64_t o = 0; o < layer.out; ++o) {
      const T* w = &s.weight->value[static_cast<std::size_t>(o * in)];
      T sum = 0;
      for (std::int64_t i = 0; i < in; ++i) sum += w[i] * x[i];
      s.value[static_cast<std::size_t>(n * layer.out + o)] += sum;
    }
  }
}

template <class T>
void backward(const net::Dense& layer, NodeState<T>& s, PassMode mode) {
  const std::int64_t in = element_count(s.inputs[0]->shape);
  backward_bias(s);
  for (std::int64_t n = 0; n < mode.count; ++n) {
    const T* x = &s.inputs[0]->value[static_cast<std::size_t>(n * in)];
    T* dx = &s.inputs[0]->gradient[static_cast<std::size_t>(n * in)];
    for (std::int64_t o = 0; o < layer.out; ++o) {
      const T dy = s.gradient[static_cast<std::size_t>(n * layer.out + o)];
      const T* w = &s.weight->value[static_cast<std::size_t>(o * in)];
      T* dw = &s.weight->gradient[static_cast<std::size_t>(o * in)];
      for (std::int64_t i = 0; i < in; ++i) {
        dx[i] += w[i] * dy;
        dw[i] += x[i] * dy;
      }
    }
  }
}

template <class T>
void forward(const net::Embedding& layer, NodeState<T>& s, PassMode mode) {
  s.value.clear();
  const NodeState<T>& in = *s.inputs[0];
  for (std::size_t n = 0; n < static_cast<std::size_t>(mode.count); ++n) {
    const auto row = s.weight->value.begin() + std::int64_t{in.classes[n]} * layer.dim;
    if (in.toward.empty()) {
      s.value.insert(s.value.end(), row, row + layer.dim);
      continue;
    }
    const auto other = s.weight->value.begin() + std::int64_t{in.toward[n]} * layer.dim;
    for (std::int64_t i = 0; i < layer.dim; ++i)
      s.value.push_back((1 - in.shares[n]) * row[i] + in.shares[n] * other[i]);
  }
}

template <class T>
void backward(const net::Embedding& layer, NodeState<T>& s, PassMode mode) {
  for (std::int64_t n = 0; n < mode.count; ++n) {
    const std::int64_t row = s.inputs[0]->classes[static_cast<std::size_t>(n)];
    for (std::int64_t i = 0; i < layer.dim; ++i) {
      s.weight->gradient[static_cast<std::size_t>(row * layer.dim + i)] +=
          s.gradient[static_cast<std::size_t>(n * layer.dim + i)];
    }
  }
}

template <class T>
void forward(const net::OneHot&, NodeState<T>& s, PassMode mode) {
  const std::int64_t classes = s.shape[0];
  s.value.assign(static_cast<std::size_t>(mode.count * classes), T(0));
  const NodeState<T>& in = *s.inputs[0];
  for (std::size_t n = 0; n < static_cast<std::size_t>(mode.count); ++n) {
    const T share = in.toward.empty() ? T(0) : in.shares[n];
    T* const one = s.value.data() + static_cast<std::int64_t>(n) * classes;
    one[in.classes[n]] += 1 - share;
    if (!in.toward.empty()) one[in.toward[n]] += share;
  }
}

template <class T>
void backward(const net::OneHot&, NodeState<T>&, PassMode) {}

GANYMEDE_INSTANTIATE_LAYER(Conv);
GANYMEDE_INSTANTIATE_LAYER(ConvTranspose);
GANYMEDE_INSTANTIATE_LAYER(Dense);
template <class T>
void forward(const net::Projection&, NodeState<T>& s, PassMode mode) {
  const NodeState<T>&x = *s.inputs[0], &of = *s.inputs[1];
  const auto features = static_cast<std::size_t>(element_count(x.shape));
  s.value.assign(static_cast<std::size_t>(mode.count), s.bias->value[0]);
  const auto row = [&](std::int32_t k, std::size_t f) {
    return s.class_weight->value[static_cast<std::size_t>(k) * features + f];
  };
  for (std::size_t n = 0; n < s.value.size(); ++n) {
    for (std::size_t f = 0; f < features; ++f) {
      T own = row(of.classes[n], f);
      if (!of.toward.empty()) own = (1 - of.shares[n]) * own + of.shares[n] * row(of.toward[n], f);
      s.value[n] += x.value[n * features + f] * (s.weight->value[f] + own);
    }
  }
}

template <class T>
void backward(const net::Projection&, NodeState<T>& s, PassMode) {
  NodeState<T>& x = *s.inputs[0];
  const auto features = static_cast<std::size_t>(element_count(x.shape));
  for (std::size_t n = 0; n < s.gradient.size(); ++n) {
    const std::size_t own = static_cast<std::size_t>(s.inputs[1]->classes[n]) * features;
    s.bias->gradient[0] += s.gradient[n];
    for (std::size_t f = 0; f < features; ++f) {
      x.gradient[n * features + f] += s.gradient[n] * (s.weight->value[f] + s.class_weight->value[own + f]);
      s.weight->gradient[f] += s.gradient[n] * x.value[n * features + f];
      s.class_weight->gradient[own + f] += s.gradient[n] * x.value[n * features + f];
    }
  }
}

GANYMEDE_INSTANTIATE_LAYER(Projection);
GANYMEDE_INSTANTIATE_LAYER(Embedding);
GANYMEDE_INSTANTIATE_LAYER(OneHot);

}  // namespace ganymede::engine
