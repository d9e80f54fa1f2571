// All that works for one opened page: state, the look in flight, map, walk, history, and the address that follows.
import { computed, effect, signal, untracked } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

import { get_json, post_json } from '../../api/client';
import type { ClassifierState, GeneratorInfo } from '../../api/types';
import { query, set_query } from '../../app/router';
import { read, written } from './address';
import type { Direction } from './answers';
import { History } from './history';
import { KeptDirections } from './kept_directions';
import { Looker } from './looking';
import { Mapping } from './mapping';
import { State } from './state';
import type { Vector } from './vectors';
import { Walking } from './walking';

const kAddressRest = 250; // ms
const kNewEpochs = 15_000;
const kSeenWithin = 60; // ms

export class Session {
  readonly state: State;
  readonly looker = new Looker();
  readonly mapping: Mapping;
  readonly walking: Walking;
  readonly history: History;
  readonly kept: KeptDirections;
  readonly classifier = signal<ClassifierState>({ state: 'missing', sentence: '' });
  /** A value of a feature map whose origin is wanted. */
  readonly tap = signal<{ layer: string; channel: number; row: number; column: number } | null>(null);
  readonly directions = signal<Direction[]>([]);
  readonly directions_error = signal('');
  private readonly stops: (() => void)[] = [];
  private address_timer = 0;
  private seen_timer = 0;
  private own_address = '';
  private asked = '';
  private closed = false;

  constructor(run: string, info: GeneratorInfo) {
    this.state = new State(run, info);
    this.classifier.value = info.classifier;
    read(this.state, query.peek());
    this.own_address = query.peek().toString();
    this.mapping = new Mapping(this.state);
    this.walking = new Walking(this.state);
    this.history = new History(this.state);
    this.kept = new KeptDirections(this.state);
    this.stops.push(
      effect(() => {
        // Runs of earlier versions do not name their classes; they are those of the data.
        const names = this.classifier.value.class_names ?? [];
        if (!this.state.class_names.peek().length && names.length === info.classes) this.state.class_names.value = names;
      }),
      effect(() => void (this.mapping.possible.value = this.classifier.value.state === 'ready' && !info.condition)),
      effect(() => {
        const body = this.look.value;
        const text = this.state.key_of(body);
        if (text === this.asked) return; // a panel opened or closed that the look does not serve
        this.asked = text;
        this.looker.ask(body, this.state.hand);
        this.state.hand = 0;
      }),
      effect(() => {
        if (this.state.z.value !== this.state.seen_z.peek()) this.seen_timer ||= window.setTimeout(() => this.show_z(this.state.z.peek()), kSeenWithin);
      }),
      effect(() => {
        if (this.looker.result.value && this.looker.answered) this.show_z((this.looker.answered as { z: Vector }).z);
      }),
      effect(() => void (this.state.is_open('walk') && (!this.state.a.value || !this.state.b.value) && untracked(() => this.state.choose_ends()))),
      effect(() => this.write_address()),
      effect(() => this.follow_address()),
      effect(() => this.follow_directions()),
      effect(() => this.follow_classifier()),
    );
    const timer = window.setInterval(() => document.hidden || this.look_for_epochs(), kNewEpochs);
    this.stops.push(() => clearInterval(timer));
  }

  /** What the one look asks for. */
  readonly look = computed(() => {
    const { state } = this;
    const layers = state.is_open('layers');
    return {
      run: state.run,
      ...state.asked_epoch.value,
      z: state.z.value,
      ...state.asked_class,
      ...state.asked_condition,
      ...(state.sets.value.length ? { set: state.sets.value } : {}),
      want: {
        picture: true,
        classes: true,
        before: state.sets.value.length > 0,
        layers,
        maps: layers && state.maps.value ? state.maps.value : null,
        taps: layers ? this.tap.value : null,
      },
    };
  });

  /** Fits a classifier for the run's data, in a process of its own. */
  async fit(): Promise<void> {
    try {
      this.classifier.value = await post_json<ClassifierState>('/classifier', { run: this.state.run });
    } catch (fault) {
      this.classifier.value = { ...this.classifier.peek(), sentence: (fault as Error).message };
    }
  }

