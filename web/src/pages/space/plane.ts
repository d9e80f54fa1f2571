// Of points: what stands behind a generated one, an epoch at a time (GET runs/NAME/plane), and where things lie on the picture of it.
import { effect, signal } from '@preact/signals';

import { get_frame } from '../../api/client';
import type { NamedArray } from '../../api/frames';
import type { State } from './state';

export interface Ground {
  dim: number;
  x: [number, number];
  y: [number, number];
  reals: NamedArray;
  fakes: NamedArray;
  /** What D says, [rows, columns] from the top left: shares of real. */
  shares?: NamedArray;
}

const kKept = 40; // epochs

export class PlaneShown {
  readonly ground = signal<Ground | null>(null);
  readonly error = signal('');
  private readonly kept = new Map<string, Ground>();
  private readonly stop: () => void;
  private asked = '';

  constructor(private readonly state: State) {
    this.stop = effect(() => void this.show(state.asked_epoch.value, state.key_of({})));
  }

  close(): void {
    this.stop();
    this.asked = '';
  }

  private async show({ epoch }: { epoch?: number }, weights: string): Promise<void> {
    const key = `${epoch} ${weights}`;
    this.asked = key;
    const known = this.kept.get(key);
    if (known) {
      this.ground.value = known;
      return;
    }
    try {
      const { head, arrays } = await get_frame(`/runs/${encodeURIComponent(this.state.run)}/plane${epoch === undefined ? '' : `?epoch=${epoch}`}`);
      const { dim, frame } = head as { dim: number; frame: { x: [number, number]; y: [number, number] } };
      const ground: Ground = { dim, ...frame, reals: arrays.reals!, fakes: arrays.fakes!, shares: arrays.shares };
      this.kept.set(key, ground);
      if (this.kept.size > kKept) this.kept.delete(this.kept.keys().next().value!);
      if (this.asked !== key) return;
      this.ground.value = ground;
      this.error.value = '';
    } catch (fault) {
      if (this.asked === key) this.error.value = (fault as Error).message;
    }
  }
}

/** Where a coordinate lies between the ends, from 0 to 1 within. */
export function along([low, high]: readonly [number, number], value: number): number {
  return (value - low) / (high - low);
}

/** What D says at a point, between the middles of cells by straight lines; null where that is not known. */
export function share_at(ground: Ground, point: readonly number[]): number | null {
  const { shares } = ground;
  if (!shares) return null;
  const [rows = 1, columns = 1] = shares.shape;
  const u = along(ground.x, point[0]!);
  const v = ground.dim === 1 ? 0.5 : 1 - along(ground.y, point[1]!);
  if (!(u >= 0 && u <= 1 && v >= 0 && v <= 1)) return null;
  // Of a line the places reach from end to end.
  const at = (share: number, count: number) => Math.min(count - 1, Math.max(0, ground.dim === 1 ? share * (count - 1) : share * count - 0.5));
  const column = at(u, columns);
  const row = rows === 1 ? 0 : at(v, rows);
  const [i, j] = [Math.min(Math.floor(column), Math.max(0, columns - 2)), Math.min(Math.floor(row), Math.max(0, rows - 2))];
  const value = (r: number, c: number) => shares.values[Math.min(r, rows - 1) * columns + Math.min(c, columns - 1)]!;
  const [a, b] = [column - i, row - j];
  return (1 - b) * ((1 - a) * value(j, i) + a * value(j, i + 1)) + b * ((1 - a) * value(j + 1, i) + a * value(j + 1, i + 1));
}

/** So many points of each of `bins` equal bins between the ends, as a density. */
export function density(values: ArrayLike<number>, ends: readonly [number, number], bins: number): number[] {
  const counts = Array<number>(bins).fill(0);
  const width = (ends[1] - ends[0]) / bins;
  for (let i = 0; i < values.length; ++i) {
    const bin = Math.floor((values[i]! - ends[0]) / width);
    if (bin >= 0 && bin < bins) counts[bin]! += 1 / (width * values.length);
  }
  return counts;
}
