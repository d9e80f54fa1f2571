// Files of what is seen, made in the browser.
import type { NamedArray } from '../../api/frames';
import type { SampleKind } from '../../api/types';
import { draw_pixels } from '../../shared/Pixels';
import { fitted, segments_of, stroke_colour } from './strokes';
import type { Step } from './walking';

export interface Picture {
  shape: number[];
  values: ArrayLike<number>;
}

export function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export function save_text(text: string, name: string, type: string): void {
  save(new Blob([text], { type }), name);
}

/** A picture, every value so many pixels wide. */
export function scaled(picture: Picture, scale: number): HTMLCanvasElement {
  const small = document.createElement('canvas');
  draw_pixels(small, picture.shape, picture.values);
  const canvas = document.createElement('canvas');
  canvas.width = small.width * scale;
  canvas.height = small.height * scale;
  const pen = canvas.getContext('2d')!;
  pen.imageSmoothingEnabled = false;
  pen.drawImage(small, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** A symbol on white. */
export function drawn(moves: ArrayLike<number>, side: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = side;
  const pen = canvas.getContext('2d')!;
  pen.fillStyle = '#ffffff';
  pen.fillRect(0, 0, side, side);
  pen.lineCap = 'round';
  for (const { x0, y0, x1, y1, stroke } of fitted(segments_of(moves), side)) {
    if (stroke < 0) continue;
    pen.strokeStyle = stroke_colour(stroke);
    pen.lineWidth = Math.max(1.2, side / 35);
    pen.beginPath();
    pen.moveTo(x0, y0);
    pen.lineTo(x1, y1);
    pen.stroke();
  }
  return canvas;
}

export function canvas_of(kind: SampleKind, picture: Picture, scale: number): HTMLCanvasElement {
  return kind === 'ink' ? drawn(picture.values, 28 * scale) : scaled(picture, scale);
}

export function save_canvas(canvas: HTMLCanvasElement, name: string): void {
  canvas.toBlob((blob) => blob && save(blob, name), 'image/png');
}

/** The pictures in a row, two pixels of white between them, the class under each. */
export function strip_of(kind: SampleKind, steps: Step[], names: string[], scale: number): HTMLCanvasElement {
  const pictures = steps.filter((step) => step.picture).map((step) => canvas_of(kind, step.picture as NamedArray, scale));
  const [width = 1, height = 1] = [pictures[0]?.width, pictures[0]?.height];
  const named = steps.some((step) => step.label !== null);
  const gap = 2 * Math.max(1, Math.round(scale / 2));
  const text = named ? Math.max(14, Math.round(width / 5)) : 0;
  const canvas = document.createElement('canvas');
  canvas.width = pictures.length * (width + gap) + gap;
  canvas.height = height + 2 * gap + Math.ceil(1.3 * text);
  const pen = canvas.getContext('2d')!;
  pen.fillStyle = '#ffffff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = '#1a1f26';
  pen.font = `${text}px system-ui, sans-serif`;
  pen.textAlign = 'center';
  pen.textBaseline = 'top';
  pictures.forEach((picture, i) => {
    pen.drawImage(picture, gap + i * (width + gap), gap);
    const label = steps[i]!.label;
    if (label !== null) pen.fillText(names[label] ?? String(label), gap + i * (width + gap) + width / 2, height + gap + 0.15 * text);
  });
  return canvas;
}

/** A film of the pictures, there and back. */
export async function film_of(kind: SampleKind, steps: Step[], scale: number): Promise<Blob> {
  const { GIFEncoder, applyPalette, quantize } = await import('gifenc');
  const pictures = steps.filter((step) => step.picture).map((step) => canvas_of(kind, step.picture as NamedArray, scale));
  const film = GIFEncoder();
  for (const canvas of [...pictures, ...pictures.slice(1, -1).reverse()]) {
    const { data, width, height } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    const palette = quantize(data, 256);
    film.writeFrame(applyPalette(data, palette), width, height, { palette, delay: 120 });
  }
  film.finish();
  return new Blob([film.bytes() as Uint8Array<ArrayBuffer>], { type: 'image/gif' });
}
