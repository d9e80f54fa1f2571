// All runs, a card each; new ones are started and some are chosen for comparison here.
import { useState } from 'preact/hooks';

import { has_token } from '../../api/client';
import type { Card } from '../../api/types';
import { use_keys } from '../../app/keys';
import { go, query, set_query } from '../../app/router';
import { kOnlyShows } from '../../shared/control';
import { use_json } from '../../shared/resource';
import { use_title } from '../../shared/title';
import { RunCard } from './Card';
import { NewRun } from './NewRun';
import './runs.css';

interface Answer {
  root: string;
  runs: Card[];
}

const kRefresh = 2000;
const kMostPicked = 4;

const kSorts: Record<string, { words: string; order: (a: Card, b: Card) => number }> = {
  updated: { words: 'changed last', order: (a, b) => Number(b.alive) - Number(a.alive) || (b.updated ?? '').localeCompare(a.updated ?? '') },
  created: { words: 'begun last', order: (a, b) => (b.created ?? '').localeCompare(a.created ?? '') },
  name: { words: 'name', order: () => 0 },
  recipe: { words: 'recipe', order: (a, b) => (a.recipe ?? '').localeCompare(b.recipe ?? '') },
  epoch: { words: 'most epochs', order: (a, b) => (b.epoch ?? 0) - (a.epoch ?? 0) },
};

function has_words(card: Card, words: string[]): boolean {
  const all = `${card.name} ${card.recipe ?? ''} ${card.state} ${card.reason ?? ''} ${card.parent?.run ?? ''} seed ${card.seed ?? ''}`.toLowerCase();
  return words.every((word) => all.includes(word));
}

export default function Runs() {
  const { value, error, reload } = use_json<Answer>('/runs', kRefresh);
  const [is_new, set_new] = useState(false);
  const text = query.value.get('q') ?? '';
  const state = query.value.get('state') ?? '';
  const sort = kSorts[query.value.get('sort') ?? ''] ? query.value.get('sort')! : 'updated';
  const cards = value?.runs ?? [];
  const picked = (query.value.get('pick') ?? '').split(',').filter((name) => name !== '' && (!value || cards.some((card) => card.name === name)));
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = cards.filter((card) => has_words(card, words) && (!state || card.state === state)).sort(kSorts[sort]!.order);
  const states = [...new Set(cards.map((card) => card.state).concat(state ? [state] : []))].sort();
  const may_start = has_token();
  use_title('Runs');

  const pick = (name: string) => {
    const next = picked.includes(name) ? picked.filter((one) => one !== name) : [...picked, name];
    set_query({ pick: next.length ? next.join(',') : null });
  };
  const compare = () => picked.length >= 2 && go(`/compare?runs=${picked.map(encodeURIComponent).join(',')}`);
  use_keys([
    { key: '/', does: 'Filter the runs', act: () => document.getElementById('filter')?.focus() },
    { key: 'c', does: 'Compare the selected runs', act: compare },
    ...(may_start ? [{ key: 'n', does: 'New run', act: () => set_new(true) }] : []),
  ]);

  return (
    <div class="stack">
      <div class="row spread">
        <h1>Runs</h1>
        <div class="row">
          <button onClick={compare} disabled={picked.length < 2} title="Select two to four runs by their boxes">
            {picked.length ? `Compare ${picked.length} selected` : 'Compare'}
          </button>
          {picked.length > 0 && (
            <button class="quiet" onClick={() => set_query({ pick: null })}>
              Select none
            </button>
          )}
          {may_start && (
            <button class="primary" onClick={() => set_new(true)}>
              New run
            </button>
          )}
        </div>
      </div>
      {!may_start && <p class="quiet-text small only-shows">{kOnlyShows}</p>}
      {error && (
        <p class="error row spread" role="alert">
          <span>{value ? `${error.message} What stands below is what was last heard.` : error.message}</span>
          <button onClick={reload}>Ask again</button>
        </p>
      )}
      {cards.length > 0 && (
        <div class="row runs-tools">
          <label class="row">
            <span class="out-of-sight">Filter by words</span>
            <input
              id="filter" type="search" placeholder="Filter: name, recipe, seed …" value={text}
              onInput={(event) => set_query({ q: event.currentTarget.value || null })}
            />
          </label>
          <label class="row small">
            State
            <select value={state} onChange={(event) => set_query({ state: event.currentTarget.value || null })}>
              <option value="">all</option>
              {states.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          </label>
          <label class="row small">
            Sorted by
            <select value={sort} onChange={(event) => set_query({ sort: event.currentTarget.value === 'updated' ? null : event.currentTarget.value })}>
              {Object.entries(kSorts).map(([key, { words: name }]) => (
                <option key={key} value={key}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <span class="quiet-text small" role="status">
            {shown.length === cards.length ? `${cards.length} run${cards.length === 1 ? '' : 's'}` : `${shown.length} of ${cards.length} runs`}
          </span>
          <span class="runs-key small" aria-hidden="true">
            <svg width="22" height="6"><path d="M0 3h22" stroke-width="2" class="stroke-generator" /></svg> generator
            <svg width="22" height="6"><path d="M0 3h22" stroke-width="2" class="stroke-discriminator" /></svg> discriminator loss
          </span>
        </div>
      )}
      <ul class="run-cards">
        {shown.map((card) => (
          <RunCard
            key={card.name} card={card} picked={picked.includes(card.name)} may_pick={picked.length < kMostPicked}
            on_pick={() => pick(card.name)}
          />
        ))}
      </ul>
      {cards.length > 0 && shown.length === 0 && (
        <p class="row">
          No run is like that.
          <button onClick={() => set_query({ q: null, state: null })}>Show all</button>
        </p>
      )}
      {value && cards.length === 0 && <Empty root={value.root} may_start={may_start} on_new={() => set_new(true)} />}
      {!value && !error && <p class="quiet-text">Asking the server …</p>}
      {is_new && <NewRun on_close={() => set_new(false)} />}
    </div>
  );
}

function Empty({ root, may_start, on_new }: { root: string; may_start: boolean; on_new: () => void }) {
  return (
    <section class="panel runs-empty" aria-label="No runs yet">
      <h2>There are no runs here yet</h2>
      <p>
        The folder is <code>{root}</code>. A run is a GAN in training, or one that is trained; each becomes a card on this page.
      </p>
      {may_start ? (
        <p class="row">
          <button class="primary" onClick={on_new}>
            New run
          </button>
          The recipe “quick” needs no download, and shows digits within minutes.
        </p>
      ) : (
        <p>
          In a terminal: <code>ganymede train quick --runs {root}</code>
        </p>
      )}
      <p>
        Or <a href="/draw">draw symbols of your own</a> and train on them.
      </p>
    </section>
  );
}
