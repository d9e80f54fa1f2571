// A set as the page has it. What a hand does is shown at once and asked of the server behind it, one thing after the other; where the
// server refuses, the page takes up what the server has.
import { signal } from '@preact/signals';

import { get_json, post_json } from '../../api/client';
import type { InkChanged, InkSet, InkStroke, InkSymbol } from './types';

export class SheetStore {
  readonly set = signal<InkSet | null>(null);
  readonly fault = signal('');
  /** Changes that the server has not answered yet. */
  readonly waiting = signal(0);
  private chain: Promise<unknown> = Promise.resolve();
  private readonly path: string;

  constructor(readonly name: string) {
    this.path = `/ink/${encodeURIComponent(name)}`;
  }

  async load(): Promise<void> {
    try {
      this.set.value = await get_json<InkSet>(this.path);
      this.fault.value = '';
    } catch (error) {
      this.fault.value = (error as Error).message;
    }
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
  erase(label: string, place: number): Promise<boolean> {
    this.change((set) => set.symbols.splice(this.index(set, label, place), 1));
    return this.ask({ action: 'erase', label, place });
  }
  add_class(label: string): Promise<boolean> {
    return this.ask({ action: 'add_class', label }, ({ classes }) => this.change((set) => (set.classes = classes)));
  }
  remove_class(label: string): Promise<boolean> {
    this.change((set) => {
      set.symbols = set.symbols.filter((one) => one.label !== label);
      set.classes = set.classes.filter((one) => one.name !== label);
    });
    return this.ask({ action: 'remove_class', label });
  }

  private ask(body: object, then: (answer: InkChanged) => void = () => {}): Promise<boolean> {
    ++this.waiting.value;
    const done = this.chain.then(async () => {
      try {
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
