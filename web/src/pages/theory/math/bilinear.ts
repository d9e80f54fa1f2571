// The smallest game: min over x, max over y of x y. As src/theory/bilinear_game.hpp.
export interface Players {
  x: number;
  y: number;
}
export type Turns = 'simultaneous' | 'alternating';

export const radius = ({ x, y }: Players): number => Math.hypot(x, y);

/** simultaneous: x' = x - eta y, y' = y + eta x; alternating: y' = y + eta x'. */
export function step(turns: Turns, { x, y }: Players, eta: number): Players {
  const next = x - eta * y;
  return { x: next, y: y + eta * (turns === 'simultaneous' ? x : next) };
}

/** The beginning first: steps + 1 places. */
export function walk(turns: Turns, from: Players, eta: number, steps: number): Players[] {
  const places = [from];
  for (let t = 0; t < steps; ++t) places.push(step(turns, places[t]!, eta));
  return places;
}

/** Where simultaneous steps are after t of them: radius_0 (1 + eta^2)^(t / 2), exactly. */
export const spiral_radius = (radius_0: number, eta: number, t: number): number => radius_0 * Math.exp((t * Math.log(1 + eta * eta)) / 2);
/** What alternating steps keep, exactly: x^2 - eta x y + y^2. */
export const orbit_invariant = ({ x, y }: Players, eta: number): number => x * x - eta * x * y + y * y;
/** The least and the largest radius of that ellipse; eta < 2. */
export function orbit_radii(from: Players, eta: number): { least: number; largest: number } {
  const kept = orbit_invariant(from, eta);
  return { least: Math.sqrt(kept / (1 + eta / 2)), largest: Math.sqrt(kept / (1 - eta / 2)) };
}
/** After so much time of the flow dx/dt = -y, dy/dt = x: a circle. */
export const flow = ({ x, y }: Players, time: number): Players => ({
  x: Math.cos(time) * x - Math.sin(time) * y,
  y: Math.sin(time) * x + Math.cos(time) * y,
});
