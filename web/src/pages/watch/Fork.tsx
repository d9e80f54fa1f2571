// A new run that goes on from a checkpoint, with changed keys.
import { useState } from 'preact/hooks';

import type { RunDetails } from '../../api/types';
import { run_path } from '../../app/router';
import { thousands } from '../../shared/format';
import { RunDialog } from '../../shared/RunDialog';

export function Fork({ run, details, on_close }: { run: string; details: RunDetails; on_close: () => void }) {
  const checkpoints = details.checkpoints.filter(({ step }) => step !== undefined).sort((a, b) => b.step! - a.step!);
  const [step, set_step] = useState(checkpoints[0]?.step);
  return (
    <RunDialog
      title={`Fork of ${run}`} wanted={{ action: 'fork', run, checkpoint: step }} base={details.recipe?.options ?? {}} submit="Fork" on_close={on_close}
      missing={step === undefined ? 'It has no checkpoint.' : details.recipe ? undefined : 'Its recipe cannot be read.'}
    >
      <label class="labelled">
        Checkpoint to go on from
        <select value={step} onChange={(event) => set_step(Number(event.currentTarget.value))}>
          {checkpoints.map(({ step: one, modified }) => (
            <option key={one} value={one}>{`step ${thousands(one!)} (${modified.replace('T', ' ').replace('Z', '')})`}</option>
          ))}
        </select>
      </label>
      <p class="quiet-text small">
        The new run begins with this checkpoint and the events up to it, and names <a href={run_path(run)}>{run}</a> as its parent. What is
        changed holds from there on; the networks must keep their shapes.
      </p>
    </RunDialog>
  );
}
