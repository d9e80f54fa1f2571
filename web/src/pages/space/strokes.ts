// Ink: ten moves (dx, dy, pen) as lines in the program's stroke colours.
export interface Segment {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
  /** The stroke it belongs to; -1: the pen is lifted. */
  stroke: number;
  /** The move that it is: each takes the same time, so a long one is quick. */
  move: number;
}

const kColours = ['#1f50c8', '#d62729', '#1e9632', '#f08c14', '#8c46be', '#14aabe', '#825537', '#6e6e6e'];
const kPen = 0.5;

export function stroke_colour(i: number): string {
  return kColours[i % kColours.length]!;
}

/** The lines of moves [T, 3], y down, from (0, 0). A dot is a line without length where a stroke begins. Where the pen never is on
    the paper, its way above it. */
export function segments_of(moves: ArrayLike<number>): Segment[] {
  const segments: Segment[] = [];
  let x = 0;
  let y = 0;
  let stroke = -1;
  let down = false;
  for (let t = 0; t + 2 < moves.length; t += 3) {
    const dx = moves[t]!;
    const dy = moves[t + 1]!;
    const pen = moves[t + 2]! > kPen;
    const still = dx === 0 && dy === 0;
    if (pen && !down) ++stroke;
    if (!still || (pen && !down)) segments.push({ x0: x, y0: y, x1: x + dx, y1: y + dy, stroke: pen ? stroke : -1, move: t / 3 });
    down = pen;
    x += dx;
    y += dy;
  }
  // Lifts before the first and after the last stroke lead from and to nothing.
  const first = segments.findIndex((one) => one.stroke >= 0);
  const last = segments.findLastIndex((one) => one.stroke >= 0);
  return first < 0 ? segments : segments.slice(first, last + 1);
}

/** How long a move takes where it is played. */
export const kMoveSeconds = 0.18;

/** How long a symbol of these moves takes, up to its last stroke, and when each move of it ends. */
export function playing_time(moves: ArrayLike<number>): { duration: number; stops: number[] } {
  const ends = segments_of(moves).map(({ move }) => (move + 1) * kMoveSeconds);
  return { duration: ends.at(-1) ?? 0, stops: ends };
}

/** Moves what is drawn into a square of this side, with a margin of a tenth. */
export function fitted(segments: Segment[], side: number): Segment[] {
  const strokes = segments.filter((one) => one.stroke >= 0);
  const drawn = strokes.length ? strokes : segments;
  if (!drawn.length) return [];
  const xs = drawn.flatMap((one) => [one.x0, one.x1]);
  const ys = drawn.flatMap((one) => [one.y0, one.y1]);
  const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const longest = Math.max(x1 - x0, y1 - y0);
  const scale = longest > 0 ? (0.8 * side) / longest : 1;
  const x = (value: number) => side / 2 + scale * (value - (x0 + x1) / 2);
  const y = (value: number) => side / 2 + scale * (value - (y0 + y1) / 2);
  return segments.map((one) => ({ ...one, x0: x(one.x0), x1: x(one.x1), y0: y(one.y0), y1: y(one.y1) }));
}

/** A document of its own. */
export function svg_of(moves: ArrayLike<number>, side = 280, title = 'Generated symbol'): string {
  const pen = Math.max(1.2, side / 35);
  const number = (x: number) => String(Number(x.toFixed(2)));
  const lines = fitted(segments_of(moves), side).map(({ x0, y0, x1, y1, stroke }) => {
    const ends = `x1="${number(x0)}" y1="${number(y0)}" x2="${number(x1)}" y2="${number(y1)}"`;
    return stroke < 0
      ? `  <line ${ends} stroke="#9aa3ad" stroke-width="${number(pen / 4)}" stroke-dasharray="4 4"/>`
      : `  <line ${ends} stroke="${stroke_colour(stroke)}" stroke-width="${number(pen)}" stroke-linecap="round"/>`;
  });
  const name = title.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 ${side} ${side}">\n  <title>${name}</title>\n  <rect width="${side}" height="${side}" fill="#ffffff"/>\n${lines.join('\n')}\n</svg>\n`;
}
