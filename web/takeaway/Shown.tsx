// One picture of the model, of whatever kind, as large as its place allows.

import { useLayoutEffect, useRef, useState } from 'preact/hooks';

import { draw_pixels } from '../src/shared/Pixels';
import type { Picture } from './desk';
import { drawn, segments_of, stroke_colour } from './ink';
import { model } from './state';

/** [H, W, C] of an image. */
const layout = (): number[] => [model.shape[1], model.shape[2], model.shape[0]];

export function Shown({ picture, label, moving = 0 }: { picture: Picture | null; label: string; moving?: number }) {
  if (model.kind === 'ink') return <Ink moves={picture} label={label} moving={moving} />;
  return <Image levels={picture} label={label} />;
}

function Image({ levels, label }: { levels: Picture | null; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (levels) draw_pixels(canvas.current!, layout(), levels);
  }, [levels]);
  const hidden = label === '';
  return <canvas ref={canvas} class="shown pixels" width={model.shape[2]} height={model.shape[1]} role={hidden ? undefined : 'img'} aria-label={label || undefined} aria-hidden={hidden} />;
}

/** `moving`: a number that changes when the symbol shall be drawn anew, stroke by stroke; 0: it stands there. */
function Ink({ moves, label, moving }: { moves: Picture | null; label: string; moving: number }) {
  const [t, set_t] = useState(1);
  useLayoutEffect(() => {
    if (!moving) return;
    const start = performance.now(), seconds = 2;
    let frame = requestAnimationFrame(function step(now) {
      const share = Math.min(1, Math.max(0, (now - start) / 1000 / seconds));
      set_t(share);
      if (share < 1) frame = requestAnimationFrame(step);
    });
    return () => {
      cancelAnimationFrame(frame);
      set_t(1);
    };
  }, [moving]);
  const segments = drawn(moves ? segments_of(moves) : [], t);
  const hidden = label === '';
  return (
    <svg class="shown ink" viewBox="0 0 100 100" role={hidden ? undefined : 'img'} aria-label={label || undefined} aria-hidden={hidden}>
      {segments.map(({ from: [x1, y1], to: [x2, y2], stroke }, i) =>
        stroke < 0 ? (
          <line key={i} x1={x1} y1={y1} x2={x2} y2={y2} class="lifted" />
        ) : (
          <line key={i} x1={x1} y1={y1} x2={x2} y2={y2} stroke={stroke_colour(stroke)} stroke-width="3" stroke-linecap="round" />
        ),
      )}
    </svg>
  );
}

/** Draws a picture into a part of a canvas, for pads that are full of them. */
export function draw_into(context: CanvasRenderingContext2D, picture: Picture, x: number, y: number, width: number, height: number): void {
  if (model.kind === 'ink') {
    const side = Math.min(width, height);
    context.fillStyle = '#ffffff';
    context.fillRect(x, y, width, height);
    context.lineWidth = Math.max(1, side * 0.04);
    context.lineCap = 'round';
    for (const { from, to, stroke } of segments_of(picture)) {
      if (stroke < 0) continue;
      context.strokeStyle = stroke_colour(stroke);
      context.beginPath();
      context.moveTo(x + (from[0] * side) / 100, y + (from[1] * side) / 100);
      context.lineTo(x + (to[0] * side) / 100, y + (to[1] * side) / 100);
      context.stroke();
    }
    return;
  }
  const small = document.createElement('canvas');
  draw_pixels(small, layout(), picture);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, x, y, width, height);
}
