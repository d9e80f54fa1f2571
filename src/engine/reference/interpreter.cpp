#include "engine/reference/interpreter.hpp"

#include <algorithm>
#include <cmath>

#include "engine/reference/interpreter_layers.hpp"

namespace ganymede::engine {
namespace {

template <class T>
void take_input(NodeState<T>& s, const net::Input& input, const NamedInputs<T>& inputs) {
  const std::string& name = s.node->name;
  if (input.role != net::Role::class_index) {
    const auto found = inputs.values.find(name);
    const std::int64_t wanted = inputs.count * element_count(s.shape);
    if (found == inputs.values.end() || static_cast<std::int64_t>(found->second.size()) != wanted) {
      fail<ShapeError>("input '{}': wanted {} values, {} of shape {}; found {}", name, wanted, inputs.count,
                       to_string(s.shape), found == inputs.values.end() ? 0 : found->second.size());
    }
    s.value = found->second;
    return;
  }
  const auto found = inputs.classes.find(name);
  if (found == inputs.classes.end() || static_cast<std::int64_t>(found->second.size()) != inputs.count) {
    fail<ShapeError>("input '{}': wanted {} classes, found {}", name, inputs.count,
                     found == inputs.classes.end() ? 0 : found->second.size());
  }
  for (const std::int32_t c : found->second) {
    if (c < 0 || c >= input.classes) fail<DataError>("input '{}': class {} is not in [0, {})", name, c, input.classes);
  }
  s.classes = found->second;
  const auto mixed = inputs.mixtures.find(name);
  if (mixed == inputs.mixtures.end()) return;
  const auto& [toward, shares] = mixed->second;
  if (toward.size() != s.classes.size() || shares.size() != s.classes.size()) {
    fail<ShapeError>("input '{}': wanted {} second classes and shares, found {} and {}", name, inputs.count,
                     toward.size(), shares.size());
  }
  for (const std::int32_t c : toward) {
    if (c < 0 || c >= input.classes) fail<DataError>("input '{}': class {} is not in [0, {})", name, c, input.classes);
  }
  s.toward = toward;
  s.shares = shares;
}

template <class T>
void apply(const Override& change, NodeState<T>& s, std::int64_t count) {
  const Extents e(s.shape);
  if (change.channel < -1 || change.channel >= e.c || change.row < -1 || change.row >= e.h) {
    fail<ConfigError>("override of '{}': channel {} or row {} is not within {}", change.node, change.channel,
                      change.row, to_string(s.shape));
  }
  for (std::int64_t i = 0; i < count * e.c * e.h * e.w; ++i) {
    const bool hit = (change.channel == -1 || i / (e.h * e.w) % e.c == change.channel) &&
                     (change.row == -1 || i / e.w % e.h == change.row);
    if (hit) s.value[static_cast<std::size_t>(i)] = static_cast<T>(change.value);
  }
}

template <class T>
Tensor tensor_of(const Shape& shape, const std::vector<T>& values) {
  return Tensor::of<T>(shape, values);
}
Tensor tensor_of(const Shape& shape, const std::vector<Dual>& values) {
  std::vector<double> still(values.size());
  std::ranges::transform(values, still.begin(), &Dual::value);
  return Tensor::of<double>(shape, still);
}

}  // namespace

template <class T>
std::vector<T> to_vector(const Tensor& tensor, const std::string& name) {
  std::vector<T> out(static_cast<std::size_t>(tensor.count()));
  const auto copy = [&](auto values) {
    std::transform(values.begin(), values.end(), out.begin(), [](auto v) { return static_cast<T>(v); });
  };
  if (tensor.dtype() == DType::f32) {
    copy(tensor.values<float>());
  } else if (tensor.dtype() == DType::f64) {
    copy(tensor.values<double>());
  } else {
    fail<DataError>("{}: wanted f32 or f64, found {}", name, name_of(tensor.dtype()));
  }
  return out;
}

template <class T>
Interpreter<T>::Interpreter(const net::Network& network)
    : network_(network), variables_(std::make_unique<std::vector<Variable<T>>>()) {
  for (const net::Parameter& p : net::parameters(network_)) {
    const auto count = static_cast<std::size_t>(element_count(p.shape));
    variables_->push_back({p.name, p.shape, p.trainable, std::vector<T>(count), {}});
  }
  const std::vector<Shape> shapes = net::infer_shapes(network_);
  nodes_.resize(shapes.size());
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const net::Node& node = network_.nodes[i];
    const auto variable = [&](const char* suffix) -> Variable<T>* {
      for (Variable<T>& v : *variables_) {
        if (v.name == node.name + suffix) return &v;
      }
      return nullptr;
    };
    nodes_[i].node = &node;
    nodes_[i].shape = shapes[i];
    nodes_[i].weight = variable(".weight");
    nodes_[i].bias = variable(".bias");
    nodes_[i].weight_ih = variable(".weight_ih");
    nodes_[i].weight_hh = variable(".weight_hh");
    nodes_[i].class_weight = variable(".class_weight");
    for (const auto& [suffix, slot] :
         {std::pair{".weight_u", &nodes_[i].weight}, std::pair{".class_weight_u", &nodes_[i].class_weight}}) {
      Variable<T>* const u = variable(suffix);
      if (u == nullptr) continue;
      normalised_.push_back(std::make_unique<NormalisedWeight<T>>());
      normalised_.back()->raw = *slot;
      normalised_.back()->u = u;
      normalised_.back()->normal = **slot;
      *slot = &normalised_.back()->normal;
    }
    nodes_[i].running_mean = variable(".running_mean");
    nodes_[i].running_var = variable(".running_var");
    for (const std::string& input : node.inputs) nodes_[i].inputs.push_back(&nodes_[index(input)]);
  }
}

