// What the page shows: model, position, and everything that the address keeps.

import { batch, computed, effect, signal } from '@preact/signals';

import { Client } from './client';
import type { Checked, LayerSeen, Picture, Place } from './desk';
import type { LayerValues } from './engine';
import { read_model, type Model } from './model';
import { areas_crossed, between, in_plane, MapReader, on_plane, random_point, type Path, type Z } from './space';

export const kStrip = 12; // pictures from A to B
export const kTiles = 9; // pictures along an axis of a pad that has no map

export let model: Model;
export let map: MapReader | null = null;

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

/** The class that the map gives the point, -1: none. Of a conditional model only where the map is of the class shown. */
export function label_at(point: Z): number {
  if (!map || !is_small()) return -1;
  const { wanted } = map.map.parts[part.value];
  if (wanted !== null && wanted !== class_number.value) return -1;
  return map.label(map.part(class_number.value, point[3] ?? 0), point);
}
export const areas = computed(() => {
  part.value; // and through it the class
  return map && is_small() ? areas_crossed(label_at, a.value, b.value, path.value) : [];
});

export const class_name = (k: number): string => model.class_names[k] ?? String(k);
export const area_name = (k: number): string => map?.map.class_names[k] ?? String(k);

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
const points_of = (list: Z[]): Place[] => list.map((one) => ({ z: one, class_number: class_number.value }));

// The address ---------------------------------------------------------------------------------------------------------

