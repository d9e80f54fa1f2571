// Curves over a run, with uPlot: many of them share one cursor, one stretch of x and one mark in time.
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

import { is_dark } from '../app/theme';
import { nearest, x_mark, x_words, type XKind } from './axes';
import { css_colour } from './colours';
import { short } from './format';
import { TheoryLink } from './TheoryLink';
import { smooth as smoothed, thin } from './thin';
import './shared.css';

export interface Series {
  label: string;
  /** "#rrggbb", or the name of one of the theme's colours: "--generator". */
  colour: string;
  dash?: number[];
  /** Ascending. */
  x: Float64Array;
  y: Float64Array;
}

interface Props {
  title: string;
  /** A sentence: what it shows and how it is read. */
  about?: string;
  /** The section of the Theory page that explains it. */
  theory?: string;
  series: Series[];
  x_kind: XKind;
  /** All of the x axis. */
  whole: [number, number];
  /** The part of it that is shown, null: all. Shared by all plots of a page. */
  range: Signal<[number, number] | null>;
  /** Plots with the same text share the cursor. */
  sync: string;
  /** The time that the page shows; a line stands there. */
  mark: number | null;
  log?: boolean;
  /** In [0, 1). */
  smooth?: number;
  /** A value with a meaning of its own, such as chance. */
  level?: { value: number; words: string };
  /** Bounds that the y axis keeps. */
  bounds?: [number, number];
  on_pick?: (x: number) => void;
}

/** Points drawn a pixel of width. */
const kPointsPerPixel = 2;
const kFaint = 0.28;

function resolved(colour: string): string {
  return colour.startsWith('--') ? getComputedStyle(document.documentElement).getPropertyValue(colour).trim() : colour;
}

function fainter(colour: string): string {
  return `${colour}${Math.round(255 * kFaint).toString(16).padStart(2, '0')}`;
}

// Series of one x are thinned together; others are joined to them point by point.
function table_of({ series, whole, range, log, smooth = 0 }: Props, width: number): uPlot.AlignedData {
  const [from, to] = range.value ?? whole;
  const groups = new Map<Float64Array, Series[]>();
  for (const one of series) groups.set(one.x, [...(groups.get(one.x) ?? []), one]);
  const order: Series[] = [];
  const tables = [...groups].map(([x, some]) => {
    order.push(...some);
    const columns = some.flatMap((one) => (smooth > 0 ? [one.y, smoothed(one.y, smooth)] : [one.y]));
    const { x: points, y } = thin(x, columns, from, to, kPointsPerPixel * Math.max(100, width), !!log);
    return [points, ...y] as unknown as uPlot.AlignedData;
  });
  if (tables.length === 0) return [[]];
  const joined = tables.length === 1 ? tables[0]! : uPlot.join(tables);
  const each = smooth > 0 ? 2 : 1;
  return [joined[0], ...series.flatMap((one) => joined.slice(1 + each * order.indexOf(one), 1 + each * (order.indexOf(one) + 1)))] as uPlot.AlignedData;
}

