// A plane of the latent space: class areas in colours with their names, the points on it, the line between A and B.
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';

import { class_colour, text_on } from '../../shared/colours';
import { short } from '../../shared/format';
import { area_names } from './areas';
import { type Cut, points_of_cut } from './kept_directions';
import { coordinate_at, place_on } from './label_map';
import { draw_labels } from './paint';
import { short_name } from './Probabilities';

export type MarkName = 'z' | 'a' | 'b';
export interface Mark {
  name: MarkName;
  x: number;
  y: number;
  /** False: it lies off this plane, and this is where it would fall. */
  inside?: boolean;
}

interface Props {
  name: string;
  x_name: string;
  y_name: string;
  /** Coordinates of the grid, the same for both directions. */
  axis: readonly number[];
  labels: Int16Array | null;
  /** Changes when the labels do. */
  version: number;
  names: string[];
  marks: Mark[];
  /** Where the point is by now, also where its mark does not stand there yet. */
  here: () => readonly [number, number];
  line?: [number, number][] | null;
  /** Planes of attributes where they cut this one. */
  cuts?: readonly Cut[];
  /** Which points are not faint; all where left out. */
  shown?: ((at: number) => boolean) | null;
  /** Height of a letter in thousandths of the side. */
  letters?: number;
  /** The class under the point, in words. */
  under?: string;
  on_move: (mark: MarkName, x: number, y: number, event: Event) => void;
  /** Drawn under the points instead of the labels. */
  ground?: ComponentChildren;
}

const kSize = 1000;
const kGrab = 60;

export function Pad({ name, x_name, y_name, axis, labels, version, names, marks, line, cuts = [], shown, letters = 40, under = '', here, on_move, ground }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const pad = useRef<HTMLDivElement>(null);
  const held = useRef<MarkName | null>(null);
  const side = axis.length;
  useLayoutEffect(() => {
    if (labels && canvas.current) draw_labels(canvas.current, labels, side, shown ?? undefined);
  }, [labels, version, shown]);
  const areas = useMemo(() => (labels ? area_names(labels, side, (0.5 * letters * side) / kSize + 0.5) : []), [labels, version, letters]);

  // The same elements while the point moves: nothing of them is compared.
  const drawn_names = useMemo(
    () =>
      areas.map((area) => {
        const size = Math.min(2 * letters, Math.max(letters, (0.9 * area.room * kSize) / side));
        const colour = class_colour(area.label);
        return (
          <text key={`${area.i} ${area.j}`} x={((area.i + 0.5) / side) * kSize} y={(1 - (area.j + 0.5) / side) * kSize} font-size={size} fill={text_on(colour)} class="area-name">
            {short_name(names, area.label)}
          </text>
        );
      }),
    [areas, names, side, letters],
  );

  const to_pad = (value: number) => ((place_on(axis, value) + 0.5) / side) * kSize;
  const from_pad = (at: number) => coordinate_at(axis, (at / kSize) * side - 0.5);
  const on_edge = (at: number) => Math.min(kSize - 8, Math.max(8, at));

  const at = (event: PointerEvent): [number, number] => {
    const box = pad.current!.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * kSize, (1 - (event.clientY - box.top) / box.height) * kSize];
  };
  const drag = (event: PointerEvent) => {
    if (!held.current) return;
    const [x, y] = at(event);
    const limited = (value: number) => Math.min(kSize - 0.5 * (kSize / side), Math.max(0.5 * (kSize / side), value));
    on_move(held.current, from_pad(limited(x)), from_pad(limited(y)), event);
  };
  const grab = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const [x, y] = at(event);
    const near = marks
      .filter((mark) => mark.name !== 'z')
      .map((mark) => ({ name: mark.name, d: Math.hypot(on_edge(to_pad(mark.x)) - x, on_edge(to_pad(mark.y)) - y) }))
      .sort((a, b) => a.d - b.d)[0];
    const point = marks.find((mark) => mark.name === 'z');
    const to_point = point ? Math.hypot(on_edge(to_pad(point.x)) - x, on_edge(to_pad(point.y)) - y) : Infinity;
    held.current = near && near.d < kGrab && near.d < to_point ? near.name : 'z';
    pad.current!.setPointerCapture(event.pointerId);
    pad.current!.focus({ preventScroll: true });
    drag(event);
    event.preventDefault();
  };
  const key = (event: KeyboardEvent) => {
    const step = (event.shiftKey ? 0.1 : 0.01) * (axis[side - 1]! - axis[0]!) * 0.5;
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const [x, y] = here();
    on_move('z', x + move[0]! * step, y + move[1]! * step, event);
  };

  const point = marks.find((mark) => mark.name === 'z');
  return (
    <figure class="pad-frame">
      <div
        ref={pad} class="pad" tabIndex={0} role="slider" aria-label={`${name}: the point, by arrow keys`} aria-valuenow={point?.x ?? 0}
        aria-valuetext={point ? `${x_name} ${short(point.x)}, ${y_name} ${short(point.y)}${under ? `, class ${under}` : ''}` : ''}
        onPointerDown={grab} onPointerMove={drag} onPointerUp={() => (held.current = null)} onPointerCancel={() => (held.current = null)} onKeyDown={key}
      >
        {ground}
        {labels && <canvas ref={canvas} class="pixels" aria-hidden="true" />}
        <svg viewBox={`0 0 ${kSize} ${kSize}`} aria-hidden="true">
          {!labels && !ground && <path class="cross" d={`M${to_pad(0)} 0V${kSize}M0 ${kSize - to_pad(0)}H${kSize}`} />}
          {drawn_names}
          {cuts.map((cut) => (
            <Boundary key={cut.name} cut={cut} axis={axis} place={(x, y) => [to_pad(x), kSize - to_pad(y)]} letters={letters} />
          ))}
          {line && ['walk-halo', 'walk-line'].map((kind) => <polyline key={kind} class={kind} points={line.map(([x, y]) => `${to_pad(x)},${kSize - to_pad(y)}`).join(' ')} />)}
          {marks.map((mark) => {
            const [x, y] = [to_pad(mark.x), kSize - to_pad(mark.y)];
            const off = mark.inside === false || x < 0 || x > kSize || y < 0 || y > kSize;
            const r = (mark.name === 'z' ? 0.4 : 0.55) * letters;
            return (
              <g key={mark.name} class={`mark mark-${mark.name} ${off ? 'off' : ''}`} transform={`translate(${on_edge(x)} ${on_edge(y)})`}>
                <circle class="halo" r={r} />
                <circle r={r} />
                {mark.name !== 'z' && (
                  <text font-size={0.8 * letters} class="area-name">
                    {mark.name.toUpperCase()}
                  </text>
                )}
              </g>
            );
          })}
        </svg>
      </div>
      <figcaption class="quiet-text small">
        {x_name} → {y_name} ↑
      </figcaption>
    </figure>
  );
}

