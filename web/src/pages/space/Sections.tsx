// "Projections": the three cross-sections of the cube through the point, with the point, A, B and the line on them.
import { useMemo } from 'preact/hooks';

import { section_cut } from './kept_directions';
import { LabelMap, place_on } from './label_map';
import { type Mark, type MarkName, Pad } from './Pad';
import { use_session } from './session';

const kPlanes: { across: number; x: number; y: number }[] = [
  { across: 2, x: 0, y: 1 },
  { across: 1, x: 0, y: 2 },
  { across: 0, x: 1, y: 2 },
];

export function Sections({ map, version }: { map: LabelMap | null; version: number }) {
  return (
    <div class="sections" role="group" aria-label="Projections: sections through the point">
      {kPlanes.map((plane) => (
        <Section key={plane.across} map={map} version={version} {...plane} />
      ))}
    </div>
  );
}

function Section({ map, version, across, x, y }: { map: LabelMap | null; version: number; across: number; x: number; y: number }) {
  const { state, walking, kept } = use_session();
  const axis = map?.axis ?? even_axis(state.limit, 33);
  const z = state.seen_z.value;
  const at = Math.min(axis.length - 1, Math.max(0, Math.round(place_on(axis, z[across]!))));
  const labels = useMemo(() => map?.section(across, at) ?? null, [map, version, across, at]);
  const walks = state.is_open('walk');
  const marks: Mark[] = [{ name: 'z', x: z[x]!, y: z[y]! }];
  const mark = (name: MarkName, point: number[] | null) => point && walks && marks.push({ name, x: point[x]!, y: point[y]! });
  mark('a', state.a.value);
  mark('b', state.b.value);
  const move = (name: MarkName, vx: number, vy: number, event: Event) => {
    const from = name === 'a' ? state.a.peek() : name === 'b' ? state.b.peek() : state.z.peek();
    const next = state.moved(from!, { [x]: vx, [y]: vy });
    if (name === 'z') state.move(next, event);
    else (name === 'a' ? state.a : state.b).value = next;
  };
  return (
    <Pad
      name={`Section at ${state.axis_name(across)} = ${z[across]!.toFixed(2)}`} x_name={state.axis_name(x)} y_name={state.axis_name(y)}
      axis={axis} labels={labels} version={version} names={map?.class_names ?? []} marks={marks} letters={80}
      line={walking.line.value?.map((p) => [p[x]!, p[y]!])} on_move={move}
      cuts={kept.boundaries.value.map((one) => section_cut(one, z, x, y))}
      here={() => [state.z.peek()[x]!, state.z.peek()[y]!]}
    />
  );
}

const axes = new Map<string, number[]>();
/** Coordinates from -limit to limit, the same array every time. */
export function even_axis(limit: number, side: number): number[] {
  const key = `${limit} ${side}`;
  let axis = axes.get(key);
  if (!axis) axes.set(key, (axis = Array.from({ length: side }, (_, i) => -limit + (2 * limit * i) / (side - 1))));
  return axis;
}
