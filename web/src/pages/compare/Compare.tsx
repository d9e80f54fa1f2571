// Two to four runs beside each other: pictures of the same noise, curves, settings, scores.
import { useSignal } from '@preact/signals';

import { query, set_query } from '../../app/router';
import { nearest } from '../../shared/axes';
import { CurveTools } from '../../shared/CurveTools';
import { ahead_of, at_epoch, by_epoch } from '../../shared/epochs';
import { Film, is_loaded } from '../../shared/Film';
import { TheoryLink } from '../../shared/TheoryLink';
import { TimeSlider } from '../../shared/TimeSlider';
import { use_title } from '../../shared/title';
import { Overlaid } from './Overlaid';
import { Picker } from './Picker';
import { RecipeTable } from './RecipeTable';
import { type Compared, kMost, noise_words, use_compared } from './runs';
import { Swatch } from './Swatch';
import { Verdicts } from './Verdicts';
import './compare.css';

type Kind = 'samples/epoch-' | 'samples/grid-' | 'maps/epoch-';
const kKinds: Record<string, { begin: Kind; words: string }> = {
  '': { begin: 'samples/epoch-', words: 'pictures' },
  large: { begin: 'samples/grid-', words: 'larger grid' },
  maps: { begin: 'maps/epoch-', words: 'class maps' },
};

function files_of({ details }: Compared, begin: Kind) {
  return by_epoch((begin.startsWith('maps') ? details?.maps : details?.samples) ?? [], begin);
}

export default function Compare() {
  const wanted = (query.value.get('runs') ?? '').split(',').filter((name) => name !== '');
  const names = [...new Set(wanted)].slice(0, kMost);
  const runs = use_compared(names);
  const range = useSignal<[number, number] | null>(null);
  const shows = kKinds[query.value.get('grid') ?? ''] ? query.value.get('grid') ?? '' : '';
  const kinds = Object.entries(kKinds).filter(([key, { begin }]) => key === '' || runs.some((run) => files_of(run, begin).length));
  const { begin } = kKinds[shows]!;
  const epochs = [...new Set(runs.flatMap((run) => files_of(run, begin).map(({ epoch }) => epoch!)))].sort((a, b) => a - b);
  const asked = query.value.get('epoch');
  const follows = asked === null || epochs.length === 0;
  const epoch = epochs.length ? (follows ? epochs.at(-1)! : epochs[Math.max(0, nearest(epochs, Number(asked) || 0))]!) : null;
  const some = runs.length >= 2;
  use_title(names.length ? `${names.join(', ')} compared` : 'Compare');
  return (
    <div class="compare stack">
      <h1>Compare</h1>
      <Picker runs={runs} />
      {wanted.length > kMost && <p class="warning small">{`At most four can be compared: ${wanted.slice(kMost).join(', ')} left out.`}</p>}
      {!some && (
        <p class="quiet-text">
          Choose {runs.length ? 'another run' : 'two to four runs'} here, or by the boxes of their cards on <a href="/">Runs</a>: their pictures at
          one time, their curves in one frame, where their recipes differ, and what their scores say.
        </p>
      )}
      {some && (
        <>
          <div class="panel time-bar">
            <TimeSlider
              epochs={epochs} epoch={epoch ?? 0} follows={follows} on_epoch={(next) => set_query({ epoch: next === null ? null : String(next) })}
              is_ready={(next) => runs.every((run) => is_loaded(at_epoch(files_of(run, begin), next)?.address))}
            />
          </div>
          <section class="stack" aria-label="Pictures">
            <div class="row spread">
              <p class="quiet-text small noise">{noise_words(runs)}</p>
              {kinds.length > 1 && (
                <label class="row small">
                  Show
                  <select value={shows} onChange={(event) => set_query({ grid: event.currentTarget.value || null })}>
                    {kinds.map(([key, { words }]) => (
                      <option key={key} value={key}>
                        {words}
                      </option>
                    ))}
                  </select>
                </label>
              )}
            </div>
            <div class={`side-by-side of-${runs.length}`}>
              {runs.map((run) => (
                <Column key={run.name} run={run} begin={begin} epoch={epoch} of={runs.length} />
              ))}
            </div>
          </section>
          <section class="stack" aria-label="Curves">
            <div class="row spread">
              <h2>Curves</h2>
              <CurveTools range={range} />
            </div>
            <Overlaid runs={runs} epoch={epoch} range={range} only={query.value.get('of') ?? ''} on_only={(key) => set_query({ of: key || null })} />
          </section>
          <section class="panel">
            <h2>
              Scores <TheoryLink at="metrics" of="scores" />
            </h2>
            <Verdicts runs={runs} against={query.value.get('against') ?? ''} on_against={(name) => set_query({ against: name === names[0] ? null : name })} />
          </section>
          <section class="panel">
            <h2>Where their recipes differ</h2>
            <RecipeTable runs={runs} />
          </section>
        </>
      )}
    </div>
  );
}

function Column({ run, begin, epoch, of }: { run: Compared; begin: Kind; epoch: number | null; of: number }) {
  const files = files_of(run, begin);
  const shown = at_epoch(files, epoch);
  const is_ink = run.details?.recipe?.options['generator.family'] === 'ink';
  const what = begin.startsWith('maps') ? 'class map' : 'pictures';
  const words = !shown ? `no ${what}` : shown.epoch === epoch || epoch === null ? `epoch ${shown.epoch}` : `epoch ${shown.epoch}, the nearest to ${epoch}`;
  return (
    <figure class="panel">
      <figcaption class="row spread">
        <span class="row name">
          <Swatch colour={run.colour} dash={run.dash} />
          <strong>{run.name}</strong>
        </span>
        <span class={`small ${shown && epoch !== null && shown.epoch !== epoch ? 'nearest' : 'quiet-text'}`}>{words}</span>
      </figcaption>
      <div class={begin.startsWith('maps') ? 'paper' : ''}>
        <Film
          address={shown?.address ?? null} ahead={ahead_of(files, shown)} box={of > 2 && begin === 'samples/epoch-' && !is_ink ? 292 : begin.startsWith('maps') ? 2600 : 800} soft={begin !== 'samples/epoch-' || is_ink} empty={`No ${what} yet.`}
          label={shown ? `${what} of ${run.name} at epoch ${shown.epoch}` : ''}
        />
      </div>
    </figure>
  );
}
