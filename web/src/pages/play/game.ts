// The game that is played in the server, as the page sees it: one request in flight, the next one asked for before the last answer is drawn.
import { batch, signal } from '@preact/signals';

import { ApiError, has_token, post_frame, post_last } from '../../api/client';
import type { Frame, NamedArray } from '../../api/frames';
import type { Address } from './address';
import { Curves } from './curves';
import type { Head, Move, Scene } from './types';

const kAlive = 40_000; // ms between two looks at a game that rests
const kBudget = 16; // ms of moves in a frame
const kSecond = 1000;

/** Steps of a frame; 0: as many as go. */
export const kSpeeds = [1, 5, 25, 0] as const;

export class Game {
  readonly scene = signal<Scene | null>(null);
  /** What the scene before the last move was: slow motion goes from there. */
  before: Scene | null = null;
  readonly curves = new Curves();
  readonly settings = signal<Record<string, unknown>>({});
  readonly command = signal('');
  readonly drawn = signal(false);
  readonly turned = signal<NonNullable<Head['turned']>>([]);
  readonly playing = signal(false);
  readonly speed = signal<(typeof kSpeeds)[number]>(0);
  readonly busy = signal(false);
  /** What the server said against the last wish; `gone`: the game itself is no more. */
  readonly error = signal('');
  readonly gone = signal(false);
  /** What it said against the last turn of a knob, and how often it did. */
  readonly refusal = signal({ sentence: '', count: 0 });
  readonly frames_a_second = signal(0);
  readonly steps_a_second = signal(0);
  /** Drawn as they come, without waiting for the page to be rendered. */
  readonly painters = new Set<(scene: Scene) => void>();
  ahead = false;

  private name = '';
  private chain: Promise<unknown> = Promise.resolve();
  private readonly timer = window.setInterval(() => this.rest(), kAlive);
  private times: { at: number; step: number }[] = [];
  private closed = false;
  /** Knobs that wait for their turn: while one is dragged only where it is last matters. */
  private waiting: Record<string, unknown> | null = null;
  private round = 0;

  constructor() {
    document.addEventListener('visibilitychange', this.on_sight);
    addEventListener('pagehide', this.end);
  }

  close(): void {
    this.closed = true;
    this.playing.value = false;
    clearInterval(this.timer);
    document.removeEventListener('visibilitychange', this.on_sight);
    removeEventListener('pagehide', this.end);
    this.end();
  }

  begin({ preset, set, points }: Address): Promise<void> {
    this.end();
    this.scene.value = null;
    return this.wish({ action: 'begin', preset, set, ...(points.length ? { points } : {}) }, true);
  }

  turn(set: Record<string, unknown>): Promise<void> {
    if (this.waiting) {
      Object.assign(this.waiting, set);
      return this.chain.then(() => {});
    }
    const waiting = (this.waiting = { ...set });
    return this.wish({ action: 'turn', set: waiting }, true, () => (this.waiting = null));
  }

  anew(): Promise<void> {
    return this.wish({ action: 'anew' }, true);
  }

  move(move: Move, count = 1): Promise<void> {
    return this.wish({ action: 'move', move, count, milliseconds: 200 });
  }

  look(): Promise<void> {
    return this.wish({ action: 'look' });
  }

  async play(): Promise<void> {
    if (this.playing.value || this.gone.value || !this.name) return;
    this.playing.value = true;
    this.times = [];
    const round = ++this.round; // whoever pauses and plays again at once has one loop
    const is_on = () => this.playing.value && !this.closed && round === this.round;
    // The next frame is made while the last one is drawn.
    let next = this.asked();
    while (is_on()) {
      const frame = await next;
      if (!frame || document.hidden) this.playing.value = false;
      else if ((frame.head as unknown as Head).fault) this.playing.value = false;
      if (is_on()) next = this.asked();
      if (frame) this.take(frame, true);
    }
    if (round !== this.round) return;
    this.playing.value = false;
    batch(() => (this.frames_a_second.value = this.steps_a_second.value = 0));
  }

