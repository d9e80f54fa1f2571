// Undo and redo of positions: a position is kept once the hand has rested.
import { effect, signal } from '@preact/signals';

import type { Position, State } from './state';
import { same, type Vector } from './vectors';

const kRest = 400; // ms
const kMost = 200;

// An end that was not there yet is no change: the first ones are chosen by the page.
function same_end(a: Vector | null, b: Vector | null): boolean {
  return !a || !b || same(a, b);
}

function equal(a: Position, b: Position): boolean {
  return (
    same(a.z, b.z) && same_end(a.a, b.a) && same_end(a.b, b.b) && a.number === b.number && a.class_a === b.class_a && a.class_b === b.class_b && a.mixture?.share === b.mixture?.share && a.map_class === b.map_class && a.epoch === b.epoch && same(a.condition ?? [], b.condition ?? []) && a.sets.join() === b.sets.join()
  );
}

export class History {
  private kept: Position[];
  private at = 0;
  private timer = 0;
  private readonly stop: () => void;
  readonly can_undo = signal(false);
  readonly can_redo = signal(false);

  constructor(private readonly state: State) {
    this.kept = [state.position.peek()];
    this.stop = effect(() => {
      const now = state.position.value;
      clearTimeout(this.timer);
      this.tell(now);
      this.timer = window.setTimeout(() => this.keep(), kRest);
    });
  }

  undo(): void {
    this.keep();
    if (this.at > 0) this.take(--this.at);
  }

  redo(): void {
    this.keep();
    if (this.at + 1 < this.kept.length) this.take(++this.at);
  }

  close(): void {
    this.stop();
    clearTimeout(this.timer);
  }

  private keep(): void {
    clearTimeout(this.timer);
    const now = this.state.position.peek();
    if (equal(now, this.kept[this.at]!)) return;
    this.kept = [...this.kept.slice(0, this.at + 1), now].slice(-kMost);
    this.at = this.kept.length - 1;
    this.tell(now);
  }

  private take(at: number): void {
    const { z, number, map_class, epoch, a, b, class_a, class_b, mixture, sets } = this.kept[at]!;
    const state = this.state;
    state.move(z);
    state.number.value = number;
    state.map_class.value = map_class;
    state.epoch.value = epoch;
    state.a.value = a ?? state.a.peek();
    state.b.value = b ?? state.b.peek();
    state.class_a.value = class_a;
    state.class_b.value = class_b;
    state.mixture.value = mixture;
    state.sets.value = sets;
    this.tell(this.kept[at]!);
  }

  private tell(now: Position): void {
    const moved = !equal(now, this.kept[this.at]!);
    this.can_undo.value = this.at > 0 || moved;
    this.can_redo.value = !moved && this.at + 1 < this.kept.length;
  }
}
