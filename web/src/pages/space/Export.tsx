// Takes along what is seen: pictures, the strip, a film, SVG, z, and the command that draws the same.
import type { RefObject } from 'preact';
import { useSignal } from '@preact/signals';

import { canvas_of, film_of, save, save_canvas, save_text, strip_of } from './export';
import { picture_of } from './paint';
import { use_session } from './session';
import type { State } from './state';
import { svg_of } from './strokes';

const kScales = [1, 4, 8, 16];

/** The classes asked for, by their names. */
function named_classes(state: State) {
  const { class: own, to_class: other, share } = state.asked_class;
  return {
    ...(own === undefined ? {} : { class: state.class_name(own) }),
    ...(other === undefined ? {} : { to_class: state.class_name(other), share }),
  };
}

export function Export({ dialog }: { dialog: RefObject<HTMLDialogElement | null> }) {
  const { state, looker, walking, mapping, classifier } = use_session();
  const scale = useSignal(8);
  const fault = useSignal('');
  const frame = looker.result.value;
  const picture = frame?.arrays.picture ?? frame?.arrays.strokes;
  const kind = state.info.kind;
  const steps = walking.steps.value;
  const walk = state.is_open('walk') && steps.length > 0 && steps.every((step) => step.picture);
  const names = classifier.value.class_names ?? state.info.class_names;
  const name = `${state.run}-epoch${state.shown_epoch.value}`;
  const json = () => ({
    run: state.run, epoch: state.shown_epoch.value, z: state.z.value, ...named_classes(state),
    ...(state.sets.value.length ? { set: state.sets.value } : {}), ...(state.a.value && state.b.value ? { a: state.a.value, b: state.b.value, path: state.path.value } : {}),
  });
  const film = () =>
    film_of(kind, steps, scale.value).then(
      (blob) => save(blob, `${name}-walk.gif`),
      (error: Error) => (fault.value = error.message),
    );
  return (
    <dialog ref={dialog} aria-label="Export" class="export" onClick={(event) => event.target === dialog.current && dialog.current?.close()}>
      <h2>Export</h2>
      <label class="inline small">
        pixels a value
        <select value={scale.value} onChange={(event) => (scale.value = Number(event.currentTarget.value))}>
          {kScales.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
      <div class="row">
        <button disabled={!picture} onClick={() => picture && save_canvas(canvas_of(kind, picture_of(picture), scale.value), `${name}.png`)}>
          Picture (PNG)
        </button>
        {kind === 'ink' && (
          <button disabled={!picture} onClick={() => picture && save_text(svg_of(picture_of(picture).values, 280, name), `${name}.svg`, 'image/svg+xml')}>
            Symbol (SVG)
          </button>
        )}
        <button disabled={!walk} title={walk ? '' : 'Open “Images from A to B” first'} onClick={() => save_canvas(strip_of(kind, steps, names, scale.value), `${name}-walk.png`)}>
          Strip from A to B (PNG)
        </button>
        <button disabled={!walk} title={walk ? '' : 'Open “Images from A to B” first'} onClick={() => void film()}>
          Film from A to B (GIF)
        </button>
        <button onClick={() => save_text(`${JSON.stringify(json(), null, 1)}\n`, `${name}-z.json`, 'application/json')}>z (JSON)</button>
      </div>
      {fault.value && <p class="error">{fault.value}</p>}
      <Command title="This picture from the command line" text={frame?.head.command ?? ''} />
      <Command title="This map" text={mapping.shown.value?.command ?? ''} />
      <Command title="This walk" text={walk ? walking.command.value : ''} />
      <form method="dialog">
        <button>Close</button>
      </form>
    </dialog>
  );
}

function Command({ title, text }: { title: string; text: string }) {
  const copied = useSignal(false);
  if (!text) return null;
  const copy = () =>
    navigator.clipboard?.writeText(text).then(
      () => {
        copied.value = true;
        setTimeout(() => (copied.value = false), 1500);
      },
      () => {}, // it can be selected
    );
  return (
    <div class="command">
      <div class="row spread small">
        <span>{title}</span>
        <button onClick={() => void copy()} aria-label={`Copy: ${title}`}>
          {copied.value ? 'Copied' : 'Copy'}
        </button>
      </div>
      <code>{text}</code>
    </div>
  );
}
