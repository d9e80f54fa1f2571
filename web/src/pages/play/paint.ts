// Draws a scene: over what D says of every place lie G's manifold, the points, and arrows where D pushes the fakes. Generated things have G's
// colour, what D takes for real has D's.
import type { NamedArray } from '../../api/frames';
import { along, density } from '../space/plane';
import type { Layer, Scene } from './types';

export interface Colours {
  ground: string;
  real: string;
  line: string;
  quiet: string;
  text: string;
  generated: [number, number, number];
  taken_for_real: [number, number, number];
  base: [number, number, number];
  dark: boolean;
}

function rgb(css: string): [number, number, number] {
  const hex = css.trim().replace('#', '');
  return [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16)) as [number, number, number];
}

export function colours_of(dark: boolean): Colours {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(name).trim();
  return {
    ground: of('--panel'), real: dark ? '#f2f4f7' : '#20262e', line: of('--line'), quiet: of('--quiet'), text: of('--text'), dark,
    generated: rgb(of('--generator')), taken_for_real: rgb(of('--discriminator')), base: dark ? [22, 26, 33] : [255, 255, 255],
  };
}

const css = ([r, g, b]: readonly number[], alpha = 1) => `rgb(${r} ${g} ${b} / ${alpha})`;
const kTint = 0.5;
const kGamma = 0.6; // that what D hardly tells is seen, too

/** Through the ground, so that a half is neither side's. */
function tint(share: number, { base, generated, taken_for_real }: Colours, out: Uint8ClampedArray, at: number): void {
  const away = kTint * Math.min(1, Math.abs(2 * share - 1)) ** kGamma;
  const end = share < 0.5 ? generated : taken_for_real;
  for (let k = 0; k < 3; ++k) out[at + k] = base[k]! + away * (end[k]! - base[k]!);
  out[at + 3] = 255;
}

const small = document.createElement('canvas');

function surface(pen: CanvasRenderingContext2D, shares: NamedArray, colours: Colours, width: number, height: number): void {
  const [rows = 1, columns = 1] = shares.shape;
  const image = new ImageData(columns, rows);
  for (let i = 0; i < rows * columns; ++i) tint(shares.values[i]!, colours, image.data, 4 * i);
  small.width = columns;
  small.height = rows;
  small.getContext('2d')!.putImageData(image, 0, 0);
  pen.imageSmoothingEnabled = true;
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(small, 0, 0, width, height);
  half_line(pen, shares, colours, width, height);
}

/** Where D says a half: it cannot tell. Between the middles of cells, by marching over squares. */
function half_line(pen: CanvasRenderingContext2D, { shape, values }: NamedArray, colours: Colours, width: number, height: number): void {
  const [rows = 1, columns = 1] = shape;
  pen.beginPath();
  const x_at = (j: number) => ((j + 0.5) / columns) * width;
  const y_at = (i: number) => ((i + 0.5) / rows) * height;
  for (let i = 0; i + 1 < rows; ++i) {
    for (let j = 0; j + 1 < columns; ++j) {
      const a = values[i * columns + j]! - 0.5;
      const b = values[i * columns + j + 1]! - 0.5;
      const c = values[(i + 1) * columns + j + 1]! - 0.5;
      const d = values[(i + 1) * columns + j]! - 0.5;
      const cuts: [number, number][] = [];
      if (a > 0 !== b > 0) cuts.push([x_at(j + a / (a - b)), y_at(i)]);
      if (b > 0 !== c > 0) cuts.push([x_at(j + 1), y_at(i + b / (b - c))]);
      if (d > 0 !== c > 0) cuts.push([x_at(j + d / (d - c)), y_at(i + 1)]);
      if (a > 0 !== d > 0) cuts.push([x_at(j), y_at(i + a / (a - d))]);
      for (let k = 0; k + 1 < cuts.length; k += 2) {
        pen.moveTo(...cuts[k]!);
        pen.lineTo(...cuts[k + 1]!);
      }
    }
  }
  pen.strokeStyle = css(colours.taken_for_real, 0.55);
  pen.lineWidth = Math.max(1, width / 500);
  pen.setLineDash([width / 120, width / 160]);
  pen.stroke();
  pen.setLineDash([]);
}

