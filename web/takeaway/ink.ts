// Moves (dx, dy, pen) as strokes, in the colours of the program's own pictures.

/** One move on the paper or through the air, from point to point. */
export interface Segment {
  from: [number, number];
  to: [number, number];
  stroke: number; // -1: the pen is lifted
}

export const stroke_colours = ['#0072b2', '#d63031', '#2ca02c', '#e67e00', '#8856c0', '#17a2b8'];
export const stroke_colour = (stroke: number): string => stroke_colours[stroke % stroke_colours.length];

/** The moves up to the last on the paper, in a square of side 100, the symbol in its middle. */
export function segments_of(moves: ArrayLike<number>): Segment[] {
  const segments: Segment[] = [];
  let [x, y] = [0, 0], stroke = -1, down = false;
  for (let i = 0; i + 2 < moves.length; i += 3) {
    const pen = moves[i + 2] > 0.5;
    if (pen && !down) ++stroke;
    down = pen;
    const from: [number, number] = [x, y];
    x += moves[i];
    y += moves[i + 1];
    segments.push({ from, to: [x, y], stroke: pen ? stroke : -1 });
  }
  while (segments.length > 0 && segments[segments.length - 1].stroke < 0) segments.pop();
  const points = segments.filter((one) => one.stroke >= 0).flatMap((one) => [one.from, one.to]);
  const range = (axis: 0 | 1): [number, number] => [Math.min(...points.map((p) => p[axis])), Math.max(...points.map((p) => p[axis]))];
  if (points.length === 0) return [];
  const [[x0, x1], [y0, y1]] = [range(0), range(1)];
  const scale = 80 / Math.max(x1 - x0, y1 - y0, 0.25);
  const place = ([px, py]: [number, number]): [number, number] => [50 + (px - (x0 + x1) / 2) * scale, 50 + (py - (y0 + y1) / 2) * scale];
  return segments.map((one) => ({ ...one, from: place(one.from), to: place(one.to) }));
}

/** The segments as far as the pen has come at t in [0, 1], evenly in time. */
export function drawn(segments: Segment[], t: number): Segment[] {
  const done = t * segments.length;
  return segments.slice(0, Math.ceil(done)).map((one, i) => {
    const share = Math.min(1, done - i);
    const at = (axis: 0 | 1) => one.from[axis] + (one.to[axis] - one.from[axis]) * share;
    return { ...one, to: [at(0), at(1)] };
  });
}

/** An SVG file of the symbol. */
export function svg_text(moves: ArrayLike<number>): string {
  const lines = segments_of(moves).filter((one) => one.stroke >= 0).map(({ from, to, stroke }) => {
    const [x1, y1, x2, y2] = [...from, ...to].map((value) => value.toFixed(2));
    return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${stroke_colour(stroke)}"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" stroke-width="3" stroke-linecap="round">\n${lines.join('\n')}\n</svg>\n`;
}
