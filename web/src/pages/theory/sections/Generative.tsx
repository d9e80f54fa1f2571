import { DigitNoise } from './DigitNoise';
import { M } from '../parts/Formula';
import { Figure, fixed, Readings, small } from '../parts/Figure';
import { Plane } from '../parts/Plane';
import { Slider } from '../parts/Slider';
import { use_values } from '../parts/values';
import { sigmoid } from '../math/losses';

const kEnd = 5;
const kTurn = Math.hypot(1.3, 0.4);
type Rgb = readonly [number, number, number];
const mix = (a: Rgb, b: Rgb, t: number): Rgb => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
const kLeft: Rgb = [240, 160, 80], kRight: Rgb = [90, 150, 220], kWhite: Rgb = [255, 255, 255], kGreen: Rgb = [20, 110, 90];

/** Two round classes of the plane, as in the exhibit: centres at -+(1.3, 0.4) stretched to `apart`. */
function two_classes(apart: number, deviation: number) {
  const cx = (1.3 * apart) / 2 / kTurn, cy = (0.4 * apart) / 2 / kTurn;
  const log_part = (x: number, y: number, side: number) => -((x - side * cx) ** 2 + (y - side * cy) ** 2) / (2 * deviation * deviation);
  const share = (x: number, y: number) => sigmoid(log_part(x, y, 1) - log_part(x, y, -1));
  const density = (x: number, y: number) => Math.exp(log_part(x, y, 1)) + Math.exp(log_part(x, y, -1));
  return { share, density: (x: number, y: number) => density(x, y) / density(cx, cy) };
}

function TwoClasses() {
  const { now, set, reset, is_changed } = use_values('classes', { x: [1.2, -kEnd, kEnd], y: [4.3, -kEnd, kEnd], apart: [2 * kTurn, 0.5, 6], deviation: [0.8, 0.4, 2] });
  const { x, y, apart, deviation } = now.value;
  const { share, density } = two_classes(apart, deviation);
  const point = [{ name: 'x', colour: '#b41414', x, y, on: (a: number, b: number) => set({ x: a, y: b }) }];
  const said = share(x, y);
  return (
    <Figure
      title="A classifier is sure of what it never saw" exhibit="generative" reset={reset} is_changed={is_changed}
      caption={
        <>
          Two classes of the plane. Left, what a discriminative model knows: which class, everywhere. Right, what a generative one knows: how likely such a point is at all. Drag the point far away from both
          classes: <M>p(y \mid x)</M> only becomes surer.
        </>
      }
      knobs={
        <>
          <Slider name="x" value={x} low={-kEnd} high={kEnd} on={(v) => set({ x: v })} />
          <Slider name="y" value={y} low={-kEnd} high={kEnd} on={(v) => set({ y: v })} />
          <Slider name="classes apart" value={apart} low={0.5} high={6} on={(v) => set({ apart: v })} />
          <Slider name="their deviation" value={deviation} low={0.4} high={2} on={(v) => set({ deviation: v })} />
        </>
      }
    >
      <div class="side-by-side">
        <Plane
          says={`Discriminative: at the point the class "right" has a share of ${fixed(100 * said, 1)} %`} title="discriminative: p(y | x)" range={[-kEnd, kEnd]} x_name="x" y_name="y" points={point} of={[apart, deviation]}
          colour={(a, b) => {
            const s = share(a, b);
            return s < 0.5 ? mix(kWhite, kLeft, 1 - 2 * s) : mix(kWhite, kRight, 2 * s - 1);
          }}
        >
          {() => (
            <>
              <text class="on-plane" x="4" y="96">left</text>
              <text class="on-plane" x="96" y="96" text-anchor="end">right</text>
            </>
          )}
        </Plane>
        <Plane
          says={`Generative: the density at the point is ${small(density(x, y))} of that in the middle of a class`} title="generative: p(x)" range={[-kEnd, kEnd]} x_name="x" y_name="y" points={point} of={[apart, deviation]}
          colour={(a, b) => mix(kWhite, kGreen, Math.min(1, Math.sqrt(density(a, b))))}
        />
      </div>
      <Readings
        rows={[
          { name: 'the classifier says', value: `${said >= 0.5 ? 'right' : 'left'}, ${fixed(100 * Math.max(said, 1 - said), said > 0.9999 || said < 0.0001 ? 3 : 1)} %` },
          { name: 'p(x), of a class’s middle', value: small(density(x, y)) },
        ]}
      />
    </Figure>
  );
}

export function Generative() {
  return (
    <>
      <p>
        A <em>discriminative</em> model learns <M>p(y \mid x)</M>: which class a picture has. It knows nothing of <M>p(x)</M>, whether there is such a picture at all. A <em>generative</em> model learns <M>p(x)</M>, or{' '}
        <M>{'p(x, y) = p(y \\mid x) \\, p(x)'}</M>, and can therefore draw new pictures, and say that a picture does not occur.
      </p>
      <TwoClasses />
      <p>
        The same happens to a classifier of digits. A little noise, too weak to trouble a person, shifts its class, if each pixel is moved where the classifier is weakest. Noise of the same size by chance hardly does. A model of{' '}
        <M>p(x)</M> could object; the classifier has no means to.
      </p>
      <DigitNoise />
    </>
  );
}
