// Values of nodes in the arena. A vector lies flat. An image [C, H, W] (a sequence [C, T] is one of H = 1) lies pixel
// by pixel with its channels together, a pixel at a multiple of eight; what fills it up is finite and never read.

import type { Arena } from './arena';
import { kLanes, rounded_up } from './product';

export interface Value {
  shape: number[];
  place: number;
  flat: boolean;
  c: number; // of a vector: its length
  h: number;
  w: number;
  pitch: number; // from pixel to pixel; of a vector its length, filled up
  total: number; // f32 that it takes in memory
}

export function new_value(arena: Arena, shape: number[]): Value {
  const flat = shape.length === 1;
  const [c, h, w] = flat ? [shape[0], 1, 1] : shape.length === 2 ? [shape[0], 1, shape[1]] : shape;
  const pitch = rounded_up(c, kLanes);
  return { shape, place: arena.take(h * w * pitch), flat, c, h, w, pitch, total: h * w * pitch };
}

/** The elements in the order C, H, W. */
export function read_value(f: Float32Array, value: Value): Float32Array {
  const { place, c, h, w, pitch } = value;
  const pixels = h * w;
  const out = new Float32Array(c * pixels);
  for (let pixel = 0; pixel < pixels; ++pixel) {
    for (let channel = 0; channel < c; ++channel) out[channel * pixels + pixel] = f[place + pixel * pitch + channel];
  }
  return out;
}

/** The inverse of read_value. */
export function write_value(f: Float32Array, value: Value, from: ArrayLike<number>): void {
  const { place, c, h, w, pitch } = value;
  const pixels = h * w;
  for (let pixel = 0; pixel < pixels; ++pixel) {
    for (let channel = 0; channel < c; ++channel) f[place + pixel * pitch + channel] = from[channel * pixels + pixel];
  }
}
