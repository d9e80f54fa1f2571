// Directions of attributes that the run keeps (RUN/directions/NAME.json, docs/directions.md): what they are, where a z stands along them, and
// where their planes n'z + offset = 0 cut a map.
import { computed, effect, signal } from '@preact/signals';

import { file_address, get_json } from '../../api/client';
import type { RunDetails } from '../../api/types';
import { series_colour } from '../../shared/colours';
import { short } from '../../shared/format';
import type { State } from './state';
import { add, dot, length_of, rounded, type Plane, type Vector } from './vectors';

export const kAlongs = ['normal', 'conditional', 'orthogonal', 'principal', 'activation'] as const;
export type Along = (typeof kAlongs)[number];
export const kAlongWords: Record<Along, [name: string, about: string]> = {
  normal: ['normals', 'Along a normal its attribute changes most; others that are not at right angles change with it.'],
  conditional: ['conditional', 'What is left of each normal beside all others: so far as scores are linear, the others stay.'],
  orthogonal: ['orthogonal', 'The set at right angles that is nearest to all normals.'],
  principal: ['principal', 'As the first layer’s weights change most.'],
  activation: ['activations', 'As what the first layer puts out varies most.'],
};

interface Estimate {
  value: number | null;
  low: number | null;
  high: number | null;
}

interface Attribute {
  name: string;
  sentence: string;
  kind: 'binary' | 'continuous';
  normal: Vector;
  offset: number;
  slope: number;
  intercept: number;
  accuracy?: Estimate;
  explained: Estimate;
  told: boolean;
  conditional: Vector | null;
  orthogonal: Vector | null;
}

/** A file, as far as the page reads it. */
export interface KeptFile {
  schema: string;
  name: string;
  epoch: number;
  class: number | null;
  class_name: string;
  latent_dim: number;
  z_variance: number;
  attributes: Attribute[];
  entanglement?: { sentence: string };
  principal: { name: string; vector: Vector }[];
  activation: { name: string; vector: Vector }[];
}

/** A way to go: of length 1, to where the score rises. */
export interface Way {
  name: string;
  vector: Vector;
  /** In words: what it is, and how well z tells it. */
  about: string;
  /** What the linear model says of a z; of attributes alone. */
  score?: (z: readonly number[]) => number;
}

/** A plane n'z + offset = 0 that is drawn on maps; n points to where the score rises. */
export interface Boundary {
  name: string;
  colour: string;
  normal: Vector;
  offset: number;
}

/** Where a boundary cuts the plane of a pad: a x + b y + c = 0, more of the attribute where it is above. */
export interface Cut {
  name: string;
  colour: string;
  a: number;
  b: number;
  c: number;
}

function interval({ value, low, high }: Estimate): string {
  return value === null ? '–' : `${short(Number(value.toFixed(2)))} [${short(Number((low ?? NaN).toFixed(2)))}, ${short(Number((high ?? NaN).toFixed(2)))}]`;
}

function sign_of(attribute: Attribute): number {
  return attribute.slope < 0 ? -1 : 1;
}

/** The ways of one kind that a file has: of attributes those that z tells. */
export function ways_of(file: KeptFile, along: Along): Way[] {
  if (along === 'principal' || along === 'activation') return file[along].map(({ name, vector }) => ({ name, vector, about: name }));
  const ways: Way[] = [];
  for (const one of file.attributes) {
    const vector = one[along];
    if (!one.told || !vector) continue;
    const told = one.kind === 'binary' && one.accuracy ? `accuracy ${interval(one.accuracy)}` : `R² ${interval(one.explained)}`;
    ways.push({
      name: one.name,
      vector: vector.map((x) => sign_of(one) * x),
      about: `${one.sentence}; ${told} on samples held out`,
      score: (z) => one.intercept + one.slope * dot(one.normal, z),
    });
  }
  return ways;
}

/** The planes of the attributes of these names; null: of the one that z tells best. */
export function boundaries_of(file: KeptFile, names: readonly string[] | null): Boundary[] {
  const told = file.attributes.filter((one) => one.told);
  const best = [...told].sort((a, b) => (b.explained.value ?? -1) - (a.explained.value ?? -1))[0];
  const wanted = names ?? (best ? [best.name] : []);
  return told
    .filter(({ name }) => wanted.includes(name))
    .map((one) => ({
      name: one.name,
      colour: series_colour(file.attributes.indexOf(one)),
      normal: one.normal.map((x) => sign_of(one) * x),
      offset: sign_of(one) * one.offset,
    }));
}

