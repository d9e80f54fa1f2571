// A figure of the lecture: what it shows, what can be changed, and where its numbers and runs come from.
import type { ComponentChildren } from 'preact';

interface Props {
  title: string;
  /** What one sees, and how it is read. */
  caption: ComponentChildren;
  /** Below the drawing. */
  knobs?: ComponentChildren;
  reset?: () => void;
  is_changed?: boolean;
  /** The exhibit of `ganymede study theory` that makes it. */
  exhibit?: string;
  /** What else makes or shows it. */
  sources?: ComponentChildren;
  children: ComponentChildren;
}

export function Figure({ title, caption, knobs, reset, is_changed, exhibit, sources, children }: Props) {
  return (
    <figure class="exhibit panel" aria-label={title}>
      <div class="exhibit-head">
        <h3>{title}</h3>
        {reset && (
          <button type="button" disabled={!is_changed} onClick={reset}>
            Reset
          </button>
        )}
      </div>
      {children}
      {knobs && <div class="knobs">{knobs}</div>}
      <figcaption>{caption}</figcaption>
      {(exhibit || sources) && (
        <p class="sources">
          {exhibit && (
            <span>
              In print: <code>ganymede study theory</code>, exhibit <code>{exhibit}</code>
            </span>
          )}
          {sources}
        </p>
      )}
    </figure>
  );
}

/** The Playground at a preset, with further keys of a recipe. */
export function Play({ preset, set, children }: { preset: string; set?: Record<string, string | number>; children: ComponentChildren }) {
  const more = Object.entries(set ?? {}).map(([key, value]) => `&${encodeURIComponent(key)}=${encodeURIComponent(value)}`);
  return <a href={`/play?preset=${preset}${more.join('')}`}>{children}</a>;
}

/** Numbers that follow the hand: a name, a value, and what the value should be. */
export function Readings({ rows }: { rows: readonly { name: ComponentChildren; value: ComponentChildren; note?: ComponentChildren; is_same?: boolean }[] }) {
  return (
    <dl class="readings">
      {rows.map(({ name, value, note, is_same }, i) => (
        <div key={i} class={is_same ? 'same' : ''}>
          <dt>{name}</dt>
          <dd>{value}</dd>
          {note && <dd class="note">{note}</dd>}
        </div>
      ))}
    </dl>
  );
}

export const fixed = (value: number, digits = 3): string => (Number.isFinite(value) ? value.toFixed(digits).replace(/^-(0\.?0*)$/, '$1').replace('-', '−') : '∞');
/** Also of what is very small. */
export function small(value: number): string {
  if (value === 0) return '0';
  if (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e4) return Number(value.toPrecision(3)).toString().replace('-', '−');
  const [digits, power] = value.toExponential(1).split('e');
  return `${digits!.replace('-', '−')} · 10${[...String(Number(power))].map((c) => '⁰¹²³⁴⁵⁶⁷⁸⁹⁻'['0123456789-'.indexOf(c)]).join('')}`;
}
