// Left: the generated image with its class and the z under it.
import { effect } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';

import { Pixels, draw_pixels } from '../../shared/Pixels';
import { percent, short } from '../../shared/format';
import { PlayerBar, use_player } from '../../shared/player';
import { use_keys } from '../../app/keys';
import { Ink } from './Ink';
import { painted } from './looking';
import { picture_of, range_of } from './paint';
import { Probabilities } from './Probabilities';
import { use_session } from './session';
import { kMoveSeconds, playing_time, segments_of } from './strokes';
import { Values } from './Values';

const kRoom = 300; // pixels on the page

/** So many whole pixels a value that the picture is as large as the room allows. */
function width_of(columns: number): number {
  return columns * Math.max(1, Math.floor(kRoom / columns));
}

// Painted from the signal directly, before anything else of the page is drawn anew: the picture follows the hand. (useSignalEffect would
// wait for the next frame.)
function Image() {
  const { looker, state } = use_session();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [, height = 28, width = 28] = state.info.shape;
  useLayoutEffect(
    () =>
      effect(() => {
        const frame = looker.result.value;
        if (!frame?.arrays.picture || !canvas.current) return;
        const { shape, values } = picture_of(frame.arrays.picture);
        draw_pixels(canvas.current, shape, values);
        painted(looker.started);
      }),
    [looker],
  );
  return (
    <canvas ref={canvas} class="pixels generated" role="img" aria-label="Generated image" width={width} height={height}
      style={{ width: `${width_of(width)}px`, aspectRatio: `${width} / ${height}` }} />
  );
}

/** The symbol, which can be played; every move takes the same time, as the model has it. */
function Strokes() {
  const { looker } = use_session();
  const frame = looker.result.value;
  const moves = frame?.arrays.strokes;
  const values = moves ? picture_of(moves).values : [];
  const { duration, stops } = playing_time(values);
  const player = use_player(duration, stops, moves);
  useLayoutEffect(() => {
    if (frame) painted(looker.started);
  }, [frame]);
  use_keys([{ key: 'd', does: 'Play or pause the drawing of the symbol', act: player.toggle }]);
  if (!moves) return <div class="ink generated" />;
  return (
    <>
      <Ink moves={values} label="Generated image, in strokes" until={player.time / kMoveSeconds} class="generated" />
      <PlayerBar player={player} />
      <p class="quiet-text small">
        {segments_of(values).some((one) => one.stroke >= 0) ? 'First stroke blue, then red, green; where the pen is lifted, dashed.' : 'The pen never touches the paper; its way is dashed.'}
      </p>
    </>
  );
}

function Change() {
  const { looker, state, classifier } = use_session();
  const frame = looker.result.value;
  if (!state.sets.value.length || !frame) return null;
  const { before, difference, picture } = frame.arrays;
  const strokes = state.info.kind === 'ink' ? before : undefined;
  const change = frame.head.change?.[0];
  const label = frame.head.before_labels?.[0];
  const names = classifier.value.class_names ?? state.info.class_names;
  return (
    <figure class="change">
      <div class="thirds">
        {strokes ? (
          <Ink moves={picture_of(strokes).values} label="Before" />
        ) : (
          before && <Pixels {...picture_of(before)} label="Before" />
        )}
        {strokes && frame.arrays.strokes ? <Ink moves={picture_of(frame.arrays.strokes).values} label="After" /> : picture && <Pixels {...picture_of(picture)} label="After" />}
        {difference && <Values shape={difference.shape} values={difference.values} range={[0, Math.max(0.1, range_of(difference.values)[1])]} label="Difference" />}
        <span>before{label === undefined ? '' : `: ${names[label] ?? label}`}</span>
        <span>after</span>
        {difference && <span>difference{change === undefined ? '' : ` ${percent(change / 2, 1)}`}</span>}
      </div>
    </figure>
  );
}

export function Picture() {
  const { looker, state } = use_session();
  const error = looker.error.value;
  const z = state.seen_z.value;
  const seed = state.seed_of(z);
  return (
    <section class="panel picture" aria-labelledby="generated">
      <h2 id="generated">Generated image</h2>
      <div class={`frame ${error ? 'failed' : ''}`}>
        {state.info.kind === 'ink' ? <Strokes /> : <Image />}
        {error && (
          <p class="error" role="alert">
            {error.message}
          </p>
        )}
      </div>
      <Change />
      <Probabilities />
      <p class="z mono" title={z.map((x) => short(x)).join(', ')}>
        z = ({z.slice(0, 4).map((x) => short(x)).join(', ')}
        {z.length > 4 ? `, … ${z.length} in all` : ''}){seed >= 0 ? ` seed ${seed}` : ''}
      </p>
    </section>
  );
}
