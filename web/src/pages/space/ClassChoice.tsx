// Conditional models: the class that is asked for, and the class whose map is shown, chosen apart.
import { percent } from '../../shared/format';
import { use_session } from './session';

const kButtons = 12;

export function ClassChoice() {
  const { state, mapping } = use_session();
  if (!state.info.classes) return null;
  const cube = state.info.screen === '3d' || state.info.screen === '4d';
  const shares = mapping.wanted_shares.value;
  const numbers = state.class_names.value.every((name) => /^\d+$/.test(name));
  const share_of = (k: number) => shares.get(state.key_of(mapping.request(k)));
  return (
    <div class="class-choice">
      <Choice name={numbers ? 'Change number' : 'Change class'} says="the class that is asked for" value={state.number.value} on_change={(k) => (state.number.value = k)} />
      <Choice name={cube ? 'Change 3D map' : 'Change map'} says="the class whose map is shown; under it the share of its pictures that are of it" value={state.map_class.value} on_change={(k) => (state.map_class.value = k)} share_of={share_of} />
    </div>
  );
}

interface Props {
  name: string;
  says: string;
  value: number;
  on_change: (k: number) => void;
  share_of?: (k: number) => number | undefined;
}

function Choice({ name, says, value, on_change, share_of }: Props) {
  const { state } = use_session();
  const classes = Array.from({ length: state.info.classes }, (_, k) => k);
  if (classes.length > kButtons) {
    const share = share_of?.(value);
    return (
      <label class="inline" title={says}>
        {name}
        <select value={value} onChange={(event) => on_change(Number(event.currentTarget.value))}>
          {classes.map((k) => (
            <option key={k} value={k}>
              {state.class_name(k)}
            </option>
          ))}
        </select>
        {share !== undefined && <span class="small quiet-text">{percent(share)} of its map is of it</span>}
      </label>
    );
  }
  return (
    <div class="choice" role="radiogroup" aria-label={`${name}: ${says}`} title={says}>
      <span class="small choice-name">{name}</span>
      <div class="choice-buttons">
        {classes.map((k) => (
          <label key={k} class="choice-button">
            <input type="radio" class="out-of-sight" name={name} checked={value === k} onChange={() => on_change(k)} />
            <span>{state.class_name(k)}</span>
            {share_of && <small>{share_of(k) === undefined ? '' : percent(share_of(k)!)}</small>}
          </label>
        ))}
      </div>
    </div>
  );
}
