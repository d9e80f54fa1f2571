import { useMemo } from 'preact/hooks';

import { random_numbers } from '../math/clouds';
import { at, curve, normal } from '../math/density';
import { optimal_discriminator } from '../math/divergence';
import { gradient_of_shifted, type GeneratorLoss, kLossNames, mean_gradient_of_shifted } from '../math/losses';
import { Chart } from '../parts/Chart';
import { Figure, Play, Readings, small } from '../parts/Figure';
import { M } from '../parts/Formula';
import { Slider } from '../parts/Slider';
import { use_values } from '../parts/values';

const kFarthest = 8;
const kColours: Record<GeneratorLoss, string> = { saturating: '--generator', non_saturating: '--discriminator' };
const kBoth = ['saturating', 'non_saturating'] as const;
const words_of = (loss: GeneratorLoss) => kLossNames[loss].replace('-', '−');

function Shifted() {
  const { now, set, reset, is_changed } = use_values('vanishing', { d: [4, 0.1, kFarthest] });
  const { d } = now.value;
  const p = normal(0), q = normal(d);
  const noise = useMemo(() => {
    const { normal: next } = random_numbers(11);
    return Array.from({ length: 40 }, next).sort((a, b) => a - b);
  }, []);
  const fakes = noise.map((z) => d + z);
  const x = [-4, kFarthest + 4] as const;
  const courses = useMemo(() => kBoth.map((loss) => curve(0.1, kFarthest, 60, (v) => mean_gradient_of_shifted(loss, v).mean)), []);
  const here = { saturating: mean_gradient_of_shifted('saturating', d), non_saturating: mean_gradient_of_shifted('non_saturating', d) };
  return (
    <Figure
      title="The gradient that each fake gets behind the best D" exhibit="vanishing" reset={reset} is_changed={is_changed}
      sources={
        <>
          <Play preset="fail-vanishing">See it fail in the Playground</Play>
          <Play preset="fail-vanishing" set={{ 'game.loss': 'non_saturating' }}>and cured by −log D</Play>
        </>
      }
      caption={
        <>
          Reals N(0, 1), fakes N(d, 1): drag the fakes. The logit of the best D has the slope −d everywhere, so a fake’s gradient is <M>{'d D'}</M> with log(1 − D) and <M>{'d (1 - D)'}</M> with −log D. Far away D is sure, and the first is nearly 0 for all fakes
          while the second grows with the distance.
        </>
      }
      knobs={<Slider name="d, how far the fakes are" value={d} low={0.1} high={kFarthest} step={0.1} on={(v) => set({ d: v })} />}
    >
      <Chart
        says="Reals, fakes and the best discriminator" x={x} y={[0, 1]} x_name="x" y_name="density; share of real" height={210}
        lines={[
          { name: 'p, reals', colour: '--third', area: true, points: curve(x[0], x[1], 181, (v) => at(p, v)) },
          { name: 'q, fakes', colour: '--generator', area: true, dash: '8 3', points: curve(x[0], x[1], 181, (v) => at(q, v)) },
          { name: 'D*', colour: '--discriminator', width: 2.6, points: curve(x[0], x[1], 181, (v) => optimal_discriminator(p, q, v)) },
        ]}
        handles={[{ name: 'the fakes', colour: '--generator', x: d, y: at(q, d), only: 'x', on: (v) => set({ d: v }) }]}
      />
      <div class="side-by-side">
        <Chart
          says="The gradient at 40 fakes by both losses" x={x} y={[1e-12, 30]} log_y x_name="x of a fake" y_name="|dL / dx|" height={230}
          lines={kBoth.flatMap((loss) => [
            { name: `${words_of(loss)}, 40 fakes`, colour: kColours[loss], dots: true, width: loss === 'saturating' ? 3.4 : 2.4, points: fakes.map((v) => [v, gradient_of_shifted(loss, d, v)] as const) },
            { name: loss, unnamed: true, colour: kColours[loss], width: 1, dash: loss === 'saturating' ? '4 3' : undefined, points: curve(x[0], x[1], 121, (v) => gradient_of_shifted(loss, d, v)) },
          ])}
        />
        <Chart
          says="The mean gradient over the distance" x={[0, kFarthest]} y={[1e-5, 30]} log_y x_name="d" y_name="mean |dL / dx|" height={230}
          lines={kBoth.map((loss, i) => ({ name: words_of(loss), colour: kColours[loss], dash: loss === 'saturating' ? '7 4' : undefined, points: courses[i]! }))}
          marks={[{ x: d }]}
          handles={kBoth.map((loss) => ({ name: `d, on ${kLossNames[loss]}`, colour: kColours[loss], x: d, y: here[loss].mean, only: 'x' as const, on: (v: number) => set({ d: v }) }))}
        />
      </div>
      <Readings
        rows={[
          { name: 'mean gradient, log(1 − D)', value: small(here.saturating.mean) },
          { name: 'mean gradient, −log D', value: small(here.non_saturating.mean) },
          { name: 'how many times as much', value: small(here.non_saturating.mean / here.saturating.mean) },
        ]}
      />
    </Figure>
  );
}

export function Vanishing() {
  return (
    <>
      <p>
        Early in training the fakes are bad, and D tells them at once. Then <M>{'\\log(1 - D)'}</M> is flat: its gradient is proportional to D, which is 0 there. A D that is too good leaves G nothing to learn from. <M>{'-\\log D'}</M> is steep just there, and flat where D
        already takes the fakes for real.
      </p>
      <Shifted />
    </>
  );
}
