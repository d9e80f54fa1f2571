// Activation functions with their slopes (S-LATENT L8). As src/theory/curves.hpp.
import { at, normal } from './density';
import { sigmoid } from './losses';

export interface Curve {
  name: string;
  formula: string;
  value: (x: number) => number;
  slope: (x: number) => number;
  /** Its values stay within limits on both sides. */
  bounded: boolean;
  /** What can be set in it, its beginning, and its range. */
  constant?: { name: string; begin: number; low: number; high: number };
}

const bent = (name: string, formula: string, below: number, constant?: Curve['constant']): Curve => ({
  name, formula, bounded: false, constant,
  value: (x) => (x > 0 ? x : below * x),
  slope: (x) => (x > 0 ? 1 : below),
});

/** The curve of a name, with its constant where it has one. Slopes at a kink are those of the left side, at a ceiling 0. */
export function curve_of(name: string, given?: number): Curve {
  switch (name) {
    case 'relu':
      return bent(name, '\\max(x, 0)', 0);
    case 'relu with a ceiling': {
      const ceiling = given ?? 6;
      return {
        name, formula: `\\min(\\max(x, 0), ${ceiling})`, bounded: true, constant: { name: 'ceiling', begin: 6, low: 0.5, high: 8 },
        value: (x) => (x <= 0 ? 0 : Math.min(x, ceiling)),
        slope: (x) => (x > 0 && x < ceiling ? 1 : 0),
      };
    }
    case 'leaky_relu':
      return bent(name, `x > 0: x; \\text{ else } ${given ?? 0.3} x`, given ?? 0.3, { name: 'slope below 0', begin: 0.3, low: 0, high: 1 });
    case 'prelu':
      return bent(name, 'x > 0: x; \\text{ else } a x, \\text{ a learned}', given ?? 0.25, { name: 'a, as it is learnt', begin: 0.25, low: -0.5, high: 1 });
    case 'elu': {
      const alpha = given ?? 1;
      return {
        name, formula: `x > 0: x; \\text{ else } ${alpha === 1 ? '' : `${alpha} (`}\\exp(x) - 1${alpha === 1 ? '' : ')'}`, bounded: false, constant: { name: 'alpha', begin: 1, low: 0.1, high: 2 },
        value: (x) => (x > 0 ? x : alpha * (Math.exp(x) - 1)),
        slope: (x) => (x > 0 ? 1 : alpha * Math.exp(x)),
      };
    }
    case 'rrelu':
      return bent(name, 'x > 0: x; \\text{ else } a x, \\text{ a drawn anew}', given ?? 11 / 48, { name: 'a, as it is drawn', begin: 11 / 48, low: 1 / 8, high: 1 / 3 });
    case 'tanh':
      return {
        name, formula: '\\tanh(x) = 2 \\sigma(2 x) - 1', bounded: true,
        value: (x) => 2 * sigmoid(2 * x) - 1,
        slope: (x) => 4 * sigmoid(2 * x) * sigmoid(-2 * x),
      };
    case 'sigmoid':
      return {
        name, formula: '\\sigma(x) = 1 / (1 + \\exp(-x))', bounded: true,
        value: sigmoid,
        slope: (x) => sigmoid(x) * sigmoid(-x),
      };
  }
  throw new Error(`there is no activation function ${name}`);
}

export const kCurveNames = ['relu', 'relu with a ceiling', 'leaky_relu', 'prelu', 'elu', 'rrelu', 'tanh', 'sigmoid'] as const;

/** The share of N(0, 1) on which a curve's slope is below `least` in magnitude. */
export function share_without_slope(curve: Curve, least: number): number {
  const cells = 20_000, reach = 10;
  const standard = normal(0);
  let share = 0;
  for (let i = 0; i < cells; ++i) {
    const x = -reach + (2 * reach * (i + 0.5)) / cells;
    if (Math.abs(curve.slope(x)) < least) share += (at(standard, x) * 2 * reach) / cells;
  }
  return share;
}
