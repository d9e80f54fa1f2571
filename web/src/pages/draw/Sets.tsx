// The sets of drawn symbols: those that are there, a new one, or one from a file.
import { useRef, useState } from 'preact/hooks';

import { has_token, kApi, post_json } from '../../api/client';
import { go } from '../../app/router';
import { thousands } from '../../shared/format';
import { use_json } from '../../shared/resource';
import { use_title } from '../../shared/title';
import { kLines, symbols_in } from './pen';
import { kUsualBoxes } from './Sheet';
import type { InkCard, InkList } from './types';
import { upload_ink } from './upload';

export function address_of(name: string, more: Record<string, string> = {}): string {
  return `/draw?${new URLSearchParams({ set: name, ...more })}`;
}

export function Sets() {
  const { value, error, reload } = use_json<InkList>('/ink');
  use_title('Draw');
  const may = has_token();
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
            <Card key={card.name} card={card} />
          ))}
        </ul>
      )}
      {value && may && (
        <div class="set-forms">
          <New taken={value.sets.map(({ name }) => name)} />
          <Upload on_fault={reload} />
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

function Card({ card }: { card: InkCard }) {
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
          <div class="row small">
            <a class="button" href={address_of(name)}>
              {card.own ? 'Draw on' : 'Look'}
            </a>
            <a class="button" href={`${kApi}/ink/${encodeURIComponent(name)}/file`} download={`${name}.json`}>
              Download
            </a>
          </div>
        </>
      )}
    </li>
  );
}

function free_name(taken: string[]): string {
  for (let i = 1; ; ++i) {
    const name = i === 1 ? 'my-hand' : `my-hand-${i}`;
    if (!taken.includes(name)) return name;
  }
}

function New({ taken }: { taken: string[] }) {
  const [name, set_name] = useState<string | null>(null);
  const [symbols, set_symbols] = useState('A B C');
  const [boxes, set_boxes] = useState(String(kUsualBoxes));
  const [writer, set_writer] = useState('');
  const [fault, set_fault] = useState('');
  const wanted = name ?? free_name(taken);
  const create = async (event: Event) => {
    event.preventDefault();
    try {
      await post_json('/ink', { action: 'create', name: wanted.trim(), classes: symbols_in(symbols), lines: kLines });
      go(address_of(wanted.trim(), { ...(Number(boxes) === kUsualBoxes ? {} : { n: boxes }), ...(writer.trim() ? { writer: writer.trim() } : {}) }));
    } catch (error) {
      set_fault((error as Error).message);
    }
  };
  return (
    <form class="panel stack" aria-label="New set" onSubmit={(event) => void create(event)}>
      <h2>New set</h2>
      <div class="form-grid">
        <label class="labelled">
          Name
          <input type="text" value={wanted} maxLength={60} autocomplete="off" spellcheck={false} onInput={(event) => set_name(event.currentTarget.value)} />
        </label>
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

function Upload({ on_fault }: { on_fault: () => void }) {
  const field = useRef<HTMLInputElement>(null);
  const [fault, set_fault] = useState('');
  const [share, set_share] = useState<number | null>(null);
  const take = async () => {
    const file = field.current?.files?.[0];
    if (!file) return;
    set_fault('');
    set_share(0);
    try {
      go(address_of(await upload_ink(file, set_share)));
    } catch (error) {
      set_fault((error as Error).message);
      on_fault();
    } finally {
      set_share(null);
    }
  };
  return (
    <section class="panel stack" aria-labelledby="upload-title">
      <h2 id="upload-title">From a file</h2>
      <label class="labelled">
        A JSON ink file, which becomes a set of its name
        <input ref={field} type="file" accept=".json,application/json" disabled={share !== null} onChange={() => void take()} />
      </label>
      {share !== null && <progress value={share} max={1} aria-label="Upload" />}
      {fault && (
        <p class="error" role="alert">
          {fault}
        </p>
      )}
    </section>
  );
}
