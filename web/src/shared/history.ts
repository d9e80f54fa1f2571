// The events of a run as columns of numbers: a few bytes a value, and bounded. A run of 300,000 events takes some megabytes.
import { signal, type Signal } from '@preact/signals';

import { file_address, kApi } from '../api/client';
import type { RunEvent } from '../api/types';

/** Rows of a table; where there are more, every two of them become one. */
const kMostRows = 1 << 16;
const kMostColumns = 64;
const kMostWords = 200;
/** Of two rows that become one these are the later row's; all else is their mean. */
const kPlaces = new Set(['end', 'step', 'epoch', 'images', 'time_seconds']);

export function number_of(value: unknown): number {
  return typeof value === 'number' ? value : value === 'inf' ? Infinity : value === '-inf' ? -Infinity : NaN;
}

/** Events of one kind. */
export class Table {
  rows = 0;
  private readonly columns = new Map<string, Float64Array>();
  private room = 256;

  constructor(private readonly most = kMostRows) {}

  fields(): string[] {
    return [...this.columns.keys()].filter((name) => name !== 'end');
  }

  /** A field's values, NaN where an event has none. Valid until the table changes. */
  column(name: string): Float64Array | null {
    return this.columns.get(name)?.subarray(0, this.rows) ?? null;
  }

  add(event: Record<string, unknown>, end: number): void {
    if (this.rows === this.most) this.halve();
    if (this.rows === this.room) this.widen();
    for (const column of this.columns.values()) column[this.rows] = NaN;
    this.put('end', end);
    for (const [name, value] of Object.entries(event)) {
      if (typeof value === 'number' || value === 'nan' || value === 'inf' || value === '-inf') this.put(name, number_of(value));
    }
    ++this.rows;
  }

  /** Forgets what lies behind an offset of the events' file. */
  cut(bytes: number): void {
    const ends = this.columns.get('end');
    while (this.rows > 0 && ends && ends[this.rows - 1]! > bytes) --this.rows;
  }

  private put(name: string, value: number): void {
    let column = this.columns.get(name);
    if (!column && this.columns.size >= kMostColumns) return;
    if (!column) {
      column = new Float64Array(this.room).fill(NaN);
      this.columns.set(name, column);
    }
    column[this.rows] = value;
  }

  private widen(): void {
    this.room *= 2;
    for (const [name, old] of this.columns) {
      const wider = new Float64Array(this.room).fill(NaN);
      wider.set(old);
      this.columns.set(name, wider);
    }
  }

  private halve(): void {
    const half = this.rows >> 1;
    for (const [name, column] of this.columns) {
      for (let i = 0; i < half; ++i) {
        const [a, b] = [column[2 * i]!, column[2 * i + 1]!];
        column[i] = kPlaces.has(name) ? b : Number.isNaN(a) ? b : Number.isNaN(b) ? a : (a + b) / 2;
      }
    }
    this.rows = half;
  }
}

export class History {
  readonly tables = new Map<string, Table>();
  start: RunEvent | null = null;
  /** Events with words in them: warnings, and how it ended. */
  words: { event: RunEvent; end: number }[] = [];
  count = 0;

  table(kind: string): Table | null {
    return this.tables.get(kind) ?? null;
  }

  add(event: RunEvent, end: number): void {
    ++this.count;
    if (event.event === 'start') this.start = event;
    if (event.event === 'recovered') {
      const word = this.words.findLast((one) => one.event.event === 'warning' && one.event.reason === event.reason);
      if (word) word.event = { ...word.event, until_epoch: event.epoch };
    }
    if ((event.event === 'warning' || event.event === 'stop' || 'remedy' in event) && this.words.length < kMostWords) this.words.push({ event, end });
    let table = this.tables.get(event.event);
    if (!table) {
      if (this.tables.size >= 64) return; // kinds are few
      table = new Table();
      this.tables.set(event.event, table);
    }
    table.add(event, end);
  }

  cut(bytes: number): void {
    for (const table of this.tables.values()) table.cut(bytes);
    this.words = this.words.filter(({ end }) => end <= bytes);
    if (bytes === 0) this.start = null;
    this.count = [...this.tables.values()].reduce((sum, table) => sum + table.rows, 0);
  }
}

export interface Following {
  history: History;
  /** Grows when the history has changed, at most four times a second. */
  version: Signal<number>;
  state: Signal<{ state: string; alive: boolean } | null>;
  /** False while the server does not answer. */
  connected: Signal<boolean>;
  /** Bytes of the events' file that were heard. */
  heard: () => number;
  /** Listens again to a run that had ended, and may have been made longer. */
  again: () => void;
  close: () => void;
}

