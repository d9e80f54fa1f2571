// The one look in flight: while an answer is on its way only the newest wish is remembered, and asked for next.
import { signal } from '@preact/signals';

import { ApiError } from '../../api/client';
import type { Frame } from '../../api/frames';
import type { LookHead } from './answers';
import { ask_look } from './look_asking';

export type LookFrame = Frame<LookHead>;

declare global {
  interface Window {
    /** Milliseconds from the hand's move to the painted picture, of the last 10,000 looks. */
    ganymedeLooks?: number[];
  }
}

let views = 0;
/** A name that this page alone uses. */
export function new_view(): string {
  return `${Math.random().toString(36).slice(2, 10)}-${++views}`;
}

export class Looker {
  readonly result = signal<LookFrame | null>(null);
  readonly error = signal<ApiError | null>(null);
  /** What `result` answers. */
  answered: object | null = null;
  /** When the hand made the move that `result` answers; 0: no hand did. */
  started = 0;
  private readonly view = new_view();
  private serial = 0;
  private flying = false;
  private next: { body: object; started: number } | null = null;
  private closed = false;
  private timer = 0;

  ask(body: object, started = 0): void {
    this.next = { body, started };
    if (!this.flying) void this.fly();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  private async fly(): Promise<void> {
    clearTimeout(this.timer);
    this.flying = true;
    while (this.next && !this.closed) {
      const { body, started }: { body: object; started: number } = this.next;
      this.next = null;
      try {
        const frame = (await ask_look({ ...body, view: this.view, serial: ++this.serial })) as unknown as LookFrame;
        if (this.closed) return;
        this.started = started;
        this.answered = body;
        this.error.value = null;
        this.result.value = frame;
      } catch (fault) {
        const error = fault instanceof ApiError ? fault : new ApiError(0, (fault as Error).message);
        if (this.closed || error.status === 409) continue;
        this.error.value = error;
        // A server that was started again shows the picture again.
        if (error.status === 0) this.timer = window.setTimeout(() => this.next || this.flying || this.ask(body), 2000);
      }
    }
    this.flying = false;
  }
}

/** Stops the watch: the picture that answers the hand is painted. */
export function painted(started: number): void {
  if (!started) return;
  const now = performance.now();
  const looks = (window.ganymedeLooks ??= []);
  looks.push(now - started);
  if (looks.length > 10_000) looks.splice(0, 5_000);
  performance.measure('look', { start: started, end: now });
  if (looks.length % 500 === 0) performance.clearMeasures('look'); // else the browser keeps them all
}
