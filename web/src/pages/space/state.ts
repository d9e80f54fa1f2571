// What the page shows: everything that a link carries (address.ts) and that can be undone (history.ts).
import { computed, signal, type Signal } from '@preact/signals';

import type { GeneratorInfo } from '../../api/types';
import type { Along } from './kept_directions';
import { distance_to, dot, type PathKind, type Plane, plane_through, point_of, rounded, same, type Vector } from './vectors';

export type Reach = '1' | '2' | '3' | 'q';
export type DirectionKind = 'axes' | 'random' | 'principal' | 'kept';
export type Panel = 'layers' | 'directions' | 'walk' | 'models' | 'alphabet' | 'values';
export const kPanels: Panel[] = ['layers', 'directions', 'walk', 'models', 'alphabet', 'values'];

/** A point on a walk from one class to another: the model is given 1 - share of the one and share of the other. */
export interface Mixture {
  z: Vector;
  from: number;
  to: number;
  share: number;
}

/** What undo goes back to. */
export interface Position {
  z: Vector;
  number: number;
  map_class: number;
  epoch: number | null;
  a: Vector | null;
  b: Vector | null;
  class_a: number | null;
  class_b: number | null;
  mixture: Mixture | null;
  condition: Vector | null;
  sets: string[];
}

/** The request that State.key_of made a text of. */
export function request_of(key: string): object {
  return (JSON.parse(key) as [number | null, object])[1];
}

/** The class that a mixture is nearer to. */
export function nearer_class({ from, to, share }: Mixture): number {
  return share < 0.5 ? from : to;
}

export class State {
  readonly z: Signal<Vector>;
  /** Where marks stand and what words say: z together with its picture, so that a move draws the page once; z alone where the picture takes longer. */
  readonly seen_z: Signal<Vector>;
  /** "Change number": the class that is asked for. */
  readonly number = signal(0);
  /** "Change 3D map": the class whose map is shown. */
  readonly map_class = signal(0);
  /** The vector that a model takes beside z; null for one that takes none. */
  readonly condition: Signal<Vector | null>;
  /** null: the newest, also when newer ones come. */
  readonly epoch = signal<number | null>(null);
  readonly epochs: Signal<number[]>;
  /** Of the classes that can be asked for; empty where the run does not know them. */
  readonly class_names: Signal<string[]>;
  readonly a = signal<Vector | null>(null);
  readonly b = signal<Vector | null>(null);
  /** The classes that the walk leads from and to; null: the class that is asked for. */
  readonly class_a = signal<number | null>(null);
  readonly class_b = signal<number | null>(null);
  /** Where the walk last put the picture. */
  readonly mixture = signal<Mixture | null>(null);
  /** The mixture that the picture is of; null: it is of one class, as it is again once it leaves the walk. */
  readonly between = computed<Mixture | null>(() => {
    const mixture = this.mixture.value;
    return mixture && same(mixture.z, this.z.value) && this.number.value === nearer_class(mixture) ? mixture : null;
  });
  readonly path = signal<PathKind>('line');
  readonly steps = signal(12);
  /** Ablations as `dissect --ablate` writes them: "act2:channel=5,value=0". */
  readonly sets = signal<string[]>([]);
  readonly open = signal<Panel[]>([]);
  /** The layer whose single maps are shown. */
  readonly maps = signal('');
  /** Further models at the same z: "run" or "run@epoch". */
  readonly models = signal<string[]>([]);
  readonly reach: Signal<Reach>;
  /** Pictures instead of class areas on the map. */
  readonly pictures: Signal<boolean>;
  readonly directions = signal<{ kind: DirectionKind; first: number; second: number; seed: number }>({ kind: 'axes', first: 0, second: 1, seed: 0 });
  readonly cube = signal<{ shape: 'points' | 'slices'; opacity: number; only: number | null; line: boolean; still: boolean }>({
    shape: 'points', opacity: 0.6, only: null, line: false, still: false,
  });

