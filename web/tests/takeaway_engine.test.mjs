// The generator in the page to take away, layer by layer against the formulas of docs/export.md in plain loops.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { base64, count_of, latent, load, model_of, randoms } from './takeaway_models.mjs';

const { Generator, layers_of } = await load('engine.ts');
const { floats_of_halves, level_of, read_model } = await load('model.ts');

function close(found, wanted, what, tolerance = 2e-6) {
  assert.equal(found.length, wanted.length, `${what}: how many`);
  const most = Math.max(1, ...wanted.map(Math.abs));
  for (let i = 0; i < wanted.length; ++i) {
    assert.ok(Math.abs(found[i] - wanted[i]) <= tolerance * most, `${what}: element ${i} is ${found[i]}, wanted ${wanted[i]}`);
  }
}

/** Both products give the wanted values, also a second time. */
function gives(model, z, wanted, what, class_number = 0) {
  for (const vectors of [true, false]) {
    const generator = new Generator(model, vectors);
    assert.equal(generator.vectors, vectors);
    generator.run(randoms(z.length), class_number);
    close(generator.run(z, class_number), wanted, `${what}, ${vectors ? 'vectors' : 'plain'}`);
  }
}

// What docs/export.md says, element by element.
const plain = {
  conv(x, [c, h, w], weight, [out, oh, ow], [kh, kw], [sh, sw], [top, , left], bias) {
    return Array.from({ length: out * oh * ow }, (_, i) => {
      const o = Math.floor(i / (oh * ow)), y = Math.floor(i / ow) % oh, column = i % ow;
      let sum = bias ? bias[o] : 0;
      for (let ci = 0; ci < c; ++ci) {
        for (let ky = 0; ky < kh; ++ky) {
          for (let kx = 0; kx < kw; ++kx) {
            const iy = y * sh + ky - top, ix = column * sw + kx - left;
            if (iy >= 0 && iy < h && ix >= 0 && ix < w) sum += x[(ci * h + iy) * w + ix] * weight[((o * c + ci) * kh + ky) * kw + kx];
          }
        }
      }
      return sum;
    });
  },
  conv_transpose(x, [c, h, w], weight, [out, oh, ow], [kh, kw], [sh, sw], [top, , left], bias) {
    const y = Array.from({ length: out * oh * ow }, (_, i) => (bias ? bias[Math.floor(i / (oh * ow))] : 0));
    for (let ci = 0; ci < c; ++ci) {
      for (let iy = 0; iy < h; ++iy) {
        for (let ix = 0; ix < w; ++ix) {
          for (let o = 0; o < out; ++o) {
            for (let ky = 0; ky < kh; ++ky) {
              for (let kx = 0; kx < kw; ++kx) {
                const oy = iy * sh - top + ky, ox = ix * sw - left + kx;
                if (oy < 0 || oy >= oh || ox < 0 || ox >= ow) continue;
                y[(o * oh + oy) * ow + ox] += x[(ci * h + iy) * w + ix] * weight[((ci * out + o) * kh + ky) * kw + kx];
              }
            }
          }
        }
      }
    }
    return y;
  },
};
const sigmoid = (x) => 1 / (1 + Math.exp(-x));

test('Dense.IsAMatrixTimesTheVector', () => {
  for (const [count, out] of [[1, 1], [2, 9], [3, 8], [100, 130], [13, 64]]) {
    const [weight, bias, z] = [randoms(count * out), randoms(out), randoms(count)];
    const wanted = Array.from(bias, (b, o) => z.reduce((sum, v, i) => sum + v * weight[o * count + i], b));
    gives(model_of([latent([count]), ['d', 'dense', ['z'], [out], {}, { weight, bias }]]), z, wanted, `${count} to ${out}`);
  }
});

