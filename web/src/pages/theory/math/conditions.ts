// What D's knowledge of the class is worth (S-THEORY T3): three classes on a line, and a G that heeds the class in a share of its samples alone.
import { type Density, lattice_around } from './density';
import { js, optimal_value } from './divergence';

/** p(x | c): class c lies about (c - 1) spacing; p(x) is their even mixture. */
export function class_density(c: number, spacing: number, deviation: number): Density {
  return [{ mean: (c - 1) * spacing, deviation, weight: 1 }];
}
export function marginal(spacing: number, deviation: number): Density {
  return [0, 1, 2].flatMap((c) => class_density(c, spacing, deviation));
}
/** q(x | c) = heeds p(x | c) + (1 - heeds) p(x): its marginal is p(x), whatever the share. */
export function heeding(c: number, heeds: number, spacing: number, deviation: number): Density {
  return [...class_density(c, spacing, deviation).map((part) => ({ ...part, weight: heeds })), ...marginal(spacing, deviation).map((part) => ({ ...part, weight: (1 - heeds) / 3 }))].filter(
    (part) => part.weight > 0,
  );
}

/** L(D*, G) of a D that is not told the class, and of one that is: the mean over the classes. And JS of the latter. */
export function values_of_conditions(heeds: number, spacing: number, deviation: number) {
  const all = marginal(spacing, deviation);
  const lattice = lattice_around([all], 401);
  const fakes = [0, 1, 2].flatMap((c) => heeding(c, heeds, spacing, deviation));
  const told = [0, 1, 2].map((c) => [class_density(c, spacing, deviation), heeding(c, heeds, spacing, deviation)] as const);
  const mean = (f: (p: Density, q: Density) => number) => told.reduce((sum, [p, q]) => sum + f(p, q), 0) / 3;
  return { blind: optimal_value(all, fakes, lattice), told: mean((p, q) => optimal_value(p, q, lattice)), js: mean((p, q) => js(p, q, lattice)) };
}
