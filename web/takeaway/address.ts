// The view in the part of the address after "#", so that a link opens it again.

import { batch } from '@preact/signals';

import type { Z } from './space';
import * as state from './state';

const { z, a, b, u, v, path, class_number, map_class, reach, tiled, open_layer, is_small, start_of, start_reach } = state;

function z_text(point: Z): string {
  if (is_small()) return point.map((value) => String(Number(value.toPrecision(9)))).join(',');
  const seed = state.model.seeds.findIndex((one) => one.every((value, i) => value === point[i]));
  if (seed >= 0) return `seed${seed}`;
  const bytes = new Uint8Array(Float32Array.from(point).buffer);
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function z_of(text: string | null, otherwise: Z): Z {
  const { dim } = state.model.latent;
  if (!text) return otherwise;
  const seed = /^seed(\d+)$/.exec(text);
  if (seed) return state.model.seeds[Number(seed[1])] ?? otherwise;
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

/** Takes what the address says; what cannot be read is left out. */
export function read_address(): void {
  const query = new URLSearchParams(location.hash.slice(1));
  const count = (key: string, most: number): number | null => {
    const value = Number(query.get(key) ?? NaN);
    return Number.isInteger(value) && value >= 0 && value < most ? value : null;
  };
  batch(() => {
    z.value = z_of(query.get('z'), start_of.z());
    a.value = z_of(query.get('a'), start_of.a());
    b.value = z_of(query.get('b'), start_of.b());
    u.value = z_of(query.get('u'), state.model.seeds[0]);
    v.value = z_of(query.get('v'), state.model.seeds[1]);
    class_number.value = count('class', state.model.classes) ?? 0;
    map_class.value = count('map', state.model.classes);
    const way = query.get('path');
    path.value = way === 'line' || way === 'slerp' ? way : is_small() ? 'line' : 'slerp';
    const wide = Number(query.get('reach'));
    reach.value = wide >= 0.5 && wide <= 10 ? wide : start_reach();
    tiled.value = query.has('tiles') || !state.map;
    open_layer.value = query.get('layer') ?? '';
  });
}

/** The address of what is seen: what differs from the start. */
export function address(): string {
  const query: [string, string][] = [['z', z_text(z.value)]];
  const keep = (key: string, text: string, otherwise: string) => void (text !== otherwise && query.push([key, text]));
  if (state.model.classes) keep('class', String(class_number.value), '0');
  keep('map', String(map_class.value ?? ''), '');
  if (!is_small()) {
    keep('u', z_text(u.value), 'seed0');
    keep('v', z_text(v.value), 'seed1');
  }
  keep('a', z_text(a.value), z_text(start_of.a()));
  keep('b', z_text(b.value), z_text(start_of.b()));
  keep('path', path.value, is_small() ? 'line' : 'slerp');
  keep('reach', String(reach.value), String(start_reach()));
  if (state.map) keep('tiles', tiled.value ? '1' : '', '');
  keep('layer', open_layer.value, '');
  return '#' + query.map(([key, text]) => `${key}=${encodeURIComponent(text).replaceAll('%2C', ',')}`).join('&');
}
