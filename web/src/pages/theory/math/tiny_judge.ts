// A classifier small enough to be trained as the page opens: softmax regression on digits of 16 x 16 pixels that the page draws itself. What it shows of
// noise is true of it and of no other; being linear, its slopes are its weights (Goodfellow, Shlens, Szegedy 2015: linearity is what makes noise aim so well).
import { random_numbers } from './clouds';

export const kSide = 16;
const kPixels = kSide * kSide;

const arc = (x: number, y: number, rx: number, ry: number, from: number, to: number): [number, number][] =>
  Array.from({ length: 13 }, (_, i) => {
    const turn = 2 * Math.PI * (from + ((to - from) * i) / 12);
    return [x + rx * Math.sin(turn), y - ry * Math.cos(turn)];
  });

// Strokes of the digits in a square from 0 to 1, y downwards.
const kStrokes: [number, number][][][] = [
  [arc(0.5, 0.5, 0.26, 0.38, 0, 1)],
  [[[0.36, 0.25], [0.54, 0.12], [0.54, 0.88]]],
  [[...arc(0.5, 0.32, 0.24, 0.2, -0.2, 0.36), [0.26, 0.87], [0.77, 0.87]]],
  [[...arc(0.48, 0.31, 0.23, 0.19, -0.2, 0.5), ...arc(0.48, 0.69, 0.26, 0.19, 0, 0.72)]],
  [[[0.62, 0.12], [0.24, 0.62], [0.8, 0.62]], [[0.62, 0.35], [0.62, 0.9]]],
  [[[0.74, 0.13], [0.34, 0.13], [0.31, 0.45], ...arc(0.48, 0.64, 0.25, 0.23, -0.08, 0.68)]],
  [[[0.64, 0.12], [0.38, 0.38], ...arc(0.5, 0.65, 0.24, 0.22, -0.2, 0.85)]],
  [[[0.24, 0.13], [0.77, 0.13], [0.43, 0.88]]],
  [arc(0.5, 0.31, 0.2, 0.18, 0, 1), arc(0.5, 0.69, 0.25, 0.2, 0, 1)],
  [arc(0.5, 0.35, 0.23, 0.21, 0, 1), [[0.73, 0.35], [0.66, 0.88]]],
];

/** Digit k drawn by a hand that this seed decides: values from -1 to 1. */
export function drawn_digit(k: number, seed: number): Float32Array {
  const { normal } = random_numbers(seed * 10 + k + 1);
  const turn = 0.12 * normal(), slant = 0.15 * normal(), wide = 1 + 0.1 * normal(), high = 1 + 0.08 * normal();
  const right = 0.05 * normal(), down = 0.04 * normal(), pen = 0.055 + 0.01 * Math.abs(normal());
  const strokes = kStrokes[k]!.map((stroke) =>
    stroke.map(([x, y]): [number, number] => {
      const u = (x - 0.5) * wide + slant * (0.5 - y) + 0.012 * normal(), v = (y - 0.5) * high + 0.012 * normal();
      return [0.5 + right + u * Math.cos(turn) - v * Math.sin(turn), 0.5 + down + u * Math.sin(turn) + v * Math.cos(turn)];
    }),
  );
  const picture = new Float32Array(kPixels).fill(-1);
  for (let i = 0; i < kPixels; ++i) {
    const x = ((i % kSide) + 0.5) / kSide, y = (Math.floor(i / kSide) + 0.5) / kSide;
    let near = Infinity;
    for (const stroke of strokes) {
      for (let j = 1; j < stroke.length; ++j) {
        const [ax, ay] = stroke[j - 1]!, [bx, by] = stroke[j]!;
        const length = (bx - ax) ** 2 + (by - ay) ** 2 || 1e-12;
        const t = Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length));
        near = Math.min(near, Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)));
      }
    }
    picture[i] = 2 * Math.min(1, Math.max(0, 0.5 + (pen - near) * kSide)) - 1;
  }
  return picture;
}

export function softmax(logits: readonly number[]): number[] {
  const most = Math.max(...logits);
  const powers = logits.map((s) => Math.exp(s - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((p) => p / sum);
}

const kExamples = 120; // of each digit
const kHeldOut = 20;
const kRounds = 12;
const kRate = 0.004;

export class TinyJudge {
  /** [10][pixels + 1]. */
  private readonly weights = Array.from({ length: 10 }, () => new Float64Array(kPixels + 1));
  /** Of digits that it has not seen. */
  readonly error: number;

  constructor() {
    const examples = Array.from({ length: 10 * kExamples }, (_, i) => ({ k: i % 10, x: drawn_digit(i % 10, 1000 + Math.floor(i / 10)) }));
    for (let round = 0; round < kRounds; ++round) {
      for (const { k, x } of examples) {
        const p = this.judge(x);
        for (let c = 0; c < 10; ++c) {
          const push = kRate * ((c === k ? 1 : 0) - p[c]!);
          const w = this.weights[c]!;
          for (let i = 0; i < kPixels; ++i) w[i]! += push * x[i]!;
          w[kPixels]! += push;
        }
      }
    }
    let wrong = 0;
    for (let i = 0; i < 10 * kHeldOut; ++i) {
      const p = this.judge(drawn_digit(i % 10, 5000 + Math.floor(i / 10)));
      wrong += p.indexOf(Math.max(...p)) === i % 10 ? 0 : 1;
    }
    this.error = wrong / (10 * kHeldOut);
  }

  judge(x: ArrayLike<number>): number[] {
    return softmax(
      this.weights.map((w) => {
        let s = w[kPixels]!;
        for (let i = 0; i < kPixels; ++i) s += w[i]! * x[i]!;
        return s;
      }),
    );
  }

  /** How fast log p(to) - log p(from) grows with each pixel: exactly, since it is linear. */
  slopes(from: number, to: number): Float32Array {
    return Float32Array.from({ length: kPixels }, (_, i) => this.weights[to]![i]! - this.weights[from]![i]!);
  }
}
