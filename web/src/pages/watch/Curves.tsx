// The curves: one x axis, one cursor and one mark for all of them.
import type { Signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';

import { use_keys } from '../../app/keys';
import { query, set_query } from '../../app/router';
import { kXKinds, last_x, x_of_epoch, x_words, type XKind } from '../../shared/axes';
import type { Following } from '../../shared/history';
import { Plot } from '../../shared/Plot';
import { thousands } from '../../shared/format';
import { panels_of, type Panel, series_of } from './panels';

interface Props {
  following: Following;
  epoch: number | null;
  range: Signal<[number, number] | null>;
  /** Goes to the epoch that is nearest to this x. */
  on_pick: (x: number, by: XKind) => void;
}

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

export function Curves({ following, epoch, range, on_pick }: Props) {
  const { history, version } = following;
  const now = version.value;
  const { by, log, smooth } = use_view();
  const { panels, whole } = useMemo(() => ({ panels: panels_of(history), whole: [0, last_x(history, by) || 1] as [number, number] }), [now, by]);
  const mark = epoch === null ? null : x_of_epoch(history, epoch, by);
  const drawn = useMemo(() => new Map(panels.map((panel) => [panel.key, series_of(history, panel, by)])), [panels]);
  const zoom = (factor: number) => {
    const [from, to] = range.peek() ?? whole;
    const middle = mark !== null && mark >= from && mark <= to ? mark : (from + to) / 2;
    const next: [number, number] = [Math.max(whole[0], middle - (middle - from) * factor), Math.min(whole[1], middle + (to - middle) * factor)];
    range.value = next[1] - next[0] >= whole[1] - whole[0] ? null : next[1] > next[0] ? next : range.peek();
  };
  use_keys([
    { key: '+', does: 'Curves: a shorter stretch around the time shown', act: () => zoom(0.5) },
    { key: '-', does: 'Curves: a longer stretch', act: () => zoom(2) },
    { key: '0', does: 'Curves: the whole run', act: () => (range.value = null) },
    { key: 'l', does: 'Curves: logarithmic or linear', act: () => set_query({ y: log ? null : 'log' }) },
  ]);
  const plot = (panel: Panel) => (
    <div class="panel curve" key={panel.key}>
      <Plot
        title={panel.title} about={panel.about} series={drawn.get(panel.key)!} x_kind={by} whole={whole} range={range} sync="run" mark={mark}
        log={log} smooth={smooth} level={panel.level} bounds={panel.bounds} on_pick={(x) => on_pick(x, by)}
      />
    </div>
  );
  const further = panels.filter(({ first }) => !first);
  return (
    <div class="stack">
      <div class="curves">{panels.filter(({ first }) => first).map(plot)}</div>
      {further.length > 0 && (
        <details class="further">
          <summary>{`${further.length} further curve${further.length === 1 ? '' : 's'}`}</summary>
          <div class="curves">{further.map(plot)}</div>
        </details>
      )}
      <p class="quiet-text small">
        {`${thousands(history.count)} events. Drag over a curve for a part of it, click for that time; a name hides its line.`}
        {range.value && ` Shown: ${x_words(by, range.value[0])} to ${x_words(by, range.value[1])}.`}
      </p>
    </div>
  );
}