  private show_z(z: Vector): void {
    clearTimeout(this.seen_timer);
    this.seen_timer = 0;
    this.state.seen_z.value = z;
    const newest = this.state.z.peek();
    if (z !== newest) this.seen_timer = window.setTimeout(() => this.show_z(newest), kSeenWithin);
  }

  private write_address(): void {
    const keys = written(this.state);
    clearTimeout(this.address_timer);
    this.address_timer = window.setTimeout(() => this.flush_address(keys), kAddressRest);
  }

  /** The address says what is shown, now: before a link is copied. */
  flush_address(keys = written(this.state)): void {
    clearTimeout(this.address_timer);
    const next = new URLSearchParams(query.peek());
    for (const [key, value] of Object.entries(keys)) value === null ? next.delete(key) : next.set(key, value);
    this.own_address = next.toString();
    set_query(keys);
  }

  // Back, forward, and links to this page.
  private follow_address(): void {
    const now = query.value;
    if (now.toString() === this.own_address) return;
    this.own_address = now.toString();
    clearTimeout(this.address_timer);
    untracked(() => read(this.state, now));
  }

  private follow_directions(): void {
    const { state } = this;
    if (state.small) return;
    const { kind, first, second, seed } = state.directions.value;
    const axis = (i: number) => Array.from({ length: state.dim }, (_, k) => (k === i ? 1 : 0));
    if (kind === 'axes' || state.dim < 2) {
      state.span.value = [axis(Math.min(first, state.dim - 1)), axis(Math.min(second, state.dim - 1))];
      return;
    }
    if (kind === 'kept') {
      const ways = this.kept.ways.value;
      const one = (i: number) => ways[Math.min(i, ways.length - 1)]!.vector;
      state.kept_names.value = ways.map(({ name }) => name);
      if (ways.length) state.span.value = [one(first), one(second)];
      return;
    }
    const { epoch } = state.asked_epoch.value;
    const count = Math.min(state.dim, Math.max(8, first + 1, second + 1));
    const address = `/runs/${encodeURIComponent(state.run)}/directions?kind=${kind}&count=${count}&seed=${seed}${epoch === undefined ? '' : `&epoch=${epoch}`}`;
    get_json<{ directions: Direction[] }>(address).then(
      ({ directions }) => {
        if (this.closed) return;
        this.directions.value = directions;
        this.directions_error.value = '';
        const one = (i: number) => directions[Math.min(i, directions.length - 1)]!.vector;
        state.span.value = [one(first), one(second)];
      },
      (fault: Error) => (this.directions_error.value = fault.message),
    );
  }

  // While a classifier is looked for or fitted, how far that is.
  private follow_classifier(): void {
    const { state } = this.classifier.value;
    if (state !== 'fitting' && state !== 'looking') return;
    window.setTimeout(
      () =>
        get_json<ClassifierState>(`/runs/${encodeURIComponent(this.state.run)}/classifier`).then(
          (now) => {
            if (this.closed) return;
            this.classifier.value = now;
            if (now.state !== 'ready') return;
            this.looker.ask({ ...this.look.peek() });
            this.walking.ask();
          },
          () => this.closed || (this.classifier.value = { ...this.classifier.peek() }), // asked again
        ),
      state === 'looking' ? 300 : 1000,
    );
  }

  private look_for_epochs(): void {
    get_json<GeneratorInfo>(`/runs/${encodeURIComponent(this.state.run)}/generator`).then(
      (info) => {
        if (this.closed) return;
        const { epochs, classifier } = info;
        this.state.take_newest(info);
        if (epochs.length !== this.state.epochs.peek().length) this.state.epochs.value = epochs;
        if (classifier.state !== this.classifier.peek().state) this.classifier.value = classifier;
      },
      () => {}, // the picture says that the server does not answer
    );
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.address_timer);
    clearTimeout(this.seen_timer);
    for (const stop of this.stops) stop();
    this.looker.close();
    this.mapping.close();
    this.walking.close();
    this.history.close();
    this.kept.close();
  }
}

export const SessionContext = createContext<Session | null>(null);

export function use_session(): Session {
  return useContext(SessionContext)!;
}
