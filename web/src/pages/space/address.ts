// Address <-> state. What is as it was at the start stays out of the address.
import { type Along, kAlongs } from './kept_directions';
import { type DirectionKind, kPanels, type Panel, type Reach, State } from './state';
import { rounded, same, type Vector } from './vectors';

function vector_text(state: State, z: Vector | null): string | null {
  if (!z) return null;
  const seed = state.seed_of(z);
  return seed >= 0 ? `seed${seed}` : z.map((x) => String(rounded(x))).join(',');
}

function vector_of(state: State, text: string | null): Vector | null {
  if (!text) return null;
  const seed = /^seed(\d+)$/.exec(text);
  if (seed) return state.info.seeds.z[Number(seed[1])] ?? null;
  const z = text.split(',').map(Number);
  return z.length === state.dim && z.every(Number.isFinite) ? z : null;
}

function integer(text: string | null, least: number, most: number, otherwise: number): number {
  const n = Number(text ?? NaN);
  return Number.isInteger(n) && n >= least && n <= most ? n : otherwise;
}

/** The panels that are open at the start: the layers where there is a column for them. */
function opened(state: State): Panel[] {
  // Of many dimensions directions are what one looks along.
  const ways: Panel[] = state.info.screen === 'plane' && state.dim > 1 ? ['directions'] : [];
  return matchMedia('(min-width: 74rem)').matches ? ['layers', ...ways] : ways;
}

/** "FILE|KIND|NAME|NAME ...": the file and kind of kept directions, and whose planes are drawn; "none" of none. */
function kept_text({ file, along, planes }: State['kept']['value']): string | null {
  if (file === '' && along === 'normal' && planes === null) return null;
  return [file, along, ...(planes === null ? [] : planes.length ? planes : ['none'])].join('|');
}

function kept_of(text: string | null): State['kept']['value'] {
  const [file = '', along = '', ...planes] = (text ?? '').split('|');
  return {
    file, along: (kAlongs as readonly string[]).includes(along) ? (along as Along) : 'normal',
    planes: planes.length === 0 ? null : planes[0] === 'none' ? [] : planes,
  };
}

/** The keys of the address with their values; null: left out. */
export function written(state: State): Record<string, string | null> {
  const { kind, first, second, seed } = state.directions.value;
  const plain_directions = kind === 'axes' && first === 0 && second === 1;
  const { shape, opacity, only, line, still } = state.cube.value;
  const cube = [shape === 'slices' && 'slices', opacity !== 0.6 && `opacity:${opacity}`, only !== null && `class:${only}`, line && 'line', still && 'still'];
  return {
    epoch: state.epoch.value === null ? null : String(state.epoch.value),
    z: same(state.z.value, state.start()) ? null : vector_text(state, state.z.value),
    condition: same(state.condition.value ?? [], state.first_condition ?? []) ? null : state.condition.value!.map((x) => String(rounded(x))).join(','),
    class: state.number.value ? String(state.number.value) : null,
    map: state.map_class.value ? String(state.map_class.value) : null,
    a: vector_text(state, state.a.value),
    b: vector_text(state, state.b.value),
    class_a: state.class_a.value === null ? null : String(state.class_a.value),
    class_b: state.class_b.value === null ? null : String(state.class_b.value),
    share: state.between.value ? String(rounded(state.between.value.share)) : null,
    path: state.path.value === 'slerp' ? 'slerp' : null,
    steps: state.steps.value === 12 ? null : String(state.steps.value),
    set: state.sets.value.join(' ') || null,
    open: state.open.value.join() === opened(state).join() ? null : state.open.value.join(',') || 'none',
    layer: state.maps.value || null,
    along: kept_text(state.kept.value),
    models: state.models.value.join(',') || null,
    reach: state.reach.value === state.first_reach ? null : state.reach.value,
    show: state.pictures.value === state.first_pictures ? null : state.pictures.value ? 'pictures' : 'classes',
    plane: state.small || plain_directions ? null : [kind, first, second, ...(kind === 'random' ? [seed] : [])].join(','),
    cube: cube.filter(Boolean).join(',') || null,
  };
}

/** Takes over what the address says; what it does not say, or says wrongly, is as at the start. */
export function read(state: State, query: URLSearchParams): void {
  const list = (key: string, separator: string) => (query.get(key) ?? '').split(separator).filter(Boolean);
  const classes = Math.max(0, state.info.classes - 1);
  const epoch = integer(query.get('epoch'), 0, 1e9, -1);
  state.epoch.value = state.epochs.value.includes(epoch) ? epoch : null;
  state.z.value = vector_of(state, query.get('z')) ?? state.start();
  state.number.value = integer(query.get('class'), 0, classes, 0);
  const condition = (query.get('condition') ?? '').split(',').map(Number);
  const start = state.first_condition;
  state.condition.value = start && query.get('condition') && condition.length === start.length && condition.every(Number.isFinite) ? condition : start;
  state.map_class.value = integer(query.get('map'), 0, classes, 0);
  state.a.value = vector_of(state, query.get('a'));
  state.b.value = vector_of(state, query.get('b'));
  const end_class = (key: string) => {
    const k = integer(query.get(key), 0, classes, -1);
    return k < 0 || !state.info.classes ? null : k;
  };
  state.class_a.value = end_class('class_a');
  state.class_b.value = end_class('class_b');
  const share = Number(query.get('share') ?? NaN);
  const [from, to] = [state.class_a.value, state.class_b.value];
  state.mixture.value = share >= 0 && share <= 1 && from !== null && to !== null ? { z: state.z.value, from, to, share } : null;
  state.path.value = query.get('path') === 'slerp' ? 'slerp' : 'line';
  state.steps.value = integer(query.get('steps'), 2, 64, 12);
  state.sets.value = list('set', ' ').slice(0, 256);
  state.open.value = query.has('open') ? list('open', ',').filter((one): one is Panel => (kPanels as string[]).includes(one)) : opened(state);
  state.maps.value = query.get('layer') ?? '';
  state.kept.value = kept_of(query.get('along'));
  state.models.value = list('models', ',').slice(0, 3);
  const reach = query.get('reach');
  state.reach.value = reach === '1' || reach === '2' || reach === '3' || (reach === 'q' && state.small) ? (reach as Reach) : state.first_reach;
  state.pictures.value = query.has('show') ? query.get('show') === 'pictures' : state.first_pictures;
  const [kind = '', first = '', second = '', seed = ''] = list('plane', ',');
  state.directions.value = {
    kind: kind === 'random' || kind === 'principal' || kind === 'kept' ? (kind as DirectionKind) : 'axes',
    first: integer(first || null, 0, 1023, 0), second: integer(second || null, 0, 1023, 1), seed: integer(seed || null, 0, 1e9, 0),
  };
  const cube = list('cube', ',');
  const value = (name: string) => cube.find((one) => one.startsWith(`${name}:`))?.slice(name.length + 1) ?? null;
  const opacity = Number(value('opacity') ?? 0.6);
  const only = integer(value('class'), 0, 255, -1);
  state.cube.value = {
    shape: cube.includes('slices') ? 'slices' : 'points', opacity: opacity >= 0.05 && opacity <= 1 ? opacity : 0.6,
    only: only < 0 ? null : only, line: cube.includes('line'), still: cube.includes('still'),
  };
}
