// The numbers that a figure stands at live in the address, under the figure's name: a copied link opens it as it was left.
import { useEffect, useMemo } from 'preact/hooks';
import { type Signal, useSignal } from '@preact/signals';

import { query, set_query } from '../../../app/router';

/** Browsers hold back pages that write their address at every move of a hand. */
const kWait = 250;
const waiting = new Map<string, string | null>();
let timer = 0;

function write(key: string, text: string | null): void {
  waiting.set(key, text);
  clearTimeout(timer);
  timer = window.setTimeout(() => {
    const changes = Object.fromEntries(waiting);
    waiting.clear();
    if (location.pathname.startsWith('/theory')) set_query(changes);
  }, kWait);
}

const text_of = (values: readonly number[]) => values.map((value) => String(Number(value.toFixed(4)))).join(',');

export interface Values<Name extends string> {
  now: Signal<Record<Name, number>>;
  set: (changes: Partial<Record<Name, number>>) => void;
  reset: () => void;
  is_changed: boolean;
}

/** Numbers by name, with where they begin; within [low, high] where an address says otherwise. */
export function use_values<Name extends string>(key: string, begin: Record<Name, readonly [begin: number, low: number, high: number]>): Values<Name> {
  const names = Object.keys(begin) as Name[];
  const first = useMemo(() => Object.fromEntries(names.map((name) => [name, begin[name][0]])) as Record<Name, number>, []);
  const from_address = () => {
    const parts = (query.peek().get(key) ?? '').split(',');
    const given = names.map((name, i) => {
      const value = parts[i] ? Number(parts[i]) : NaN;
      return [name, Number.isFinite(value) ? Math.min(begin[name][2], Math.max(begin[name][1], value)) : first[name]];
    });
    return Object.fromEntries(given) as Record<Name, number>;
  };
  const now = useSignal<Record<Name, number>>(useMemo(from_address, []));
  const words = (values: Record<Name, number>) => text_of(names.map((name) => values[name]));
  // Back, forward, and links to this page at another state.
  useEffect(
    () =>
      query.subscribe((q) => {
        if (waiting.has(key) || (q.get(key) ?? words(first)) === words(now.peek())) return;
        now.value = from_address();
      }),
    [],
  );
  const set = (changes: Partial<Record<Name, number>>) => {
    const next = { ...now.peek() };
    for (const name of Object.keys(changes) as Name[]) next[name] = Math.min(begin[name][2], Math.max(begin[name][1], changes[name]!));
    now.value = next;
    write(key, words(next) === words(first) ? null : words(next));
  };
  return { now, set, reset: () => set(first), is_changed: words(now.value) !== words(first) };
}
