// A discriminator that is trained in the page: 1 - 24 - 24 - 1, tanh, Adam, on fresh samples of two densities that stand still. A small sibling of what
// `ganymede study theory` trains with the engine (exhibit `learned`).
import { random_numbers } from './clouds';
import type { Density } from './density';
import { sigmoid } from './losses';

const kHidden = 24;
const kScale = 3; // x / 3 goes in

export class LearnedDiscriminator {
  /** w1 [H], b1 [H], w2 [H][H], b2 [H], w3 [H], b3. */
  readonly parameters: Float64Array;
  private readonly m: Float64Array;
  private readonly v: Float64Array;
  private readonly random;
  updates = 0;

  constructor(seed = 1) {
    this.random = random_numbers(seed);
    const count = 2 * kHidden + kHidden * kHidden + 2 * kHidden + 1;
    this.parameters = new Float64Array(count);
    this.m = new Float64Array(count);
    this.v = new Float64Array(count);
    for (let i = 0; i < 2 * kHidden; ++i) this.parameters[i] = (i < kHidden ? 1.5 : 1) * this.random.normal();
    for (let i = 0; i < kHidden * kHidden; ++i) this.parameters[2 * kHidden + i] = this.random.normal() / Math.sqrt(kHidden);
  }

  /** Its logit; the hidden values are left in h1 and h2. */
  private forward(x: number, h1: Float64Array, h2: Float64Array): number {
    const p = this.parameters, w2 = 2 * kHidden, b2 = w2 + kHidden * kHidden, w3 = b2 + kHidden;
    for (let i = 0; i < kHidden; ++i) h1[i] = Math.tanh(p[i]! * (x / kScale) + p[kHidden + i]!);
    let s = p[w3 + kHidden]!;
    for (let j = 0; j < kHidden; ++j) {
      let sum = p[b2 + j]!;
      for (let i = 0; i < kHidden; ++i) sum += p[w2 + j * kHidden + i]! * h1[i]!;
      h2[j] = Math.tanh(sum);
      s += p[w3 + j]! * h2[j]!;
    }
    return s;
  }

  private readonly h1 = new Float64Array(kHidden);
  private readonly h2 = new Float64Array(kHidden);
  logit(x: number): number {
    return this.forward(x, this.h1, this.h2);
  }

  /** The gradient of the mean loss over samples with their targets (1 real, 0 fake), and that loss. */
  gradient(xs: readonly number[], targets: readonly number[]): { loss: number; gradient: Float64Array } {
    const p = this.parameters, w2 = 2 * kHidden, b2 = w2 + kHidden * kHidden, w3 = b2 + kHidden;
    const gradient = new Float64Array(p.length), d1 = new Float64Array(kHidden);
    let loss = 0;
    xs.forEach((x, n) => {
      const s = this.forward(x, this.h1, this.h2), t = targets[n]!;
      loss += (Math.max(s, 0) - s * t + Math.log1p(Math.exp(-Math.abs(s)))) / xs.length;
      const d = (sigmoid(s) - t) / xs.length;
      gradient[w3 + kHidden]! += d;
      d1.fill(0);
      for (let j = 0; j < kHidden; ++j) {
        const h = this.h2[j]!;
        gradient[w3 + j]! += d * h;
        const dj = d * p[w3 + j]! * (1 - h * h);
        gradient[b2 + j]! += dj;
        for (let i = 0; i < kHidden; ++i) {
          gradient[w2 + j * kHidden + i]! += dj * this.h1[i]!;
          d1[i]! += dj * p[w2 + j * kHidden + i]!;
        }
      }
      for (let i = 0; i < kHidden; ++i) {
        const di = d1[i]! * (1 - this.h1[i]! ** 2);
        gradient[i]! += (di * x) / kScale;
        gradient[kHidden + i]! += di;
      }
    });
    return { loss, gradient };
  }

  /** One update by Adam on `batch` fresh samples of each. */
  train(p: Density, q: Density, batch: number, rate: number): void {
    const xs: number[] = [], targets: number[] = [];
    for (let n = 0; n < 2 * batch; ++n) {
      const real = n < batch;
      xs.push(draw(real ? p : q, this.random));
      targets.push(real ? 1 : 0);
    }
    const { gradient } = this.gradient(xs, targets);
    const t = ++this.updates, length = (rate * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t);
    for (let i = 0; i < gradient.length; ++i) {
      this.m[i] = 0.9 * this.m[i]! + 0.1 * gradient[i]!;
      this.v[i] = 0.999 * this.v[i]! + 0.001 * gradient[i]! ** 2;
      this.parameters[i]! -= (length * this.m[i]!) / (Math.sqrt(this.v[i]!) + 1e-7);
    }
  }
}

export function draw(density: Density, random: { uniform: () => number; normal: () => number }): number {
  let left = random.uniform() * density.reduce((sum, part) => sum + part.weight, 0);
  let chosen = density[0]!;
  for (const part of density) {
    chosen = part;
    left -= part.weight;
    if (left < 0) break;
  }
  return chosen.mean + chosen.deviation * random.normal();
}
