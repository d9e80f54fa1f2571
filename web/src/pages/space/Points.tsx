// Of points: the walk through the latent space, and where it leads in the plane of the data, among real and generated points and over what D says.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

import { percent, short } from '../../shared/format';
import { TheoryLink } from '../../shared/TheoryLink';
import { ClassChoice } from './ClassChoice';
import { ConditionFields } from './ConditionFields';
import { pad_cuts, Position, ReachChoice } from './MapPanel';
import { Pad } from './Pad';
import { painted } from './looking';
import { picture_of } from './paint';
import { PlaneChoice } from './PlaneChoice';
import { along, density, type Ground, PlaneShown, share_at } from './plane';
import { even_axis } from './Sections';
import { use_session } from './session';

const kSide = 640; // of the canvas; the page shows it as large as there is room
const kLineHeight = 360;
const kBins = 80;
const kTrail = 120;
const kReal = '#232323';
const kGenerated = [0, 114, 178] as const; // the players' colours, as in the run's pictures
const kDiscriminator = [213, 94, 0] as const;

const css = ([r, g, b]: readonly number[]) => `rgb(${r} ${g} ${b})`;

export function Points() {
  const { state } = use_session();
  const [plane, set_plane] = useState<PlaneShown | null>(null);
  useEffect(() => {
    const made = new PlaneShown(state);
    set_plane(made);
    return () => made.close();
  }, [state]);
  return (
    <div class="space-main space-points">
      <section class="panel picture" aria-labelledby="generated">
        <h2 id="generated">Generated point</h2>
        {plane && <Plane plane={plane} />}
      </section>
      <section class="panel map" aria-labelledby="latent-title">
        <div class="row spread">
          <h2 id="latent-title">Latent space</h2>
          <ReachChoice />
        </div>
        <ClassChoice />
        <ConditionFields />
        {state.info.screen === 'plane' && state.dim > 1 && <PlaneChoice />}
        {state.axes > 1 && <LatentPad />}
        <Position />
      </section>
    </div>
  );
}

/** The pad of two coordinates of z: without a map, since points have no classes. */
function LatentPad() {
  const { state, kept } = use_session();
  const place = (z: readonly number[]): readonly [number, number] => {
    const [u = 0, v = 0] = state.coordinates(z);
    return [u, v];
  };
  const [x, y] = place(state.seen_z.value);
  const here = () => place(state.z.peek());
  return (
    <Pad
      name="Latent space" x_name={state.axis_name(0)} y_name={state.axis_name(1)} axis={even_axis(state.limit, 101)} labels={null} version={0} names={[]}
      marks={[{ name: 'z', x, y }]} here={here} cuts={pad_cuts(state, kept.boundaries.value)}
      on_move={(_, u, v, event) => state.move(state.moved(state.z.peek(), { 0: u, 1: v }), event)}
    />
  );
}

function Plane({ plane }: { plane: PlaneShown }) {
  const { looker, state } = use_session();
  const canvas = useRef<HTMLCanvasElement>(null);
  const trail = useRef<number[][]>([]);
  const ground = plane.ground.value;
  const frame = looker.result.value;
  const error = looker.error.value?.message ?? plane.error.value;
  useLayoutEffect(() => {
    if (ground && canvas.current) draw_ground(canvas.current, ground);
  }, [ground]);
  useLayoutEffect(() => {
    if (frame) painted(looker.started);
  }, [frame]);
  // Of another epoch or another class the way is another one.
  useLayoutEffect(() => void (trail.current = []), [state.shown_epoch.value, state.number.value]);
  const point = frame?.arrays.points ? [...(picture_of(frame.arrays.points).values as Float32Array)] : null;
  const before = frame?.arrays.before ? [...(picture_of(frame.arrays.before).values as Float32Array)] : null;
  const last = trail.current.at(-1);
  if (point && (!last || point.some((value, i) => value !== last[i]))) trail.current = [...trail.current, point].slice(-kTrail);
  const share = ground && point ? share_at(ground, point) : null;
  const words = point ? `${point.length > 1 ? '(' : ''}${point.map((x) => short(x)).join(', ')}${point.length > 1 ? ')' : ''}` : '';
  const height = state.info.shape[0] === 1 ? kLineHeight : kSide;
  return (
    <>
      <div class={`frame plane ${error ? 'failed' : ''}`}>
        <div class="plane-box" style={{ aspectRatio: `${kSide} / ${height}` }}>
          <canvas ref={canvas} class="generated" width={kSide} height={height} aria-hidden="true" />
          <svg viewBox={`0 0 ${kSide} ${height}`} role="img" aria-label={`Generated point ${words}${share === null ? '' : `; D takes it for real with ${percent(share)}`}`}>
            {ground && point && <Marks ground={ground} point={point} before={before} trail={trail.current} height={height} />}
          </svg>
        </div>
        {error && (
          <p class="error" role="alert">
            {error}
          </p>
        )}
      </div>
      <p class="verdict point-words">{words}</p>
      <p class="small">{share === null ? ' ' : `D takes it for real with ${percent(share)}.`}</p>
      <Legend ground={ground} />
      {ground && (
        <p class="quiet-text small">
          {ends_of(ground)} <TheoryLink at="optimal" of="what D says" />
        </p>
      )}
    </>
  );
}

