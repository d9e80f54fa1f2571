// Tick: samples, yes or no, and at once the direction along which it changes (S-THEORY T8).
import { useEffect, useRef, useState } from 'preact/hooks';

import { has_token, post_frame, post_json } from '../../api/client';
import type { Frame, NamedArray } from '../../api/frames';
import type { GeneratorInfo } from '../../api/types';
import { use_keys } from '../../app/keys';
import { query, run_path, set_query } from '../../app/router';
import { use_json } from '../../shared/resource';
import { use_title } from '../../shared/title';
import { Thumbnail } from '../space/Thumbnail';
import './tick.css';
import { Told } from './Told';

export interface Plane {
  accuracy: number;
  low: number;
  high: number;
  judged: number;
  commonest: number;
  told: boolean;
  offset: number;
}
interface TickHead {
  seeds: number[];
  at_random: number;
  plane: Plane | null;
}
interface Kept {
  name: string;
  file: string;
  command: string;
}
interface Card {
  seed: number;
  picture: { shape: number[]; values: ArrayLike<number> };
}

const kMore = 12;

function cards_of({ head, arrays }: Frame<TickHead>): Card[] {
  const pictures = (arrays.picture ?? arrays.strokes ?? arrays.points) as NamedArray | undefined;
  if (!pictures) return [];
  const [, ...shape] = pictures.shape;
  const each = shape.reduce((product, n) => product * n, 1);
  return head.seeds.map((seed, i) => ({ seed, picture: { shape, values: pictures.values.subarray(i * each, (i + 1) * each) } }));
}

