// Losses of both players as functions of D's logit s, D = sigmoid(s); nats. As src/theory/losses.hpp.
import { at, normal } from './density';

export const sigmoid = (s: number): number => (s >= 0 ? 1 / (1 + Math.exp(-s)) : Math.exp(s) / (1 + Math.exp(s)));
/** log(1 + exp(s)). */
export const softplus = (s: number): number => Math.max(s, 0) + Math.log1p(Math.exp(-Math.abs(s)));
export const logit = (share: number): number => Math.log(share / (1 - share));

/** BCE(y, t) = -t log y - (1 - t) log(1 - y) with y = sigmoid(s). */
export const binary_cross_entropy = (s: number, t: number): number => t * softplus(-s) + (1 - t) * softplus(s);
/** Its slope over the logit. */
export const binary_cross_entropy_slope = (s: number, t: number): number => sigmoid(s) - t;
/** BCE(s_real, 1) + BCE(s_fake, 0). */
export const discriminator_loss = (s_real: number, s_fake: number): number => binary_cross_entropy(s_real, 1) + binary_cross_entropy(s_fake, 0);

/** saturating: log(1 - D), the game's own; non_saturating: -log D. */
export type GeneratorLoss = 'saturating' | 'non_saturating';
export const kLossNames: Record<GeneratorLoss, string> = { saturating: 'log(1 - D)', non_saturating: '-log D' };

/** What G descends, at a fake of logit s. */
export const generator_loss = (loss: GeneratorLoss, s: number): number => (loss === 'saturating' ? -binary_cross_entropy(s, 0) : binary_cross_entropy(s, 1));
/** Its slope over the logit: -D, D - 1. */
export const generator_slope = (loss: GeneratorLoss, s: number): number => (loss === 'saturating' ? -sigmoid(s) : -sigmoid(-s));

/** |dL/dx| of a sample behind the best D of N(0, 1) and N(d, 1), whose logit d^2/2 - d x has the slope -d everywhere. */
export const gradient_of_shifted = (loss: GeneratorLoss, d: number, x: number): number => Math.abs(generator_slope(loss, (d * d) / 2 - d * x)) * d;

/** Its mean over the fakes N(d, 1), and the square root of the mean square. */
export function mean_gradient_of_shifted(loss: GeneratorLoss, d: number): { mean: number; root_mean_square: number } {
  const steps = 2000, reach = 12;
  const fakes = normal(d);
  let mean = 0, square = 0;
  for (let i = 0; i <= steps; ++i) {
    const x = d - reach + (2 * reach * i) / steps;
    const g = gradient_of_shifted(loss, d, x), q = (at(fakes, x) * 2 * reach) / steps;
    mean += q * g;
    square += q * g * g;
  }
  return { mean, root_mean_square: Math.sqrt(square) };
}
