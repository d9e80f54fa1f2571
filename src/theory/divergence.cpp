#include "theory/divergence.hpp"

#include <cmath>
#include <numbers>

#include "base/portable_math.hpp"

namespace ganymede::theory {
namespace {

// The sum of f over a lattice, times a cell: in the lattice's order, whatever the machine.
template <class F>
double integral(const Lattice& lattice, F&& f) {
  std::vector<double> x(static_cast<std::size_t>(lattice.dim()));
  double sum = 0;
  for (long long i = 0; i < lattice.count(); ++i) {
    lattice.place(i, x);
    sum += f(std::span<const double>(x));
  }
  return sum * lattice.cell();
}

// p log D + q log(1 - D) at a place, D = sigmoid(s).
double value_there(double p, double q, double s) {
  return -p * portable_softplus(-s) - q * portable_softplus(s);
}

}  // namespace

double bits(double nats) {
  return nats / std::numbers::ln2;
}

double optimal_logit(const Density& p, const Density& q, std::span<const double> x) {
  return p.log_at(x) - q.log_at(x);
}

double optimal_discriminator(const Density& p, const Density& q, std::span<const double> x) {
  return portable_sigmoid(optimal_logit(p, q, x));
}

double kl_integrand(const Density& p, const Density& q, std::span<const double> x) {
  const double log = p.log_at(x);
  return portable_exp(log) * (log - q.log_at(x));
}

double js_integrand(const Density& p, const Density& q, std::span<const double> x) {
  const double log_p = p.log_at(x), log_q = q.log_at(x);
  // log m = log p + log((1 + q / p) / 2), and the same from the side of q.
  const double p_over_m = std::numbers::ln2 - portable_softplus(log_q - log_p);
  const double q_over_m = std::numbers::ln2 - portable_softplus(log_p - log_q);
  return (portable_exp(log_p) * p_over_m + portable_exp(log_q) * q_over_m) / 2;
}

double kl(const Density& p, const Density& q, const Lattice& lattice) {
  return integral(lattice, [&](std::span<const double> x) { return kl_integrand(p, q, x); });
}

double js(const Density& p, const Density& q, const Lattice& lattice) {
  return integral(lattice, [&](std::span<const double> x) { return js_integrand(p, q, x); });
}

double kl_of_normals(double m0, double s0, double m1, double s1) {
  return portable_log(s1 / s0) + (s0 * s0 + (m0 - m1) * (m0 - m1)) / (2 * s1 * s1) - 0.5;
}

double game_value(const Density& p, const Density& q, const Logit& logit, const Lattice& lattice) {
  return integral(lattice, [&](std::span<const double> x) { return value_there(p.at(x), q.at(x), logit(x)); });
}

double optimal_value(const Density& p, const Density& q, const Lattice& lattice) {
  return game_value(
      p, q, [&](std::span<const double> x) { return optimal_logit(p, q, x); }, lattice);
}

Sampled sampled_optimal_value(const Density& p, const Density& q, int count, unsigned long long seed) {
  const Random of_p(seed, "theory.real"), of_q(seed, "theory.fake");
  std::vector<double> x(static_cast<std::size_t>(p.dim()));
  double sum = 0, squares = 0;
  for (int i = 0; i < count; ++i) {
    RandomSequence next_p(of_p, static_cast<std::uint32_t>(i)), next_q(of_q, static_cast<std::uint32_t>(i));
    p.draw(next_p, x);
    const double real = -portable_softplus(-optimal_logit(p, q, x));
    q.draw(next_q, x);
    const double fake = -portable_softplus(optimal_logit(p, q, x));
    sum += real + fake;
    squares += (real + fake) * (real + fake);
  }
  const double mean = sum / count;
  return {.mean = mean, .error = std::sqrt((squares / count - mean * mean) / (count - 1))};
}

}  // namespace ganymede::theory
