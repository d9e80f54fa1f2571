// What each kind of layer does, in inference. Formulas: src/net/network.hpp.

import type { Arena } from './arena';
import type { ModelNode } from './model';
import { pack, packed_length, rounded_up, kLanes } from './product';
import { read_value, write_value, type Value } from './values';

/** What a layer is made from. */
export interface Site {
  arena: Arena;
  node: ModelNode;
  inputs: Value[];
  output: Value;
  class_of: () => number;
  parameter: (name: string) => Float32Array | null;
}

/** The layers that are a function of each value. */
export const activations = ['linear', 'relu', 'leaky_relu', 'prelu', 'elu', 'tanh', 'sigmoid'];

type Step = () => void;
type Maker = (site: Site) => Step;

function wanted(site: Site, name: string): Float32Array {
  const values = site.parameter(name);
  if (!values) throw new Error(`Layer ${site.node.name} (${site.node.op}) lacks its ${name}.`);
  return values;
}

function number_of(site: Site, name: string): number {
  const value = site.node.attributes[name];
  if (typeof value !== 'number') throw new Error(`Layer ${site.node.name} (${site.node.op}) lacks its ${name}.`);
  return value;
}

function numbers_of(site: Site, name: string, count: number): number[] {
  const value = site.node.attributes[name];
  if (Array.isArray(value) && value.length === count) return value.map(Number);
  throw new Error(`Layer ${site.node.name} (${site.node.op}) lacks its ${name}.`);
}

/** Fills a row of biases into every pixel. */
function bias_of(site: Site, channels: number, name = 'bias'): (place: number, rows: number, pitch: number) => void {
  const bias = site.parameter(name);
  const { arena } = site;
  if (!bias) return (place, rows, pitch) => void arena.f.fill(0, place, place + rows * pitch);
  const kept = arena.keep(rounded_up(channels, kLanes), (to) => to.set(bias));
  return (place, rows, pitch) => {
    for (let row = 0; row < rows; ++row) arena.f.copyWithin(place + row * pitch, kept, kept + pitch);
  };
}

interface Tap { matrix: number; place: number; groups: number }

function run_taps(arena: Arena, taps: Tap[], a: number, c: number, k: number, n: number): void {
  for (const tap of taps) arena.product(a, tap.matrix, c, tap.place, tap.groups, k, n);
}

function keep_matrix(arena: Arena, k: number, n: number, at: (row: number, column: number) => number): number {
  return arena.keep(packed_length(k, n), (to) => pack(to, k, n, at));
}

// A convolution and its adjoint join a large picture to a small one; which of them is computed is all that differs.
// The weight is [small channels, large channels, kh, kw] in both.
function convolution(site: Site, to_large: boolean): Step {
  const { arena, inputs: [input], output } = site;
  const [kh, kw] = numbers_of(site, 'kernel', 2), [sh, sw] = numbers_of(site, 'stride', 2);
  const [top, , left] = numbers_of(site, 'padding', 4);
  const weight = wanted(site, 'weight');
  const [large, small] = to_large ? [output, input] : [input, output];
  const fill = bias_of(site, output.c);
  const taps: Tap[] = [];
  for (let ky = 0; ky < kh; ++ky) {
    for (let kx = 0; kx < kw; ++kx) {
      const pairs: [number, number][] = [];
      for (let y = 0; y < small.h; ++y) {
        for (let x = 0; x < small.w; ++x) {
          const large_y = y * sh + ky - top, large_x = x * sw + kx - left;
          if (large_y < 0 || large_y >= large.h || large_x < 0 || large_x >= large.w) continue;
          const of_small = (y * small.w + x) * small.pitch, of_large = (large_y * large.w + large_x) * large.pitch;
          pairs.push(to_large ? [of_small, of_large] : [of_large, of_small]);
        }
      }
      if (pairs.length === 0) continue;
      const at = (s: number, l: number) => weight[((s * large.c + l) * kh + ky) * kw + kx];
      const matrix = keep_matrix(arena, input.c, output.c, to_large ? at : (l, s) => at(s, l));
      taps.push({ matrix, ...arena.keep_pairs(pairs, output.pitch, output.place) });
    }
  }
  return () => {
    fill(output.place, output.h * output.w, output.pitch);
    run_taps(arena, taps, input.place, output.place, input.c, output.c);
  };
}

