// Two densities of a line that a hand can change: tops are dragged sideways (the mean) and up and down (the width).
import { at, type Density, type Gaussian } from '../math/density';
import type { Handle } from '../parts/Chart';
import { Slider } from '../parts/Slider';
import type { Values } from '../parts/values';

export type DensityNames = `${'p' | 'q'}${'1' | '2'}${'m' | 's' | 'w'}`;
export const kReach = 8;

type Begin = Record<DensityNames, readonly [number, number, number]>;
/** Means, deviations, weights of two parts each; a part of weight 0 is not there. */
export function begin_of(p: readonly Gaussian[], q: readonly Gaussian[]): Begin {
  const all = {} as Record<DensityNames, readonly [number, number, number]>;
  for (const [name, parts] of [['p', p], ['q', q]] as const) {
    for (const i of [1, 2] as const) {
      const part = parts[i - 1] ?? { mean: name === 'p' ? -2.5 : 3.5, deviation: 0.7, weight: 0 };
      all[`${name}${i}m`] = [part.mean, -kReach, kReach];
      all[`${name}${i}s`] = [part.deviation, 0.2, 4];
      all[`${name}${i}w`] = [part.weight, i === 1 ? 0.05 : 0, 1];
    }
  }
  return all;
}

type Now = Record<DensityNames, number>;
export function density_of(now: Now, name: 'p' | 'q'): Density {
  return ([1, 2] as const).map((i) => ({ mean: now[`${name}${i}m`], deviation: now[`${name}${i}s`], weight: now[`${name}${i}w`] })).filter((part) => part.weight > 0);
}
export const is_one = (density: Density) => density.length === 1;

/** The tops of the parts, scaled as the chart draws densities. */
export function handles_of(values: Values<DensityNames>, scale = 1): Handle[] {
  const now = values.now.value;
  return (['p', 'q'] as const).flatMap((name) => {
    const density = density_of(now, name), total = density.reduce((sum, part) => sum + part.weight, 0);
    return ([1, 2] as const)
      .filter((i) => now[`${name}${i}w`] > 0)
      .map((i) => {
        const mean = now[`${name}${i}m`], share = now[`${name}${i}w`] / total;
        // What the other part adds at this place stays below the top.
        const own = share / (now[`${name}${i}s`] * Math.sqrt(2 * Math.PI));
        const rest = at(density, mean) - own;
        return {
          name: `${name}${density.length > 1 ? `, part ${i}` : ''}: sideways its mean, up and down its width`,
          colour: name === 'p' ? '--third' : '--generator',
          x: mean, y: scale * (own + rest),
          on: (x: number, y: number) => {
            const height = Math.max(0.02, y / scale - rest);
            values.set({ [`${name}${i}m`]: x, [`${name}${i}s`]: share / (height * Math.sqrt(2 * Math.PI)) } as Partial<Now>);
          },
        };
      });
  });
}

function PartKnobs({ values, name, i }: { values: Values<DensityNames>; name: 'p' | 'q'; i: 1 | 2 }) {
  const now = values.now.value;
  const two = now[`${name}2w`] > 0;
  const put = (what: 'm' | 's' | 'w') => (v: number) => values.set({ [`${name}${i}${what}`]: v } as Partial<Now>);
  const of = two ? ` ${i}` : '';
  return (
    <>
      <Slider name={<>mean{of}</>} value={now[`${name}${i}m`]} low={-kReach} high={kReach} step={0.05} on={put('m')} />
      <Slider name={<>width{of}</>} value={now[`${name}${i}s`]} low={0.2} high={4} step={0.05} on={put('s')} />
      {two && <Slider name={<>weight{of}</>} value={now[`${name}${i}w`]} low={i === 1 ? 0.05 : 0.05} high={1} step={0.05} on={put('w')} />}
    </>
  );
}

export function DensityKnobs({ values }: { values: Values<DensityNames> }) {
  const now = values.now.value;
  return (
    <div class="density-knobs">
      {(['p', 'q'] as const).map((name) => {
        const two = now[`${name}2w`] > 0;
        return (
          <fieldset key={name} class={name === 'p' ? 'of-reals' : 'of-fakes'}>
            <legend>
              <b class={name === 'p' ? 'reals' : 'fakes'}>{name === 'p' ? 'reals p' : 'fakes q'}</b>
            </legend>
            <PartKnobs values={values} name={name} i={1} />
            {two && <PartKnobs values={values} name={name} i={2} />}
            <button type="button" onClick={() => values.set({ [`${name}2w`]: two ? 0 : now[`${name}1w`] } as Partial<Now>)}>
              {two ? 'One part' : 'A second part'}
            </button>
          </fieldset>
        );
      })}
    </div>
  );
}

/** Well-known pairs, a press each. */
export function Pairs({ values, pairs }: { values: Values<DensityNames>; pairs: readonly (readonly [string, readonly Gaussian[], readonly Gaussian[]])[] }) {
  return (
    <div class="row pairs" role="group" aria-label="Pairs of densities">
      {pairs.map(([words, p, q]) => {
        const wanted = begin_of(p, q);
        const names = Object.keys(wanted) as DensityNames[];
        // Of a part that is not there nothing else counts.
        const counted = names.filter((name) => wanted[`${name.slice(0, 2)}w` as DensityNames][0] > 0 || name.endsWith('w'));
        const is_now = counted.every((name) => Math.abs(values.now.value[name] - wanted[name][0]) < 1e-9);
        return (
          <button key={words} type="button" aria-pressed={is_now} onClick={() => values.set(Object.fromEntries(names.map((name) => [name, wanted[name][0]])) as Now)}>
            {words}
          </button>
        );
      })}
    </div>
  );
}
export const part = (mean: number, deviation = 1, weight = 1): Gaussian => ({ mean, deviation, weight });