for (const kind of ['conv', 'conv_transpose']) {
  test(`${kind === 'conv' ? 'Conv' : 'ConvTranspose'}.IsItsFormulaForEveryStrideAndPadding`, () => {
    const cases = [
      { large: [7, 7], small: [7, 7], kernel: [5, 5], stride: [1, 1], padding: [2, 2, 2, 2] },
      { large: [14, 14], small: [7, 7], kernel: [5, 5], stride: [2, 2], padding: [1, 2, 1, 2] }, // Keras' odd pixel after
      { large: [6, 9], small: [3, 3], kernel: [3, 4], stride: [2, 3], padding: [0, 1, 1, 0] },
      { large: [8, 8], small: [6, 6], kernel: [3, 3], stride: [1, 1], padding: [0, 0, 0, 0] },
      { large: [4, 6], small: [2, 3], kernel: [1, 1], stride: [2, 2], padding: [0, 0, 0, 0] }, // pixels that nothing reaches
    ];
    for (const { large, small, kernel, stride, padding } of cases) {
      for (const [channels, out] of [[1, 1], [3, 10], [8, 3]]) {
        const [from, to] = kind === 'conv' ? [large, small] : [small, large];
        const [input, output] = [[channels, ...from], [out, ...to]];
        const [z, weight, bias] = [randoms(count_of(input)), randoms(channels * out * count_of(kernel)), randoms(out)];
        for (const b of [bias, null]) {
          const wanted = plain[kind](z, input, weight, output, kernel, stride, padding, b);
          const nodes = [latent(input), ['c', kind, ['z'], output, { kernel, stride, padding }, b ? { weight, bias: b } : { weight }]];
          gives(model_of(nodes), z, wanted, `${kind} ${JSON.stringify({ input, output, kernel, stride })}`);
        }
      }
    }
  });
}

test('Conv.TakesASequenceAsAPictureOfOneRow', () => {
  const [z, weight] = [randoms(4 * 10), randoms(6 * 4 * 3)];
  const wanted = plain.conv(z, [4, 1, 10], weight, [6, 1, 10], [1, 3], [1, 1], [0, 0, 1, 1]);
  const attributes = { kernel: [1, 3], stride: [1, 1], padding: [0, 0, 1, 1] };
  gives(model_of([latent([4, 10]), ['c', 'conv', ['z'], [6, 10], attributes, { weight }]]), z, wanted, 'sequence');
});

test('Norms.AreTheirFormulas', () => {
  for (const shape of [[5], [6, 3, 4]]) {
    const z = randoms(count_of(shape)), pixels = count_of(shape.slice(1));
    const [scale, shift] = [randoms(shape[0]), randoms(shape[0])];
    const channel = (i) => Math.floor(i / pixels);
    gives(model_of([latent(shape), ['n', 'batch_norm', ['z'], shape, {}, { scale, shift }]]), z,
      Array.from(z, (v, i) => v * scale[channel(i)] + shift[channel(i)]), 'batch');
    for (const over of ['channel', 'sample']) {
      const size = over === 'sample' ? z.length : shape[0];
      const [weight, bias] = [randoms(size), randoms(size)];
      const wanted = Array.from(z, (v, i) => {
        const group = Array.from(z).filter((_, j) => over === 'sample' || shape.length === 1 || j % pixels === i % pixels);
        const mean = group.reduce((a, b) => a + b) / group.length;
        const variance = group.reduce((a, b) => a + (b - mean) ** 2, 0) / group.length;
        const at = over === 'sample' ? i : channel(i);
        return ((v - mean) / Math.sqrt(variance + 1e-3)) * weight[at] + bias[at];
      });
      gives(model_of([latent(shape), ['n', 'layer_norm', ['z'], shape, { over, epsilon: 1e-3 }, { weight, bias }]]), z, wanted, `layer over ${over}`);
    }
  }
});

