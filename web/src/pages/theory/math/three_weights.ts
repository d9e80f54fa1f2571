// The network of three weights f(x) = w3 tanh(w1 x + w2), taught by another of its kind (S-LATENT, figure 3.15). As src/theory/three_weights.hpp.
export type ThreeWeights = readonly [number, number, number];

export const kTaught: ThreeWeights = [2, -1, 1.5];

const kPlaces = Array.from({ length: 41 }, (_, i) => -2 + (4 * i) / 40);
const kWanted = kPlaces.map((x) => kTaught[2] * Math.tanh(kTaught[0] * x + kTaught[1]));

/** Mean of (f(x) - g(x))^2 / 2 over 41 places from -2 to 2, g the taught one. */
export function loss_of([w1, w2, w3]: ThreeWeights): number {
  let sum = 0;
  for (let i = 0; i < kPlaces.length; ++i) {
    const off = w3 * Math.tanh(w1 * kPlaces[i]! + w2) - kWanted[i]!;
    sum += (off * off) / 2;
  }
  return sum / kPlaces.length;
}

/** What of the loss does not depend on w3: with it the loss at another w3 is a matter of three products. */
export function sums_over_places(w1: number, w2: number): { squares: number; products: number } {
  let squares = 0, products = 0;
  for (let i = 0; i < kPlaces.length; ++i) {
    const bend = Math.tanh(w1 * kPlaces[i]! + w2);
    squares += bend * bend;
    products += bend * kWanted[i]!;
  }
  return { squares: squares / kPlaces.length, products: products / kPlaces.length };
}
const kSquareWanted = kWanted.reduce((sum, y) => sum + y * y, 0) / kPlaces.length;
export const loss_of_sums = ({ squares, products }: { squares: number; products: number }, w3: number): number => (w3 * w3 * squares - 2 * w3 * products + kSquareWanted) / 2;

/** Its slopes by w1, w2, w3. */
export function slope_of([w1, w2, w3]: ThreeWeights): ThreeWeights {
  let s1 = 0, s2 = 0, s3 = 0;
  for (let i = 0; i < kPlaces.length; ++i) {
    const x = kPlaces[i]!, bend = Math.tanh(w1 * x + w2);
    const off = (w3 * bend - kWanted[i]!) / kPlaces.length;
    const inner = off * w3 * (1 - bend * bend);
    s1 += inner * x;
    s2 += inner;
    s3 += off * bend;
  }
  return [s1, s2, s3];
}

/** Gradient descent, w -= rate slope: `steps` + 1 places, the beginning first. */
export function descend(from: ThreeWeights, rate: number, steps: number): ThreeWeights[] {
  const places = [from];
  for (let t = 0; t < steps; ++t) {
    const now = places[t]!, slope = slope_of(now);
    places.push([now[0] - rate * slope[0], now[1] - rate * slope[1], now[2] - rate * slope[2]]);
  }
  return places;
}
