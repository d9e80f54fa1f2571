// A convolutional gated recurrent unit.

import { kLanes, rounded_up } from './product';
import { bias_of, keep_matrix, number_of, run_taps, sigmoid, wanted, type Site, type Step, type Tap } from './site';

// r_t = sigmoid(Wr x_t + Ur h + br);  u_t = sigmoid(Wu x_t + Uu h + bu);  n_t = tanh(Wn x_t + Un (r_t h) + bn);
// h_t = (1 - u_t) h + u_t n_t, over [C, T, W]; every matrix a convolution over the W cells.
export function conv_gru(site: Site): Step {
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