test('Activations.AreTheirFormulas', () => {
  const kinds = [
    ['linear', {}, (x) => x],
    ['tanh', {}, Math.tanh],
    ['sigmoid', {}, sigmoid],
    ['leaky_relu', { negative_slope: 0.3 }, (x) => (x > 0 ? x : 0.3 * x)],
    ['elu', { alpha: 0.7 }, (x) => (x > 0 ? x : 0.7 * (Math.exp(x) - 1))],
    ['relu', { negative_slope: 0, threshold: 0, max_value: null }, (x) => Math.max(0, x)],
    ['relu', { negative_slope: 0.1, threshold: 0.2, max_value: 0.6 }, (x) => (x >= 0.6 ? 0.6 : x >= 0.2 ? x : 0.1 * (x - 0.2))],
  ];
  for (const shape of [[9], [3, 2, 5]]) {
    for (const [op, attributes, of] of kinds) {
      const z = randoms(count_of(shape));
      gives(model_of([latent(shape), ['a', op, ['z'], shape, attributes]]), z, Array.from(z, of), op);
    }
    const slopes = randoms(3), z = randoms(count_of(shape)), part = z.length / 3;
    gives(model_of([latent(shape), ['a', 'prelu', ['z'], shape, {}, { weight: slopes }]]), z,
      Array.from(z, (x, i) => (x > 0 ? x : x * slopes[Math.floor(i / part)])), 'prelu');
  }
});

test('Class.ComesByEmbeddingAndByOneHot', () => {
  const classes = 4, [weight, z] = [randoms(classes * 3), randoms(3)];
  const number = ['class', 'input', [], [], { role: 'class_index', classes }];
  const embedding = model_of([latent([3]), number, ['e', 'embedding', ['class'], [3], {}, { weight }], ['m', 'multiply', ['z', 'e'], [3]]], { classes });
  const one_hot = model_of([latent([3]), number, ['o', 'one_hot', ['class'], [classes], { classes }], ['m', 'concat', ['z', 'o'], [3 + classes]]], { classes });
  for (let k = 0; k < classes; ++k) {
    gives(embedding, z, Array.from(z, (v, i) => v * weight[k * 3 + i]), 'embedding', k);
    gives(one_hot, z, [...z, ...Array.from({ length: classes }, (_, i) => Number(i === k))], 'one-hot', k);
  }
});

test('Concat.MakesPlanesOfAVector', () => {
  const picture = ['p', 'reshape', ['z'], [2, 2, 3]];
  const weight = randoms(3 * 12), z = randoms(12);
  const model = model_of([latent([12]), picture, ['d', 'dense', ['z'], [3], {}, { weight }], ['c', 'concat', ['p', 'd'], [5, 2, 3]]]);
  const vector = [0, 1, 2].map((o) => z.reduce((sum, v, i) => sum + v * weight[o * 12 + i], 0));
  gives(model, z, [...z, ...vector.flatMap((v) => Array(6).fill(v))], 'planes');
});

test('ReshapeAndPermute.KeepTheOrderOfChannelsRowsAndColumns', () => {
  const z = randoms(24);
  gives(model_of([latent([24]), ['r', 'reshape', ['z'], [2, 3, 4]], ['f', 'reshape', ['r'], [24]]]), z, [...z], 'there and back');
  const wanted = [];
  for (let x = 0; x < 4; ++x) for (let y = 0; y < 3; ++y) for (let c = 0; c < 2; ++c) wanted.push(z[(c * 3 + y) * 4 + x]);
  gives(model_of([latent([2, 3, 4]), ['p', 'permute', ['z'], [4, 3, 2], { order: [2, 1, 0] }]]), z, wanted, 'permute');
});