  /** Directions of attributes: which file of the run, along what, and whose planes are on the map; null: of the one that z tells best. */
  readonly kept = signal<{ file: string; along: Along; planes: string[] | null }>({ file: '', along: 'normal', planes: null });
  /** Names of the ways that the plane may be spanned by, once they are known. */
  readonly kept_names = signal<string[]>([]);

  /** The two directions of the plane, once they are known; only where the screen is a plane. */
  readonly span = signal<[Vector, Vector] | null>(null);
  private kept_plane: { span: [Vector, Vector]; plane: Plane } | null = null;
  /** The plane through z. It stays the same object as long as z moves in it, so that its map stays. */
  readonly plane = computed<Plane | null>(() => {
    const span = this.span.value;
    if (!span) return (this.kept_plane = null);
    const z = this.z.value;
    const kept = this.kept_plane;
    if (kept && same(kept.span[0], span[0]) && same(kept.span[1], span[1]) && distance_to(kept.plane, z) < 1e-4) return kept.plane;
    const plane = plane_through(z, span[0], span[1]);
    plane.origin = plane.origin.map(rounded);
    this.kept_plane = { span, plane };
    return plane;
  });

  /** Where the newest weights stand that were trained on after the last snapshot; null: it has the newest. */
  readonly newest = signal<{ epoch: number; step: number } | null>(null);
  /** The epoch that is shown. */
  readonly shown_epoch = computed(() => this.epoch.value ?? this.newest.value?.epoch ?? this.epochs.value.at(-1) ?? this.info.epoch);
  /** What a request says of weights: nothing of the newest ones, if no snapshot has them. */
  readonly asked_epoch = computed<{ epoch?: number }>(() => (this.epoch.value === null && this.newest.value ? {} : { epoch: this.shown_epoch.value }));
  readonly changed: Signal<boolean>;
  readonly dim: number;
  /** When the hand moved what is on its way: performance.now(). */
  hand = 0;

  constructor(readonly run: string, readonly info: GeneratorInfo) {
    this.dim = info.latent.dim;
    this.z = signal(this.start());
    this.seen_z = signal(this.z.peek());
    this.epochs = signal(info.epochs);
    this.take_newest(info);
    this.class_names = signal(info.class_names);
    this.condition = signal(this.first_condition);
    this.reach = signal(this.first_reach);
    this.pictures = signal(this.first_pictures);
    this.changed = computed(() => {
      const now = this.position.value;
      return !same(now.z, this.start()) || now.number !== 0 || now.map_class !== 0 || now.epoch !== null || !!now.a || !!now.b || now.class_a !== null || now.class_b !== null || now.sets.length > 0 || !same(now.condition ?? [], this.first_condition ?? []);
    });
  }

  readonly position = computed<Position>(() => ({
    z: this.z.value, number: this.number.value, map_class: this.map_class.value, epoch: this.epoch.value, a: this.a.value, b: this.b.value,
    class_a: this.class_a.value, class_b: this.class_b.value, mixture: this.between.value, condition: this.condition.value, sets: this.sets.value,
  }));

  take_newest({ beyond, epoch, step }: GeneratorInfo): void {
    if ((this.newest.peek()?.step ?? -1) !== (beyond ? step : -1)) this.newest.value = beyond ? { epoch, step } : null;
  }

  /** A request as a text that changes with the weights which it would be answered from. */
  key_of(request: object): string {
    return JSON.stringify([this.epoch.value === null ? this.newest.value?.step : undefined, request]);
  }

  /** Whether coordinates are those of z itself, rather than of a plane. */
  get small(): boolean {
    return this.info.screen !== 'plane' || this.dim === 1;
  }

  /** How many coordinates the sliders and maps have. */
  get axes(): number {
    return this.small ? this.dim : Math.min(2, this.dim);
  }

  axis_name(i: number): string {
    if (this.small) return this.dim === 2 ? ['x', 'y'][i]! : `z${i + 1}`;
    const { kind, first, second } = this.directions.value;
    const k = (i === 0 ? first : second) + 1;
    if (kind === 'kept') return this.kept_names.value[k - 1] ?? `way ${k}`;
    return kind === 'axes' ? `z${k}` : `${kind} ${k}`;
  }

