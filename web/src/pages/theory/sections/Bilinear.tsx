import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';

import { flow, orbit_invariant, orbit_radii, radius, spiral_radius, walk } from '../math/bilinear';
import { Chart } from '../parts/Chart';
import { Figure, fixed, Play, Readings, small } from '../parts/Figure';
import { Display, M } from '../parts/Formula';
import { Slider } from '../parts/Slider';
import { use_values } from '../parts/values';

const kEnd = 3;

function Circles() {
  const { now, set, reset, is_changed } = use_values('bilinear', { x: [1, -kEnd, kEnd], y: [0, -kEnd, kEnd], eta: [0.1, 0.01, 1.5], steps: [126, 1, 400] });
  const { x, y, eta, steps } = now.value;
  const from = { x, y };
  const plays = useSignal(false);
  useEffect(() => {
    if (!plays.value) return;
    const timer = setInterval(() => {
      const next = now.peek().steps + 1;
      if (next > 400) plays.value = false;
      else set({ steps: next });
    }, 50);
    return () => clearInterval(timer);
  }, [plays.value]);
  const spiral = useMemo(() => walk('simultaneous', from, eta, steps), [x, y, eta, steps]);
  const orbit = useMemo(() => walk('alternating', from, eta, steps), [x, y, eta, steps]);
  const circle = Array.from({ length: 121 }, (_, i) => flow(from, (2 * Math.PI * i) / 120));
  const r0 = radius(from), exact = spiral_radius(r0, eta, steps), end = spiral.at(-1)!, last = orbit.at(-1)!;
  const radii = orbit_radii(from, eta);
  const xy = (places: readonly { x: number; y: number }[]) => places.map((one) => [one.x, one.y] as const);
  const most = Math.max(1, Math.min(12, exact), radii.largest) * 1.15;
  return (
    <Figure
      title="A spiral and an orbit" exhibit="bilinear" reset={() => ((plays.value = false), reset())} is_changed={is_changed}
      sources={
        <>
          <Play preset="fail-oscillation">A GAN that is this game</Play>
          <Play preset="fail-oscillation" set={{ 'game.update': 'simultaneous' }}>with simultaneous steps</Play>
          <Play preset="fail-oscillation" set={{ 'game.penalty': 'r1' }}>cured by R1</Play>
        </>
      }
      caption={
        <>
          Drag the beginning. Players who step at once spiral out, the faster the longer their steps; players who take turns orbit on an ellipse for ever. Only the flow, steps of length 0, keeps the circle. None comes to the equilibrium in the middle.
        </>
      }
      knobs={
        <>
          <div class="row">
            <button type="button" class="primary" aria-pressed={plays.value} onClick={() => {
              if (!plays.value && steps >= 400) set({ steps: 1 });
              plays.value = !plays.value;
            }}>
              {plays.value ? 'Pause' : 'Play'}
            </button>
            <button type="button" onClick={() => set({ steps: 1 })}>To the first step</button>
          </div>
          <Slider name={<>step length <M>{'\\eta'}</M></>} value={eta} low={0.01} high={1.5} on={(v) => set({ eta: v })} />
          <Slider name="steps t" value={steps} low={1} high={400} step={1} on={(v) => set({ steps: v })} />
          <Slider name="x at the beginning" value={x} low={-kEnd} high={kEnd} on={(v) => set({ x: v })} />
          <Slider name="y at the beginning" value={y} low={-kEnd} high={kEnd} on={(v) => set({ y: v })} />
        </>
      }
    >
      <div class="side-by-side wide-left">
        <Chart
          says="Paths of both players from the beginning" x={[-kEnd, kEnd]} y={[-kEnd, kEnd]} square reads={false} x_name="x descends x y" y_name="y ascends x y"
          lines={[
            { name: 'flow: a circle', colour: '--quiet', width: 1.4, points: xy(circle) },
            { name: 'simultaneous', colour: '--generator', width: 1.6, points: xy(spiral) },
            { name: 'alternating', colour: '--discriminator', width: 1.6, dash: '6 3', points: xy(orbit) },
            { name: 'steps at once', unnamed: true, colour: '--generator', dots: true, width: 2, points: xy(spiral) },
            { name: 'steps in turn', unnamed: true, colour: '--discriminator', dots: true, width: 2, points: xy(orbit) },
          ]}
          handles={[{ name: 'the beginning', colour: '--accent', x, y, on: (a, b) => set({ x: a, y: b }) }]}
        >
          {(at) => (
            <>
              {Array.from({ length: 49 }, (_, i) => {
                const gx = -kEnd + (kEnd * 2 * ((i % 7) + 0.5)) / 7, gy = -kEnd + (kEnd * 2 * (Math.floor(i / 7) + 0.5)) / 7;
                const [x0, y0, x1, y1] = [at.x(gx + 0.055 * gy), at.y(gy - 0.055 * gx), at.x(gx - 0.055 * gy), at.y(gy + 0.055 * gx)];
                const [ux, uy] = [(x1 - x0) / (Math.hypot(x1 - x0, y1 - y0) || 1), (y1 - y0) / (Math.hypot(x1 - x0, y1 - y0) || 1)];
                return <path key={i} class="field" d={`M${x0} ${y0}L${x1} ${y1}m${-4 * ux - 2.5 * uy} ${-4 * uy + 2.5 * ux}L${x1} ${y1}l${-4 * ux + 2.5 * uy} ${-4 * uy - 2.5 * ux}`} />;
              })}
              <circle class="equilibrium" cx={at.x(0)} cy={at.y(0)} r="4" />
            </>
          )}
        </Chart>
        <Chart
          says="Distance from the equilibrium over the steps" x={[0, Math.max(20, steps)]} y={[0, most]} x_name="steps t" y_name="radius" height={330}
          lines={[
            { name: 'simultaneous', colour: '--generator', points: spiral.map((one, t) => [t, radius(one)] as const) },
            { name: 'alternating', colour: '--discriminator', dash: '6 3', points: orbit.map((one, t) => [t, radius(one)] as const) },
          ]}
          marks={[{ y: radii.least, colour: '--discriminator', dash: '2 4' }, { y: radii.largest, words: 'half axes of the ellipse', colour: '--discriminator', dash: '2 4' }, { y: r0, colour: '--quiet' }]}
        />
      </div>
      <Readings
        rows={[
          { name: 'radius after t simultaneous steps', value: fixed(radius(end), 8), note: `r₀ (1 + η²)^(t/2) = ${fixed(exact, 8)}`, is_same: Math.abs(radius(end) / (exact || 1) - 1) < 1e-9 || exact === 0 },
          { name: 'x² − η x y + y², alternating', value: fixed(orbit_invariant(last, eta), 8), note: `at the beginning ${fixed(orbit_invariant(from, eta), 8)}`, is_same: Math.abs(orbit_invariant(last, eta) - orbit_invariant(from, eta)) < 1e-9 },
          { name: 'radius, alternating', value: fixed(radius(last), 4), note: `from ${fixed(radii.least, 4)} to ${fixed(radii.largest, 4)}` },
          { name: 'longer by, each simultaneous step', value: small(Math.sqrt(1 + eta * eta) - 1) },
        ]}
      />
    </Figure>
  );
}

export function Bilinear() {
  return (
    <>
      <p>
        The smallest game of two players has one number each and the value <M>x y</M>: x descends it, y ascends it, and <M>(0, 0)</M> is the one equilibrium. Each player’s gradient points at a right angle to where both should go.
      </p>
      <Display>{"\\text{at once: } x' = x - \\eta y, \\, y' = y + \\eta x \\quad \\text{in turn: } x' = x - \\eta y, \\, y' = y + \\eta x'"}</Display>
      <p>
        A step of both at once makes the radius <M>{'\\sqrt{1 + \\eta^2}'}</M> times as long, exactly. Steps in turn keep <M>{'x^2 - \\eta x y + y^2'}</M>, exactly. Losses that swing for ever, as of this game, are no sign of learning.
      </p>
      <Circles />
    </>
  );
}