export default function Tick({ run }: { run: string }) {
  const { value: info, error } = use_json<GeneratorInfo>(`/runs/${encodeURIComponent(run)}/generator`);
  const first = Math.max(0, Math.round(Number(query.value.get('first') ?? 0)) || 0);
  const only = query.value.get('class');
  const [cards, set_cards] = useState<Card[]>([]);
  const [ticks, set_ticks] = useState<Record<number, boolean>>({});
  const [plane, set_plane] = useState<Plane | null>(null);
  const [normal, set_normal] = useState<number[] | null>(null);
  const [fault, set_fault] = useState('');
  const [name, set_name] = useState('');
  const [kept, set_kept] = useState<Kept | null>(null);
  const [taken, set_taken] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const turn = useRef(0);
  use_title(`Tick ${run}`);

  const asked = (now: Record<number, boolean>) => ({ run, first, ...(only === null ? {} : { class: Number(only) }), ticks: Object.entries(now).map(([seed, yes]) => [Number(seed), yes]) });
  const ask = async (now: Record<number, boolean>, offer: number, shown: Card[]) => {
    const mine = ++turn.current;
    try {
      const frame = (await post_frame('/tick', { ...asked(now), offer, shown: shown.map(({ seed }) => seed) })) as unknown as Frame<TickHead>;
      if (mine !== turn.current) return;
      set_fault('');
      set_plane(frame.head.plane);
      set_normal(frame.arrays.normal ? Array.from(frame.arrays.normal.values) : null);
      if (offer > 0) set_cards([...shown, ...cards_of(frame)]);
    } catch (fault) {
      if (mine === turn.current) set_fault((fault as Error).message);
    }
  };
  useEffect(() => {
    if (!info) return;
    set_ticks({});
    set_kept(null);
    void ask({}, 30, []);
  }, [info, first, only]);

  const tick = (seed: number, yes: boolean) => {
    const next = { ...ticks };
    if (next[seed] === yes) delete next[seed];
    else next[seed] = yes;
    set_ticks(next);
    set_kept(null);
    void ask(next, 0, cards);
  };
  const focused = () => Number((document.activeElement?.closest('[data-seed]') as HTMLElement | null)?.dataset.seed ?? NaN);
  const focus = (seed: number | undefined) => (list.current?.querySelector(`[data-seed="${seed}"] button`) as HTMLElement | null)?.focus();
  const by_key = (yes: boolean) => () => {
    const seed = Number.isNaN(focused()) ? cards.find((card) => !(card.seed in ticks))?.seed : focused();
    if (seed === undefined) return;
    if (ticks[seed] !== yes) tick(seed, yes);
    const at = cards.findIndex((card) => card.seed === seed);
    focus((cards.slice(at + 1).find((card) => !(card.seed in ticks)) ?? cards[at])?.seed);
  };
  use_keys([
    { key: 'y', does: 'Yes, and on to the next sample', act: by_key(true) },
    { key: 'n', does: 'No, and on to the next sample', act: by_key(false) },
  ]);
  const keep = async (replace: boolean) => {
    try {
      set_kept(await post_json<Kept>('/tick/keep', { ...asked(ticks), name: name.trim(), replace }));
      set_fault('');
      set_taken(false);
    } catch (fault) {
      set_fault((fault as Error).message);
      set_taken((fault as { status?: number }).status === 409);
    }
  };
  const yes = Object.values(ticks).filter(Boolean).length;
  const no = Object.values(ticks).length - yes;

  return (
    <div class="tick stack">
      <div class="row spread">
        <h1>Tick samples: {run}</h1>
        {info !== null && info.classes > 0 && (
          <label class="row small">
            Class
            <select value={only ?? ''} onChange={(event) => set_query({ class: event.currentTarget.value || null })}>
              <option value="">all in turn</option>
              {Array.from({ length: info.classes }, (_, k) => (
                <option key={k} value={k}>
                  {info.class_names[k] ?? k}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      <p class="quiet-text">
        Choose something that some of these samples have and others lack, and say yes or no to each (click, or <kbd>y</kbd> and <kbd>n</kbd>). A plane
        between both is fitted at once: across it, the samples change from no to yes.
      </p>
      {(error || fault) && (
        <p class="error" role="alert">
          {fault || error!.message}
        </p>
      )}
      <div class="tick-main">
        <ul class="cards" ref={list} aria-label="Samples">
          {info &&
            cards.map(({ seed, picture }) => (
              <li key={seed} data-seed={seed} class={ticks[seed] === undefined ? '' : ticks[seed] ? 'is-yes' : 'is-no'}>
                <Thumbnail kind={info.kind} picture={picture} shape={info.shape} label={`Sample ${seed}`} />
                <div class="choice">
                  <button aria-label={`Sample ${seed}: yes`} aria-pressed={ticks[seed] === true} onClick={() => tick(seed, true)}>
                    yes
                  </button>
                  <button aria-label={`Sample ${seed}: no`} aria-pressed={ticks[seed] === false} onClick={() => tick(seed, false)}>
                    no
                  </button>
                </div>
              </li>
            ))}
        </ul>
        <aside class="stack">
          <section class="panel stack" aria-label="Direction">
            <h2>{`${yes} yes, ${no} no`}</h2>
            <Told plane={plane} yes={yes} no={no} />
            <button onClick={() => ask(ticks, kMore, cards)} disabled={!cards.length || cards.length >= 400} title="Of 2,000 further samples those nearest to the plane">
              {plane ? 'More, where it is least sure' : 'More samples'}
            </button>
          </section>
          {info && normal && <Along run={run} info={info} normal={normal} only={only} />}
          {plane && (
            <section class="panel stack" aria-label="Keep">
              <h2>Keep the direction</h2>
              {has_token() ? (
                <form
                  class="row"
                  onSubmit={(event) => {
                    event.preventDefault();
                    void keep(false);
                  }}
                >
                  <input
                    type="text" aria-label="Name of the direction" placeholder="name" pattern="[A-Za-z0-9_][A-Za-z0-9_.\-]*" maxLength={100} required value={name}
                    onInput={(event) => (set_name(event.currentTarget.value), set_taken(false))}
                  />
                  <button class="primary">Keep</button>
                  {taken && (
                    <button type="button" onClick={() => keep(true)}>
                      Replace it
                    </button>
                  )}
                </form>
              ) : (
                <p class="quiet-text small">To keep it, open this page by the link with #token=… that ganymede serve prints.</p>
              )}
              {kept && (
                <p role="status">
                  Kept as <span class="mono">{kept.file}</span>. <code class="wrap">{kept.command}</code>
                </p>
              )}
            </section>
          )}
          <p class="small">
            <a href={run_path(run, 'space')}>Space</a>: walk through the same samples.
          </p>
        </aside>
      </div>
    </div>
  );
}

const kSteps = [-3, -2, -1, 0, 1, 2, 3];

/** One sample moved across the plane, from no to yes. */
function Along({ run, info, normal, only }: { run: string; info: GeneratorInfo; normal: number[]; only: string | null }) {
  const [cards, set_cards] = useState<Card[]>([]);
  const start = info.seeds.z[0]!;
  const key = normal.join();
  useEffect(() => {
    const stop = new AbortController();
    const z = kSteps.map((step) => start.map((value, k) => value + step * normal[k]!));
    post_frame('/look', { run, z, ...(only === null ? {} : { class: Number(only) }), want: { classes: false } }, stop.signal).then(
      ({ arrays }) => set_cards(cards_of({ head: { seeds: kSteps, at_random: 0, plane: null }, arrays })),
      () => {}, // the next tick asks again
    );
    return () => stop.abort();
  }, [key, only]);
  return (
    <section class="panel" aria-label="Along the direction">
      <h2>The first sample along it</h2>
      <ul class="along">
        {cards.map(({ seed, picture }) => (
          <li key={seed}>
            <Thumbnail kind={info.kind} picture={picture} shape={info.shape} label={`At ${seed}`} />
            <span class="small quiet-text">{seed > 0 ? `+${seed}` : seed}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
