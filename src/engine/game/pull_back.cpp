#include "engine/game/pull_back.hpp"

#include <cmath>

namespace ganymede::engine {

// How it works. For each element a rule makes p, m and v of p, m, v and the gradient g. With P, M, V the derivatives of
// the loss by what came out, those by what went in follow by the chain rule, from the last statement of the rule to the
// first; p itself goes through unchanged.

namespace {

// v = b2 v + (1 - b2) g^2;  m = b1 m + (1 - b1) g;  p -= (rate_m m + rate_g g) / (sqrt(v) scale + epsilon)
void through_moments(const kernels::Moments& r, const PastUpdate& u, const Adjoints& a) {
  const double b1 = r.beta1, b2 = r.beta2;
  for (std::int64_t i = 0; i < u.count; ++i) {
    if (a.parameter[i] == 0 && a.first[i] == 0 && a.second[i] == 0) {  // padding, most of it
      a.gradient[i] = 0;
      continue;
    }
    const double g = u.gradient[i], m = u.first[i], p = a.parameter[i];
    const double root = std::sqrt(double{u.second[i]});
    const double below = root * r.v_scale + r.epsilon;
    const double to_m = a.first[i] - r.rate_m * p / below;
    double to_v = a.second[i];
    if (root > 0) to_v += p * (r.rate_m * m + r.rate_g * g) / (below * below) * r.v_scale / (2 * root);
    a.gradient[i] = static_cast<float>(-r.rate_g * p / below + (1 - b1) * to_m + 2 * (1 - b2) * g * to_v);
    a.first[i] = static_cast<float>(b1 * to_m);
    a.second[i] = static_cast<float>(b2 * to_v);
  }
}

// v = rho v + (1 - rho) g^2;  p -= rate g / sqrt(v + epsilon)
void through_rmsprop(const play::Optimizer& r, const PastUpdate& u, const Adjoints& a) {
  for (std::int64_t i = 0; i < u.count; ++i) {
    const double g = u.gradient[i], p = a.parameter[i];
    const double inverse = 1 / std::sqrt(u.second[i] + r.epsilon);
    const double to_v = a.second[i] + r.learning_rate * p * g * inverse * inverse * inverse / 2;
    a.gradient[i] = static_cast<float>(-r.learning_rate * p * inverse + 2 * (1 - r.rho) * g * to_v);
    a.second[i] = static_cast<float>(r.rho * to_v);
  }
}

// m = momentum m - rate g;  p += m
void through_sgd(const play::Optimizer& r, const PastUpdate& u, const Adjoints& a) {
  for (std::int64_t i = 0; i < u.count; ++i) {
    const double to_m = double{a.first[i]} + a.parameter[i];
    a.gradient[i] = static_cast<float>(-r.learning_rate * to_m);
    a.first[i] = static_cast<float>(r.momentum * to_m);
  }
}

}  // namespace

void pull_back(const play::Optimizer& rule, const kernels::Moments& rates, const PastUpdate& update,
               const Adjoints& adjoints) {
  switch (rule.kind) {
    case play::OptimizerKind::adam:
    case play::OptimizerKind::nadam:
      return through_moments(rates, update, adjoints);
    case play::OptimizerKind::rmsprop:
      return through_rmsprop(rule, update, adjoints);
    case play::OptimizerKind::sgd:
      return through_sgd(rule, update, adjoints);
  }
}

}  // namespace ganymede::engine
