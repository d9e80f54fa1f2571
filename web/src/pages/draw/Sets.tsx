// The sets of drawn symbols: those that are there, a new one, or one from a file.
import { useRef, useState } from 'preact/hooks';

import { ApiError, has_token, kApi, post_json } from '../../api/client';
import { go } from '../../app/router';
import { thousands } from '../../shared/format';
import { use_json } from '../../shared/resource';
import { use_title } from '../../shared/title';
import { drop_drafts, kLines, symbols_in } from './pen';
import { forget, remember } from './remembered';
import { kUsualBoxes } from './Sheet';
import type { InkCard, InkList } from './types';
import { free_name, is_set_name, set_name, upload_ink } from './upload';

export function address_of(name: string, more: Record<string, string> = {}): string {
  return `/draw?${new URLSearchParams({ set: name, ...more })}`;
}

export function Sets() {
  const { value, error, reload } = use_json<InkList>('/ink');
  use_title('Draw');
  const may = has_token();
  const [told, set_told] = useState('');
  return (
    <div class="draw stack">
      <h1>Draw your own symbols</h1>
      <p class="lead">
        Letters, digits or signs of your own, drawn by mouse, pen or finger into a sheet of boxes. A GAN can be trained on them, and then writes texts in your
        hand.
      </p>
      {error && <p class="error">{error.message}</p>}
      {!may && (
        <p class="warning">
          This page only shows: to draw, open it by the link with #token=… that <code>ganymede serve</code> prints (with --read-only it prints none).
        </p>
      )}
      {value && value.sets.length > 0 && (
        <ul class="sets">
          {value.sets.map((card) => (
            <Card key={card.name} card={card} may={may} on_deleted={(words) => (set_told(words), reload())} />
          ))}
        </ul>
      )}
      <p role="status" class="small told">
        {told}
      </p>
      {value && may && (
        <div class="set-forms">
          <New taken={value.sets.map(({ name }) => name)} />
          <Upload taken={value.sets.map(({ name }) => name)} on_fault={reload} />
        </div>
      )}
      {value && (
        <p class="quiet-text small">
          They are kept in <code>{value.folder}</code>, a folder a set, in the ink format of Ganymede (JSON): <code>ganymede data show NAME</code> shows them too.
        </p>
      )}
    </div>
  );
}

function Card({ card, may, on_deleted }: { card: InkCard; may: boolean; on_deleted: (words: string) => void }) {
  const [is_asked, set_asked] = useState(false);
  const [unable, set_unable] = useState('');
  const take_away = async () => {
    try {
      const { path } = await post_json<{ path: string }>('/ink', { action: 'remove', name: card.name });
      drop_drafts(card.name);
      forget(card.name);
      on_deleted(`${card.name} is deleted: it lies in ${path} now, where no set is looked for.`);
    } catch (error) {
      set_unable((error as Error).message);
    }
  };
  const { name, fault, classes = [], symbols = 0 } = card;
  return (
    <li class="panel">
      <h2>{fault ? name : <a href={address_of(name)}>{name}</a>}</h2>
      {fault ? (
        <p class="small error">{fault}</p>
      ) : (
        <>
          <p class="small">{`${thousands(symbols)} drawing${symbols === 1 ? '' : 's'} of ${classes.length} symbol${classes.length === 1 ? '' : 's'}${card.own ? '' : ', shown only'}`}</p>
          <p class="names small">{classes.map((one) => one.name).join(' ')}</p>
        </>
      )}
      <div class="row small">
        {!fault && (
          <>
            <a class="button" href={address_of(name)}>
              {card.own ? 'Draw on' : 'Look'}
            </a>
            <a class="button" href={`${kApi}/ink/${encodeURIComponent(name)}/file`} download={`${name}.json`}>
              Download
            </a>
          </>
        )}
        {may && card.own && !is_asked && (
          <button class="deletion" aria-label={`Delete ${name}`} onClick={() => (symbols > 0 || fault ? set_asked(true) : void take_away())}>
            Delete
          </button>
        )}
      </div>
      {is_asked && (
        <div class="row small asked">
          <button class="danger" onClick={() => void take_away()}>
            {`Delete ${name}${fault ? '' : ` and its ${symbols === 1 ? 'drawing' : `${thousands(symbols)} drawings`}`}`}
          </button>
          <button onClick={() => set_asked(false)}>No</button>
        </div>
      )}
      {unable && <p class="small error">{unable}</p>}
    </li>
  );
}

function Hint({ name, better, on_take }: { name: string; better: string; on_take: (name: string) => void }) {
  return (
    <span id="name-hint">
      {better === '' ? (
        'Letters, digits, - and _, no blanks.'
      ) : (
        <>
          {is_set_name(name) ? 'There is a set of this name: try ' : 'Letters, digits, - and _, no blanks: try '}
          <button type="button" class="link" onClick={() => on_take(better)}>
            {better}
          </button>
        </>
      )}
    </span>
  );
}

