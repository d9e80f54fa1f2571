// Keeps everything up to date: what is asked of the desk, what comes back, and the address.

import { batch, effect } from '@preact/signals';

import { address, read_address } from './address';
import { Client } from './client';
import type { Picture, Place } from './desk';
import { between, on_plane, type Z } from './space';
import * as state from './state';

const { z, a, b, u, v, path, class_number, reach, tiled, open_layer, strip, class_pictures, tiles, is_small, kStrip, kTiles } = state;

const points_of = (list: Z[]): Place[] => list.map((one) => ({ z: one, class_number: class_number.value }));

/** Reads the model and keeps everything up to date from then on. Throws a sentence. */
export function start(text: string): void {
  state.take_model(text);
  read_address();
  state.remember();
  document.title = `${state.model.run}, epoch ${state.model.epoch} · Ganymede`;

  const times: number[] = [];
  // Pictures that come one by one are shown together, once a frame.
  const fresh = new Map<typeof strip, Map<number, Picture>>();
  const show = () => batch(() => {
    for (const [list, ones] of fresh) list.value = list.value.map((old, i) => ones.get(i) ?? old);
    fresh.clear();
  });
  const put = (list: typeof strip, index: number, one: Picture) => {
    if (fresh.size === 0) requestAnimationFrame(show);
    fresh.set(list, (fresh.get(list) ?? new Map<number, Picture>()).set(index, one));
  };
  const client = new Client(state.model, {
    ready: (vectors) => (state.with_vectors.value = vectors),
    fault: (sentence) => (state.fault.value = sentence),
    checked: (result) => (state.checked.value = result),
    piece: (piece) => {
      times.push(piece.ms);
      if (times.length > 31) times.shift();
      state.milliseconds.value = [...times].sort((one, two) => one - two)[times.length >> 1];
      if (piece.kind === 'strip') return put(strip, piece.index, piece.picture);
      if (piece.kind === 'classes') return put(class_pictures, piece.index, piece.picture);
      if (piece.kind === 'pad') return put(tiles, piece.index, piece.picture);
      batch(() => {
        state.picture.value = piece.picture;
        state.layers.value = piece.layers ?? [];
        state.open_values.value = piece.open ?? null;
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
    if (!state.model.classes) return;
    const places = Array.from({ length: state.model.classes }, (_, k) => ({ z: z.value, class_number: k }));
    const first = class_pictures.peek().length === 0;
    if (first) class_pictures.value = places.map(() => null);
    clearTimeout(resting); // many pictures: once the hand rests for a moment
    resting = window.setTimeout(() => client.ask('classes', places), first ? 0 : 80);
  });
  effect(() => {
    if (!tiled.value || state.model.latent.dim === 1 || (is_small() && state.model.latent.dim > 2)) return;
    const at = (i: number) => (((i + 0.5) / kTiles) * 2 - 1) * reach.value;
    const points = Array.from({ length: kTiles * kTiles }, (_, i) => [at(i % kTiles), at(kTiles - 1 - Math.floor(i / kTiles))]);
    ask('pad', tiles, points_of(points.map(([x, y]) => (is_small() ? [x, y] : on_plane(u.value, v.value, x, y)))));
  });
  const { z: zs, classes } = state.model.check;
  client.ask('check', zs.map((one, i) => ({ z: one, class_number: classes[i] ?? 0 })));

  let written = '', waiting = 0, settle = 0;
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
    settle = window.setTimeout(state.remember, 400);
  });
  addEventListener('hashchange', () => location.hash !== written && read_address());
}
