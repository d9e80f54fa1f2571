#include "engine/reference/reference_optimizer.hpp"

#include <cmath>

#include "engine/reference/dual.hpp"

namespace ganymede::engine {
namespace {

// Nadam's momentum of update t (Dozat 2016 as in Keras).
double nadam_momentum(double beta1, std::int64_t t) {
  return beta1 * (1 - 0.5 * std::pow(0.96, static_cast<double>(t)));
}

}  // namespace

RuleAt::RuleAt(const Optimizer& rule, std::int64_t t)
    : rule_(rule),
      correction1_(1 - std::pow(rule.beta1, static_cast<double>(t))),
      correction2_(1 - std::pow(rule.beta2, static_cast<double>(t))) {
  rule_.learning_rate = play::learning_rate(rule, t - 1);
  if (rule.kind != OptimizerKind::nadam) return;
  u_ = nadam_momentum(rule.beta1, t);
  u_next_ = nadam_momentum(rule.beta1, t + 1);
  for (std::int64_t i = 1; i <= t; ++i) u_product_ *= nadam_momentum(rule.beta1, i);
}

template <class N>
Moved<N> RuleAt::move(N p, N g, N m, N v) const {
  using std::sqrt;
  const double lr = rule_.learning_rate, b1 = rule_.beta1, b2 = rule_.beta2, epsilon = rule_.epsilon;
  switch (rule_.kind) {
    case OptimizerKind::adam:
      m += (1 - b1) * (g - m);
      v += (1 - b2) * (g * g - v);
      p -= lr * std::sqrt(correction2_) / correction1_ * m / (sqrt(v) + epsilon);
      break;
    case OptimizerKind::nadam: {
      m += (1 - b1) * (g - m);
      v += (1 - b2) * (g * g - v);
      const N ahead = u_next_ * m / (1 - u_product_ * u_next_) + (1 - u_) * g / (1 - u_product_);
      p -= lr * ahead / (sqrt(v / correction2_) + epsilon);
      break;
    }
    case OptimizerKind::rmsprop:
      v = rule_.rho * v + (1 - rule_.rho) * g * g;
      p -= lr * g / sqrt(v + epsilon);
      break;
    case OptimizerKind::sgd:
      m = rule_.momentum * m - lr * g;
      p += m;
      break;
  }
  return {p, m, v};
}

template <class T>
ReferenceOptimizer<T>::ReferenceOptimizer(const Optimizer& rule, const std::vector<Variable<T>>& variables)
    : rule_(rule), m_(variables.size()), v_(variables.size()) {
  load("", variables, {});
}

template <class T>
bool ReferenceOptimizer<T>::has_m() const {
  return rule_.kind == OptimizerKind::adam || rule_.kind == OptimizerKind::nadam ||
         (rule_.kind == OptimizerKind::sgd && rule_.momentum != 0);
}

template <class T>
bool ReferenceOptimizer<T>::has_v() const {
  return rule_.kind != OptimizerKind::sgd;
}

template <class T>
void ReferenceOptimizer<T>::update(std::vector<Variable<T>>& variables) {
  double squares = 0;
  for (const Variable<T>& variable : variables) {
    for (const T g : variable.gradient) squares += static_cast<double>(g) * static_cast<double>(g);
  }
  const double norm = std::sqrt(squares);
  const double scale = rule_.clip_norm > 0 && norm > rule_.clip_norm ? rule_.clip_norm / norm : 1;

  const RuleAt rule(rule_, ++step_);
  for (std::size_t k = 0; k < variables.size(); ++k) {
    if (!variables[k].trainable) continue;
    for (std::size_t i = 0; i < variables[k].value.size(); ++i) {
      const Moved<double> moved =
          rule.move<double>(variables[k].value[i], scale * static_cast<double>(variables[k].gradient[i]),
                            has_m() ? static_cast<double>(m_[k][i]) : 0, has_v() ? static_cast<double>(v_[k][i]) : 0);
      variables[k].value[i] = static_cast<T>(moved.parameter);
      if (has_m()) m_[k][i] = static_cast<T>(moved.first);
      if (has_v()) v_[k][i] = static_cast<T>(moved.second);
    }
  }
}

template <class T>
void ReferenceOptimizer<T>::save(const std::string& network, const std::vector<Variable<T>>& variables,
                                 NamedTensors& state) const {
  const std::string prefix = "optimizer." + network + ".";
  for (std::size_t k = 0; k < variables.size(); ++k) {
    if (!m_[k].empty()) state.emplace(prefix + variables[k].name + ".m", Tensor::of<T>(variables[k].shape, m_[k]));
    if (!v_[k].empty()) state.emplace(prefix + variables[k].name + ".v", Tensor::of<T>(variables[k].shape, v_[k]));
  }
  state.emplace(prefix + "step", Tensor::of<std::int64_t>({1}, std::span(&step_, 1)));
}

template <class T>
void ReferenceOptimizer<T>::load(const std::string& network, const std::vector<Variable<T>>& variables,
                                 const NamedTensors& state) {
  const std::string prefix = "optimizer." + network + ".";
  const auto moment = [&](const Variable<T>& variable, bool wanted, const char* suffix) {
    if (!variable.trainable || !wanted) return std::vector<T>();
    const auto found = state.find(prefix + variable.name + suffix);
    if (found == state.end()) return std::vector<T>(variable.value.size());
    if (found->second.shape() != variable.shape) {
      fail<DataError>("{}: wanted {}, found {}", found->first, to_string(variable.shape),
                      to_string(found->second.shape()));
    }
    return to_vector<T>(found->second, found->first);
  };
  for (std::size_t k = 0; k < variables.size(); ++k) {
    m_[k] = moment(variables[k], has_m(), ".m");
    v_[k] = moment(variables[k], has_v(), ".v");
  }
  const auto step = state.find(prefix + "step");
  step_ = step == state.end() ? 0 : step->second.values<std::int64_t>()[0];
}

template Moved<double> RuleAt::move(double, double, double, double) const;
template Moved<Dual> RuleAt::move(Dual, Dual, Dual, Dual) const;
template class ReferenceOptimizer<float>;
template class ReferenceOptimizer<double>;

}  // namespace ganymede::engine
