// A square of the plane in colours, with points that a hand can move.
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

import { css_colour } from '../../../shared/colours';

export interface PlanePoint {
  name: string;
  colour: string;
  x: number;
  y: number;
  on: (x: number, y: number) => void;
}

interface Props {
  says: string;
  title?: string;
  /** It reaches from -end to end, or between these. */
  range: readonly [number, number];
  cells?: number;
  colour: (x: number, y: number) => readonly [number, number, number];
  /** What the colours depend on. */
  of: readonly unknown[];
  points?: readonly PlanePoint[];
  x_name: string;
  y_name: string;
  /** Drawn over it, in a square of 100 x 100. */
  children?: (place: (x: number, y: number) => [number, number]) => ComponentChildren;
}

export function Plane({ says, title, range: [low, high], cells = 90, colour, of, points = [], x_name, y_name, children }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const held = useRef(-1);
  useLayoutEffect(() => {
    const context = canvas.current!.getContext('2d')!;
    const image = context.createImageData(cells, cells);
    for (let row = 0, at = 0; row < cells; ++row) {
      for (let column = 0; column < cells; ++column) {
        const [r, g, b] = colour(low + ((high - low) * (column + 0.5)) / cells, high - ((high - low) * (row + 0.5)) / cells);
        image.data[at++] = r;
        image.data[at++] = g;
        image.data[at++] = b;
        image.data[at++] = 255;
      }
    }
    context.putImageData(image, 0, 0);
  }, [...of, low, high, cells]);
  const place = (x: number, y: number): [number, number] => [(100 * (x - low)) / (high - low), 100 - (100 * (y - low)) / (high - low)];
  const move = (event: PointerEvent) => {
    const at = box.current!.getBoundingClientRect();
    const inside = (v: number) => Math.min(high, Math.max(low, v));
    points[held.current]?.on(inside(low + ((high - low) * (event.clientX - at.left)) / at.width), inside(high - ((high - low) * (event.clientY - at.top)) / at.height));
  };
  const grab = (event: PointerEvent) => {
    if (event.button !== 0 || points.length === 0) return;
    const at = box.current!.getBoundingClientRect();
    const away = points.map((point) => {
      const [x, y] = place(point.x, point.y);
      return Math.hypot(event.clientX - at.left - (x * at.width) / 100, event.clientY - at.top - (y * at.height) / 100);
    });
    const nearest = away.indexOf(Math.min(...away));
    // A touch elsewhere scrolls the page.
    if (away[nearest]! > 28) return;
    held.current = nearest;
    box.current!.setPointerCapture(event.pointerId);
    event.preventDefault();
    move(event);
  };
  const let_go = () => (held.current = -1);
  return (
    <div class="plane-figure">
      {title && <p class="plane-title">{title}</p>}
      <div ref={box} class="plane-square" onPointerDown={grab} onPointerMove={(event) => held.current >= 0 && move(event)} onPointerUp={let_go} onPointerCancel={let_go}>
        <canvas ref={canvas} width={cells} height={cells} role="img" aria-label={says} />
        <svg viewBox="0 0 100 100" aria-hidden="true">
          {children?.(place)}
          {points.map((point) => {
            const [x, y] = place(point.x, point.y);
            return (
              <g key={point.name} class="handle" transform={`translate(${x} ${y})`}>
                <circle class="reach" r="7" />
                <circle class="knob-dot" r="2.6" stroke={css_colour(point.colour)} style={{ strokeWidth: 1.1 }} />
              </g>
            );
          })}
        </svg>
      </div>
      <p class="plane-axes">
        {x_name} → {y_name} ↑
      </p>
    </div>
  );
}
