// A number that a hand or a key moves, with what it is called and what it is now.
import { useId } from 'preact/hooks';
import type { ComponentChildren } from 'preact';

interface Props {
  /** What it is called; may hold a formula. */
  name: ComponentChildren;
  value: number;
  low: number;
  high: number;
  step?: number;
  words?: (value: number) => string;
  on: (value: number) => void;
  disabled?: boolean;
}

/** So many decimals as the step has. */
const shown = (value: number, step: number) => value.toFixed(Math.max(0, Math.ceil(-Math.log10(step) - 1e-9))).replace('-', '−');

export function Slider({ name, value, low, high, step = 0.01, words, on, disabled }: Props) {
  const id = useId();
  const said = words ? words(value) : shown(value, step);
  return (
    <div class="knob">
      <label for={id}>{name}</label>
      <input id={id} type="range" min={low} max={high} step={step} value={value} aria-valuetext={said} disabled={disabled} onInput={(event) => on(Number(event.currentTarget.value))} />
      <output for={id}>{said}</output>
    </div>
  );
}

/** One of a few, side by side. */
export function Choice<T extends string | number>({ name, value, of, on }: { name: string; value: T; of: readonly (readonly [T, ComponentChildren])[]; on: (value: T) => void }) {
  return (
    <div class="choice-row" role="group" aria-label={name}>
      <span class="choice-name">{name}</span>
      <span class="two">
        {of.map(([one, words]) => (
          <button key={one} type="button" aria-pressed={one === value} onClick={() => on(one)}>
            {words}
          </button>
        ))}
      </span>
    </div>
  );
}
