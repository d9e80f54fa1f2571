// Your own distribution: points that a brush sprays on the plane. They become the data of a new game.
import { useEffect, useRef, useState } from 'preact/hooks';

import { is_dark } from '../../app/theme';
import { kMostPoints, kReach, snapped } from './address';
import { colours_of } from './paint';

interface Props {
  points: number[][];
  least: number;
  use: (points: number[][]) => void;
  leave: () => void;
}

const kSpray = 6; // points of a dab
const kStep = 0.15;

export function Brush({ points: given, least, use, leave }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [points, set_points] = useState(given);
  const [size, set_size] = useState(0.15);
  const [rubs, set_rubs] = useState(false);
  const [cursor, set_cursor] = useState<[number, number]>([0, 0]);
  const pressed = useRef(false);
  const dark = is_dark.value;

  useEffect(() => {
    const element = canvas.current!;
    const soon = requestAnimationFrame(() => {
      const ratio = Math.min(2, devicePixelRatio || 1);
      element.width = element.height = Math.round(element.clientWidth * ratio);
      const colours = colours_of(dark);
      const pen = element.getContext('2d')!;
      const scale = element.width / (2 * kReach);
      const at = ([x = 0, y = 0]: readonly number[]): [number, number] => [(x + kReach) * scale, (kReach - y) * scale];
      pen.fillStyle = `rgb(${colours.base.join(' ')})`;
      pen.fillRect(0, 0, element.width, element.height);
      pen.strokeStyle = colours.line;
      pen.lineWidth = 1;
      for (let k = -kReach; k <= kReach; ++k) {
        pen.beginPath();
        pen.moveTo(...at([k, -kReach]));
        pen.lineTo(...at([k, kReach]));
        pen.moveTo(...at([-kReach, k]));
        pen.lineTo(...at([kReach, k]));
        pen.stroke();
      }
      pen.fillStyle = colours.real;
      for (const point of points) {
        const [x, y] = at(point);
        pen.beginPath();
        pen.arc(x, y, 1.8 * ratio, 0, 7);
        pen.fill();
      }
      pen.strokeStyle = rubs ? colours.quiet : `rgb(${colours.generated.join(' ')})`;
      pen.lineWidth = 2 * ratio;
      pen.beginPath();
      pen.arc(...at(cursor), Math.max(4, size * scale), 0, 7);
      pen.stroke();
    });
    return () => cancelAnimationFrame(soon);
  }, [points, size, cursor, rubs, dark]);

  const dab = ([x, y]: [number, number]) =>
    set_points((old) => {
      if (rubs) return old.filter(([a = 0, b = 0]) => Math.hypot(a - x, b - y) > size);
      const more: number[][] = [];
      for (let i = 0; i < kSpray && old.length + more.length < kMostPoints; ++i) {
        const [r, angle] = [size * Math.sqrt(Math.random()), 2 * Math.PI * Math.random()];
        more.push([snapped(x + r * Math.cos(angle)), snapped(y + r * Math.sin(angle))]);
      }
      return [...old, ...more];
    });
  const place = (event: PointerEvent): [number, number] => {
    const box = canvas.current!.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * 2 * kReach - kReach, kReach - ((event.clientY - box.top) / box.height) * 2 * kReach];
  };
  const keys: Record<string, [number, number]> = { ArrowLeft: [-kStep, 0], ArrowRight: [kStep, 0], ArrowUp: [0, kStep], ArrowDown: [0, -kStep] };
  const enough = points.length >= least && new Set(points.map(String)).size > 1;
  return (
    <div class="play-brush">
      <canvas
        ref={canvas} tabIndex={0} role="application" aria-label={`Drawing area, ${points.length} points. Arrow keys move the brush, space sprays.`}
        onPointerDown={(event) => {
          canvas.current!.setPointerCapture(event.pointerId);
          pressed.current = true;
          set_cursor(place(event));
          dab(place(event));
        }}
        onPointerMove={(event) => {
          set_cursor(place(event));
          if (pressed.current) dab(place(event));
        }}
        onPointerUp={() => (pressed.current = false)} onPointerCancel={() => (pressed.current = false)}
        onKeyDown={(event) => {
          const way = keys[event.key];
          if (way) set_cursor(([x, y]) => [Math.max(-kReach, Math.min(kReach, x + way[0])), Math.max(-kReach, Math.min(kReach, y + way[1]))]);
          else if (event.key === ' ') dab(cursor);
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <div class="row">
        <label class="row small">
          Brush <input type="range" min="0.03" max="0.6" step="0.03" value={size} onInput={(event) => set_size(Number(event.currentTarget.value))} />
        </label>
        <button type="button" aria-pressed={rubs} onClick={() => set_rubs(!rubs)}>
          Rub out
        </button>
        <button type="button" disabled={!points.length} onClick={() => set_points([])}>
          Clear
        </button>
      </div>
      <div class="row">
        <button type="button" class="primary" disabled={!enough} onClick={() => use(points)}>
          {enough ? `Learn these ${points.length} points` : `Draw ${least} points or more`}
        </button>
        <button type="button" onClick={leave}>
          Back
        </button>
        <span class="small quiet-text">
          {points.length} of at most {kMostPoints}
        </span>
      </div>
    </div>
  );
}
