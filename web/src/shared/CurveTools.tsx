// How curves are drawn: by what, logarithmic or not, how smooth.
import type { Signal } from '@preact/signals';

import { query, set_query } from '../app/router';
import { kXKinds, type XKind } from './axes';
import './shared.css';

/** How curves are drawn; it stands in the address. */
export function use_view(): { by: XKind; log: boolean; smooth: number } {
  const by = query.value.get('x') ?? 'images';
  const smooth = Number(query.value.get('smooth') ?? 0);
  return { by: by in kXKinds ? (by as XKind) : 'images', log: query.value.get('y') === 'log', smooth: smooth > 0 && smooth < 1 ? smooth : 0 };
}

export function CurveTools({ range }: { range: Signal<[number, number] | null> }) {
  const { by, log, smooth } = use_view();
  const set_by = (next: string) => {
    range.value = null; // a stretch of images is none of seconds
    set_query({ x: next === 'images' ? null : next });
  };
  return (
    <div class="row curve-tools">
      <label class="row small">
        By
        <select value={by} onChange={(event) => set_by(event.currentTarget.value)}>
          {Object.entries(kXKinds).map(([kind, words]) => (
            <option key={kind} value={kind}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <label class="inline small">
        <input type="checkbox" checked={log} onChange={(event) => set_query({ y: event.currentTarget.checked ? 'log' : null })} />
        Logarithmic
      </label>
      <label class="row small smooth">
        Smoothing
        <input
          type="range" min={0} max={0.99} step={0.01} value={smooth} aria-valuetext={smooth ? smooth.toFixed(2) : 'none'}
          onInput={(event) => set_query({ smooth: Number(event.currentTarget.value) ? event.currentTarget.value : null })}
        />
        <output>{smooth ? smooth.toFixed(2) : 'none'}</output>
      </label>
      <button type="button" disabled={range.value === null} onClick={() => (range.value = null)} title="Show all of the x axis (0); drag over a curve to see a part of it">
        Whole run
      </button>
    </div>
  );
}