function ends_of({ dim, x, y }: Ground): string {
  if (dim === 1) return `From ${short(x[0])} to ${short(x[1])}.`;
  return `First coordinate → from ${short(x[0])} to ${short(x[1])}, second ↑ from ${short(y[0])} to ${short(y[1])}${dim > 2 ? `; ${dim - 2} more are not shown` : ''}.`;
}

function Legend({ ground }: { ground: Ground | null }) {
  return (
    <ul class="plane-legend small">
      <li>
        <i class="dot" style={{ background: kReal }} /> real
      </li>
      <li>
        <i class="dot" style={{ background: css(kGenerated) }} /> generated, seeds 0 to 999
      </li>
      {ground?.shares && (
        <li>
          <i class="stripe" style={{ background: `linear-gradient(90deg, ${css(pale(kGenerated))}, #fff, ${css(pale(kDiscriminator))})` }} /> D: generated … real
        </li>
      )}
    </ul>
  );
}

/** The point, where it came along, and where it was without ablations. */
function Marks({ ground, point, before, trail, height }: { ground: Ground; point: number[]; before: number[] | null; trail: number[][]; height: number }) {
  const place = (p: readonly number[]): [number, number] => [along(ground.x, p[0]!) * kSide, ground.dim === 1 ? height / 2 : (1 - along(ground.y, p[1]!)) * height];
  const mark = (p: readonly number[], name: string) => {
    const [x, y] = place(p);
    const inside = x >= 0 && x <= kSide && y >= 0 && y <= height;
    const at = (value: number, most: number) => Math.min(most - 8, Math.max(8, value));
    if (ground.dim === 1) return <path class={`mark-line ${name} ${inside ? '' : 'off'}`} d={`M${at(x, kSide)} 0V${height}`} />;
    return (
      <g class={`point-mark ${name} ${inside ? '' : 'off'}`} transform={`translate(${at(x, kSide)} ${at(y, height)})`}>
        <circle class="halo" r="11" />
        <circle r="9" />
      </g>
    );
  };
  return (
    <>
      {ground.dim > 1 && trail.length > 1 && <polyline class="trail" points={trail.map((p) => place(p).join()).join(' ')} />}
      {before && mark(before, 'before')}
      {mark(point, 'now')}
    </>
  );
}

function pale(colour: readonly number[]): number[] {
  return colour.map((x) => Math.round(255 + 0.4 * (x - 255)));
}

/** Through white, so that a half is neither side's; as the run's pictures have it. */
function colour_of(share: number): number[] {
  const away = Math.min(1, Math.abs(2 * share - 1));
  const end = pale(share < 0.5 ? kGenerated : kDiscriminator);
  return end.map((x) => 255 + away * (x - 255));
}

function draw_ground(canvas: HTMLCanvasElement, ground: Ground): void {
  const context = canvas.getContext('2d')!;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  if (ground.dim === 1) return draw_line(context, ground, canvas.width, canvas.height);
  if (ground.shares) {
    const [rows = 1, columns = 1] = ground.shares.shape;
    const image = new ImageData(columns, rows);
    for (let i = 0; i < rows * columns; ++i) image.data.set([...colour_of(ground.shares.values[i]!), 255], 4 * i);
    const small = document.createElement('canvas');
    small.width = columns;
    small.height = rows;
    small.getContext('2d')!.putImageData(image, 0, 0);
    context.drawImage(small, 0, 0, canvas.width, canvas.height);
  }
  const dots = ({ shape, values }: Ground['reals'], colour: string, radius: number) => {
    context.fillStyle = colour;
    const [count = 0, dim = 2] = shape;
    for (let i = 0; i < count; ++i) {
      context.beginPath();
      context.arc(along(ground.x, values[i * dim]!) * canvas.width, (1 - along(ground.y, values[i * dim + 1]!)) * canvas.height, radius, 0, 7);
      context.fill();
    }
  };
  dots(ground.reals, kReal, 2.6);
  dots(ground.fakes, css(kGenerated), 2);
}

/** Of one dimension: the densities of both, and what D says as a curve. */
function draw_line(context: CanvasRenderingContext2D, ground: Ground, width: number, height: number): void {
  const real = density(ground.reals.values, ground.x, kBins);
  const fake = density(ground.fakes.values, ground.x, kBins);
  const most = Math.max(...real, ...fake, 1e-9) * 1.08;
  const step = width / kBins;
  context.fillStyle = '#c8c8c8';
  real.forEach((value, i) => context.fillRect(i * step, height * (1 - value / most), step + 0.5, (height * value) / most));
  const curve = (colour: string, points: [number, number][]) => {
    context.strokeStyle = colour;
    context.lineWidth = 2.5;
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x, y);
    context.stroke();
  };
  curve(css(kGenerated), fake.flatMap((value, i): [number, number][] => [[i * step, height * (1 - value / most)], [(i + 1) * step, height * (1 - value / most)]]));
  const shares = ground.shares?.values ?? [];
  curve(css(kDiscriminator), Array.from(shares, (share, i): [number, number] => [(i / Math.max(1, shares.length - 1)) * width, height * (1 - share)]));
}
