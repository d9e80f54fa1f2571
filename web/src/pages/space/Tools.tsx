// The row of tools: seeds, undo, redo, reset, link, export; and the keys that move the point.
import { useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';

import { type Key, use_keys } from '../../app/keys';
import { Export } from './Export';
import { use_session } from './session';
import { normal, rounded } from './vectors';

const kFine = 0.01;
const kCoarse = 0.1;

export function Tools() {
  const session = use_session();
  const { state, history } = session;
  const exported = useRef<HTMLDialogElement>(null);
  const copied = useSignal(false);
  const uniform = state.info.latent.prior === 'uniform';
  const random = (event?: Event) => state.move(Array.from({ length: state.dim }, () => rounded(uniform ? 2 * Math.random() - 1 : normal())), event);
  const reset = () => {
    state.number.value = state.map_class.value = 0;
    state.epoch.value = state.a.value = state.b.value = state.class_a.value = state.class_b.value = null;
    state.sets.value = [];
    state.show('walk', false);
    state.move(state.start());
  };
  const step = (i: number, by: number): Key['act'] => (event) => {
    if (i >= state.axes) return;
    const now = state.coordinates(state.z.peek())[i]!;
    state.move(state.moved(state.z.peek(), { [i]: now + by * state.limit }), event);
  };
  const keys: Key[] = [
    { key: 'ArrowLeft', does: `${state.axis_name(0)} less`, act: step(0, -kFine) },
    { key: 'ArrowRight', does: `${state.axis_name(0)} more (with Shift: coarse)`, act: step(0, kFine) },
    { key: 'Shift+ArrowLeft', does: '', act: step(0, -kCoarse) },
    { key: 'Shift+ArrowRight', does: '', act: step(0, kCoarse) },
  ];
  if (state.axes > 1) {
    keys.push(
      { key: 'ArrowDown', does: `${state.axis_name(1)} less`, act: step(1, -kFine) },
      { key: 'ArrowUp', does: `${state.axis_name(1)} more (with Shift: coarse)`, act: step(1, kFine) },
      { key: 'Shift+ArrowDown', does: '', act: step(1, -kCoarse) },
      { key: 'Shift+ArrowUp', does: '', act: step(1, kCoarse) },
    );
  }
  if (state.axes > 2) keys.push({ key: ',', does: 'z3 less', act: step(2, -2 * kFine) }, { key: '.', does: 'z3 more', act: step(2, 2 * kFine) });
  if (state.axes > 3) keys.push({ key: '[', does: 'z4 less', act: step(3, -2 * kFine) }, { key: ']', does: 'z4 more', act: step(3, 2 * kFine) });
  use_keys(keys);
  use_keys([
    { key: 'Ctrl+z', does: 'Undo', act: () => history.undo() },
    { key: 'Ctrl+y', does: 'Redo', act: () => history.redo() },
    { key: 'Ctrl+Z', does: '', act: () => history.redo() },
    { key: 'r', does: 'A random point', act: random },
    // Of points there are neither layers nor pictures to take along.
    ...(state.info.kind === 'points'
      ? []
      : [
          { key: 'l', does: 'Layers', act: () => state.show('layers', !state.is_open('layers')) },
          { key: 'e', does: 'Export', act: () => exported.current?.showModal() },
        ]),
  ]);
  const copy = () => {
    session.flush_address();
    navigator.clipboard?.writeText(location.href).then(
      () => {
        copied.value = true;
        setTimeout(() => (copied.value = false), 1500);
      },
      () => {}, // the address bar has it
    );
  };
  const seed = state.seed_of(state.z.value);
  return (
    <div class="row tools-row">
      <label class="inline small">
        seed
        <select aria-label="Seed" value={seed < 0 ? '' : seed} onChange={(event) => event.currentTarget.value !== '' && state.move(state.info.seeds.z[Number(event.currentTarget.value)]!, event)}>
          <option value="">–</option>
          {state.info.seeds.z.map((_, i) => (
            <option key={i} value={i}>
              {i}
            </option>
          ))}
        </select>
      </label>
      <button onClick={random} title="A random point (r)">
        Random
      </button>
      <button onClick={() => history.undo()} disabled={!history.can_undo.value} title="Undo (Ctrl Z)" aria-label="Undo">
        ↶
      </button>
      <button onClick={() => history.redo()} disabled={!history.can_redo.value} title="Redo (Ctrl Y)" aria-label="Redo">
        ↷
      </button>
      <button onClick={reset} disabled={!state.changed.value}>
        Reset
      </button>
      <button onClick={copy} title="The address opens this view again">
        {copied.value ? 'Copied' : 'Copy link'}
      </button>
      {state.info.kind !== 'points' && (
        <>
          <button onClick={() => (session.flush_address(), exported.current?.showModal())} title="Export (e)">
            Export
          </button>
          <Export dialog={exported} />
        </>
      )}
    </div>
  );
}
