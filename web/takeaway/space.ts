// Points of the latent space: ways between them, planes through them, and the map of classes under them.

import { bytes_of, type ClassMap } from './model';

export type Z = number[];

export type Path = 'line' | 'slerp';

/** The point at t of the way from a to b; `slerp`: along the great circle, the length changing evenly. */
export function between(a: Z, b: Z, t: number, path: Path): Z {
  if (path === 'slerp') {
    const [la, lb] = [Math.hypot(...a), Math.hypot(...b)];
    const cosine = la && lb ? a.reduce((sum, v, i) => sum + v * b[i], 0) / (la * lb) : 1;
    const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
    if (angle > 1e-4 && angle < Math.PI - 1e-4) {
      const [wa, wb] = [Math.sin((1 - t) * angle) / Math.sin(angle), Math.sin(t * angle) / Math.sin(angle)];
      const length = la + (lb - la) * t;
      return a.map((v, i) => length * ((wa * v) / la + (wb * b[i]) / lb));
    }
  }
  return a.map((v, i) => v + (b[i] - v) * t);
}

/** x u + y v */
export function on_plane(u: Z, v: Z, x: number, y: number): Z {
  return u.map((value, i) => x * value + y * v[i]);
}

/** Where z lies in the plane of u and v (its nearest point there), and how far from it, as a share of its length. */
export function in_plane(u: Z, v: Z, z: Z): { x: number; y: number; off: number } {
  const dot = (a: Z, b: Z) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  const [uu, uv, vv, uz, vz] = [dot(u, u), dot(u, v), dot(v, v), dot(u, z), dot(v, z)];
  const determinant = uu * vv - uv * uv;
  if (!(determinant > 1e-9 * uu * vv)) return { x: 0, y: 0, off: 1 };
  const x = (uz * vv - vz * uv) / determinant, y = (vz * uu - uz * uv) / determinant;
  const rest = on_plane(u, v, x, y).map((value, i) => z[i] - value);
  const length = Math.hypot(...z);
  return { x, y, off: length ? Math.hypot(...rest) / length : 0 };
}

/** A point of the prior. Its last numbers are the codes: n of a categorical one, of which one is 1; 1 of a uniform one. */
export function random_point(dim: number, prior: 'normal' | 'uniform', codes: number[] = []): Z {
  const z = Array.from({ length: dim }, () => {
    if (prior === 'uniform') return 2 * Math.random() - 1;
    return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  });
  let at = dim - codes.reduce((sum, n) => sum + n, 0);
  for (const n of codes) {
    const chosen = Math.floor(n * Math.random());
    for (let k = 0; k < n; ++k) z[at + k] = n === 1 ? 2 * Math.random() - 1 : Number(k === chosen);
    at += n;
  }
  return z;
}

/** Classes of the points of a grid [side, side], first coordinate first. */
export interface Plane {
  side: number;
  axis: number[];
  labels: Uint8Array;
}

export class MapReader {
  private readonly labels: Uint8Array;

  constructor(readonly map: ClassMap) {
    this.labels = bytes_of(map.labels);
    const points = map.parts.length * map.side ** map.dims;
    if (this.labels.length !== points) throw new Error(`The map of this page holds ${this.labels.length} points, not ${points}.`);
  }

  /** The farthest from 0 that it reaches. */
  get reach(): number {
    return Math.max(...this.map.axis.map(Math.abs));
  }

  /** Number of the part for a class asked for and a last coordinate: the nearest. */
  part(wanted: number, fourth: number): number {
    let best = 0, least = Infinity;
    this.map.parts.forEach((part, i) => {
      const far = (part.wanted === null || part.wanted === wanted ? 0 : 1e6) + Math.abs((part.fourth ?? fourth) - fourth);
      if (far < least) [best, least] = [i, far];
    });
    return best;
  }

