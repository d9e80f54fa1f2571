// Strokes in a box, in the program's stroke colours, on paper with its lines.
import { stroke_colour } from '../space/strokes';
import { kHelpers, kLines, kSide } from './pen';
import type { InkStroke, InkSymbol } from './types';

interface Props {
  strokes: InkStroke[];
  lines?: { top: number; baseline: number } | null;
  label: string;
  class?: string;
}

/** The paper's lines: where a capital begins and stands, where a small letter ends above and a tail below. */
export function Paper({ lines, is_named = false }: { lines?: { top: number; baseline: number } | null; is_named?: boolean }) {
  if (!lines) return null;
  const usual = lines.top === kLines.top && lines.baseline === kLines.baseline;
  return (
    <g class="paper-lines" aria-hidden="true">
      <path class="strong" d={`M0 ${lines.baseline}H${kSide}`} />
      <path d={`M0 ${lines.top}H${kSide}`} />
      {usual && <path class="faint" d={`M0 ${kHelpers.small}H${kSide}M0 ${kHelpers.tail}H${kSide}`} />}
      {is_named &&
        Object.entries({ 'top of a capital': lines.top, baseline: lines.baseline, ...(usual ? { 'small letters': kHelpers.small, tails: kHelpers.tail } : {}) }).map(
          ([name, y]) => (
            <text key={name} x={1.5} y={y - 1}>
              {name}
            </text>
          ),
        )}
    </g>
  );
}

export function Strokes({ strokes, width }: { strokes: InkStroke[]; width: number }) {
  return (
    <>
      {strokes.map(({ x, y }, s) =>
        x.length === 1 ? (
          <circle key={s} cx={x[0]} cy={y[0]} r={width * 0.7} fill={stroke_colour(s)} />
        ) : (
          <polyline key={s} points={x.map((value, i) => `${value},${y[i]}`).join(' ')} fill="none" stroke={stroke_colour(s)} stroke-width={width} stroke-linecap="round" stroke-linejoin="round" />
        ),
      )}
    </>
  );
}

/** Where a set's symbols were not drawn on this page, their box is moved into ours. */
export function box_of(strokes: InkStroke[], lines: unknown): string {
  const xs = strokes.flatMap(({ x }) => x);
  const ys = strokes.flatMap(({ y }) => y);
  const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  if (!xs.length || (lines && x0 >= 0 && y0 >= 0 && x1 <= kSide && y1 <= kSide)) return `0 0 ${kSide} ${kSide}`;
  const longest = Math.max(x1 - x0, y1 - y0) || 1;
  const side = longest * 1.25;
  return `${(x0 + x1 - side) / 2} ${(y0 + y1 - side) / 2} ${side} ${side}`;
}

export function Drawing({ strokes, lines, label, class: more = '' }: Props) {
  const box = box_of(strokes, lines);
  const side = Number(box.split(' ')[2]);
  return (
    <svg class={`drawing ${more}`} viewBox={box} {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': 'true' })}>
      {side === kSide && <Paper lines={lines} />}
      <Strokes strokes={strokes} width={side * 0.045} />
    </svg>
  );
}

/** What the networks see of it, in its own place: ten moves at most. */
export function seen_strokes({ strokes, seen }: InkSymbol): InkStroke[] {
  const xs = strokes.flatMap(({ x }) => x);
  const ys = strokes.flatMap(({ y }) => y);
  const [x0, y0] = [Math.min(...xs), Math.min(...ys)];
  const longest = Math.max(Math.max(...xs) - x0, Math.max(...ys) - y0);
  return seen.map(({ x, y }) => ({ x: x.map((value) => x0 + longest * value), y: y.map((value) => y0 + longest * value) }));
}