template <class T>
Interpreter<T>::~Interpreter() = default;
template <class T>
Interpreter<T>::Interpreter(Interpreter&&) noexcept = default;

template <class T>
std::size_t Interpreter<T>::index(const std::string& node) const {
  return static_cast<std::size_t>(&network_.node(node) - network_.nodes.data());
}

template <class T>
void Interpreter<T>::set_parameters(const NamedTensors& tensors) {
  for (Variable<T>& v : *variables_) {
    const std::string name = network_.name + "." + v.name;
    const auto found = tensors.find(name);
    if (found == tensors.end()) fail<DataError>("{} is missing", name);
    if (found->second.shape() != v.shape) {
      fail<DataError>("{}: wanted {}, found {}", name, to_string(v.shape), to_string(found->second.shape()));
    }
    v.value = to_vector<T>(found->second, name);
  }
}

template <class T>
NamedTensors Interpreter<T>::parameters() const {
  NamedTensors tensors;
  for (const Variable<T>& v : *variables_) {
    tensors.emplace(network_.name + "." + v.name, tensor_of(v.shape, v.value));
  }
  return tensors;
}

template <class T>
NamedTensors Interpreter<T>::gradients() const {
  NamedTensors tensors;
  for (const Variable<T>& v : *variables_) {
    if (v.trainable) tensors.emplace(network_.name + "." + v.name, tensor_of(v.shape, v.gradient));
  }
  return tensors;
}

template <class T>
std::map<std::string, double> Interpreter<T>::sums_of_magnitudes() const {
  std::map<std::string, double> sums;
  for (const NodeState<T>& s : nodes_) {
    if (s.bias == nullptr || s.bias->value.size() != 1) continue;
    double& sum = sums[network_.name + "." + s.bias->name];
    for (const T term : s.gradient)
      sum += std::abs(static_cast<double>(term));  // d loss / d output, of any layer's bias
  }
  return sums;
}

