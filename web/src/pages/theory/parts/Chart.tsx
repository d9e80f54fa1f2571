// Curves, areas and points that a hand can move, in SVG of the width that there is.
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

import { css_colour } from '../../../shared/colours';

export interface Line {
  name: string;
  colour: string;
  points: readonly (readonly [number, number])[];
  dash?: string;
  /** The area down to 0 is filled. */
  area?: boolean;
  /** Dots at the points, and no line. */
  dots?: boolean;
  width?: number;
  /** Not in the legend. */
  unnamed?: boolean;
}
export interface Handle {
  name: string;
  colour: string;
  x: number;
  y: number;
  on: (x: number, y: number) => void;
  /** It only goes this way. */
  only?: 'x' | 'y';
}
export interface Mark {
  x?: number;
  y?: number;
  words?: string;
  colour?: string;
  dash?: string;
}

interface Props {
  /** What is seen, for who does not see it. */
  says: string;
  x: readonly [number, number];
  y: readonly [number, number];
  x_name: string;
  y_name: string;
  lines: readonly Line[];
  handles?: readonly Handle[];
  marks?: readonly Mark[];
  height?: number;
  log_y?: boolean;
  /** Both axes have one scale, and the height follows the width. */
  square?: boolean;
  /** Values under the hand stand in the legend. */
  reads?: boolean;
  /** The range with the sign of infinity, and so on: how numbers along x are written. */
  children?: (place: { x: (v: number) => number; y: (v: number) => number }) => ComponentChildren;
}

const kLeft = 50, kRight = 10, kTop = 10, kBottom = 36;

/** Round numbers within a range, about `count` of them. */
export function ticks(low: number, high: number, count: number): number[] {
  const raw = (high - low) / Math.max(1, count), power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 2.5, 5, 10].find((one) => one * power >= raw) ?? 10);
  const found: number[] = [];
  for (let v = Math.ceil(low / step - 1e-9) * step; v <= high + 1e-9 * step; v += step) found.push(Math.abs(v) < 1e-9 * step ? 0 : Number(v.toPrecision(10)));
  return found;
}
const log_ticks = (low: number, high: number) => {
  const first = Math.ceil(Math.log10(low) - 1e-9), last = Math.floor(Math.log10(high) + 1e-9), every = Math.max(1, Math.ceil((last - first) / 6));
  return Array.from({ length: Math.max(0, Math.floor((last - first) / every) + 1) }, (_, i) => 10 ** (first + i * every));
};
const written = (v: number) => String(v).replace('-', '−');
const power_of_ten = (v: number) => `10${[...String(Math.round(Math.log10(v)))].map((c) => '⁰¹²³⁴⁵⁶⁷⁸⁹⁻'['0123456789-'.indexOf(c)]).join('')}`;
const number_words = (v: number) => (Math.abs(v) >= 1000 || (v !== 0 && Math.abs(v) < 0.001) ? v.toExponential(1) : v.toFixed(3)).replace('-', '−');

/** What a line is at x, between its points. */
function value_at(points: Line['points'], x: number): number | null {
  for (let i = 1; i < points.length; ++i) {
    const [ax, ay] = points[i - 1]!, [bx, by] = points[i]!;
    if (x >= ax && x <= bx) return bx > ax ? ay + ((by - ay) * (x - ax)) / (bx - ax) : by;
  }
  return null;
}