test('ConvGru.IsItsFormula', () => {
  for (const [c, hidden, times, cells, kernel] of [[3, 5, 4, 4, 3], [2, 8, 3, 1, 1], [9, 2, 2, 5, 4]]) {
    const [z, wi, wh, bias] = [randoms(c * times * cells), randoms(3 * hidden * c * kernel), randoms(3 * hidden * hidden * kernel), randoms(3 * hidden)];
    const before = Math.floor((kernel - 1) / 2);
    // Row `o` of a weight over the cells of x(channel, cell), at one cell.
    const around = (w, ins, o, cell, x) => {
      let sum = 0;
      for (let i = 0; i < ins; ++i) {
        for (let k = 0; k < kernel; ++k) {
          const at = cell + k - before;
          if (at >= 0 && at < cells) sum += w[(o * ins + i) * kernel + k] * x(i, at);
        }
      }
      return sum;
    };
    let h = Array.from({ length: hidden }, () => Array(cells).fill(0));
    const wanted = Array(hidden * times * cells);
    for (let t = 0; t < times; ++t) {
      const x = (i, cell) => z[(i * times + t) * cells + cell];
      const gate = (block, o, cell, state) =>
        around(wi, c, block * hidden + o, cell, x) + around(wh, hidden, block * hidden + o, cell, state) + bias[block * hidden + o];
      const each = (of) => h.map((row, o) => row.map((_, cell) => of(o, cell)));
      const old = (i, cell) => h[i][cell];
      const r = each((o, cell) => sigmoid(gate(0, o, cell, old)));
      const u = each((o, cell) => sigmoid(gate(1, o, cell, old)));
      const n = each((o, cell) => Math.tanh(gate(2, o, cell, (i, at) => r[i][at] * h[i][at])));
      h = each((o, cell) => (1 - u[o][cell]) * h[o][cell] + u[o][cell] * n[o][cell]);
      h.forEach((row, o) => row.forEach((v, cell) => (wanted[(o * times + t) * cells + cell] = v)));
    }
    const nodes = [latent([c, times, cells]), ['g', 'conv_gru', ['z'], [hidden, times, cells], { kernel, out: hidden }, { weight_ih: wi, weight_hh: wh, bias }]];
    gives(model_of(nodes), z, wanted, `gru ${c} to ${hidden}, kernel ${kernel}`);
  }
});

test('Layers.AreThoseThatThePageShows', () => {
  const shape = [2, 2, 2];
  const nodes = model_of([latent([3]), ['d', 'dense', ['z'], [8], {}, { weight: randoms(24) }], ['n', 'tanh', ['d'], [8]], ['r', 'reshape', ['n'], shape],
    ['a', 'tanh', ['r'], shape]]).nodes;
  assert.deepEqual(layers_of(nodes), [{ node: 'd', op: 'dense', shape }, { node: 'n', op: 'tanh', shape }, { node: 'a', op: 'tanh', shape }]);
});

test('Halves.AreReadExactly', () => {
  const halves = [[0x0000, 0], [0x8000, -0], [0x3c00, 1], [0xc000, -2], [0x3555, 0.333251953125], [0x7bff, 65504], [0x0001, 2 ** -24], [0x03ff, 1023 * 2 ** -24],
    [0x0400, 2 ** -14], [0x7c00, Infinity], [0xfc00, -Infinity], [0x7e00, NaN]];
  const found = floats_of_halves(Uint16Array.from(halves, ([bits]) => bits));
  halves.forEach(([bits, value], i) => assert.ok(Object.is(found[i], value), `${bits.toString(16)} is ${found[i]}, wanted ${value}`));
});

test('Levels.AreThoseOfTheProgram', () => {
  const wanted = [[-2, 0], [-1, 0], [NaN, 0], [1, 255], [2, 255], [0, 128], [0.51 / 127.5 - 1, 1], [0.49 / 127.5 - 1, 0]];
  for (const [v, level] of wanted) assert.equal(level_of(v), level, `level of ${v}`);
});

test('Model.IsRefusedInASentence', () => {
  assert.throws(() => read_model('@MODEL@'), /holds no model/);
  assert.throws(() => read_model('{"schema": "ganymede.export/2"}'), /ganymede.export\/1, and found ganymede.export\/2/);
  assert.throws(() => new Generator(model_of([latent([2]), ['p', 'pool', ['z'], [2]]])), /Layer p: this page knows no layer “pool”/);
  assert.throws(() => new Generator(model_of([latent([2]), ['d', 'dense', ['z'], [2]]])), /Layer d \(dense\) lacks its weight/);
  const outside = model_of([latent([2]), ['d', 'dense', ['z'], [2], {}, { weight: randoms(4) }]]);
  outside.nodes[1].parameters.weight.offset = 1;
  assert.throws(() => new Generator(outside), /d.weight does not lie within the weights/);
});

