#pragma once

#include <string>
#include <vector>

#include "base/thread_pool.hpp"
#include "engine/optimizer.hpp"
#include "engine/plan/program.hpp"

namespace ganymede::engine {

/// One network that is trained: its parameters, its optimiser's rule and its training program. Names of tensors are
/// those of Executor::state.
struct Player {
  Player(const net::Network& n, const Optimizer& rule_config, const Program::Options& options);

  void changed() { program.parameters_changed(); }

  /// The program's, with the spectral norms around it.
  void forward(const Step& step);
  void backward(const Step& step);

  /// L2 norm of each trainable parameter's gradient, in the set's order, also appended to `named`. Throws
  /// NonFiniteError.
  std::vector<double> gradient_norms(ThreadPool& pool, std::vector<GradientNorm>& named) const;
  void store_gradients(NamedTensors& into) const;
  void store_state(NamedTensors& into) const;
  /// Returns how many of the tensors it took; without moments they start at zero. Throws DataError naming what is
  /// missing or misshapen.
  std::size_t load_state(const NamedTensors& state);

  /// Running statistics move in the forward pass, before it is known whether the step is sound: these put them back.
  std::vector<std::vector<float>> statistics() const;
  void restore_statistics(const std::vector<std::vector<float>>& kept);

  net::Network network;
  Layout layout;
  ParameterSet parameters;
  OptimizerRule rule;
  Program program;
};

/// Throws DataError naming a tensor of `state` that is not in `known`, for an `owner` ("game").
void check_known(const NamedTensors& state, const NamedTensors& known, const std::string& owner);

/// The values of `count` samples of a field from `first` on, [count, features] in NCHW.
std::vector<float> read_samples(const Field& field, std::int64_t total, std::int64_t first, std::int64_t count);
/// The gradient of a field from sample `first` on.
void write_gradient(const Field& field, std::int64_t total, std::int64_t first, const std::vector<float>& values);

/// The arithmetic of a plan in one line: precision, level, algorithms.
std::string plan_name_of(const std::vector<PassInfo>& passes, bool mixed);

}  // namespace ganymede::engine
