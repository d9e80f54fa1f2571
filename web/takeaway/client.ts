// The page's side of the desk: jobs go out, the newest of a kind counts.

import { Desk, type Answer, type Checked, type Job, type Kind, type Piece, type Place } from './desk';
import type { Model } from './model';
import EngineWorker from './worker?worker&inline';

export interface Listener {
  ready: (vectors: boolean) => void;
  piece: (piece: Piece) => void;
  checked: (checked: Checked) => void;
  fault: (sentence: string) => void;
}

export class Client {
  private serial = 0;
  private readonly newest = new Map<Kind, Job>();
  private looking = false;
  private next_look: Job | null = null;
  private send: (job: Job) => void = () => {};

  constructor(model: Model, private readonly listener: Listener) {
    try {
      const worker = new EngineWorker();
      worker.onmessage = (event: MessageEvent<Answer>) => this.hear(event.data);
      worker.onerror = (event) => {
        event.preventDefault();
        this.stay_in_page(model);
      };
      worker.postMessage({ model });
      this.send = (job) => worker.postMessage({ job });
    } catch {
      this.stay_in_page(model);
    }
  }

  /** Asks for these places; what was asked for before under the same kind is forgotten. */
  ask(kind: Kind, places: Place[], open?: string): void {
    const job: Job = { kind, serial: ++this.serial, places, open };
    this.newest.set(kind, job);
    if (kind !== 'look') return this.send(job);
    if (this.looking) {
      this.next_look = job;
    } else {
      this.looking = true;
      this.send(job);
    }
  }

  // A browser that allows no worker: a picture a turn, so that the page still answers.
  private stay_in_page(model: Model): void {
    try {
      const desk = new Desk(model, (answer) => this.hear(answer), (turn) => void setTimeout(turn, 0));
      this.send = (job) => desk.take(job);
      for (const job of this.newest.values()) desk.take(job);
    } catch (error) {
      this.listener.fault((error as Error).message);
    }
  }

  private hear(answer: Answer): void {
    if (answer.kind === 'ready') return this.listener.ready(answer.vectors);
    if (answer.kind === 'fault') return this.listener.fault(answer.sentence);
    if (answer.kind === 'checked') return this.listener.checked(answer);
    if (answer.kind === 'look') {
      this.looking = this.next_look !== null;
      if (this.next_look) this.send(this.next_look);
      this.next_look = null;
      return this.listener.piece(answer); // the hand has moved on, but this is the newest that there is
    }
    if (answer.serial === this.newest.get(answer.kind)?.serial) this.listener.piece(answer);
  }
}
