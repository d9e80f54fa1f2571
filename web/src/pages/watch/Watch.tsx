// One run: how it goes, what it draws, how good that is, and what it was told to do.
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';

import type { RunDetails } from '../../api/types';
import { query, run_path, set_query } from '../../app/router';
import { nearest, x_of_epoch, type XKind } from '../../shared/axes';
import { at_epoch, by_epoch, epochs_of } from '../../shared/epochs';
import { is_loaded } from '../../shared/Film';
import { CurveTools } from '../../shared/CurveTools';
import { duration, percent, short, thousands } from '../../shared/format';
import { follow_history, type History } from '../../shared/history';
import { use_json } from '../../shared/resource';
import { use_scores } from '../../shared/scores';
import { Status } from '../../shared/Status';
import { TheoryLink } from '../../shared/TheoryLink';
import { TimeSlider } from '../../shared/TimeSlider';
import { use_title } from '../../shared/title';
import { warning_details } from '../../shared/warnings';
import { Controls } from './Controls';
import { Curves } from './Curves';
import { Files } from './Files';
import { Pictures } from './Pictures';
import { ScoreTable } from './ScoreTable';
import { Settings } from './Settings';
import './watch.css';

const kRefreshAlive = 3000;
const kRefreshStill = 15_000;

export default function Watch({ run }: { run: string }) {
  const following = useMemo(() => follow_history(run), [run]);
  useEffect(() => following.close, [following]);
  const state = following.state.value;
  const asked = use_json<RunDetails>(`/runs/${encodeURIComponent(run)}`, state?.alive ? kRefreshAlive : kRefreshStill);
  const range = useSignal<[number, number] | null>(null);
  const details = asked.value;
  const scores = use_scores(details?.measures);

  // What was written since is asked for as soon as an epoch has ended, and when the state changes.
  following.version.value;
  const ended = following.history.table('epoch')?.rows ?? 0;
  useEffect(() => {
    if (details) asked.reload();
  }, [ended, state?.state]);
  // A finished run that was made longer elsewhere is listened to again.
  useEffect(() => {
    if (details?.card.alive && !state?.alive) following.again();
  }, [details?.card.alive, details?.card.updated]);

  const share = details?.card.total_steps ? (details.card.step ?? 0) / details.card.total_steps : 0;
  use_title(state?.alive ? `${percent(share)} ${run}` : run);
  // What a new event does not change is not drawn anew with it.
  const lists = useMemo(() => details && <Lists run={run} details={details} />, [details]);
  const table = useMemo(() => details && <ScoreTable details={details} found={scores} />, [details, scores]);

  const is_removed = asked.error?.status === 404 || state?.state === 'removed';
  if (!details) {
    return asked.error ? (
      <div class="stack">
        <h1>{run}</h1>
        <p class="error" role="alert">
          {asked.error.message}
        </p>
        <p>
          <a href="/">All runs</a>
        </p>
      </div>
    ) : (
      <div class="stack">
        <h1>{run}</h1>
        <p class="quiet-text">Asking the server …</p>
      </div>
    );
  }
  const { card } = details;
  const now = is_removed ? 'removed' : (state?.state ?? card.state);
  const alive = !is_removed && (state?.alive ?? card.alive);
  const epochs = epochs_of(details);
  const asked_epoch = query.value.get('epoch');
  const follows = asked_epoch === null || epochs.length === 0;
  const epoch = epochs.length ? (follows ? epochs.at(-1)! : epochs[Math.max(0, nearest(epochs, Number(asked_epoch) || 0))]!) : null;
  const to_epoch = (wanted: number | null) => set_query({ epoch: wanted === null ? null : String(wanted) });
  const pick = (x: number, by: XKind) => {
    const places = epochs.map((one) => x_of_epoch(following.history, one, by)).map((place) => (Number.isNaN(place) ? Infinity : place));
    const i = nearest(places, x);
    if (i >= 0) to_epoch(i === epochs.length - 1 ? null : epochs[i]!);
  };
  const film = [by_epoch(details.samples, query.value.get('grid') === 'large' ? 'samples/grid-' : 'samples/epoch-'), by_epoch(details.maps, 'maps/epoch-')];
  return (
    <div class="watch stack">
      <header class="stack watch-head">
        <div class="row spread">
          <div class="row">
            <h1>{run}</h1>
            <Status state={now} />
          </div>
          <div class="row">
            <a class="button" href={`/compare?runs=${encodeURIComponent(run)}`}>
              Compare
            </a>
            <a class="button" href={`${run_path(run, 'space')}${follows ? '' : `?epoch=${epoch}`}`}>
              Walk its space
            </a>
          </div>
        </div>
        <Progress details={details} history={following.history} alive={alive} />
        {is_removed && (
          <p class="error" role="alert">
            The folder of this run was removed. What stands below is what was last seen. <a href="/">All runs</a>
          </p>
        )}
        {!is_removed && asked.error && (
          <p class="error" role="alert">{`${asked.error.message} What stands below is what was last heard.`}</p>
        )}
        {!asked.error && !following.connected.value && !is_removed && <p class="warning" role="status">Its events do not arrive at the moment; the page tries again.</p>}
        {card.reason && <p class={now === 'finished' || now === 'paused' ? 'quiet-text' : 'error'}>{card.reason}</p>}
        {!is_removed && <Controls run={run} details={details} state={now} alive={alive} on_change={() => (following.again(), asked.reload())} />}
      </header>

      <Warnings history={following.history} details={details} />

      <div class="panel time-bar">
        <TimeSlider
          epochs={epochs} epoch={epoch ?? 0} follows={follows} on_epoch={to_epoch}
          is_ready={(next) => film.every((files) => is_loaded(at_epoch(files, next)?.address))}
        />
      </div>

      <div class="watch-body">
        <div class="stack watch-pictures">
          <Pictures details={details} epoch={epoch} history={following.history} />
          {details.films.length > 0 && (
            <section class="panel">
              <h2>Films</h2>
              <ul class="plain">
                {details.films.map(({ file, address }) => (
                  <li key={file}>
                    <a href={address} target="_blank" rel="noopener">
                      {file}
                    </a>
                  </li>
                ))}
              </ul>
            </section>
          )}
        </div>
        <div class="stack">
          <CurveTools range={range} />
          <Curves following={following} epoch={epoch} range={range} on_pick={pick} />
        </div>
      </div>

      <section class="panel">
        <h2>
          Scores <TheoryLink at="metrics" of="scores" />
        </h2>
        {table}
      </section>
      {lists}
    </div>
  );
}

