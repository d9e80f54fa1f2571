#pragma once

#include <functional>
#include <span>

#include "theory/density.hpp"

namespace ganymede::theory {

// How far two densities are apart, and what a discriminator gets of it. Natural logarithms throughout (nats) but where
// a name says bits; 1 nat = 1 / log 2 bits. Goodfellow et al. 2014; S-THEORY T1.

double bits(double nats);

/// The logit of D*(x) = p / (p + q): log p(x) - log q(x).
double optimal_logit(const Density& p, const Density& q, std::span<const double> x);
/// D*(x) = p(x) / (p(x) + q(x)), the best discriminator of reals from p and fakes from q.
double optimal_discriminator(const Density& p, const Density& q, std::span<const double> x);

/// p(x) log(p(x) / q(x)): what KL(p || q) is the integral of; 0 where p is 0.
double kl_integrand(const Density& p, const Density& q, std::span<const double> x);
/// Of JS: the mean of the integrands of KL(p || m) and KL(q || m), m = (p + q) / 2.
double js_integrand(const Density& p, const Density& q, std::span<const double> x);

/// KL(p || q) = integral of p log(p / q), over the lattice.
double kl(const Density& p, const Density& q, const Lattice& lattice);
/// JS(p || q) = (KL(p || m) + KL(q || m)) / 2, from 0 to log 2, over the lattice.
double js(const Density& p, const Density& q, const Lattice& lattice);

/// KL(N(m0, s0^2) || N(m1, s1^2)) = log(s1 / s0) + (s0^2 + (m0 - m1)^2) / (2 s1^2) - 1/2.
double kl_of_normals(double m0, double s0, double m1, double s1);

/// A discriminator by its logit.
using Logit = std::function<double(std::span<const double> x)>;

/// L(D, G) = E_p log D + E_q log(1 - D), what D ascends, over the lattice. At most -2 log 2 + 2 JS(p || q), which D*
/// reaches; -2 log 2 for D = 1/2 whatever p and q.
double game_value(const Density& p, const Density& q, const Logit& logit, const Lattice& lattice);
/// L(D*, G), integrated as such.
double optimal_value(const Density& p, const Density& q, const Lattice& lattice);

/// A mean over samples with its standard error.
struct Sampled {
  double mean = 0, error = 0;
};
/// L(D*, G) as training sees it: means over `count` samples of each density, sample i a function of (seed, i).
Sampled sampled_optimal_value(const Density& p, const Density& q, int count, unsigned long long seed);

}  // namespace ganymede::theory
