#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/executor.hpp"
#include "engine/reference/interpreter.hpp"

namespace ganymede::engine {

/// What one update by a rule leaves of a parameter and its moments.
template <class N>
struct Moved {
  N parameter, first, second;
};

/// Update number t >= 1 by a rule, element by element; N is double or Dual.
class RuleAt {
 public:
  RuleAt(const Optimizer& rule, std::int64_t t);
  template <class N>
  Moved<N> move(N parameter, N gradient, N first, N second) const;

 private:
  Optimizer rule_;
  double correction1_, correction2_;           ///< 1 - b^t
  double u_ = 0, u_next_ = 0, u_product_ = 1;  ///< nadam
};

/// The update rules of engine::Optimizer, plainly: one network's moments and its number of updates.
template <class T>
class ReferenceOptimizer {
 public:
  ReferenceOptimizer(const Optimizer& rule, const std::vector<Variable<T>>& variables);

  /// One update of every trainable variable from its gradient, clipped together to rule.clip_norm.
  void update(std::vector<Variable<T>>& variables);

  /// Of the last update, or of the first one to come.
  double rate() const { return play::learning_rate(rule_, step_ > 0 ? step_ - 1 : 0); }
  /// Of variable k, empty where it has none.
  const std::vector<T>& first(std::size_t k) const { return m_[k]; }
  const std::vector<T>& second(std::size_t k) const { return v_[k]; }
  std::int64_t updates() const { return step_; }

  /// Adds "optimizer.<network>.<parameter>.m" / ".v" and "optimizer.<network>.step" to `state`.
  void save(const std::string& network, const std::vector<Variable<T>>& variables, NamedTensors& state) const;
  /// The inverse; what is not in `state` starts at zero. @throws DataError for a tensor of another shape or type
  void load(const std::string& network, const std::vector<Variable<T>>& variables, const NamedTensors& state);

 private:
  bool has_m() const;
  bool has_v() const;

  Optimizer rule_;
  std::int64_t step_ = 0;
  std::vector<std::vector<T>> m_, v_;  ///< by variable; empty for those that are not trainable or a rule without
};

}  // namespace ganymede::engine