interface Place {
  x: (value: number) => number;
  y: (value: number) => number;
}

function dots(pen: CanvasRenderingContext2D, { shape, values }: NamedArray, place: Place, colour: string, radius: number): void {
  const [count = 0, dim = 2] = shape;
  pen.fillStyle = colour;
  pen.beginPath();
  for (let i = 0; i < count; ++i) {
    const x = place.x(values[i * dim]!);
    const y = place.y(values[i * dim + 1]!);
    pen.moveTo(x + radius, y);
    pen.arc(x, y, radius, 0, 7);
  }
  pen.fill();
}

/** The square of noise as G bends it: lines of equal z1 and of equal z2, between neighbours of which lies equal mass. */
function mesh(pen: CanvasRenderingContext2D, { shape, values }: NamedArray, place: Place, colours: Colours, scale: number): void {
  if (shape.length !== 3) return line_of_noise(pen, { shape, values }, place, colours, scale);
  const [rows = 0, columns = 0] = shape;
  const at = (i: number, j: number): [number, number] => [place.x(values[2 * (i * columns + j)]!), place.y(values[2 * (i * columns + j) + 1]!)];
  // The denser a cell, the more of the mass lies in it.
  for (let i = 0; i + 1 < rows; ++i) {
    for (let j = 0; j + 1 < columns; ++j) {
      const [a, b, c, d] = [at(i, j), at(i, j + 1), at(i + 1, j + 1), at(i + 1, j)];
      const area = Math.abs((c[0] - a[0]) * (d[1] - b[1]) - (d[0] - b[0]) * (c[1] - a[1])) / 2;
      const shade = Math.min(0.55, (90 * scale * scale) / (area + 1));
      if (shade < 0.03) continue;
      pen.fillStyle = css(colours.generated, shade);
      pen.beginPath();
      for (const [x, y] of [a, b, c, d]) pen.lineTo(x, y);
      pen.fill();
    }
  }
  pen.strokeStyle = css(colours.generated, 0.5);
  pen.lineWidth = 0.8 * scale;
  pen.beginPath();
  for (let i = 0; i < rows; ++i) for (let j = 0; j < columns; ++j) j === 0 ? pen.moveTo(...at(i, j)) : pen.lineTo(...at(i, j));
  for (let j = 0; j < columns; ++j) for (let i = 0; i < rows; ++i) i === 0 ? pen.moveTo(...at(i, j)) : pen.lineTo(...at(i, j));
  pen.stroke();
}

function line_of_noise(pen: CanvasRenderingContext2D, { shape, values }: NamedArray, place: Place, colours: Colours, scale: number): void {
  const [count = 0, dim = 2] = shape;
  pen.strokeStyle = css(colours.generated, 0.7);
  pen.lineWidth = 2 * scale;
  pen.beginPath();
  for (let i = 0; i < count; ++i) pen.lineTo(place.x(values[i * dim]!), place.y(values[i * dim + 1]!));
  pen.stroke();
}

/** Lengths compare within a scene, but for the few that would hide all others; the longest is an eleventh of the picture. */
function scale_of_arrows(pushes: NamedArray, longest: number): number {
  const [count = 0, dim = 2] = pushes.shape;
  const lengths: number[] = [];
  for (let i = 0; i < count; ++i) lengths.push(Math.hypot(...Array.from({ length: dim }, (_, k) => pushes.values[i * dim + k]!)));
  lengths.sort((a, b) => a - b);
  const most = lengths[Math.floor((lengths.length - 1) * 0.95)] ?? 0;
  return most > 0 ? longest / most : 0;
}

