// The cube of a three-dimensional space, or of four dimensions at a fourth coordinate; three.js is loaded when it is first shown.
import { useEffect, useMemo } from 'preact/hooks';

import { is_dark } from '../../app/theme';
import { turn_by_key, use_stage } from '../../shared/use_stage';
import type { LabelMap } from './label_map';
import { crossed } from './MapPanel';
import { use_session } from './session';

const load_scene = () => import('./cube_scene').then((module) => module.CubeScene);
const kNoWebgl = 'This browser draws no WebGL, so the cube cannot be shown; the sections show the same map.';

export function CubePanel({ map, version }: { map: LabelMap | null; version: number }) {
  const { state } = use_session();
  const cube = state.cube.value;
  const change = (part: Partial<typeof cube>) => (state.cube.value = { ...cube, ...part });
  const names = map?.class_names ?? [];
  return (
    <div class="cube-panel">
      {/* A new canvas for each way: the still one has no WebGL behind it. */}
      <Cube key={String(cube.still)} map={map} version={version} />
      <div class="cube-tools row small" role="group" aria-label="How the cube is drawn">
        <Two name="Cube" value={cube.still ? 'static' : 'dynamic'} choices={['dynamic', 'static']} on_change={(value) => change({ still: value === 'static' })} />
        <Two name="Drawn as" value={cube.shape} choices={['points', 'slices']} on_change={(value) => change({ shape: value as 'points' | 'slices' })} />
        <label class="inline">
          opacity
          <input type="range" min="0.05" max="1" step="0.05" value={cube.opacity} style={{ width: '5.5rem' }} onInput={(event) => change({ opacity: Number(event.currentTarget.value) })} />
        </label>
        <label class="inline">
          class
          <select aria-label="One class alone" value={cube.only ?? ''} onChange={(event) => change({ only: event.currentTarget.value === '' ? null : Number(event.currentTarget.value) })}>
            <option value="">all</option>
            {names.map((name, k) => (
              <option key={k} value={k}>
                {name} alone
              </option>
            ))}
          </select>
        </label>
        {state.is_open('walk') && <OnlyLine />}
      </div>
    </div>
  );
}

export function OnlyLine() {
  const { state } = use_session();
  const cube = state.cube.value;
  return (
    <label class="inline small">
      <input type="checkbox" checked={cube.line} onChange={(event) => (state.cube.value = { ...cube, line: event.currentTarget.checked })} />
      only the areas the line passes
    </label>
  );
}

export function Two({ name, value, choices, on_change }: { name: string; value: string; choices: string[]; on_change: (value: string) => void }) {
  return (
    <span class="two" role="group" aria-label={name}>
      {choices.map((one) => (
        <button key={one} aria-pressed={one === value} onClick={() => on_change(one)}>
          {one}
        </button>
      ))}
    </span>
  );
}

function Cube({ map, version }: { map: LabelMap | null; version: number }) {
  const { state, walking, kept } = use_session();
  const { shape, opacity, only, line: line_only, still } = state.cube.value;
  const dark = is_dark.value;

  const { canvas, scene, fault } = use_stage(load_scene, 'cube', kNoWebgl, still);

  const line = walking.line.value;
  const passes = line_only && line && map ? line : null;
  const shown = useMemo(() => {
    const passed = passes && map ? crossed(map, passes) : null;
    return (at: number) => (only === null || map?.labels[at] === only) && (!passed || passed(at));
  }, [only, passes, map, version]);

  // The still picture is of the map alone, and drawn once a map is whole.
  const when = still ? (map?.done ? version : -1) : version;
  useEffect(() => {
    if (!scene) return;
    scene.show(map, { shape, opacity, shown, dark, names: [0, 1, 2].map((i) => state.axis_name(i)) });
    if (!still || !canvas.current) return;
    const source = scene.draw_now();
    canvas.current.width = source.width;
    canvas.current.height = source.height;
    canvas.current.getContext('2d')!.drawImage(source, 0, 0);
  }, [scene, map, when, shape, opacity, shown, dark]);
  useEffect(() => {
    if (scene && !still) scene.mark({ z: state.seen_z.value, a: state.is_open('walk') ? state.a.value : null, b: state.is_open('walk') ? state.b.value : null, line });
  }, [scene, map, state.seen_z.value, state.a.value, state.b.value, line]);

  const boundaries = kept.boundaries.value;
  useEffect(() => {
    if (scene && !still) scene.cut(map ? boundaries : [], state.dim > 3 ? state.seen_z.value.slice(3) : []);
  }, [scene, map, boundaries, state.dim > 3 ? state.seen_z.value[3] : 0]);

  if (fault) return <p class="warning small">{fault}</p>;
  return still ? (
    <canvas ref={canvas} class="cube" role="img" aria-label="The cube of class areas, a still picture" />
  ) : (
    <canvas ref={canvas} class="cube" tabIndex={0} role="application" aria-label="The cube of class areas: turn it by dragging or by the arrow keys, plus and minus go nearer and farther" onKeyDown={(event) => turn_by_key(scene, event)} />
  );
}
