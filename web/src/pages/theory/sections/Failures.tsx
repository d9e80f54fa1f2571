import type { ComponentChildren } from 'preact';

import { Play } from '../parts/Figure';

interface Failure {
  recipe: string;
  name: string;
  what: ComponentChildren;
  look: ComponentChildren;
  key: string;
  value: string | number;
  /** More keys of the cure. */
  more?: Record<string, string | number>;
  cure: ComponentChildren;
  doctor: ComponentChildren;
  section?: [string, string];
  /** A small picture of where reals and fakes lie. */
  reals: [number, number][];
  points: [number, number][];
  /** Ways of the fakes. */
  ways?: string;
}

// Small pictures of where the fakes lie: what each failure looks like in the plane.
const ring = (radius: number) => Array.from({ length: 8 }, (_, i): [number, number] => [32 + radius * Math.cos((i * Math.PI) / 4), 32 + radius * Math.sin((i * Math.PI) / 4)]);

const grid = () => [14, 32, 50].flatMap((x) => [14, 32, 50].map((y): [number, number] => [x, y]));

const kFailures: Failure[] = [
  {
    recipe: 'fail-collapse', name: 'Collapse',
    what: 'Every z leads to one clump: G has found the one place that D takes for real just now. D learns that place, the clump hops to the next mode, and the number of modes does not grow.',
    look: 'Modes covered, 1 or 2 of 8; both losses look healthy.',
    key: 'game.unroll', value: 5, cure: 'G looks at the D that will have learnt the clump.', doctor: <><code>collapse</code>, and while it hops <code>oscillation</code></>,
    reals: ring(22), points: [[53, 30], [56, 33], [52, 34], [55, 29], [57, 31], [54, 36], [51, 31]], ways: 'M50 42A20 20 0 0 1 40 51l5.5 .6M40 51l2.6 -5',
  },
  {
    recipe: 'fail-oscillation', name: 'Oscillation',
    what: 'D is one slope, G one place: the game is min-max of xy. Each player is pushed sideways by the other, and they circle for ever.',
    look: 'The share of points near the mode swings between 0 and 100 %.',
    key: 'game.penalty', value: 'r1', cure: 'A penalty on D’s slope pulls it to 0; the circle becomes a spiral in.', doctor: <><code>oscillation</code>; slow swings are often told as <code>divergence</code></>,
    section: ['bilinear', 'The spiral and the orbit'],
    reals: [[32, 32]], points: Array.from({ length: 15 }, (_, i): [number, number] => [32 + 20 * Math.cos(i * 0.39), 32 + 20 * Math.sin(i * 0.39)]), ways: 'M52 20l.8 6l-6 -1.5',
  },
  {
    recipe: 'fail-vanishing', name: 'Vanishing gradient',
    what: '20 updates of D for each of G, reals far from the first fakes, and the loss log(1 − D): D is sure of every sample, and G’s gradient is 0 and stays it.',
    look: 'Both accuracies of D at 100 %, the norm of G’s gradient at 10⁻⁶ and below.',
    key: 'game.loss', value: 'non_saturating', cure: '−log D is steep just there.', doctor: <code>vanishing</code>,
    section: ['vanishing', 'Where the gradient vanishes'],
    reals: [[50, 12], [55, 16], [46, 17], [52, 22], [58, 10], [44, 10]], points: [[8, 52], [12, 49], [9, 57], [15, 54], [6, 47], [14, 59]],
  },
  {
    recipe: 'fail-entangled', name: 'Entanglement',
    what: 'The points lie well, but no axis of z is an attribute: a normal law looks the same in every direction, so nothing tells G which to take (Comon 1994).',
    look: 'Nothing in losses or modes. How much of a coordinate’s variance its best axis explains: a quarter.',
    key: 'latent.prior', value: 'uniform', cure: 'A cube has axes, and two of them become the two coordinates.', doctor: 'he cannot tell it: it needs named directions',
    section: ['latent', 'Attributes as directions'],
    reals: grid(), points: grid(), ways: 'M12 52L52 12m-6 .6l6 -.6l-.6 6M12 12L52 52m-.6 -6l.6 6l-6 -.6',
  },
  {
    recipe: 'fail-sensitive', name: 'Sensitivity',
    what: 'Rates too large: a step so long leaves the place where its gradient meant something. Every seed ends otherwise, and none learns.',
    look: 'Seeds that differ in all they do. One run of one setting tells nothing: the exhibit draws a map of who learnt over rates, batches and seeds.',
    key: 'generator.optimizer.learning_rate', value: 0.001, more: { 'discriminator.optimizer.learning_rate': 0.001 }, cure: 'Smaller rates of both players; of one alone it does not do.', doctor: 'whatever the seed fell into',
    reals: ring(22), points: [[9, 12], [52, 8], [30, 57], [58, 44], [15, 40], [34, 30], [47, 58], [5, 60]],
  },
];