/** A slope so flat moves nothing: its arrow is a dot. */
const kFlat = 1e-5;

function arrows(pen: CanvasRenderingContext2D, fakes: NamedArray, pushes: NamedArray, place: Place, colours: Colours, scale: number, side: number): void {
  const [count = 0] = pushes.shape;
  const longest = side / 11;
  const unit = Math.abs(place.x(1) - place.x(0));
  const factor = scale_of_arrows(pushes, longest);
  let steepest = 0;
  for (let i = 0; i < pushes.values.length; ++i) steepest = Math.max(steepest, Math.abs(pushes.values[i]!));
  if (steepest < kFlat || !unit) return;
  pen.strokeStyle = pen.fillStyle = colours.text;
  pen.lineWidth = 1.1 * scale;
  pen.beginPath();
  const heads: [number, number, number][] = [];
  for (let i = 0; i < count; ++i) {
    const [u, v] = [pushes.values[2 * i]! * factor, -pushes.values[2 * i + 1]! * factor];
    const length = Math.hypot(u, v);
    if (!(length > 1.5 * scale)) continue;
    const shrink = Math.min(1, longest / length);
    const [x, y] = [place.x(fakes.values[2 * i]!), place.y(fakes.values[2 * i + 1]!)];
    pen.moveTo(x, y);
    pen.lineTo(x + u * shrink, y + v * shrink);
    heads.push([x + u * shrink, y + v * shrink, Math.atan2(v, u)]);
  }
  pen.stroke();
  pen.beginPath();
  const size = 4.5 * scale;
  for (const [x, y, angle] of heads) {
    pen.moveTo(x + size * Math.cos(angle), y + size * Math.sin(angle));
    pen.lineTo(x + size * Math.cos(angle + 2.5), y + size * Math.sin(angle + 2.5));
    pen.lineTo(x + size * Math.cos(angle - 2.5), y + size * Math.sin(angle - 2.5));
  }
  pen.fill();
}

/** The part of a scene that is drawn, with another D where one is given. */
export interface Shown {
  scene: Scene;
  layers: ReadonlySet<Layer>;
  ahead?: boolean;
}

export function paint_scene(canvas: HTMLCanvasElement, { scene, layers, ahead }: Shown, colours: Colours): void {
  const pen = canvas.getContext('2d')!;
  const { width, height } = canvas;
  pen.fillStyle = css(colours.base);
  pen.fillRect(0, 0, width, height);
  const shares = ahead ? scene.ahead_shares : scene.shares;
  const pushes = ahead ? scene.ahead_pushes : scene.pushes;
  if (scene.head.dim === 1) return paint_line(pen, scene, shares, pushes, layers, colours, width, height);
  const { x, y } = scene.head.frame;
  const place = { x: (value: number) => along(x, value) * width, y: (value: number) => (1 - along(y, value)) * height };
  const scale = width / 520;
  if (layers.has('surface') && shares) surface(pen, shares, colours, width, height);
  if (layers.has('manifold') && scene.manifold) mesh(pen, scene.manifold, place, colours, scale);
  if (layers.has('reals')) dots(pen, scene.reals, place, colours.real, 1.7 * scale);
  if (layers.has('fakes')) dots(pen, scene.fakes, place, css(colours.generated, 0.9), 1.9 * scale);
  if (layers.has('arrows') && pushes) arrows(pen, scene.fakes, pushes, place, colours, scale, width);
}

const kBins = 90;

