// The page: picture, map and layers beside each other, the way from A to B under them.

import { useState } from 'preact/hooks';

import { KeyHelp, use_keys, type Key } from '../src/app/keys';
import { theme } from '../src/app/theme';
import { percent } from '../src/shared/format';
import { draw_pixels } from '../src/shared/Pixels';
import { svg_text } from './ink';
import { Layers } from './Layers';
import { ClassTag, Classes, MapPanel } from './MapPanel';
import { Shown } from './Shown';
import { between } from './space';
import * as state from './state';

const { z, a, b, path, class_number, picture, strip, areas, playing, spot } = state;

const kThemes = { auto: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' } as const;
const kNext = { auto: 'light', light: 'dark', dark: 'auto' } as const;

function Bar() {
  const { model } = state;
  return (
    <header class="bar">
      <div>
        <h1>{model.run}</h1>
        <span class="quiet-text">
          epoch {model.epoch}
          {model.description && <span class="description"> · {model.description}</span>}
        </span>
        <span class="push" />
        <button class="quiet" title={kThemes[theme.value]} aria-label={kThemes[theme.value]} onClick={() => (theme.value = kNext[theme.value])}>
          {theme.value === 'auto' ? '◐' : theme.value === 'light' ? '☀' : '☾'}
        </button>
        <KeyHelp />
      </div>
    </header>
  );
}

const picture_words = (): string => {
  const label = state.label_at(z.value);
  const asked = state.model.classes ? `, class ${state.class_name(class_number.value)}` : '';
  return `Generated image${asked}${label >= 0 ? `, on the map ${state.area_name(label)}` : ''}`;
};

function save(name: string, blob: Blob | null): void {
  if (!blob) return;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function save_picture(): void {
  const { model } = state, name = `${model.run}-epoch-${model.epoch}`;
  if (!picture.value) return;
  if (model.kind === 'ink') return save(`${name}.svg`, new Blob([svg_text(picture.value)], { type: 'image/svg+xml' }));
  const [channels, height, width] = model.shape;
  const small = document.createElement('canvas'), large = document.createElement('canvas');
  draw_pixels(small, [height, width, channels], picture.value);
  large.width = 8 * width;
  large.height = 8 * height;
  const context = large.getContext('2d')!;
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, large.width, large.height);
  large.toBlob((blob) => save(`${name}.png`, blob));
}

/** The command line that draws the same picture. */
function command(): string {
  const { model } = state;
  const asked = model.classes ? ` --class ${class_number.value}` : '';
  const numbers = z.value.map((value) => String(Number(value.toPrecision(9)))).join(',');
  return `ganymede sample ${model.run} --epoch ${model.epoch} --z=${numbers}${asked} -o picture.${model.kind === 'ink' ? 'svg' : 'png'}`;
}

function Copy({ words, text, title }: { words: string; text: () => string; title: string }) {
  const [said, say] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      say('Copied');
    } catch {
      say('Not allowed');
    }
    setTimeout(() => say(''), 1500);
  };
  return (
    <button onClick={copy} title={title}>
      <span class="fixed" data-long={words}>{said || words}</span>
    </button>
  );
}

function Sliders() {
  const { reach } = state;
  return (
    <div class="sliders">
      {z.value.map((value, d) => {
        const set = (text: string) => text !== '' && Number.isFinite(Number(text)) && (z.value = state.set_coordinate(z.value, d, Number(text)));
        return (
          <label key={d} class="slider">
            <span>z{d + 1}</span>
            <input type="range" min={-reach.value} max={reach.value} step="0.01" value={value} onInput={(event) => set(event.currentTarget.value)} aria-label={`z${d + 1}`} />
            <input type="number" min="-10" max="10" step="0.01" value={Number(value.toFixed(3))} onChange={(event) => set(event.currentTarget.value)} aria-label={`z${d + 1}, number`} />
          </label>
        );
      })}
    </div>
  );
}

