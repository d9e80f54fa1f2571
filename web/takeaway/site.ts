// What layers are made from, and what they share: their parameters and attributes, and products over taps.

import type { Arena } from './arena';
import type { ModelNode } from './model';
import { kLanes, pack, packed_length, rounded_up } from './product';
import type { Value } from './values';

/** What a layer is made from. */
export interface Site {
  arena: Arena;
  node: ModelNode;
  inputs: Value[];
  output: Value;
  class_of: () => number;
  parameter: (name: string) => Float32Array | null;
}

export type Step = () => void;
export type Maker = (site: Site) => Step;

export function wanted(site: Site, name: string): Float32Array {
  const values = site.parameter(name);
  if (!values) throw new Error(`Layer ${site.node.name} (${site.node.op}) lacks its ${name}.`);
  return values;
}

export function number_of(site: Site, name: string): number {
  const value = site.node.attributes[name];
  if (typeof value !== 'number') throw new Error(`Layer ${site.node.name} (${site.node.op}) lacks its ${name}.`);
  return value;
}

export function numbers_of(site: Site, name: string, count: number): number[] {
  const value = site.node.attributes[name];
  if (Array.isArray(value) && value.length === count) return value.map(Number);
  throw new Error(`Layer ${site.node.name} (${site.node.op}) lacks its ${name}.`);
}

/** Fills a row of biases into every pixel. */
export function bias_of(site: Site, channels: number, name = 'bias'): (place: number, rows: number, pitch: number) => void {
  const bias = site.parameter(name);
  const { arena } = site;
  if (!bias) return (place, rows, pitch) => void arena.f.fill(0, place, place + rows * pitch);
  const kept = arena.keep(rounded_up(channels, kLanes), (to) => to.set(bias));
  return (place, rows, pitch) => {
    for (let row = 0; row < rows; ++row) arena.f.copyWithin(place + row * pitch, kept, kept + pitch);
  };
}

export interface Tap { matrix: number; place: number; groups: number }

export function run_taps(arena: Arena, taps: Tap[], a: number, c: number, k: number, n: number): void {
  for (const tap of taps) arena.product(a, tap.matrix, c, tap.place, tap.groups, k, n);
}

export function keep_matrix(arena: Arena, k: number, n: number, at: (row: number, column: number) => number): number {
  return arena.keep(packed_length(k, n), (to) => pack(to, k, n, at));
}

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
