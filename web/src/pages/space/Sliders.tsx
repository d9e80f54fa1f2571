// A slider and a number for each coordinate.
import { useState } from 'preact/hooks';


interface Props {
  /** What the coordinates belong to, for their names: "A", or nothing. */
  of?: string;
  names: string[];
  values: readonly number[];
  limit: number;
  on_move: (i: number, value: number, event: Event) => void;
}

export function Sliders({ of = '', names, values, limit, on_move }: Props) {
  return (
    <div class="sliders">
      {names.map((name, i) => (
        <Slider key={name} name={name} of={of} value={values[i] ?? 0} limit={limit} on_move={(value, event) => on_move(i, value, event)} />
      ))}
    </div>
  );
}

interface OneProps {
  name: string;
  of: string;
  value: number;
  limit: number;
  on_move: (value: number, event: Event) => void;
}

/** One of them. */
export function Slider({ name, of, value, limit, on_move }: OneProps) {
  // A point beyond the map makes the slider longer; it gets no shorter under the hand.
  const [held, set_held] = useState(0);
  const reach = Math.max(limit, held, Math.abs(value) > limit ? Math.max(3, Math.ceil(Math.abs(value))) : 0);
  const words = of ? `${name} of ${of}` : name;
  return (
    <div class="slider">
      <span aria-hidden="true">{name}</span>
      <input
        type="range" aria-label={words} min={-reach} max={reach} step={reach > 1 ? 0.01 : 0.005} value={value}
        onPointerDown={() => set_held(reach)} onPointerUp={() => set_held(0)} onKeyDown={() => set_held(reach)} onBlur={() => set_held(0)}
        onInput={(event) => on_move(Number(event.currentTarget.value), event)}
      />
      <input
        type="number" aria-label={`${words}, as a number`} step="0.01" value={Number(value.toPrecision(4))}
        onInput={(event) => event.currentTarget.value !== '' && Number.isFinite(event.currentTarget.valueAsNumber) && on_move(event.currentTarget.valueAsNumber, event)}
      />
    </div>
  );
}
