// Scores of two clouds of points of the plane, the points themselves as features: the definitions of docs/measures.md and src/measure.
export type Point = readonly [number, number];

const distance = (a: Point, b: Point) => Math.sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2);

export function moments(points: readonly Point[]) {
  const n = points.length;
  const mean: Point = [points.reduce((s, p) => s + p[0], 0) / n, points.reduce((s, p) => s + p[1], 0) / n];
  let xx = 0, xy = 0, yy = 0;
  for (const [x, y] of points) {
    xx += (x - mean[0]) ** 2;
    xy += (x - mean[0]) * (y - mean[1]);
    yy += (y - mean[1]) ** 2;
  }
  return { mean, covariance: [xx / (n - 1), xy / (n - 1), yy / (n - 1)] as const };
}

/** Fréchet distance of two Gaussians: |mu - mu'|^2 + Tr(S + S' - 2 (S S')^1/2), covariances with N - 1. Of 2 x 2 the root's trace is sqrt(Tr(S S') + 2 sqrt(det S det S')). */
export function frechet(real: readonly Point[], fake: readonly Point[]): number {
  const a = moments(real), b = moments(fake);
  const [p, q, r] = a.covariance, [u, v, w] = b.covariance;
  const det = Math.max(0, p * r - q * q) * Math.max(0, u * w - v * v);
  const root = Math.sqrt(Math.max(0, p * u + 2 * q * v + r * w + 2 * Math.sqrt(det)));
  return (a.mean[0] - b.mean[0]) ** 2 + (a.mean[1] - b.mean[1]) ** 2 + p + r + u + w - 2 * root;
}

/** Kernel distance: unbiased squared MMD with the kernel (x.y / 2 + 1)^3. */
export function kernel(real: readonly Point[], fake: readonly Point[]): number {
  const k = (a: Point, b: Point) => ((a[0] * b[0] + a[1] * b[1]) / 2 + 1) ** 3;
  const within = (set: readonly Point[]) => {
    let sum = 0;
    for (let i = 0; i < set.length; ++i) for (let j = 0; j < i; ++j) sum += 2 * k(set[i]!, set[j]!);
    return sum / (set.length * (set.length - 1));
  };
  let cross = 0;
  for (const a of real) for (const b of fake) cross += k(a, b);
  return within(real) + within(fake) - (2 * cross) / (real.length * fake.length);
}

/** Distance to the k-th neighbour within the set, itself left out. */
function radii(set: readonly Point[], k: number): number[] {
  const found = known.get(set);
  if (found?.k === k) return found.radii;
  const nearest = new Float64Array(k); // ascending
  const radii = set.map((a, i) => {
    nearest.fill(Infinity);
    for (let j = 0; j < set.length; ++j) {
      const d = j === i ? Infinity : distance(a, set[j]!);
      if (d >= nearest[k - 1]!) continue;
      let at = k - 1;
      for (; at > 0 && nearest[at - 1]! > d; --at) nearest[at] = nearest[at - 1]!;
      nearest[at] = d;
    }
    return nearest[k - 1]!;
  });
  known.set(set, { k, radii });
  return radii;
}
// The reals stay while the fakes move.
const known = new WeakMap<readonly Point[], { k: number; radii: number[] }>();

/** Precision, recall, density, coverage: open balls about points, as far as the k-th neighbour. */
export function manifolds(real: readonly Point[], fake: readonly Point[], k = 5) {
  const of_real = radii(real, k), of_fake = radii(fake, k);
  let inside = 0, count = 0, recalled = 0, covered = 0;
  const is_covered = new Uint8Array(real.length);
  for (const y of fake) {
    let balls = 0;
    for (let i = 0; i < real.length; ++i) {
      if (distance(real[i]!, y) >= of_real[i]!) continue;
      ++balls;
      is_covered[i] = 1;
    }
    inside += balls > 0 ? 1 : 0;
    count += balls;
  }
  real.forEach((x, i) => {
    recalled += fake.some((y, j) => distance(x, y) < of_fake[j]!) ? 1 : 0;
    covered += is_covered[i]!;
  });
  return { precision: inside / fake.length, recall: recalled / real.length, density: count / (k * fake.length), coverage: covered / real.length };
}

/** Leave-one-out accuracy of the nearest neighbour, ties half. */
export function one_nn(real: readonly Point[], fake: readonly Point[]): number {
  const all = [...real, ...fake];
  let right = 0;
  all.forEach((a, i) => {
    let same = Infinity, other = Infinity;
    all.forEach((b, j) => {
      if (i === j) return;
      const d = distance(a, b);
      if (i < real.length === j < real.length) same = Math.min(same, d);
      else other = Math.min(other, d);
    });
    right += same < other ? 1 : same === other ? 0.5 : 0;
  });
  return right / all.length;
}

/** Modes with a point within `reach` of them (3 deviations), and the share of points that are near one. */
export function modes(fake: readonly Point[], centres: readonly Point[], reach: number) {
  const met = new Set<number>();
  let near = 0;
  for (const y of fake) {
    let best = 0;
    centres.forEach((c, i) => (best = distance(c, y) < distance(centres[best]!, y) ? i : best));
    if (distance(centres[best]!, y) < reach) {
      met.add(best);
      ++near;
    }
  }
  return { modes: met.size, high_quality: near / fake.length };
}

/** A small generator of even and normal numbers, the same in every browser (mulberry32; Box and Muller 1958). */
export function random_numbers(seed: number) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return { uniform, normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()) };
}
