#include "engine/reference/reference_optimizer.hpp"

#include <cmath>

namespace ganymede::engine {
namespace {

// Nadam's momentum of update t (Dozat 2016 as in Keras).
double nadam_momentum(double beta1, std::int64_t t) {
  return beta1 * (1 - 0.5 * std::pow(0.96, static_cast<double>(t)));
}

}  // namespace

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

  ++step_;
  const auto t = static_cast<double>(step_);
  const double lr = rate(), b1 = rule_.beta1, b2 = rule_.beta2, epsilon = rule_.epsilon;
  const double correction1 = 1 - std::pow(b1, t), correction2 = 1 - std::pow(b2, t);
  const double u = nadam_momentum(b1, step_), u_next = nadam_momentum(b1, step_ + 1);
  double u_product = 1;
  if (rule_.kind == OptimizerKind::nadam) {
    for (std::int64_t i = 1; i <= step_; ++i) u_product *= nadam_momentum(b1, i);
  }

  for (std::size_t k = 0; k < variables.size(); ++k) {
    if (!variables[k].trainable) continue;
    for (std::size_t i = 0; i < variables[k].value.size(); ++i) {
      const double g = scale * static_cast<double>(variables[k].gradient[i]);
      double p = variables[k].value[i];
      double m = has_m() ? static_cast<double>(m_[k][i]) : 0;
      double v = has_v() ? static_cast<double>(v_[k][i]) : 0;
      switch (rule_.kind) {
        case OptimizerKind::adam:
          m += (1 - b1) * (g - m);
          v += (1 - b2) * (g * g - v);
          p -= lr * std::sqrt(correction2) / correction1 * m / (std::sqrt(v) + epsilon);
          break;
        case OptimizerKind::nadam: {
          m += (1 - b1) * (g - m);
          v += (1 - b2) * (g * g - v);
          const double ahead = u_next * m / (1 - u_product * u_next) + (1 - u) * g / (1 - u_product);
          p -= lr * ahead / (std::sqrt(v / correction2) + epsilon);
          break;
        }
        case OptimizerKind::rmsprop:
          v = rule_.rho * v + (1 - rule_.rho) * g * g;
          p -= lr * g / std::sqrt(v + epsilon);
          break;
        case OptimizerKind::sgd:
          m = rule_.momentum * m - lr * g;
          p += m;
          break;
      }
      variables[k].value[i] = static_cast<T>(p);
      if (has_m()) m_[k][i] = static_cast<T>(m);
      if (has_v()) v_[k][i] = static_cast<T>(v);
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

template class ReferenceOptimizer<float>;
template class ReferenceOptimizer<double>;

}  // namespace ganymede::engine
