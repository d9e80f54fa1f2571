// Densities of a line that are known: mixtures of Gaussians, and sums over even places in the place of integrals. As src/theory/density.hpp.
export interface Gaussian {
  mean: number;
  /** Above 0. */
  deviation: number;
  /** Share of the mixture, as it stands beside the others'. */
  weight: number;
}
export type Density = readonly Gaussian[];

/** N(mean, deviation^2). */
export const normal = (mean: number, deviation = 1): Density => [{ mean, deviation, weight: 1 }];

const kLogRootTwoPi = Math.log(Math.sqrt(2 * Math.PI));

/** log p(x), nats; of far places too, where p itself is 0. */
export function log_at(density: Density, x: number): number {
  // Many thousand times a frame: nothing is allocated.
  let total = 0, largest = -Infinity, sum = 0;
  for (const part of density) total += part.weight;
  for (const { mean, deviation, weight } of density) {
    const away = (x - mean) / deviation;
    const log = Math.log(weight / total / deviation) - (away * away) / 2 - kLogRootTwoPi;
    if (log > largest) {
      sum = sum * Math.exp(largest - log) + 1;
      largest = log;
    } else sum += Math.exp(log - largest);
  }
  return density.length === 1 ? largest : largest + Math.log(sum);
}

export const at = (density: Density, x: number): number => Math.exp(log_at(density, x));

/** Even places that integrals are sums over. */
export interface Lattice {
  low: number;
  high: number;
  points: number;
}

/** About the densities, `reach` of each part's deviations beyond its mean. */
export function lattice_around(densities: readonly Density[], points = 1201, reach = 12): Lattice {
  const parts = densities.flat();
  return {
    low: Math.min(...parts.map((part) => part.mean - reach * part.deviation)),
    high: Math.max(...parts.map((part) => part.mean + reach * part.deviation)),
    points,
  };
}

/** The sum of f over the lattice, times a cell. */
export function integral({ low, high, points }: Lattice, f: (x: number) => number): number {
  let sum = 0;
  for (let i = 0; i < points; ++i) sum += f(low + ((high - low) * i) / (points - 1));
  return (sum * (high - low)) / (points - 1);
}

/** f at `count` even places, both ends among them, as points of a curve. */
export function curve(low: number, high: number, count: number, f: (x: number) => number): [number, number][] {
  return Array.from({ length: count }, (_, i) => {
    const x = low + ((high - low) * i) / (count - 1);
    return [x, f(x)];
  });
}
