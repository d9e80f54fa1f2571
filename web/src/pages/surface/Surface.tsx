// The loss surfaces that a run keeps, to turn: height is the loss of either player, the path of training lies on it.
import { useEffect, useMemo } from 'preact/hooks';

import { kApi } from '../../api/client';
import type { RunDetails } from '../../api/types';
import { use_keys } from '../../app/keys';
import { query, run_path, set_query } from '../../app/router';
import { is_dark } from '../../app/theme';
import { sequential } from '../../shared/colours';
import { short } from '../../shared/format';
import { use_json } from '../../shared/resource';
import { use_title } from '../../shared/title';
import { turn_by_key, use_stage } from '../../shared/use_stage';
import { loss_at, type Player, type Scale, scale_of, type SurfaceFile } from './surface_data';
import './surface.css';

const load_scene = () => import('./surface_scene').then((module) => module.SurfaceScene);
const kNoWebgl = 'This browser draws no WebGL, so the surface cannot be turned; this is its picture.';

export default function SurfacePage({ run }: { run: string }) {
  use_title(`Surface of ${run}`);
  const asked = use_json<RunDetails>(`/runs/${encodeURIComponent(run)}`, 15_000);
  const files = (asked.value?.surfaces ?? []).filter(({ file }) => file.endsWith('.json'));
  const name_of = (file: string) => file.slice('surfaces/'.length, -'.json'.length);
  const wanted = query.value.get('surface');
  const chosen = files.find(({ file }) => name_of(file) === wanted) ?? files[0];
  const surface = use_json<SurfaceFile>(chosen ? chosen.address.slice(kApi.length) : null);
  return (
    <div class="stack surface-page">
      <header class="row spread">
        <h1>{`Loss surfaces of ${run}`}</h1>
        <a class="button" href={run_path(run)}>
          Watch
        </a>
      </header>
      {asked.error && (
        <p class="error" role="alert">
          {asked.error.message}
        </p>
      )}
      {!asked.value && !asked.error && <p class="quiet-text">Asking the server …</p>}
      {asked.value && files.length === 0 && (
        <section class="panel">
          <h2>There is none yet</h2>
          <p>The program makes them, in a minute or so, and this page shows what it wrote:</p>
          <pre class="scroll-x" tabIndex={0}>{[`ganymede surface ${run}`, `ganymede surface ${run} --of discriminator --path`, `ganymede surface ${run} --plane 1,2,4`].join('\n')}</pre>
        </section>
      )}
      {files.length > 0 && (
        <label class="inline">
          surface
          <select value={chosen ? name_of(chosen.file) : ''} onChange={(event) => set_query({ surface: event.currentTarget.value, mark: null })}>
            {files.map(({ file }) => (
              <option key={file} value={name_of(file)}>
                {name_of(file)}
              </option>
            ))}
          </select>
        </label>
      )}
      {wanted && chosen && name_of(chosen.file) !== wanted && <p class="warning">{`This run keeps no surface "${wanted}"; the first is shown.`}</p>}
      {surface.error && (
        <p class="error" role="alert">
          {surface.error.message}
        </p>
      )}
      {surface.value && (surface.value.schema === 'ganymede.surface/1' ? <Shown key={chosen!.address} surface={surface.value} picture={picture_of(asked.value!, chosen!.file)} /> : <p class="error">{`${chosen!.file}: no surface that this page knows.`}</p>)}
    </div>
  );
}

function picture_of(details: RunDetails, file: string): string | null {
  return details.surfaces?.find((one) => one.file === file.replace(/\.json$/, '.png'))?.address ?? null;
}

const kPlayers: Record<Player, string> = { generator: 'G', discriminator: 'D' };