export function Plot(props: Props) {
  const { title, about, theory, series, x_kind, whole, range, sync, mark, log, smooth = 0, level, bounds, on_pick } = props;
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const in_sight = useRef(true);
  const undrawn = useRef<(() => void) | null>(null);
  const hover = useSignal<number | null>(null);
  const [hidden, set_hidden] = useState<ReadonlySet<string>>(new Set());
  const dark = is_dark.value;
  const is_empty = series.every(({ x }) => x.length === 0);
  const form = JSON.stringify([series.map(({ label, colour, dash }) => [label, colour, dash]), x_kind, !!log, smooth > 0, level, bounds, sync, dark, is_empty]);

  useLayoutEffect(() => {
    const element = place.current!;
    if (is_empty) return;
    const quiet = resolved('--quiet');
    const line = resolved('--line');
    const axis = { stroke: quiet, font: '11px system-ui, sans-serif', grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1, size: 4 } };
    const lines: uPlot.Series[] = series.flatMap(({ label, colour, dash }) => {
      const stroke = resolved(colour);
      const main: uPlot.Series = { label, stroke, width: 1.6, dash, points: { show: (u, i) => sparse(u, i), size: 4, fill: stroke } };
      return smooth > 0 ? [{ label, stroke: fainter(stroke), width: 1, points: { show: false } }, main] : [main];
    });
    const y_range = (_: uPlot, low: number | null, high: number | null): uPlot.Range.MinMax => {
      if (latest.current.bounds && !log) return latest.current.bounds;
      if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high)) return log ? [0.1, 1] : [0, 1];
      const to = latest.current.level?.value;
      if (to !== undefined && !log) [low, high] = [Math.min(low, to), Math.max(high, to)];
      return log ? [low / 1.15, high * 1.15] : low === high ? [low - Math.max(0.5, 0.1 * Math.abs(low)), high + Math.max(0.5, 0.1 * Math.abs(high))] : uPlot.rangeNum(low, high, 0.08, false);
    };
    const u = new uPlot(
      {
        width: Math.max(100, element.clientWidth), height: Math.max(80, element.clientHeight), pxAlign: 0, legend: { show: false }, padding: [8, 12, 0, 0],
        scales: {
          x: { time: false, range: () => latest.current.range.peek() ?? latest.current.whole },
          y: { distr: log ? 3 : 1, range: y_range },
        },
        axes: [
          { ...axis, size: 28, values: (_, splits) => splits.map((x) => x_mark(x_kind, x)) },
          { ...axis, size: 48, values: (_, splits) => splits.map((y) => (y === null ? '' : short(y))) },
        ],
        series: [{}, ...lines],
        cursor: {
          y: false, points: { size: 6 }, sync: { key: sync, scales: ['x', null], setSeries: false }, drag: { x: true, y: false, setScale: false },
          bind: { dblclick: () => () => ((latest.current.range.value = null), null) },
        },
        hooks: {
          setCursor: [(one) => (hover.value = one.cursor.left! >= 0 ? one.posToVal(one.cursor.left!, 'x') : null)],
          setSelect: [
            (one) => {
              const { left, width } = one.select;
              if (width < 6) return;
              latest.current.range.value = [one.posToVal(left, 'x'), one.posToVal(left + width, 'x')];
              one.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            },
          ],
          draw: [(one) => draw_lines(one, latest.current)],
        },
      },
      table_of(latest.current, element.clientWidth), element,
    );
    plot.current = u;
    // A press that moves chooses a stretch; one that does not goes to that time.
    let pressed = -1;
    u.over.addEventListener('mousedown', (event) => (pressed = event.clientX));
    u.over.addEventListener('click', (event) => {
      if (Math.abs(event.clientX - pressed) < 4) latest.current.on_pick?.(u.posToVal(event.offsetX, 'x'));
    });
    const observer = new ResizeObserver(() => u.setSize({ width: Math.max(100, element.clientWidth), height: Math.max(80, element.clientHeight) }));
    observer.observe(element);
    const sight = new IntersectionObserver(
      ([entry]) => {
        in_sight.current = entry!.isIntersecting;
        if (in_sight.current) undrawn.current?.();
      },
      { rootMargin: '100px' },
    );
    sight.observe(element);
    return () => {
      observer.disconnect();
      sight.disconnect();
      in_sight.current = true;
      undrawn.current = null;
      u.destroy();
      plot.current = null;
      hover.value = null;
    };
  }, [form]);

  // Reading the range here has the plot follow it.
  const shown = range.value;
  const key = series.map(({ x, y }) => [x.length, x.at(-1), y.at(-1)].join()).join(';');
  useEffect(() => {
    const u = plot.current;
    if (!u) return;
    const draw = () => {
      undrawn.current = null;
      u.setData(table_of(latest.current, place.current!.clientWidth), false);
      const [min, max] = shown ?? whole;
      u.setScale('x', { min, max });
    };
    // What is out of sight is drawn when it comes into sight.
    if (in_sight.current) draw();
    else undrawn.current = draw;
  }, [key, series, whole[0], whole[1], shown, smooth, form]);
  useEffect(() => plot.current?.redraw(false), [mark]);
  useEffect(() => {
    const each = smooth > 0 ? 2 : 1;
    series.forEach(({ label }, i) => {
      for (let k = 0; k < each; ++k) plot.current?.setSeries(1 + each * i + k, { show: !hidden.has(label) });
    });
  }, [hidden, form]);

  const toggle = (label: string) => set_hidden((old) => new Set(old.has(label) ? [...old].filter((one) => one !== label) : [...old, label]));
  const words = useMemo(() => {
    const last = series.map(({ label, y }) => `${label} ${short(y.at(-1)) || 'none'}`).join(', ');
    return `${title}, by ${x_kind}. At the end: ${last}${level ? `. ${level.words}: ${short(level.value)}` : ''}.`;
  }, [key, title, x_kind]);

  return (
    <section class="plot" aria-label={title}>
      <div class="plot-head">
        <h3>{title}</h3>
      </div>
      <Legend series={series} hover={hover} mark={mark} hidden={hidden} toggle={toggle} x_kind={x_kind} level={level} />
      <div class="plot-canvas" ref={place} role="img" aria-label={words} data-pick={on_pick ? 'yes' : undefined}>
        {is_empty && <span class="plot-empty">Nothing was recorded yet.</span>}
      </div>
      {about && (
        <p class="about quiet-text">
          {about} {theory && <TheoryLink at={theory} of={title} />}
        </p>
      )}
    </section>
  );
}