export function Chart({ says, x, y, x_name, y_name, lines, handles = [], marks = [], height = 250, log_y, square, reads = true, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const [width, set_width] = useState(600);
  const [under, set_under] = useState<number | null>(null);
  const held = useRef(-1);
  useLayoutEffect(() => {
    const look = () => set_width(Math.max(200, Math.round(box.current?.clientWidth ?? 600)));
    look();
    const watcher = new ResizeObserver(look);
    watcher.observe(box.current!);
    return () => watcher.disconnect();
  }, []);
  const wide = width - kLeft - kRight;
  const tall = square ? (wide * (y[1] - y[0])) / (x[1] - x[0]) : height - kTop - kBottom;
  const full = tall + kTop + kBottom;
  const up = (v: number) => (log_y ? Math.log10(Math.max(v, 1e-300)) : v);
  const px = (v: number) => kLeft + (wide * (v - x[0])) / (x[1] - x[0]);
  const py = (v: number) => kTop + tall * (1 - (up(v) - up(y[0])) / (up(y[1]) - up(y[0])));
  const bounded = (v: number) => Math.min(kTop + 4 * tall, Math.max(kTop - 3 * tall, v)); // an SVG's numbers have their ends
  const path = (points: Line['points']) => points.map(([a, b], i) => `${i ? 'L' : 'M'}${px(a).toFixed(1)} ${bounded(py(b)).toFixed(1)}`).join('');
  const area = (points: Line['points']) =>
    points.length ? `${path(points)}L${px(points.at(-1)![0]).toFixed(1)} ${bounded(py(Math.max(y[0], 0)))}L${px(points[0]![0]).toFixed(1)} ${bounded(py(Math.max(y[0], 0)))}Z` : '';
  const place = (event: PointerEvent): [number, number] => {
    const at = svg.current!.getBoundingClientRect();
    const v = y[0] + (up(y[1]) - up(y[0])) * (1 - (event.clientY - at.top - kTop) / tall);
    return [x[0] + ((x[1] - x[0]) * (event.clientX - at.left - kLeft)) / wide, log_y ? 10 ** v : v];
  };
  const inside = (v: number, [low, high]: readonly [number, number]) => Math.min(high, Math.max(low, v));
  const move = (event: PointerEvent) => {
    const handle = handles[held.current];
    const [a, b] = place(event);
    if (handle) {
      event.preventDefault();
      handle.on(inside(a, x), inside(b, y));
    } else if (reads && event.pointerType === 'mouse') set_under(a >= x[0] && a <= x[1] ? a : null);
  };
  const grab = (i: number) => (event: PointerEvent) => {
    if (event.button !== 0) return;
    held.current = i;
    set_under(null);
    svg.current!.setPointerCapture(event.pointerId);
    event.preventDefault();
  };
  const let_go = () => (held.current = -1);
  const x_ticks = ticks(x[0], x[1], Math.max(3, wide / 80)), y_ticks = log_y ? log_ticks(y[0], y[1]) : ticks(y[0], y[1], Math.max(3, tall / 36));
  const named = lines.filter((line) => !line.unnamed);
  return (
    <div class="chart" ref={box}>
      {named.length > 0 && <ul class="chart-legend">
        {named.map((line) => {
          const v = under === null || line.dots ? null : value_at(line.points, under);
          return (
            <li key={line.name}>
              <svg width="26" height="10" aria-hidden="true">
                {line.area && <rect width="26" height="10" fill={css_colour(line.colour)} opacity="0.22" />}
                {line.dots ? <circle cx="13" cy="5" r="3.5" fill={css_colour(line.colour)} /> : <path d="M0 5H26" stroke={css_colour(line.colour)} stroke-width={line.width ?? 2.2} stroke-dasharray={line.dash} />}
              </svg>
              {line.name}
              {reads && !line.dots && <span class="under">{v === null ? '' : number_words(v)}</span>}
            </li>
          );
        })}
      </ul>}
      <svg
        ref={svg} class="chart-svg" width={width} height={full} viewBox={`0 0 ${width} ${full}`} role="img" aria-label={says}
        onPointerMove={move} onPointerUp={let_go} onPointerCancel={let_go} onLostPointerCapture={let_go} onPointerLeave={() => set_under(null)}
      >
        <g class="grid-lines">
          {x_ticks.map((v) => <path key={`x${v}`} d={`M${px(v)} ${kTop}V${kTop + tall}`} />)}
          {y_ticks.map((v) => <path key={`y${v}`} d={`M${kLeft} ${py(v)}H${kLeft + wide}`} />)}
        </g>
        <svg x={kLeft} y={kTop} width={wide} height={tall} viewBox={`${kLeft} ${kTop} ${wide} ${tall}`} overflow="hidden">
          {y[0] < 0 && y[1] > 0 && !log_y && <path class="zero" d={`M${kLeft} ${py(0)}H${kLeft + wide}`} />}
          {square && x[0] < 0 && x[1] > 0 && <path class="zero" d={`M${px(0)} ${kTop}V${kTop + tall}`} />}
          {children?.({ x: px, y: py })}
          {lines.map((line) => (
            <g key={line.name}>
              {line.area && <path d={area(line.points)} fill={css_colour(line.colour)} opacity="0.16" />}
              {line.dots
                ? <path d={line.points.map(([a, b]) => `M${px(a).toFixed(1)} ${bounded(py(b)).toFixed(1)}h0`).join('')} fill="none" stroke={css_colour(line.colour)} stroke-width={2 * (line.width ?? 2.6)} stroke-linecap="round" />
                : <path d={path(line.points)} fill="none" stroke={css_colour(line.colour)} stroke-width={line.width ?? 2.2} stroke-dasharray={line.dash} stroke-linejoin="round" />}
            </g>
          ))}
          {marks.map((mark, i) => (
            <g key={i}>
              <path d={mark.x !== undefined ? `M${px(mark.x)} ${kTop}V${kTop + tall}` : `M${kLeft} ${py(mark.y!)}H${kLeft + wide}`} stroke={css_colour(mark.colour ?? '--quiet')} stroke-width="1.3" stroke-dasharray={mark.dash ?? '5 4'} />
              {mark.words &&
                (mark.x !== undefined ? (
                  <text class="mark-words" x={px(mark.x) + (px(mark.x) > kLeft + 0.7 * wide ? -5 : 5)} y={kTop + 13} text-anchor={px(mark.x) > kLeft + 0.7 * wide ? 'end' : 'start'}>{mark.words}</text>
                ) : (
                  <text class="mark-words" x={kLeft + wide - 5} y={py(mark.y!) + (py(mark.y!) < kTop + 18 ? 14 : -5)} text-anchor="end">{mark.words}</text>
                ))}
            </g>
          ))}
          {under !== null && <path class="under-line" d={`M${px(under)} ${kTop}V${kTop + tall}`} />}
        </svg>
        <path class="axis-line" d={`M${kLeft} ${kTop}V${kTop + tall}H${kLeft + wide}`} />
        <g class="tick-words">
          {x_ticks.map((v) => <text key={v} x={px(v)} y={kTop + tall + 14} text-anchor="middle">{written(v)}</text>)}
          {y_ticks.map((v) => <text key={v} x={kLeft - 6} y={py(v) + 4} text-anchor="end">{log_y ? power_of_ten(v) : written(v)}</text>)}
        </g>
        <text class="axis-words" x={kLeft + wide / 2} y={full - 5} text-anchor="middle">{x_name}{under !== null ? ` = ${number_words(under)}` : ''}</text>
        <text class="axis-words" transform={`translate(11 ${kTop + tall / 2}) rotate(-90)`} text-anchor="middle">{y_name}</text>
        {handles.map((handle, i) => (
          <g key={handle.name} class={`handle ${handle.only ? `only-${handle.only}` : ''}`} transform={`translate(${px(inside(handle.x, x))} ${Math.min(kTop + tall, Math.max(kTop, py(handle.y)))})`} onPointerDown={grab(i)}>
            <circle class="reach" r="17" />
            <circle class="knob-dot" r="7" stroke={css_colour(handle.colour)} />
            <title>{handle.name}</title>
          </g>
        ))}
      </svg>
    </div>
  );
}