/** Gives each whole line with the offset in bytes behind it. */
async function read_lines(body: ReadableStream<Uint8Array>, take: (line: string, end: number) => void): Promise<void> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = new Uint8Array(0);
  let offset = 0; // of the begin of `rest`
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    const all = new Uint8Array(rest.length + piece.value.length);
    all.set(rest);
    all.set(piece.value, rest.length);
    let from = 0;
    for (let to = all.indexOf(10); to >= 0; to = all.indexOf(10, from)) {
      take(decoder.decode(all.subarray(from, to)), offset + to + 1);
      from = to + 1;
    }
    rest = all.slice(from);
    offset += from;
  }
}

/** The page is told so often, and so seldom where drawing takes long: at most an eighth of the time is spent on it. */
const kTellEvery = 250;
const kTellAtLeastEvery = 3000;
const kShare = 8;
const kRetry = 3000;

/**
 * Follows a run's events, from their begin. A page that nobody sees listens to nothing, and catches up when it is seen again.
 * `briefly`: a run that nobody trains is read once (a browser has six connections for all its pages).
 */
export function follow_history(run: string, { briefly = false } = {}): Following {
  const history = new History();
  const version = signal(0);
  const state = signal<{ state: string; alive: boolean } | null>(null);
  const connected = signal(true);
  let source: EventSource | null = null;
  let reading: AbortController | null = null;
  let heard = 0;
  let is_closed = false;
  let telling = 0;
  let pace = 30; // the first comes at once
  let retry = 0;

  const tell = () => {
    telling = 0;
    const begun = performance.now();
    version.value = version.peek() + 1;
    requestAnimationFrame(() => setTimeout(() => (pace = Math.min(kTellAtLeastEvery, Math.max(kTellEvery, kShare * (performance.now() - begun))))));
  };
  const tell_soon = () => (telling ||= window.setTimeout(tell, pace));
  const take = (line: string, end: number) => {
    heard = end;
    try {
      const event = JSON.parse(line) as RunEvent;
      if (typeof event?.event === 'string') history.add(event, end);
    } catch {
      return; // a line that is no JSON tells nothing
    }
    tell_soon();
  };
  const stop = () => {
    source?.close();
    source = null;
    reading?.abort();
    reading = null;
    clearTimeout(retry);
  };
  // What there is already comes as a file, ten times as fast as event by event.
  const begin = async () => {
    const stopped = (reading = new AbortController());
    try {
      const response = await fetch(file_address(run, 'events.jsonl'), { signal: stopped.signal, cache: 'no-store' });
      if (response.ok && response.body && heard === 0) await read_lines(response.body, take);
    } catch {
      // the stream of events begins where this has ended, and says what is wrong
    }
    if (stopped.signal.aborted) return;
    reading = null;
    tell_soon();
    listen();
  };
  const listen = () => {
    stop();
    if (is_closed || document.hidden) return;
    const one = (source = new EventSource(`${kApi}/runs/${encodeURIComponent(run)}/events${heard ? `?from=${heard}` : ''}`));
    one.onopen = () => (connected.value = true);
    one.onerror = () => {
      connected.value = false;
      if (one.readyState === EventSource.CLOSED) retry = window.setTimeout(listen, kRetry); // refused: no reconnection by itself
    };
    one.onmessage = (message) => take(message.data as string, Number(message.lastEventId));
    one.addEventListener('state', (message) => {
      state.value = JSON.parse((message as MessageEvent<string>).data) as { state: string; alive: boolean };
      if (briefly && !state.value.alive) stop();
    });
    one.addEventListener('cut', (message) => {
      heard = (JSON.parse((message as MessageEvent<string>).data) as { bytes: number }).bytes;
      history.cut(heard);
      tell_soon();
    });
    one.addEventListener('end', (message) => {
      state.value = { ...JSON.parse((message as MessageEvent<string>).data), alive: false };
      tell_soon();
      one.close(); // else the browser would connect again and again
      if (source === one) source = null;
    });
  };
  const resume = () => {
    if (!source && !reading && !is_closed) void (heard === 0 ? begin() : listen());
  };
  const on_visible = () => (document.hidden ? stop() : resume());
  document.addEventListener('visibilitychange', on_visible);
  resume();
  return {
    history, version, state, connected,
    heard: () => heard,
    again: resume,
    close: () => {
      is_closed = true;
      document.removeEventListener('visibilitychange', on_visible);
      clearTimeout(telling);
      stop();
    },
  };
}
