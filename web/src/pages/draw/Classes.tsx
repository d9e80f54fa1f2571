// The symbols of a set: which one is drawn, how many of each there are; more of them, or fewer.
import { useState } from 'preact/hooks';

import { has_draft } from './pen';
import type { SheetStore } from './sheet_store';
import type { InkSet } from './types';

interface Props {
  store: SheetStore;
  set: InkSet;
  label: string;
  boxes: number;
  may: boolean;
  on_pick: (label: string) => void;
}

export function Classes({ store, set, label, boxes, may, on_pick }: Props) {
  const [text, set_text] = useState('');
  const [sure, set_sure] = useState('');
  const own = set.classes.find(({ name }) => name === label);
  const add = async (event: Event) => {
    event.preventDefault();
    const name = text.trim();
    if (name && (await store.add_class(name))) {
      set_text('');
      on_pick(name);
    }
  };
  return (
    <nav class="panel classes" aria-label="Symbols">
      <ul>
        {set.classes.map(({ name, count }) => (
          <li key={name}>
            <button aria-pressed={name === label} onClick={() => on_pick(name)} class={count >= boxes ? 'is-full' : ''}>
              <b>{name}</b> <span class="small">{count > boxes ? `${count} (${boxes} wanted)` : `${count}/${boxes}`}</span>
              {name !== label && has_draft(set.name, name) && (
                <span class="small" title="An unfinished drawing waits on its pad">
                  ✎<span class="out-of-sight"> unfinished</span>
                </span>
              )}
            </button>
          </li>
        ))}
      </ul>
      {may && (
        <form class="row small" onSubmit={(event) => void add(event)}>
          <label class="row">
            Add a symbol
            <input type="text" maxLength={32} value={text} autocomplete="off" autocapitalize="off" spellcheck={false} onInput={(event) => set_text(event.currentTarget.value)} />
          </label>
          <button disabled={text.trim() === ''}>Add</button>
          <span class="removal row">
          {label !== '' &&
            (sure === label ? (
              <>
                <button
                  type="button" class="danger"
                  onClick={() => {
                    set_sure('');
                    void store.remove_class(label);
                  }}
                >
                  {`Remove ${label}${own?.count ? ` and its ${own.count === 1 ? 'drawing' : `${own.count} drawings`}` : ''}`}
                </button>
                <button type="button" onClick={() => set_sure('')}>
                  No
                </button>
              </>
            ) : (
              <button type="button" onClick={() => (own?.count ? set_sure(label) : void store.remove_class(label))}>
                {`Remove ${label}`}
              </button>
            ))}
          </span>
        </form>
      )}
    </nav>
  );
}
