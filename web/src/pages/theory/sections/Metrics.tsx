import { useMemo } from 'preact/hooks';

import { frechet, kernel, manifolds, modes, one_nn, type Point, random_numbers } from '../math/clouds';
import { Chart } from '../parts/Chart';
import { Figure, fixed, Readings } from '../parts/Figure';
import { Display } from '../parts/Formula';
import { Slider } from '../parts/Slider';
import { use_values } from '../parts/values';

const kPoints = 160, kModes = 8, kRadius = 2, kDeviation = 0.25;
const centres = Array.from({ length: kModes }, (_, i): Point => [kRadius * Math.cos((2 * Math.PI * i) / kModes), kRadius * Math.sin((2 * Math.PI * i) / kModes)]);

function ring_points(seed: number): Point[] {
  const { uniform, normal } = random_numbers(seed);
  return Array.from({ length: kPoints }, () => {
    const [x, y] = centres[Math.floor(kModes * uniform())]!;
    return [x + kDeviation * normal(), y + kDeviation * normal()];
  });
}

const kBegin = { x: [0, -4, 4], y: [0, -4, 4], modes: [8, 1, 8], width: [1, 0.05, 4], blur: [0, 0, 1], copies: [0, 0, 1] } as const;
type Knob = keyof typeof kBegin;
const kCases: readonly (readonly [string, Partial<Record<Knob, number>>])[] = [
  ['a perfect G', {}],
  ['three modes of eight', { modes: 3 }],
  ['collapse', { modes: 1, width: 0.2 }],
  ['one Gaussian of the same moments', { blur: 1 }],
  ['copies of the reals', { copies: 1 }],
  ['blurred', { width: 2.4 }],
  ['shifted', { x: 0.8, y: 0.4 }],
];

function Blindness() {
  const { now, set, reset, is_changed } = use_values<Knob>('metrics', kBegin as unknown as Record<Knob, readonly [number, number, number]>);
  const k = now.value;
  const real = useMemo(() => ring_points(3), []);
  const held_out = useMemo(() => ring_points(4), []);
  const fake = useMemo(() => {
    const { uniform, normal } = random_numbers(7);
    const broad = Math.sqrt((kRadius * kRadius) / 2 + kDeviation * kDeviation);
    return real.map((copied): Point => {
      const [blurred, copy, mode, a, b] = [uniform(), uniform(), Math.floor(k.modes * uniform()), normal(), normal()];
      const [cx, cy] = centres[mode]!;
      const [x, y] = copy < k.copies ? copied : blurred < k.blur ? [broad * a, broad * b] : [cx + k.width * kDeviation * a, cy + k.width * kDeviation * b];
      return [x + k.x, y + k.y];
    });
  }, [k]);
  const scores = useMemo(() => {
    const against = (points: readonly Point[]) => ({ frechet: frechet(real, points), kernel: kernel(real, points), ...manifolds(real, points), one_nn: one_nn(real, points), ...modes(points, centres, 3 * kDeviation) });
    return { found: against(fake), floor: against(held_out) };
  }, [fake]);
  const { found, floor } = scores;
  const row = (name: string, key: keyof typeof found, digits: number, note = '') => ({ name, value: fixed(found[key], digits), note: `perfect: ${fixed(floor[key], digits)}${note}` });
  const is_case = (wanted: Partial<Record<Knob, number>>) => (Object.keys(kBegin) as Knob[]).every((name) => Math.abs(k[name] - (wanted[name] ?? kBegin[name][0])) < 1e-9);
  return (
    <Figure
      title="What each score sees of the same failure" reset={reset} is_changed={is_changed}
      sources={
        <>
          <span>Of a run: <code>ganymede evaluate RUN</code>, on Watch and Compare with interval and floor</span>
        </>
      }
      caption={
        <>
          {kPoints} reals of a ring of eight Gaussians, and as many fakes; the points are their own features. Drag the fakes’ middle, or take a case. “Perfect” is what new reals score: chance alone. One Gaussian of the same moments has nearly the Fréchet distance of a perfect G; copies have every score but the nearest
          neighbour’s.
        </>
      }
      knobs={
        <>
          <div class="row pairs" role="group" aria-label="Cases">
            {kCases.map(([words, wanted]) => (
              <button key={words} type="button" aria-pressed={is_case(wanted)} onClick={() => set(Object.fromEntries((Object.keys(kBegin) as Knob[]).map((name) => [name, wanted[name] ?? kBegin[name][0]])))}>
                {words}
              </button>
            ))}
          </div>
          <Slider name="modes that G knows" value={k.modes} low={1} high={8} step={1} on={(v) => set({ modes: v })} />
          <Slider name="width of a mode, of the reals’" value={k.width} low={0.05} high={4} step={0.05} on={(v) => set({ width: v })} />
          <Slider name="share from one broad Gaussian" value={k.blur} low={0} high={1} on={(v) => set({ blur: v })} />
          <Slider name="share of copies" value={k.copies} low={0} high={1} on={(v) => set({ copies: v })} />
          <Slider name="shift to the right" value={k.x} low={-4} high={4} step={0.05} on={(v) => set({ x: v })} />
          <Slider name="shift upwards" value={k.y} low={-4} high={4} step={0.05} on={(v) => set({ y: v })} />
        </>
      }
    >
      <div class="side-by-side wide-left">
        <Chart
          says="Reals and fakes in the plane" x={[-4, 4]} y={[-4, 4]} square reads={false} x_name="x" y_name="y"
          lines={[
            { name: 'reals', colour: '--third', dots: true, width: 3.6, points: real },
            { name: 'fakes', colour: '--generator', dots: true, width: 2.1, points: fake },
          ]}
          handles={[{ name: 'the fakes’ middle', colour: '--generator', x: k.x, y: k.y, on: (x, y) => set({ x, y }) }]}
        />
        <Readings
          rows={[
            row('frechet ↓', 'frechet', 3),
            row('kernel ↓', 'kernel', 3, '; below 0: chance'),
            row('precision ↑', 'precision', 2),
            row('recall ↑', 'recall', 2),
            row('density ↑', 'density', 2),
            row('coverage ↑', 'coverage', 2),
            row('one_nn, 0.5 is best', 'one_nn', 2, '; below: copies'),
            row('modes of 8 ↑', 'modes', 0),
            row('high_quality ↑', 'high_quality', 3),
          ]}
        />
      </div>
    </Figure>
  );
}

