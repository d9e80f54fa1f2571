// Heights over a square, seen from a corner that a hand can turn: quads from the farthest to the nearest, without perspective.
import { useLayoutEffect, useRef } from 'preact/hooks';

import { is_dark } from '../../../app/theme';

interface Props {
  says: string;
  end: number;
  /** Heights are cut there. */
  cut: number;
  height: (x: number, y: number) => number;
  colour: (share: number) => readonly [number, number, number];
  /** What heights depend on. */
  of: readonly unknown[];
  /** A way over it, its last point a ball. */
  way: readonly (readonly [number, number, number])[];
  /** In degrees. */
  turn: number;
  on_turn: (turn: number) => void;
}

const kMesh = 44, kWidth = 520, kHeight = 440, kTilt = 0.62, kLift = 150;

export function Landscape({ says, end, cut, height, colour, of, way, turn, on_turn }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const held = useRef<{ x: number; turn: number } | null>(null);
  const heights = useRef(new Float64Array((kMesh + 1) ** 2));
  const dark = is_dark.value;
  useLayoutEffect(() => {
    for (let j = 0; j <= kMesh; ++j) {
      for (let i = 0; i <= kMesh; ++i) heights.current[j * (kMesh + 1) + i] = Math.min(cut, height(end * ((2 * i) / kMesh - 1), end * ((2 * j) / kMesh - 1)));
    }
  }, [...of, end, cut]);
  useLayoutEffect(() => {
    const context = canvas.current!.getContext('2d')!;
    const [c, s] = [Math.cos((turn * Math.PI) / 180), Math.sin((turn * Math.PI) / 180)];
    const scale = kWidth / (2 * Math.SQRT2 * end) - 4;
    const place = (x: number, y: number, z: number): [number, number] => [kWidth / 2 + scale * (c * x - s * y), kHeight / 2 + 64 - scale * Math.sin(kTilt) * (s * x + c * y) - (kLift * z) / cut];
    const h = (i: number, j: number) => heights.current[j * (kMesh + 1) + i]!;
    const at = (i: number) => end * ((2 * i) / kMesh - 1);
    context.clearRect(0, 0, kWidth, kHeight);
    const quads = Array.from({ length: kMesh * kMesh }, (_, n) => ({ i: n % kMesh, j: Math.floor(n / kMesh), depth: s * ((n % kMesh) + 0.5) + c * (Math.floor(n / kMesh) + 0.5) }));
    quads.sort((a, b) => b.depth - a.depth);
    context.lineWidth = 0.7;
    for (const { i, j } of quads) {
      const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]] as const;
      const mean = corners.reduce((sum, [a, b]) => sum + h(a, b), 0) / 4;
      // Lit from the side: what rises towards it is brighter.
      const light = 1 + Math.max(-0.25, Math.min(0.2, ((h(i, j) - h(i + 1, j)) / cut) * 1.6));
      const [r, g, b] = colour(mean / cut).map((v) => Math.min(255, Math.round(v * light)));
      context.beginPath();
      for (const [a, d] of corners) context.lineTo(...place(at(a), at(d), h(a, d)));
      context.closePath();
      context.fillStyle = context.strokeStyle = `rgb(${r},${g},${b})`;
      context.fill();
      context.stroke();
    }
    // The block that it stands on: the two sides that face the eye.
    const wall = (edge: readonly (readonly [number, number])[], shade: string) => {
      context.beginPath();
      for (const [i, j] of edge) context.lineTo(...place(at(i), at(j), h(i, j)));
      for (const [i, j] of edge.toReversed()) context.lineTo(...place(at(i), at(j), 0));
      context.closePath();
      context.fillStyle = shade;
      context.fill();
    };
    const all = Array.from({ length: kMesh + 1 }, (_, i) => i);
    const [front_i, front_j] = [s > 0 ? 0 : kMesh, c > 0 ? 0 : kMesh];
    wall(all.map((j) => [front_i, j] as const), dark ? '#3b4452' : '#c3c8d0');
    wall(all.map((i) => [i, front_j] as const), dark ? '#2c343f' : '#d6dae0');
    // Every fourth line of the mesh shows how the ground bends.
    context.strokeStyle = '#00000030';
    for (let k = 0; k <= kMesh; k += 4) {
      for (const along of [true, false]) {
        context.beginPath();
        for (let i = 0; i <= kMesh; ++i) context.lineTo(...(along ? place(at(i), at(k), h(i, k)) : place(at(k), at(i), h(k, i))));
        context.stroke();
      }
    }
    const on = way.map(([x, y, z]) => place(x, y, Math.min(cut, z)));
    for (const [style, width] of [['#ffffffb0', 4.5], ['#e8253a', 2.2]] as const) {
      context.strokeStyle = style;
      context.lineWidth = width;
      context.beginPath();
      for (const p of on) context.lineTo(...p);
      context.stroke();
    }
    const ball = on.at(-1);
    if (ball) {
      context.beginPath();
      context.arc(ball[0], ball[1], 6.5, 0, 7);
      context.fillStyle = '#e8253a';
      context.strokeStyle = '#fff';
      context.lineWidth = 1.6;
      context.fill();
      context.stroke();
    }
    context.fillStyle = dark ? '#a3adbb' : '#5a6472';
    context.font = '13px sans-serif';
    context.textAlign = 'center';
    // Beside the two edges in front.
    const name = (words: string, x: number, y: number, dx: number) => {
      const [px, py] = place(x, y, 0);
      context.fillText(words, px + dx, py + 20);
    };
    const [fx, fy] = [at(front_i), at(front_j)];
    name('w2', fx, 0, place(fx, 0, 0)[0] < place(0, fy, 0)[0] ? -16 : 16);
    name('w1', 0, fy, place(fx, 0, 0)[0] < place(0, fy, 0)[0] ? 16 : -16);
  }, [...of, way, turn, dark]);
  return (
    <div class="landscape">
      <canvas
        ref={canvas} width={kWidth} height={kHeight} role="img" aria-label={says}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          held.current = { x: event.clientX, turn };
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={(event) => held.current && on_turn(((held.current.turn + (event.clientX - held.current.x) * 0.5 + 540) % 360) - 180)}
        onPointerUp={() => (held.current = null)} onPointerCancel={() => (held.current = null)}
      />
    </div>
  );
}