// The line on which an attribute changes sides, an arrow to where there is more of it, and its name where there is room.
function Boundary({ cut, axis, place, letters }: { cut: Cut; axis: readonly number[]; place: (x: number, y: number) => [number, number]; letters: number }) {
  const points = points_of_cut(cut, axis[0]!, axis[axis.length - 1]!).map(([x, y]) => place(x, y));
  const inside = ([x, y]: [number, number]) => x >= 0 && x <= kSize && y >= 0 && y <= kSize;
  const from_middle = ([x, y]: [number, number]) => Math.hypot(x - kSize / 2, y - kSize / 2);
  const foot = points.filter(inside).sort((p, q) => from_middle(p) - from_middle(q))[0];
  if (!foot) return null;
  const length = Math.hypot(cut.a, cut.b);
  const [right, down] = [cut.a / length, -cut.b / length];
  const at = (along: number, across: number): string => `${foot[0] + along * right - across * down},${foot[1] + along * down + across * right}`;
  const arrow = `M${at(0, 0)}L${at(110, 0)}M${at(80, -22)}L${at(110, 0)}L${at(80, 22)}`;
  const text: [number, number] = [foot[0] + 150 * right, foot[1] + 150 * down];
  const anchor = right > 0.5 ? 'start' : right < -0.5 ? 'end' : 'middle';
  return (
    <g class="boundary" style={{ '--cut': cut.colour }}>
      {['halo', 'cut'].map((kind) => (
        <g key={kind} class={kind}>
          <polyline points={points.map(([x, y]) => `${x},${y}`).join(' ')} />
          <path d={arrow} />
        </g>
      ))}
      {letters <= 50 && inside(text) && (
        <text x={text[0]} y={text[1]} font-size={0.85 * letters} text-anchor={anchor} dominant-baseline="central">
          {cut.name}
        </text>
      )}
    </g>
  );
}