export function Failures() {
  return (
    <>
      <p>
        A GAN fails in ways that have names. Here is one recipe for each that fails on purpose, for ten seeds of ten, and the one key that cures it, for ten of ten. The program’s doctor watches every run for them and writes what he sees to Watch, with evidence and remedy.
      </p>
      <div class="failures">
        {kFailures.map((failure) => {
          const cures = { [failure.key]: failure.value, ...failure.more };
          return (
            <article key={failure.recipe} class="panel failure" id={failure.recipe}>
              <svg viewBox="0 0 64 64" class="glyph" aria-hidden="true">
                {failure.reals.map(([x, y], i) => <circle key={i} class="real" cx={x} cy={y} r="3.6" />)}
                {failure.ways && <path class="ways" d={failure.ways} />}
                {failure.points.map(([x, y], i) => <circle key={`f${i}`} class="fake" cx={x} cy={y} r="2" />)}
              </svg>
              <h3>{failure.name}</h3>
              <p>{failure.what}</p>
              <dl>
                <dt>Look at</dt>
                <dd>{failure.look}</dd>
                <dt>Cure</dt>
                <dd>
                  {Object.entries(cures).map(([key, value]) => (
                    <code key={key} class="wrap">{key} = {value}{' '}</code>
                  ))}{' '}
                  {failure.cure}
                </dd>
                <dt>The doctor says</dt>
                <dd>{failure.doctor}</dd>
              </dl>
              <p class="sources">
                <Play preset={failure.recipe}>Play it</Play>
                <Play preset={failure.recipe} set={cures}>Play it cured</Play>
                {failure.section && <a href={`/theory?at=${failure.section[0]}`}>{failure.section[1]}</a>}
                <code class="wrap">ganymede train {failure.recipe}</code>
              </p>
            </article>
          );
        })}
        <article class="panel failure" id="healthy">
          <svg viewBox="0 0 64 64" class="glyph" aria-hidden="true">
            {ring(22).map(([x, y], i) => <circle key={i} class="real" cx={x} cy={y} r="3.6" />)}
            {ring(22).flatMap(([x, y], i) => [0, 1, 2].map((k) => <circle key={`${i} ${k}`} class="fake" cx={x + 2.6 * Math.cos(i + 2.1 * k)} cy={y + 2.6 * Math.sin(i + 2.1 * k)} r="1.5" />))}
          </svg>
          <h3>And one that learns</h3>
          <p>To know a failure one must have seen health: all eight modes, each with its share, and a D that no longer tells.</p>
          <dl>
            <dt>Look at</dt>
            <dd>D near 1/2 wherever there are points, arrows at the fakes that are short and point every way, JS that falls and stays low.</dd>
            <dt>Break it</dt>
            <dd>Turn one knob until it fails, and say which of the five it is before you look at the doctor.</dd>
          </dl>
          <p class="sources">
            <Play preset="ring-unrolled">Play it</Play>
            <code class="wrap">ganymede train ring-unrolled</code>
          </p>
        </article>
      </div>
      <p class="quiet-text small">
        In print: <code>ganymede study theory</code>, exhibits <code>failures</code> and <code>sensitivity</code>: all five over their seeds, failing and cured.
      </p>
    </>
  );
}
