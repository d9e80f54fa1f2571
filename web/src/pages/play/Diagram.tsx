// Who gives what to whom: the networks of the game as boxes; slow motion lights up the part that works.
import type { Part } from './slow';

interface Props {
  settings: Record<string, unknown>;
  dim: number;
  lit: readonly Part[];
}

const words_of_widths = (widths: unknown, family: unknown) => (family === 'mlp' && Array.isArray(widths) ? widths.join(' · ') : 'one line');

export function Diagram({ settings, dim, lit }: Props) {
  const is = (part: Part) => (lit.includes(part) ? ' lit' : '');
  const unroll = Number(settings['game.unroll'] ?? 0);
  const box = (part: Part, x: number, y: number, width: number, title: string, more: string, kind = '') => (
    <g class={`box ${kind}${is(part)}`} transform={`translate(${x} ${y})`}>
      <rect width={width} height="40" rx="6" />
      <text class="name" x={width / 2} y="17">
        {title}
      </text>
      <text class="more" x={width / 2} y="32">
        {more}
      </text>
    </g>
  );
  return (
    <svg class="play-diagram" viewBox="0 0 330 122" role="img" aria-label="Noise goes through the generator and becomes fakes; the discriminator sees reals and fakes; both losses come from what it says.">
      <defs>
        <marker id="tip" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto">
          <path d="M0 0L6 3L0 6z" />
        </marker>
      </defs>
      <path class={`flow${is('z')}`} d="M44 89H60" />
      <path class={`flow${is('G')}`} d="M134 89H150" />
      <path class={`flow${is('fakes')}`} d="M206 84C216 76 216 68 226 62" />
      <path class={`flow${is('reals')}`} d="M206 29C216 37 216 45 226 51" />
      <path class={`flow${is('D-loss')}`} d="M292 37C300 20 310 20 312 20" />
      <path class={`flow back${is('G-loss')}`} d="M262 77C262 112 110 122 98 111" />
      {box('z', 2, 69, 42, 'z', String(settings['latent.dim'] ?? ''))}
      {box('G', 60, 69, 74, 'G', words_of_widths(settings['generator.widths'], settings['generator.family']), 'g')}
      {box('fakes', 150, 69, 56, 'fakes', `${dim}-D`, 'g')}
      {box('reals', 150, 9, 56, 'reals', String(settings['data.source'] ?? '').replace('drawn-points.csv', 'drawn').slice(0, 9))}
      {box('D', 226, 37, 72, 'D', words_of_widths(settings['discriminator.widths'], settings['discriminator.family']), 'd')}
      <text class={`loss d${is('D-loss')}`} x="328" y="16" text-anchor="end">
        D’s loss
      </text>
      <text class={`loss g${is('G-loss')}`} x="328" y="117" text-anchor="end">
        slope for G
      </text>
      {unroll > 0 && (
        <text class={`loss d${is('ahead')}`} x="328" y="92" text-anchor="end">
          {`${unroll} ahead`}
        </text>
      )}
    </svg>
  );
}
