// What a pen leaves in a box: strokes of points with their times. Nothing here knows of the page.
import type { InkStroke } from './types';

/** A box is 100 wide and high, y down; a capital stands between these two lines. */
export const kSide = 100;
export const kLines = { top: 22, baseline: 70 };
/** Where small letters end above, and tails below. */
export const kHelpers = { small: 41, tail: 90 };

const kNearest = 0.2; // of two points of a stroke
const kMostPoints = 8000; // of a symbol, a little below what the server takes
const kMostStrokes = 64;

const tenth = (value: number) => Math.round(value * 10) / 10;
const within = (value: number) => tenth(Math.min(kSide, Math.max(0, value)));

export class Pen {
  strokes: InkStroke[] = [];
  private down = false;
  private begin = 0;
  private count = 0;

  get is_down(): boolean {
    return this.down;
  }
  get is_empty(): boolean {
    return this.strokes.length === 0;
  }

  /** Time in milliseconds, of any clock. False where there is no room for another stroke. */
  press(x: number, y: number, time: number): boolean {
    if (this.strokes.length >= kMostStrokes || this.count >= kMostPoints) return false;
    if (this.is_empty) this.begin = time;
    this.strokes = [...this.strokes, { x: [within(x)], y: [within(y)], t: [this.seconds(time)] }];
    ++this.count;
    this.down = true;
    return true;
  }

  move(x: number, y: number, time: number): void {
    const stroke = this.strokes.at(-1);
    if (!this.down || !stroke || this.count >= kMostPoints) return;
    const to = { x: within(x), y: within(y) };
    if (Math.hypot(to.x - stroke.x.at(-1)!, to.y - stroke.y.at(-1)!) < kNearest) return;
    stroke.x.push(to.x);
    stroke.y.push(to.y);
    stroke.t!.push(Math.max(this.seconds(time), stroke.t!.at(-1)!));
    ++this.count;
    this.strokes = [...this.strokes]; // another list: what shows it is drawn anew
  }

  lift(): void {
    this.down = false;
  }

  /** Takes the last stroke back, also one that is being drawn. */
  undo(): void {
    this.down = false;
    this.count -= this.strokes.at(-1)?.x.length ?? 0;
    this.strokes = this.strokes.slice(0, -1);
  }

  clear(): void {
    this.down = false;
    this.count = 0;
    this.strokes = [];
  }

  /** Takes a drawing that was made before. */
  take(strokes: InkStroke[]): void {
    this.down = false;
    this.count = strokes.reduce((sum, { x }) => sum + x.length, 0);
    this.strokes = strokes;
  }

  private seconds(time: number): number {
    return Math.max(0, Math.round(time - this.begin) / 1000);
  }
}

// Drawings that are not kept yet wait for their symbol, while others or other pages are shown.
const pens = new Map<string, Pen>();
const key_of = (set: string, label: string, place: number | null) => [set, label, place ?? ''].join('\n');

/** The pen of a symbol's next box, or of a kept one (`place`) that is drawn again. */
export function pen_of(set: string, label: string, place: number | null = null): Pen {
  const key = key_of(set, label, place);
  const pen = pens.get(key) ?? new Pen();
  pens.set(key, pen);
  return pen;
}
/** Whether something unkept is on the pad of this symbol, or of any of the set. */
export function has_draft(set: string, label?: string): boolean {
  const start = label === undefined ? `${set}\n` : `${set}\n${label}\n`;
  return [...pens].some(([key, pen]) => key.startsWith(start) && !pen.is_empty);
}
/** Forgets them: of a set, of one symbol, or alone those of its boxes that are drawn again. */
export function drop_drafts(set: string, label?: string, again_only = false): void {
  const start = label === undefined ? `${set}\n` : `${set}\n${label}\n`;
  for (const key of [...pens.keys()]) if (key.startsWith(start) && !(again_only && key === start)) pens.delete(key);
}

/** How long a drawing took; where times are not known, as if every point had taken as long. */
export function times_of(strokes: InkStroke[]): number[][] {
  if (strokes.every(({ t }) => t)) return strokes.map(({ t }) => t!);
  let at = 0;
  return strokes.map(({ x }) => x.map(() => (at += 0.04)));
}

/** The strokes as far as they were drawn at this moment; the last piece is cut where the pen is. */
export function strokes_until(strokes: InkStroke[], times: number[][], time: number): InkStroke[] {
  const shown: InkStroke[] = [];
  strokes.forEach(({ x, y }, s) => {
    const t = times[s]!;
    if (t[0]! > time) return;
    let n = t.findIndex((moment) => moment > time);
    if (n < 0) n = t.length;
    const part: InkStroke = { x: x.slice(0, n), y: y.slice(0, n) };
    if (n < t.length) {
      const share = (time - t[n - 1]!) / (t[n]! - t[n - 1]!);
      part.x.push(x[n - 1]! + share * (x[n]! - x[n - 1]!));
      part.y.push(y[n - 1]! + share * (y[n]! - y[n - 1]!));
    }
    shown.push(part);
  });
  return shown;
}

/** A text in a hand that knows these symbols: three letters, and a longer name in braces. */
export function text_in(symbols: string[]): string {
  const letters = symbols.filter((name) => [...name].length === 1).slice(0, 3);
  const word = symbols.find((name) => [...name].length > 1);
  return letters.join('') + (word ? `{${word}}` : '');
}

/** What stands in a field of symbols: words between blanks and commas, each once. */
export function symbols_in(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((word) => word !== ''))];
}
