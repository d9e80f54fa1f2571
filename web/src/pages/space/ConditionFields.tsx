// Models that take a vector beside z: a slider and a number for each of its components.
import { use_session } from './session';
import { rounded } from './vectors';

const kFields = 24; // more would hide the rest of the page

export function ConditionFields() {
  const { state } = use_session();
  const of_data = state.info.condition;
  const condition = state.condition.value;
  if (!of_data || !condition) return null;
  const change = (k: number, value: number) => {
    if (!Number.isFinite(value)) return;
    state.hand = performance.now();
    state.condition.value = condition.map((x, i) => (i === k ? rounded(value) : x));
  };
  return (
    <fieldset class="condition">
      <legend class="small">Condition</legend>
      <div class="sliders">
        {condition.slice(0, kFields).map((value, k) => {
          const [low, high] = [Math.min(of_data.low[k]!, value), Math.max(of_data.high[k]!, value)];
          const step = high > low ? Number(((high - low) / 200).toPrecision(1)) : 0.01;
          return (
            <div class="slider" key={k}>
              <span aria-hidden="true">c{k + 1}</span>
              <input type="range" aria-label={`condition ${k + 1}`} min={low} max={high} step={step} value={value} onInput={(event) => change(k, Number(event.currentTarget.value))} />
              <input type="number" aria-label={`condition ${k + 1}, as a number`} step="any" value={Number(value.toPrecision(4))} onInput={(event) => event.currentTarget.value !== '' && change(k, event.currentTarget.valueAsNumber)} />
            </div>
          );
        })}
      </div>
      {condition.length > kFields && <p class="small quiet-text">{condition.length - kFields} further numbers are those of the data's first.</p>}
    </fieldset>
  );
}
