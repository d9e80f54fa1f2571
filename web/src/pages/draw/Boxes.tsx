// The boxes of one symbol: those that are drawn, and empty ones up to as many as are wanted.
import { set_query } from '../../app/router';
import { Drawing, seen_strokes } from './Drawing';
import type { InkSet, InkStroke, InkSymbol } from './types';

interface Props {
  label: string;
  kept: InkSymbol[];
  boxes: number;
  lines: InkSet['lines'];
  /** The box that the pad shows. */
  place: number;
  /** Boxes show what the networks see. */
  shows_seen: boolean;
  by_turns: boolean;
  /** What is on the pad of the next box and not kept yet. */
  draft: InkStroke[];
  on_boxes: (boxes: string) => void;
  on_pick: (box: number) => void;
}

export function Boxes({ label, kept, boxes, lines, place, shows_seen, by_turns, draft, on_boxes, on_pick }: Props) {
  const count = Math.max(boxes, kept.length);
  const keys = (event: KeyboardEvent) => {
    const by: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, Home: -count, End: count };
    const step = by[event.key];
    const list = (event.currentTarget as HTMLElement).querySelectorAll<HTMLButtonElement>('button:not(:disabled)');
    const at = [...list].indexOf(document.activeElement as HTMLButtonElement);
    if (step === undefined || at < 0) return;
    event.preventDefault();
    event.stopPropagation();
    list[Math.min(list.length - 1, Math.max(0, at + step))]!.focus();
  };
  return (
    <section class="panel stack" aria-labelledby="boxes-title">
      <div class="row spread">
        <h2 id="boxes-title">{`Boxes of ${label}`}</h2>
        <div class="row small">
          <label class="row">
            Boxes each
            <input
              type="number" class="boxes-count" min={1} max={500} value={boxes}
              onChange={(event) => on_boxes(event.currentTarget.value)}
            />
          </label>
          <label class="row">
            Next
            <select value={by_turns ? 'turns' : 'same'} onChange={(event) => set_query({ order: event.currentTarget.value === 'turns' ? 'turns' : null })}>
              <option value="same">the same symbol</option>
              <option value="turns">the symbols by turns</option>
            </select>
          </label>
          <label class="inline">
            <input type="checkbox" checked={shows_seen} onChange={(event) => set_query({ seen: event.currentTarget.checked ? '1' : null })} />
            As the networks see it
          </label>
        </div>
      </div>
      <ul class="boxes" onKeyDown={keys}>
        {Array.from({ length: count }, (_, i) => {
          const symbol = kept[i];
          const words = symbol ? `${label} ${i + 1}${symbol.fate === 'kept' ? '' : `, not shown to the networks: ${symbol.fate}`}` : `Empty box ${i + 1}`;
          const strokes = symbol ? (shows_seen && symbol.fate === 'kept' ? seen_strokes(symbol) : symbol.strokes) : i === kept.length ? draft : [];
          return (
            <li key={i}>
              <button aria-pressed={i === place} aria-label={words} title={words} disabled={!symbol && i !== kept.length} onClick={() => on_pick(i)}>
                <Drawing strokes={strokes} lines={lines} label="" />
                {symbol && symbol.fate !== 'kept' && (
                  <span class="flag" aria-hidden="true">
                    !
                  </span>
                )}
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
