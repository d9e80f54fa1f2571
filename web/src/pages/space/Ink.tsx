// A symbol in its strokes; up to `until` moves of it, where it is being drawn.
import { fitted, segments_of, stroke_colour } from './strokes';

const kSide = 100;

interface Props {
  moves: ArrayLike<number>;
  label: string;
  /** Moves that are drawn, with a fraction; all where left out. */
  until?: number;
  class?: string;
}

export function Ink({ moves, label, until = Infinity, class: more = '' }: Props) {
  return (
    <svg class={`ink ${more}`} viewBox={`0 0 ${kSide} ${kSide}`} {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': 'true' })}>
      {fitted(segments_of(moves), kSide).map((one) => {
        const part = Math.min(1, until - one.move);
        if (part <= 0) return null;
        const x2 = one.x0 + part * (one.x1 - one.x0);
        const y2 = one.y0 + part * (one.y1 - one.y0);
        return one.stroke < 0 ? (
          <line key={one.move} x1={one.x0} y1={one.y0} x2={x2} y2={y2} class="lift" />
        ) : (
          <line key={one.move} x1={one.x0} y1={one.y0} x2={x2} y2={y2} stroke={stroke_colour(one.stroke)} stroke-width="3" stroke-linecap="round" />
        );
      })}
    </svg>
  );
}
