// Who computes what, when: one picture a turn, the newest position first. Runs in a worker, or where there is none in
// the page itself.

import { Generator, type LayerInfo, type LayerValues } from './engine';
import { bytes_of, level_of, type Model } from './model';

/** Levels [H, W, C] of an image, moves [T, 3] of ink. */
export type Picture = Uint8Array | Float32Array;

export interface Place {
  z: number[];
  class_number: number;
}

/** In the order in which they come. A new job of a kind takes the place of the old one. */
export const kinds = ['look', 'classes', 'strip', 'pad', 'check'] as const;
export type Kind = (typeof kinds)[number];

export interface Job {
  kind: Kind;
  serial: number;
  places: Place[];
  open?: string; // look: the layer whose maps are wanted too
}

/** What a layer's values are like, and its mean over channels (a vector in rows of a near-square, NaN beyond). */
export interface LayerSeen extends LayerInfo {
  rows: number;
  columns: number;
  mean: Float32Array;
  least: number;
  most: number;
  zero: number;
  near_zero: number;
}

export interface Piece {
  kind: Kind;
  serial: number;
  index: number;
  picture: Picture;
  layers?: LayerSeen[];
  open?: LayerValues;
  ms: number; // that the picture took
}
export interface Checked {
  kind: 'checked';
  worst: number; // levels; of ink 255ths
  count: number;
}
export interface Ready {
  kind: 'ready';
  vectors: boolean;
}
export interface Fault {
  kind: 'fault';
  sentence: string;
}
export type Answer = Piece | Checked | Ready | Fault;

export function picture_of(model: Model, values: Float32Array): Picture {
  if (model.kind === 'ink') return values;
  const [channels, height, width] = model.shape;
  const pixels = height * width;
  const levels = new Uint8Array(values.length);
  for (let pixel = 0; pixel < pixels; ++pixel) {
    for (let c = 0; c < channels; ++c) levels[pixel * channels + c] = level_of(values[c * pixels + pixel]);
  }
  return levels;
}

export function see(layer: LayerValues): LayerSeen {
  const { node, op, shape, values } = layer;
  const count = values.length;
  const channels = shape.length > 1 ? shape[0] : 1;
  const columns = shape.length > 1 ? shape[shape.length - 1] : Math.ceil(Math.sqrt(count));
  const rows = shape.length > 1 ? count / channels / columns : Math.ceil(count / columns);
  const mean = new Float32Array(rows * columns);
  if (shape.length === 1) mean.fill(NaN);
  const size = count / channels;
  for (let i = 0; i < size; ++i) {
    let sum = 0;
    for (let c = 0; c < channels; ++c) sum += values[c * size + i];
    mean[i] = sum / channels;
  }
  let least = Infinity, most = -Infinity, squares = 0, zero = 0;
  for (const v of values) {
    if (v < least) least = v;
    if (v > most) most = v;
    squares += v * v;
    if (v === 0) ++zero;
  }
  const border = 0.1 * Math.sqrt(squares / count);
  let near = 0;
  for (const v of values) if (Math.abs(v) < border) ++near;
  return { node, op, shape, rows, columns, mean, least, most, zero: zero / count, near_zero: near / count };
}

export class Desk {
  private readonly generator: Generator;
  private readonly waiting = new Map<Kind, { job: Job; next: number }>();
  private readonly wanted: Picture; // what the check compares with
  private worst = 0;
  private awake = false;

  /** `later` runs a function soon, after what has come in meanwhile. */
  constructor(private readonly model: Model, private readonly post: (answer: Answer) => void,
              private readonly later: (turn: () => void) => void) {
    this.generator = new Generator(model);
    const bytes = bytes_of(model.check.pictures);
    this.wanted = model.kind === 'ink' ? new Float32Array(bytes.buffer) : bytes;
    post({ kind: 'ready', vectors: this.generator.vectors });
  }

  take(job: Job): void {
    this.waiting.set(job.kind, { job, next: 0 });
    if (!this.awake) this.later(this.turn);
    this.awake = true;
  }

  private readonly turn = (): void => {
    const kind = kinds.find((one) => this.waiting.has(one));
    this.awake = kind !== undefined;
    if (kind === undefined) return;
    const { job, next } = this.waiting.get(kind)!;
    if (next + 1 < job.places.length) this.waiting.set(kind, { job, next: next + 1 });
    else this.waiting.delete(kind);
    if (job.places.length > 0) this.draw(job, next);
    this.later(this.turn);
  };

  private draw(job: Job, index: number): void {
    const start = performance.now();
    const { z, class_number } = job.places[index];
    const values = this.generator.run(z, class_number);
    const ms = performance.now() - start;
    const picture = picture_of(this.model, values);
    if (job.kind === 'check') return this.compare(job, index, picture);
    const piece: Piece = { kind: job.kind, serial: job.serial, index, picture, ms };
    if (job.kind === 'look') {
      const layers = this.generator.layers.map((info) => this.generator.layer(info));
      piece.layers = layers.map(see);
      piece.open = layers.find((layer) => layer.node === job.open);
    }
    this.post(piece);
  }

  private compare(job: Job, index: number, picture: Picture): void {
    const unit = this.model.kind === 'ink' ? 127.5 : 1; // of moves in [-1, 1] a level is 2/255
    picture.forEach((value, i) => {
      const far = Math.abs(value - this.wanted[index * picture.length + i]) * unit;
      this.worst = Math.max(this.worst, Number.isNaN(far) ? Infinity : far);
    });
    if (index + 1 === job.places.length) this.post({ kind: 'checked', worst: this.worst, count: job.places.length });
  }
}
