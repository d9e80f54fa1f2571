// A set as the page has it. What a hand does is shown at once and asked of the server behind it, one thing after the other; where the
// server refuses, the page takes up what the server has.
import { signal } from '@preact/signals';

import { ApiError, get_json, post_json } from '../../api/client';
import { set_query } from '../../app/router';
import { kLines } from './pen';
import type { InkChanged, InkSet, InkStroke, InkSymbol } from './types';

/** A drawing without a box. */
export interface Refused {
  label: string;
  strokes: InkStroke[];
  writer: string;
}

export class SheetStore {
  readonly set = signal<InkSet | null>(null);
  readonly fault = signal('');
  /** Changes that the server has not answered yet. */
  readonly waiting = signal(0);
  private chain: Promise<unknown> = Promise.resolve();
  private readonly path: string;

  /** The server has no set of this name yet: it is made with the first drawing. */
  is_new = false;

  /** `symbols`: of a set that is begun, if there is none of this name. */
  constructor(readonly name: string, private readonly symbols_begun: string[] = []) {
    this.path = `/ink/${encodeURIComponent(name)}`;
  }

  async load(): Promise<void> {
    try {
      this.set.value = await get_json<InkSet>(this.path);
      this.is_new = false;
      this.fault.value = '';
    } catch (error) {
      this.is_new = error instanceof ApiError && error.status === 404 && this.symbols_begun.length > 0;
      if (this.is_new) this.begin(this.set.value?.classes.map(({ name }) => name) ?? this.symbols_begun);
      else this.fault.value = (error as Error).message;
    }
  }
  private begin(symbols: string[]): void {
    const classes = symbols.map((name) => ({ name, count: 0 }));
    this.set.value = { name: this.name, own: true, lines: kLines, classes, symbols: [], data: null, command: '' };
    this.fault.value = '';
  }
  private async make(): Promise<void> {
    const set = this.set.value;
    if (!this.is_new || !set) return;
    this.is_new = false; // a symbol that is added now waits in the chain; where this fails, load() finds what there is
    await post_json('/ink', { action: 'create', name: this.name, classes: set.classes.map(({ name }) => name), lines: kLines });
    set_query({ symbols: null });
    const { data, command } = await get_json<InkSet>(this.path);
    this.change((now) => Object.assign(now, { data, command }));
  }

  symbols(label: string): InkSymbol[] {
    return this.set.value?.symbols.filter((one) => one.label === label) ?? [];
  }
  count(label: string): number {
    return this.set.value?.classes.find((one) => one.name === label)?.count ?? 0;
  }

  /** False, later, where the server did not take it. */
  keep(label: string, place: number, strokes: InkStroke[], writer: string): Promise<boolean> {
    // Until the server says what the networks make of it.
    this.put(label, place, { label, writer, strokes, fate: 'kept', moves: 0, seen: strokes });
    return this.ask({ action: 'put', label, place, strokes, writer }, ({ symbol }) => symbol && this.put(label, place, symbol));
  }
  /** What the server did not take while the pad was in use again. */
  readonly refused = signal<Refused[]>([]);
  keep_refused(one: Refused): void {
    this.refused.value = [...this.refused.value, one];
  }
  try_again(): void {
    const list = this.refused.value;
    this.refused.value = [];
    for (const one of list) void this.keep(one.label, this.count(one.label), one.strokes, one.writer).then((is_kept) => is_kept || this.keep_refused(one));
  }
  erase(label: string, place: number): Promise<boolean> {
    this.change((set) => set.symbols.splice(this.index(set, label, place), 1));
    return this.ask({ action: 'erase', label, place });
  }
  add_class(label: string): Promise<boolean> {
    if (this.is_new) return Promise.resolve(this.add_to_new(label));
    return this.ask({ action: 'add_class', label }, ({ classes }) => this.change((set) => (set.classes = classes)));
  }
  remove_class(label: string): Promise<boolean> {
    this.change((set) => {
      set.symbols = set.symbols.filter((one) => one.label !== label);
      set.classes = set.classes.filter((one) => one.name !== label);
    });
    if (this.is_new) return Promise.resolve(this.tell_address());
    return this.ask({ action: 'remove_class', label });
  }

  private add_to_new(label: string): boolean {
    if (this.set.value?.classes.some(({ name }) => name === label)) {
      this.fault.value = `there is a class "${label}" already`;
      return false;
    }
    this.fault.value = '';
    this.change((set) => set.classes.push({ name: label, count: 0 }));
    return this.tell_address();
  }
  private tell_address(): true {
    set_query({ symbols: this.set.value!.classes.map(({ name }) => name).join(' ') });
    return true;
  }

  private ask(body: object, then: (answer: InkChanged) => void = () => {}): Promise<boolean> {
    ++this.waiting.value;
    const done = this.chain.then(async () => {
      try {
        await this.make();
        then(await post_json<InkChanged>('/ink', { name: this.name, ...body }));
        this.fault.value = '';
        return true;
      } catch (error) {
        await this.load();
        this.fault.value = (error as Error).message;
        return false;
      } finally {
        --this.waiting.value;
      }
    });
    this.chain = done;
    return done;
  }

  private index(set: InkSet, label: string, place: number): number {
    let k = -1;
    const found = set.symbols.findIndex((one) => one.label === label && ++k === place);
    return found < 0 ? set.symbols.length : found;
  }
  private put(label: string, place: number, symbol: InkSymbol): void {
    this.change((set) => (set.symbols[this.index(set, label, place)] = symbol));
  }
  private change(how: (set: InkSet) => unknown): void {
    const old = this.set.value;
    if (!old) return;
    const set = { ...old, symbols: [...old.symbols], classes: [...old.classes] };
    how(set);
    set.classes = set.classes.map(({ name }) => ({ name, count: set.symbols.filter((one) => one.label === name).length }));
    this.set.value = set;
  }
}
