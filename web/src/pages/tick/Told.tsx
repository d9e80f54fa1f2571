// How far the plane holds, in words.
import { percent } from '../../shared/format';
import type { Plane } from './Tick';

export function Told({ plane, yes, no }: { plane: Plane | null; yes: number; no: number }) {
  if (!plane) {
    const lacking = [yes < 2 ? `${2 - yes} more yes` : '', no < 2 ? `${2 - no} more no` : ''].filter((words) => words).join(' and ');
    return <p class="quiet-text" role="status">{`A plane wants two of each${lacking ? `: ${lacking}` : ', among the first thirty'}.`}</p>;
  }
  const { accuracy, low, high, judged, commonest, told, offset } = plane;
  return (
    <div role="status">
      <p>
        <strong class="told">{percent(accuracy)}</strong> of {judged} ticks are told by planes that were not fitted to them [{percent(low)}, {percent(high)}]; always saying the
        commoner would tell {percent(commonest)}.
      </p>
      <p>{told ? 'This direction is more than chance.' : 'Not more than chance, so far as so few ticks can tell.'}</p>
      <p class="quiet-text small">{`The plane lies ${Math.abs(offset).toFixed(2)} from the origin, on the side of ${offset > 0 ? 'no' : 'yes'}. Held-out accuracy is of the first thirty samples alone: those that follow are the hard ones.`}</p>
    </div>
  );
}
