// The middle of the page: the map with the point on it, or the sections of a cube, or a plane of a larger space.

import { class_colour, rgb_of, text_on } from '../src/shared/colours';
import { percent } from '../src/shared/format';
import { Pad, type Mark } from './Pad';
import { Shown, draw_into } from './Shown';
import { middles, nearest, between, in_plane, type Plane, type Z } from './space';
import * as state from './state';

const { z, a, b, u, v, path, reach, tiled, tiles, part, spot, class_number, map_class } = state;

const kColours = Array.from({ length: 256 }, (_, k) => rgb_of(class_colour(k)));

/** The classes of a plane as colours, with a name in the middle of every area that is large enough. */
function paint_plane(context: CanvasRenderingContext2D, side: number, plane: Plane): void {
  const { axis, labels } = plane, count = plane.side;
  const step = count > 1 ? (axis[count - 1] - axis[0]) / (count - 1) : 1;
  const [low, high] = [axis[0] - step / 2, axis[count - 1] + step / 2];
  const index = Array.from({ length: side }, (_, pixel) => {
    const value = (((pixel + 0.5) / side) * 2 - 1) * reach.value;
    return value < low || value > high ? -1 : nearest(axis, value);
  });
  const image = context.createImageData(side, side);
  for (let y = 0; y < side; ++y) {
    const j = index[side - 1 - y];
    if (j < 0) continue;
    for (let x = 0; x < side; ++x) {
      if (index[x] < 0) continue;
      const [red, green, blue] = kColours[labels[index[x] * count + j]];
      const at = 4 * (y * side + x);
      image.data[at] = red, image.data[at + 1] = green, image.data[at + 2] = blue, image.data[at + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
  const pixel = (value: number) => ((value / reach.value + 1) / 2) * side;
  const size = 15 * devicePixelRatio;
  context.font = `600 ${size}px system-ui, sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (const [k, { i, j, far }] of middles(plane)) {
    const name = state.area_name(k);
    const room = (((2 * far - 1) * step) / reach.value / 2) * side;
    if (room < Math.max(size, context.measureText(name).width)) continue;
    context.fillStyle = text_on(class_colour(k));
    context.fillText(name, pixel(axis[i]), side - pixel(axis[j]));
  }
}

function paint_tiles(context: CanvasRenderingContext2D, side: number): void {
  const { kTiles } = state;
  tiles.value.forEach((tile, i) => {
    const edge = (n: number) => Math.round((n * side) / kTiles);
    const [x, y] = [i % kTiles, Math.floor(i / kTiles)];
    if (tile) draw_into(context, tile, edge(x), edge(y), edge(x + 1) - edge(x), edge(y + 1) - edge(y));
  });
}

/** The way from A to B in coordinates i and j. */
function way(of: (point: Z) => [number, number]): [number, number][] {
  const count = path.value === 'line' ? 2 : 25;
  return Array.from({ length: count }, (_, i) => of(between(a.value, b.value, i / (count - 1), path.value)));
}

function CoordinatePad({ i, j, small }: { i: number; j: number; small?: boolean }) {
  const of = (point: Z): [number, number] => [point[i], point[j]];
  const marks: Mark[] = ([['A', a], ['B', b]] as const).map(([text, end]) => ({
    text, x: end.value[i], y: end.value[j], move: (x, y) => (end.value = state.point_at(end.value, i, j, x, y)),
  }));
  const rest = z.value.filter((_, d) => d !== i && d !== j);
  const paint = (context: CanvasRenderingContext2D, side: number) => {
    if (tiled.value) paint_tiles(context, side);
    else if (state.map) paint_plane(context, side, state.map.section(part.value, z.value, i, j));
  };
  return (
    <Pad
      label={small ? 'Section through the point' : 'Map'} class={small ? 'small-pad' : ''}
      reach={reach.value} x={z.value[i]} y={z.value[j]} marks={marks} line={way(of)} axes={[`z${i + 1}`, `z${j + 1}`]}
      paint={paint} paint_key={[tiled.value, part.value, ...rest, tiled.value ? tiles.value : null]}
      move={(x, y) => (z.value = state.point_at(z.value, i, j, x, y))}
    />
  );
}

function PlanePad() {
  const of = (point: Z): [number, number] => {
    const { x, y } = in_plane(u.value, v.value, point);
    return [x, y];
  };
  const ends = ([['A', a], ['B', b]] as const).filter(([, end]) => in_plane(u.value, v.value, end.value).off < 1e-3);
  const marks: Mark[] = ends.map(([text, end]) => {
    const [x, y] = of(end.value);
    return { text, x, y, move: (px, py) => (end.value = state.point_at(end.value, 0, 1, px, py)) };
  });
  return (
    <Pad
      label="Plane through the latent space" reach={reach.value} x={spot.value.x} y={spot.value.y} hollow={spot.value.off > 1e-3} marks={marks}
      line={ends.length === 2 ? way(of) : undefined} axes={['u', 'v']} paint={paint_tiles} paint_key={[tiles.value]}
      move={(x, y) => (z.value = state.point_at(z.value, 0, 1, x, y))}
    />
  );
}

const source_name = (point: Z): string => {
  const seed = state.model.seeds.findIndex((one) => one === point || one.every((value, i) => value === point[i]));
  return seed >= 0 ? `seed ${seed}` : 'random';
};

const sentence = (words: string): string => (words ? words[0].toUpperCase() + words.slice(1).replace(/\.?$/, '.') : '');

/** What the pad shows, in a sentence. */
function Words() {
  const { model, map } = state;
  const shown = map?.map.parts[part.value];
  if (!state.is_small()) {
    const off = spot.value.off > 1e-3 ? ' The point lies off this plane; the ring is its nearest place.' : '';
    return <p class="small quiet-text words">{`z = x u + y v, with u ${source_name(u.value)} and v ${source_name(v.value)}: at (1, 0) and (0, 1) those two pictures.${off}`}</p>;
  }
  if (!map) return <p class="small quiet-text words">{sentence(model.notes.map)}</p>;
  const label = state.label_at(z.value);
  const wanted = shown?.wanted ?? null;
  return (
    <p class="small words">
      {label >= 0 ? (
        <>
          The point is in the area of <ClassTag k={label} />.
        </>
      ) : wanted !== null && wanted !== class_number.value ? (
        <>The map is of class {state.class_name(wanted)}, the picture of class {state.class_name(class_number.value)}.</>
      ) : (
        <>The point lies outside of the map.</>
      )}{' '}
      {wanted !== null && <span class="quiet-text">Of class {state.class_name(wanted)}’s pictures {percent(shown!.shares[wanted] ?? 0)} are taken for it. </span>}
      {shown?.fourth != null && <span class="quiet-text">The cube at z4 = {shown.fourth}. </span>}
    </p>
  );
}

export function ClassTag({ k }: { k: number }) {
  const colour = class_colour(k);
  return (
    <b class="tag" style={{ background: colour, color: text_on(colour) }}>
      {state.area_name(k)}
    </b>
  );
}

function Choices() {
  const { model, map } = state;
  const reaches = state.reaches();
  const two = model.latent.dim === 2;
  return (
    <div class="row choices">
      {model.classes > 0 && map && (
        <label class="inline small">
          {map.map.dims === 3 ? 'Change 3D map' : 'Change map'}{' '}
          <select value={map_class.value ?? ''} onChange={(event) => (map_class.value = event.currentTarget.value === '' ? null : Number(event.currentTarget.value))}>
            <option value="">of the number</option>
            {map.map.parts.map(({ wanted }) => wanted !== null && <option value={wanted}>of class {state.class_name(wanted)}</option>)}
          </select>
        </label>
      )}
      {reaches.length > 1 && (
        <select aria-label="How far the axes reach" title="How far the axes reach" value={reach.value} onChange={(event) => (reach.value = Number(event.currentTarget.value))}>
          {[...new Set([...reaches, reach.value])].sort((one, two) => one - two).map((one) => <option value={one}>±{Number(one.toFixed(2))}</option>)}
        </select>
      )}
      {map && two && (
        <button aria-pressed={tiled.value} onClick={() => (tiled.value = !tiled.value)}>
          Pictures
        </button>
      )}
      {!state.is_small() && (
        <label class="inline small">
          v{' '}
          <select value={source_name(v.value)} onChange={(event) => (v.value = model.seeds[Number(event.currentTarget.value.slice(5))])}>
            {model.seeds.map((_, k) => <option value={`seed ${k}`}>seed {k}</option>)}
            {source_name(v.value) === 'random' && <option value="random">random</option>}
          </select>
        </label>
      )}
    </div>
  );
}

/** The classes one may ask for, each with its picture at this z: the study's “Change number”. */
export function Classes() {
  const { model, class_pictures } = state;
  if (!model.classes) return null;
  return (
    <fieldset class={`classes ${model.classes > 12 ? 'many' : ''}`}>
      <legend class="small">Change number: every class at this z</legend>
      {class_pictures.value.map((picture, k) => (
        <button key={k} aria-pressed={class_number.value === k} aria-label={`Class ${state.class_name(k)}`} onClick={() => (class_number.value = k)}>
          <Shown picture={picture} label="" />
          <span>{state.class_name(k)}</span>
        </button>
      ))}
    </fieldset>
  );
}

export function MapPanel() {
  const { model, map } = state;
  const { dim } = model.latent;
  const name = !state.is_small() ? 'Plane' : dim <= 2 ? 'Map of class areas' : 'Projections';
  return (
    <section class="panel map-panel" aria-label={name}>
      <div class="row spread head">
        <h2>{map || !state.is_small() ? name : 'Latent space'}</h2>
        {dim > 2 && state.is_small() ? null : <Choices />}
      </div>
      {dim === 1 ? null : !state.is_small() ? (
        <PlanePad />
      ) : dim === 2 ? (
        <CoordinatePad i={0} j={1} />
      ) : (
        <div class="sections">
          <CoordinatePad i={0} j={1} small />
          <CoordinatePad i={0} j={2} small />
          <CoordinatePad i={1} j={2} small />
          <div class="beside">
            <Choices />
            <Legend />
          </div>
        </div>
      )}
      <Words />
    </section>
  );
}

/** Beside three sections: every class with its share of the cube. */
function Legend() {
  const { map } = state;
  if (!map) return null;
  return (
    <ul class="legend small">
      {map.map.parts[part.value].shares.map((share, k) => (
        <li key={k}>
          <ClassTag k={k} /> {percent(share)}
        </li>
      ))}
    </ul>
  );
}
