// The single maps of a layer: a value and where it came from, and taking maps and rows away.
import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

import { is_dark } from '../../app/theme';
import { short } from '../../shared/format';
import { ablation_of, toggled } from './ablation_text';
import { type Sheet, type Spot, paint_sheet, sheet_for, spot_at } from './feature_sheet';
import { use_session } from './session';
import { Taps } from './Taps';

type Tool = 'map' | 'row' | 'look';
const kRest = 60; // ms until it is asked where a value came from

export function FeatureMaps({ node }: { node: string }) {
  const session = use_session();
  const { state, looker } = session;
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const sheet = useRef<Sheet | null>(null);
  const spot = useSignal<Spot | null>(null);
  const tool = useSignal<Tool>('map');
  const value = useSignal(0);
  const timer = useRef(0);
  const layer = looker.result.value?.head.layers?.find((one) => one.node === node);
  const maps = looker.result.value?.arrays[`maps:${node}`];
  const vector = layer ? layer.shape.length !== 3 : false;
  const sets = state.sets.value;
  const dark = is_dark.value;

  useLayoutEffect(() => {
    if (!maps || !canvas.current || !box.current) return;
    sheet.current = sheet_for(maps.shape, Math.max(200, box.current.clientWidth - 14), vector);
    const places = new Set(sets.map((one) => one.replace(/,?value=.*$/, '')));
    const gone = (channel: number, row: number) =>
      places.size > 0 &&
      (places.has(node) || places.has(ablation_of(node, channel, null, 0)) || (row >= 0 && (places.has(ablation_of(node, channel, row, 0)) || places.has(ablation_of(node, null, row, 0)))));
    paint_sheet(canvas.current, sheet.current, maps, { dark, vector, gone, spot: spot.value });
  }, [maps, vector, sets, dark, spot.value]);

  // No tap of a layer that is not shown any more.
  useEffect(() => () => {
    clearTimeout(timer.current);
    session.tap.value = null;
  }, []);

  const go_to = (next: Spot | null) => {
    spot.value = next;
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => (session.tap.value = next && tap_of(next)), kRest);
  };
  const channel_of = (at: Spot) => (vector ? at.row * (maps?.shape[2] ?? 1) + at.column : at.channel);
  const tap_of = (at: Spot) => ({ layer: node, channel: channel_of(at), row: vector ? 0 : at.row, column: vector ? 0 : at.column });
  const act = (at: Spot | null) => {
    if (!at || tool.value === 'look') return;
    const row = tool.value === 'row' && !vector ? at.row : null;
    state.sets.value = toggled(sets, ablation_of(node, channel_of(at), row, value.value));
  };
  const pointed = (event: PointerEvent | MouseEvent) => (sheet.current ? spot_at(sheet.current, event.offsetX, event.offsetY) : null);
  const key = (event: KeyboardEvent) => {
    const now = spot.value ?? { channel: 0, row: 0, column: 0 };
    if (event.key === 'Enter') act(spot.value);
    else {
      const next = sheet.current && stepped(now, event, sheet.current);
      if (!next) return;
      go_to(spot.value ? next : now);
      const box_now = box.current!;
      const y = Math.floor(next.channel / sheet.current!.across) * sheet.current!.cell_height;
      if (y < box_now.scrollTop || y + sheet.current!.cell_height > box_now.scrollTop + box_now.clientHeight) box_now.scrollTop = y;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  if (!maps || !layer) return <div class="feature-maps quiet-text small">The maps of {node} are on their way.</div>;
  const at = spot.value;
  const size = maps.shape[1]! * maps.shape[2]!;
  const here = at ? maps.values[at.channel * size + at.row * maps.shape[2]! + at.column] : undefined;
  return (
    <div class="feature-maps">
      <div class="row spread">
        <h3>
          {node}: {vector ? 'its values' : `its ${maps.shape[0]} maps`}
        </h3>
        <button class="quiet" aria-label={`Close the maps of ${node}`} onClick={() => (state.maps.value = '')}>
          ×
        </button>
      </div>
      <fieldset class="tools small">
        <legend class="out-of-sight">What a click or Enter does</legend>
        <span>A click</span>
        {(vector ? (['map', 'look'] as Tool[]) : (['map', 'row', 'look'] as Tool[])).map((one) => (
          <label key={one} class="inline">
            <input type="radio" name="tool" checked={tool.value === one} onChange={() => (tool.value = one)} />
            {one === 'map' ? (vector ? 'sets the value' : 'sets the map') : one === 'row' ? 'sets the row' : 'only looks'}
          </label>
        ))}
        <label class="inline">
          to
          <input type="number" step="0.5" value={value.value} aria-label="Value that it is set to; 0 takes it away" onInput={(event) => (value.value = event.currentTarget.valueAsNumber || 0)} />
        </label>
      </fieldset>
      <div ref={box} class="sheet-box">
        <canvas
          ref={canvas} tabIndex={0} role="application" style={{ width: `${sheet.current?.width ?? 300}px` }}
          aria-label={`Maps of ${node}: arrow keys go from value to value, Page Up and Page Down from map to map, Enter sets what is chosen`}
          onPointerMove={(event) => go_to(pointed(event))} onClick={(event) => act(pointed(event))} onKeyDown={key}
        />
      </div>
      <p class="small value" aria-live="polite">
        {at ? (
          <>
            {vector ? `value ${channel_of(at)}` : `map ${at.channel}, row ${at.row}, column ${at.column}`}: <b>{short(here)}</b>
          </>
        ) : (
          <span class="quiet-text">Point at a value to see it, and where in the layer before it came from.</span>
        )}
      </p>
      {at && <Taps />}
    </div>
  );
}

function stepped(at: Spot, event: KeyboardEvent, sheet: Sheet): Spot | null {
  const clamp = (x: number, most: number) => Math.min(most, Math.max(0, x));
  const step = event.shiftKey ? 4 : 1;
  const moves: Record<string, Spot> = {
    ArrowLeft: { ...at, column: clamp(at.column - step, sheet.columns - 1) },
    ArrowRight: { ...at, column: clamp(at.column + step, sheet.columns - 1) },
    ArrowUp: { ...at, row: clamp(at.row - step, sheet.rows - 1) },
    ArrowDown: { ...at, row: clamp(at.row + step, sheet.rows - 1) },
    PageUp: { ...at, channel: clamp(at.channel - 1, sheet.channels - 1) },
    PageDown: { ...at, channel: clamp(at.channel + 1, sheet.channels - 1) },
  };
  return moves[event.key] ?? null;
}
