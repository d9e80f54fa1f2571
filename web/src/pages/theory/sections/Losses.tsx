import { curve } from '../math/density';
import { binary_cross_entropy, discriminator_loss, generator_loss, generator_slope, kLossNames, logit } from '../math/losses';
import { Chart } from '../parts/Chart';
import { Figure, fixed, Play, Readings } from '../parts/Figure';
import { Display, M } from '../parts/Formula';
import { Slider } from '../parts/Slider';
import { use_values } from '../parts/values';

const kLow = 0.005, kHigh = 0.995;

function TwoLosses() {
  const { now, set, reset, is_changed } = use_values('losses', { fake: [0.1, kLow, kHigh], real: [0.9, kLow, kHigh] });
  const { fake, real } = now.value;
  const s = logit(fake), s_real = logit(real);
  const both = ['saturating', 'non_saturating'] as const;
  const colours = { saturating: '--generator', non_saturating: '--discriminator' };
  return (
    <Figure
      title="What G descends, and how steep it is" exhibit="losses" reset={reset} is_changed={is_changed}
      sources={
        <>
          <Play preset="normal-1d" set={{ 'game.loss': 'saturating' }}>Play a normal law with log(1 − D)</Play>
          <Play preset="normal-1d" set={{ 'game.loss': 'non_saturating' }}>and with −log D</Play>
        </>
      }
      caption={
        <>
          Drag the line: what D says of a fake. Both losses fall as D is deceived. But at the left, where G begins, log(1 − D) is flat and −log D is steep. The slope is that by D’s logit <i>s</i>, <M>{'D = \\sigma(s)'}</M>, through which every
          gradient of G passes: <M>-D</M> and <M>D - 1</M>.
        </>
      }
      knobs={
        <>
          <Slider name={<>D of a fake, <M>{'D(G(z))'}</M></>} value={fake} low={kLow} high={kHigh} step={0.005} on={(v) => set({ fake: v })} />
          <Slider name={<>D of a real, <M>{'D(x)'}</M></>} value={real} low={kLow} high={kHigh} step={0.005} on={(v) => set({ real: v })} />
        </>
      }
    >
      <div class="side-by-side">
        <Chart
          says="Both losses of G against what D says of the fake" x={[0, 1]} y={[-4, 4]} x_name="D(G(z))" y_name="loss of G, nats" height={260}
          lines={both.map((loss) => ({ name: kLossNames[loss].replace('-', '−'), colour: colours[loss], dash: loss === 'saturating' ? '7 4' : undefined, points: curve(kLow, kHigh, 160, (d) => generator_loss(loss, logit(d))) }))}
          marks={[{ x: fake }]}
          handles={both.map((loss) => ({ name: `D of the fake, on ${kLossNames[loss]}`, colour: colours[loss], x: fake, y: generator_loss(loss, s), only: 'x' as const, on: (v: number) => set({ fake: v }) }))}
        />
        <Chart
          says="The slope of both losses by D's logit" x={[0, 1]} y={[0, 1]} x_name="D(G(z))" y_name="|slope by the logit|" height={260}
          lines={both.map((loss) => ({ name: loss === 'saturating' ? 'D, of log(1 − D)' : '1 − D, of −log D', colour: colours[loss], dash: loss === 'saturating' ? '7 4' : undefined, points: curve(kLow, kHigh, 80, (d) => Math.abs(generator_slope(loss, logit(d)))) }))}
          marks={[{ x: fake }]}
          handles={both.map((loss) => ({ name: `D of the fake, slope of ${kLossNames[loss]}`, colour: colours[loss], x: fake, y: Math.abs(generator_slope(loss, s)), only: 'x' as const, on: (v: number) => set({ fake: v }) }))}
        />
      </div>
      <Readings
        rows={[
          { name: 'log(1 − D)', value: fixed(generator_loss('saturating', s)), note: `slope ${fixed(generator_slope('saturating', s))}` },
          { name: '−log D', value: fixed(generator_loss('non_saturating', s)), note: `slope ${fixed(generator_slope('non_saturating', s))}` },
          { name: 'D’s loss of this pair', value: fixed(discriminator_loss(s_real, s)), note: `BCE(real, 1) ${fixed(binary_cross_entropy(s_real, 1))} + BCE(fake, 0) ${fixed(binary_cross_entropy(s, 0))}` },
        ]}
      />
    </Figure>
  );
}

/** Noise to picture to verdict, as the game goes round. */
function Board() {
  return (
    <svg class="board" viewBox="0 0 640 170" role="img" aria-label="Noise z goes through G and becomes a fake; D sees fakes and reals and says how real each is; D learns to tell, G learns from D's gradient to be taken for real.">
      <defs>
        <marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
          <path d="M0 0L8 4L0 8Z" class="tip" />
        </marker>
      </defs>
      <g class="wires" marker-end="url(#tip)">
        <path d="M70 60H128" />
        <path d="M228 60H300" />
        <path d="M370 68C400 74 402 84 428 88" />
        <path d="M370 130C400 124 402 104 428 100" />
        <path d="M530 94H570" />
      </g>
      <path class="wire-back" d="M480 128C470 165 190 172 180 94" marker-end="url(#tip)" />
      <rect class="box-g" x="130" y="34" width="98" height="54" rx="9" />
      <rect class="box-d" x="430" y="66" width="98" height="56" rx="9" />
      <text x="46" y="65" class="math">z</text>
      <text x="46" y="84" class="small">noise</text>
      <text x="179" y="66" class="math">G</text>
      <text x="336" y="62" class="fakes">fakes</text>
      <text x="336" y="80" class="math small">G(z)</text>
      <text x="336" y="134" class="reals">reals x</text>
      <text x="479" y="99" class="math">D</text>
      <text x="604" y="90">real?</text>
      <text x="604" y="108" class="small">0 … 1</text>
      <text x="330" y="164" class="small halo">the gradient that tells G where D is deceived</text>
    </svg>
  );
}

export function Losses() {
  return (
    <>
      <p>
        Two networks play against one another. <b class="fakes">G</b> makes <span class="fakes">fakes</span> out of noise <M>z</M>; <b class="judge">D</b> sees <span class="reals">reals</span> and fakes and says of each how likely it
        is real. The game (Goodfellow et al. 2014) has one value, which D wants high and G low:
      </p>
      <Board />
      <Display>{"\\min_G \\max_D \\, L(D, G) \\quad L(D, G) = \\E_{x \\sim \\class{reals}{p}} \\log D(x) + \\E_{z} \\log(1 - D(G(z)))"}</Display>
      <p>
        For D that is binary cross-entropy, <M>{'\\BCE(y, t) = -t \\log y - (1 - t) \\log(1 - y)'}</M>, with target 1 for reals and 0 for fakes. For G the game’s own loss is <M>{'\\log(1 - D)'}</M>, the <em>saturating</em> one; in practice G
        descends <M>{'-\\log D'}</M>, the <em>non-saturating</em> one: target 1 for its fakes. Both have the same equilibrium; they differ in how they get there.
      </p>
      <TwoLosses />
    </>
  );
}
