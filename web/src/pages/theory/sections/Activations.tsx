import { useSignal } from '@preact/signals';

import { series_colour } from '../../../shared/colours';
import { curve_of, kCurveNames, share_without_slope } from '../math/curves';
import { curve } from '../math/density';
import { Chart } from '../parts/Chart';
import { Figure, fixed } from '../parts/Figure';
import { M } from '../parts/Formula';
import { Slider } from '../parts/Slider';
import { use_values } from '../parts/values';

const kDashes = [undefined, '9 3', '3 3', '10 3 2 3', '6 2', '2 2', '12 4', '5 2 1 2'];
const kBegin = kCurveNames.map((name) => curve_of(name).constant?.begin ?? 0);
const kRanges = kCurveNames.map((name) => curve_of(name).constant ?? { low: 0, high: 0, begin: 0, name: '' });
const shares_known = new Map<string, number>();
function share_of(curve: ReturnType<typeof curve_of>, constant: number): number {
  const key = `${curve.name} ${constant}`;
  const share = shares_known.get(key) ?? share_without_slope(curve, 0.05);
  shares_known.set(key, share);
  return share;
}
type Name = 'x' | `c${number}`;

function Functions() {
  const { now, set, reset, is_changed } = use_values<Name>('activations', Object.fromEntries([['x', [-1, -4, 4]], ...kRanges.map(({ low, high }, i) => [`c${i}`, [kBegin[i]!, low, high]])]) as unknown as Record<Name, readonly [number, number, number]>);
  const hidden = useSignal<number[]>([1, 5]);
  const one = useSignal(4);
  const { x } = now.value;
  const curves = kCurveNames.map((name, i) => curve_of(name, kRanges[i]!.name ? now.value[`c${i}`] : undefined));
  const chosen = curves[one.value]!;
  const shown = curves.map((_, i) => i).filter((i) => !hidden.value.includes(i));
  const colour = (i: number) => (i === 7 ? '#8a7f00' : series_colour(i));
  const shares = curves.map((c, i) => share_of(c, kRanges[i]!.name ? now.value[`c${i}`] : 0));
  const range = [-4, 4] as const;
  return (
    <Figure
      title="Eight activation functions and their slopes" exhibit="activations" is_changed={is_changed || hidden.value.join() !== '1,5'} reset={() => (reset(), (hidden.value = [1, 5]))}
      sources={
        <span>
          Of trained generators: <code>ganymede study activations</code>
        </span>
      }
      caption={
        <>
          Slopes are what a gradient is multiplied by on its way back. Where ReLU gives 0 it passes nothing on: a unit that gives 0 for every sample is dead. The last column is the share of N(0, 1) on which the slope is below 0.05. Choose a row to change its constant.
        </>
      }
      knobs={
        <>
          <Slider name="x" value={x} low={-4} high={4} on={(v) => set({ x: v })} />
          <Slider name={<>{chosen.name}: {chosen.constant?.name ?? 'no constant'}</>} disabled={!chosen.constant} value={chosen.constant ? now.value[`c${one.value}`] : 0} low={chosen.constant?.low ?? 0} high={chosen.constant?.high ?? 1} on={(v) => set({ [`c${one.value}`]: v })} />
        </>
      }
    >
      <div class="side-by-side">
        <Chart
          says="Values of the activation functions" x={range} y={[-2, 4]} x_name="x" y_name="value" height={300} reads={false}
          lines={shown.map((i) => ({ name: curves[i]!.name, unnamed: true, colour: colour(i), dash: kDashes[i], width: i === one.value ? 3.4 : 1.9, points: curve(-4, 4, 161, curves[i]!.value) }))} marks={[{ x }]}
          handles={[{ name: 'x', colour: '--accent', x, y: chosen.value(x), only: 'x', on: (v) => set({ x: v }) }]}
        />
        <Chart
          says="Their slopes" x={range} y={[-0.6, 1.2]} x_name="x" y_name="slope" height={300} reads={false}
          lines={shown.map((i) => ({ name: curves[i]!.name, unnamed: true, colour: colour(i), dash: kDashes[i], width: i === one.value ? 3.4 : 1.9, points: curve(-4, 4, 401, curves[i]!.slope) }))} marks={[{ x }]}
          handles={[{ name: 'x, at the slope', colour: '--accent', x, y: chosen.slope(x), only: 'x', on: (v) => set({ x: v }) }]}
        />
      </div>
      <div class="scroll-x" tabIndex={0} role="region" aria-label="Activation functions, a table">
        <table class="functions">
          <thead>
            <tr>
              <th scope="col">shown</th>
              <th scope="col">function</th>
              <th scope="col">formula</th>
              <th scope="col" class="number">value at x</th>
              <th scope="col" class="number">slope at x</th>
              <th scope="col" class="number">passes little on</th>
            </tr>
          </thead>
          <tbody>
            {curves.map((c, i) => (
              <tr key={c.name} class={i === one.value ? 'best' : ''}>
                <td>
                  <input type="checkbox" aria-label={`Show ${c.name}`} checked={!hidden.value.includes(i)} onChange={() => (hidden.value = hidden.value.includes(i) ? hidden.value.filter((k) => k !== i) : [...hidden.value, i])} />
                </td>
                <th scope="row">
                  <button type="button" class="plain-button" aria-pressed={i === one.value} onClick={() => (one.value = i)}>
                    <svg width="26" height="8" aria-hidden="true">
                      <path d="M0 4H26" stroke={colour(i)} stroke-width="2.4" stroke-dasharray={kDashes[i]} />
                    </svg>
                    {c.name}
                  </button>
                </th>
                <td>
                  <M>{c.formula}</M>
                </td>
                <td class="number">{fixed(c.value(x), 3)}</td>
                <td class="number">{fixed(c.slope(x), 3)}</td>
                <td class="number">{fixed(100 * shares[i]!, 0)} %</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Figure>
  );
}

export function Activations() {
  return (
    <>
      <p>
        Between two layers stands a function that bends; without it a network of any depth is one matrix. Generators end in tanh, so that pictures lie between −1 and 1, and have ReLU or one of its kin within. The literature’s order from worst to best, ReLU, LeakyReLU, PReLU, ELU, came out reversed in the study of small latent spaces; <code>ganymede study activations</code>{' '}
        judges that anew.
      </p>
      <Functions />
    </>
  );
}
