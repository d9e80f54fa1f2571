// Judge: a real sample beside a generated one, pick the fake (S-THEORY T7). Which is which the server alone knows until all is answered.
import { useRef, useState } from 'preact/hooks';

import { has_token, post_frame } from '../../api/client';
import type { Frame } from '../../api/frames';
import { use_json } from '../../shared/resource';
import { use_title } from '../../shared/title';
import { Begin } from './Begin';
import { End } from './End';
import './judge.css';
import { Results } from './Results';
import { type Pick, Trial } from './Trial';
import type { Judgements, TrialHead, Wish } from './types';

export type TrialFrame = Frame<TrialHead>;

export default function Judge({ run }: { run: string }) {
  const { value: kept, error, reload } = use_json<Judgements>(`/runs/${encodeURIComponent(run)}/judge`);
  const [frame, set_frame] = useState<TrialFrame | null>(null);
  const [fault, set_fault] = useState('');
  const [asking, set_asking] = useState(false);
  const busy = useRef(false);
  const next_trial = useRef<number | undefined>(undefined); // a second press of a key answers no trial that is not seen yet
  use_title(`Judge ${run}`);

  const ask = async (body: object) => {
    if (busy.current) return;
    busy.current = true;
    set_asking(true);
    try {
      const next = (await post_frame('/judge', { run, ...body })) as unknown as TrialFrame;
      next_trial.current = next.head.trial;
      set_fault('');
      set_frame(next);
      if (next.head.finished) reload();
    } catch (error) {
      set_fault((error as Error).message);
    } finally {
      busy.current = false;
      set_asking(false);
    }
  };
  const begin = ({ person, seed, trials, seconds, epoch }: Wish) => ask({ action: 'begin', person, seed, trials, seconds, ...(epoch === null ? {} : { epoch }) });
  const pick = (trial: number, side: Pick) => trial === next_trial.current && ask({ action: 'answer', judgement: frame!.head.judgement, trial, pick: side });
  const leave = () => {
    set_frame(null);
    set_fault('');
    reload();
  };

  const head = frame?.head;
  return (
    <div class="judge stack">
      <div class="row spread">
        <h1>Real or generated? {run}</h1>
        {frame && (
          <button onClick={leave} title="What was answered is kept: go on later under the same name">
            {head!.finished ? 'Back' : 'Go on later'}
          </button>
        )}
      </div>
      {fault && (
        <p class="error" role="alert">
          {fault}
        </p>
      )}
      {!frame && error && <p class="error">{error.message}</p>}
      {frame && !head!.finished && <Trial frame={frame} asking={asking} on_pick={(side) => pick(head!.trial!, side)} />}
      {frame && head!.finished && <End frame={frame} />}
      {!frame && kept && <Begin kept={kept} may={has_token()} asking={asking} on_begin={begin} />}
      {kept && (!frame || head!.finished) && <Results run={run} kept={kept} />}
    </div>
  );
}
