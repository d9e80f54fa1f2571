import { at, curve, lattice_around } from '../math/density';
import { bits, js, js_integrand, kl, kl_integrand, kl_of_normals } from '../math/divergence';
import { Chart } from '../parts/Chart';
import { Figure, fixed, Readings } from '../parts/Figure';
import { Display, M } from '../parts/Formula';
import { Choice } from '../parts/Slider';
import { use_values } from '../parts/values';
import { begin_of, density_of, DensityKnobs, handles_of, is_one, Pairs, part } from './densities';

const kPairs = [
  ['N(0, 1) and N(1, 1)', [part(0)], [part(1)]],
  ['N(0, 1) and N(0, 3²)', [part(0)], [part(0, 3)]],
  ['N(0, 1) and N(2, 0.5²)', [part(0)], [part(2, 0.5)]],
  ['N(0, 1) and N(6, 1)', [part(0)], [part(6)]],
  ['q covers one mode of two', [part(-3, 0.8), part(3, 0.8)], [part(3, 0.8)]],
  ['q covers both, and between', [part(-3, 0.8), part(3, 0.8)], [part(0, 3.1)]],
] as const;

function Integrands() {
  const densities = use_values('divergence', begin_of([part(0)], [part(0, 3)]));
  const unit = use_values('unit', { bits: [0, 0, 1] });
  const now = densities.now.value;
  const p = density_of(now, 'p'), q = density_of(now, 'q');
  const lattice = lattice_around([p, q], 2001);
  const forth = kl(p, q, lattice), back = kl(q, p, lattice), middle = js(p, q, lattice);
  const in_bits = unit.now.value.bits === 1;
  const scale = in_bits ? 1 / Math.LN2 : 1, name = in_bits ? 'bit' : 'nat';
  const x = [-8, 8] as const;
  const places = (f: (x: number) => number) => curve(x[0], x[1], 321, f);
  const closed = is_one(p) && is_one(q);
  const formula = (a: typeof p, b: typeof q) => scale * kl_of_normals(a[0]!.mean, a[0]!.deviation, b[0]!.mean, b[0]!.deviation);
  const check = (found: number, of: number) => ({ note: `closed form ${fixed(of, 4)}`, is_same: Math.abs(found - of) < 1e-6 });
  return (
    <Figure
      title="What KL and JS are the areas of" exhibit="divergence" is_changed={densities.is_changed || unit.is_changed} reset={() => (densities.reset(), unit.reset())}
      caption={
        <>
          An integrand is negative where the other density is the larger; the areas above win. <M>{'\\KL(q \\parallel p)'}</M> pays dearly where q is and p is not, <M>{'\\KL(p \\parallel q)'}</M> where p is and q is not. Of N(0, 1) and N(1, 1) both are 0.5 nat, though the
          curves differ: they are mirror images. Unequal widths show the asymmetry.
        </>
      }
      knobs={
        <>
          <Pairs values={densities} pairs={kPairs} />
          <Choice name="unit" value={unit.now.value.bits} of={[[0, 'nat'], [1, 'bit']]} on={(v) => unit.set({ bits: v })} />
          <DensityKnobs values={densities} />
        </>
      }
    >
      <Chart
        says="The densities" x={x} y={[0, 0.9]} x_name="x" y_name="density" height={190} handles={handles_of(densities)}
        lines={[
          { name: 'p, reals', colour: '--third', area: true, points: places((v) => at(p, v)) },
          { name: 'q, fakes', colour: '--generator', area: true, dash: '8 3', points: places((v) => at(q, v)) },
        ]}
      />
      <Chart
        says="The integrands of both KL divergences and of JS" x={x} y={[-0.4, 0.9]} x_name="x" y_name={`integrand, ${name}`} height={250}
        lines={[
          { name: 'p log(p / q)', colour: '--third', area: true, points: places((v) => scale * kl_integrand(p, q, v)) },
          { name: 'q log(q / p)', colour: '--generator', area: true, dash: '8 3', points: places((v) => scale * kl_integrand(q, p, v)) },
          { name: 'of JS', colour: '--discriminator', dash: '2 3', width: 2.6, points: places((v) => scale * js_integrand(p, q, v)) },
        ]}
      />
      <Readings
        rows={[
          { name: 'KL(p ‖ q)', value: `${fixed(scale * forth, 4)} ${name}`, ...(closed ? check(scale * forth, formula(p, q)) : {}) },
          { name: 'KL(q ‖ p)', value: `${fixed(scale * back, 4)} ${name}`, ...(closed ? check(scale * back, formula(q, p)) : {}) },
          { name: 'JS(p ‖ q)', value: `${fixed(scale * middle, 4)} ${name}`, note: in_bits ? 'at most 1 bit' : `at most log 2 = 0.6931; ${fixed(bits(middle), 4)} bit` },
        ]}
      />
    </Figure>
  );
}

export function Divergence() {
  return (
    <>
      <p>Two distances of densities, neither of which is a distance as a ruler has it:</p>
      <Display>{'\\KL(p \\parallel q) = \\int p \\log \\frac{p}{q} \\quad \\JS(p \\parallel q) = \\frac{1}{2} \\KL(p \\parallel m) + \\frac{1}{2} \\KL(q \\parallel m) \\quad m = \\frac{p + q}{2}'}</Display>
      <p>
        KL runs from 0 to infinity and is not symmetric. JS is symmetric and ends at one bit: a single yes or no tells the densities apart, and from there on JS no longer says how far they are. Whoever fits by <M>{'\\KL(p \\parallel q)'}</M>, as maximum
        likelihood does, must cover every real, and covers what lies between; the other direction may leave modes out, but makes nothing that does not occur.
      </p>
      <Integrands />
    </>
  );
}
