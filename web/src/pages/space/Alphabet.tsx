// Conditional models: every class at this one z; of ink, the whole alphabet in one hand.
import { useEffect, useMemo } from 'preact/hooks';

import { Looker } from './looking';
import { PlayerBar, use_player } from '../../shared/player';
import { picture_of } from './paint';
import { use_session } from './session';
import { kMoveSeconds, playing_time } from './strokes';
import { Thumbnail } from './Thumbnail';

export function Alphabet() {
  const { state } = use_session();
  if (!state.info.classes) return null;
  const open = state.is_open('alphabet');
  return (
    <section class="panel alphabet" aria-labelledby="alphabet-title">
      <div class="row spread">
        <h2 id="alphabet-title">{state.info.kind === 'ink' ? 'The whole alphabet at this z' : 'Every number at this z'}</h2>
        <button aria-expanded={open} onClick={() => state.show('alphabet', !open)}>
          {open ? 'Close' : 'Show'}
        </button>
      </div>
      <p class="quiet-text small">One z, every class: what they share is the hand, what differs is the class. Choose one to look at it.</p>
      {open && <All />}
    </section>
  );
}

function All() {
  const { state } = use_session();
  const looker = useMemo(() => new Looker(), []);
  useEffect(() => () => looker.close(), []);
  const z = state.z.value;
  const epoch = state.asked_epoch.value;
  const sets = state.sets.value;
  useEffect(
    () => looker.ask({ run: state.run, ...epoch, z, class: 'all', ...(sets.length ? { set: sets } : {}), want: { picture: true, classes: false, layers: false } }),
    [z, epoch, sets],
  );
  const frame = looker.result.value;
  const all = frame?.arrays.picture ?? frame?.arrays.strokes;
  // All letters at once, each from its own beginning.
  const is_ink = state.info.kind === 'ink';
  const times = is_ink && all ? Array.from({ length: state.info.classes }, (_, k) => playing_time(picture_of(all, k).values)) : [];
  const duration = Math.max(0, ...times.map((one) => one.duration));
  const player = use_player(duration, [...new Set(times.flatMap(({ stops }) => stops))].sort((a, b) => a - b), all);
  if (looker.error.value) return <p class="error">{looker.error.value.message}</p>;
  return (
    <>
    {is_ink && <PlayerBar player={player} what="the alphabet" />}
    <ul class="letters" aria-label="Every class at this z">
      {Array.from({ length: state.info.classes }, (_, k) => (
        <li key={k}>
          <button aria-pressed={k === state.number.value} aria-label={`Class ${state.class_name(k)}`} onClick={() => (state.number.value = k)}>
            <Thumbnail kind={state.info.kind} picture={all ? picture_of(all, k) : null} shape={state.info.shape} label="" until={player.time / kMoveSeconds} />
            <span>{state.class_name(k)}</span>
          </button>
        </li>
      ))}
    </ul>
    </>
  );
}
