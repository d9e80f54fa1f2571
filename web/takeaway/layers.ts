// What each kind of layer does, in inference. Formulas: src/net/network.hpp.

import { conv_gru } from './gru';
import { kLanes, rounded_up } from './product';
import { bias_of, keep_matrix, number_of, numbers_of, run_taps, sigmoid, wanted, type Maker, type Site, type Step, type Tap } from './site';
import { read_value, write_value, type Value } from './values';

/** The layers that are a function of each value. */
export const activations = ['linear', 'relu', 'leaky_relu', 'prelu', 'elu', 'tanh', 'sigmoid'];

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
