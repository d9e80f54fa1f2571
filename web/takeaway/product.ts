// The one product that all layers with weights are made of: rows of the output get rows of the input times a matrix.
//
//   for every pair (a, c):  C[c, :] += A[a, 0 .. k) B        B: [k, n]
//
// A convolution is one such product for each tap of its kernel, with the pairs of pixels that the tap joins. Rows that a
// tap would join to something outside the picture are not in its list, so nothing is computed that is cropped.

import { module_of, op, type Code } from './assembler';

export const kLanes = 8; // columns of B that go together: two vectors
export const kRows = 4; // pairs that go together
const kUnroll = 4; // of k

export const rounded_up = (n: number, to: number): number => Math.ceil(n / to) * to;

/** B [k, n] as it is wanted: blocks of 8 columns, each [k up to a multiple of 4, 8], zeros beyond. */
export function packed_length(k: number, n: number): number {
  return rounded_up(k, kUnroll) * rounded_up(n, kLanes);
}

export function pack(to: Float32Array, k: number, n: number, at: (row: number, column: number) => number): void {
  const rows = rounded_up(k, kUnroll);
  for (let column = 0; column < n; ++column) {
    const block = Math.floor(column / kLanes) * rows * kLanes + (column % kLanes);
    for (let row = 0; row < k; ++row) to[block + row * kLanes] = at(row, column);
  }
}

/** All arguments are places and numbers of f32 in one memory; `pairs`: groups of four a and then four c, as bytes. */
export type Product = (a: number, b: number, c: number, pairs: number, groups: number, k: number, n: number) => void;

// Parameters of the function, then its locals.
const enum Local {
  a, b, c, pairs, groups_end, k_bytes, blocks_end, // bytes; blocks_end: where the row of C that c names ends
  list, panel, panel_end, a0, a1, a2, a3, c0, c1, c2, c3,
  sums, // 8 vectors
  left = sums + 8, right, one,
}

function assemble(): Uint8Array<ArrayBuffer> {
  const rows = [0, 1, 2, 3];
  const advance = (local: number, by: Code): Code => [...op.get(local), ...by, ...op.add, ...op.set(local)];
  const terms: Code = [];
  for (let step = 0; step < kUnroll; ++step) {
    terms.push(...op.get(Local.panel), ...op.load(32 * step), ...op.set(Local.left));
    terms.push(...op.get(Local.panel), ...op.load(32 * step + 16), ...op.set(Local.right));
    for (const row of rows) {
      terms.push(...op.get(Local.a0 + row), ...op.load_splat(4 * step), ...op.set(Local.one));
      for (const half of [0, 1]) {
        const sum = Local.sums + 2 * row + half;
        terms.push(...op.get(sum), ...op.get(Local.one), ...op.get(Local.left + half), ...op.multiply_floats);
        terms.push(...op.add_floats, ...op.set(sum));
      }
    }
  }
  const group: Code = [
    ...rows.flatMap((row) => [
      ...op.get(Local.list), ...op.i32_load(4 * row), ...op.get(Local.a), ...op.add, ...op.set(Local.a0 + row),
      ...op.get(Local.list), ...op.i32_load(16 + 4 * row), ...op.get(Local.c), ...op.add, ...op.set(Local.c0 + row),
      ...[0, 1].flatMap((half) => [...op.get(Local.c0 + row), ...op.load(16 * half), ...op.set(Local.sums + 2 * row + half)]),
    ]),
    ...op.get(Local.b), ...op.set(Local.panel),
    ...op.get(Local.b), ...op.get(Local.k_bytes), ...op.add, ...op.set(Local.panel_end),
    ...op.repeat([
      ...terms,
      ...advance(Local.panel, op.number(32 * kUnroll)),
      ...rows.flatMap((row) => advance(Local.a0 + row, op.number(4 * kUnroll))),
      ...op.get(Local.panel), ...op.get(Local.panel_end), ...op.less,
    ]),
    ...rows.flatMap((row) => [0, 1].flatMap((half) =>
      [...op.get(Local.c0 + row), ...op.get(Local.sums + 2 * row + half), ...op.store(16 * half)])),
    ...advance(Local.list, op.number(32)),
    ...op.get(Local.list), ...op.get(Local.groups_end), ...op.less,
  ];
  const body: Code = op.repeat([
    ...op.get(Local.pairs), ...op.set(Local.list),
    ...op.repeat(group),
    ...advance(Local.b, op.get(Local.k_bytes)),
    ...advance(Local.c, op.number(32)),
    ...op.get(Local.c), ...op.get(Local.blocks_end), ...op.less,
  ]);
  return module_of('product', 7, Local.sums - Local.list, Local.one + 1 - Local.sums, body);
}

/** With vectors of WebAssembly; null where the browser has none. */
export function vector_product(memory: WebAssembly.Memory): Product | null {
  try {
    const compiled = new WebAssembly.Module(assemble());
    const instance = new WebAssembly.Instance(compiled, { m: { memory } });
    const run = instance.exports.product as (...bytes: number[]) => void;
    return (a, b, c, pairs, groups, k, n) => {
      if (groups === 0) return;
      const k_bytes = 4 * kLanes * rounded_up(k, kUnroll);
      run(4 * a, 4 * b, 4 * c, 4 * pairs, 4 * pairs + 32 * groups, k_bytes, 4 * (c + rounded_up(n, kLanes)));
    };
  } catch {
    return null;
  }
}

/** The same in plain loops. */
export function plain_product(f: Float32Array, list: Int32Array): Product {
  return (a, b, c, pairs, groups, k, n) => {
    const block = kLanes * rounded_up(k, kUnroll);
    for (let column = 0; column < n; column += kLanes, b += block) {
      for (let group = 0; group < groups; ++group) {
        for (let row = 0; row < kRows; ++row) {
          const from = a + list[pairs + 8 * group + row] / 4;
          const to = c + column + list[pairs + 8 * group + kRows + row] / 4;
          let s0 = f[to], s1 = f[to + 1], s2 = f[to + 2], s3 = f[to + 3];
          let s4 = f[to + 4], s5 = f[to + 5], s6 = f[to + 6], s7 = f[to + 7];
          for (let i = 0, p = b; i < k; ++i, p += kLanes) {
            const x = f[from + i];
            s0 += x * f[p], s1 += x * f[p + 1], s2 += x * f[p + 2], s3 += x * f[p + 3];
            s4 += x * f[p + 4], s5 += x * f[p + 5], s6 += x * f[p + 6], s7 += x * f[p + 7];
          }
          f[to] = s0, f[to + 1] = s1, f[to + 2] = s2, f[to + 3] = s3;
          f[to + 4] = s4, f[to + 5] = s5, f[to + 6] = s6, f[to + 7] = s7;
        }
      }
    }
  };
}