const kTable: readonly (readonly [name: string, sees: string, blind: string])[] = [
  ['frechet', 'mean and covariance of features: realism and diversity in one number', 'all beyond two moments; biased upwards by about 1/N: compare equal counts alone'],
  ['frechet_positions', 'the same over samples and places of a feature map, as the lecture has it', 'another number than frechet: never compare the two'],
  ['kernel', 'all moments that its cubic kernel weighs; unbiased, so small sets do', 'which of realism and diversity is short'],
  ['precision, density', 'whether fakes lie among the reals', 'modes that are missing'],
  ['recall, coverage', 'whether reals have fakes about them', 'fakes that lie elsewhere besides; recall is fooled by outliers, coverage is not'],
  ['one_nn', 'copies (below 0.5) and sets that lie apart (1)', 'why'],
  ['inception', 'sure and varied classes, by our classifier', 'the reals: a G that draws one perfect picture a class scores highest'],
  ['modes, class_js', 'classes that are lost, and shares that are wrong', 'variety within a class'],
  ['mixture', 'modes of a known mixture, how many points are near one', 'anything but known mixtures'],
  ['msd, nrmsd', 'variety within a class, of pairs', 'realism: scribble is varied'],
  ['path_length', 'jumps of the picture along ways in z', 'realism: a constant is smooth'],
  ['separability', 'classes that a hyperplane of z parts: disentanglement', 'what no class names'],
  ['weak, strong', 'whatever a classifier that is trained for it finds: val_loss in nats, error_rate as a share', 'its ceiling: once it tells all, it no longer says how far'],
  ['discriminator', 'what the run’s own D still tells', 'comparison: each run has another judge'],
  ['neighbours', 'copies, to the eye', 'a number'],
  ['a user study', 'what persons take for real', 'modes that are missing; it costs people'],
];

export function Metrics() {
  return (
    <>
      <p>
        How good is a G? Its loss does not say: it is a distance to its own opponent. Every score sees something and is blind to something, so two that disagree are worth more than one. The best known holds Gaussians of features against each other:
      </p>
      <Display>{"\\text{frechet} = |\\mu - \\mu'|^2 + \\Tr(\\Sigma + \\Sigma' - 2 \\sqrt{\\Sigma \\Sigma'})"}</Display>
      <Blindness />
      <div class="scroll-x" tabIndex={0} role="region" aria-label="Scores, a table">
        <table class="metrics">
          <caption>
            The scores of <code>ganymede evaluate</code>, by their names in docs/measures.md
          </caption>
          <thead>
            <tr>
              <th scope="col">name</th>
              <th scope="col">sees</th>
              <th scope="col">is blind to</th>
            </tr>
          </thead>
          <tbody>
            {kTable.map(([name, sees, blind]) => (
              <tr key={name}>
                <th scope="row">{name.split(', ').map((one, i) => <span key={one}>{i > 0 && ', '}{one.startsWith('a ') ? one : <code>{one}</code>}</span>)}</th>
                <td>{sees}</td>
                <td>{blind}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
