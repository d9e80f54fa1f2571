// A small picture, drawn large with crisp pixels.
import { useLayoutEffect, useRef } from 'preact/hooks';

interface Props {
  /** [height, width, channels] with 1 or 3 channels. */
  shape: number[];
  /** Values 0 to 255, row by row. */
  values: ArrayLike<number>;
  /** What it shows; "": what stands around it says that. */
  label: string;
  class?: string;
}

export function draw_pixels(canvas: HTMLCanvasElement, shape: number[], values: ArrayLike<number>): void {
  const [height = 1, width = 1, channels = 1] = shape;
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const image = new ImageData(width, height);
  const out = image.data;
  for (let i = 0, at = 0; i < width * height; ++i, at += channels) {
    out[4 * i] = values[at]!;
    out[4 * i + 1] = values[channels === 3 ? at + 1 : at]!;
    out[4 * i + 2] = values[channels === 3 ? at + 2 : at]!;
    out[4 * i + 3] = 255;
  }
  canvas.getContext('2d')!.putImageData(image, 0, 0);
}

export function Pixels({ shape, values, label, class: more = '' }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => draw_pixels(canvas.current!, shape, values));
  return <canvas ref={canvas} class={`pixels ${more}`} {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': 'true' })} />;
}