function dense(site: Site): Step {
  const { arena, inputs: [input], output } = site;
  const weight = wanted(site, 'weight');
  const count = input.c * input.h * input.w;
  const fill = bias_of(site, output.c);
  const matrix = keep_matrix(arena, count, output.c, (row, column) => weight[column * count + row]);
  const one: Tap = { matrix, ...arena.keep_pairs([[0, 0]], output.pitch, output.place) };
  const from = input.flat ? input.place : arena.take(rounded_up(count, kLanes)); // C, H, W in order
  return () => {
    if (!input.flat) arena.f.set(read_value(arena.f, input), from);
    fill(output.place, 1, output.pitch);
    run_taps(arena, [one], from, output.place, count, output.c);
  };
}

// y = scale x + shift, channel by channel
function batch_norm(site: Site): Step {
  const { arena, inputs: [input], output } = site;
  const [scales, shifts] = [wanted(site, 'scale'), wanted(site, 'shift')];
  const scale = arena.keep(output.pitch, (to) => to.set(scales));
  const shift = arena.keep(output.pitch, (to) => to.set(shifts));
  return () => {
    const f = arena.f;
    for (let pixel = 0; pixel < output.total; pixel += output.pitch) {
      const from = input.place + pixel, to = output.place + pixel;
      for (let c = 0; c < output.pitch; ++c) f[to + c] = f[from + c] * f[scale + c] + f[shift + c];
    }
  };
}