// Densities above, D's curve over them; below, how G carries the line of noise to the line of data (Goodfellow et al. 2014, figure 1).
function paint_line(
  pen: CanvasRenderingContext2D, scene: Scene, shares: NamedArray | undefined, pushes: NamedArray | undefined, layers: ReadonlySet<Layer>,
  colours: Colours, width: number, height: number,
): void {
  const ends = scene.head.frame.x;
  const scale = width / 520;
  const floor = height * 0.66;
  const x_at = (value: number) => along(ends, value) * width;
  const real = density(scene.reals.values, ends, kBins);
  const fake = density(scene.fakes.values, ends, kBins);
  // The scale follows the reals, so that a clump of fakes does not flatten them.
  const most = Math.max(...real) * 1.6 || 1;
  const y_of = (value: number) => floor * (1 - Math.min(1, value / most) * 0.94);
  const bin = width / kBins;
  if (layers.has('reals')) {
    pen.fillStyle = colours.dark ? '#6b7686' : '#bfc5cd';
    real.forEach((value, i) => pen.fillRect(i * bin, y_of(value), bin + 0.6, floor - y_of(value)));
  }
  if (layers.has('fakes')) {
    pen.fillStyle = css(colours.generated, 0.3);
    pen.strokeStyle = css(colours.generated);
    pen.lineWidth = 2 * scale;
    pen.beginPath();
    pen.moveTo(0, floor);
    fake.forEach((value, i) => {
      pen.lineTo(i * bin, y_of(value));
      pen.lineTo((i + 1) * bin, y_of(value));
    });
    pen.lineTo(width, floor);
    pen.fill();
    pen.stroke();
  }
  if (layers.has('surface') && shares) {
    pen.strokeStyle = css(colours.taken_for_real);
    pen.lineWidth = 2.6 * scale;
    pen.beginPath();
    const n = shares.values.length;
    for (let i = 0; i < n; ++i) pen.lineTo((i / (n - 1)) * width, floor * (1 - 0.94 * shares.values[i]!));
    pen.stroke();
    pen.setLineDash([5 * scale, 5 * scale]);
    pen.lineWidth = scale;
    pen.strokeStyle = css(colours.taken_for_real, 0.6);
    pen.beginPath();
    pen.moveTo(0, floor * 0.53);
    pen.lineTo(width, floor * 0.53);
    pen.stroke();
    pen.setLineDash([]);
  }
  pen.strokeStyle = colours.quiet;
  pen.lineWidth = scale;
  pen.beginPath();
  pen.moveTo(0, floor);
  pen.lineTo(width, floor);
  pen.stroke();
  marks(pen, ends, x_at, floor, colours, scale, width, layers.has('surface'));
  if (layers.has('arrows') && pushes) arrows_along(pen, scene.fakes, pushes, x_at, floor, colours, scale, width);
  if (layers.has('manifold') && scene.manifold && scene.manifold_z) carried(pen, scene, x_at, floor, colours, scale, width, height);
}

function arrows_along(
  pen: CanvasRenderingContext2D, fakes: NamedArray, pushes: NamedArray, x_at: (value: number) => number, floor: number, colours: Colours, scale: number, width: number,
): void {
  let steepest = 0;
  for (let i = 0; i < pushes.values.length; ++i) steepest = Math.max(steepest, Math.abs(pushes.values[i]!));
  if (steepest < kFlat) return;
  const factor = scale_of_arrows(pushes, width / 9);
  pen.strokeStyle = pen.fillStyle = colours.text;
  pen.lineWidth = 1.5 * scale;
  // Some fakes from the first to the last, in rows, so that arrows do not lie on each other.
  const order = Array.from({ length: pushes.values.length }, (_, i) => i).sort((a, b) => fakes.values[a]! - fakes.values[b]!);
  const [shown, rows] = [15, 5];
  for (let k = 0; k < shown; ++k) {
    const i = order[Math.round((k / (shown - 1)) * (order.length - 1))]!;
    const y = floor - (9 + 9 * (k % rows)) * scale;
    const x = x_at(fakes.values[i]!);
    const u = Math.max(-width / 8, Math.min(width / 8, pushes.values[i]! * factor));
    pen.beginPath();
    pen.arc(x, y, 2 * scale, 0, 7);
    pen.fill();
    if (Math.abs(u) < 3 * scale) continue;
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(x + u, y);
    pen.stroke();
    const way = Math.sign(u) * 5 * scale;
    pen.beginPath();
    pen.moveTo(x + u + way, y);
    pen.lineTo(x + u - way / 2, y - 3.5 * scale);
    pen.lineTo(x + u - way / 2, y + 3.5 * scale);
    pen.fill();
  }
}