  /** The class at a point, -1 outside of the map. */
  label(part: number, z: Z): number {
    const { dims, side } = this.map;
    let at = part;
    for (let d = 0; d < dims; ++d) {
      const i = this.index(z[d]);
      if (i < 0) return -1;
      at = at * side + i;
    }
    return this.labels[at];
  }

  /** The plane of coordinates a and b through z. */
  section(part: number, z: Z, a: number, b: number): Plane {
    const { dims, side, axis } = this.map;
    const steps = Array.from({ length: dims }, (_, d) => side ** (dims - 1 - d));
    const start = steps.reduce((sum, step, d) => (d === a || d === b ? sum : sum + step * nearest(axis, z[d])), part * side ** dims);
    const labels = new Uint8Array(side * side);
    for (let i = 0; i < side; ++i) {
      for (let j = 0; j < side; ++j) labels[i * side + j] = this.labels[start + i * steps[a] + j * steps[b]];
    }
    return { side, axis, labels };
  }

  private index(v: number): number {
    const { axis, side } = this.map;
    const half = side > 1 ? (axis[side - 1] - axis[0]) / (side - 1) / 2 : Infinity;
    return v < axis[0] - half || v > axis[side - 1] + half ? -1 : nearest(axis, v);
  }
}

/** Index of the nearest of ascending numbers. */
export function nearest(axis: number[], v: number): number {
  let low = 0, high = axis.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (axis[middle] <= v) low = middle;
    else high = middle;
  }
  return Math.abs(axis[high] - v) < Math.abs(axis[low] - v) ? high : low;
}

/** For each class the point of its area that is farthest from any other, and how far (in points): where its name goes. */
export function middles(plane: Plane): Map<number, { i: number; j: number; far: number }> {
  const { side, labels } = plane;
  const far = new Int32Array(side * side).fill(side);
  const closer = (at: number, i: number, j: number) => {
    const inside = i >= 0 && j >= 0 && i < side && j < side, other = i * side + j;
    far[at] = Math.min(far[at], inside && labels[other] === labels[at] ? far[other] + 1 : 1);
  };
  for (let at = 0; at < far.length; ++at) {
    const i = Math.floor(at / side), j = at % side;
    for (let d = -1; d <= 1; ++d) closer(at, i - 1, j + d);
    closer(at, i, j - 1);
  }
  for (let at = far.length - 1; at >= 0; --at) {
    const i = Math.floor(at / side), j = at % side;
    for (let d = -1; d <= 1; ++d) closer(at, i + 1, j + d);
    closer(at, i, j + 1);
  }
  const farthest = new Map<number, number>();
  far.forEach((value, at) => farthest.set(labels[at], Math.max(value, farthest.get(labels[at]) ?? 0)));
  const found = new Map<number, { i: number; j: number; far: number }>();
  for (const [label, most] of farthest) {
    // Of several the one nearest to their mean: a stripe has its name in its middle.
    const points: [number, number][] = [];
    far.forEach((value, at) => value === most && labels[at] === label && points.push([Math.floor(at / side), at % side]));
    const [mi, mj] = [0, 1].map((axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length);
    const away = ([i, j]: [number, number]) => (i - mi) ** 2 + (j - mj) ** 2;
    const [i, j] = points.reduce((best, point) => (away(point) < away(best) ? point : best));
    found.set(label, { i, j, far: most });
  }
  return found;
}

/** The classes along the way, each stretch once: [[3, 0, 0.4], [8, 0.4, 1]] as class, from, to. -1: outside of the map. */
export function areas_crossed(label: (z: Z) => number, a: Z, b: Z, path: Path, points = 201): [number, number, number][] {
  const areas: [number, number, number][] = [];
  for (let i = 0; i < points; ++i) {
    const t = i / (points - 1), found = label(between(a, b, t, path));
    const last = areas[areas.length - 1];
    if (last && last[0] === found) last[2] = t;
    else areas.push([found, t, t]);
  }
  return areas;
}
