// Keyboard: pages say which keys do what; "?" lists them.
import { useEffect, useRef } from 'preact/hooks';
import { signal } from '@preact/signals';

export interface Key {
  /** As KeyboardEvent.key gives it: "ArrowLeft", "p", "?"; with "Shift+" or "Ctrl+" in front. */
  key: string;
  /** What it does, for the list; "": it is not listed. */
  does: string;
  act: (event: KeyboardEvent) => void;
}

const active = signal<Key[][]>([]);

function name_of(event: KeyboardEvent): string {
  const control = event.ctrlKey || event.metaKey ? 'Ctrl+' : '';
  const shift = event.shiftKey && event.key.length > 1 ? 'Shift+' : '';
  return control + shift + event.key;
}

function is_typing(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return !!element && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName)) && (element as HTMLInputElement).type !== 'checkbox';
}

/** Within what scrolls, these keys scroll. */
function is_scrolling({ key, target }: KeyboardEvent): boolean {
  return /^(Arrow|Home$|End$)/.test(key) && !!(target as Element | null)?.closest?.('.scroll-x, .tall, .file-list');
}

/** Enter on a button or a link presses that. */
function is_pressing({ key, target }: KeyboardEvent): boolean {
  return key === 'Enter' && !!(target as Element | null)?.closest?.('button, a, summary');
}

addEventListener('keydown', (event) => {
  if (is_scrolling(event) || is_pressing(event) || is_typing(event.target) || event.altKey || document.querySelector('dialog[open]')) return;
  for (const keys of active.value.toReversed()) {
    const found = keys.find((key) => key.key === name_of(event));
    if (found) {
      event.preventDefault();
      return found.act(event);
    }
  }
});

/** The keys hold as long as the component is shown; the last one that came wins. Inputs keep their own keys. */
export function use_keys(keys: Key[]): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const mine = keys.map((key, i) => ({ ...key, act: (event: KeyboardEvent) => latest.current[i]?.act(event) }));
    active.value = [...active.value, mine];
    return () => {
      active.value = active.value.filter((one) => one !== mine);
    };
  }, [keys.map((key) => key.key + key.does).join('\n')]);
}

const kSigns: Record<string, string> = { ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓', ' ': 'Space' };

/** "Control+z" is two keys, "+" is one. */
const parts_of = (key: string) => (key === '+' ? [key] : key.split('+'));

/** The button and the dialog that list the keys. */
export function KeyHelp() {
  const dialog = useRef<HTMLDialogElement>(null);
  use_keys([{ key: '?', does: 'Show the keys', act: () => dialog.current?.showModal() }]);
  return (
    <>
      <button class="quiet" aria-label="Keys" title="Keys (?)" onClick={() => dialog.current?.showModal()}>
        ?
      </button>
      <dialog ref={dialog} aria-label="Keys" onClick={(event) => event.target === dialog.current && dialog.current?.close()}>
        <h2>Keys</h2>
        <table>
          <tbody>
            {active.value.flat().filter((key) => key.does).map((key) => (
              <tr key={key.key + key.does}>
                <td>
                  <kbd>{parts_of(key.key).map((part) => kSigns[part] ?? part).join(' ')}</kbd>
                </td>
                <td>{key.does}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <form method="dialog">
          <button>Close</button>
        </form>
      </dialog>
    </>
  );
}