/** Whole numbers along x; what D's curve says at the right. */
function marks(pen: CanvasRenderingContext2D, ends: readonly [number, number], x_at: (value: number) => number, floor: number, colours: Colours, scale: number, width: number, d: boolean): void {
  pen.fillStyle = colours.quiet;
  pen.font = `${12 * scale}px system-ui, sans-serif`;
  pen.textAlign = 'center';
  const step = [1, 2, 5, 10, 20, 50].find((one) => (ends[1] - ends[0]) / one < 9) ?? 100;
  for (let value = Math.ceil(ends[0] / step) * step; value <= ends[1]; value += step) {
    const x = x_at(value);
    if (x < 80 * scale || x > width - 12 * scale) continue;
    pen.fillText(String(value), x, floor + 16 * scale);
    pen.fillRect(x - 0.5, floor, 1, 4 * scale);
  }
  pen.textAlign = 'right';
  pen.fillStyle = css(colours.taken_for_real);
  if (d) {
    pen.fillText('D: 1', width - 6 * scale, floor * 0.06 + 13 * scale);
    pen.fillText('½', width - 6 * scale, floor * 0.53 - 4 * scale);
  }
  pen.textAlign = 'left';
}

function carried(
  pen: CanvasRenderingContext2D, scene: Scene, x_at: (value: number) => number, floor: number, colours: Colours, scale: number, width: number, height: number,
): void {
  const z = scene.manifold_z!.values;
  const made = scene.manifold!.values;
  const bottom = height - 20 * scale;
  const reach = Math.max(...Array.from(z, Math.abs)) * 1.05 || 1;
  pen.strokeStyle = css(colours.generated, 0.55);
  pen.lineWidth = 1.1 * scale;
  pen.beginPath();
  for (let i = 0; i < z.length; i += 3) {
    const from = width * (0.5 + (0.46 * z[i]!) / reach);
    const to = Math.max(-20, Math.min(width + 20, x_at(made[i]!)));
    pen.moveTo(from, bottom);
    pen.bezierCurveTo(from, bottom - 0.4 * (bottom - floor), to, floor + 0.4 * (bottom - floor), to, floor + 3 * scale);
  }
  pen.stroke();
  pen.strokeStyle = colours.quiet;
  pen.lineWidth = scale;
  pen.beginPath();
  pen.moveTo(0, bottom);
  pen.lineTo(width, bottom);
  pen.stroke();
  pen.fillStyle = colours.quiet;
  pen.font = `${12 * scale}px system-ui, sans-serif`;
  pen.fillText('z, the noise', 8 * scale, height - 5 * scale);
  pen.fillText('x, the data', 8 * scale, floor + 16 * scale);
}

/** Between two scenes of one game, for slow motion: D from its old surface, or G from its old points. */
export function between(from: Scene, to: Scene, d: number, g: number): Scene {
  const mix = (a: NamedArray | undefined, b: NamedArray | undefined, share: number): NamedArray | undefined => {
    if (!a || !b || a.values.length !== b.values.length) return share < 0.5 ? a : b;
    if (share <= 0) return a;
    if (share >= 1) return b;
    const values = new Float32Array(b.values.length);
    for (let i = 0; i < values.length; ++i) values[i] = (1 - share) * a.values[i]! + share * b.values[i]!;
    return { shape: b.shape, values };
  };
  return {
    ...to,
    shares: mix(from.shares, to.shares, d), pushes: mix(from.pushes, to.pushes, d),
    fakes: mix(from.fakes, to.fakes, g)!, manifold: mix(from.manifold, to.manifold, g),
  };
}
