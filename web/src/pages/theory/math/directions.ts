// Attributes as directions of the latent space (S-THEORY T8): s = Lambda N' z, of z ~ N(0, I) the covariance Sigma_s = Lambda N'N Lambda.
export type Vector = readonly number[];

const dot = (a: Vector, b: Vector) => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
export const unit = (angle: number): Vector => [Math.cos(angle), Math.sin(angle)];

/** Sigma_s of attributes with these normals, each of length 1, and strengths: element (i, j) is lambda_i n_i' n_j lambda_j. */
export const covariance = (normals: readonly Vector[], strengths: readonly number[]): number[][] =>
  normals.map((n, i) => normals.map((m, j) => strengths[i]! * dot(n, m) * strengths[j]!));

/** The direction that changes n and leaves m as it is: n less its part along m, of length 1; null where there is none. */
export function conditional(n: Vector, m: Vector): Vector | null {
  const rest = n.map((v, i) => v - dot(n, m) * m[i]!);
  const length = Math.hypot(...rest);
  return length < 1e-9 ? null : rest.map((v) => v / length);
}