function Shown({ surface, picture }: { surface: SurfaceFile; picture: string | null }) {
  const asked = query.value.get('loss');
  const player: Player = asked === 'generator' || asked === 'discriminator' ? asked : surface.of;
  const rows = player === 'generator' ? surface.generator_loss : surface.discriminator_loss;
  const scale = useMemo(() => scale_of(rows), [rows]);
  const last = surface.marks.length - 1;
  const mark_asked = Number(query.value.get('mark') ?? last);
  const at = surface.kind === 'path' ? Math.min(last, Math.max(0, Number.isInteger(mark_asked) ? mark_asked : last)) : last;
  const to_mark = (i: number) => set_query({ mark: i >= last ? null : String(Math.max(0, i)) });
  const to_player = (one: Player) => set_query({ loss: one === surface.of ? null : one });
  use_keys([
    { key: 'l', does: 'The loss of the other player', act: () => to_player(player === 'generator' ? 'discriminator' : 'generator') },
    ...(surface.kind === 'path'
      ? [
          { key: '[', does: 'One epoch of the path back', act: () => to_mark(at - 1) },
          { key: ']', does: 'One epoch of the path on', act: () => to_mark(at + 1) },
        ]
      : []),
  ]);
  const here = surface.marks[at];
  const losses = here ?? surface.origin;
  const own = player === 'generator' ? losses.generator_loss : losses.discriminator_loss;
  const on_plane = here ? loss_at(surface, rows, here.x, here.y) : own;
  return (
    <div class="surface-body">
      <section class="panel">
        <div class="row">
          <span class="two" role="group" aria-label="Whose loss is shown">
            {(['generator', 'discriminator'] as const).map((one) => (
              <button key={one} aria-pressed={one === player} onClick={() => to_player(one)}>{`loss of ${kPlayers[one]}`}</button>
            ))}
          </span>
          <span class="quiet-text small">{`weights of the ${surface.of} move`}</span>
        </div>
        <Turning surface={surface} player={player} scale={scale} at={at} picture={picture} />
        <Bar scale={scale} />
        {surface.kind === 'path' && (
          <label class="inline path-slider">
            epoch
            <input type="range" min={0} max={last} step={1} value={at} aria-valuetext={`epoch ${here?.epoch}`} onInput={(event) => to_mark(Number(event.currentTarget.value))} />
            <output>{here?.epoch}</output>
          </label>
        )}
      </section>
      <section class="panel">
        <h2>{here ? `Epoch ${here.epoch}` : `Epoch ${surface.epoch}`}</h2>
        <table>
          <tbody>
            <Row name="loss of G" value={losses.generator_loss} />
            <Row name="loss of D" value={losses.discriminator_loss} />
            {here && <Row name="x" value={here.x} />}
            {here && <Row name="y" value={here.y} />}
            {here && <Row name="distance from the plane" value={here.away} />}
            {here && <Row name={`loss of ${kPlayers[player]} on the plane there`} value={on_plane} />}
          </tbody>
        </table>
        <h3>What is shown</h3>
        <p>{`${surface.directions[0]!.toUpperCase()}${surface.directions.slice(1)}.`}</p>
        <p class="quiet-text small">{`${surface.batch} samples of ${surface.data}, loss ${surface.loss}, ${surface.points} x ${surface.points} places around epoch ${surface.epoch}. ${surface.statistics}. Height and colour follow the logarithm above the least loss.`}</p>
        {picture && (
          <p>
            <a href={picture} download>
              Picture
            </a>
          </p>
        )}
      </section>
    </div>
  );
}

function Row({ name, value }: { name: string; value: number | null }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td class="number">{value === null ? 'no number' : short(value)}</td>
    </tr>
  );
}

/** What the colours mean. */
function Bar({ scale }: { scale: Scale }) {
  const stops = Array.from({ length: 9 }, (_, i) => `rgb(${sequential(i / 8).join(' ')}) ${(100 * i) / 8}%`).join(', ');
  return (
    <div class="surface-bar" role="img" aria-label={`Colours from the least loss, ${short(scale.low)}, to the largest, ${short(scale.high)}`}>
      <div style={{ background: `linear-gradient(to right, ${stops})` }} />
      <p class="row spread small">
        {[0, 0.25, 0.5, 0.75, 1].map((place) => (
          <span key={place}>{short(Number(scale.value(place).toPrecision(3)))}</span>
        ))}
      </p>
    </div>
  );
}

function Turning({ surface, player, scale, at, picture }: { surface: SurfaceFile; player: Player; scale: Scale; at: number; picture: string | null }) {
  const { canvas, scene, fault } = use_stage(load_scene, 'surface', kNoWebgl);
  const dark = is_dark.value;
  useEffect(() => scene?.show(surface, player, scale, dark), [scene, surface, player, scale, dark]);
  useEffect(() => scene?.mark(surface, player, scale, at), [scene, surface, player, scale, at]);
  if (fault) {
    return (
      <>
        <p class="warning small">{fault}</p>
        {picture && <img src={picture} alt={`Losses over ${surface.directions}`} />}
      </>
    );
  }
  return (
    <canvas
      ref={canvas} class="surface" tabIndex={0} role="application" onKeyDown={(event) => turn_by_key(scene, event)}
      aria-label={`The loss of ${kPlayers[player]} as a surface: turn it by dragging or by the arrow keys, plus and minus go nearer and farther`}
    />
  );
}
