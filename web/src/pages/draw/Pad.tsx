// The box that is drawn into: by mouse, pen, finger, or with the arrow keys.
import { useEffect, useRef, useState } from 'preact/hooks';

import { Paper, Strokes } from './Drawing';
import { kSide, type Pen } from './pen';

interface Props {
  pen: Pen;
  /** Changes whenever the pen's strokes do. */
  version: number;
  lines: { top: number; baseline: number } | null;
  label: string;
  disabled: boolean;
  on_change: () => void;
  /** Enter on the pad. */
  on_keep: () => void;
}

const kPenMemory = 1500; // ms after a pen was near in which touches are the ball of the hand
const kStep = 3;

export function Pad({ pen, version, lines, label, disabled, on_change, on_keep }: Props) {
  const pad = useRef<SVGSVGElement>(null);
  const pointer = useRef<number | null>(null);
  const drawing = useRef(pen); // the pad may be another symbol's before the pointer is lifted
  const pen_seen = useRef(-Infinity);
  const [cursor, set_cursor] = useState<{ x: number; y: number } | null>(null);

  const place = (event: PointerEvent): [number, number, number] => {
    const box = pad.current!.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * kSide, ((event.clientY - box.top) / box.height) * kSide, event.timeStamp];
  };
  const press = (event: PointerEvent) => {
    if (event.pointerType === 'pen') pen_seen.current = event.timeStamp;
    const is_palm = event.pointerType === 'touch' && event.timeStamp - pen_seen.current < kPenMemory;
    if (disabled || pointer.current !== null || event.button !== 0 || is_palm) return;
    event.preventDefault();
    pad.current!.focus({ preventScroll: true });
    if (!pen.press(...place(event))) return;
    drawing.current = pen;
    try {
      pad.current!.setPointerCapture(event.pointerId);
    } catch {
      // it has left already
    }
    pointer.current = event.pointerId;
    set_cursor(null);
    on_change();
  };
  const move = (event: PointerEvent) => {
    if (event.pointerType === 'pen') pen_seen.current = event.timeStamp;
    if (event.pointerId !== pointer.current) return;
    // All that the device told since the last frame, not only its last word.
    const all = event.getCoalescedEvents?.() ?? [];
    for (const one of all.length ? all : [event]) drawing.current.move(...place(one));
    on_change();
  };
  const end = (event: PointerEvent, is_cancelled = false) => {
    if (event.pointerId !== pointer.current) return;
    pointer.current = null;
    if (!drawing.current.is_down) return;
    if (is_cancelled) drawing.current.undo();
    else drawing.current.lift();
    on_change();
  };
  // A finger that draws does not scroll the page: only a listener that is not passive may say so.
  useEffect(() => {
    const stay = (event: TouchEvent) => event.preventDefault();
    const surface = pad.current!;
    surface.addEventListener('touchmove', stay, { passive: false });
    return () => surface.removeEventListener('touchmove', stay);
  }, []);
  // Another box, or a cleared one: the pen of the keys is up.
  useEffect(() => {
    if (pen.is_empty) pen.lift();
  }, [version]);

  const keys = (event: KeyboardEvent) => {
    const steps: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const at = cursor ?? { x: kSide / 4, y: lines?.top ?? kSide / 4 };
    const step = steps[event.key];
    if (disabled || event.ctrlKey || event.metaKey || event.altKey) return;
    if (step) {
      const size = event.shiftKey ? kStep / 3 : kStep;
      const to = { x: Math.min(kSide, Math.max(0, at.x + size * step[0])), y: Math.min(kSide, Math.max(0, at.y + size * step[1])) };
      set_cursor(to);
      if (pen.is_down) pen.move(to.x, to.y, event.timeStamp);
    } else if (event.key === ' ') {
      set_cursor(at);
      if (pen.is_down) pen.lift();
      else pen.press(at.x, at.y, event.timeStamp);
    } else if (event.key === 'Enter') {
      if (!event.repeat) on_keep();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    on_change();
  };
  return (
    <svg
      ref={pad} class={`pad drawing ${disabled ? 'is-disabled' : ''}`} viewBox={`0 0 ${kSide} ${kSide}`} tabindex={0} role="application" aria-label={label} aria-describedby="pad-help"
      onPointerDown={press} onPointerMove={move} onPointerUp={(event) => end(event)} onPointerCancel={(event) => end(event, true)} onLostPointerCapture={(event) => end(event)} onKeyDown={keys}
    >
      <Paper lines={lines} is_named />
      <Strokes strokes={pen.strokes} width={2.8} />
      {cursor && <path class={`cursor ${pen.is_down ? 'is-down' : ''}`} d={`M${cursor.x - 4} ${cursor.y}h8M${cursor.x} ${cursor.y - 4}v8`} />}
    </svg>
  );
}
