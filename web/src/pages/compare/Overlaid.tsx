// A quantity a panel, a line a run.
import type { Signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';

import { last_x, x_of_epoch } from '../../shared/axes';
import { use_view } from '../../shared/CurveTools';
import { type Panel, panels_of, series_of } from '../../shared/panels';
import { Plot, type Series } from '../../shared/Plot';
import type { Compared } from './runs';

interface Quantity {
  key: string;
  title: string;
  panel: Panel;
  series: Series[];
}

function quantities_of(runs: Compared[], by: ReturnType<typeof use_view>['by']): Quantity[] {
  const found = new Map<string, Quantity>();
  for (const { name, colour, dash, following } of runs) {
    for (const panel of panels_of(following.history)) {
      series_of(following.history, panel, by).forEach((series, i) => {
        const line = panel.lines[i]!;
        const key = `${panel.event} ${line.field}`;
        if (!found.has(key)) found.set(key, { key, panel, title: panel.lines.length > 1 ? `${panel.title}: ${line.label}` : panel.title, series: [] });
        found.get(key)!.series.push({ ...series, label: name, colour, dash });
      });
    }
  }
  return [...found.values()];
}

export function Overlaid({ runs, epoch, range, only, on_only }: { runs: Compared[]; epoch: number | null; range: Signal<[number, number] | null>; only: string; on_only: (key: string) => void }) {
  const { by, log, smooth } = use_view();
  const versions = runs.map(({ name, following }) => `${name} ${following.version.value}`).join('\n');
  const quantities = useMemo(() => quantities_of(runs, by), [versions, by]);
  const whole = useMemo(() => [0, Math.max(...runs.map(({ following }) => last_x(following.history, by))) || 1] as [number, number], [versions, by]);
  // Runs reach an epoch at other places: the line is that of the first.
  const mark = epoch === null || !runs[0] ? null : x_of_epoch(runs[0].following.history, epoch, by);
  const chosen = quantities.some(({ key }) => key === only) ? only : '';
  const shown = quantities.filter(({ key, panel }) => (chosen ? key === chosen : panel.first));
  return (
    <div class="stack">
      <label class="row small">
        Quantity
        <select value={chosen} onChange={(event) => on_only(event.currentTarget.value)}>
          <option value="">the main ones</option>
          {quantities.map(({ key, title }) => (
            <option key={key} value={key}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <div class={`curves${chosen ? ' is-one' : ''}`}>
        {shown.map(({ key, title, panel, series }) => (
          <div class="panel curve" key={key}>
            <Plot
              title={title} about={panel.about} theory={panel.theory} series={series} x_kind={by} whole={whole} range={range} sync="compare" mark={mark} log={log}
              smooth={smooth} level={panel.level} bounds={panel.bounds}
            />
          </div>
        ))}
      </div>
    </div>
  );
}
