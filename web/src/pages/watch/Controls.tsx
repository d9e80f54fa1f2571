// Pause, go on, one epoch more, stop after so many minutes, fork.
import { useEffect, useState } from 'preact/hooks';

import { type ApiError, has_token } from '../../api/client';
import type { RunDetails } from '../../api/types';
import { use_keys } from '../../app/keys';
import { control, type Control, kOnlyShows } from '../../shared/control';
import { can_go_on } from '../../shared/Status';
import { Fork } from './Fork';

interface Props {
  run: string;
  details: RunDetails;
  state: string;
  alive: boolean;
  /** Something was asked for: the run is listened to again. */
  on_change: () => void;
}

export function Controls({ run, details, state, alive, on_change }: Props) {
  const [fault, set_fault] = useState('');
  const [said, set_said] = useState('');
  const [busy, set_busy] = useState(false);
  const [minutes, set_minutes] = useState('');
  const [forks, set_forks] = useState(false);
  useEffect(() => set_said(''), [state]);
  const may = has_token();
  const lives = alive && state === 'running';
  const has_end = state === 'finished';
  const ask = async (wanted: Control, words: string) => {
    if (busy) return;
    set_busy(true);
    set_fault('');
    set_said(words);
    try {
      const answer = await control({ ...wanted, run });
      set_said(answer.state === 'pausing' ? 'It pauses as soon as its step is finished and kept.' : '');
    } catch (error) {
      set_said('');
      set_fault((error as ApiError).message);
    } finally {
      set_busy(false);
      on_change();
    }
  };
  const pause = () => lives && ask({ action: 'pause' }, 'Pausing …');
  const resume = () => !alive && can_go_on(state) && ask({ action: 'go_on' }, 'Going on …');
  use_keys(
    may
      ? [
          { key: 'P', does: 'Pause the run, or go on with it', act: () => (lives ? pause() : resume()) },
          { key: 'f', does: 'Fork the run from a checkpoint', act: () => details.checkpoints.length > 0 && set_forks(true) },
        ]
      : [],
  );
  if (!may) return <p class="quiet-text small">{kOnlyShows}</p>;
  const length = Number(minutes);
  const is_length = minutes.trim() !== '' && length > 0 && Number.isFinite(length);
  const damaged = state === 'damaged' || state === 'removed';
  return (
    <div class="controls">
      <div class="row">
        {lives ? (
          <button onClick={pause} disabled={busy} title="The step is finished and kept (P)">
            ❚❚ Pause
          </button>
        ) : (
          <button onClick={resume} disabled={busy || has_end || damaged || alive} title={has_end ? 'It has reached its length: train one epoch more, or fork it' : 'Goes on from its last checkpoint (P)'}>
            ▶ Go on
          </button>
        )}
        <button onClick={() => ask({ action: 'epoch' }, 'One epoch more …')} disabled={busy || damaged} title="To the end of one more epoch, then it pauses; a finished run becomes longer by one">
          One epoch more
        </button>
        <form
          class="row stop-after"
          onSubmit={(event) => {
            event.preventDefault();
            if (is_length) void ask({ action: 'stop_after', minutes: length }, `Stops after ${length} minutes …`);
          }}
        >
          <button disabled={busy || damaged || has_end || !is_length} title="Trains so long, and pauses then">
            Stop after
          </button>
          <label class="row small">
            <input type="text" inputMode="decimal" size={4} value={minutes} aria-label="Minutes" onInput={(event) => set_minutes(event.currentTarget.value)} /> min
          </label>
        </form>
        <button onClick={() => set_forks(true)} disabled={damaged || details.checkpoints.length === 0} title="A new run from a checkpoint, with changed keys (f)">
          Fork …
        </button>
        <span class="quiet-text small" role="status">
          {said}
        </span>
      </div>
      {fault && (
        <p class="error" role="alert">
          {fault}
        </p>
      )}
      {forks && <Fork run={run} details={details} on_close={() => set_forks(false)} />}
    </div>
  );
}
