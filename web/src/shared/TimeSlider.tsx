// One slider over the epochs that a run has kept something of: step, drag, or play them as a film.
import { useEffect, useState } from 'preact/hooks';

import { use_keys } from '../app/keys';
import './shared.css';

interface Props {
  /** Ascending. */
  epochs: number[];
  /** One of them. */
  epoch: number;
  /** Whether the page follows the newest; null goes there. */
  follows: boolean;
  on_epoch: (epoch: number | null) => void;
  /** Whether what belongs to an epoch can be shown at once: a film waits for it. */
  is_ready?: (epoch: number) => boolean;
}

const kSpeeds = [1, 2, 4, 8, 16, 30];

export function TimeSlider({ epochs, epoch, follows, on_epoch, is_ready }: Props) {
  const [plays, set_plays] = useState(false);
  const [speed, set_speed] = useState(4);
  const at = Math.max(0, epochs.indexOf(epoch));
  const last = epochs.length - 1;
  const to = (index: number) => {
    const i = Math.min(last, Math.max(0, index));
    if (epochs.length) on_epoch(i === last ? null : epochs[i]!);
  };
  const play = () => {
    if (last < 1) return;
    if (!plays && at === last) to(0);
    set_plays(!plays);
  };
  useEffect(() => {
    if (!plays) return;
    if (at >= last) return set_plays(false);
    let waited = 0;
    const timer = setInterval(() => {
      if (is_ready && !is_ready(epochs[at + 1]!) && (waited += 1000 / speed) < 2000) return;
      clearInterval(timer);
      to(at + 1);
    }, 1000 / speed);
    return () => clearInterval(timer);
  }, [plays, speed, at, last]);
  use_keys([
    { key: 'ArrowLeft', does: 'One epoch back', act: () => to(at - 1) },
    { key: 'ArrowRight', does: 'One epoch on', act: () => to(at + 1) },
    { key: 'Home', does: 'The first epoch', act: () => to(0) },
    { key: 'End', does: 'The newest epoch', act: () => to(last) },
    { key: 'p', does: 'Play as a film, or stop', act: play },
    { key: '[', does: 'Slower', act: () => set_speed(kSpeeds[Math.max(0, kSpeeds.indexOf(speed) - 1)]!) },
    { key: ']', does: 'Faster', act: () => set_speed(kSpeeds[Math.min(kSpeeds.length - 1, kSpeeds.indexOf(speed) + 1)]!) },
  ]);
  const none = epochs.length === 0;
  return (
    <div class="time" role="group" aria-label="Time">
      <div class="row">
        <button type="button" class="edge" aria-label="The first epoch" title="The first epoch (Home)" disabled={at === 0 || none} onClick={() => to(0)}>
          |◂
        </button>
        <button type="button" aria-label="One epoch back" title="One epoch back (←)" disabled={at === 0 || none} onClick={() => to(at - 1)}>
          ◂
        </button>
        <button type="button" class="time-play" aria-label={plays ? 'Stop' : 'Play'} title={plays ? 'Stop (p)' : 'Play as a film (p)'} disabled={last < 1} onClick={play}>
          {plays ? '❚❚' : '▶'}
        </button>
        <button type="button" aria-label="One epoch on" title="One epoch on (→)" disabled={at >= last || none} onClick={() => to(at + 1)}>
          ▸
        </button>
        <button type="button" class="edge" aria-label="The newest epoch" title="The newest epoch (End)" disabled={at >= last || none} onClick={() => to(last)}>
          ▸|
        </button>
      </div>
      <input
        type="range" min={0} max={Math.max(0, last)} step={1} value={at} disabled={last < 1} aria-label="Epoch" aria-valuetext={`epoch ${epoch}`}
        onInput={(event) => to(Number(event.currentTarget.value))}
      />
      <div class="row">
        <output>
          {none ? 'no epoch yet' : `epoch ${epoch} of ${epochs[last]}`}
          {follows && !none && <span class="wide-only">, newest</span>}
        </output>
        <select aria-label="Speed of the film" title="Epochs a second ([ and ])" value={speed} onChange={(event) => set_speed(Number(event.currentTarget.value))}>
          {kSpeeds.map((one) => (
            <option key={one} value={one}>{`${one} / s`}</option>
          ))}
        </select>
      </div>
    </div>
  );
}
