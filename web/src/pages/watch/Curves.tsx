// The curves: one x axis, one cursor and one mark for all of them.
import type { Signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';

import { use_keys } from '../../app/keys';
import { set_query } from '../../app/router';
import { last_x, x_of_epoch, x_words, type XKind } from '../../shared/axes';
import { use_view } from '../../shared/CurveTools';
import { thousands } from '../../shared/format';
import type { Following } from '../../shared/history';
import { type Panel, panels_of, series_of } from '../../shared/panels';
import { Plot } from '../../shared/Plot';

interface Props {
  following: Following;
  epoch: number | null;
  range: Signal<[number, number] | null>;
  /** Goes to the epoch that is nearest to this x. */
  on_pick: (x: number, by: XKind) => void;
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
        title={panel.title} about={panel.about} theory={panel.theory} series={drawn.get(panel.key)!} x_kind={by} whole={whole} range={range} sync="run" mark={mark}
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
