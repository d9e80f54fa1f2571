import { useMemo } from 'preact/hooks';

import { class_density, heeding, marginal, values_of_conditions } from '../math/conditions';
import { at, curve } from '../math/density';
import { bits, optimal_discriminator } from '../math/divergence';
import { Chart } from '../parts/Chart';
import { Figure, fixed, Readings } from '../parts/Figure';
import { M } from '../parts/Formula';
import { Choice, Slider } from '../parts/Slider';
import { use_values } from '../parts/values';

const kClasses = ['A', 'B', 'C'];

function Heeding() {
  const { now, set, reset, is_changed } = use_values('conditions', { c: [2, 0, 2], heeds: [0.3, 0, 1], spacing: [2.5, 0.5, 4], deviation: [0.8, 0.3, 2] });
  const { c, heeds, spacing, deviation } = now.value;
  const found = useMemo(() => values_of_conditions(heeds, spacing, deviation), [heeds, spacing, deviation]);
  const p = class_density(c, spacing, deviation), q = heeding(c, heeds, spacing, deviation), all = marginal(spacing, deviation);
  const x = [-7, 7] as const;
  const places = (f: (x: number) => number) => curve(x[0], x[1], 221, f);
  return (
    <Figure
      title="A D that is not told the class is content with too little" is_changed={is_changed} reset={reset}
      sources={
        <>
          <span>Run: <code>ganymede train digits-cgan-3d</code></span>
          <span>its Space page has <em>Change number</em> and <em>Change 3D map</em> apart</span>
        </>
      }
      caption={
        <>
          Three classes on a line. G draws the right class in a share of its samples and any class in the others, so its <M>q(x)</M> is <M>p(x)</M>, always: a D that sees x alone says 1/2 of everything, and its value is −2 log 2. Told the class, D sees each fake that lies where its class
          does not.
        </>
      }
      knobs={
        <>
          <Choice name="class asked for" value={c} of={kClasses.map((words, k) => [k, words] as const)} on={(v) => set({ c: v })} />
          <Slider name="G heeds the class in" value={heeds} low={0} high={1} words={(v) => `${Math.round(100 * v)} %`} on={(v) => set({ heeds: v })} />
          <Slider name="classes apart" value={spacing} low={0.5} high={4} step={0.05} on={(v) => set({ spacing: v })} />
          <Slider name="their deviation" value={deviation} low={0.3} high={2} step={0.05} on={(v) => set({ deviation: v })} />
        </>
      }
    >
      <Chart
        says={`Densities of class ${kClasses[c]}, and what both discriminators say`} x={x} y={[0, 1]} x_name="x" y_name="density; share of real" height={270}
        lines={[
          { name: `p(x | ${kClasses[c]})`, colour: '--third', area: true, points: places((v) => at(p, v)) },
          { name: `q(x | ${kClasses[c]})`, colour: '--generator', area: true, dash: '8 3', points: places((v) => at(q, v)) },
          { name: `D*(x, ${kClasses[c]}), told the class`, colour: '--discriminator', width: 2.6, points: places((v) => optimal_discriminator(p, q, v)) },
          { name: 'D*(x), not told', colour: '--text', dash: '3 3', points: places((v) => optimal_discriminator(all, all, v)) },
        ]}
        handles={[{ name: 'classes apart', colour: '--third', x: (c - 1) * spacing, y: at(p, (c - 1) * spacing), on: (v, height) => set({ ...(c === 1 ? {} : { spacing: v * (c - 1) }), deviation: 1 / (Math.max(0.05, height) * Math.sqrt(2 * Math.PI)) }) }]}
      />
      <Readings
        rows={[
          { name: 'L(D*, G), not told', value: fixed(found.blind, 4), note: '−2 log 2 = −1.3863: nothing to see' },
          { name: 'L(D*, G), told the class', value: fixed(found.told, 4), note: `−2 log 2 + 2 JS, JS ${fixed(bits(found.js), 4)} bit` },
        ]}
      />
    </Figure>
  );
}

export function Conditions() {
  return (
    <>
      <p>
        A <em>conditional</em> GAN draws what is asked for: the class, or any vector, is put beside the noise, <M>G(z, c)</M>, and beside what D sees, <M>D(x, c)</M> (Mirza and Osindero 2014). The digit networks here multiply an embedding of the class with z and with the picture; recipes
        have <code>generator.condition</code> and <code>discriminator.condition</code> for the other ways. Or D is not told the class but learns to say it: besides “real?” it gives a vector of class probabilities, trained by categorical cross-entropy (auxiliary classifier).
      </p>
      <Heeding />
    </>
  );
}
