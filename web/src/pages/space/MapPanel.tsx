// Middle: the map of class areas with the point on it, for every kind of latent space.
import { useComputed } from '@preact/signals';
import { useMemo } from 'preact/hooks';

import { has_token } from '../../api/client';
import { percent, sentence as whole, short } from '../../shared/format';
import { areas_of } from './areas';
import { ClassChoice } from './ClassChoice';
import { ConditionFields } from './ConditionFields';
import { CubePanel, Two } from './CubePanel';
import type { LabelMap } from './label_map';
import { type Boundary, type Cut, cut_of } from './kept_directions';
import { Overview } from './Overview';
import { type Mark, type MarkName, Pad } from './Pad';
import { PlaneChoice } from './PlaneChoice';
import { ClassName } from './Probabilities';
import { even_axis, Sections } from './Sections';
import { use_session } from './session';
import { Sliders } from './Sliders';
import type { Reach, State } from './state';
import { distance_to } from './vectors';

export function MapPanel() {
  const { state, mapping } = use_session();
  const map = mapping.shown.value;
  const version = mapping.version.value;
  const deep = state.info.screen === '3d' || state.info.screen === '4d';
  return (
    <section class="panel map" aria-labelledby="map-title">
      <div class="row spread">
        <h2 id="map-title">Map of class areas</h2>
        <div class="row">
          {!deep && <Two name="What the map shows" value={state.pictures.value ? 'pictures' : 'classes'} choices={['classes', 'pictures']} on_change={(value) => (state.pictures.value = value === 'pictures')} />}
          <ReachChoice />
        </div>
      </div>
      <ClassChoice />
      <ConditionFields />
      {state.info.screen === 'plane' && <PlaneChoice />}
      {deep ? (
        <div class="deep">
          <CubePanel map={map} version={mapping.cube_version.value} />
          <Sections map={map} version={version} />
        </div>
      ) : (
        <PlanePad map={map} version={version} />
      )}
      <Status />
      <Position />
      <Shares map={map} />
    </section>
  );
}

export function ReachChoice() {
  const { state } = use_session();
  return (
    <label class="inline small" title="How far the map and the sliders reach">
      <span class="out-of-sight">The map reaches</span>
      <select value={state.reach.value} onChange={(event) => (state.reach.value = event.currentTarget.value as Reach)}>
        <option value="1">−1 to 1</option>
        <option value="2">−2 to 2</option>
        <option value="3">−3 to 3</option>
        {state.small && <option value="q">by quantiles</option>}
      </select>
    </label>
  );
}

/** The pad of two dimensions: z itself, or the plane through it. */
function PlanePad({ map, version }: { map: LabelMap | null; version: number }) {
  const { state, walking, looker, classifier, kept } = use_session();
  const cube = state.cube.value;
  const axis = map?.axis ?? even_axis(state.limit, 101);
  const plane = state.plane.value;
  const pictures = state.pictures.value;
  const walks = state.is_open('walk');
  const mark = (name: MarkName, z: number[]): Mark => {
    const [x = 0, y = 0] = state.coordinates(z);
    return { name, x, y, inside: !plane || distance_to(plane, z) < 1e-3 };
  };
  const marks = [mark('z', state.seen_z.value)];
  if (walks && state.a.value) marks.push(mark('a', state.a.value));
  if (walks && state.b.value) marks.push(mark('b', state.b.value));
  const line = walking.line.value?.map((z) => state.coordinates(z) as [number, number]) ?? null;
  const only_line = cube.line && !!line && !!map;
  const shown = useMemo(() => (only_line ? crossed(map, line.map(([x, y]) => [x, y])) : null), [only_line, map, version, line?.flat().join()]);
  const label = looker.result.value?.head.labels?.[0];
  const names = map?.class_names ?? classifier.value.class_names ?? [];
  const here = () => {
    const [x = 0, y = 0] = state.coordinates(state.z.peek());
    return [x, y] as const;
  };
  const move = (name: MarkName, x: number, y: number, event: Event) => {
    const from = name === 'a' ? state.a.peek() : name === 'b' ? state.b.peek() : state.z.peek();
    const next = state.moved(from!, state.axes > 1 ? { 0: x, 1: y } : { 0: x });
    if (name === 'z') state.move(next, event);
    else (name === 'a' ? state.a : state.b).value = next;
  };
  return (
    <Pad
      name="Map of class areas" x_name={state.axis_name(0)} y_name={state.axis_name(1)} axis={axis} labels={pictures ? null : (map?.labels ?? null)} version={version} ground={pictures && <Overview />}
      names={names} marks={marks} line={line} shown={shown} under={label === undefined ? '' : (names[label] ?? String(label))} here={here} on_move={move}
      cuts={pad_cuts(state, kept.boundaries.value)}
    />
  );
}

