// Small canvases: pictures in bytes, values in colours, classes in theirs.
import type { NamedArray } from '../../api/frames';
import { class_colour, rgb_of, sequential } from '../../shared/colours';

const kSteps = 256;
const kTable = (() => {
  const table = new Uint32Array(kSteps + 1);
  for (let i = 0; i <= kSteps; ++i) {
    const [r, g, b] = sequential(i / kSteps);
    table[i] = (255 << 24) | (b << 16) | (g << 8) | r;
  }
  return table;
})();
const kNothing = (255 << 24) | (128 << 16) | (128 << 8) | 128;

export function word_of_value(value: number, least: number, most: number): number {
  if (Number.isNaN(value)) return kNothing;
  const t = most > least ? (value - least) / (most - least) : 0;
  return kTable[Math.round(Math.min(1, Math.max(0, t)) * kSteps)]!;
}

function fit(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  return canvas.getContext('2d')!;
}

/** Values [H, W] in the colours of heat. */
export function draw_values(canvas: HTMLCanvasElement, shape: readonly number[], values: ArrayLike<number>, least: number, most: number): void {
  const [height = 1, width = 1] = shape;
  const image = new ImageData(width, height);
  const words = new Uint32Array(image.data.buffer);
  for (let i = 0; i < words.length; ++i) words[i] = word_of_value(values[i]!, least, most);
  fit(canvas, width, height).putImageData(image, 0, 0);
}

export function range_of(values: ArrayLike<number>): [number, number] {
  let least = Infinity;
  let most = -Infinity;
  for (let i = 0; i < values.length; ++i) {
    const v = values[i]!;
    if (v < least) least = v;
    if (v > most) most = v;
  }
  return least <= most ? [least, most] : [0, 0];
}

const colours = new Map<number, number>();
function word_of_class(k: number): number {
  let word = colours.get(k);
  if (word === undefined) {
    const [r, g, b] = rgb_of(class_colour(k));
    colours.set(k, (word = (255 << 24) | (b << 16) | (g << 8) | r));
  }
  return word;
}

/** Labels [side, side]: first coordinate to the right, second upwards; what is not known is clear, what `shown` leaves out is faint. */
export function draw_labels(canvas: HTMLCanvasElement, labels: Int16Array, side: number, shown?: (at: number) => boolean): void {
  const image = new ImageData(side, side);
  const words = new Uint32Array(image.data.buffer);
  for (let i = 0; i < side; ++i) {
    for (let j = 0; j < side; ++j) {
      const at = i * side + j;
      const label = labels[at]!;
      if (label < 0) continue;
      const word = word_of_class(label);
      words[(side - 1 - j) * side + i] = !shown || shown(at) ? word : (word & 0xffffff) | (50 << 24);
    }
  }
  fit(canvas, side, side).putImageData(image, 0, 0);
}

/** Picture n of [N, H, W, C] bytes. */
export function picture_of(all: NamedArray, n = 0): { shape: number[]; values: ArrayLike<number> } {
  const shape = all.shape.slice(1);
  const size = shape.reduce((product, x) => product * x, 1);
  return { shape, values: all.values.subarray(n * size, (n + 1) * size) };
}
