import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';

import { sequential } from '../../../shared/colours';
import { descend, kTaught, loss_of, loss_of_sums, sums_over_places, type ThreeWeights } from '../math/three_weights';
import { Chart } from '../parts/Chart';
import { Figure, fixed, Readings, small } from '../parts/Figure';
import { Display, M } from '../parts/Formula';
import { Landscape } from '../parts/Landscape';
import { Plane } from '../parts/Plane';
import { Slider } from '../parts/Slider';
import { use_values } from '../parts/values';

const kEnd = 4, kCut = 1.6, kSteps = 1200;

// The same places are asked about at every step of the film.
const kept = new Map<number, ReturnType<typeof sums_over_places>>();
function loss_at(w1: number, w2: number, w3: number): number {
  const key = Math.round((w1 + kEnd) * 1e6) * 1e8 + Math.round((w2 + kEnd) * 1e6);
  let sums = kept.get(key);
  if (!sums) kept.set(key, (sums = sums_over_places(w1, w2)));
  return loss_of_sums(sums, w3);
}

function Film() {
  const { now, set, reset, is_changed } = use_values('descent', { w1: [-2, -kEnd, kEnd], w2: [2, -kEnd, kEnd], w3: [0.3, -2.5, 2.5], rate: [0.25, 0.01, 3], step: [60, 0, kSteps], turn: [140, -180, 180] });
  const { w1, w2, w3, rate, step, turn } = now.value;
  const plays = useSignal(false);
  useEffect(() => {
    if (!plays.value) return;
    const timer = setInterval(() => {
      const at = now.peek().step;
      if (at >= kSteps) plays.value = false;
      else set({ step: Math.min(kSteps, Math.round(at + 1 + at / 25)) });
    }, 60);
    return () => clearInterval(timer);
  }, [plays.value]);
  const places = useMemo(() => descend([w1, w2, w3], rate, kSteps), [w1, w2, w3, rate]);
  const losses = useMemo(() => places.map(loss_of), [places]);
  const here = places[step]!;
  const lost = !Number.isFinite(losses[step]!);
  const shown: ThreeWeights = lost ? [w1, w2, w3] : here;
  const way = places.slice(0, step + 1).filter((_, i) => i % Math.ceil((step + 1) / 200) === 0 || i === step);
  const over = useMemo(() => way.filter((w) => Number.isFinite(w[0] + w[1])).map((w) => [w[0], w[1], loss_of([w[0], w[1], shown[2]])] as const), [places, step]);
  const x = [-2, 2] as const;
  const output = (w: ThreeWeights) => Array.from({ length: 81 }, (_, i) => {
    const at = x[0] + ((x[1] - x[0]) * i) / 80;
    return [at, w[2] * Math.tanh(w[0] * at + w[1])] as const;
  });
  return (
    <Figure
      title="The landscape moves under the point" exhibit="descent" reset={() => ((plays.value = false), reset())} is_changed={is_changed}
      caption={
        <>
          The loss over <M>w_1</M> and <M>w_2</M> at the <M>w_3</M> of this step, bright where it is low. Drag the beginning (ring) and play: the point does not only walk on the landscape, the landscape changes under it, since the third weight moves too. Crosses: where the loss is 0 once <M>w_3</M> is right, (2, −1), and for{' '}
          <M>-w_3</M> its mirror. What one more coordinate means; a real network has millions.
        </>
      }
      knobs={
        <>
          <div class="row">
            <button type="button" class="primary" aria-pressed={plays.value} onClick={() => {
              if (!plays.value && step >= kSteps) set({ step: 0 });
              plays.value = !plays.value;
            }}>
              {plays.value ? 'Pause' : 'Play the film'}
            </button>
            <button type="button" onClick={() => ((plays.value = false), set({ step: 0 }))}>
              To the beginning
            </button>
          </div>
          <Slider name="step" value={step} low={0} high={kSteps} step={1} on={(v) => set({ step: v })} />
          <Slider name="landscape turned by" value={turn} low={-180} high={180} step={1} words={(v) => `${v}°`.replace('-', '−')} on={(v) => set({ turn: v })} />
          <Slider name="rate" value={rate} low={0.01} high={3} on={(v) => set({ rate: v, step: now.peek().step })} />
          <Slider name={<><M>w_1</M> at the beginning</>} value={w1} low={-kEnd} high={kEnd} step={0.05} on={(v) => set({ w1: v })} />
          <Slider name={<><M>w_2</M> at the beginning</>} value={w2} low={-kEnd} high={kEnd} step={0.05} on={(v) => set({ w2: v })} />
          <Slider name={<><M>w_3</M> at the beginning</>} value={w3} low={-2.5} high={2.5} step={0.05} on={(v) => set({ w3: v })} />
        </>
      }
    >
      <div class="side-by-side landscapes">
        <Landscape
          says={`The loss as a landscape over w1 and w2 at w3 = ${fixed(shown[2], 2)}, and the way so far`} end={kEnd} cut={kCut} of={[shown[2]]} turn={turn} on_turn={(v) => set({ turn: v })} way={over}
          height={(a, b) => loss_at(a, b, shown[2])} colour={(share) => sequential(1 - share)}
        />
        <Plane
          says={`The loss over w1 and w2 at w3 = ${fixed(shown[2], 2)}; the point is at ${fixed(shown[0], 2)}, ${fixed(shown[1], 2)}`} title={`w3 = ${fixed(shown[2], 3)}`} range={[-kEnd, kEnd]} cells={72} x_name="w1" y_name="w2" of={[shown[2]]}
          colour={(a, b) => sequential(1 - Math.min(1, loss_at(a, b, shown[2]) / kCut))}
          points={[{ name: 'the beginning', colour: '--accent', x: w1, y: w2, on: (a, b) => set({ w1: a, w2: b }) }]}
        >
          {(place) => {
            const points = way.filter((w) => Number.isFinite(w[0] + w[1])).map((w) => place(w[0], w[1]).map((v) => v.toFixed(2)).join(',')).join(' ');
            const [px, py] = place(shown[0], shown[1]);
            return (
              <>
                {[kTaught, kTaught.map((v) => -v)].map((w, i) => {
                  const [cx, cy] = place(w[0]!, w[1]!);
                  return <path key={i} class="goal" d={`M${cx - 1.6} ${cy - 1.6}l3.2 3.2m0 -3.2l-3.2 3.2`} />;
                })}
                <polyline class="way-halo" points={points} />
                <polyline class="way" points={points} />
                <circle class="ball" cx={px} cy={py} r="2.2" />
              </>
            );
          }}
        </Plane>
      </div>
      <div class="side-by-side">
        <Chart
          says="What the network gives, and what it is taught" x={x} y={[-2.5, 2.5]} x_name="x" y_name="f(x)" height={200}
          lines={[
            { name: 'taught', colour: '--third', dash: '7 4', points: output(kTaught) },
            { name: 'f at this step', colour: '--generator', points: lost ? [] : output(here) },
          ]}
        />
        <Chart
          says="The loss over the steps" x={[0, kSteps]} y={[1e-5, 3]} log_y x_name="step" y_name="loss" height={190}
          lines={[{ name: 'loss', colour: '--discriminator', points: losses.map((v, t) => [t, v] as const).filter(([t, v]) => t % 4 === 0 && Number.isFinite(v)) }]}
          marks={[{ x: step }]}
          handles={[{ name: 'the step', colour: '--discriminator', x: step, y: lost ? 3 : losses[step]!, only: 'x', on: (v) => set({ step: Math.round(v) }) }]}
        />
      </div>
      <Readings
        rows={[
          { name: 'weights', value: lost ? 'they have left every bound' : here.map((w) => fixed(w, 3)).join('  ') },
          { name: 'loss', value: lost ? '∞' : small(losses[step]!) },
          { name: 'steps that climbed so far', value: String(losses.slice(1, step + 1).filter((v, i) => !(v <= losses[i]!)).length), note: 'none, as long as the rate is small' },
        ]}
      />
    </Figure>
  );
}

export function Descent() {
  return (
    <>
      <p>
        A network of three weights, taught by another of its kind with the weights 2, −1, 1.5. Over two of them its loss is a surface that can be drawn; the third makes it another surface at every step.
      </p>
      <Display>{'f(x) = w_3 \\tanh(w_1 x + w_2) \\quad \\ell(w) = \\frac{1}{2} \\E (f(x) - g(x))^2'}</Display>
      <Film />
    </>
  );
}
