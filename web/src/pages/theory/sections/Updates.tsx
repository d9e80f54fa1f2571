import { useMemo } from 'preact/hooks';

import type { GeneratorLoss } from '../math/losses';
import { kRealMean, play_shift } from '../math/shift_game';
import { Chart } from '../parts/Chart';
import { Figure, fixed, Play, Readings } from '../parts/Figure';
import { M } from '../parts/Formula';
import { Choice, Slider } from '../parts/Slider';
import { use_values } from '../parts/values';

const kArms = [[1, 'k = 1', '--discriminator', undefined], [2, 'k = 2', '--third', '8 3'], [5, 'k = 5', '--generator', '2 3'], [0, 'D to convergence', '--text', '10 3 2 3']] as const;
const kLosses = ['non_saturating', 'saturating'] as const satisfies readonly GeneratorLoss[];
const kNear = 0.1;
const kRates = { 'generator.optimizer.learning_rate': 0.001, 'discriminator.optimizer.learning_rate': 0.001 };

function Progress() {
  const { now, set, reset, is_changed } = use_values('updates', { theta: [-1, -4, 6], g: [0.3, 0.02, 2], d: [0.5, 0.02, 2], loss: [0, 0, 1], work: [400, 50, 2000] });
  const { theta, g, d, loss, work } = now.value;
  const courses = useMemo(
    () => kArms.map(([k]) => play_shift({ theta, a: 0, b: 0 }, kLosses[loss]!, k, { generator: g, discriminator: d }, work)),
    [theta, g, d, loss, work],
  );
  const away = (places: (typeof courses)[number]) => Math.abs(places.at(-1)!.theta - kRealMean);
  const near = (places: (typeof courses)[number]) => places.find((_, i) => places.slice(i).every((one) => Math.abs(one.theta - kRealMean) < kNear))?.work;
  const spread = Math.max(4, ...courses.flat().map((one) => (Number.isFinite(one.theta) ? Math.min(12, Math.abs(one.theta - kRealMean)) : 12)));
  return (
    <Figure
      title="Progress for the work" exhibit="updates" reset={reset} is_changed={is_changed}
      sources={
        <>
          <Play preset="fail-sensitive" set={{ ...kRates, 'game.update': 'alternating', 'game.d_steps': 1 }}>Play the exhibit’s ring with k = 1</Play>
          <Play preset="fail-sensitive" set={{ ...kRates, 'game.update': 'alternating', 'game.d_steps': 5 }}>k = 5</Play>
          <Play preset="fail-sensitive" set={{ ...kRates, 'game.update': 'converge' }}>D to convergence</Play>
        </>
      }
      caption={
        <>
          The game of two lines: reals N(2, 1), fakes N(θ, 1), <M>{'D(x) = \\sigma(a x + b)'}</M>, expected losses without a sample. Work counts the updates of both players; “D to convergence” takes the best D each time, counted as 50 updates. Press on the beginning of a curve and drag it. The exhibit trains the ring of eight
          Gaussians in the same four ways.
        </>
      }
      knobs={
        <>
          <Choice name="G descends" value={loss} of={[[0, '−log D'], [1, 'log(1 − D)']]} on={(v) => set({ loss: v })} />
          <Slider name="θ at the beginning" value={theta} low={-4} high={6} step={0.1} on={(v) => set({ theta: v })} />
          <Slider name="rate of G" value={g} low={0.02} high={2} on={(v) => set({ g: v })} />
          <Slider name="rate of D" value={d} low={0.02} high={2} on={(v) => set({ d: v })} />
          <Slider name="updates in all" value={work} low={50} high={2000} step={50} on={(v) => set({ work: v })} />
        </>
      }
    >
      <Chart
        says="Where the fakes are over the updates of both players, for four ways to take turns" x={[0, work]} y={[kRealMean - spread, kRealMean + spread]} x_name="updates of both players" y_name="θ, mean of the fakes" height={290}
        lines={kArms.map(([k, words, colour, dash], i) => ({ name: words, colour, dash, width: k === 0 ? 1.8 : 2.2, points: courses[i]!.map((one) => [one.work, one.theta] as const) }))}
        marks={[{ y: kRealMean, words: 'mean of the reals', colour: '--third' }]}
        handles={[{ name: 'θ at the beginning', colour: '--generator', x: 0, y: theta, only: 'y', on: (_, v) => set({ theta: v }) }]}
      />
      <Readings
        rows={kArms.map(([, words], i) => {
          const when = near(courses[i]!);
          return { name: words, value: `${fixed(away(courses[i]!), 3)} away`, note: when === undefined ? `not within ${kNear} at the end` : `within ${kNear} from update ${when} on` };
        })}
      />
    </Figure>
  );
}

export function Updates() {
  return (
    <>
      <p>
        Theory takes the best D for every G. Taken at its word that is a loop within a loop: train D until its loss stops falling, then move G once. In practice <M>k</M> updates of D, one or two, go before each of G (Goodfellow et al. 2014, algorithm 1). What counts is
        progress for the work, and whether G and D keep step: with a small k they may swing about one another.
      </p>
      <Progress />
    </>
  );
}
