// Vectors of the latent space: plain arrays of numbers.
export type Vector = number[];

/** What a hand sets has six significant digits, so that the address says it whole. */
export function rounded(x: number): number {
  return Number(x.toPrecision(6));
}

export function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; ++i) sum += a[i]! * b[i]!;
  return sum;
}

/** a + s b */
export function add(a: readonly number[], s: number, b: readonly number[]): Vector {
  return a.map((x, i) => x + s * b[i]!);
}

export function length_of(a: readonly number[]): number {
  return Math.sqrt(dot(a, a));
}

export function same(a: readonly number[] | null, b: readonly number[] | null): boolean {
  return a === b || (!!a && !!b && a.length === b.length && a.every((x, i) => x === b[i]));
}

/** z with coordinate i set. */
export function with_coordinate(z: readonly number[], i: number, value: number): Vector {
  const next = [...z];
  next[i] = rounded(value);
  return next;
}

/** The point at t in [0, 1] between a and b: in a straight line. */
export function lerp(a: readonly number[], b: readonly number[], t: number): Vector {
  return a.map((x, i) => (1 - t) * x + t * b[i]!);
}

/** Along a great circle, the length changing evenly from |a| to |b|; a line where there is no circle. */
export function slerp(a: readonly number[], b: readonly number[], t: number): Vector {
  const la = length_of(a);
  const lb = length_of(b);
  if (la === 0 || lb === 0 || a.length < 2) return lerp(a, b, t);
  const u = a.map((x) => x / la);
  let v = b.map((x) => x / lb);
  const angle = Math.acos(Math.min(1, Math.max(-1, dot(u, v))));
  if (angle < 1e-6) return lerp(a, b, t);
  if (angle > Math.PI - 1e-6) {
    const smallest = u.reduce((best, x, i) => (Math.abs(x) < Math.abs(u[best]!) ? i : best), 0);
    v = u.map((_, i) => (i === smallest ? 1 : 0));
  }
  v = add(v, -dot(u, v), u);
  const n = length_of(v);
  const r = (1 - t) * la + t * lb;
  return u.map((x, i) => r * (Math.cos(t * angle) * x + (Math.sin(t * angle) * v[i]!) / n));
}

export type PathKind = 'line' | 'slerp';

export function along(kind: PathKind, a: readonly number[], b: readonly number[], t: number): Vector {
  return kind === 'slerp' ? slerp(a, b, t) : lerp(a, b, t);
}

/** The plane through z spanned by two directions: z = origin + p u + q v with u and v perpendicular and of length 1. */
export interface Plane {
  origin: Vector;
  u: Vector;
  v: Vector;
}

export function plane_through(z: readonly number[], first: readonly number[], second: readonly number[]): Plane {
  const lu = length_of(first) || 1;
  const u = first.map((x) => x / lu);
  let v = add(second, -dot(second, u), u);
  const lv = length_of(v);
  // The same direction twice spans no plane: the second becomes the axis that is least along the first.
  if (lv < 1e-6) {
    const least = u.reduce((best, x, i) => (Math.abs(x) < Math.abs(u[best]!) ? i : best), 0);
    v = add(u.map((_, i) => (i === least ? 1 : 0)), -u[least]!, u);
  }
  const n = length_of(v);
  v = v.map((x) => x / n);
  return { origin: add(add(z, -dot(z, u), u), -dot(z, v), v), u, v };
}

export function point_of(plane: Plane, p: number, q: number): Vector {
  return plane.origin.map((x, i) => x + p * plane.u[i]! + q * plane.v[i]!);
}

/** How far z stands from the plane. */
export function distance_to(plane: Plane, z: readonly number[]): number {
  return length_of(add(z, -1, point_of(plane, dot(z, plane.u), dot(z, plane.v))));
}

/** A number of N(0, 1). */
export function normal(): number {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}