template <class T>
void Interpreter<T>::forward(const NamedInputs<T>& inputs, const Mode<T>& mode) {
  if (inputs.count < 1 || mode.groups < 1 || inputs.count % mode.groups != 0) {
    fail<ShapeError>("{}: {} samples do not make {} equal groups", network_.name, inputs.count, mode.groups);
  }
  count_ = inputs.count;
  mode_ = mode;
  const PassMode pass{count_, mode.training, mode.groups};
  for (const auto& [name, values] : mode.noise) {
    const NodeState<T>& s = nodes_[index(name)];
    if (static_cast<std::int64_t>(values.size()) != count_ * element_count(s.shape)) {
      fail<ShapeError>("noise of '{}': wanted {} values, found {}", name, count_ * element_count(s.shape),
                       values.size());
    }
  }
  for (const auto& weight : normalised_) weight->normalise(mode.training);
  for (NodeState<T>& s : nodes_) {
    const auto noise = mode.noise.find(s.node->name);
    s.noise = mode.training && noise != mode.noise.end() ? noise->second : std::vector<T>();
    std::visit(
        [&](const auto& layer) {
          if constexpr (std::is_same_v<std::decay_t<decltype(layer)>, net::Input>) {
            take_input(s, layer, inputs);
          } else {
            engine::forward(layer, s, pass);
          }
        },
        s.node->layer);
    for (const Override& change : mode.overrides) {
      if (change.node == s.node->name) apply(change, s, count_);
    }
  }
  for (const Override& change : mode.overrides) index(change.node);  // throws for a node that is not there
}

template <class T>
void Interpreter<T>::backward(const std::map<std::string, std::vector<T>>& output_gradients) {
  const PassMode pass{count_, mode_.training, mode_.groups};
  for (Variable<T>& v : *variables_) v.gradient.assign(v.trainable ? v.value.size() : 0, T(0));
  for (const auto& weight : normalised_) weight->normal.gradient.assign(weight->normal.value.size(), T(0));
  for (NodeState<T>& s : nodes_) s.gradient.assign(s.value.size(), T(0));
  for (const auto& [name, gradient] : output_gradients) {
    NodeState<T>& s = nodes_[index(name)];
    if (gradient.size() != s.value.size()) {
      fail<ShapeError>("gradient of '{}': wanted {} values, found {}", name, s.value.size(), gradient.size());
    }
    s.gradient = gradient;
  }
  for (auto s = nodes_.rbegin(); s != nodes_.rend(); ++s) {
    std::visit(
        [&](const auto& layer) {
          if constexpr (!std::is_same_v<std::decay_t<decltype(layer)>, net::Input>) engine::backward(layer, *s, pass);
        },
        s->node->layer);
  }
  for (const auto& weight : normalised_) weight->pull_back();
}

template <class T>
const std::vector<T>& Interpreter<T>::value(const std::string& node) const {
  return nodes_[index(node)].value;
}

template <class T>
const std::vector<T>& Interpreter<T>::gradient(const std::string& node) const {
  return nodes_[index(node)].gradient;
}

template <class T>
Tensor Interpreter<T>::tensor(const std::string& node) const {
  const NodeState<T>& s = nodes_[index(node)];
  Shape shape = s.shape;
  shape.insert(shape.begin(), count_);
  return tensor_of(shape, s.value);
}

template <class T>
void Interpreter<T>::update_running_statistics() {
  if (!mode_.training) return;
  for (const auto& weight : normalised_) weight->u->value = weight->next_u;
  for (NodeState<T>& s : nodes_) {
    if (const auto* spread = std::get_if<net::MinibatchStd>(&s.node->layer)) {
      const T keep = static_cast<T>(spread->momentum);
      for (const T mean : s.mean) s.running_mean->value[0] = keep * s.running_mean->value[0] + (1 - keep) * mean;
    }
    const auto* layer = std::get_if<net::BatchNorm>(&s.node->layer);
    if (layer == nullptr) continue;
    const T keep = static_cast<T>(layer->momentum);
    const std::size_t channels = s.running_mean->value.size();
    for (std::size_t k = 0; k < s.mean.size(); ++k) {
      T& mean = s.running_mean->value[k % channels];
      T& variance = s.running_var->value[k % channels];
      mean = keep * mean + (1 - keep) * s.mean[k];
      variance = keep * variance + (1 - keep) * s.variance[k];
    }
  }
}

