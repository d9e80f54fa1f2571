#include <cmath>

#include "engine/reference/interpreter_layers.hpp"

namespace ganymede::engine {
namespace {

// A norm cuts the batch into sets of elements that share mean and variance. Here each layer says what its sets are.
struct Set {
  std::vector<std::size_t> elements;  // places in [N, shape]
  std::vector<std::size_t> weights;   // and the weight of each
};

// One set for each group and channel, in this order.
std::vector<Set> sets_of(const net::BatchNorm&, const Shape& shape, PassMode mode) {
  const ChannelPlanes p(shape);
  const std::int64_t size = mode.count / mode.groups;
  std::vector<Set> sets(static_cast<std::size_t>(mode.groups * p.channels));
  for (std::int64_t n = 0; n < mode.count; ++n) {
    for (std::int64_t c = 0; c < p.channels; ++c) {
      Set& set = sets[static_cast<std::size_t>(n / size * p.channels + c)];
      for (std::int64_t i = 0; i < p.positions; ++i) {
        set.elements.push_back(static_cast<std::size_t>((n * p.channels + c) * p.positions + i));
        set.weights.push_back(static_cast<std::size_t>(c));
      }
    }
  }
  return sets;
}

// One set for each sample and, unless it is over the whole sample, each position.
std::vector<Set> sets_of(const net::LayerNorm& layer, const Shape& shape, PassMode mode) {
  const ChannelPlanes p(shape);
  const bool whole = layer.over == net::LayerNorm::Over::sample;
  std::vector<Set> sets(static_cast<std::size_t>(whole ? mode.count : mode.count * p.positions));
  for (std::int64_t n = 0; n < mode.count; ++n) {
    for (std::int64_t c = 0; c < p.channels; ++c) {
      for (std::int64_t i = 0; i < p.positions; ++i) {
        Set& set = sets[static_cast<std::size_t>(whole ? n : n * p.positions + i)];
        set.elements.push_back(static_cast<std::size_t>((n * p.channels + c) * p.positions + i));
        set.weights.push_back(static_cast<std::size_t>(whole ? c * p.positions + i : c));
      }
    }
  }
  return sets;
}

// y = w (x - mean) inverse + b with the mean and deviation of each set.
template <class T>
void normalise(NodeState<T>& s, const std::vector<Set>& sets) {
  const std::vector<T>& x = s.inputs[0]->value;
  s.value.resize(x.size());
  for (std::size_t k = 0; k < sets.size(); ++k) {
    for (std::size_t i = 0; i < sets[k].elements.size(); ++i) {
      const std::size_t e = sets[k].elements[i], w = sets[k].weights[i];
      s.value[e] = s.weight->value[w] * (x[e] - s.mean[k]) * s.inverse[k] + s.bias->value[w];
    }
  }
}

template <class T>
void take_statistics(NodeState<T>& s, const std::vector<Set>& sets, double epsilon) {
  const std::vector<T>& x = s.inputs[0]->value;
  s.mean.clear();
  s.variance.clear();
  s.inverse.clear();
  using std::sqrt;
  for (const Set& set : sets) {
    const T count = static_cast<T>(set.elements.size());
    T mean = 0, variance = 0;
    for (const std::size_t e : set.elements) mean += x[e] / count;
    for (const std::size_t e : set.elements) variance += (x[e] - mean) * (x[e] - mean) / count;
    s.mean.push_back(mean);
    s.variance.push_back(variance);
    s.inverse.push_back(1 / sqrt(variance + static_cast<T>(epsilon)));
  }
}

// With h = (x - mean) inverse and g = w dy: dw += dy h, db += dy, and dx = inverse (g - mean(g) - h mean(g h)). Where
// the statistics are constants (BatchNorm in inference) the two means fall away.
template <class T>
void backward_sets(NodeState<T>& s, const std::vector<Set>& sets, bool constant) {
  const std::vector<T>& x = s.inputs[0]->value;
  for (std::size_t k = 0; k < sets.size(); ++k) {
    const Set& set = sets[k];
    const T count = static_cast<T>(set.elements.size());
    T mean_g = 0, mean_gh = 0;
    for (std::size_t i = 0; i < set.elements.size(); ++i) {
      const std::size_t e = set.elements[i], w = set.weights[i];
      const T h = (x[e] - s.mean[k]) * s.inverse[k];
      s.weight->gradient[w] += s.gradient[e] * h;
      s.bias->gradient[w] += s.gradient[e];
      if (constant) continue;
      mean_g += s.weight->value[w] * s.gradient[e] / count;
      mean_gh += s.weight->value[w] * s.gradient[e] * h / count;
    }
    for (std::size_t i = 0; i < set.elements.size(); ++i) {
      const std::size_t e = set.elements[i];
      const T h = (x[e] - s.mean[k]) * s.inverse[k];
      const T g = s.weight->value[set.weights[i]] * s.gradient[e];
      s.inputs[0]->gradient[e] += s.inverse[k] * (g - mean_g - h * mean_gh);
    }
  }
}

}  // namespace

template <class T>
void forward(const net::BatchNorm& layer, NodeState<T>& s, PassMode mode) {
  const std::vector<Set> sets = sets_of(layer, s.shape, mode);
  if (mode.training) {
    take_statistics(s, sets, layer.epsilon);
  } else {
    using std::sqrt;
    const auto channels = static_cast<std::size_t>(s.shape[0]);
    s.mean.resize(sets.size());
    s.inverse.resize(sets.size());
    for (std::size_t k = 0; k < sets.size(); ++k) {
      s.mean[k] = s.running_mean->value[k % channels];
      s.inverse[k] = 1 / sqrt(s.running_var->value[k % channels] + static_cast<T>(layer.epsilon));
    }
  }
  normalise(s, sets);
}

template <class T>
void backward(const net::BatchNorm& layer, NodeState<T>& s, PassMode mode) {
  backward_sets(s, sets_of(layer, s.shape, mode), !mode.training);
}

template <class T>
void forward(const net::LayerNorm& layer, NodeState<T>& s, PassMode mode) {
  const std::vector<Set> sets = sets_of(layer, s.shape, mode);
  take_statistics(s, sets, layer.epsilon);
  normalise(s, sets);
}

template <class T>
void backward(const net::LayerNorm& layer, NodeState<T>& s, PassMode mode) {
  backward_sets(s, sets_of(layer, s.shape, mode), false);
}

// The samples of a part: of the whole batch in inference, whose number is the running one.
template <class T>
void forward(const net::MinibatchStd& layer, NodeState<T>& s, PassMode mode) {
  using std::sqrt;
  const std::vector<T>& x = s.inputs[0]->value;
  const auto features = static_cast<std::size_t>(element_count(s.inputs[0]->shape));
  const auto positions = static_cast<std::size_t>(element_count(s.shape)) - features;
  const auto groups = static_cast<std::size_t>(mode.training ? mode.groups : 1);
  const std::size_t size = static_cast<std::size_t>(mode.count) / groups;
  s.mean.assign(groups, s.running_mean->value[0]);
  for (std::size_t g = 0; mode.training && g < groups; ++g) {
    s.mean[g] = 0;
    for (std::size_t f = 0; f < features; ++f) {
      T mean = 0, variance = 0;
      for (std::size_t n = g * size; n < (g + 1) * size; ++n) mean += x[n * features + f] / static_cast<T>(size);
      for (std::size_t n = g * size; n < (g + 1) * size; ++n)
        variance += (x[n * features + f] - mean) * (x[n * features + f] - mean) / static_cast<T>(size);
      s.mean[g] += sqrt(variance + static_cast<T>(layer.epsilon)) / static_cast<T>(features);
    }
  }
  s.value.clear();
  for (std::size_t n = 0; n < groups * size; ++n) {
    s.value.insert(s.value.end(), x.begin() + static_cast<std::ptrdiff_t>(n * features),
                   x.begin() + static_cast<std::ptrdiff_t>((n + 1) * features));
    s.value.insert(s.value.end(), positions, s.mean[n / size]);
  }
}

template <class T>
void backward(const net::MinibatchStd& layer, NodeState<T>& s, PassMode mode) {
  using std::sqrt;
  const std::vector<T>& x = s.inputs[0]->value;
  const auto features = static_cast<std::size_t>(element_count(s.inputs[0]->shape));
  const auto all = static_cast<std::size_t>(element_count(s.shape));
  const auto groups = static_cast<std::size_t>(mode.training ? mode.groups : 1);
  const std::size_t size = static_cast<std::size_t>(mode.count) / groups;
  for (std::size_t g = 0; g < groups; ++g) {
    T total = 0;
    for (std::size_t n = g * size; n < (g + 1) * size; ++n) {
      for (std::size_t f = features; f < all; ++f) total += s.gradient[n * all + f];
    }
    for (std::size_t f = 0; f < features; ++f) {
      T mean = 0, variance = 0;
      for (std::size_t n = g * size; n < (g + 1) * size; ++n) mean += x[n * features + f] / static_cast<T>(size);
      for (std::size_t n = g * size; n < (g + 1) * size; ++n)
        variance += (x[n * features + f] - mean) * (x[n * features + f] - mean) / static_cast<T>(size);
      const T deviation = sqrt(variance + static_cast<T>(layer.epsilon));
      for (std::size_t n = g * size; n < (g + 1) * size; ++n) {
        T& to = s.inputs[0]->gradient[n * features + f];
        to += s.gradient[n * all + f];
        if (mode.training)
          to += total * (x[n * features + f] - mean) / (static_cast<T>(size) * deviation * static_cast<T>(features));
      }
    }
  }
}

GANYMEDE_INSTANTIATE_LAYER(MinibatchStd);
GANYMEDE_INSTANTIATE_LAYER(BatchNorm);
GANYMEDE_INSTANTIATE_LAYER(LayerNorm);

}  // namespace ganymede::engine