/** Where the planes of attributes cut the pad. */
export function pad_cuts(state: State, boundaries: readonly Boundary[]): Cut[] {
  if (state.axes < 2) return [];
  const plane = state.small ? { origin: [0, 0], u: [1, 0], v: [0, 1] } : state.plane.value;
  return plane ? boundaries.map((one) => cut_of(one, plane)) : [];
}

/** Whether a point of the map is of an area that the line passes. */
export function crossed(map: LabelMap, line: number[][]): (at: number) => boolean {
  const areas = areas_of(map.labels, map.side, map.dims);
  const passed = new Set(line.map((z) => map.nearest(z)).filter((at) => at >= 0).map((at) => areas[at]!));
  return (at) => passed.has(areas[at]!);
}

/** What stands where a map cannot be: why, and what can be done about it. */
function Status() {
  const session = use_session();
  const { mapping, classifier } = session;
  const { state, sentence, done, total } = classifier.value;
  const error = mapping.streaming.error.value;
  const running = mapping.streaming.running.value;
  if (state === 'missing') {
    return (
      <div class="warning">
        <p>{whole(sentence)}</p>
        <button onClick={() => void session.fit()} disabled={!has_token()} title={has_token() ? '' : 'Open the link with the token that `ganymede serve` printed'}>
          Fit it
        </button>
        {!has_token() && <p class="small">Fitting wants the link with the token that <code>ganymede serve</code> printed.</p>}
      </div>
    );
  }
  if (state === 'looking') return <progress class="thin" aria-label={sentence} />;
  if (state === 'fitting') {
    return (
      <div class="warning" role="status">
        <p>{whole(sentence)}</p>
        <progress max={total ?? 1} value={total ? (done ?? 0) : undefined} aria-label="Fitting the classifier" />
      </div>
    );
  }
  if (state === 'impossible') return <p class="quiet-text small">{whole(sentence)}</p>;
  if (error) {
    return (
      <p class="error" role="alert">
        {error.message}
      </p>
    );
  }
  const share = running ? (mapping.shown.value?.share_done ?? 0) : 1;
  return <progress class={`thin ${running && share < 1 ? '' : 'idle'}`} max={1} value={share} aria-label="How much of the map is drawn" />;
}

export function Position() {
  const { state } = use_session();
  const names = Array.from({ length: state.axes }, (_, i) => state.axis_name(i));
  return (
    <>
      <Sliders names={names} values={state.coordinates(state.z.value)} limit={state.limit} on_move={(i, value, event) => state.move(state.moved(state.z.peek(), { [i]: value }), event)} />
      {!state.small && <AllValues />}
    </>
  );
}

const kMostSliders = 128;
function AllValues() {
  const { state } = use_session();
  const open = state.is_open('values');
  return (
    <details open={open} onToggle={(event) => state.show('values', event.currentTarget.open)}>
      <summary>All {state.dim} values of z</summary>
      {open && (
        <div class="all-values">
          <Sliders
            names={state.z.value.slice(0, kMostSliders).map((_, i) => `z${i + 1}`)} values={state.z.value} limit={3}
            on_move={(i, value, event) => {
              const next = [...state.z.peek()];
              next[i] = value;
              state.move(next, event);
            }}
          />
        </div>
      )}
    </details>
  );
}

function Shares({ map }: { map: LabelMap | null }) {
  const { state, mapping } = use_session();
  const version = mapping.version.value;
  const at = useComputed(() => {
    const shown = mapping.shown.value;
    if (!shown || mapping.version.value < 0) return -1;
    const index = shown.nearest(state.coordinates(state.seen_z.value));
    return index < 0 ? -1 : shown.labels[index]!;
  }).value;
  const order = useMemo(() => (map?.shares ?? []).map((share, k) => ({ k, share })).filter(({ share }) => share > 0).sort((a, b) => b.share - a.share), [map, version]);
  if (!map) return null;
  const inside = map.nearest(state.coordinates(state.seen_z.value)) >= 0;
  const mass = state.small ? map.head.mass : undefined;
  return (
    <div class="shares small">
      <p>
        {at >= 0 ? (
          <>
            The point lies in an area of class <ClassName k={at} names={map.class_names} />
          </>
        ) : inside ? (
          'The point’s class is on its way.'
        ) : (
          'The point lies beyond the map.'
        )}
        {mass !== undefined && mass < 0.995 && <span class="quiet-text"> The map covers {percent(mass)} of what is drawn from the prior.</span>}
      </p>
      <ul class="share-list" aria-label="Share of each class on the map">
        {order.slice(0, 12).map(({ k, share }) => (
          <li key={k}>
            <ClassName k={k} names={map.class_names} /> {percent(share, share < 0.01 ? 1 : 0)}
          </li>
        ))}
      </ul>
      {map.head.fourth !== undefined && <p class="quiet-text">Cube at z4 = {short(map.head.fourth)}.</p>}
    </div>
  );
}

