// All maps of a layer on one canvas, numbered: where each stands, and how it is painted.
import type { NamedArray } from '../../api/frames';
import { range_of, word_of_value } from './paint';

export interface Sheet {
  channels: number;
  rows: number;
  columns: number;
  /** Pixels a value. */
  scale: number;
  /** Maps side by side. */
  across: number;
  cell_width: number;
  cell_height: number;
  width: number;
  height: number;
}

export interface Spot {
  channel: number;
  row: number;
  column: number;
}

const kGap = 4;
const kNumber = 13;
const kRoom = 330;

/** `vector`: values that are no maps; they lie on one sheet, each its own channel. */
export function sheet_for(shape: readonly number[], width: number, vector: boolean): Sheet {
  const [channels = 1, rows = 1, columns = 1] = shape;
  const at_scale = (scale: number): Sheet => {
    const cell_width = columns * scale + kGap;
    const cell_height = rows * scale + (vector ? kGap : kNumber + kGap);
    const across = Math.max(1, Math.min(channels, Math.floor(width / cell_width)));
    return { channels, rows, columns, scale, across, cell_width, cell_height, width: across * cell_width, height: Math.ceil(channels / across) * cell_height };
  };
  // As large as all of them can be seen at once, but not so small that nothing can be.
  for (let scale = vector ? 14 : 12; scale > 1; --scale) {
    const sheet = at_scale(scale);
    if (sheet.width <= width && (sheet.height <= kRoom || scale * columns <= 28)) return sheet;
  }
  return at_scale(1);
}

export function spot_at(sheet: Sheet, x: number, y: number): Spot | null {
  const i = Math.floor(x / sheet.cell_width);
  const channel = Math.floor(y / sheet.cell_height) * sheet.across + i;
  if (i < 0 || i >= sheet.across || channel < 0 || channel >= sheet.channels) return null;
  const column = Math.floor((x - i * sheet.cell_width) / sheet.scale);
  const row = Math.floor((y % sheet.cell_height) / sheet.scale);
  return { channel, row: Math.min(sheet.rows - 1, row), column: Math.min(sheet.columns - 1, column) };
}

export function corner_of(sheet: Sheet, channel: number): [number, number] {
  return [(channel % sheet.across) * sheet.cell_width, Math.floor(channel / sheet.across) * sheet.cell_height];
}

export interface Painting {
  dark: boolean;
  vector: boolean;
  gone: (channel: number, row: number) => boolean;
  spot: Spot | null;
}

export function paint_sheet(canvas: HTMLCanvasElement, sheet: Sheet, maps: NamedArray, { dark, vector, gone, spot }: Painting): void {
  const ratio = Math.min(2, Math.max(1, Math.round(devicePixelRatio)));
  if (canvas.width !== sheet.width * ratio || canvas.height !== sheet.height * ratio) {
    canvas.width = sheet.width * ratio;
    canvas.height = sheet.height * ratio;
  }
  const pen = canvas.getContext('2d')!;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, sheet.width, sheet.height);
  const [least, most] = range_of(maps.values);
  const size = sheet.rows * sheet.columns;
  const small = new OffscreenCanvas(sheet.columns, sheet.rows);
  const small_pen = small.getContext('2d')!;
  const image = new ImageData(sheet.columns, sheet.rows);
  const words = new Uint32Array(image.data.buffer);
  pen.imageSmoothingEnabled = false;
  pen.font = '11px system-ui, sans-serif';
  pen.textBaseline = 'top';
  for (let c = 0; c < sheet.channels; ++c) {
    for (let i = 0; i < size; ++i) words[i] = word_of_value(maps.values[c * size + i]!, least, most);
    small_pen.putImageData(image, 0, 0);
    const [x, y] = corner_of(sheet, c);
    pen.drawImage(small, x, y, sheet.columns * sheet.scale, sheet.rows * sheet.scale);
    pen.fillStyle = pen.strokeStyle = '#ff4a3d';
    pen.lineWidth = 2;
    for (let row = 0; row < sheet.rows; ++row) {
      if (vector) {
        for (let column = 0; column < sheet.columns; ++column) {
          if (gone(row * sheet.columns + column, 0)) pen.strokeRect(x + column * sheet.scale + 1, y + row * sheet.scale + 1, sheet.scale - 2, sheet.scale - 2);
        }
      } else if (gone(c, row)) {
        pen.fillRect(x, y + row * sheet.scale, 3, sheet.scale);
        pen.fillRect(x + sheet.columns * sheet.scale - 3, y + row * sheet.scale, 3, sheet.scale);
      }
    }
    if (!vector) {
      const all = gone(c, -1);
      pen.fillStyle = all ? '#ff4a3d' : dark ? '#a3adbb' : '#5a6472';
      pen.fillText(all ? `${c} ×` : String(c), x, y + sheet.rows * sheet.scale + 1);
    }
  }
  if (!spot) return;
  const [x, y] = corner_of(sheet, vector ? 0 : spot.channel);
  const s = Math.max(3, sheet.scale);
  pen.lineWidth = 1.5;
  pen.strokeStyle = '#ff2ea6';
  pen.strokeRect(x + spot.column * sheet.scale - 1, y + spot.row * sheet.scale - 1, s + 2, s + 2);
  if (!vector) pen.strokeRect(x - 1, y - 1, sheet.columns * sheet.scale + 2, sheet.rows * sheet.scale + 2);
}