  pause(): void {
    this.playing.value = false;
  }

  private asked(): Promise<Frame | null> {
    const count = this.speed.value;
    return this.in_turn(() => this.post({ action: 'move', move: 'step', count: count || 1000, milliseconds: count ? 200 : kBudget }));
  }

  private wish(body: Record<string, unknown>, whole = false, begun = () => {}): Promise<void> {
    return this.in_turn(async () => {
      begun();
      this.busy.value = true;
      const frame = await this.post(body, whole);
      this.busy.value = false;
      if (frame) this.take(frame, false);
    });
  }

  /** One after another: never two requests at a time. */
  private in_turn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.chain.then(work, work);
    this.chain = done.catch(() => {});
    return done;
  }

  private async post(body: Record<string, unknown>, whole = false): Promise<Frame | null> {
    if (!has_token()) {
      this.error.value = 'Games want the token: open the link that `ganymede serve` printed. With --read-only none are played.';
      return null;
    }
    try {
      const frame = await post_frame('/play', { ...body, ...(this.name && body.action !== 'begin' ? { game: this.name } : {}), want: { ahead: this.ahead, reals: whole, settings: whole } });
      this.error.value = '';
      if (whole && this.refusal.value.sentence) this.refusal.value = { ...this.refusal.value, sentence: '' };
      return frame;
    } catch (fault) {
      const { message } = fault as Error;
      if (body.action === 'turn' && fault instanceof ApiError && fault.status === 400) {
        this.refusal.value = { sentence: message, count: this.refusal.value.count + 1 };
        return null;
      }
      this.error.value = message;
      if (fault instanceof ApiError && (fault.status === 404 || fault.status === 0) && body.action !== 'begin') this.gone.value = true;
      return null;
    }
  }

  private take(frame: Frame, counted: boolean): void {
    const head = frame.head as unknown as Head;
    const { arrays } = frame;
    const old = this.scene.peek();
    const reals = arrays.reals ?? old?.reals;
    if (!reals || this.closed) return;
    const scene: Scene = {
      head, reals, fakes: arrays.fakes!, manifold: arrays.manifold, manifold_z: arrays.manifold_z ?? old?.manifold_z, shares: arrays.shares,
      pushes: arrays.pushes, ahead_shares: arrays.ahead_shares, ahead_pushes: arrays.ahead_pushes,
    };
    batch(() => {
      this.gone.value = false;
      this.name = head.game;
      if (!old || old.head.game !== head.game || old.head.beginnings !== head.beginnings) {
        this.curves.clear();
        this.before = null;
      } else {
        this.before = old;
      }
      this.curves.add(arrays.curves as NamedArray, head);
      if (head.settings) {
        this.settings.value = head.settings;
        this.command.value = head.command ?? '';
        this.drawn.value = !!head.drawn;
        this.turned.value = head.turned ?? [];
      }
      if (counted) this.count(head.step);
      this.scene.value = scene;
    });
    for (const paint of this.painters) paint(scene);
  }

  private count(step: number): void {
    const at = performance.now();
    this.times.push({ at, step });
    while (this.times.length > 2 && at - this.times[0]!.at > kSecond) this.times.shift();
    const first = this.times[0]!;
    if (at - first.at < kSecond / 4) return;
    this.frames_a_second.value = (kSecond * (this.times.length - 1)) / (at - first.at);
    this.steps_a_second.value = (kSecond * (step - first.step)) / (at - first.at);
  }

  private readonly on_sight = () => {
    if (document.hidden) this.pause();
    else if (this.name) void this.look();
  };

  /** A game that rests in a page which is looked at stays alive. */
  private rest(): void {
    if (!document.hidden && !this.playing.value && this.name && !this.gone.value) void this.look();
  }

  private readonly end = () => {
    if (!this.name) return;
    const body = { action: 'end', game: this.name };
    this.name = '';
    post_last('/play', body); // without it the game ends by itself soon
  };

  get address(): string {
    return `/api/v1/play/${this.name}`;
  }
}
