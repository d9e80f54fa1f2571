// A sheet of boxes a class: draw into the pad, keep, and on to the next empty box.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';

import { has_token, kApi } from '../../api/client';
import { use_keys } from '../../app/keys';
import { go, query, run_path, set_query } from '../../app/router';
import { control } from '../../shared/control';
import { PlayerBar, use_player } from '../../shared/player';
import { use_title } from '../../shared/title';
import { Boxes } from './Boxes';
import { Classes } from './Classes';
import { box_of, Paper, Strokes } from './Drawing';
import { Full } from './Full';
import { Pad } from './Pad';
import { drop_drafts, has_draft, pen_of, strokes_until, symbols_in, text_in, times_of } from './pen';
import { choices_of, remember } from './remembered';
import { SheetStore } from './sheet_store';
import type { InkStroke, InkSymbol } from './types';

export const kUsualBoxes = 20;
const kMostBoxes = 500;
/** What a small set wants: noisy copies, a minute or two, and few snapshots. */
const kTraining = { 'data.copies': 10, 'train.steps': 4000, 'snapshot.every': 40 };

/** As the address says, else as it was chosen here before. */
function boxes_wanted(set: string): number {
  const asked = [query.value.get('n'), choices_of(set).boxes].map((n) => Math.round(Number(n)));
  return asked.find((n) => n >= 1 && n <= kMostBoxes) ?? kUsualBoxes;
}

