// The events of a run, live: those there are, then each as it is written. A run that was resumed from an earlier checkpoint takes
// back what it had said (`cut`).
import { signal, type Signal } from '@preact/signals';

import { kApi } from './client';
import type { RunEvent } from './types';

export interface Live {
  events: Signal<RunEvent[]>;
  state: Signal<{ state: string; alive: boolean } | null>;
  /** False while the server does not answer. */
  connected: Signal<boolean>;
  close: () => void;
}

export function follow(run: string): Live {
  const events = signal<RunEvent[]>([]);
  const ends: number[] = []; // byte offset behind each event
  const state = signal<{ state: string; alive: boolean } | null>(null);
  const connected = signal(true);
  let waiting: RunEvent[] = [];
  let frame = 0;
  // A run's thousands of events come at once: the page is told once a frame.
  const tell = () => {
    frame = 0;
    if (waiting.length) events.value = events.peek().concat(waiting);
    waiting = [];
  };
  const source = new EventSource(`${kApi}/runs/${encodeURIComponent(run)}/events`);
  source.onopen = () => (connected.value = true);
  source.onerror = () => (connected.value = false);
  source.onmessage = (message) => {
    try {
      waiting.push(JSON.parse(message.data as string) as RunEvent);
      ends.push(Number(message.lastEventId));
    } catch {
      return; // a line that is no JSON tells nothing
    }
    frame ||= window.setTimeout(tell, 16);
  };
  source.addEventListener('state', (message) => (state.value = JSON.parse((message as MessageEvent<string>).data)));
  source.addEventListener('cut', (message) => {
    tell();
    const { bytes } = JSON.parse((message as MessageEvent<string>).data) as { bytes: number };
    const kept = ends.findLastIndex((end) => end <= bytes) + 1;
    ends.length = kept;
    events.value = events.peek().slice(0, kept);
  });
  source.addEventListener('end', (message) => {
    tell();
    state.value = { ...JSON.parse((message as MessageEvent<string>).data), alive: false };
    source.close(); // else the browser would connect again and again
  });
  return {
    events,
    state,
    connected,
    close: () => {
      source.close();
      clearTimeout(frame);
    },
  };
}
