// A map of class areas while it comes, coarse first: the class of every point of a grid in two or three dimensions.
import type { Frame } from '../../api/frames';
import type { MapHead, MapPiece } from './answers';

export const kUnknown = -1;

export class LabelMap {
  readonly dims: 2 | 3;
  readonly side: number;
  readonly axis: number[];
  readonly class_names: string[];
  /** Class of each point, first coordinate first; of points that did not come yet that of a coarser one. */
  readonly labels: Int16Array;
  private readonly exactness: Uint8Array;
  done = false;
  share_done = 0;
  shares: number[] = [];
  wanted_share: number | null = null;
  command = '';
  /** Counts the pieces: what is drawn of it is drawn anew when this changed. */
  version = 0;

  constructor(readonly head: MapHead) {
    this.dims = head.dims;
    this.side = head.side;
    this.axis = head.axis;
    this.class_names = head.class_names;
    const points = head.side ** head.dims;
    this.labels = new Int16Array(points).fill(kUnknown);
    this.exactness = new Uint8Array(points).fill(255);
  }

  take(frame: Frame): void {
    const piece = frame.head as MapPiece;
    const { points, labels } = frame.arrays;
    if (points && labels) {
      const spacing = Math.max(1, Math.min(254, piece.spacing ?? 1));
      for (let n = 0; n < points.values.length; ++n) this.fill(points.values[n]!, labels.values[n]!, spacing);
      ++this.version;
    }
    if (typeof piece.done === 'number' && piece.total) this.share_done = piece.done / piece.total;
    if (piece.done === true) {
      this.done = true;
      this.share_done = 1;
      this.shares = piece.shares ?? [];
      this.wanted_share = piece.wanted_share ?? null;
      this.command = piece.command ?? '';
      ++this.version;
    }
  }

  // The point, and those around it that no finer one has said more of.
  private fill(point: number, label: number, spacing: number): void {
    const side = this.side;
    const at = this.dims === 2 ? [Math.floor(point / side), point % side] : [Math.floor(point / side / side), Math.floor(point / side) % side, point % side];
    const before = Math.floor((spacing - 1) / 2);
    const from = at.map((x) => Math.max(0, x - before));
    // The last point of a row stands for all up to the edge.
    const to = at.map((x) => (x + spacing >= side ? side - 1 : x - before + spacing - 1));
    const last = this.dims === 2 ? [0, 0] : [from[2]!, to[2]!];
    for (let i = from[0]!; i <= to[0]!; ++i) {
      for (let j = from[1]!; j <= to[1]!; ++j) {
        for (let k = last[0]!; k <= last[1]!; ++k) {
          const index = this.dims === 2 ? i * side + j : (i * side + j) * side + k;
          if (this.exactness[index]! < spacing) continue;
          this.labels[index] = label;
          this.exactness[index] = index === point ? 0 : spacing;
        }
      }
    }
    this.labels[point] = label;
    this.exactness[point] = 0;
  }

  /** The plane across axis `across` of a cube, the other two axes in their order. */
  section(across: number, at: number): Int16Array {
    const side = this.side;
    const plane = new Int16Array(side * side);
    for (let i = 0; i < side; ++i) {
      for (let j = 0; j < side; ++j) {
        const index = across === 0 ? (at * side + i) * side + j : across === 1 ? (i * side + at) * side + j : (i * side + j) * side + at;
        plane[i * side + j] = this.labels[index]!;
      }
    }
    return plane;
  }

  /** The point of the grid nearest to z, as an index into labels; -1 where z is outside. */
  nearest(z: readonly number[]): number {
    let index = 0;
    for (let d = 0; d < this.dims; ++d) {
      const place = place_on(this.axis, z[d]!);
      if (place < -0.5 || place > this.side - 0.5) return -1;
      index = index * this.side + Math.min(this.side - 1, Math.max(0, Math.round(place)));
    }
    return index;
  }
}

/** Where a coordinate lies among ascending grid coordinates, in steps of the grid: axis[0] -> 0; beyond the ends by the last step. */
export function place_on(axis: readonly number[], value: number): number {
  const n = axis.length;
  if (n < 2) return 0;
  let low = 0;
  let high = n - 1;
  if (value <= axis[0]!) high = 1;
  else if (value >= axis[n - 1]!) low = n - 2;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (axis[middle]! <= value) low = middle;
    else high = middle;
  }
  return low + (value - axis[low]!) / (axis[low + 1]! - axis[low]!);
}

/** The coordinate at a place: the other way. */
export function coordinate_at(axis: readonly number[], place: number): number {
  const low = Math.min(axis.length - 2, Math.max(0, Math.floor(place)));
  return axis[low]! + (place - low) * (axis[low + 1]! - axis[low]!);
}