function Seeds() {
  const { model } = state;
  return (
    <div class="row seeds" role="group" aria-label="Seeds">
      <span class="small quiet-text">Seed</span>
      {model.seeds.map((seed, k) => (
        <button key={k} aria-pressed={seed.every((value, i) => value === z.value[i])} aria-label={`Seed ${k}`} onClick={() => state.go_to_seed(k)}>
          {k}
        </button>
      ))}
      <button onClick={state.go_anywhere} title="A new point of the prior (r)">Random</button>
    </div>
  );
}

function PicturePanel() {
  const { model } = state;
  const [moving, set_moving] = useState(0);
  const label = state.label_at(z.value);
  const rows = state.is_small() ? model.latent.dim + (model.classes ? 2 : 0) : 0; // under the picture
  return (
    <div class="left">
      <section class="panel picture-panel" aria-label="Picture" style={{ '--rows': rows, '--pixels': `${model.kind === 'ink' ? 1 : model.shape[2]}px` }}>
        <div class="large">
          <Shown picture={picture.value} label={picture_words()} moving={moving} />
        </div>
        <div class="about">
          <h2 class="row">
            {model.classes ? <>Class {state.class_name(class_number.value)}</> : 'Generated image'}
            {label >= 0 && <ClassTag k={label} />}
            {model.kind === 'ink' && <button class="push-right" onClick={() => set_moving(moving + 1)} title="Draw it again, stroke by stroke">Draw</button>}
          </h2>
          {state.is_small() ? <Sliders /> : <p class="small quiet-text numbers">{model.latent.dim} dimensions; here u {spot.value.x.toFixed(2)}, v {spot.value.y.toFixed(2)}</p>}
        </div>
      </section>
      <section class="panel tools-panel" aria-label="Go and keep">
        <div class="row tools">
          <button onClick={state.undo} disabled={!state.can_undo.value} aria-label="Undo" title="Undo (u)">↶</button>
          <button onClick={state.redo} disabled={!state.can_redo.value} aria-label="Redo" title="Redo (U)">↷</button>
          <button onClick={state.reset} disabled={state.is_start.value}>Reset</button>
          <button onClick={save_picture} title="Save the picture (s)">Save</button>
          <Copy words="Link" text={() => location.href} title="Copy the address of this view" />
          <Copy words="Command" text={command} title="Copy the command that draws this picture" />
        </div>
        <Seeds />
        {state.is_small() && <Classes />}
      </section>
    </div>
  );
}

function Way() {
  const { model } = state;
  const known = areas.value.filter(([label]) => label >= 0);
  return (
    <section class="panel way-panel" aria-label="Images from A to B">
      <div class="row head">
        <h2>Images from A to B</h2>
        <button onClick={() => (a.value = z.value)} title="A becomes the point (a)">A here</button>
        <button onClick={() => (b.value = z.value)} title="B becomes the point (b)">B here</button>
        <button onClick={() => ([a.value, b.value] = [b.value, a.value])}>Swap</button>
        <button aria-pressed={playing.value} onClick={state.play} title="Walk from A to B (p)">
          <span class="fixed" data-long="▶ Play">{playing.value ? '■ Stop' : '▶ Play'}</span>
        </button>
        {model.latent.dim > 1 && (
          <select aria-label="Way from A to B" value={path.value} onChange={(event) => (path.value = event.currentTarget.value as 'line' | 'slerp')}>
            <option value="line">straight line</option>
            <option value="slerp">great circle</option>
          </select>
        )}
        {known.length > 0 && (
          <p class="crossed small">
            Areas:{' '}
            {areas.value.map(([label, from, to], i) => (
              <span key={i} title={`${percent(from)} to ${percent(to)} of the way`}>
                {i > 0 && ' → '}
                {label >= 0 ? <ClassTag k={label} /> : 'outside'}
              </span>
            ))}
          </p>
        )}
      </div>
      <div class="strip">
        {strip.value.map((one, i) => {
          const point = between(a.value, b.value, i / (state.kStrip - 1), path.value);
          const label = state.label_at(point);
          return (
            <button key={i} onClick={() => (z.value = point)} title="Go there">
              <Shown picture={one} label="" />
              <span class="small">
                <span class="out-of-sight">Picture {i + 1} of {state.kStrip} from A to B </span>
                {i === 0 ? 'A ' : i + 1 === state.kStrip ? 'B ' : ''}{label >= 0 && <ClassTag k={label} />}
              </span>
            </button>
          );
        })}
      </div>
    </section>
  );
}

