// Answers in pieces (maps, walks), of which only the newest matters: what is overtaken is left, but not before there
// was something of it to see or that was long in coming, so that something moves while the hand does.
import { signal } from '@preact/signals';

import { ApiError, post_frames } from '../../api/client';
import type { Frame } from '../../api/frames';
import { new_view } from './looking';

const kPatience = 700; // ms
const kRetry = 2000; // ms

export interface Takes<Body> {
  first: (head: Frame, body: Body) => void;
  /** Whether there is now something to see. */
  piece: (frame: Frame, body: Body) => boolean;
}

export class Streaming<Body extends object> {
  readonly error = signal<ApiError | null>(null);
  readonly running = signal(false);
  private readonly view = new_view();
  private serial = 0;
  private next: Body | null = null;
  private stop: AbortController | null = null;
  private pieces = 0;
  private timer = 0;
  private closed = false;

  constructor(private readonly path: string, private readonly takes: Takes<Body>) {}

  ask(body: Body): void {
    this.next = body;
    clearTimeout(this.timer);
    const stop = this.stop;
    if (!stop) void this.run();
    else if (this.pieces > 0) stop.abort();
    else this.timer = window.setTimeout(() => stop.abort(), kPatience);
  }

  /** Nothing is wanted any more. */
  leave(): void {
    clearTimeout(this.timer);
    this.next = null;
    this.stop?.abort();
    this.error.value = null;
  }

  close(): void {
    this.closed = true;
    this.leave();
  }

  private async run(): Promise<void> {
    while (this.next && !this.closed) {
      const body: Body = this.next;
      this.next = null;
      clearTimeout(this.timer);
      this.pieces = 0;
      const stop = (this.stop = new AbortController());
      this.running.value = true;
      let head = true;
      try {
        for await (const frame of post_frames(this.path, { ...body, view: this.view, serial: ++this.serial }, stop.signal)) {
          if (stop.signal.aborted) break;
          if (head) this.takes.first(frame, body);
          else if (this.takes.piece(frame, body)) ++this.pieces;
          head = false;
          this.error.value = null;
          if (this.next && this.pieces > 0) stop.abort();
        }
      } catch (fault) {
        const error = fault instanceof ApiError ? fault : new ApiError(0, (fault as Error).message);
        if (stop.signal.aborted || error.status === 409 || this.next) continue;
        this.error.value = error;
        // A server that was started again shows it again.
        if (error.status === 0) this.timer = window.setTimeout(() => this.stop || this.ask(body), kRetry);
      }
    }
    this.stop = null;
    this.running.value = false;
  }
}
