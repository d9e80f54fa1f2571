// Noise on a picture: each value is changed by the size, up or down by chance, or where the classifier's slope says (Goodfellow, Shlens, Szegedy 2015).
import { random_numbers } from './clouds';

/** Signs by chance. */
export function signs_by_chance(count: number, seed: number): Float32Array {
  const { uniform } = random_numbers(seed);
  return Float32Array.from({ length: count }, () => (uniform() < 0.5 ? -1 : 1));
}
/** Gaussian numbers, so that most values change little and a few much: the same mean square as signs. */
export function gaussian(count: number, seed: number): Float32Array {
  const { normal } = random_numbers(seed);
  return Float32Array.from({ length: count }, normal);
}
export const signs_of = (slopes: Float32Array): Float32Array => slopes.map(Math.sign);

/** The picture with so much of the noise, kept within -1 to 1. */
export const with_noise = (picture: Float32Array, noise: Float32Array, size: number): Float32Array =>
  picture.map((value, i) => Math.min(1, Math.max(-1, value + size * noise[i]!)));
