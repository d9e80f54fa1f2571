// From A to B: the pictures that come in pieces, the areas that the line crosses, and playing along it.
import { batch, computed, effect, signal } from '@preact/signals';

import type { Frame, NamedArray } from '../../api/frames';
import type { Area, WalkHead } from './answers';
import { nearer_class, request_of, type State } from './state';
import { Streaming } from './streaming';
import { along, rounded, type Vector } from './vectors';

export interface Step {
  /** [H, W, C] bytes, or [T, 3] strokes. */
  picture: NamedArray | null;
  label: number | null;
}

export class Walking {
  readonly steps = signal<Step[]>([]);
  readonly areas = signal<Area[] | null>(null);
  readonly words = signal('');
  readonly command = signal('');
  readonly playing = signal(false);
  /** Where the player is on the line, 0 to 1. */
  readonly at = signal(0);
  readonly streaming: Streaming<object>;
  private timer = 0;
  private readonly stop: () => void;

  /** 65 points from A to B, for the line on the map. */
  readonly line = computed<Vector[] | null>(() => {
    const { a, b, path } = this.state;
    const from = a.value;
    const to = b.value;
    if (!from || !to || !this.state.is_open('walk')) return null;
    return Array.from({ length: 65 }, (_, i) => along(path.value, from, to, i / 64));
  });

  private readonly wanted = computed(() => {
    const { state } = this;
    if (!state.is_open('walk') || !state.a.value || !state.b.value) return '';
    return state.key_of({
      run: state.run,
      ...state.asked_epoch.value,
      from: state.a.value,
      to: state.b.value,
      steps: state.steps.value,
      path: state.path.value,
      ...(state.info.classes ? { class: state.class_at('a'), to_class: state.class_at('b') } : {}),
      ...state.asked_condition,
      ...(state.sets.value.length ? { set: state.sets.value } : {}),
    });
  });

  constructor(private readonly state: State) {
    this.streaming = new Streaming<object>('/walk', {
      first: (frame) => this.begin(frame),
      piece: (frame) => (this.take(frame), true),
    });
    this.stop = effect(() => {
      if (this.wanted.value) this.ask();
      else {
        this.streaming.leave();
        this.steps.value = [];
        this.pause();
      }
    });
  }

  /** Asks for the way, if one is shown: once more where what was answered lacked a classifier that is there now. */
  ask(): void {
    const key = this.wanted.peek();
    if (key) this.streaming.ask(request_of(key));
  }

  private begin(frame: Frame): void {
    const count = (frame.head as WalkHead).steps ?? this.state.steps.peek();
    // The old pictures stay until the new ones come: no flicker.
    const old = this.steps.peek();
    this.steps.value = Array.from({ length: count }, (_, i) => (old.length === count ? old[i]! : { picture: null, label: null }));
    this.areas.value = null;
    this.words.value = '';
    if ((frame.head as WalkHead).pictures) this.take(frame);
  }

  private take(frame: Frame): void {
    const head = frame.head as WalkHead;
    const pictures = frame.arrays.picture ?? frame.arrays.strokes;
    if (head.pictures && pictures) {
      const steps = [...this.steps.peek()];
      const shape = pictures.shape.slice(1);
      const size = shape.reduce((product, n) => product * n, 1);
      head.pictures.forEach((index, n) => {
        const label = frame.arrays.labels?.values[n];
        steps[index] = { picture: { shape, values: pictures.values.subarray(n * size, (n + 1) * size) }, label: label ?? null };
      });
      this.steps.value = steps;
    }
    if (head.done === true) {
      this.areas.value = head.areas ?? null;
      this.words.value = Array.isArray(head.words) ? head.words.join(' ') : (head.words ?? '');
      this.command.value = head.command ?? '';
    }
  }

  point(t: number): Vector | null {
    const { a, b, path } = this.state;
    if (!a.peek() || !b.peek()) return null;
    return along(path.peek(), a.peek()!, b.peek()!, t).map(rounded);
  }

  go_to(t: number, event?: Event): void {
    this.at.value = t;
    const z = this.point(t);
    if (!z) return;
    const { state } = this;
    const [from, to] = [state.class_a, state.class_b].map((end) => end.peek() ?? state.number.peek()) as [number, number];
    batch(() => {
      if (from !== to) {
        // The other end keeps its class when the picture takes that of this one.
        state.class_a.value = from;
        state.class_b.value = to;
        const mixture = { z, from, to, share: t };
        state.mixture.value = t > 0 && t < 1 ? mixture : null;
        state.number.value = nearer_class(mixture);
      }
      state.move(z, event);
    });
  }

  play(): void {
    if (this.playing.peek()) return this.pause();
    this.playing.value = true;
    if (this.at.peek() >= 1) this.at.value = 0;
    const seconds = 6;
    let last = performance.now();
    const tick = (now: number) => {
      const t = Math.min(1, this.at.peek() + (now - last) / 1000 / seconds);
      last = now;
      this.go_to(t);
      if (t >= 1 || !this.playing.peek()) return this.pause();
      this.timer = requestAnimationFrame(tick);
    };
    this.timer = requestAnimationFrame(tick);
  }

  pause(): void {
    cancelAnimationFrame(this.timer);
    this.playing.value = false;
  }

  close(): void {
    this.stop();
    this.pause();
    this.streaming.close();
  }
}