test('Map.IsReadByPartCoordinateAndSection', async () => {
  const { MapReader, areas_crossed, middles } = await load('space.ts');
  const axis = [-1, 0, 1], side = 3;
  // Class of a point of part p: 100 p + 9 i + 3 j + k.
  const labels = Uint8Array.from({ length: 2 * 27 }, (_, at) => (at < 27 ? at : 100 + at - 27));
  const parts = [{ wanted: null, fourth: -1, shares: [] }, { wanted: null, fourth: 1, shares: [] }];
  const map = new MapReader({ dims: 3, side, axis, mass: 0, class_names: [], parts, labels: base64(labels) });
  assert.equal(map.part(0, -0.2), 0);
  assert.equal(map.part(0, 0.2), 1);
  assert.equal(map.label(0, [-0.9, 0.2, 1.2]), 5);
  assert.equal(map.label(1, [1, 1, -1]), 124);
  assert.equal(map.label(0, [0, 0, 1.6]), -1);
  assert.deepEqual([...map.section(1, [0.1, 0, 0.9], 0, 1).labels], [102, 105, 108, 111, 114, 117, 120, 123, 126]);
  assert.deepEqual([...map.section(0, [0.9, 0, 0], 1, 2).labels], [18, 19, 20, 21, 22, 23, 24, 25, 26]);
  assert.deepEqual(areas_crossed((z) => (z[0] < 0.5 ? 1 : 2), [0], [1], 'line', 5), [[1, 0, 0.25], [2, 0.5, 1]]);
  assert.throws(() => new MapReader({ ...map.map, side: 4 }), /holds 54 points, not 128/);
  // A name stands in the middle of the widest part: of a stripe in its middle, of a single point on it.
  const plane = { side: 5, axis: [], labels: Uint8Array.from('0000000000000001111112222'.padEnd(25, '2')) };
  plane.labels.set([1, 1, 1, 1, 1, 2, 2, 2, 2, 3], 15);
  assert.deepEqual(middles(plane).get(1), { i: 3, j: 2, far: 1 });
  assert.deepEqual(middles(plane).get(3), { i: 4, j: 4, far: 1 });
  assert.deepEqual(middles(plane).get(0), { i: 1, j: 2, far: 2 });
});

test('Plane.HoldsItsTwoPointsAndTellsWhatLiesOff', async () => {
  const { between, in_plane, on_plane } = await load('space.ts');
  const [u, v] = [[1, 2, 0], [0, 1, 1]];
  assert.deepEqual(on_plane(u, v, 1, 0), u);
  const { x, y, off } = in_plane(u, v, on_plane(u, v, 0.25, -2));
  close([x, y, off], [0.25, -2, 0], 'coordinates', 1e-9);
  assert.ok(in_plane(u, v, [2, -1, 1]).off > 0.9);
  assert.equal(in_plane(u, u, v).off, 1);
  close(between([2, 0], [0, 2], 0.5, 'slerp'), [Math.SQRT2, Math.SQRT2], 'great circle', 1e-9);
  close(between([2, 0], [0, 2], 0.5, 'line'), [1, 1], 'line', 1e-9);
  close(between([0, 0], [0, 2], 0.5, 'slerp'), [0, 1], 'from the centre', 1e-9);
});

test('Ink.DecodesMovesIntoStrokes', async () => {
  const { drawn, segments_of } = await load('ink.ts');
  const moves = [0.5, 0, 1, 0.5, 0, 0.9, -1, 1, 0, 1, 0, 1, 0.3, 0.3, 0.2, 0, 0, 0];
  const segments = segments_of(moves);
  assert.deepEqual(segments.map((one) => one.stroke), [0, 0, -1, 1]); // what comes after the last move on the paper draws nothing
  assert.deepEqual([segments[0].from, segments[3].to], [[10, 10], [90, 90]]);
  assert.deepEqual(drawn(segments, 0.5).map((one) => one.stroke), [0, 0]);
  assert.deepEqual(drawn(segments, 0.125)[0].to, [30, 10]);
  assert.deepEqual(segments_of([0.1, 0.1, 0]), []);
});
