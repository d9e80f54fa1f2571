// The picture of a game: one canvas, and a second one beside it for the D that the next updates make.
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

import { is_dark } from '../../app/theme';
import { percent, short } from '../../shared/format';
import type { Game } from './game';
import { colours_of, paint_scene } from './paint';
import type { Slow } from './slow';
import { kLayerWords, type Layer, type Scene } from './types';

interface Props {
  game: Game;
  slow: Slow;
  layers: ReadonlySet<Layer>;
  ahead: boolean;
}

/** In words: what a person who sees no picture is told of it. */
export function words_of({ head }: Scene): string {
  const near = head.modes === null ? '' : ` ${head.modes} of ${head.of_modes} modes covered, ${percent(head.near_mode)} of the fakes near one.`;
  return `Step ${head.step}. Divergence of fakes from reals ${short(head.js)} nats, of a perfect generator ${short(head.js_floor)}.${near}`;
}

export function Stage({ game, slow, layers, ahead }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const now = useRef<HTMLCanvasElement>(null);
  const later = useRef<HTMLCanvasElement>(null);
  const scene = game.scene.value;
  const dim = scene?.head.dim ?? 2;
  const latest = useRef({ layers, ahead });
  latest.current = { layers, ahead };
  const dark = is_dark.value;

  useLayoutEffect(() => {
    let colours = colours_of(dark);
    const paint = (shown: Scene, some: ReadonlySet<Layer>) => {
      if (now.current) paint_scene(now.current, { scene: shown, layers: some }, colours);
      if (later.current && shown.ahead_shares) paint_scene(later.current, { scene: shown, layers: some, ahead: true }, colours);
    };
    const live = (shown: Scene) => slow.on.value || paint(shown, latest.current.layers);
    const again = () => {
      const shown = game.scene.peek();
      if (shown) live(shown);
    };
    // The theme's colours are there once the document has taken them.
    const soon = requestAnimationFrame(() => {
      colours = colours_of(dark);
      again();
    });
    const fit = () => {
      for (const canvas of [now.current, later.current]) {
        if (!canvas) continue;
        const ratio = Math.min(2, devicePixelRatio || 1);
        const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
        if (width && (canvas.width !== width || canvas.height !== height)) [canvas.width, canvas.height] = [width, height];
      }
      again();
    };
    game.painters.add(live);
    slow.painters.add(paint);
    const observer = new ResizeObserver(fit);
    observer.observe(box.current!);
    fit();
    return () => {
      cancelAnimationFrame(soon);
      game.painters.delete(live);
      slow.painters.delete(paint);
      observer.disconnect();
    };
  }, [game, slow, dark, ahead, dim]);

  useEffect(() => {
    const shown = game.scene.peek();
    if (shown) for (const paint of game.painters) paint(shown);
  }, [layers]);

  return (
    <div class={`play-stage${ahead ? ' two' : ''}${dim === 1 ? ' line' : ''}`} ref={box}>
      <figure>
        <canvas ref={now} role="img" aria-label={scene ? words_of(scene) : 'No game yet'} />
        {ahead && <figcaption class="small">D now</figcaption>}
      </figure>
      {ahead && (
        <figure>
          <canvas ref={later} role="img" aria-label={`The same points over the discriminator that is ${scene?.head.ahead ?? 0} updates ahead`} />
          <figcaption class="small">{scene?.head.ahead ? `D after ${scene.head.ahead} more updates, as G would see it by looking ahead` : 'D ahead'}</figcaption>
        </figure>
      )}
    </div>
  );
}

export function Legend({ layers, scene, toggle }: { layers: ReadonlySet<Layer>; scene: Scene | null; toggle: (layer: Layer) => void }) {
  const why: Partial<Record<Layer, string>> = {};
  if (scene && !scene.manifold) why.manifold = `z has ${scene.head.latent} numbers: there is no line or square of noise to bend (noise dimension 1 or 2 has one)`;
  if (scene?.head.no_arrows) why.arrows = scene.head.no_arrows;
  return (
    <div class="play-legend small" role="group" aria-label="What is drawn">
      {(Object.keys(kLayerWords) as Layer[]).map((layer, i) => (
        <button type="button" key={layer} class="quiet" aria-pressed={layers.has(layer) && !why[layer]} disabled={!!why[layer]} title={why[layer] ?? `Show or hide: ${kLayerWords[layer]} (${i + 1})`} onClick={() => toggle(layer)}>
          <i class={`mark-${layer}`} aria-hidden="true" /> {kLayerWords[layer]}
        </button>
      ))}
    </div>
  );
}