  /** The coordinates of a z on this screen. */
  coordinates(z: readonly number[]): number[] {
    if (this.small) return [...z];
    const plane = this.plane.value;
    return plane ? [rounded(dot(z, plane.u)), rounded(dot(z, plane.v))] : [0, 0];
  }

  /** The z with screen coordinate i of `z` moved to `value`. */
  moved(z: readonly number[], changes: Record<number, number>): Vector {
    if (this.small) {
      const next = [...z];
      for (const [i, value] of Object.entries(changes)) next[Number(i)] = rounded(value);
      return next;
    }
    const plane = this.plane.value;
    if (!plane) return [...z];
    // In the plane of this z, which of A and B may be another one than the picture's.
    const own = plane_through(z, plane.u, plane.v);
    const [p, q] = this.coordinates(z);
    return point_of(own, changes[0] ?? p!, changes[1] ?? q!).map(rounded);
  }

  /** Whether there is a pad or a cube to draw on. */
  get has_map(): boolean {
    return this.axes > 1;
  }

  /** From -limit to limit: what maps and sliders reach. */
  get limit(): number {
    const reach = this.reach.value;
    return reach === 'q' ? 3 : Number(reach);
  }

  /** Of a plane in many dimensions most of the prior lies beyond 1. */
  get first_reach(): Reach {
    return this.info.screen === 'plane' || (this.info.kind === 'points' && this.info.latent.prior === 'normal') ? '3' : '1';
  }

  /** Where there are no classes, pictures are all that a map can show. */
  get first_pictures(): boolean {
    return (this.info.classifier.state === 'impossible' || !!this.info.condition) && this.axes === 2;
  }

  get first_condition(): Vector | null {
    return this.info.condition?.first ?? null;
  }

  /** What a look says of the condition. */
  get asked_condition(): { condition?: Vector } {
    return this.condition.value ? { condition: this.condition.value } : {};
  }

  /** Where the page begins: the first of the seeds 0 to 15 that lies on a small map; seed 0 otherwise. */
  start(): Vector {
    const seeds = this.info.seeds.z;
    const inside = this.info.screen === 'plane' ? undefined : seeds.find((z) => z.every((x) => Math.abs(x) < 0.95));
    return inside ?? seeds[0] ?? Array<number>(this.info.latent.dim).fill(0);
  }

  seed_of(z: readonly number[]): number {
    return this.info.seeds.z.findIndex((seed) => same(seed, z));
  }

  /** Moves the point; `event`: what the hand did, for the stopwatch. */
  move(z: Vector, event?: Event): void {
    this.hand = event ? event.timeStamp : performance.now();
    this.z.value = z;
  }

  /** Two points for a walk, where there are none: here, and somewhere else. */
  choose_ends(): void {
    const a = this.a.peek() ?? this.z.peek();
    const others = this.info.seeds.z.filter((z) => !same(z, a) && (!this.small || z.every((x) => Math.abs(x) <= this.limit)));
    this.a.value = a;
    this.b.value ??= others[0] ?? a.map((x) => rounded(-x));
  }

  /** What a look says of classes. */
  get asked_class(): { class?: number; to_class?: number; share?: number } {
    if (!this.info.classes) return {};
    const between = this.between.value;
    return between ? { class: between.from, to_class: between.to, share: between.share } : { class: this.number.value };
  }

  /** The class at an end of the walk. */
  class_at(end: 'a' | 'b'): number {
    return (end === 'a' ? this.class_a : this.class_b).value ?? this.number.value;
  }

  is_open(panel: Panel): boolean {
    return this.open.value.includes(panel);
  }

  show(panel: Panel, open: boolean): void {
    if (open !== this.is_open(panel)) this.open.value = open ? [...this.open.value, panel] : this.open.value.filter((one) => one !== panel);
  }

  class_name(k: number): string {
    return this.class_names.value[k] ?? String(k);
  }
}