function New({ taken }: { taken: string[] }) {
  const [name, set_typed] = useState<string | null>(null);
  const [symbols, set_symbols] = useState('A B C');
  const [boxes, set_boxes] = useState(String(kUsualBoxes));
  const [writer, set_writer] = useState('');
  const [fault, set_fault] = useState('');
  const wanted = name ?? free_name('my-hand', taken);
  const typed = wanted.trim();
  // What would do instead of the name as it stands; "" where it does.
  const better = typed === '' || (is_set_name(typed) && !taken.includes(typed)) ? '' : free_name(is_set_name(typed) ? typed : set_name(typed).toLowerCase(), taken);
  const create = async (event: Event) => {
    event.preventDefault();
    try {
      // The set is made with its first drawing.
      const classes = symbols_in(symbols);
      await post_json('/ink', { action: 'create', check: true, name: typed, classes, lines: kLines });
      drop_drafts(typed);
      forget(typed);
      remember(typed, { boxes: Number(boxes), ...(writer.trim() ? { writer: writer.trim() } : {}) });
      go(address_of(typed, { symbols: classes.join(' '), n: boxes, ...(writer.trim() ? { writer: writer.trim() } : {}) }));
    } catch (error) {
      set_fault((error as Error).message);
    }
  };
  return (
    <form class="panel stack" aria-label="New set" onSubmit={(event) => void create(event)}>
      <h2>New set</h2>
      <div class="form-grid">
        <div class="labelled">
          <label class="labelled">
            Name
            <input
              type="text" value={wanted} maxLength={60} autocomplete="off" autocapitalize="off" spellcheck={false} aria-describedby="name-hint" aria-invalid={better !== ''}
              onInput={(event) => set_typed(event.currentTarget.value)}
            />
          </label>
          <Hint name={typed} better={better} on_take={set_typed} />
        </div>
        <label class="labelled">
          Symbols, with blanks between
          <input type="text" value={symbols} autocomplete="off" autocapitalize="off" spellcheck={false} onInput={(event) => set_symbols(event.currentTarget.value)} />
        </label>
        <label class="labelled">
          Boxes for each
          <input type="number" min={1} max={500} value={boxes} onInput={(event) => set_boxes(event.currentTarget.value)} />
        </label>
        <label class="labelled">
          Whose hand (may be left empty)
          <input type="text" value={writer} maxLength={60} autocomplete="off" onInput={(event) => set_writer(event.currentTarget.value)} />
        </label>
      </div>
      {fault && (
        <p class="error" role="alert">
          {fault}
        </p>
      )}
      <div class="row">
        <button class="primary">Begin</button>
      </div>
    </form>
  );
}

function Upload({ taken, on_fault }: { taken: string[]; on_fault: () => void }) {
  const field = useRef<HTMLInputElement>(null);
  const [fault, set_fault] = useState('');
  const [share, set_share] = useState<number | null>(null);
  const [other, set_other] = useState<string | null>(null); // a name is asked for, since the file's is taken
  const take = async (name: string) => {
    const file = field.current?.files?.[0];
    if (!file) return;
    set_fault('');
    set_share(0);
    try {
      await upload_ink(file, name, set_share);
      go(address_of(name));
    } catch (error) {
      set_fault((error as Error).message);
      if (error instanceof ApiError && error.status === 409) set_other(free_name(name, [...taken, name]));
      on_fault();
    } finally {
      set_share(null);
    }
  };
  const chosen = () => {
    const file = field.current?.files?.[0];
    if (!file) return;
    const name = set_name(file.name);
    set_fault('');
    set_other(taken.includes(name) ? free_name(name, taken) : null);
    if (!taken.includes(name)) void take(name);
  };
  return (
    <section class="panel stack" aria-labelledby="upload-title">
      <h2 id="upload-title">From a file</h2>
      <label class="labelled">
        A JSON ink file, which becomes a set of its name
        <input ref={field} type="file" accept=".json,application/json" disabled={share !== null} onChange={chosen} />
      </label>
      {other !== null && (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            void take(other.trim());
          }}
        >
          <label class="labelled">
            There is a set of this name. Name for it:
            <input type="text" value={other} maxLength={60} autocomplete="off" autocapitalize="off" spellcheck={false} onInput={(event) => set_other(event.currentTarget.value)} />
          </label>
          <div class="row">
            <button class="primary" disabled={share !== null}>
              Take it
            </button>
          </div>
        </form>
      )}
      {share !== null && <progress value={share} max={1} aria-label="Upload" />}
      {fault && (
        <p class="error" role="alert">
          {fault}
        </p>
      )}
    </section>
  );
}