// Points are drawn where there are few of them: a run of two steps has no line to see.
function sparse(u: uPlot, i: number): boolean {
  let count = 0;
  for (const value of u.data[i] ?? []) if (value !== null && value !== undefined && ++count > 40) return false;
  return true;
}

function draw_lines(u: uPlot, { mark, level }: Props): void {
  const { ctx, bbox } = u;
  const ratio = uPlot.pxRatio;
  const across = (x0: number, y0: number, x1: number, y1: number, colour: string, dash: number[], width: number) => {
    ctx.save();
    ctx.strokeStyle = resolved(colour);
    ctx.lineWidth = width * ratio;
    ctx.setLineDash(dash.map((n) => n * ratio));
    ctx.beginPath();
    ctx.moveTo(x0, y0);
    ctx.lineTo(x1, y1);
    ctx.stroke();
    ctx.restore();
  };
  if (level) {
    const y = u.valToPos(level.value, 'y', true);
    if (y >= bbox.top && y <= bbox.top + bbox.height) across(bbox.left, y, bbox.left + bbox.width, y, '--quiet', [5, 4], 1);
  }
  if (mark !== null && Number.isFinite(mark)) {
    const x = u.valToPos(mark, 'x', true);
    if (x >= bbox.left - 1 && x <= bbox.left + bbox.width + 1) across(x, bbox.top, x, bbox.top + bbox.height, '--text', [], 1);
  }
}

interface LegendProps {
  series: Series[];
  hover: Signal<number | null>;
  mark: number | null;
  hidden: ReadonlySet<string>;
  toggle: (label: string) => void;
  x_kind: XKind;
  level: Props['level'];
}

/** The names, each a button that hides its line, with the values under the cursor or else at the mark. */
function Legend({ series, hover, mark, hidden, toggle, x_kind, level }: LegendProps) {
  const at = hover.value ?? mark;
  const value_at = ({ x, y }: Series) => {
    const i = at === null ? x.length - 1 : nearest(x, at);
    return i < 0 ? '–' : Number.isNaN(y[i]!) ? '–' : short(y[i]);
  };
  return (
    <div class="legend" role="group" aria-label="Lines">
      {series.map((one) => (
        <button
          type="button" key={one.label} aria-pressed={!hidden.has(one.label)} title={at === null ? undefined : `at ${x_words(x_kind, at)}`}
          onClick={() => toggle(one.label)}
        >
          <svg viewBox="0 0 22 8" aria-hidden="true">
            <path d="M0 4h22" stroke={css_colour(one.colour)} stroke-width="2" stroke-dasharray={one.dash?.join(' ')} />
          </svg>
          {one.label} <span class="number">{value_at(one)}</span>
        </button>
      ))}
      {level && (
        <span class="level">
          <svg viewBox="0 0 22 8" aria-hidden="true">
            <path d="M0 4h22" stroke="var(--quiet)" stroke-width="1.5" stroke-dasharray="5 4" />
          </svg>
          {`${level.words} (${short(level.value)})`}
        </span>
      )}
    </div>
  );
}
