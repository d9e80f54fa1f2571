#pragma once

#include <vector>

#include "engine/reference/dual.hpp"
#include "engine/reference/interpreter.hpp"

namespace ganymede::engine {

// One layer of the plain interpreter. `forward` fills s.value from the inputs' values; `backward` adds to the gradients
// of the inputs and of the layer's variables, from s.gradient.

/// A node during one pass.
template <class T>
struct NodeState {
  const net::Node* node = nullptr;
  std::vector<NodeState*> inputs;
  Shape shape;  ///< of one sample
  Variable<T>*weight = nullptr, *bias = nullptr, *running_mean = nullptr, *running_var = nullptr;
  Variable<T>*weight_ih = nullptr, *weight_hh = nullptr, *class_weight = nullptr;

  std::vector<T> value;               ///< [N, shape]
  std::vector<T> gradient;            ///< [N, shape]
  std::vector<std::int32_t> classes;  ///< [N], input of role class_index only
  std::vector<std::int32_t> toward;   ///< likewise, or none: Mixture
  std::vector<T> shares;
  std::vector<T> mean, inverse;  ///< norms: mean and 1 / sqrt(variance + epsilon) of each set of elements
  std::vector<T> variance;
  std::vector<T> gates;  ///< ConvGru: [3][N, H, T, W], what r, u and n came out as; Lstm: [5][N, H, T], i, f, g, o, c
  std::vector<T> noise;  ///< dropout and rrelu in training: factor or slope of each element, empty if none was given
};

/// A weight under spectral normalisation (net::Dense::spectral): what its layer sees in its place.
template <class T>
struct NormalisedWeight {
  Variable<T>*raw = nullptr, *u = nullptr;
  Variable<T> normal;        ///< raw / sigma
  std::vector<T> next_u, v;  ///< of length 1
  T sigma = 1;

  void normalise(bool training);
  /// raw's gradient from normal's, u and v held.
  void pull_back();
};

/// The pass as a whole.
struct PassMode {
  std::int64_t count = 0;
  bool training = false;
  int groups = 1;
};

/// [C, positions] of a sample: a vector [F] has one position.
struct ChannelPlanes {
  explicit ChannelPlanes(const Shape& shape) : channels(shape[0]), positions(element_count(shape) / shape[0]) {}
  std::int64_t channels, positions;
};

/// [C, H, W] of a sample: a sequence [C, T] has one row, a vector [F] one position.
struct Extents {
  explicit Extents(const Shape& s)
      : c(s[0]),
        h(s.size() == 3 ? s[1] : 1),
        w(s.size() == 3   ? s[2]
          : s.size() == 2 ? s[1]
                          : 1) {}
  std::int64_t c, h, w;
};

#define GANYMEDE_LAYER(Layer)                                            \
  template <class T>                                                     \
  void forward(const net::Layer& layer, NodeState<T>& s, PassMode mode); \
  template <class T>                                                     \
  void backward(const net::Layer& layer, NodeState<T>& s, PassMode mode);

GANYMEDE_LAYER(Dense)
GANYMEDE_LAYER(Conv)
GANYMEDE_LAYER(ConvTranspose)
GANYMEDE_LAYER(BatchNorm)
GANYMEDE_LAYER(LayerNorm)
GANYMEDE_LAYER(Activation)
GANYMEDE_LAYER(Dropout)
GANYMEDE_LAYER(Embedding)
GANYMEDE_LAYER(OneHot)
GANYMEDE_LAYER(Multiply)
GANYMEDE_LAYER(Concat)
GANYMEDE_LAYER(Reshape)
GANYMEDE_LAYER(Pool)
GANYMEDE_LAYER(Permute)
GANYMEDE_LAYER(ConvGru)
GANYMEDE_LAYER(Lstm)
GANYMEDE_LAYER(MinibatchStd)
GANYMEDE_LAYER(Projection)
#undef GANYMEDE_LAYER

/// At the end of each file of layers.
#define GANYMEDE_INSTANTIATE_LAYER(Layer)                                  \
  template void forward(const net::Layer&, NodeState<float>&, PassMode);   \
  template void forward(const net::Layer&, NodeState<double>&, PassMode);  \
  template void forward(const net::Layer&, NodeState<Dual>&, PassMode);    \
  template void backward(const net::Layer&, NodeState<float>&, PassMode);  \
  template void backward(const net::Layer&, NodeState<double>&, PassMode); \
  template void backward(const net::Layer&, NodeState<Dual>&, PassMode)

}  // namespace ganymede::engine