function layer_norm(site: Site): Step {
  const { arena, node, inputs: [input], output } = site;
  const [weight, bias] = [site.parameter('weight'), site.parameter('bias')];
  const epsilon = number_of(site, 'epsilon');
  const { c, pitch } = output, pixels = output.h * output.w;
  const whole = node.attributes.over === 'sample' || output.flat;
  return () => {
    const f = arena.f;
    const [groups, size] = whole ? [1, pixels] : [pixels, 1]; // pixels of a group
    for (let group = 0; group < groups; ++group) {
      let sum = 0, squares = 0;
      const each = (visit: (at: number, channel: number, pixel: number) => void) => {
        for (let pixel = group * size; pixel < (group + 1) * size; ++pixel) {
          for (let channel = 0; channel < c; ++channel) visit(pixel * pitch + channel, channel, pixel);
        }
      };
      each((at) => void (sum += f[input.place + at]));
      const mean = sum / (size * c);
      each((at) => void (squares += (f[input.place + at] - mean) ** 2));
      const factor = 1 / Math.sqrt(squares / (size * c) + epsilon);
      each((at, channel, pixel) => {
        const p = whole && !output.flat ? channel * pixels + pixel : channel;
        f[output.place + at] = (f[input.place + at] - mean) * factor * (weight ? weight[p] : 1) + (bias ? bias[p] : 0);
      });
    }
  };
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

function activation(site: Site): Step {
  const { arena, node, inputs: [input], output } = site;
  const each = (of: (x: number) => number): Step => () => {
    const f = arena.f, from = input.place, to = output.place;
    for (let i = 0; i < output.total; ++i) f[to + i] = of(f[from + i]);
  };
  switch (node.op) {
    case 'linear': return each((x) => x);
    case 'tanh': return each(Math.tanh);
    case 'sigmoid': return each(sigmoid);
    case 'leaky_relu': {
      const slope = number_of(site, 'negative_slope');
      return each((x) => (x > 0 ? x : slope * x));
    }
    case 'elu': {
      const alpha = number_of(site, 'alpha');
      return each((x) => (x > 0 ? x : alpha * Math.expm1(x)));
    }
    case 'relu': {
      const slope = number_of(site, 'negative_slope'), threshold = number_of(site, 'threshold');
      const most = node.attributes.max_value === null ? Infinity : number_of(site, 'max_value');
      return each((x) => (x >= most ? most : x >= threshold ? x : slope * (x - threshold)));
    }
    case 'prelu': {
      const slopes = wanted(site, 'weight');
      const each_counts = output.flat ? output.c / slopes.length : 1; // values that share a slope
      const kept = arena.keep(output.pitch, (to) => {
        for (let c = 0; c < output.c; ++c) to[c] = slopes[Math.floor(c / each_counts)];
      });
      return () => {
        const f = arena.f;
        for (let pixel = 0; pixel < output.total; pixel += output.pitch) {
          const from = input.place + pixel, to = output.place + pixel;
          for (let c = 0; c < output.pitch; ++c) f[to + c] = f[from + c] > 0 ? f[from + c] : f[from + c] * f[kept + c];
        }
      };
    }
  }
  throw new Error(`Layer ${node.name}: this page knows no activation function “${node.op}”.`);
}

function embedding(site: Site): Step {
  const { arena, output } = site;
  const weight = wanted(site, 'weight');
  return () => {
    const start = site.class_of() * output.c;
    arena.f.set(weight.subarray(start, start + output.c), output.place);
  };
}

function one_hot(site: Site): Step {
  const { arena, output } = site;
  return () => {
    arena.f.fill(0, output.place, output.place + output.c);
    arena.f[output.place + site.class_of()] = 1;
  };
}

function multiply(site: Site): Step {
  const { arena, inputs: [one, two], output } = site;
  return () => {
    for (let i = 0; i < output.total; ++i) arena.f[output.place + i] = arena.f[one.place + i] * arena.f[two.place + i];
  };
}

// Along the channels; a vector beside a picture is the same at every pixel.
function concat(site: Site): Step {
  const { arena, inputs: [one, two], output } = site;
  const copy = (input: Value, first: number) => {
    for (let pixel = 0; pixel < output.h * output.w; ++pixel) {
      const from = input.place + (input.flat ? 0 : pixel * input.pitch);
      arena.f.copyWithin(output.place + pixel * output.pitch + first, from, from + input.c);
    }
  };
  return () => {
    copy(one, 0);
    copy(two, one.c);
  };
}

function reshape(site: Site): Step {
  const { arena, inputs: [input], output } = site;
  return () => write_value(arena.f, output, read_value(arena.f, input));
}

function permute(site: Site): Step {
  const { arena, inputs: [input], output } = site;
  const order = numbers_of(site, 'order', 3);
  const steps = [input.h * input.w, input.w, 1]; // of C, H and W
  const [c, h, w] = order.map((axis) => steps[axis]);
  return () => {
    const from = read_value(arena.f, input);
    const to = new Float32Array(from.length);
    let at = 0;
    for (let i = 0; i < output.c; ++i) {
      for (let y = 0; y < output.h; ++y) {
        for (let x = 0; x < output.w; ++x) to[at++] = from[i * c + y * h + x * w];
      }
    }
    write_value(arena.f, output, to);
  };
}

// r_t = sigmoid(Wr x_t + Ur h + br);  u_t = sigmoid(Wu x_t + Uu h + bu);  n_t = tanh(Wn x_t + Un (r_t h) + bn);
// h_t = (1 - u_t) h + u_t n_t, over [C, T, W]; every matrix a convolution over the W cells.
function conv_gru(site: Site): Step {
  const { arena, inputs: [input], output } = site;
  const kernel = number_of(site, 'kernel'), hidden = output.c, pitch = output.pitch, cells = output.w;
  const before = (kernel - 1) >> 1;
  const [of_input, of_hidden] = [wanted(site, 'weight_ih'), wanted(site, 'weight_hh')];
  const fill = bias_of(site, 3 * hidden);

  // Convolutions of `rows` rows of cells with `outs` of the weight's rows, from `first` on.
  const taps_of = (weight: Float32Array, ins: number, first: number, outs: number, rows: number, a: number, c: number,
                   place: number): Tap[] => {
    const taps: Tap[] = [];
    for (let tap = 0; tap < kernel; ++tap) {
      const pairs: [number, number][] = [];
      for (let row = 0; row < rows; ++row) {
        for (let cell = 0; cell < cells; ++cell) {
          const from = cell + tap - before;
          if (from >= 0 && from < cells) pairs.push([(row * cells + from) * a, (row * cells + cell) * c]);
        }
      }
      if (pairs.length === 0) continue;
      const matrix = keep_matrix(arena, ins, outs, (k, n) => weight[((first + n) * ins + k) * kernel + tap]);
      taps.push({ matrix, ...arena.keep_pairs(pairs, rounded_up(outs, kLanes), place) });
    }
    return taps;
  };

  const wide = rounded_up(3 * hidden, kLanes), two = rounded_up(2 * hidden, kLanes);
  const all = arena.take(output.h * cells * wide); // what comes of the input, of all times
  const gates = arena.take(cells * two), candidate = arena.take(cells * pitch), reset = arena.take(cells * pitch);
  const state = arena.take(cells * pitch);
  const input_taps = taps_of(of_input, input.c, 0, 3 * hidden, output.h, input.pitch, wide, all);
  const gate_taps = taps_of(of_hidden, hidden, 0, 2 * hidden, 1, pitch, two, gates);
  const candidate_taps = taps_of(of_hidden, hidden, 2 * hidden, hidden, 1, pitch, pitch, candidate);
  return () => {
    const f = arena.f;
    fill(all, output.h * cells, wide);
    run_taps(arena, input_taps, input.place, all, input.c, 3 * hidden);
    f.fill(0, state, state + cells * pitch);
    for (let t = 0; t < output.h; ++t) {
      const now = all + t * cells * wide;
      for (let cell = 0; cell < cells; ++cell) {
        for (let i = 0; i < 2 * hidden; ++i) f[gates + cell * two + i] = f[now + cell * wide + i];
        for (let i = 0; i < hidden; ++i) f[candidate + cell * pitch + i] = f[now + cell * wide + 2 * hidden + i];
      }
      run_taps(arena, gate_taps, state, gates, hidden, 2 * hidden);
      for (let cell = 0; cell < cells; ++cell) {
        for (let i = 0; i < hidden; ++i) {
          f[reset + cell * pitch + i] = sigmoid(f[gates + cell * two + i]) * f[state + cell * pitch + i];
        }
      }
      run_taps(arena, candidate_taps, reset, candidate, hidden, hidden);
      for (let cell = 0; cell < cells; ++cell) {
        for (let i = 0; i < hidden; ++i) {
          const at = cell * pitch + i, update = sigmoid(f[gates + cell * two + hidden + i]);
          f[state + at] = (1 - update) * f[state + at] + update * Math.tanh(f[candidate + at]);
          f[output.place + t * cells * pitch + at] = f[state + at];
        }
      }
    }
  };
}

const makers: Record<string, Maker> = {
  dense, batch_norm, layer_norm, embedding, one_hot, multiply, concat, reshape, permute, conv_gru,
  conv: (site) => convolution(site, false),
  conv_transpose: (site) => convolution(site, true),
};
for (const name of activations) makers[name] = activation;

/** What computes this layer's value from those of its inputs. Throws a sentence for a layer that is not known. */
export function make_layer(site: Site): () => void {
  const maker = makers[site.node.op];
  if (!maker) throw new Error(`Layer ${site.node.name}: this page knows no layer “${site.node.op}”.`);
  return maker(site);
}