function Facts() {
  const { model, checked, milliseconds, with_vectors } = state;
  const parameters = model.nodes.flatMap((node) => Object.values(node.parameters ?? {})).reduce((sum, one) => sum + one.count, 0);
  const check = checked.value;
  const good = check !== null && check.worst <= 1;
  const thing = model.kind === 'ink' ? 'symbols' : 'pictures';
  return (
    <footer class="facts small quiet-text">
      {check === null ? <span>Comparing with the engine…</span> : good ? (
        <span class="good">✓ {check.count} {thing} equal the engine’s to 1/255</span>
      ) : (
        <span class="bad" role="alert">✗ {thing} differ from the engine’s by {check.worst.toFixed(0)}/255: do not trust this page in this browser</span>
      )}
      <span class="fixed" data-long="000.0 ms a picture">{milliseconds.value.toFixed(1)} ms a picture</span>
      <span>{parameters.toLocaleString('en-US')} parameters</span>
      {!with_vectors.value && <span>without WebAssembly’s vectors</span>}
      {state.map && model.notes.map && <span>map: {model.notes.map}</span>}
      <span>Ganymede {model.version}; computed in this page, nothing is sent</span>
    </footer>
  );
}

function keys(): Key[] {
  const { model } = state;
  const list: Key[] = [];
  const add = (key: string, does: string, act: () => void) => list.push({ key, does, act });
  const step = (d: number, by: number) => () => {
    if (state.is_small()) z.value = state.set_coordinate(z.value, d, z.value[d] + by * 0.02 * state.reach.value);
    else z.value = state.point_at(z.value, 0, 1, state.spot.value.x + (d === 0 ? by * 0.03 : 0), state.spot.value.y + (d === 1 ? by * 0.03 : 0));
  };
  const names = state.is_small() ? ['z1', 'z2', 'z3', 'z4'] : ['u', 'v'];
  const pairs = [['ArrowLeft', 'ArrowRight'], ['ArrowDown', 'ArrowUp'], ['PageDown', 'PageUp'], ['-', '+']];
  pairs.slice(0, state.is_small() ? model.latent.dim : 2).forEach(([less, more], d) => {
    add(less, `Less ${names[d]}`, step(d, -1));
    add(more, `More ${names[d]}`, step(d, 1));
  });
  add('r', 'A random point', state.go_anywhere);
  add('a', 'A becomes the point', () => (a.value = z.value));
  add('b', 'B becomes the point', () => (b.value = z.value));
  add('p', 'Walk from A to B, or stop', state.play);
  add('u', 'Undo', state.undo);
  add('U', 'Redo', state.redo);
  if (model.classes) {
    add('n', 'Next class', () => (class_number.value = (class_number.value + 1) % model.classes));
    add('N', 'Class before', () => (class_number.value = (class_number.value + model.classes - 1) % model.classes));
  }
  add('s', 'Save the picture', save_picture);
  add('Escape', 'Back to all layers', () => (state.open_layer.value = ''));
  return list;
}

export function App() {
  use_keys(keys());
  return (
    <>
      <Bar />
      <main class="page">
        {state.fault.value && <p class="error" role="alert">{state.fault.value}</p>}
        <PicturePanel />
        <MapPanel />
        <Layers />
        {!state.is_small() && state.model.classes > 0 && (
          <section class="panel classes-panel" aria-label="Classes">
            <Classes />
          </section>
        )}
        <Way />
      </main>
      <Facts />
    </>
  );
}
