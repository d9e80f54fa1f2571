// Who judges, and which test: it stands in the address, so that a link asks everybody the same.
import { useState } from 'preact/hooks';

import { query, set_query } from '../../app/router';
import type { Judgements, Kept, Wish } from './types';

interface Props {
  kept: Judgements;
  may: boolean;
  asking: boolean;
  on_begin: (wish: Wish) => void;
}

function number_of(name: string, usual: number, least: number, most: number): number {
  const text = query.value.get(name);
  const value = text === null || text.trim() === '' ? usual : Number(text);
  return Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : usual;
}

export function Begin({ kept, may, asking, on_begin }: Props) {
  const [person, set_person] = useState('');
  const most = kept.most_trials;
  const seed = Math.round(number_of('seed', 1, 0, 1_000_000));
  const trials = Math.round(number_of('n', 40, 1, most));
  const seconds = number_of('seconds', 0, 0, 600);
  const epoch = query.value.get('epoch') === null ? null : Math.round(number_of('epoch', 0, 0, 1e9));
  const change = (name: string, usual: number) => (event: Event) => {
    const text = (event.currentTarget as HTMLInputElement).value;
    set_query({ [name]: text === '' || Number(text) === usual ? null : text });
  };
  const waiting = kept.judgements.filter(({ finished, by }) => !finished && by === 'page');
  const go_on = (one: Kept) =>
    on_begin({ person: one.person, seed: one.seed, trials: one.trials, seconds: one.seconds_limit, epoch: kept.step === one.step ? null : one.epoch });
  const submit = (event: Event) => {
    event.preventDefault();
    if (person.trim()) on_begin({ person: person.trim(), seed, trials, seconds, epoch });
  };
  if (!may) {
    return (
      <p class="warning">
        Answers are kept in the run’s folder, which this page may not write to: open it by the link with #token=… that ganymede serve prints (with
        --read-only it prints none). A sheet that works without a server: <code>ganymede judge RUN --sheet FILE.html</code>
      </p>
    );
  }
  return (
    <section class="panel stack" aria-label="Begin">
      <p>
        Two pictures stand side by side: one is real, one was made by the generator. Pick the one that was made. Everybody with the same seed sees the same
        pictures, so that answers can be compared; nothing is said before the last one.
      </p>
      <form class="form-grid" onSubmit={submit}>
        <label class="labelled">
          Your name
          <input type="text" required maxLength={40} value={person} onInput={(event) => set_person(event.currentTarget.value)} autocomplete="name" />
        </label>
        <label class="labelled">
          Trials
          <input type="number" min={1} max={most} value={trials} onChange={change('n', 40)} />
        </label>
        <label class="labelled">
          Seconds for each (0: no limit)
          <input type="number" min={0} max={600} step="any" value={seconds} onChange={change('seconds', 0)} />
        </label>
        <label class="labelled">
          Seed
          <input type="number" min={0} max={1_000_000} value={seed} onChange={change('seed', 1)} />
        </label>
        <label class="labelled">
          Epoch (empty: the newest)
          <input type="number" min={0} value={epoch ?? ''} onChange={change('epoch', -1)} />
        </label>
        <button class="primary" disabled={asking || !person.trim()}>
          {asking ? 'Opening the data …' : 'Begin'}
        </button>
      </form>
      {waiting.length > 0 && (
        <div>
          <h2>Not finished yet</h2>
          <ul class="plain">
            {waiting.map((one) => (
              <li key={one.judgement} class="row">
                <button disabled={asking} onClick={() => go_on(one)}>
                  Go on
                </button>
                <span>{`${one.person}: ${one.answered} of ${one.trials}, seed ${one.seed}, epoch ${one.epoch}${one.seconds_limit ? `, ${one.seconds_limit} s each` : ''}`}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
