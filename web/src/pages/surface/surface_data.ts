// A loss surface as the program keeps it (docs/surfaces.md), and what a picture of it is made of.
export type Player = 'generator' | 'discriminator';

export interface Mark {
  epoch: number;
  x: number;
  y: number;
  away: number;
  generator_loss: number | null;
  discriminator_loss: number | null;
}

export interface SurfaceFile {
  schema: string;
  name: string;
  of: Player;
  kind: 'random' | 'plane' | 'path';
  epoch: number;
  directions: string;
  data: string;
  loss: string;
  batch: number;
  statistics: string;
  points: number;
  x: { low: number; high: number };
  y: { low: number; high: number };
  origin: { generator_loss: number | null; discriminator_loss: number | null };
  marks: Mark[];
  generator_loss: (number | null)[][];
  discriminator_loss: (number | null)[][];
}

/** Losses on [0, 1], as the program's own picture has them: log(1 + (v - low) / knee) / log(1 + (high - low) / knee). */
export class Scale {
  constructor(
    readonly low: number,
    readonly knee: number,
    readonly high: number,
  ) {}
  place(v: number): number {
    return Math.log1p((v - this.low) / this.knee) / Math.log1p((this.high - this.low) / this.knee);
  }
  value(place: number): number {
    return this.low + this.knee * Math.expm1(place * Math.log1p((this.high - this.low) / this.knee));
  }
}

/** The knee is the median above the least, so that a few places of huge loss do not take all of the height. */
export function scale_of(rows: (number | null)[][]): Scale {
  const values = rows.flat().filter((v): v is number => v !== null).sort((a, b) => a - b);
  if (!values.length) return new Scale(0, 1, 1);
  const low = values[0]!;
  const high = values.at(-1)! > low ? values.at(-1)! : low + Math.max(1e-6, 1e-3 * Math.abs(low));
  const at = 0.5 * (values.length - 1);
  const median = values[Math.floor(at)]! + (at - Math.floor(at)) * (values[Math.min(Math.floor(at) + 1, values.length - 1)]! - values[Math.floor(at)]!);
  return new Scale(low, Math.max(median - low, 1e-3 * (high - low)), high);
}

/** The loss at a place, between the four grid points around it by straight lines; null outside, or where one of these is none that counts. */
export function loss_at(surface: SurfaceFile, rows: (number | null)[][], x: number, y: number): number | null {
  const n = surface.points - 1;
  const column = ((x - surface.x.low) / (surface.x.high - surface.x.low)) * n;
  const row = ((y - surface.y.low) / (surface.y.high - surface.y.low)) * n;
  if (!(column >= 0 && column <= n && row >= 0 && row <= n)) return null;
  const c = Math.min(Math.floor(column), n - 1);
  const r = Math.min(Math.floor(row), n - 1);
  const [a, b] = [column - c, row - r];
  let loss = 0;
  for (const [i, j, weight] of [[r, c, (1 - a) * (1 - b)], [r, c + 1, a * (1 - b)], [r + 1, c, (1 - a) * b], [r + 1, c + 1, a * b]] as const) {
    if (weight === 0) continue;
    const one = rows[i]![j]!;
    if (one === null) return null;
    loss += weight * one;
  }
  return loss;
}

/** Straight pieces of the contours at tenths of the scale: x, y, place of both ends, in units of the grid. */
export function contours(places: number[][], levels: number[]): number[][] {
  const pieces: number[][] = [];
  const triangle = (corners: [number, number, number][], level: number) => {
    const ends: [number, number][] = [];
    for (let i = 0; i < 3; ++i) {
      const [p, q] = [corners[i]!, corners[(i + 1) % 3]!];
      if (p[2] < level === q[2] < level) continue;
      const t = (level - p[2]) / (q[2] - p[2]);
      ends.push([p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])]);
    }
    if (ends.length === 2) pieces.push([...ends[0]!, ...ends[1]!, level]);
  };
  for (let r = 0; r + 1 < places.length; ++r) {
    for (let c = 0; c + 1 < places[r]!.length; ++c) {
      const [a, b, d, e] = [places[r]![c]!, places[r]![c + 1]!, places[r + 1]![c]!, places[r + 1]![c + 1]!];
      if (!Number.isFinite(a + b + d + e)) continue;
      // The same two triangles as the mesh has, so that lines lie on it.
      for (const level of levels) {
        triangle([[c, r, a], [c + 1, r, b], [c, r + 1, d]], level);
        triangle([[c + 1, r, b], [c + 1, r + 1, e], [c, r + 1, d]], level);
      }
    }
  }
  return pieces;
}
