// The model in the page: what `ganymede export --html` writes (docs/export.md), and how its numbers are read.

export interface Parameter {
  type: 'f16' | 'f32'; // which block it lies in
  shape: number[];
  offset: number; // in values
  count: number;
}

/** A node of the generator, after those it reads. */
export interface ModelNode {
  name: string;
  op: string;
  inputs: string[];
  attributes: Record<string, unknown>;
  shape: number[]; // of one sample: [F], [C, T] or [C, H, W]; [] of a class number
  parameters: Record<string, Parameter>;
}

export interface MapPart {
  wanted: number | null; // the class asked for, of a conditional model
  fourth: number | null; // the last coordinate, of a 4-d model
  shares: number[];
}

export interface ClassMap {
  dims: 2 | 3;
  side: number;
  axis: number[];
  mass: number; // of the prior within it
  class_names: string[];
  parts: MapPart[];
  labels: string; // base64 of u8 [parts, side, side(, side)], first coordinate first
}

export interface Model {
  schema: string;
  version: string;
  run: string;
  epoch: number;
  description: string;
  latent: { dim: number; prior: 'normal' | 'uniform'; codes?: number[] };
  classes: number; // 0: it takes none
  class_names: string[];
  kind: 'image' | 'ink';
  shape: number[]; // [C, H, W], or [1, T, 3] of ink
  output: string;
  nodes: ModelNode[];
  weights: string; // base64, little-endian f16
  weights32: string; // base64, little-endian f32
  seeds: number[][];
  seed_classes: number[];
  map: ClassMap | null;
  notes: { map: string };
  check: { z: number[][]; classes: number[]; pictures: string }; // u8 [8, H, W, C], of ink f32 [8, T, 3]
}

export const schema = 'ganymede.export/1';

/** The model of a JSON text. Throws a sentence for anything else. */
export function read_model(text: string): Model {
  let model: Model;
  try {
    model = JSON.parse(text);
  } catch {
    throw new Error('This page holds no model: make one with “ganymede export RUN --html FILE”.');
  }
  if (typeof model !== 'object' || model === null || model.schema !== schema) {
    throw new Error(`This page reads models of ${schema}, and found ${String(model?.schema)}.`);
  }
  return model;
}

export function bytes_of(base64: string): Uint8Array {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; ++i) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Every finite f16 is a whole number of 2^-24, or a fraction of 11 bits with an exponent. */
export function floats_of_halves(halves: Uint16Array): Float32Array {
  const all = new Float32Array(1 << 16);
  for (let bits = 0; bits < all.length; ++bits) {
    const exponent = (bits >> 10) & 31, fraction = bits & 1023;
    const size = exponent === 0 ? fraction * 2 ** -24
      : exponent === 31 ? (fraction ? NaN : Infinity)
      : (1024 + fraction) * 2 ** (exponent - 25);
    all[bits] = bits & 0x8000 ? -size : size;
  }
  const values = new Float32Array(halves.length);
  for (let i = 0; i < values.length; ++i) values[i] = all[halves[i]];
  return values;
}

/** Gives the values of each parameter, as f32. Throws where a parameter does not lie within its block. */
export function parameter_reader(model: Model): (node: ModelNode, name: string) => Float32Array | null {
  const blocks = {
    f16: floats_of_halves(new Uint16Array(bytes_of(model.weights).buffer)),
    f32: new Float32Array(bytes_of(model.weights32).buffer),
  };
  return (node, name) => {
    const parameter = node.parameters?.[name];
    if (!parameter) return null;
    const { type, shape, offset, count } = parameter;
    const block = blocks[type];
    const whole = shape.reduce((a, b) => a * b, 1) === count;
    if (!block || !whole || !(offset >= 0) || offset + count > block.length) {
      throw new Error(`${node.name}.${name} does not lie within the weights of this page.`);
    }
    return block.subarray(offset, offset + count);
  };
}

/** round(127.5 (v + 1)) within 0 .. 255, as the program's pictures have it; halves away from zero. */
export function level_of(v: number): number {
  if (!(v > -1)) return 0;
  return v >= 1 ? 255 : Math.floor(127.5 * (v + 1) + 0.5);
}
