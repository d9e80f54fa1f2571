#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/executor.hpp"
#include "net/network.hpp"

namespace ganymede::engine {

// The plain interpreter: a network by naive loops in NCHW, in float, double or dual numbers (dual.hpp). It is the
// reference for the fast engine and whatever other executor there will be: what a layer means is what the files
// interpreter_*.cpp say. In dual numbers values and gradients carry their own tangents, by no further rule; tensors
// that come out hold the numbers alone.

/// One tensor of the network. T is float, double or Dual.
template <class T>
struct Variable {
  std::string name;  ///< without the network's name: "conv1.weight"
  Shape shape;
  bool trainable = true;
  std::vector<T> value;
  std::vector<T> gradient;  ///< of the last backward; empty where not trainable
};

/// The second class of each sample and its share: play::Inputs::toward and shares.
template <class T>
struct Mixture {
  std::vector<std::int32_t> toward;  ///< [N]
  std::vector<T> shares;             ///< [N], in [0, 1]
};

/// What goes in, by the names of the input nodes.
template <class T>
struct NamedInputs {
  std::int64_t count = 0;                                    ///< N
  std::map<std::string, std::vector<T>> values;              ///< [N, shape] in NCHW
  std::map<std::string, std::vector<std::int32_t>> classes;  ///< [N] for inputs of role class_index
  std::map<std::string, Mixture<T>> mixtures{};              ///< for some of those; no backward follows
};

/// How to go through the network.
template <class T>
struct Mode {
  bool training = false;
  /// BatchNorm takes its statistics over each of so many equal groups of consecutive samples: [real; fake] has two.
  int groups = 1;
  /// By node name, [N, shape], used in training: the factor of each element of a Dropout (0 or 1 / (1 - rate)) and the
  /// slope of each element of a rrelu. A Dropout without it passes everything; a rrelu takes the mean slope.
  std::map<std::string, std::vector<T>> noise = {};
  std::vector<Override> overrides = {};
};

template <class T>
struct NodeState;
template <class T>
struct NormalisedWeight;

template <class T>
class Interpreter {
 public:
  /// All parameters are zero. @throws what infer_shapes throws
  explicit Interpreter(const net::Network& network);
  ~Interpreter();
  Interpreter(Interpreter&&) noexcept;

  const net::Network& network() const { return network_; }
  std::vector<Variable<T>>& variables() { return *variables_; }
  const std::vector<Variable<T>>& variables() const { return *variables_; }

  /// All parameters, f32 or f64, keyed "<network>.<parameter>"; other keys are left alone.
  /// @throws DataError naming what is missing or misshapen.
  void set_parameters(const NamedTensors& tensors);
  /// The same, of type T.
  NamedTensors parameters() const;
  /// Gradients of the last `backward`, keyed and shaped like the trainable parameters.
  NamedTensors gradients() const;

  /// Of each bias of a single number, keyed likewise: the sum of |t| over the terms t that the last `backward` added up
  /// to its gradient, one a sample and position.
  std::map<std::string, double> sums_of_magnitudes() const;

  /// Computes every node. Changes no parameter: running statistics wait for `update_running_statistics`.
  /// @throws ShapeError, ConfigError or DataError naming the node whose input does not fit
  void forward(const NamedInputs<T>& inputs, const Mode<T>& mode = {});
  /// The output of a node in the last forward, [N, shape].
  const std::vector<T>& value(const std::string& node) const;
  /// The same with its shape.
  Tensor tensor(const std::string& node) const;

  /// From d loss / d output of some nodes, [N, shape], to those of every variable and node. Needs a forward before it.
  void backward(const std::map<std::string, std::vector<T>>& output_gradients);
  /// d loss / d output of a node after `backward`, inputs included.
  const std::vector<T>& gradient(const std::string& node) const;

  /// running = momentum running + (1 - momentum) batch, for each group of the last forward in order (training only).
  void update_running_statistics();

  std::int64_t memory_bytes() const;

 private:
  std::size_t index(const std::string& node) const;

  net::Network network_;
  std::unique_ptr<std::vector<Variable<T>>> variables_;
  std::vector<std::unique_ptr<NormalisedWeight<T>>> normalised_;
  std::vector<NodeState<T>> nodes_;
  Mode<T> mode_;
  std::int64_t count_ = 0;
};

/// The elements of an f32 or f64 tensor. @throws DataError with `name` for another type
template <class T>
std::vector<T> to_vector(const Tensor& tensor, const std::string& name);

/// Those of a network of one input of values and at most one of classes and of conditions; `forward` checks the sizes.
template <class T>
NamedInputs<T> named_inputs(const net::Network& network, std::int64_t count, std::span<const T> values,
                            std::span<const std::int32_t> classes, std::span<const std::int32_t> toward = {},
                            std::span<const float> shares = {}, std::span<const float> conditions = {});

}  // namespace ganymede::engine
