import { useMemo } from 'preact/hooks';

import { random_numbers } from '../math/clouds';
import { conditional, covariance, unit } from '../math/directions';
import { Chart } from '../parts/Chart';
import { Figure, fixed, Readings } from '../parts/Figure';
import { Display, M } from '../parts/Formula';
import { Choice, Slider } from '../parts/Slider';
import { use_values } from '../parts/values';

const kEnd = 3, kDegrees = Math.PI / 180;

function Hyperplanes() {
  const { now, set, reset, is_changed } = use_values('latent', { first: [20, -180, 180], second: [70, -180, 180], step: [1.5, -3, 3], way: [0, 0, 1], s1: [1, 0.2, 2], s2: [1, 0.2, 2] });
  const { first, second, step, way, s1, s2 } = now.value;
  const n1 = unit(first * kDegrees), n2 = unit(second * kDegrees);
  const sigma = covariance([n1, n2], [s1, s2]);
  const free = conditional(n1, n2);
  const along = way === 0 || !free ? n1 : free;
  const cloud = useMemo(() => {
    const { normal } = random_numbers(5);
    return Array.from({ length: 220 }, () => [normal(), normal()] as const);
  }, []);
  const sign = (z: readonly number[], n: readonly number[]) => z[0]! * n[0]! + z[1]! * n[1]! >= 0;
  const group = (a: boolean, b: boolean) => cloud.filter((z) => sign(z, n1) === a && sign(z, n2) === b);
  const line = (n: readonly number[]) => [[-5 * n[1]!, 5 * n[0]!], [5 * n[1]!, -5 * n[0]!]] as const;
  const dot = (a: readonly number[], b: readonly number[]) => a[0]! * b[0]! + a[1]! * b[1]!;
  const angle_of = (x: number, y: number) => Math.round(Math.atan2(y, x) / kDegrees);
  const change = (n: readonly number[], strength: number) => fixed(strength * step * dot(along, n), 3);
  const correlation = sigma[0]![1]! / Math.sqrt(sigma[0]![0]! * sigma[1]![1]!);
  return (
    <Figure
      title="Two attributes of a latent space, and what moving one does to the other" reset={reset} is_changed={is_changed}
      sources={
        <>
          <Play2 />
          <span>Of a run: <code>ganymede directions RUN</code>, and the panel Directions of its Space; in print: <code>ganymede study directions</code></span>
        </>
      }
      caption={
        <>
          Every dot is a z; a hyperplane parts those with an attribute from those without. Drag the tips of the normals. Moving along <M>n_1</M> also changes the second attribute, unless the normals stand at a right angle: then Σ is diagonal and the attributes are <em>disentangled</em>. The <em>conditional</em> direction, <M>n_1</M> less
          its part along <M>n_2</M>, leaves the second as it is.
        </>
      }
      knobs={
        <>
          <Choice name="move along" value={way} of={[[0, 'n₁'], [1, 'n₁, n₂ held fast']]} on={(v) => set({ way: v })} />
          <Slider name="how far" value={step} low={-3} high={3} step={0.05} on={(v) => set({ step: v })} />
          <Slider name={<>angle of <M>n_1</M></>} value={first} low={-180} high={180} step={1} words={(v) => `${v}°`.replace('-', '−')} on={(v) => set({ first: v })} />
          <Slider name={<>angle of <M>n_2</M></>} value={second} low={-180} high={180} step={1} words={(v) => `${v}°`.replace('-', '−')} on={(v) => set({ second: v })} />
          <Slider name={<>strength <M>{'\\lambda_1'}</M></>} value={s1} low={0.2} high={2} step={0.05} on={(v) => set({ s1: v })} />
          <Slider name={<>strength <M>{'\\lambda_2'}</M></>} value={s2} low={0.2} high={2} step={0.05} on={(v) => set({ s2: v })} />
        </>
      }
    >
      <div class="side-by-side wide-left">
        <Chart
          says="Latent vectors, two hyperplanes with their normals, and the way that is gone" x={[-kEnd, kEnd]} y={[-kEnd, kEnd]} square reads={false} x_name="z₁" y_name="z₂"
          lines={[
            { name: 'both attributes', colour: '--text', dots: true, width: 2.6, points: group(true, true) },
            { name: 'the first alone', colour: '--discriminator', dots: true, width: 2.6, points: group(true, false) },
            { name: 'the second alone', colour: '--generator', dots: true, width: 2.6, points: group(false, true) },
            { name: 'neither', colour: '--line', dots: true, width: 2.6, points: group(false, false) },
            { name: 'n₁′ z = 0', unnamed: true, colour: '--discriminator', width: 1.4, points: line(n1) },
            { name: 'n₂′ z = 0', unnamed: true, colour: '--generator', width: 1.4, dash: '8 3', points: line(n2) },
            { name: 'n₁', unnamed: true, colour: '--discriminator', width: 3, points: [[0, 0], [2 * n1[0]!, 2 * n1[1]!]] },
            { name: 'n₂', unnamed: true, colour: '--generator', width: 3, points: [[0, 0], [2 * n2[0]!, 2 * n2[1]!]] },
            { name: 'the way', colour: '--third', width: 3, dash: '3 3', points: [[0, 0], [step * along[0]!, step * along[1]!]] },
          ]}
          handles={[
            { name: 'n₁', colour: '--discriminator', x: 2 * n1[0]!, y: 2 * n1[1]!, on: (x, y) => set({ first: angle_of(x, y) }) },
            { name: 'n₂', colour: '--generator', x: 2 * n2[0]!, y: 2 * n2[1]!, on: (x, y) => set({ second: angle_of(x, y) }) },
            { name: 'how far along', colour: '--third', x: step * along[0]!, y: step * along[1]!, on: (x, y) => set({ step: dot([x, y], along) }) },
          ]}
        />
        <Readings
          rows={[
            { name: 'the first attribute changes by', value: change(n1, s1) },
            { name: 'the second attribute changes by', value: change(n2, s2), note: way === 1 ? (free ? 'held fast' : 'the normals are parallel: nothing is left') : Math.abs(correlation) < 0.02 ? 'disentangled' : 'entangled', is_same: Math.abs(step * dot(along, n2)) < 1e-9 },
            { name: 'Σ, first row', value: `${fixed(sigma[0]![0]!, 2)}  ${fixed(sigma[0]![1]!, 2)}` },
            { name: 'Σ, second row', value: `${fixed(sigma[1]![0]!, 2)}  ${fixed(sigma[1]![1]!, 2)}` },
            { name: 'correlation of the attributes', value: fixed(correlation, 3), note: `the cosine of ${Math.round(Math.acos(Math.max(-1, Math.min(1, dot(n1, n2)))) / kDegrees)}°` },
          ]}
        />
      </div>
    </Figure>
  );
}
function Play2() {
  return <a href="/play?preset=fail-entangled">An entangled GAN in the Playground</a>;
}

export function Latent() {
  return (
    <>
      <p>
        What does a direction of z mean? For an attribute with a score <M>{'f(G(z))'}</M>, find the hyperplane <M>{"n' z = 0"}</M> that separates it; to move along its normal <M>n</M> changes it (Shen et al. 2020). Several attributes together are linear in z, and of z ~ N(0, I) their covariance says what hangs
        together:
      </p>
      <Display>{"s = \\Lambda N' z \\quad \\Sigma_s = \\Lambda N' N \\Lambda"}</Display>
      <Hyperplanes />
    </>
  );
}
