// What the page shows: model, position, and everything that the address keeps.

import { batch, computed, signal } from '@preact/signals';

import type { Checked, LayerSeen, Picture } from './desk';
import type { LayerValues } from './engine';
import { read_model, type Model } from './model';
import { areas_crossed, between, in_plane, MapReader, on_plane, random_point, type Path, type Z } from './space';

export const kStrip = 12; // pictures from A to B
export const kTiles = 9; // pictures along an axis of a pad that has no map

export let model: Model;
export let map: MapReader | null = null;

/** Reads the model. Throws a sentence. */
export function take_model(text: string): void {
  model = read_model(text);
  try {
    map = model.map && new MapReader(model.map);
  } catch (error) {
    fault.value = (error as Error).message; // the page goes on without it
  }
}

// The position
export const z = signal<Z>([]);
export const class_number = signal(0);
// A and B, and the plane of spaces of many dimensions
export const a = signal<Z>([]);
export const b = signal<Z>([]);
export const path = signal<Path>('line');
export const u = signal<Z>([]);
export const v = signal<Z>([]);
// How it is looked at
export const map_class = signal<number | null>(null); // null: that of the picture
export const reach = signal(1);
export const tiled = signal(false); // pictures instead of classes behind the point
export const open_layer = signal('');

// What came of it
export const fault = signal('');
export const picture = signal<Picture | null>(null);
export const layers = signal<LayerSeen[]>([]);
export const open_values = signal<LayerValues | null>(null);
export const strip = signal<(Picture | null)[]>([]);
export const class_pictures = signal<(Picture | null)[]>([]);
export const tiles = signal<(Picture | null)[]>([]);
export const checked = signal<Checked | null>(null);
export const milliseconds = signal(0); // a picture, the median of the last
export const with_vectors = signal(true);
export const playing = signal(false);

export const is_small = () => model.latent.dim <= 4; // every coordinate has a slider
export const part = computed(() => map?.part(map_class.value ?? class_number.value, z.value[3] ?? 0) ?? 0);
export const spot = computed(() => (is_small() ? { x: z.value[0], y: z.value[1] ?? 0, off: 0 } : in_plane(u.value, v.value, z.value)));

/** The class that the map of the picture's class gives the point; -1: none. */
export function label_at(point: Z): number {
  if (!map || !is_small()) return -1;
  return map.label(map.part(class_number.value, point[3] ?? 0), point);
}
export const areas = computed(() => (map && is_small() ? areas_crossed(label_at, a.value, b.value, path.value) : []));

export const class_name = (k: number): string => model.class_names[k] ?? String(k);
export const area_name = (k: number): string => map?.map.class_names[k] ?? String(k);

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
const zeros = (value: number): Z => Array(model.latent.dim).fill(value);
/** Where everything stands without an address. */
export const start_of = {
  z: () => (is_small() ? zeros(0) : model.seeds[0]),
  a: () => (is_small() ? zeros(-0.7) : model.seeds[0]),
  b: () => (is_small() ? zeros(0.7) : model.seeds[1]),
};
export const start_reach = () => (is_small() ? (map?.reach ?? (model.latent.prior === 'normal' ? 2 : 1)) : 1.5);

// Moving --------------------------------------------------------------------------------------------------------------

interface Position { z: Z; class_number: number }
const past = signal<Position[]>([]);
const future = signal<Position[]>([]);
export const can_undo = computed(() => past.value.length > 1);
export const can_redo = computed(() => future.value.length > 0);
export const is_start = computed(() => same(z.value, start_of.z()) && class_number.value === 0);
const same = (one: Z, two: Z): boolean => one.every((value, i) => value === two[i]);

/** Keeps the position as one to come back to. */
export function remember(): void {
  const now = { z: z.value, class_number: class_number.value };
  const last = past.value[past.value.length - 1];
  if (last && same(last.z, now.z) && last.class_number === now.class_number) return;
  past.value = [...past.value.slice(-199), now];
  future.value = [];
}

function go(position: Position): void {
  batch(() => {
    z.value = position.z;
    class_number.value = position.class_number;
  });
}

export function undo(): void {
  remember();
  if (past.value.length < 2) return;
  const now = past.value[past.value.length - 1];
  future.value = [...future.value, now];
  past.value = past.value.slice(0, -1);
  go(past.value[past.value.length - 1]);
}

export function redo(): void {
  const next = future.value[future.value.length - 1];
  if (!next) return;
  future.value = future.value.slice(0, -1);
  past.value = [...past.value, next];
  go(next);
}

export function reset(): void {
  playing.value = false;
  go({ z: start_of.z(), class_number: 0 });
}

export function set_coordinate(point: Z, d: number, value: number): Z {
  return point.map((old, i) => (i === d ? rounded(Math.min(10, Math.max(-10, value))) : old));
}

/** The point whose coordinates on a pad are x and y: pad of coordinates i and j of a small space, or the plane. */
export function point_at(point: Z, i: number, j: number, x: number, y: number): Z {
  if (is_small()) return set_coordinate(set_coordinate(point, i, x), j, y);
  return on_plane(u.value, v.value, rounded(x), rounded(y));
}

export function go_to_seed(k: number): void {
  const seed = model.seeds[k];
  batch(() => {
    if (!is_small() && !same(u.value, seed)) {
      if (same(v.value, seed)) v.value = u.value;
      u.value = seed;
    }
    z.value = seed;
    if (is_small()) reach.value = Math.max(reach.value, wide_enough(seed));
  });
}

export function go_anywhere(): void {
  const { dim, prior, codes } = model.latent;
  const random = random_point(dim, prior, codes);
  const point = is_small() ? random.map(rounded) : [...Float32Array.from(random)];
  batch(() => {
    if (!is_small()) u.value = point;
    else reach.value = Math.max(reach.value, wide_enough(point));
    z.value = point;
  });
}

/** The reaches that a pad may have; the least that shows a point. */
export const reaches = (): number[] => (is_small() ? (model.latent.prior === 'uniform' ? [1] : [1, 2, 3, 4]) : [1.5, 3]);
const wide_enough = (point: Z): number => reaches().find((one) => point.every((value) => Math.abs(value) <= one)) ?? reaches().at(-1)!;

let player = 0;
export function play(): void {
  cancelAnimationFrame(player);
  playing.value = !playing.value;
  if (!playing.value) return;
  const start = performance.now(), seconds = 5;
  const step = (now: number) => {
    if (!playing.value) return;
    const t = Math.min(1, Math.max(0, (now - start) / 1000 / seconds));
    z.value = between(a.value, b.value, t, path.value);
    if (t < 1) player = requestAnimationFrame(step);
    else playing.value = false;
  };
  player = requestAnimationFrame(step);
}
