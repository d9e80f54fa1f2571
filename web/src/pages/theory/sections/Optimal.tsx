import { at, curve, lattice_around } from '../math/density';
import { bits, js, optimal_discriminator, optimal_logit, optimal_value, value_there } from '../math/divergence';
import { Chart } from '../parts/Chart';
import { Figure, fixed, Play, Readings, small } from '../parts/Figure';
import { Display, M } from '../parts/Formula';
import { Slider } from '../parts/Slider';
import { use_values } from '../parts/values';
import { begin_of, density_of, DensityKnobs, handles_of, Pairs, part } from './densities';

const kPairs = [
  ['N(0, 1) and N(1, 1)', [part(0)], [part(1)]],
  ['far apart', [part(-2)], [part(4)]],
  ['equal', [part(0)], [part(0)]],
  ['a mode is missing', [part(-2, 0.6), part(2, 0.8)], [part(-2, 0.6)]],
  ['two against one wide', [part(-2, 0.6), part(2, 0.8)], [part(0, 1.8)]],
] as const;
const kSurest = 3;

function BestJudge() {
  const densities = use_values('optimal', begin_of([part(0)], [part(1)]));
  const sure = use_values('sure', { t: [1, -1, kSurest] });
  const now = densities.now.value, { t } = sure.now.value;
  const p = density_of(now, 'p'), q = density_of(now, 'q');
  const lattice = lattice_around([p, q], 1201);
  const divergence = js(p, q, lattice), best = optimal_value(p, q, lattice), wanted = -2 * Math.LN2 + 2 * divergence;
  const coarse = lattice_around([p, q], 241, 7);
  const there = curve(coarse.low, coarse.high, coarse.points, (x) => optimal_logit(p, q, x)).map(([x, s]) => [at(p, x), at(q, x), s] as const);
  const value_at = (of: number) => (there.reduce((sum, [real, fake, s]) => sum + value_there(real, fake, of * s), 0) * (coarse.high - coarse.low)) / (coarse.points - 1);
  const here = t === 1 ? best : value_at(t);
  const x = [-kView, kView] as const;
  const places = (f: (x: number) => number) => curve(x[0], x[1], 241, f);
  return (
    <Figure
      title="The best discriminator of two densities, and what it is worth" exhibit="optimal" is_changed={densities.is_changed || sure.is_changed} reset={() => (densities.reset(), sure.reset())}
      sources={<Play preset="normal-1d">Train a G and a D on a normal law</Play>}
      caption={
        <>
          Drag the tops: sideways moves a mean, up and down its width. D* is 1/2 wherever both densities are equal. The shaded integrand, summed over x, is <M>{'L(D^*, G)'}</M>; it is computed by itself, and so is JS, and the two sides of the
          identity are held against each other as you drag.
        </>
      }
      knobs={
        <>
          <Pairs values={densities} pairs={kPairs} />
          <DensityKnobs values={densities} />
          <Slider name={<>how sure D is, <M>t</M> (1 is D*)</>} value={t} low={-1} high={kSurest} step={0.05} on={(v) => sure.set({ t: v })} />
        </>
      }
    >
      <Chart
        says={`Densities of reals and fakes and the best discriminator; JS is ${fixed(bits(divergence), 4)} bit`} x={x} y={[0, 1]} x_name="x" y_name="density; share of real" height={270} handles={handles_of(densities)}
        lines={[
          { name: 'p, reals', colour: '--third', area: true, points: places((v) => at(p, v)) },
          { name: 'q, fakes', colour: '--generator', area: true, dash: '8 3', points: places((v) => at(q, v)) },
          { name: 'D* = p / (p + q)', colour: '--discriminator', width: 2.6, points: places((v) => optimal_discriminator(p, q, v)) },
        ]}
        marks={[{ y: 0.5 }]}
      />
      <div class="side-by-side">
        <Chart
          says="What the game's value is the integral of" x={x} y={[-1, 0.05]} x_name="x" y_name="integrand, nats" height={190}
          lines={[
            { name: 'p log D* + q log(1 − D*)', colour: '--discriminator', area: true, points: places((v) => value_there(at(p, v), at(q, v), optimal_logit(p, q, v))) },
            { name: 'of D = 1/2', colour: '--quiet', dash: '4 4', points: places((v) => -Math.LN2 * (at(p, v) + at(q, v))) },
          ]}
        />
        <Chart
          says="The game's value of a D whose logit is t times that of D*" x={[-1, kSurest]} y={[-3, 0.2]} x_name="t, how sure D is" y_name="L(D, G), nats" height={190}
          lines={[{ name: 'logit of D = t times that of D*', colour: '--discriminator', points: curve(-1, kSurest, 41, value_at) }]}
          marks={[{ y: best, words: 'L(D*, G)', colour: '--third' }, { y: -2 * Math.LN2, colour: '--quiet' }]}
          handles={[{ name: 'how sure D is', colour: '--discriminator', x: t, y: here, only: 'x', on: (v) => sure.set({ t: v }) }]}
        />
      </div>
      <Readings
        rows={[
          { name: 'L(D*, G), integrated', value: fixed(best, 6) },
          { name: '−2 log 2 + 2 JS', value: fixed(wanted, 6), note: `apart by ${small(Math.abs(best - wanted))}`, is_same: Math.abs(best - wanted) < 1e-9 },
          { name: 'JS(p ‖ q)', value: `${fixed(bits(divergence), 4)} bit`, note: `${fixed(divergence, 4)} nat` },
          { name: <>L(D, G) at t = {fixed(t, 2)}</>, value: fixed(here, 4), note: t === 1 ? 'the best there is' : `${fixed(best - here, 4)} below D*` },
        ]}
      />
    </Figure>
  );
}
const kView = 8;

export function Optimal() {
  return (
    <>
      <p>
        Hold G still: its fakes have some density <M>{'\\class{fakes}{q}'}</M>. At every place x the integrand <M>{'p \\log D + q \\log(1 - D)'}</M> has one top, and the D that stands on all tops at once is
      </p>
      <Display>{"\\class{judge}{D^*(x)} = \\frac{\\class{reals}{p(x)}}{\\class{reals}{p(x)} + \\class{fakes}{q(x)}} \\quad L(D^*, G) = -2 \\log 2 + 2 \\, \\JS(\\class{reals}{p} \\parallel \\class{fakes}{q})"}</Display>
      <p>
        So G, against a D that is always the best one, descends the Jensen-Shannon divergence. At the end <M>p = q</M>, D* is 1/2 everywhere, and the value is <M>{'-2 \\log 2 = -1.386'}</M>. Far from the end, where the densities hardly
        meet, the value is close to 0 and flat: there is nothing to descend.
      </p>
      <BestJudge />
    </>
  );
}
