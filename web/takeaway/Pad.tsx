// Two coordinates at once: a square with a point to drag, by pointer or arrow keys.

import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

import { is_dark } from '../src/app/theme';

export interface Mark {
  x: number;
  y: number;
  text: string;
  move?: (x: number, y: number) => void;
}

interface Props {
  label: string;
  reach: number; // both coordinates go from minus this to this
  x: number;
  y: number;
  hollow?: boolean; // the point lies off the pad's plane, and this is its nearest place
  marks?: Mark[];
  line?: [number, number][];
  /** Draws what lies behind, on a canvas of `side` pixels. */
  paint: (context: CanvasRenderingContext2D, side: number) => void;
  paint_key: unknown[]; // when any of these changes it is painted anew
  move: (x: number, y: number) => void;
  axes: [string, string];
  class?: string;
  children?: ComponentChildren;
}

export function Pad({ label, reach, x, y, hollow, marks = [], line, paint, paint_key, move, axes, class: more = '', children }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const [side, set_side] = useState(0);
  const held = useRef<((x: number, y: number) => void) | null>(null);
  useLayoutEffect(() => {
    const measure = () => set_side(Math.round(box.current!.clientWidth * devicePixelRatio));
    const observer = new ResizeObserver(measure);
    observer.observe(box.current!);
    measure();
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (!side) return;
    canvas.current!.width = canvas.current!.height = side;
    paint(canvas.current!.getContext('2d')!, side);
  }, [side, reach, is_dark.value, ...paint_key]);

  const left = (value: number) => `${50 + (50 * value) / reach}%`;
  const top = (value: number) => `${50 - (50 * value) / reach}%`;
  const inside = (value: number) => Math.min(reach, Math.max(-reach, value));
  const at = (event: PointerEvent): [number, number] => {
    const { left: l, top: t, width, height } = box.current!.getBoundingClientRect();
    return [inside((((event.clientX - l) / width) * 2 - 1) * reach), inside((1 - ((event.clientY - t) / height) * 2) * reach)];
  };
  const down = (event: PointerEvent) => {
    if (event.button !== 0) return;
    box.current!.setPointerCapture(event.pointerId);
    const [px, py] = at(event);
    const grip = (14 * 2 * reach) / box.current!.clientWidth;
    const far = (one: { x: number; y: number }) => Math.hypot(one.x - px, one.y - py);
    const near = marks.filter((mark) => mark.move && far(mark) < grip).sort((one, two) => far(one) - far(two))[0];
    held.current = near && far(near) < far({ x, y }) ? near.move! : move;
    held.current(px, py);
  };
  const drag = (event: PointerEvent) => held.current?.(...at(event));
  const key = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const step = (event.shiftKey ? 0.1 : 0.02) * reach;
    move(inside(x + step * way[0]), inside(y + step * way[1]));
  };
  const out = Math.abs(x) > reach || Math.abs(y) > reach;
  return (
    <div class={`pad ${more}`}>
      <div
        ref={box}
        class="square"
        tabIndex={0}
        role="application"
        aria-roledescription="pad"
        aria-label={`${label}: ${axes[0]} ${x.toFixed(2)}, ${axes[1]} ${y.toFixed(2)}. Arrow keys move the point.`}
        onPointerDown={down}
        onPointerMove={drag}
        onPointerUp={() => (held.current = null)}
        onPointerCancel={() => (held.current = null)}
        onKeyDown={key}
      >
        <canvas ref={canvas} aria-hidden="true" />
        {line && (
          <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
            {['halo', 'way'].map((name) => (
              <polyline key={name} class={name} points={line.map(([px, py]) => `${50 + (50 * px) / reach},${50 - (50 * py) / reach}`).join(' ')} />
            ))}
          </svg>
        )}
        {marks.map((mark) => (
          <span key={mark.text} class={`mark ${mark.move ? 'loose' : ''}`} style={{ left: left(mark.x), top: top(mark.y) }} aria-hidden="true">
            {mark.text}
          </span>
        ))}
        <span class={`point ${hollow || out ? 'hollow' : ''}`} style={{ left: left(inside(x)), top: top(inside(y)) }} aria-hidden="true" />
      </div>
      <p class="axes small quiet-text" aria-hidden="true">
        <span>{axes[0]} →</span>
        {children}
        <span>{axes[1]} ↑</span>
      </p>
    </div>
  );
}
