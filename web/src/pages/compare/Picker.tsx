// Which runs are compared.
import type { Card } from '../../api/types';
import { run_path, set_query } from '../../app/router';
import { use_json } from '../../shared/resource';
import { Status } from '../../shared/Status';
import { type Compared, kMost } from './runs';
import { Swatch } from './Swatch';

export function Picker({ runs }: { runs: Compared[] }) {
  const all = use_json<{ runs: Card[] }>('/runs', 5000);
  const names = runs.map(({ name }) => name);
  const set = (next: string[]) => set_query({ runs: next.length ? next.join(',') : null }, false);
  const others = (all.value?.runs ?? []).map(({ name }) => name).filter((name) => !names.includes(name));
  return (
    <div class="stack">
      <ul class="chosen" aria-label="Compared runs">
        {runs.map(({ name, colour, dash, details, error }) => (
          <li key={name} class="panel">
            <Swatch colour={colour} dash={dash} />
            <a href={run_path(name)}>{name}</a>
            {details && <Status state={error?.status === 404 ? 'removed' : details.card.state} />}
            <button class="quiet" aria-label={`Take ${name} away`} title="Take it away" onClick={() => set(names.filter((one) => one !== name))}>
              ✕
            </button>
            {error && <span class="fault small">{error.message}</span>}
          </li>
        ))}
        <li class="add">
          <label class="row small">
            {names.length === 0 ? 'Begin with' : 'Add'}
            <select
              value="" disabled={names.length >= kMost || others.length === 0}
              onChange={(event) => event.currentTarget.value && set([...names, event.currentTarget.value])}
            >
              <option value="">{names.length >= kMost ? 'four are the most' : others.length || !all.value ? 'a run …' : 'no other run'}</option>
              {others.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        </li>
      </ul>
      {all.error && (
        <p class="error" role="alert">
          {all.error.message}
        </p>
      )}
    </div>
  );
}
