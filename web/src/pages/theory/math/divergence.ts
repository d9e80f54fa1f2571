// How far two densities are apart, and what a discriminator gets of it; nats. As src/theory/divergence.hpp.
import { at, type Density, integral, type Lattice, log_at } from './density';
import { sigmoid, softplus } from './losses';

export const bits = (nats: number): number => nats / Math.LN2;

/** The logit of D*(x) = p / (p + q). */
export const optimal_logit = (p: Density, q: Density, x: number): number => log_at(p, x) - log_at(q, x);
export const optimal_discriminator = (p: Density, q: Density, x: number): number => sigmoid(optimal_logit(p, q, x));

/** p log(p / q): what KL(p || q) is the integral of. */
export function kl_integrand(p: Density, q: Density, x: number): number {
  const log = log_at(p, x);
  return Math.exp(log) * (log - log_at(q, x));
}

/** Of JS: the mean of the integrands of KL(p || m) and KL(q || m), m = (p + q) / 2. */
export function js_integrand(p: Density, q: Density, x: number): number {
  const log_p = log_at(p, x), log_q = log_at(q, x);
  const p_over_m = Math.LN2 - softplus(log_q - log_p);
  const q_over_m = Math.LN2 - softplus(log_p - log_q);
  return (Math.exp(log_p) * p_over_m + Math.exp(log_q) * q_over_m) / 2;
}

export const kl = (p: Density, q: Density, lattice: Lattice): number => integral(lattice, (x) => kl_integrand(p, q, x));
export const js = (p: Density, q: Density, lattice: Lattice): number => integral(lattice, (x) => js_integrand(p, q, x));

/** KL(N(m0, s0^2) || N(m1, s1^2)). */
export function kl_of_normals(m0: number, s0: number, m1: number, s1: number): number {
  return Math.log(s1 / s0) + (s0 * s0 + (m0 - m1) ** 2) / (2 * s1 * s1) - 0.5;
}

/** What the game's value is the integral of, D = sigmoid(s): p log D + q log(1 - D). */
export const value_there = (p: number, q: number, s: number): number => -p * softplus(-s) - q * softplus(s);

/** L(D, G) = E_p log D + E_q log(1 - D), D by its logit. */
export function game_value(p: Density, q: Density, logit: (x: number) => number, lattice: Lattice): number {
  return integral(lattice, (x) => value_there(at(p, x), at(q, x), logit(x)));
}

/** L(D*, G), integrated as such. */
export const optimal_value = (p: Density, q: Density, lattice: Lattice): number => game_value(p, q, (x) => optimal_logit(p, q, x), lattice);