/** Its cut with z = origin + x u + y v. */
export function cut_of({ name, colour, normal, offset }: Boundary, { origin, u, v }: Plane): Cut {
  return { name, colour, a: dot(normal, u), b: dot(normal, v), c: dot(normal, origin) + offset };
}

/** Its cut with the section through z along the axes x and y. */
export function section_cut(boundary: Boundary, z: readonly number[], x: number, y: number): Cut {
  const axis = (i: number) => z.map((_, k) => (k === i ? 1 : 0));
  return cut_of(boundary, { origin: z.map((value, k) => (k === x || k === y ? 0 : value)), u: axis(x), v: axis(y) });
}

/** Points of a cut with so many steps within the ends of both axes, in their order; none where it does not cross. */
export function points_of_cut({ a, b, c }: Cut, low: number, high: number, steps = 64): [number, number][] {
  if (Math.hypot(a, b) < 1e-6) return [];
  const points: [number, number][] = [];
  for (let i = 0; i <= steps; ++i) {
    const free = low + ((high - low) * i) / steps;
    const [x, y] = Math.abs(a) > Math.abs(b) ? [-(b * free + c) / a, free] : [free, -(a * free + c) / b];
    if (Math.max(Math.abs(x - (low + high) / 2), Math.abs(y - (low + high) / 2)) <= (high - low) * 0.75) points.push([x, y]);
  }
  return points;
}

/** Where z stands along a way, in deviations of z. */
export function place_along(file: KeptFile, way: Way, z: readonly number[]): number {
  return dot(way.vector, z) / Math.sqrt(file.z_variance);
}

/** z moved along a way to a place. */
export function moved_along(file: KeptFile, way: Way, z: readonly number[], place: number): Vector {
  return add(z, (place - place_along(file, way, z)) * Math.sqrt(file.z_variance), way.vector).map(rounded);
}

function checked(file: KeptFile, dim: number): KeptFile {
  if (file.schema !== 'ganymede.directions/1') throw new Error(`${file.name ?? 'this file'}: wanted ganymede.directions/1, found ${file.schema}`);
  if (file.latent_dim !== dim) throw new Error(`${file.name}: made for z of ${file.latent_dim} values; make the directions again`);
  if (!(file.z_variance > 0) || file.attributes.some(({ normal }) => Math.abs(length_of(normal) - 1) > 1e-3)) throw new Error(`${file.name}: damaged: make the directions again`);
  return file;
}

/** The files of one run, and the one that is chosen (State.kept). */
export class KeptDirections {
  /** Names of the files; null: not known yet. */
  readonly names = signal<string[] | null>(null);
  readonly file = signal<KeptFile | null>(null);
  readonly error = signal('');
  readonly ways = computed<Way[]>(() => (this.file.value ? ways_of(this.file.value, this.state.kept.value.along) : []));
  /** What is drawn on maps: nothing while the panel is closed. */
  readonly boundaries = computed<Boundary[]>(() => (this.file.value && this.state.is_open('directions') ? boundaries_of(this.file.value, this.state.kept.value.planes) : []));
  private readonly stop: () => void;
  private closed = false;
  private asked = '';

  constructor(private readonly state: State) {
    this.stop = effect(() => {
      if (!state.is_open('directions') && state.directions.value.kind !== 'kept') return;
      const names = this.names.value;
      if (names === null) this.list();
      else this.open(names.includes(state.kept.value.file) ? state.kept.value.file : (names[0] ?? ''));
    });
  }

  close(): void {
    this.closed = true;
    this.stop();
  }

  private list(): void {
    get_json<RunDetails>(`/runs/${encodeURIComponent(this.state.run)}`).then(
      ({ directions = [] }) => {
        if (!this.closed) this.names.value = directions.map(({ file }) => /^directions\/(.+)\.json$/.exec(file)?.[1] ?? '').filter(Boolean);
      },
      (fault: Error) => (this.error.value = fault.message),
    );
  }

  private open(name: string): void {
    if (name === '' || name === this.asked) return;
    this.asked = name;
    // Written anew under its name: a file is asked for each time.
    fetch(file_address(this.state.run, `directions/${name}.json`))
      .then(async (answer) => {
        if (!answer.ok) throw new Error(`${name}.json: ${answer.status} ${answer.statusText}`);
        return checked((await answer.json()) as KeptFile, this.state.dim);
      })
      .then(
        (file) => {
          if (this.closed || this.asked !== name) return;
          this.error.value = '';
          this.file.value = file;
          if (file.class !== null && this.state.info.classes > file.class) this.state.number.value = file.class;
        },
        (fault: Error) => {
          if (this.closed || this.asked !== name) return;
          this.file.value = null;
          this.error.value = fault.message;
        },
      );
  }
}
