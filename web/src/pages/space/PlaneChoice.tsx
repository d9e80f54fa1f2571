// More than four dimensions: which two directions span the plane that the pad and the map show.
import { use_session } from './session';
import type { DirectionKind } from './state';

const kOffered = 16;

export function PlaneChoice() {
  const session = use_session();
  const { state } = session;
  const now = state.directions.value;
  const change = (part: Partial<typeof now>) => (state.directions.value = { ...now, ...part });
  const ways = session.kept.ways.value;
  const count = now.kind === 'axes' ? state.dim : now.kind === 'kept' ? ways.length : Math.min(kOffered, state.dim);
  const name_of = (k: number) => (now.kind === 'axes' ? `z${k + 1}` : now.kind === 'kept' ? ways[k]!.name : `${now.kind} ${k + 1}`);
  const pick = (name: string, value: number, take: (k: number) => void) => (
    <select aria-label={name} value={value} onChange={(event) => take(Number(event.currentTarget.value))}>
      {Array.from({ length: count }, (_, k) => (
        <option key={k} value={k}>
          {name_of(k)}
        </option>
      ))}
    </select>
  );
  return (
    <div class="row small">
      <span title="The plane through z that these two directions span">Plane along</span>
      <select aria-label="Kind of directions" value={now.kind} onChange={(event) => change({ kind: event.currentTarget.value as DirectionKind, first: 0, second: 1 })}>
        <option value="axes">axes</option>
        <option value="principal">principal</option>
        <option value="random">random</option>
        {(ways.length > 0 || now.kind === 'kept') && <option value="kept">attributes</option>}
      </select>
      {pick('First direction', now.first, (first) => change({ first }))}
      <span>and</span>
      {pick('Second direction', now.second, (second) => change({ second }))}
      {now.kind === 'random' && <button onClick={() => change({ seed: now.seed + 1 })}>Other ones</button>}
      {session.directions_error.value && <p class="error">{session.directions_error.value}</p>}
    </div>
  );
}
