// The game of two lines: reals N(2, 1), fakes N(theta, 1), D(x) = sigmoid(a x + b), a family that the best D is a member of. Both descend their expected
// losses, which are sums over a lattice: no sample, no chance. What is learnt for the work is then a matter of k alone (S-THEORY T2).
// As src/theory/shift_game.hpp.
import type { GeneratorLoss } from './losses';
import { generator_slope, sigmoid } from './losses';

export const kRealMean = 2;

export interface ShiftGame {
  theta: number;
  a: number;
  b: number;
}
export interface ShiftRates {
  generator: number;
  discriminator: number;
}

const kPoints = 81, kReach = 6;
const kPlaces = Array.from({ length: kPoints }, (_, i) => -kReach + (2 * kReach * i) / (kPoints - 1));
const kWeights = kPlaces.map((x) => (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * ((2 * kReach) / (kPoints - 1)));

/** The mean of f over N(mean, 1). */
function mean_over(mean: number, f: (x: number) => number): number {
  let sum = 0;
  for (let i = 0; i < kPoints; ++i) sum += kWeights[i]! * f(mean + kPlaces[i]!);
  return sum;
}

/** The best D of a theta: its logit is (2 - theta) x + (theta^2 - 4) / 2. */
export const best_discriminator = (theta: number) => ({ a: kRealMean - theta, b: (theta * theta - kRealMean * kRealMean) / 2 });

/** D descends BCE(real, 1) + BCE(fake, 0) by a step of its rate. */
export function discriminator_step({ theta, a, b }: ShiftGame, rate: number): ShiftGame {
  const slope = (weight: (x: number) => number) =>
    mean_over(kRealMean, (x) => (sigmoid(a * x + b) - 1) * weight(x)) + mean_over(theta, (x) => sigmoid(a * x + b) * weight(x));
  return { theta, a: a - rate * slope((x) => x), b: b - rate * slope(() => 1) };
}

/** G descends its loss: its sample theta + z moves with theta, so the slope is the mean of dL/ds a. */
export function generator_step({ theta, a, b }: ShiftGame, loss: GeneratorLoss, rate: number): ShiftGame {
  return { theta: theta - rate * mean_over(theta, (x) => generator_slope(loss, a * x + b) * a), a, b };
}

export interface ShiftPlace {
  /** Updates of both players so far. */
  work: number;
  theta: number;
}

/** k updates of D before each of G, until the work is done; k = 0: D is the best one each time, which is counted as `converge` updates. */
export function play_shift(from: ShiftGame, loss: GeneratorLoss, k: number, rates: ShiftRates, most_work: number, converge = 50): ShiftPlace[] {
  let game = from;
  let work = 0;
  const places: ShiftPlace[] = [{ work, theta: game.theta }];
  const each = (k === 0 ? converge : k) + 1;
  while (work + each <= most_work) {
    if (k === 0) game = { ...game, ...best_discriminator(game.theta) };
    else for (let i = 0; i < k; ++i) game = discriminator_step(game, rates.discriminator);
    game = generator_step(game, loss, rates.generator);
    work += each;
    places.push({ work, theta: game.theta });
  }
  return places;
}