function z_text(point: Z): string {
  if (is_small()) return point.map((value) => String(Number(value.toPrecision(9)))).join(',');
  const seed = model.seeds.findIndex((one) => one.every((value, i) => value === point[i]));
  if (seed >= 0) return `seed${seed}`;
  const bytes = new Uint8Array(Float32Array.from(point).buffer);
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function z_of(text: string | null, otherwise: Z): Z {
  const { dim } = model.latent;
  if (!text) return otherwise;
  const seed = /^seed(\d+)$/.exec(text);
  if (seed) return model.seeds[Number(seed[1])] ?? otherwise;
  let point: Z = [];
  if (is_small()) {
    point = text.split(',').map(Number);
  } else {
    try {
      const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
      point = [...new Float32Array(bytes.buffer)];
    } catch {
      return otherwise; // no such text
    }
  }
  return point.length === dim && point.every(Number.isFinite) ? point : otherwise;
}

const zeros = (value: number): Z => Array(model.latent.dim).fill(value);
const start_of = {
  z: () => (is_small() ? zeros(0) : model.seeds[0]),
  a: () => (is_small() ? zeros(-0.7) : model.seeds[0]),
  b: () => (is_small() ? zeros(0.7) : model.seeds[1]),
};
const start_reach = () => (is_small() ? (map?.reach ?? (model.latent.prior === 'normal' ? 2 : 1)) : 1.5);

function read_address(): void {
  const query = new URLSearchParams(location.hash.slice(1));
  const count = (key: string, most: number): number | null => {
    const value = Number(query.get(key) ?? NaN);
    return Number.isInteger(value) && value >= 0 && value < most ? value : null;
  };
  batch(() => {
    z.value = z_of(query.get('z'), start_of.z());
    a.value = z_of(query.get('a'), start_of.a());
    b.value = z_of(query.get('b'), start_of.b());
    u.value = z_of(query.get('u'), model.seeds[0]);
    v.value = z_of(query.get('v'), model.seeds[1]);
    class_number.value = count('class', model.classes) ?? 0;
    map_class.value = count('map', model.classes);
    const way = query.get('path');
    path.value = way === 'line' || way === 'slerp' ? way : is_small() ? 'line' : 'slerp';
    const wide = Number(query.get('reach'));
    reach.value = wide >= 0.5 && wide <= 10 ? wide : start_reach();
    tiled.value = query.has('tiles') || !map;
    open_layer.value = query.get('layer') ?? '';
  });
}

function address(): string {
  const query: [string, string][] = [['z', z_text(z.value)]];
  const keep = (key: string, text: string, otherwise: string) => void (text !== otherwise && query.push([key, text]));
  if (model.classes) keep('class', String(class_number.value), '0');
  keep('map', String(map_class.value ?? ''), '');
  if (!is_small()) {
    keep('u', z_text(u.value), 'seed0');
    keep('v', z_text(v.value), 'seed1');
  }
  keep('a', z_text(a.value), z_text(start_of.a()));
  keep('b', z_text(b.value), z_text(start_of.b()));
  keep('path', path.value, is_small() ? 'line' : 'slerp');
  keep('reach', String(reach.value), String(start_reach()));
  if (map) keep('tiles', tiled.value ? '1' : '', '');
  keep('layer', open_layer.value, '');
  return '#' + query.map(([key, text]) => `${key}=${encodeURIComponent(text).replaceAll('%2C', ',')}`).join('&');
}

// Moving --------------------------------------------------------------------------------------------------------------

interface Position { z: Z; class_number: number }
const past = signal<Position[]>([]);
const future = signal<Position[]>([]);
export const can_undo = computed(() => past.value.length > 1);
export const can_redo = computed(() => future.value.length > 0);
export const is_start = computed(() => same(z.value, start_of.z()) && class_number.value === 0);
const same = (one: Z, two: Z): boolean => one.every((value, i) => value === two[i]);
let settle = 0;

function remember(): void {
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
  clearTimeout(settle);
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
  const { dim, prior } = model.latent;
  const point = is_small() ? random_point(dim, prior).map(rounded) : [...Float32Array.from(random_point(dim, prior))];
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

// From the start ------------------------------------------------------------------------------------------------------

/** Reads the model and keeps everything up to date from then on. Throws a sentence. */
export function start(text: string): void {
  model = read_model(text);
  if (model.map) {
    try {
      map = new MapReader(model.map);
    } catch (error) {
      fault.value = (error as Error).message;
    }
  }
  read_address();
  remember();
  document.title = `${model.run}, epoch ${model.epoch} · Ganymede`;

  const times: number[] = [];
  const put = (list: typeof strip, index: number, one: Picture) => {
    list.value = list.value.map((old, i) => (i === index ? one : old));
  };
  const client = new Client(model, {
    ready: (vectors) => (with_vectors.value = vectors),
    fault: (sentence) => (fault.value = sentence),
    checked: (result) => (checked.value = result),
    piece: (piece) => {
      times.push(piece.ms);
      if (times.length > 31) times.shift();
      milliseconds.value = [...times].sort((one, two) => one - two)[times.length >> 1];
      if (piece.kind === 'strip') return put(strip, piece.index, piece.picture);
      if (piece.kind === 'classes') return put(class_pictures, piece.index, piece.picture);
      if (piece.kind === 'pad') return put(tiles, piece.index, piece.picture);
      batch(() => {
        picture.value = piece.picture;
        layers.value = piece.layers ?? [];
        open_values.value = piece.open ?? null;
      });
    },
  });

  const ask = (kind: 'strip' | 'pad', list: typeof strip, places: Place[]) => {
    if (list.peek().length !== places.length) list.value = places.map(() => null);
    client.ask(kind, places);
  };
  effect(() => client.ask('look', points_of([z.value]), open_layer.value));
  effect(() => {
    const places = points_of(Array.from({ length: kStrip }, (_, i) => between(a.value, b.value, i / (kStrip - 1), path.value)));
    ask('strip', strip, places);
  });
  let resting = 0;
  effect(() => {
    if (!model.classes) return;
    const places = Array.from({ length: model.classes }, (_, k) => ({ z: z.value, class_number: k }));
    const first = class_pictures.peek().length === 0;
    if (first) class_pictures.value = places.map(() => null);
    clearTimeout(resting); // many pictures: once the hand rests for a moment
    resting = window.setTimeout(() => client.ask('classes', places), first ? 0 : 80);
  });
  effect(() => {
    if (!tiled.value || model.latent.dim === 1 || (is_small() && model.latent.dim > 2)) return;
    const at = (i: number) => (((i + 0.5) / kTiles) * 2 - 1) * reach.value;
    const points = Array.from({ length: kTiles * kTiles }, (_, i) => [at(i % kTiles), at(kTiles - 1 - Math.floor(i / kTiles))]);
    ask('pad', tiles, points_of(points.map(([x, y]) => (is_small() ? [x, y] : on_plane(u.value, v.value, x, y)))));
  });
  const { z: zs, classes } = model.check;
  client.ask('check', zs.map((one, i) => ({ z: one, class_number: classes[i] ?? 0 })));

  let written = '';
  let waiting = 0;
  effect(() => {
    const text = address();
    clearTimeout(waiting); // browsers limit how often an address may change
    waiting = window.setTimeout(() => {
      written = text;
      history.replaceState(null, '', text);
    }, 150);
  });
  effect(() => {
    z.value, class_number.value;
    clearTimeout(settle);
    settle = window.setTimeout(remember, 400);
  });
  addEventListener('hashchange', () => location.hash !== written && read_address());
}
