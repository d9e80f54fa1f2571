// One trial: two pictures, and what is left of the time.
import { useEffect, useRef, useState } from 'preact/hooks';

import { use_keys } from '../../app/keys';
import { Pixels } from '../../shared/Pixels';
import type { TrialFrame } from './Judge';

export type Pick = 'left' | 'right' | 'none';

interface Props {
  frame: TrialFrame;
  asking: boolean;
  on_pick: (pick: Pick) => void;
}

export function Trial({ frame, asking, on_pick }: Props) {
  const { head, arrays } = frame;
  const pick = (side: Pick) => () => on_pick(side);
  // These stay from trial to trial: no press is lost between two of them.
  use_keys([
    { key: 'ArrowLeft', does: 'The left picture is the generated one', act: pick('left') },
    { key: 'ArrowRight', does: 'The right picture is the generated one', act: pick('right') },
    { key: '1', does: '', act: pick('left') },
    { key: '2', does: '', act: pick('right') },
  ]);
  const side = (name: 'left' | 'right') => {
    const { shape, values } = arrays[name]!;
    return (
      <button class="side" onClick={pick(name)} aria-disabled={asking}>
        <Pixels shape={shape} values={values} label="" class={shape[0]! > 64 ? 'smooth' : ''} />
        <span>
          The {name} one <kbd>{name === 'left' ? '←' : '→'}</kbd>
        </span>
      </button>
    );
  };
  return (
    <section class="panel stack trial" aria-label="Trial">
      <div class="row spread">
        <h2>Which one is generated?</h2>
        <span class="quiet-text count" role="status">{`${head.trial! + 1} of ${head.trials}`}</span>
      </div>
      <progress max={head.trials} value={head.answered} aria-label="Trials done" />
      <div class="pair">
        {side('left')}
        {side('right')}
      </div>
      {head.seconds_limit > 0 && <Clock key={head.trial} left={head.seconds_left!} of={head.seconds_limit} on_end={() => on_pick('none')} />}
      <p class="quiet-text small">
        {`${head.person}: one of the ${head.reals}, the other by the generator of epoch ${head.epoch}${head.same_class ? ', both of the same class' : ''}.`}
      </p>
    </section>
  );
}

function Clock({ left, of, on_end }: { left: number; of: number; on_end: () => void }) {
  const [now, set_now] = useState(left);
  const end = useRef(on_end);
  end.current = on_end;
  useEffect(() => {
    const since = performance.now();
    const timer = setInterval(() => {
      const rest = left - (performance.now() - since) / 1000;
      set_now(Math.max(0, rest));
      if (rest > 0) return;
      clearInterval(timer);
      end.current();
    }, 50);
    return () => clearInterval(timer);
  }, []);
  return (
    <label class="clock small">
      <span>{`${now.toFixed(1)} s left`}</span>
      <progress max={of} value={now} />
    </label>
  );
}
