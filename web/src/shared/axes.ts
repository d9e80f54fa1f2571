// Where in a run something happened: by images, epochs, steps or time.
import { duration, short, thousands } from './format';
import type { History, Table } from './history';

export type XKind = 'images' | 'epochs' | 'steps' | 'time';

export const kXKinds: Record<XKind, string> = { images: 'images', epochs: 'epochs', steps: 'steps', time: 'time' };

export function x_words(kind: XKind, x: number): string {
  if (kind === 'time') return duration(x);
  if (kind === 'epochs') return `epoch ${short(x)}`;
  return `${thousands(x)} ${kind}`;
}

/** Marks of an axis; short, since they stand close. */
export function x_mark(kind: XKind, x: number): string {
  if (kind === 'time') return x < 60 ? `${short(x)} s` : x < 3600 ? `${short(x / 60)} min` : `${short(x / 3600)} h`;
  return Math.abs(x) >= 1e6 ? `${short(x / 1e6)} M` : Math.abs(x) >= 1e4 ? `${short(x / 1e3)} k` : short(x);
}

// The last index with values[i] <= wanted, -1 if there is none.
function last_up_to(values: Float64Array, wanted: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! <= wanted) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** y at `wanted` by straight lines between points of ascending x; beyond them the nearest. */
export function interpolate(x: Float64Array, y: Float64Array, wanted: number): number {
  if (x.length === 0) return NaN;
  const i = last_up_to(x, wanted);
  if (i < 0) return y[0]!;
  if (i >= x.length - 1 || x[i + 1] === x[i]) return y[i]!;
  return y[i]! + ((y[i + 1]! - y[i]!) * (wanted - x[i]!)) / (x[i + 1]! - x[i]!);
}

/** The index of the point nearest to `wanted`. */
export function nearest(x: ArrayLike<number>, wanted: number): number {
  let best = -1;
  if (x instanceof Float64Array) {
    const i = last_up_to(x, wanted);
    return i < 0 ? (x.length ? 0 : -1) : i + 1 < x.length && x[i + 1]! - wanted < wanted - x[i]! ? i + 1 : i;
  }
  for (let i = 0; i < x.length; ++i) if (best < 0 || Math.abs(x[i]! - wanted) < Math.abs(x[best]! - wanted)) best = i;
  return best;
}

// Events of other kinds hold in time_seconds what they took themselves: only these two say how long the run has trained.
function clock(history: History): Table | null {
  const step = history.table('step');
  return step?.rows ? step : history.table('epoch');
}

function ascending(values: Float64Array): Float64Array {
  const out = Float64Array.from(values);
  for (let i = 1; i < out.length; ++i) if (!(out[i]! >= out[i - 1]!)) out[i] = out[i - 1]!;
  return out;
}

/** The x of a table's rows, ascending. */
export function x_of(history: History, kind: string, by: XKind): Float64Array {
  const table = history.table(kind);
  if (!table) return new Float64Array(0);
  const images = table.column('images');
  if (by === 'steps') return ascending(table.column('step') ?? new Float64Array(table.rows));
  if (by === 'images' && images) return ascending(images);
  if (by === 'epochs') {
    const each = Number(history.start?.images_per_epoch);
    if (images && each > 0) return ascending(images.map((n) => n / each));
    return ascending(table.column('epoch') ?? new Float64Array(table.rows));
  }
  const timed = clock(history);
  const seconds = timed?.column('time_seconds');
  if (by === 'time' && timed && seconds) {
    if (timed === table) return ascending(seconds);
    const at = ascending(timed.column('step') ?? new Float64Array(timed.rows));
    return ascending((table.column('step') ?? new Float64Array(table.rows)).map((step) => interpolate(at, seconds, step)));
  }
  return ascending(table.column('step') ?? new Float64Array(table.rows));
}

/** The x of the end of an epoch, NaN where nothing tells. */
export function x_of_epoch(history: History, epoch: number, by: XKind): number {
  if (by === 'epochs') return epoch;
  if (epoch === 0) return 0;
  const table = history.table('epoch');
  const epochs = table?.column('epoch');
  if (table && epochs?.length) {
    const i = nearest(epochs, epoch);
    if (epochs[i] === epoch) return x_of(history, 'epoch', by)[i]!;
  }
  const each = Number(by === 'images' ? history.start?.images_per_epoch : by === 'steps' ? history.start?.batches_per_epoch : NaN);
  return each > 0 ? each * epoch : NaN;
}

/** The x up to which the run has come. */
export function last_x(history: History, by: XKind): number {
  let last = 0;
  for (const kind of history.tables.keys()) last = Math.max(last, x_of(history, kind, by).at(-1) ?? 0);
  return last;
}
