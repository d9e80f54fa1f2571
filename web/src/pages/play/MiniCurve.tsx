// A small plot that keeps up with a game: drawn by hand, since it is drawn with every frame.
import { useEffect, useRef } from 'preact/hooks';

import { is_dark } from '../../app/theme';
import { css_colour } from '../../shared/colours';
import { short, thousands } from '../../shared/format';

export interface Line {
  name: string;
  /** One of the theme's colours. */
  colour: string;
  dash?: number[];
  y: number[];
}

interface Props {
  title: string;
  about: string;
  x: number[];
  lines: Line[];
  version: number;
  log?: boolean;
  bounds?: [number, number];
  level?: { value: number; words: string };
}

/** Few digits: there is little room. */
const mark = (value: number) => String(Number(value.toPrecision(2)));

const kMargin = { left: 40, right: 6, top: 5, bottom: 14 };

function ends_of(lines: Line[], log: boolean, bounds?: [number, number], level?: number): [number, number] {
  if (bounds) return bounds;
  let low = level ?? Infinity;
  let high = level ?? -Infinity;
  for (const { y } of lines) {
    for (const value of y) {
      if (!Number.isFinite(value) || (log && value <= 0)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (!(low <= high)) return log ? [1e-3, 1] : [0, 1];
  if (log) return [low / 1.3, Math.max(high * 1.3, low * 10)];
  const room = Math.max((high - low) * 0.06, 1e-6 + 1e-3 * Math.abs(high));
  return [low - room, high + room];
}

function draw(canvas: HTMLCanvasElement, { x, lines, log = false, bounds, level }: Props): void {
  const ratio = Math.min(2, devicePixelRatio || 1);
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (!width || !height) return;
  if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
  if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
  const pen = canvas.getContext('2d')!;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(name).trim();
  const form = log ? Math.log10 : (value: number) => value;
  const [low, high] = ends_of(lines, log, bounds, level?.value);
  const last = Math.max(1, x.at(-1) ?? 1);
  const right = width - kMargin.right;
  const bottom = height - kMargin.bottom;
  const x_at = (value: number) => kMargin.left + (value / last) * (right - kMargin.left);
  const y_at = (value: number) => bottom - ((form(Math.max(value, log ? low : value)) - form(low)) / (form(high) - form(low) || 1)) * (bottom - kMargin.top);
  pen.font = '10.5px system-ui, sans-serif';
  pen.fillStyle = of('--quiet');
  pen.strokeStyle = of('--line');
  pen.lineWidth = 1;
  pen.textAlign = 'right';
  for (const [value, baseline] of [[high, 'top'], [low, 'bottom']] as const) {
    pen.textBaseline = baseline;
    pen.fillText(mark(value), kMargin.left - 4, y_at(value));
    pen.beginPath();
    pen.moveTo(kMargin.left, y_at(value));
    pen.lineTo(right, y_at(value));
    pen.stroke();
  }
  pen.textBaseline = 'bottom';
  pen.fillText(`step ${thousands(x.at(-1) ?? 0)}`, right, height);
  if (level) {
    pen.setLineDash([4, 3]);
    pen.strokeStyle = of('--quiet');
    pen.beginPath();
    pen.moveTo(kMargin.left, y_at(level.value));
    pen.lineTo(right, y_at(level.value));
    pen.stroke();
  }
  pen.save();
  pen.beginPath();
  pen.rect(kMargin.left, 0, right - kMargin.left, bottom + 1);
  pen.clip();
  for (const { colour, dash = [], y } of lines) {
    pen.setLineDash(dash);
    pen.strokeStyle = of(colour);
    pen.lineWidth = 1.5;
    pen.beginPath();
    let down = false;
    // Of many points in one pixel the lowest and the highest are drawn.
    for (let i = 0; i < y.length; ) {
      const px = Math.round(x_at(x[i]!));
      let [least, most] = [Infinity, -Infinity];
      for (; i < y.length && Math.round(x_at(x[i]!)) === px; ++i) {
        if (!Number.isFinite(y[i]!)) continue;
        least = Math.min(least, y[i]!);
        most = Math.max(most, y[i]!);
      }
      if (least > most) {
        down = false;
        continue;
      }
      if (down) pen.lineTo(px, y_at(most));
      else pen.moveTo(px, y_at(most));
      if (least < most) pen.lineTo(px, y_at(least));
      down = true;
    }
    pen.stroke();
  }
  pen.restore();
  pen.setLineDash([]);
}

export function MiniCurve(props: Props) {
  const { title, about, lines, version, level } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const dark = is_dark.value;
  useEffect(() => draw(canvas.current!, latest.current), [version, lines.length]);
  useEffect(() => {
    const soon = requestAnimationFrame(() => draw(canvas.current!, latest.current));
    return () => cancelAnimationFrame(soon);
  }, [dark]);
  useEffect(() => {
    const observer = new ResizeObserver(() => draw(canvas.current!, latest.current));
    observer.observe(canvas.current!);
    return () => observer.disconnect();
  }, []);
  const words = lines.map(({ name, y }) => `${name} ${short(y.at(-1)) || 'none'}`).join(', ');
  return (
    <section class="mini" aria-label={title}>
      <div class="mini-head small">
        <h3>{title}</h3>
        {lines.map(({ name, colour, dash, y }) => (
          <span key={name} class="key">
            <svg viewBox="0 0 18 6" aria-hidden="true">
              <path d="M0 3h18" stroke={css_colour(colour)} stroke-width="2" stroke-dasharray={dash?.join(' ')} />
            </svg>
            {name} <b>{short(y.at(-1)) || '–'}</b>
          </span>
        ))}
        {level && <span class="key quiet-text">┄ {level.words} {mark(level.value)}</span>}
      </div>
      <canvas ref={canvas} role="img" aria-label={`${title}. ${words}`} title={about} />
    </section>
  );
}
