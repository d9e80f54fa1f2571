// The playground: small GANs that are trained while one looks (docs/explorer.md, "Playground").
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';

import { has_token } from '../../api/client';
import type { Option } from '../../api/types';
import { use_keys } from '../../app/keys';
import { go, query } from '../../app/router';
import { same, text_of } from '../../shared/options';
import { use_json } from '../../shared/resource';
import { use_title } from '../../shared/title';
import { type Address, read_address, write_address } from './address';
import { Brush } from './Brush';
import { Curves } from './Curves';
import { Diagram } from './Diagram';
import { Export } from './Export';
import { Game, kSpeeds } from './game';
import { Knobs } from './Knobs';
import { Lesson, PresetChoice } from './Lesson';
import { Slow } from './slow';
import { Legend, Stage } from './Stage';
import { type Games, kLayers, type Layer, type Move } from './types';
import './play.css';

/** Keys that an address or a lesson may set; what is only about runs is left to runs. */
const kKeys = /^(data|latent|generator|discriminator|game)\.|^train\.(batch|seed)$/;

const kMoveWords: Record<Move, string> = { step: 'A step is one update of G with what goes before it.', update: 'One update.', discriminator: 'D alone learnt once.', generator: 'G alone learnt once.' };

export default function Play() {
  use_title('Playground');
  const games = use_json<Games>('/play');
  const options = use_json<{ options: Option[] }>('/options');
  const recipes = use_json<{ recipes: { name: string; options: Record<string, unknown> }[] }>('/recipes');
  const [game] = useState(() => new Game());
  const slow = useMemo(() => new Slow(game), [game]);
  const [draws, set_draws] = useState(false);
  const [address, set_address] = useState<Address>(() => read_address(query.peek()));
  const [said, say] = useState('');
  const written = useRef('');
  const presets = games.value?.presets ?? [];
  const preset = presets.find(({ name }) => name === address.preset) ?? null;
  const base = recipes.value?.recipes.find(({ name }) => name === address.preset)?.options;
  const scene = game.scene.value;
  const settings = game.settings.value;

  useEffect(() => () => (slow.leave(), game.close()), [game]);

  useEffect(() => {
    if (preset) game.speed.value = kSpeeds.find((speed) => speed === preset.steps_a_frame) ?? 0;
  }, [preset]);

  // Whoever follows a link, or goes back, begins that game.
  const text = query.value.toString();
  useEffect(() => {
    if (written.current === write_address(read_address(query.peek()))) return;
    const next = read_address(query.peek());
    written.current = write_address(next);
    set_address(next);
    set_draws(false);
    slow.leave();
    game.ahead = next.ahead;
    void game.begin(next);
  }, [text]);

  const write = (next: Address, replace = true) => {
    written.current = write_address(next);
    set_address(next);
    go(written.current, replace);
  };
  const begin = (next: Address, replace = false) => {
    slow.leave();
    game.pause();
    say('');
    set_draws(false);
    write(next, replace);
    return game.begin(next);
  };
  const choose = (name: string) => void begin({ ...address, preset: name, set: {}, points: [] });

  // What differs from the preset stands in the address, as the game has it.
  const different = base && settings['train.batch'] !== undefined ? Object.keys(settings).filter((key) => kKeys.test(key) && !same(settings[key], base[key]) && !(address.points.length && key.startsWith('data.'))) : [];
  const difference_key = different.map((key) => `${key}=${text_of(settings[key])}`).join('&');
  useEffect(() => {
    if (!base || settings['train.batch'] === undefined || game.scene.peek()?.head.preset !== address.preset) return;
    const set = Object.fromEntries(different.map((key) => [key, Array.isArray(settings[key]) ? `[${text_of(settings[key])}]` : text_of(settings[key])]));
    write({ ...address, set });
  }, [difference_key, settings]);

  const stop_slow = () => slow.on.value && slow.leave();
  const turn = (set: Record<string, unknown>) => {
    stop_slow();
    void game.turn(set);
  };
  const move = (what: Move) => {
    if (slow.on.value && what === 'step') return void slow.step();
    stop_slow();
    game.pause();
    void game.move(what).then(() => say(kMoveWords[what]));
  };
  const toggle_play = () => {
    say('');
    if (slow.on.value) return slow.toggle();
    if (game.playing.value) game.pause();
    else void game.play();
  };
  const toggle_slow = () => {
    say('');
    if (slow.on.value) slow.leave();
    else void slow.start();
  };
  const anew = () => {
    stop_slow();
    if (game.gone.value) return void begin(address, true);
    void game.anew();
  };
  const cure = async () => {
    if (!preset || cured) return;
    stop_slow();
    const was_playing = game.playing.value;
    game.pause();
    await game.turn(preset.cure_set);
    if (preset.cure_anew && game.scene.peek()?.head.step) await game.anew();
    if (was_playing) void game.play();
  };
  const cured = !!preset && settings['train.batch'] !== undefined && Object.entries(preset.cure_set).every(([key, value]) => same(settings[key], value) || Number(settings[key]) === Number(value));
  const toggle_layer = (layer: Layer) => {
    const shown = new Set(address.shown);
    if (!shown.delete(layer)) shown.add(layer);
    write({ ...address, shown });
  };
  const toggle_ahead = () => {
    const ahead = !address.ahead;
    game.ahead = ahead;
    write({ ...address, ahead });
    if (ahead && !game.playing.value) void game.look();
  };
  const neighbour = (way: number) => {
    const i = presets.findIndex(({ name }) => name === address.preset);
    const next = presets[(i + way + presets.length) % presets.length];
    if (next) choose(next.name);
  };
  const seed = () => void game.turn({ 'train.seed': (Number(settings['train.seed'] ?? 1) % 20) + 1 });

  use_keys([
    { key: ' ', does: 'Play or pause', act: toggle_play },
    { key: 's', does: 'One step; in slow motion the next phase', act: () => move('step') },
    { key: 'd', does: 'One update of D alone', act: () => move('discriminator') },
    { key: 'g', does: 'One update of G alone', act: () => move('generator') },
    { key: 'm', does: 'Slow motion', act: toggle_slow },
    { key: 'n', does: 'Begin anew', act: anew },
    { key: 'r', does: 'Another seed', act: seed },
    { key: 'c', does: 'Turn the knob that cures it', act: () => void cure() },
    { key: 'l', does: 'The D that looks ahead, beside', act: toggle_ahead },
    { key: 'b', does: 'Draw your own points', act: () => set_draws(!draws) },
    { key: '[', does: 'Previous game', act: () => neighbour(-1) },
    { key: ']', does: 'Next game', act: () => neighbour(1) },
    ...kLayers.map((layer, i) => ({ key: String(i + 1), does: i === 0 ? 'Show or hide a layer (1 to 5)' : '', act: () => toggle_layer(layer) })),
  ]);

  const error = games.error?.message ?? (game.gone.value || !scene ? game.error.value : '');
  const stop = slow.stop.value;
  const playing = slow.on.value ? slow.running.value : game.playing.value;
  const caption = stop
    ? stop.caption
    : scene?.head.fault || said || (game.playing.value ? 'Both players learn: D to tell fakes from reals, G to make fakes that D takes for real.' : 'At rest. Play, or take it apart: a step, D alone, G alone, slow motion.');
  return (
    <div class="play">
      <div class="row spread play-head">
        <div class="row">
          <h1>Playground</h1>
          <PresetChoice presets={presets} preset={address.preset} choose={choose} />
          <button type="button" aria-pressed={draws} onClick={() => set_draws(!draws)} title="Draw your own points (b)" aria-label="Draw your own points">
            Draw
          </button>
        </div>
        <div class="row play-transport" role="group" aria-label="Play">
          <button type="button" class="primary play-button" disabled={!scene || game.gone.value} onClick={toggle_play} title="Space">
            {playing ? '❚❚ Pause' : '▶ Play'}
          </button>
          <button type="button" disabled={!scene} onClick={() => move('step')} title={slow.on.value ? 'The next phase (s)' : 'One step (s)'} class="step-button">
            {slow.on.value ? 'Phase' : 'Step'}
          </button>
          <button type="button" disabled={!scene} onClick={() => move('discriminator')} title="One update of D alone (d)">
            D alone
          </button>
          <button type="button" disabled={!scene} onClick={() => move('generator')} title="One update of G alone (g)">
            G alone
          </button>
          <button type="button" disabled={!scene} aria-pressed={slow.on.value} onClick={toggle_slow} title="One update, taken apart (m)">
            Slow motion
          </button>
          <button type="button" aria-pressed={address.ahead} disabled={!scene} onClick={toggle_ahead} title="Beside it the D that the next updates make (l)">
            Look ahead
          </button>
          <button type="button" disabled={!scene && !game.gone.value} onClick={anew} title="From fresh weights (n)">
            Anew
          </button>
          <select aria-label="Speed" title="Steps of a frame" value={String(game.speed.value)} onChange={(event) => (game.speed.value = Number(event.currentTarget.value) as (typeof kSpeeds)[number])}>
            {kSpeeds.map((speed) => (
              <option key={speed} value={String(speed)}>
                {speed === 0 ? 'full speed' : `${speed} a frame`}
              </option>
            ))}
          </select>
        </div>
      </div>
      {error && (
        <p class="error" role="alert">
          {error}{' '}
          {has_token() && games.value && (
            <button type="button" onClick={() => void begin(address, true)}>
              Begin again
            </button>
          )}
        </p>
      )}
      <div class="play-grid">
        <div class="play-middle">
          {draws ? (
            <Brush
              points={address.points} least={games.value?.drawn_points[0] ?? 16} leave={() => set_draws(false)}
              use={(points) => {
                // The networks of a game on a line do not see a plane.
                const of_a_line = scene?.head.dim === 1;
                const set = Object.fromEntries(Object.entries(of_a_line ? {} : address.set).filter(([key]) => !key.startsWith('data.')));
                void begin({ ...address, preset: of_a_line ? 'grid' : address.preset, set, points }).then(() => game.play());
              }}
            />
          ) : (
            <>
              <Stage game={game} slow={slow} layers={address.shown} ahead={address.ahead} />
              <Legend layers={address.shown} scene={scene} toggle={toggle_layer} />
            </>
          )}
        </div>
        <div class="play-side">
          <section class="panel play-now" aria-label="What happens now">
            <p class="rates small quiet-text">
              step <b class="step-number">{scene?.head.step ?? 0}</b>
              {game.playing.value && game.frames_a_second.value > 0 && (
                <span data-frames={game.frames_a_second.value.toFixed(1)}>
                  <br />
                  {Math.round(game.steps_a_second.value)} steps/s
                  <br />
                  {Math.round(game.frames_a_second.value)} frames/s
                </span>
              )}
            </p>
            <Diagram settings={settings} dim={scene?.head.dim ?? 2} lit={stop?.parts ?? []} />
            <p class={`play-caption${scene?.head.fault ? ' warning' : ''}`} aria-live={game.playing.value ? 'off' : 'polite'}>
              {stop && (
                <b>
                  {slow.index.value + 1}/{slow.count.value}{' '}
                </b>
              )}
              {caption}
            </p>
          </section>
          <Curves game={game} />
        </div>
        <div class="play-left">
          <Lesson preset={preset} command={game.command.value} cured={cured} cure={() => void cure()} />
          <Knobs
            settings={settings} options={options.value?.options ?? []} sources={games.value?.sources ?? []} drawn={game.drawn.value}
            refusal={game.refusal.value} turn={turn}
          />
          <Export game={game} preset={address.preset} set={Object.fromEntries(different.map((key) => [key, settings[key]]))} />
        </div>
      </div>
    </div>
  );
}

