// One block of memory, laid out first and made and filled afterwards.

import { kRows, plain_product, rounded_up, vector_product, type Product } from './product';

export class Arena {
  private size = 16; // in f32
  private fills: (() => void)[] = [];
  f = new Float32Array(0);
  i = new Int32Array(0);
  product: Product = () => {};
  vectors = false;

  /** Place of `count` f32, on a border of 16 bytes, all 0 at first. */
  take(count: number): number {
    const place = this.size;
    this.size += rounded_up(Math.max(count, 1), 4);
    return place;
  }

  /** The same for numbers that stay. */
  keep(count: number, fill: (to: Float32Array) => void): number {
    const place = this.take(count);
    this.fills.push(() => fill(this.f.subarray(place, place + count)));
    return place;
  }

  /** A list of pairs (a, c) in f32 for the product: its place and number of groups. The last group is filled up with
   * a pair that adds something to a row of `width` that nobody reads. */
  keep_pairs(pairs: [number, number][], width: number, c: number): { place: number; groups: number } {
    const nowhere = this.take(width) - c;
    const groups = Math.ceil(pairs.length / kRows);
    const place = this.take(groups * 2 * kRows);
    this.fills.push(() => {
      for (let at = 0; at < groups * kRows; ++at) {
        const [from, to] = pairs[at] ?? [pairs[0][0], nowhere];
        const start = place + Math.floor(at / kRows) * 2 * kRows + (at % kRows);
        this.i[start] = 4 * from;
        this.i[start + kRows] = 4 * to;
      }
    });
    return { place, groups };
  }

  /** Makes the memory. `vectors`: with vectors of WebAssembly where there are any. */
  make(vectors: boolean): void {
    const pages = Math.ceil((4 * this.size) / 65536);
    const memory = vectors && typeof WebAssembly === 'object' ? new WebAssembly.Memory({ initial: pages, maximum: pages }) : null;
    const quick = memory && vector_product(memory);
    const buffer = memory?.buffer ?? new ArrayBuffer(4 * this.size);
    this.f = new Float32Array(buffer);
    this.i = new Int32Array(buffer);
    this.vectors = quick !== null;
    this.product = quick ?? plain_product(this.f, this.i);
    for (const fill of this.fills) fill();
    this.fills = [];
  }
}
