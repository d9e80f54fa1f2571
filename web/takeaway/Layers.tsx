// The right of the page: the mean over channels of every layer, and the single feature maps of one.

import { useLayoutEffect, useRef, useState } from 'preact/hooks';

import { sequential } from '../src/shared/colours';
import { percent, short } from '../src/shared/format';
import type { LayerSeen } from './desk';
import { layers, open_layer, open_values } from './state';

const kColours = Array.from({ length: 256 }, (_, i) => sequential(i / 255));

/** Values as colours from least to most, into a canvas of their own size. */
function draw_values(canvas: HTMLCanvasElement, rows: number, columns: number, values: ArrayLike<number>, least: number, most: number): void {
  if (canvas.width !== columns) canvas.width = columns;
  if (canvas.height !== rows) canvas.height = rows;
  const context = canvas.getContext('2d')!;
  const image = context.createImageData(columns, rows);
  const scale = most > least ? 255 / (most - least) : 0;
  for (let i = 0; i < rows * columns; ++i) {
    if (Number.isNaN(values[i])) continue;
    const [red, green, blue] = kColours[Math.round((values[i] - least) * scale)];
    image.data[4 * i] = red, image.data[4 * i + 1] = green, image.data[4 * i + 2] = blue, image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

function range(values: ArrayLike<number>): [number, number] {
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; ++i) {
    if (values[i] < least) least = values[i];
    if (values[i] > most) most = values[i];
  }
  return [least, most];
}

const size_words = (shape: number[]): string => (shape.length === 3 ? `${shape[0]} of ${shape[1]} × ${shape[2]}` : `${shape[0]} values`);

function Mean({ layer }: { layer: LayerSeen }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => draw_values(canvas.current!, layer.rows, layer.columns, layer.mean, ...range(layer.mean)), [layer]);
  return (
    <button class="layer" onClick={() => (open_layer.value = layer.node)} title="Show its feature maps">
      <span class="out-of-sight">Layer </span>
      <span class="frame">
        <canvas ref={canvas} class="pixels" style={{ aspectRatio: `${layer.columns} / ${layer.rows}` }} aria-hidden="true" />
      </span>
      <b>{layer.node}</b>
      <span class="quiet-text">{layer.op}</span>
      <span class="quiet-text">{size_words(layer.shape)}</span>
      <span class="quiet-text" title="share of values below a tenth of the layer's root mean square">
        {percent(layer.near_zero)} near 0
      </span>
    </button>
  );
}

const kCell = 46, kName = 13, kGap = 6;

/** All feature maps of a layer, numbered, in one colour scale; a vector is one map. */
function Maps({ layer }: { layer: LayerSeen }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const [wide, set_wide] = useState(0);
  const [said, say] = useState('');
  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => set_wide(box.current!.clientWidth));
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);
  const open = open_values.value;
  const image = open && open.node === layer.node && layer.shape.length > 1;
  const size = layer.rows * layer.columns;
  const count = image ? layer.shape[0] : 1;
  const cell = image ? Math.max(kCell, Math.min(2 * layer.columns, 128)) : Math.min(wide, 240);
  const across = Math.max(1, Math.floor((wide + kGap) / (cell + kGap)));
  const high = cell * (layer.rows / layer.columns) + kName + kGap;
  useLayoutEffect(() => {
    if (!wide || !open || open.node !== layer.node) return;
    const scale = devicePixelRatio, element = canvas.current!;
    element.width = Math.round(wide * scale);
    element.height = Math.round(Math.ceil(count / across) * high * scale);
    const context = element.getContext('2d')!;
    context.scale(scale, scale);
    context.imageSmoothingEnabled = false;
    context.font = '11px system-ui, sans-serif';
    context.fillStyle = getComputedStyle(element).color;
    const one = document.createElement('canvas');
    for (let k = 0; k < count; ++k) {
      const x = (k % across) * (cell + kGap), y = Math.floor(k / across) * high;
      const values = image ? open.values.subarray(k * size, (k + 1) * size) : layer.mean;
      draw_values(one, layer.rows, layer.columns, values, layer.least, layer.most);
      if (image) context.fillText(String(k), x, y + kName - 3);
      context.drawImage(one, x, y + kName, cell, high - kName - kGap);
    }
  });
  const hover = (event: PointerEvent) => {
    if (!image || !open) return;
    const { left, top } = canvas.current!.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    const column = Math.floor(x / (cell + kGap)), k = Math.floor(y / high) * across + column;
    const [px, py] = [Math.floor(((x - column * (cell + kGap)) / cell) * layer.columns), Math.floor((((y % high) - kName) / (high - kName - kGap)) * layer.rows)];
    const inside = column < across && k < count && px >= 0 && px < layer.columns && py >= 0 && py < layer.rows;
    say(inside ? `map ${k}, row ${py}, column ${px}: ${short(open.values[k * size + py * layer.columns + px])}` : '');
  };
  return (
    <>
      <p class="small quiet-text words">
        {said || `${layer.op}, ${size_words(layer.shape)}, values ${short(layer.least)} to ${short(layer.most)}, ${percent(layer.zero)} zero`}
      </p>
      <div class="maps" ref={box} tabIndex={0} role="group" aria-label={`Feature maps of ${layer.node}`}>
        <canvas ref={canvas} role="img" aria-label={`${count} feature maps of layer ${layer.node}`} onPointerMove={hover} onPointerLeave={() => say('')} />
      </div>
    </>
  );
}

export function Layers() {
  const open = layers.value.find((layer) => layer.node === open_layer.value);
  return (
    <section class="panel layers-panel" aria-label="Layers">
      <div class="row spread head">
        <h2>{open ? `Feature maps of ${open.node}` : 'Activations for each layer (average values)'}</h2>
        {open && <button onClick={() => (open_layer.value = '')}>All layers</button>}
      </div>
      {open ? <Maps key={open.node} layer={open} /> : (
        <div class="layers">
          {layers.value.map((layer) => <Mean key={layer.node} layer={layer} />)}
        </div>
      )}
    </section>
  );
}
