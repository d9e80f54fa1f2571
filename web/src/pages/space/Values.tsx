// A canvas of values in colours.
import { useLayoutEffect, useRef } from 'preact/hooks';

import { draw_values, range_of } from './paint';

interface Props {
  shape: number[];
  values: ArrayLike<number>;
  label: string;
  range?: [number, number];
  class?: string;
}

export function Values({ shape, values, label, range, class: more = '' }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const [least, most] = range ?? range_of(values);
    draw_values(canvas.current!, shape, values, least, most);
  }, [values, range?.[0], range?.[1]]);
  return <canvas ref={canvas} class={`pixels ${more}`} role="img" aria-label={label} />;
}