function Lists({ run, details }: { run: string; details: RunDetails }) {
  return (
    <div class="watch-foot">
      <section class="panel">
        <h2>Settings</h2>
        <Settings run={run} details={details} />
      </section>
      <section class="panel">
        <h2>Files</h2>
        <Files details={details} />
        {details.films.length === 0 && details.snapshots.length > 1 && (
          <p class="quiet-text small">
            A film of it: <code>{`ganymede film ${run} -o film.gif`}</code>
          </p>
        )}
      </section>
    </div>
  );
}

function Progress({ details: { card, run }, history, alive }: { details: RunDetails; history: History; alive: boolean }) {
  // The events are ahead of what was asked for last.
  const newest = (field: string) => history.table('step')?.column(field)?.at(-1) || 0;
  const step = alive ? Math.max(card.step ?? 0, newest('step')) : (card.step ?? 0);
  const images = alive ? Math.max(card.images ?? 0, newest('images')) : (card.images ?? 0);
  const share = card.total_steps ? Math.min(1, step / card.total_steps) : 0;
  const speed = newest('time_images_per_second');
  const left = alive && speed > 0 && step > 0 ? ((card.total_steps ?? 0) - step) * (images / step) / speed : null;
  const facts = [
    card.recipe !== undefined && `${card.recipe}, seed ${card.seed}`,
    card.epoch !== undefined && `epoch ${thousands(card.epoch)}`,
    card.total_steps !== undefined && `step ${thousands(step)} of ${thousands(card.total_steps)}`,
    images > 0 && `${thousands(images)} images`,
    alive && speed > 0 && `${thousands(speed)} images / s`,
    !!card.seconds && `trained ${duration(alive ? Math.max(card.seconds, newest('time_seconds')) : card.seconds)}`,
    left !== null && left > 0 && `${duration(left)} left`,
  ].filter(Boolean);
  return (
    <div class="progress">
      <span class={`meter${alive ? '' : ' is-still'}`} role="img" aria-label={`${percent(share)} done`}>
        <span style={{ width: `${(100 * share).toFixed(2)}%` }} />
      </span>
      <p class="small quiet-text">
        {facts.join(' · ')}
        {card.parent && (
          <>
            {' · fork of '}
            <a href={run_path(card.parent.run)}>{card.parent.run}</a>
            {` at step ${thousands(card.parent.step)}`}
          </>
        )}
        {typeof run?.version === 'string' && ` · ganymede ${run.version}, ${short(run.plan)}`}
      </p>
    </div>
  );
}

function Warnings({ history, details }: { history: History; details: RunDetails }) {
  const warnings = history.words.length ? history.words.map(({ event }) => event) : details.card.warnings;
  const shown = warnings.filter((warning) => warning.event !== 'stop');
  if (!shown.length) return null;
  return (
    <section class="panel warnings" aria-label="Warnings">
      <h2>
        {shown.length === 1 ? 'A warning' : `${shown.length} warnings`} <TheoryLink at="failures" of="failures" />
      </h2>
      <ul class="plain">
        {shown.map((warning, i) => {
          const { words, where, evidence, remedy } = warning_details(warning);
          return (
            <li key={i}>
              <strong>⚠ {words}</strong> {where && <span class="quiet-text small">{where}</span>}
              {evidence && <p class="small">{`What shows it: ${evidence}`}</p>}
              {remedy && <p class="small">{`What helps: ${remedy}`}</p>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
