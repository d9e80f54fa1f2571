// The state of the page in its address: the preset, the keys that differ from it, what is shown, and points that were drawn.
import { kLayers, type Layer } from './types';

export interface Address {
  preset: string;
  /** Keys of the recipe, as texts. */
  set: Record<string, string>;
  points: number[][];
  shown: ReadonlySet<Layer>;
  ahead: boolean;
}

/** What is drawn lies on a lattice this fine, so that an address holds it exactly. */
const kUnit = 1 / 2048;
export const kReach = 3;
export const kMostPoints = 1500;

const on_lattice = (value: number) => Math.round(Math.max(-kReach, Math.min(kReach, value)) / kUnit);

export const snapped = (value: number): number => on_lattice(value) * kUnit;

/** Two 16-bit numbers a point, as base64url. */
export function points_text(points: number[][]): string {
  const bytes = new Uint8Array(4 * points.length);
  const view = new DataView(bytes.buffer);
  points.forEach(([x = 0, y = 0], i) => {
    view.setInt16(4 * i, on_lattice(x), true);
    view.setInt16(4 * i + 2, on_lattice(y), true);
  });
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

export function points_of(text: string): number[][] {
  try {
    const raw = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const view = new DataView(Uint8Array.from(raw, (c) => c.charCodeAt(0)).buffer);
    const points: number[][] = [];
    for (let at = 0; at + 4 <= raw.length && points.length < kMostPoints; at += 4) points.push([view.getInt16(at, true) * kUnit, view.getInt16(at + 2, true) * kUnit]);
    return points;
  } catch {
    return []; // an address that was cut
  }
}

export const kUsual: ReadonlySet<Layer> = new Set(kLayers);

export function read_address(query: URLSearchParams): Address {
  const set: Record<string, string> = {};
  for (const [key, value] of query) if (key.includes('.')) set[key] = value;
  const show = query.get('show');
  return {
    preset: query.get('preset') ?? 'ring-unrolled',
    set,
    points: points_of(query.get('points') ?? ''),
    shown: show === null ? kUsual : new Set(kLayers.filter((layer) => show.split(',').includes(layer))),
    ahead: query.get('ahead') === 'yes',
  };
}

export function write_address({ preset, set, points, shown, ahead }: Address): string {
  const query = new URLSearchParams({ preset, ...set });
  if (points.length) query.set('points', points_text(points));
  if (kLayers.some((layer) => !shown.has(layer))) query.set('show', kLayers.filter((layer) => shown.has(layer)).join(','));
  if (ahead) query.set('ahead', 'yes');
  return `/play?${query.toString().replaceAll('%2C', ',')}`;
}
