import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';

import { at, curve, lattice_around } from '../math/density';
import { optimal_discriminator, optimal_logit, optimal_value, game_value } from '../math/divergence';
import { LearnedDiscriminator } from '../math/learned';
import { sigmoid } from '../math/losses';
import { Chart } from '../parts/Chart';
import { Figure, fixed, Readings } from '../parts/Figure';
import { M } from '../parts/Formula';
import { Slider } from '../parts/Slider';
import { use_values } from '../parts/values';
import { begin_of, density_of, DensityKnobs, handles_of, part } from './densities';

const kReal = [part(-2, 0.6), part(2, 0.8)], kFake = [part(0, 1.8)];
const kEachFrame = 4;

function Training() {
  const densities = use_values('learned', begin_of(kReal, kFake));
  const knobs = use_values('learning', { rate: [-2.3, -4, -1], batch: [6, 2, 9] });
  const now = densities.now.value;
  const p = density_of(now, 'p'), q = density_of(now, 'q');
  const { rate, batch } = knobs.now.value;
  const network = useRef(useMemo(() => new LearnedDiscriminator(1), []));
  const turn = useSignal(0);
  const plays = useSignal(false);
  const seed = useRef(1);
  const course = useRef<[number, number][]>([]);
  const train = (updates: number) => {
    for (let i = 0; i < updates; ++i) network.current.train(p, q, 2 ** Math.round(batch), 10 ** rate);
    ++turn.value;
  };
  const latest = useRef(train);
  latest.current = train;
  useEffect(() => {
    if (!plays.value) return;
    let frame = 0;
    const go = () => {
      latest.current(kEachFrame);
      frame = requestAnimationFrame(go);
    };
    frame = requestAnimationFrame(go);
    return () => cancelAnimationFrame(frame);
  }, [plays.value]);
  const again = () => {
    network.current = new LearnedDiscriminator(++seed.current);
    course.current = [];
    ++turn.value;
  };
  void turn.value;
  const lattice = lattice_around([p, q], 161, 6);
  const best = optimal_value(p, q, lattice), found = game_value(p, q, (x) => network.current.logit(x), lattice);
  const error = useMemo(() => {
    let sum = 0;
    const step = (lattice.high - lattice.low) / (lattice.points - 1);
    for (let i = 0; i < lattice.points; ++i) {
      const x = lattice.low + i * step;
      sum += ((at(p, x) + at(q, x)) / 2) * (sigmoid(network.current.logit(x)) - sigmoid(optimal_logit(p, q, x))) ** 2 * step;
    }
    return Math.sqrt(sum);
  }, [turn.value, now]);
  const updates = network.current.updates;
  if (updates > 0 && course.current.at(-1)?.[0] !== updates) {
    course.current.push([updates, error]);
    if (course.current.length > 600) course.current = course.current.filter((_, i) => i % 2 === 0);
  }
  const end = Math.max(200, updates);
  const x = [-8, 8] as const;
  return (
    <Figure
      title="A discriminator that learns, against the best one" exhibit="learned" is_changed={densities.is_changed || knobs.is_changed} reset={() => (densities.reset(), knobs.reset(), again())}
      caption={
        <>
          A network of two hidden layers of 24, trained here in the page by Adam on fresh samples of both densities. Where hardly a sample falls nothing tells it what to say, and no D gets more than <M>{'L(D^*, G)'}</M>. Change the densities while it plays: that is what G does to D.
        </>
      }
      knobs={
        <>
          <div class="row">
            <button type="button" class="primary" aria-pressed={plays.value} onClick={() => (plays.value = !plays.value)}>
              {plays.value ? 'Pause' : 'Train'}
            </button>
            <button type="button" disabled={plays.value} onClick={() => train(1)}>
              One update
            </button>
            <button type="button" disabled={plays.value} onClick={() => train(100)}>
              100 updates
            </button>
            <button type="button" onClick={again}>
              Another beginning
            </button>
          </div>
          <Slider name="learning rate" value={rate} low={-4} high={-1} step={0.1} words={(v) => (10 ** v).toPrecision(2)} on={(v) => knobs.set({ rate: v })} />
          <Slider name="samples of each" value={batch} low={2} high={9} step={1} words={(v) => String(2 ** v)} on={(v) => knobs.set({ batch: v })} />
          <DensityKnobs values={densities} />
        </>
      }
    >
      <Chart
        says={`What the trained discriminator says after ${updates} updates, and what the best one says`} x={x} y={[0, 1]} x_name="x" y_name="share of real; density" height={270} handles={handles_of(densities)}
        lines={[
          { name: 'p, reals', colour: '--third', area: true, width: 1.4, points: curve(x[0], x[1], 161, (v) => at(p, v)) },
          { name: 'q, fakes', colour: '--generator', area: true, width: 1.4, dash: '8 3', points: curve(x[0], x[1], 161, (v) => at(q, v)) },
          { name: 'D*', colour: '--text', dash: '3 3', points: curve(x[0], x[1], 161, (v) => optimal_discriminator(p, q, v)) },
          { name: 'D, as it has learnt', colour: '--discriminator', width: 2.8, points: curve(x[0], x[1], 161, (v) => sigmoid(network.current.logit(v))) },
        ]}
      />
      <Chart
        says="How far D is from the best one over its updates" x={[0, end]} y={[0.005, 1]} log_y x_name="updates of D" y_name="error of D" height={150}
        lines={[{ name: 'root of the mean square of D − D*', colour: '--discriminator', points: course.current.length > 1 ? course.current : [] }]}
      />
      <Readings
        rows={[
          { name: 'updates', value: String(updates) },
          { name: 'error of D', value: fixed(error, 4) },
          { name: 'L(D, G)', value: fixed(found, 4), note: `at most L(D*, G) = ${fixed(best, 4)}` },
        ]}
      />
    </Figure>
  );
}

export function Learned() {
  return (
    <>
      <p>
        The best discriminator is a formula; a real one is a network that sees samples and takes time. How fast does it come to <M>{'D^*'}</M>, and where does it stay ignorant?
      </p>
      <Training />
    </>
  );
}
