// What leaves the page: the recipe of the game as it is played now, its points, its picture, and a run trained from it.
import { useState } from 'preact/hooks';

import { has_token, post_json } from '../../api/client';
import { go, run_path } from '../../app/router';
import type { Game } from './game';

interface Props {
  game: Game;
  preset: string;
  /** Keys that differ from the preset, as the game has them. */
  set: Record<string, unknown>;
}

export function Export({ game, preset, set }: Props) {
  const [said, say] = useState('');
  const { scene, drawn, turned } = game;
  if (!scene.value || game.gone.value) return null;
  const picture = () => {
    const canvas = document.querySelector<HTMLCanvasElement>('.play-stage canvas');
    canvas?.toBlob((blob) => {
      if (!blob) return;
      const link = document.createElement('a');
      link.href = URL.createObjectURL(blob);
      link.download = `${preset}-step-${scene.value?.head.step ?? 0}.png`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    });
  };
  const train = async () => {
    say('Starting …');
    try {
      const { run } = await post_json<{ run: string }>('/control', { action: 'start', recipe: preset, set });
      go(run_path(run));
    } catch (fault) {
      say((fault as Error).message);
    }
  };
  return (
    <section class="panel play-export" aria-labelledby="export">
      <h2 id="export">Take it along</h2>
      <p class="row">
        <a class="button" href={`${game.address}/recipe`} download>
          Recipe
        </a>
        {drawn.value && (
          <a class="button" href={`${game.address}/points`} download>
            Points (CSV)
          </a>
        )}
        <button type="button" onClick={picture}>
          Picture
        </button>
        {!drawn.value && has_token() && (
          <button type="button" onClick={train}>
            Train as a run
          </button>
        )}
      </p>
      <p class="small quiet-text" role="status">
        {said ||
          (drawn.value
            ? 'Put both files into one folder and run `ganymede train` with the recipe there: it learns the same points.'
            : turned.value.length
              ? `The recipe has all knobs as they stand now, from its first step on; ${turned.value.length} of them ${turned.value.length === 1 ? 'was' : 'were'} turned on the way here.`
              : '`ganymede train` with this recipe makes the same steps as this page, bit for bit.')}
      </p>
    </section>
  );
}