template <class T>
std::int64_t Interpreter<T>::memory_bytes() const {
  std::size_t elements = 0;
  for (const Variable<T>& v : *variables_) elements += v.value.size() + v.gradient.size();
  for (const NodeState<T>& s : nodes_) elements += s.value.size() + s.gradient.size() + s.noise.size();
  return static_cast<std::int64_t>(elements * sizeof(T));
}

template <class T>
NamedInputs<T> named_inputs(const net::Network& network, std::int64_t count, std::span<const T> values,
                            std::span<const std::int32_t> classes, std::span<const std::int32_t> toward,
                            std::span<const float> shares, std::span<const float> conditions) {
  NamedInputs<T> inputs{.count = count, .values = {}, .classes = {}};
  for (const net::Node& node : network.nodes) {
    const auto* input = std::get_if<net::Input>(&node.layer);
    if (input == nullptr) continue;
    if (input->role == net::Role::class_index) {
      inputs.classes.emplace(node.name, std::vector<std::int32_t>(classes.begin(), classes.end()));
      if (!toward.empty())
        inputs.mixtures.emplace(node.name, Mixture<T>{{toward.begin(), toward.end()}, {shares.begin(), shares.end()}});
    } else if (input->role == net::Role::condition) {
      inputs.values.emplace(node.name, std::vector<T>(conditions.begin(), conditions.end()));
    } else {
      inputs.values.emplace(node.name, std::vector<T>(values.begin(), values.end()));
    }
  }
  return inputs;
}

template <class T>
void NormalisedWeight<T>::normalise(bool training) {
  const auto rows = static_cast<std::size_t>(raw->shape[0]), columns = raw->value.size() / rows;
  const auto to_length_one = [](std::vector<T>& x) {
    T squares = 0;
    for (const T value : x) squares += value * value;
    using std::sqrt;
    const T length = std::max(sqrt(squares), static_cast<T>(1e-12));
    for (T& value : x) value /= length;
    return length;
  };
  next_u = u->value;
  to_length_one(next_u);
  v.assign(columns, T(0));
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t k = 0; k < columns; ++k) v[k] += raw->value[r * columns + k] * next_u[r];
  }
  sigma = to_length_one(v);
  if (training) {
    next_u.assign(rows, T(0));
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t k = 0; k < columns; ++k) next_u[r] += raw->value[r * columns + k] * v[k];
    }
    sigma = to_length_one(next_u);
  }
  normal.value.resize(raw->value.size());
  for (std::size_t i = 0; i < normal.value.size(); ++i) normal.value[i] = raw->value[i] / sigma;
}

// W / sigma with sigma = u' W v.
template <class T>
void NormalisedWeight<T>::pull_back() {
  T along = 0;
  for (std::size_t i = 0; i < normal.value.size(); ++i) along += normal.gradient[i] * normal.value[i];
  for (std::size_t i = 0; i < normal.value.size(); ++i)
    raw->gradient[i] += (normal.gradient[i] - along * next_u[i / v.size()] * v[i % v.size()]) / sigma;
}

template class Interpreter<float>;
template class Interpreter<double>;
template class Interpreter<Dual>;
template std::vector<float> to_vector(const Tensor&, const std::string&);
template std::vector<double> to_vector(const Tensor&, const std::string&);
template std::vector<Dual> to_vector(const Tensor&, const std::string&);
template NamedInputs<float> named_inputs(const net::Network&, std::int64_t, std::span<const float>,
                                         std::span<const std::int32_t>, std::span<const std::int32_t>,
                                         std::span<const float>, std::span<const float>);
template NamedInputs<double> named_inputs(const net::Network&, std::int64_t, std::span<const double>,
                                          std::span<const std::int32_t>, std::span<const std::int32_t>,
                                          std::span<const float>, std::span<const float>);
template NamedInputs<Dual> named_inputs(const net::Network&, std::int64_t, std::span<const Dual>,
                                        std::span<const std::int32_t>, std::span<const std::int32_t>,
                                        std::span<const float>, std::span<const float>);

}  // namespace ganymede::engine
