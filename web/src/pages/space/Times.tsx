// Time: one slider over all snapshots; picture and map follow it.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import { use_keys } from '../../app/keys';
import { thousands } from '../../shared/format';
import { use_session } from './session';

const kFrame = 350; // ms an epoch while it plays

export function Times() {
  const { state } = use_session();
  const epochs = state.epochs.value;
  const playing = useSignal(false);
  const newest = state.newest.value;
  const last = epochs.length - (newest ? 0 : 1);
  const at = state.epoch.value === null ? last : Math.max(0, epochs.indexOf(state.epoch.value));
  const go = (index: number) => (state.epoch.value = index >= last ? null : epochs[Math.max(0, index)]!);
  const moved = (index: number, event?: Event) => {
    state.hand = event ? event.timeStamp : 0;
    go(index);
  };
  useEffect(() => {
    if (!playing.value) return;
    const timer = setTimeout(() => {
      if (at >= last) playing.value = false;
      else go(at + 1);
    }, kFrame);
    return () => clearTimeout(timer);
  }, [playing.value, at, last]);
  use_keys([
    { key: 'j', does: 'The epoch before', act: (event) => moved(at - 1, event) },
    { key: 'k', does: 'The next epoch', act: (event) => moved(at + 1, event) },
  ]);
  const step = newest && at === last ? `step ${thousands(newest.step)}` : '';
  if (last < 1) return <span class="small quiet-text">epoch {state.shown_epoch.value}</span>;
  return (
    <div class="times">
      <button
        aria-label={playing.value ? 'Pause' : 'Play the epochs'} title={playing.value ? 'Pause' : 'Play the epochs'} aria-pressed={playing.value}
        onClick={() => {
          if (!playing.value && at >= last) go(0);
          playing.value = !playing.value;
        }}
      >
        {playing.value ? '❚❚' : '▷'}
      </button>
      <input
        type="range" aria-label="Epoch" aria-valuetext={`epoch ${state.shown_epoch.value}${step && `, ${step}`}`} min="0" max={last} step="1" value={at}
        onInput={(event) => ((playing.value = false), moved(Number(event.currentTarget.value), event))}
      />
      <span class="small times-words">
        epoch <b>{state.shown_epoch.value}</b>
        <span class="quiet-text" title={step && `Of ${step}: newer than the last snapshot`}>{step ? ', newest' : ` of ${newest?.epoch ?? epochs.at(-1)}`}</span>
      </span>
    </div>
  );
}