export function Sheet({ name }: { name: string }) {
  const store = useMemo(() => new SheetStore(name, symbols_in(query.value.get('symbols') ?? '')), [name]);
  const set = store.set.value;
  const [starting, set_starting] = useState(false);
  const [version, set_version] = useState(0);
  const [told, set_told] = useState('');
  const [again, set_again] = useState(''); // the kept box that is drawn anew
  const [more, set_more] = useState(''); // a full symbol of which another is wanted
  const has_kept = useRef(false); // so that Enter goes on where a symbol is full
  const train_button = useRef<HTMLButtonElement>(null);
  const boxes = boxes_wanted(name);
  const by_turns = query.value.get('order') === 'turns';
  const shows_seen = query.value.get('seen') === '1';
  use_title(`Draw ${name}`);

  const fault = store.fault.value;
  const refused = store.refused.value;
  useEffect(() => {
    void store.load();
    // Whoever leaves while the server has not answered yet, or with an unfinished drawing, is asked first.
    const stay = (event: BeforeUnloadEvent) => (store.waiting.value > 0 || store.refused.value.length > 0 || has_draft(name)) && event.preventDefault();
    addEventListener('beforeunload', stay);
    return () => removeEventListener('beforeunload', stay);
  }, [store]);

  const classes = set?.classes ?? [];
  const asked = query.value.get('class') ?? '';
  const label = classes.some((one) => one.name === asked) ? asked : (classes[0]?.name ?? '');
  const kept = store.symbols(label);
  const wanted = Number(query.value.get('box') ?? NaN);
  const place = wanted >= 0 && wanted < kept.length ? Math.floor(wanted) : kept.length;
  const shown: InkSymbol | undefined = kept[place];
  const may = has_token() && !!set?.own;
  const key = `${label} ${place}`;
  const is_kept = shown !== undefined && again !== key;
  const pen = pen_of(name, label, shown && !is_kept ? place : null);
  const is_full = !shown && may && kept.length >= boxes && more !== label && pen.is_empty;
  const draws = may && !is_kept && !is_full;
  const drawn = classes.reduce((sum, { count }) => sum + Math.min(count, boxes), 0);
  const all = classes.length * boxes;

  const changed = () => set_version((n) => n + 1);
  const clear = () => {
    if (!draws) return;
    pen.clear();
    changed();
  };
  const select = (to: string, box: number | null) => set_query({ class: to === classes[0]?.name ? null : to, box: box === null ? null : String(box) });
  // The symbol that is drawn after this one: the same, or by turns the next, as long as it has empty boxes. "": all are full.
  const next_label = (takes_turns: boolean): string => {
    const now = store.set.value?.classes ?? [];
    const at = now.findIndex((one) => one.name === label);
    if (!takes_turns && now[at] && now[at].count < boxes) return label;
    return [...now.slice(at + 1), ...now.slice(0, at + 1)].find(({ count }) => count < boxes)?.name ?? '';
  };
  const keep = () => {
    if (is_full) return go_on();
    if (pen.is_empty || !draws) return;
    const { strokes } = pen;
    const is_again = !!shown;
    clear();
    set_again('');
    set_more('');
    set_told(`${label} ${place + 1} is kept${place + 1 >= boxes && !by_turns ? `, ${label} is full` : ''}`);
    has_kept.current = true;
    const writer = query.value.get('writer') ?? choices_of(name).writer ?? '';
    void store.keep(label, place, strokes, writer).then((is_kept) => {
      if (is_kept) return;
      if (!pen.is_empty) return store.keep_refused({ label, strokes, writer }); // the next one is on the pad already
      pen.take(strokes); // refused: it is on its pad again
      if (is_again) set_again(key);
      select(label, is_again ? place : null);
      changed();
    });
    // A full symbol stays until the reader goes on, so that the next drawing is not one of another symbol unnoticed.
    select(by_turns ? next_label(true) || label : label, null);
  };
  const erase = () => {
    void store.erase(label, place);
    drop_drafts(name, label, true);
    set_told(`${label} ${place + 1} is gone`);
    select(label, null);
  };
  // What is on the pad stays there, not kept, until its symbol is chosen again.
  const turn_to = (to: string, box: number | null) => {
    pen.lift();
    has_kept.current = false;
    set_again('');
    if (to !== label) set_more('');
    select(to, box);
  };
  const to_pad = () => setTimeout(() => document.querySelector<SVGElement>('.draw .pad[role=application]')?.focus({ preventScroll: true }));
  const to_training = () => {
    train_button.current?.scrollIntoView({ block: 'center' });
    train_button.current?.focus();
  };
  const go_on = () => {
    const next = next_label(by_turns);
    if (next === '') return to_training();
    turn_to(next, null);
    to_pad();
  };
  const step_class = (by: number) => {
    const at = classes.findIndex((one) => one.name === label);
    const next = classes[(at + by + classes.length) % classes.length];
    if (next) turn_to(next.name, null);
  };
  const undo = () => {
    if (!draws) return;
    pen.undo();
    changed();
  };
  use_keys([
    { key: 'Enter', does: 'Keep what is drawn, and on to the next box', act: (event) => !event.repeat && keep() },
    { key: 'Ctrl+z', does: 'Take the last stroke back', act: undo },
    { key: 'Backspace', does: '', act: undo },
    { key: 'Escape', does: 'Clear the box', act: clear },
    { key: 'Delete', does: 'Erase the symbol that is shown', act: () => void (is_kept && may && erase()) },
    { key: '[', does: 'The symbol before', act: () => step_class(-1) },
    { key: ']', does: 'The next symbol', act: () => step_class(1) },
    { key: 'p', does: 'Play the drawing that is shown', act: () => player.toggle() },
    { key: 'Arrow keys', does: 'On the pad: move the pen; Space puts it down and lifts it', act: () => {} },
  ]);

  const played = is_kept ? shown.strokes : [];
  const times = useMemo(() => times_of(played), [shown, is_kept]);
  const duration = Math.max(0, ...times.map((t) => t.at(-1) ?? 0));
  const player = use_player(duration, times.map((t) => t.at(-1) ?? 0), shown);
  const visible: InkStroke[] = Number.isFinite(player.time) ? strokes_until(played, times, player.time) : played;

  const train = () => {
    set_starting(true);
    control({ action: 'start', recipe: 'ink-quick', set: { 'data.source': name, ...kTraining } }).then(
      (answer) => go(run_path(answer.run)),
      (error: Error) => ((store.fault.value = error.message), set_starting(false)),
    );
  };

  if (!set) return fault ? <Missing name={name} fault={fault} /> : <h1>Draw {name}</h1>;
  const next = is_full ? next_label(by_turns) : '';
  const amount = kept.length > boxes ? `${kept.length} drawn, ${boxes} wanted` : `${kept.length} of ${boxes}`;
  const rest = is_full
    ? ` is full (${amount}). ${next ? `Next: ${next}` : 'All are drawn'}`
    : shown
      ? `${place + 1} of ${kept.length}`
      : place < boxes
        ? `box ${place + 1} of ${boxes}`
        : `box ${place + 1} (${boxes} wanted)`;
  const text = text_in(classes.map((one) => one.name)) || 'TEXT';
  return (
    <div class="draw stack">
      <div class="row spread">
        <h1>Draw {name}</h1>
        <div class="row">
          {!store.is_new && (
            <a class="button" href={`${kApi}/ink/${encodeURIComponent(name)}/file`} download={`${name}.json`}>
              Download
            </a>
          )}
          <a class="button" href="/draw">
            All sets
          </a>
        </div>
      </div>
      {!may && <p class="warning">{has_token() ? 'This set lies in a folder that this server does not write to: it is shown only.' : kOnlyShown}</p>}
      {fault && (
        <p class="error row spread" role="alert">
          <span>{fault}</span>
          <button onClick={() => void store.load()}>Ask again</button>
        </p>
      )}
      {refused.length > 0 && (
        <p class="warning row spread" role="alert">
          <span>
            Not kept yet: {refused.map((one) => one.label).join(', ')}. {refused.length > 1 ? 'They are' : 'It is'} lost when the page is left.
          </span>
          <span class="row">
            <button onClick={() => store.try_again()}>Keep again</button>
            <button onClick={() => (store.refused.value = [])}>Give up</button>
          </span>
        </p>
      )}
      <div class="row progress-row">
        <span class="meter" aria-hidden="true">
          <span style={{ width: `${all ? (100 * drawn) / all : 0}%` }} />
        </span>
        <span class="small" role="status">
          {all > 0 && drawn === all ? (
            <button class="link" onClick={to_training}>
              All drawn: train on it
            </button>
          ) : (
            `${drawn} of ${all} boxes drawn`
          )}
          <span class="out-of-sight">{told}</span>
        </span>
      </div>
      <Classes store={store} set={set} label={label} boxes={boxes} may={may} on_pick={(to) => turn_to(to, null)} />
      {label === '' ? (
        <p class="quiet-text">This set has no symbols yet: add one above, such as A, or heart.</p>
      ) : (
        <div class="draw-parts">
          <section class="panel stack" aria-labelledby="pad-title">
            <div class="pad-head">
              {!is_full && (
                <span class={`big-symbol ${[...label].length > 2 ? 'is-word' : ''}`} aria-hidden="true">
                  {label}
                </span>
              )}
              <h2 id="pad-title">
                {is_full ? `${label}${rest}` : <span class="out-of-sight">{`${label}: `}</span>}
                {!is_full && <span class="rest">{rest}</span>}
              </h2>
            </div>
            {is_kept ? (
              <svg class="drawing pad is-kept" viewBox={box_of(shown.strokes, set.lines)} role="img" aria-label={`${label} ${place + 1}, as it was drawn`}>
                <Paper lines={set.lines} />
                <Strokes strokes={visible} width={Number(box_of(shown.strokes, set.lines).split(' ')[2]) * 0.028} />
              </svg>
            ) : is_full ? (
              <Full label={label} next={next} takes_focus={has_kept.current} on_next={go_on} on_more={() => (set_more(label), to_pad())} />
            ) : (
              <Pad pen={pen} version={version} lines={set.lines} label={`Draw ${label}: ${rest}`} disabled={!may} on_change={changed} on_keep={keep} />
            )}
            {is_kept ? (
              <>
                <PlayerBar player={player} />
                <div class="row">
                  <button onClick={() => set_again(key)} disabled={!may}>
                    Draw it again
                  </button>
                  <button onClick={erase} disabled={!may}>
                    Erase
                  </button>
                  <button onClick={() => turn_to(label, null)}>To the empty box</button>
                </div>
                {shown.fate !== 'kept' && <p class="warning small">{`The networks are not shown it: ${shown.fate}. Ten moves are all they see, of at most five strokes.`}</p>}
              </>
            ) : is_full ? null : (
              <div class="row">
                <button class="primary" onClick={keep} disabled={pen.is_empty || !may}>
                  Keep
                </button>
                <button onClick={undo} disabled={pen.is_empty}>
                  Undo
                </button>
                <button onClick={clear} disabled={pen.is_empty}>
                  Clear
                </button>
                {again === key && (
                  <button
                    onClick={() => {
                      clear();
                      set_again('');
                    }}
                  >
                    Leave it as it was
                  </button>
                )}
              </div>
            )}
            <p id="pad-help" class="quiet-text small">
              {is_full
                ? 'Enter goes on. Or choose a symbol or a box.'
                : 'Mouse, pen or finger. Enter keeps it, Ctrl+Z takes a stroke back. What is not kept waits on its pad while another symbol is shown. With keys alone: arrows move the pen, Space puts it down.'}
            </p>
          </section>
          <Boxes
            label={label} kept={kept} boxes={boxes} lines={set.lines} place={place} shows_seen={shows_seen} by_turns={by_turns} draft={pen_of(name, label).strokes}
            on_boxes={(n) => {
              set_query({ n });
              remember(name, { boxes: boxes_wanted(name) });
            }}
            on_pick={(box) => turn_to(label, box < kept.length ? box : null)}
          />
        </div>
      )}
      <section class="panel stack" aria-labelledby="train-title">
        <h2 id="train-title">Train on it</h2>
        <p class="small">A GAN learns the hand from a dozen or more drawings of each symbol, and then writes texts in it. The button does what the first of these commands does:</p>
        {set.command !== '' && (
          <pre class="commands">
            <code>{set.command}</code>
            {'\n'}
            <code>{`ganymede write RUN ${in_quotes(text)}${set.data === null ? '' : ` --data ${in_quotes(set.data)}`} -o text.svg`}</code>
          </pre>
        )}
        <div class="row">
          <button ref={train_button} class={all > 0 && drawn === all ? 'primary' : ''} onClick={train} disabled={!has_token() || starting || store.waiting.value > 0 || classes.length === 0 || classes.some(({ count }) => count === 0)}>
            Train a run
          </button>
          {classes.some(({ count }) => count === 0) && <span class="quiet-text small">Every symbol needs a drawing first.</span>}
        </div>
      </section>
    </div>
  );
}

/** As one word of a shell. */
const in_quotes = (path: string) => (/^[\w\-+=./:,@%]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);

const kOnlyShown = 'This page only shows: to draw, open it by the link with #token=… that ganymede serve prints (with --read-only it prints none).';

function Missing({ name, fault }: { name: string; fault: string }) {
  return (
    <div class="draw stack">
      <h1>Draw {name}</h1>
      <p class="error" role="alert">
        {fault}
      </p>
      <p>
        <a href="/draw">All sets</a>
      </p>
    </div>
  );
}
