// What was measured of a game, as columns that grow. Where there are too many rows, every other one of the older half goes.
import { signal } from '@preact/signals';

import type { NamedArray } from '../../api/frames';
import type { Head } from './types';

const kMost = 6000;

/** Columns of POST play's "curves", then those of the scenes. */
export const kColumns = ['generator_loss', 'discriminator_loss', 'real_accuracy', 'fake_accuracy', 'generator_gradient', 'discriminator_gradient'] as const;
export type Column = (typeof kColumns)[number];

export class Table {
  x: number[] = [];
  y: number[][];
  constructor(readonly columns: number) {
    this.y = Array.from({ length: columns }, () => []);
  }

  push(x: number, values: ArrayLike<number>, first = 0): void {
    if (this.x.length && this.x.at(-1) === x) this.drop();
    this.x.push(x);
    for (let k = 0; k < this.columns; ++k) this.y[k]!.push(values[first + k]!);
    if (this.x.length > kMost) this.thin();
  }

  private drop(): void {
    this.x.pop();
    for (const column of this.y) column.pop();
  }

  private thin(): void {
    const keep = (_: number, i: number) => i >= kMost / 2 || i % 2 === 0;
    this.x = this.x.filter(keep);
    this.y = this.y.map((column) => column.filter(keep));
  }
}

export class Curves {
  updates = new Table(kColumns.length);
  /** JS, modes, share near one. */
  scenes = new Table(3);
  /** Counts up with what is added. */
  readonly version = signal(0);

  clear(): void {
    this.updates = new Table(kColumns.length);
    this.scenes = new Table(3);
    ++this.version.value;
  }

  add(rows: NamedArray, head: Head): void {
    const [count = 0, width = 7] = rows.shape;
    for (let i = 0; i < count; ++i) this.updates.push(rows.values[i * width]!, rows.values, i * width + 1);
    this.scenes.push(head.step, [head.js, head.modes ?? NaN, head.modes === null ? NaN : head.near_mode]);
    ++this.version.value;
  }
}
