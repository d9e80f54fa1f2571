// A scene of three.js on a canvas of the page: loaded when it is first shown, as large as its canvas, turned by keys.
import { useEffect, useRef, useState } from 'preact/hooks';

import type { Stage } from './stage';

export interface Staged<S> {
  canvas: { current: HTMLCanvasElement | null };
  scene: S | null;
  /** Why there is none. */
  fault: string;
}

/** `load` brings the scene's class; `still`: it draws on a canvas of its own, for a picture. */
export function use_stage<S extends Stage>(load: () => Promise<new (canvas: HTMLCanvasElement) => S>, what: string, no_webgl: string, still = false): Staged<S> {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [scene, set_scene] = useState<S | null>(null);
  const [fault, set_fault] = useState('');
  useEffect(() => {
    let gone = false;
    let made: S | null = null;
    let watch: ResizeObserver | null = null;
    if (!document.createElement('canvas').getContext('webgl2')) return set_fault(no_webgl);
    load().then((Made) => {
      if (gone || !canvas.current) return;
      try {
        made = new Made(still ? document.createElement('canvas') : canvas.current);
      } catch {
        return set_fault(no_webgl);
      }
      const size = () => canvas.current && made?.resize(canvas.current.clientWidth || 300, canvas.current.clientHeight || 300);
      size();
      if (!still) (watch = new ResizeObserver(size)).observe(canvas.current);
      set_scene(made);
    }, () => gone || set_fault(`The part of the page that draws the ${what} could not be loaded.`));
    return () => {
      gone = true;
      watch?.disconnect();
      made?.close();
    };
  }, []);
  return { canvas, scene, fault };
}

/** Arrow keys turn it, plus and minus go nearer and farther. */
export function turn_by_key(scene: Stage | null, event: KeyboardEvent): void {
  const turns: Record<string, [number, number]> = { ArrowLeft: [-0.15, 0], ArrowRight: [0.15, 0], ArrowUp: [0, 0.15], ArrowDown: [0, -0.15] };
  const turn = turns[event.key];
  if (turn) scene?.turn(...turn);
  else if (event.key === '+') scene?.nearer(0.9);
  else if (event.key === '-') scene?.nearer(1.1);
  else return;
  event.preventDefault();
  event.stopPropagation();
}
